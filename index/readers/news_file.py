"""Files of news: where they are opened, and who hears how reading goes on."""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import IO, Final

__all__ = [
    "InnerWatch",
    "MemberFile",
    "NewsFile",
    "OnBytes",
    "ReadWatch",
    "compression",
    "unpacked_suffix",
]

OnBytes = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class NewsFile:
    """A file to read: the path that reports name, and where it is opened.

    Below `root` no link is followed on the way down `parts`; without a root, and without parts,
    the path is opened as it is.
    """

    path: Path
    kind: str
    """The suffix of the reader that takes it, which need not be its own."""
    root: Path | None = None
    parts: tuple[str, ...] = ()

    def open(self) -> io.BufferedReader:
        """The open file.

        Raises:
            OSError: it cannot be opened, is no regular file, or is behind a link.
        """
        if self.root is None:
            return _regular(os.open(self.path, _OPEN_FILE))
        folder = os.open(self.root, _OPEN_FOLDER)
        try:
            for part in self.parts[:-1]:
                inner = os.open(part, _OPEN_FOLDER | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            return _regular(os.open(self.parts[-1], _OPEN_FILE | os.O_NOFOLLOW, dir_fd=folder))
        finally:
            os.close(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFile(NewsFile):
    """A file inside another; its path is that of an archive and its name there."""

    stream: IO[bytes]
    packed: int
    """Its bytes in the archive."""
    charset: str = ""
    """What stands beside it about its encoding."""
    unpacked: bool = False
    """Its path is that of the file around it, which may be compressed while this is not."""


def compression(name: str) -> str:
    """The suffix that tells how a file is compressed; "" where it is not.

    >>> compression("Tin.JSON.zst"), compression("2026.tgz"), compression("tin.json")
    ('.zst', '.gz', '')
    """
    suffix = os.path.splitext(name.lower())[1]
    suffix = _TAR_SUFFIXES.get(suffix, suffix)
    return suffix if suffix in _TAR_SUFFIXES.values() else ""


def unpacked_suffix(name: str) -> str:
    """How the name ends, in lower case, before the suffix of its compression.

    >>> unpacked_suffix("Tin.JSON.zst"), unpacked_suffix("2026.tgz"), unpacked_suffix("tin")
    ('.json', '.tar', '')
    """
    stem, suffix = os.path.splitext(name.lower())
    if suffix in _TAR_SUFFIXES:
        return ".tar"
    return os.path.splitext(stem)[1] if compression(name) else suffix


#: Short names of compressed tar files → how they are compressed.
_TAR_SUFFIXES: Final = {
    ".tgz": ".gz",
    ".tbz2": ".bz2",
    ".tbz": ".bz2",
    ".txz": ".xz",
    ".tzst": ".zst",
}
_OPEN_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# Not blocking: what has become a FIFO since the folder was listed would wait for its writer.
_OPEN_FILE: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def _regular(descriptor: int) -> io.BufferedReader:
    if not S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("not a regular file")
    return os.fdopen(descriptor, "rb")


class ReadWatch:
    """Hears how reading goes on; this one lets everything pass."""

    is_left_out = False
    """Whether the record that was passed over last must not be parsed at all."""

    def __init__(self, on_bytes: OnBytes | None = None) -> None:
        self._on_bytes = on_bytes

    def read(self, count: int) -> None:
        """So many more bytes of the file, as it lies on disk, are read; 0: it still goes on."""
        if count and self._on_bytes is not None:
            self._on_bytes(count)

    def begins(self, line: int | None) -> bool:
        """A record begins on this line (None: the file is one); False if it is passed over.

        Every reader asks before it parses a record, and never for what it only looks for.
        """
        return True

    def enters(self, path: Path) -> None:
        """What comes now is this member of the file, which is an archive."""


class InnerWatch(ReadWatch):
    """Hears of a file inside another, or read with another, whose bytes are counted elsewhere."""

    def __init__(self, outer: ReadWatch) -> None:
        super().__init__()
        self._outer = outer

    def read(self, count: int) -> None:
        self._outer.read(0)

    def begins(self, line: int | None) -> bool:
        begun = self._outer.begins(line)
        self.is_left_out = self._outer.is_left_out
        return begun
