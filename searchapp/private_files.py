"""Files with private content: keys and logs are for their owner, and at most for a group."""

import os
import stat
from pathlib import Path
from typing import Final, TextIO

__all__ = ["append_private", "keep_private"]

_OWNER: Final = 0o600
_OWNER_AND_GROUP: Final = 0o640


def keep_private(path: Path, *, create: bool) -> None:
    """Take from a file the rights that this program would not give it.

    A file of an earlier version, or one that somebody else made, keeps no more than 0640. What
    belongs to another user stays as it is, as this program could not have made it.

    Args:
        create: make it where it is missing, with its folder, for its owner only.

    Raises:
        OSError: it cannot be made.
    """
    if create and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(_OWNER)
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    mode = stat.S_IMODE(status.st_mode)
    is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
    if is_ours and mode & ~_OWNER_AND_GROUP:
        path.chmod(mode & _OWNER_AND_GROUP)


def append_private(path: Path) -> TextIO:
    """A log file, opened for another line; made for its owner and group where it is missing.

    Raises:
        OSError: it cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A FIFO that nobody reads is an error at once, so that not even the program's end waits.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
    descriptor = os.open(path, flags, _OWNER_AND_GROUP)
    keep_private(path, create=False)
    # Half a surrogate pair in an address is no reason to log nothing.
    return os.fdopen(descriptor, "a", encoding="utf-8", errors="replace")
