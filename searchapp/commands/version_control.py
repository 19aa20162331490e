"""Who works on a checkout, and at which commit."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Checkout", "checkout_of"]


@dataclass(frozen=True, slots=True)
class Checkout:
    """The author that git would name and the short commit; "" for what git does not know."""

    author: str = ""
    commit: str = ""


def checkout_of(folder: Path) -> Checkout:
    """What git says of the checkout that a folder belongs to; nothing where there is no git."""
    git = shutil.which("git")
    if git is None:
        return Checkout()
    return Checkout(
        author=_answer(git, folder, "config", "user.name"),
        commit=_answer(git, folder, "rev-parse", "--short", "--verify", "HEAD"),
    )


def _answer(git: str, folder: Path, *arguments: str) -> str:
    asked = subprocess.run(  # noqa: S603  # a fixed program, without a shell
        [git, "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return asked.stdout.strip() if asked.returncode == 0 else ""
