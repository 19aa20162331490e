"""Zip and tar archives: their files one after the other, without writing any to disk."""

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from .bad_record import RecordError
from .decoding import SAMPLE_BYTES
from .source_file import READ_ERRORS, SourceFile, read_reason

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Archive", "ArchiveMember"]

#: So much of a member can be read again. Twice the sample, as it may be compressed itself.
_KEPT: Final = 2 * SAMPLE_BYTES
#: In the table of a zip archive: the name is UTF-8; the content is encrypted.
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1


class ArchiveMember(NamedTuple):
    """A regular file in an archive; `packed` are its bytes there."""

    name: PurePosixPath
    packed: int
    info: zipfile.ZipInfo | tarfile.TarInfo


class Archive(AbstractContextManager["Archive"]):
    """An archive; `broken` says why its list of files ends early.

    `unpacked` bytes of its members have been read.

    Raises:
        RecordError: it cannot be read at all.
    """

    def __init__(self, source: SourceFile, *, is_zip: bool) -> None:
        self.members: list[ArchiveMember] = []
        self.broken = ""
        self.unpacked = 0
        self._kind = "zip" if is_zip else "tar"
        try:
            self._stream = source.stream()
            self._archive: zipfile.ZipFile | tarfile.TarFile
            if is_zip:
                self._archive = zipfile.ZipFile(self._stream)
            else:
                self._archive = tarfile.open(fileobj=self._stream, mode="r:")  # noqa: SIM115
        except (*READ_ERRORS, ValueError) as error:
            raise RecordError(read_reason(error, self._kind)) from error
        try:
            self.members.extend(self._listed())
        except READ_ERRORS as error:
            self.broken = read_reason(error, self._kind)

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def open(self, member: ArchiveMember) -> tuple[IO[bytes], bytes]:
        """The member as a stream, and how it begins. It can be read forward only.

        Raises:
            RecordError: it is encrypted or broken.
        """
        try:
            stream: IO[bytes] | None = None
            archive, info = self._archive, member.info
            if isinstance(archive, zipfile.ZipFile) and isinstance(info, zipfile.ZipInfo):
                if info.flag_bits & _ENCRYPTED:
                    raise RecordError("encrypted: unpack the archive first")
                stream = archive.open(info)
            elif isinstance(archive, tarfile.TarFile) and isinstance(info, tarfile.TarInfo):
                stream = archive.extractfile(info)
            if stream is None:
                raise RecordError("no regular file")
            raw = _Forward(stream, self._advanced)
        except NotImplementedError as error:
            raise RecordError(f"packed in a way that is not read: {error}") from error
        except READ_ERRORS as error:
            raise RecordError(read_reason(error, self._kind)) from error
        return io.BufferedReader(raw), raw.start

    def _advanced(self, count: int) -> None:
        self.unpacked += count

    def _listed(self) -> Iterator[ArchiveMember]:
        if isinstance(self._archive, zipfile.ZipFile):
            for info in self._archive.infolist():
                mode = info.external_attr >> 16
                if not info.is_dir() and (not stat.S_IFMT(mode) or stat.S_ISREG(mode)):
                    yield ArchiveMember(_inside(_zip_name(info)), info.compress_size, info)
        else:
            for entry in self._archive:
                if entry.isreg() and not entry.issparse():
                    yield ArchiveMember(_inside(entry.name), entry.size, entry)
            # What is no header ends the list without a word.
            self._stream.seek(self._archive.offset)
            if self._stream.read(tarfile.BLOCKSIZE).strip(b"\0"):
                raise tarfile.ReadError("the list of its files is broken off")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The member's name; programs that write UTF-8 do not always say so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _inside(name: str) -> PurePosixPath:
    """A name that leads nowhere out of the archive, whatever its own says."""
    parts = name.replace("\\", "/").split("/")
    return PurePosixPath(*(part for part in parts if part not in ("", ".", "..")))


class _Forward(io.RawIOBase):
    """A stream that is read forward, of which only the start can be read again.

    Going back in a compressed archive would unpack all of it once more.
    """

    def __init__(self, stream: IO[bytes], advanced: Callable[[int], None]) -> None:
        self._stream = stream
        self._advanced = advanced
        self._at = 0
        self.start = stream.read(_KEPT)
        self._read = len(self.start)
        advanced(self._read)

    def close(self) -> None:
        self._stream.close()
        super().close()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        target = offset if whence == os.SEEK_SET else self._at + offset
        if whence == os.SEEK_END or (target != self._at and self._read > len(self.start)):
            raise OSError("inside an archive a file is read forward only")
        self._at = min(target, len(self.start))
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        data = self.start[self._at : self._at + len(view)]
        if not data:
            data = self._stream.read(len(view))
            self._advanced(len(data))
        view[: len(data)] = data
        self._at += len(data)
        self._read = max(self._read, self._at)
        return len(data)
