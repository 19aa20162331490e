"""Other people's programs that measure runs: trec_eval itself, brought by Maven."""

import shutil
import zipfile
from pathlib import Path
from typing import Final

from maven import bring

__all__ = ["trec_eval_program"]

_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_DOWNLOADS: Final = _REPOSITORY / "var" / "trec_eval"
#: A Java wrapper whose archive holds the program, compiled from its C source.
_ARTIFACT: Final = "uk.ac.gla.dcs.terrierteam:jtreceval:0.0.5"
_MEMBER: Final = "trec_eval-linux-amd64"


def trec_eval_program() -> Path | None:
    """trec_eval 9.0.4 on the path or from its archive; None where there is neither it nor Maven."""
    if found := shutil.which("trec_eval"):
        return Path(found)
    program = _DOWNLOADS / _MEMBER
    if program.is_file():
        return program
    if shutil.which("mvn") is None:
        return None
    bring(f"{_ARTIFACT}:jar", _DOWNLOADS)
    with zipfile.ZipFile(next(_DOWNLOADS.glob("jtreceval-*.jar"))) as archive:
        archive.extract(_MEMBER, _DOWNLOADS)
    program.chmod(0o755)
    return program
