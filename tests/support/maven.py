"""Other people's programs, brought by Maven from its own registry."""

import subprocess
from pathlib import Path

__all__ = ["bring"]


def bring(artifact: str, folder: Path) -> None:
    """Put `group:name:version:kind` into a folder; raises CalledProcessError where it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(  # noqa: S603 -- a fixed command
        [  # noqa: S607 -- Maven is where the machine has it
            "mvn",
            "--quiet",
            "--batch-mode",
            "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
            f"-Dartifact={artifact}",
            f"-DoutputDirectory={folder}",
        ],
        check=True,
        cwd=folder,
    )
