"""The Java runtimes of this machine, and the OpenSearch release that each can run."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: The oldest Java of each release, the newest release first.
_RELEASES: Final = ((21, "3.4.0"), (11, "2.19.4"))
_RUNTIMES: Final = Path("/usr/lib/jvm")


@dataclass(frozen=True, slots=True)
class Java:
    """A Java runtime: its folder and its major version."""

    home: Path
    version: int

    @property
    def release(self) -> str:
        """The newest release of OpenSearch that it runs."""
        return next(release for least, release in _RELEASES if self.version >= least)


def newest_java() -> Java:
    """The newest runtime; RuntimeError where there is none that OpenSearch takes."""
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    if found := shutil.which("java"):
        homes.append(Path(found).resolve().parent.parent)
    if _RUNTIMES.is_dir():
        homes += [home for home in sorted(_RUNTIMES.iterdir()) if home.is_dir()]
    runtimes = [Java(home, version) for home in homes if (version := _version(home))]
    usable = [java for java in runtimes if java.version >= _RELEASES[-1][0]]
    if not usable:
        raise RuntimeError("no Java 11 or newer: run scripts/install_java.sh")
    return max(usable, key=lambda java: java.version)


def _version(home: Path) -> int | None:
    java = home / "bin" / "java"
    if not java.is_file():
        return None
    result = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603 -- a runtime of this machine
    match = re.search(r'version "(\d+)', result.stderr)
    return int(match[1]) if match else None
