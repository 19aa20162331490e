"""News files opened as streams of UTF-8 bytes: compression, byte order marks, size limits."""

import bz2
import codecs
import errno
import gzip
import io
import logging
import lzma
import os
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from types import TracebackType
from typing import IO, TYPE_CHECKING, Final, Self, cast
from urllib.parse import unquote

from .bad_record import BadRecord, OnBad, RecordError
from .decoding import BROKEN_BYTES, SAMPLE_BYTES, decode_mixed, detect_encoding
from .news_file import InnerWatch, MemberFile, NewsFile, ReadWatch, compression

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdError, ZstdFile
else:
    from backports.zstd import ZstdError, ZstdFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = [
    "READ_ERRORS",
    "RECORD_LIMIT",
    "TOO_LONG",
    "SourceFile",
    "expands_too_much",
    "read_reason",
]

RECORD_LIMIT: Final = 20_000_000
TOO_LONG: Final = f"longer than {RECORD_LIMIT // 1_000_000} MB, the limit for one record"
_log = logging.getLogger(__name__)
_CHUNK: Final = 1 << 18
# Text packs to a tenth; what packs a hundred times better than that was made to fill memory.
_EXPANSION_LIMIT: Final = 200
_EXPANSION_ALLOWED: Final = 100_000_000
_BROKEN: Final = (
    *(gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError, ZstdError),
    *(zipfile.BadZipFile, tarfile.TarError),
)
#: What reading the bytes of a file may raise.
READ_ERRORS: Final = (OSError, UnicodeDecodeError, *_BROKEN)
#: How the names of compressed files end → what opens them.
_COMPRESSIONS: Final[dict[str, Callable[[IO[bytes]], object]]] = {
    ".gz": lambda file: gzip.GzipFile(fileobj=file),
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
    ".zst": ZstdFile,
}


def expands_too_much(unpacked: int, packed: int) -> bool:
    """Whether so few bytes that become so many were made to fill memory."""
    return unpacked > max(_EXPANSION_ALLOWED, _EXPANSION_LIMIT * packed)


class SourceFile:
    """A file, unpacked, as UTF-8 bytes without byte order mark, whatever its encoding.

    A binary one is given as it is. A context manager: entering opens the file.
    """

    def __init__(self, file: NewsFile, watch: ReadWatch, *, binary: bool = False) -> None:
        self.path = file.path
        self.begins = watch.begins
        self.watch = watch
        self._binary = binary
        self._news_file = file
        self._reported = 0
        self._kind = "packed"
        self._expanded: IO[bytes] | None = None
        self.notice = ""
        """What a person should hear of the file's encoding, once it is open."""

    def __enter__(self) -> Self:
        file = self._news_file
        try:
            self._file: IO[bytes] = file.stream if isinstance(file, MemberFile) else file.open()
        except OSError as error:
            raise RecordError(read_reason(error, self._kind)) from error
        try:
            self._stream = self._open_stream()
        except RecordError:
            self._close()
            raise
        except READ_ERRORS as error:
            self._close()
            raise RecordError(read_reason(error, self._kind)) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    @property
    def is_member(self) -> bool:
        """Whether it is inside another file."""
        return isinstance(self._news_file, MemberFile)

    def beside(self, name: str) -> "SourceFile":
        """Another file by its name from this one's folder, which has to be in it or below it.

        Raises:
            RecordError: it is somewhere else, or this one is in an archive.
        """
        file, parts = self._news_file, PurePosixPath(unquote(name)).parts
        if not parts or ".." in parts or parts[0] == "/" or isinstance(file, MemberFile):
            raise RecordError(f"{name[:200]} is not below its folder")
        below = [part for part in parts if part != "."]
        root = file.path.parent if file.root is None else file.root
        inner = NewsFile(file.path.parent.joinpath(*below), "", root, (*file.parts[:-1], *below))
        return SourceFile(inner, InnerWatch(self.watch))

    def stream(self) -> io.BufferedReader:
        """The file from its beginning on, for readers that go to and fro in it.

        Whoever reads it hears READ_ERRORS.
        """
        self._stream.seek(0)
        packed = self._expanded is not None
        return io.BufferedReader(_Checked(self._stream, self._advanced, packed=packed), _CHUNK)

    def read_whole(self, limit: int = RECORD_LIMIT) -> bytes:
        """All of the file.

        Raises:
            RecordError: it is longer than the limit, or broken.
        """
        try:
            data = self._stream.read(limit + 1)
            self._check_expansion()
        except READ_ERRORS as error:
            raise RecordError(read_reason(error, self._kind)) from error
        if len(data) > limit:
            raise RecordError(f"longer than {limit // 1_000_000} MB, the limit for one record")
        return data

    def read_text(self) -> tuple[str, str]:
        """All of the file as text, and what a person should hear of bytes that are none.

        Raises:
            RecordError: as for `read_whole`.
        """
        data = self.read_whole()
        try:
            return data.decode(), ""
        except UnicodeDecodeError:  # behind what was looked at when it was opened
            lines = map(_utf8_line, data.splitlines(keepends=True))
            return b"".join(lines).decode(), BROKEN_BYTES

    def chunks(self) -> Iterator[bytes]:
        """The file in pieces.

        Raises:
            RecordError: the rest of the file is broken.
        """
        while True:
            try:
                chunk = self._stream.read(_CHUNK)
                self._check_expansion()
                position = self._file.tell()
            except READ_ERRORS as error:
                raise RecordError(read_reason(error, self._kind)) from error
            if not chunk:
                return
            yield chunk
            self._report(position)

    def lines(self, on_bad: OnBad) -> Iterator[tuple[int, bytes]]:
        """Each line with its 1-based number, line end included.

        A line above RECORD_LIMIT is reported and passed over without being held in memory; a
        broken file is reported at the line where it breaks, and ends there.
        """
        number = 0
        while True:
            number += 1
            try:
                line = self._stream.readline(RECORD_LIMIT + 1)
                too_long = len(line) > RECORD_LIMIT
                if too_long:
                    self._skip_rest_of_line(line)
                self._check_expansion()
                position = self._file.tell()
            except READ_ERRORS as error:
                on_bad(BadRecord(str(self.path), number, read_reason(error, self._kind)))
                return
            if too_long:
                on_bad(BadRecord(str(self.path), number, TOO_LONG))
                continue
            if not line:
                return
            yield number, line
            self._report(position)

    def _skip_rest_of_line(self, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = self._stream.readline(_CHUNK)
            self._check_expansion()
            self.watch.read(0)

    def _check_expansion(self) -> None:
        if self._expanded is None:
            return
        file = self._news_file
        packed = file.packed if isinstance(file, MemberFile) else self._file.tell()
        if expands_too_much(self._expanded.tell(), packed):
            raise OSError(f"more than {_EXPANSION_LIMIT} times as long as its {self._kind} data")

    def _advanced(self) -> None:
        self._check_expansion()
        self._report(self._file.tell())

    def _open_stream(self) -> IO[bytes]:
        stream = self._file
        suffix = compression(self.path.name)
        if isinstance(self._news_file, MemberFile):
            self._expanded = stream
            suffix = "" if self._news_file.unpacked else suffix
        if opener := _COMPRESSIONS.get(suffix):
            self._kind = suffix.removeprefix(".").replace("gz", "gzip")
            stream = self._expanded = cast(IO[bytes], opener(self._file))
        if self._binary:
            return stream
        sample = stream.read(SAMPLE_BYTES)
        file = self._news_file
        declared = file.charset if isinstance(file, MemberFile) else ""
        found = detect_encoding(sample, whole=len(sample) < SAMPLE_BYTES, declared=declared)
        self.notice = found.notice
        stream.seek(found.mark)
        line_ends = b"\r" in sample and b"\n" not in sample
        if found.codec == "utf-8" and not found.notice and not line_ends:
            return stream
        return io.BufferedReader(_Utf8From(stream, found.codec, line_ends=line_ends))

    def _close(self) -> None:
        try:
            if not isinstance(self._news_file, MemberFile):
                self._report(os.fstat(self._file.fileno()).st_size)
            self._file.close()
        except OSError as error:
            # It is read: an error now costs nothing of it.
            _log.warning("%s was not closed well: %s", self.path, error)

    def _report(self, position: int) -> None:
        self.watch.read(max(0, position - self._reported))
        self._reported = max(position, self._reported)


class _Utf8From(io.RawIOBase):
    """The UTF-8 bytes of a stream in another encoding, converted piece by piece.

    Of UTF-8 with broken bytes each line is read by itself. `line_ends`: they are those of the first
    Macintoshes, "\\r", and become "\\n".
    """

    def __init__(self, stream: IO[bytes], encoding: str, *, line_ends: bool) -> None:
        self._stream = stream
        self._by_line = encoding == "utf-8"
        self._line_ends = line_ends
        errors = "strict" if encoding.startswith("utf-16") else "replace"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        while not self._pending:
            if self._by_line:
                chunk = self._stream.readline(RECORD_LIMIT)
                self._pending = _utf8_line(chunk)
            else:
                chunk = self._stream.read(_CHUNK)
                self._pending = self._decoder.decode(chunk, final=not chunk).encode()
            if self._line_ends:
                self._pending = self._pending.replace(b"\r", b"\n")
            if not chunk:
                break
        target = memoryview(buffer)
        count = min(len(target), len(self._pending))
        target[:count] = self._pending[:count]
        self._pending = self._pending[count:]
        return count


def _utf8_line(line: bytes) -> bytes:
    try:
        line.decode()
    except UnicodeDecodeError:
        return (decode_mixed(line) or line.decode("utf-8", "replace")).encode()
    return line


class _Checked(io.RawIOBase):
    """A stream that says after each piece that it went on, also where pieces are passed over."""

    def __init__(self, stream: IO[bytes], advanced: Callable[[], None], *, packed: bool) -> None:
        self._stream = stream
        self._advanced = advanced
        self._packed = packed

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        if not self._packed:
            return self._stream.seek(offset, whence)
        # What is packed has to be read up to there.
        if whence == os.SEEK_END:
            while self._stream.read(_CHUNK):
                self._advanced()
        target = offset if whence == os.SEEK_SET else self._stream.tell() + offset
        while target - self._stream.tell() > _CHUNK and self._stream.read(_CHUNK):
            self._advanced()
        return self._stream.seek(target)

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        target = memoryview(buffer)
        try:
            data = self._stream.read(len(target))
        except EOFError as error:
            # Readers of archives take an EOFError for the end, which this is not.
            raise OSError(str(error)) from error
        target[: len(data)] = data
        self._advanced()
        return len(data)


def read_reason(error: BaseException, kind: str) -> str:
    """Why a file cannot be read, in a few words; `kind` names how it is packed."""
    if isinstance(error, UnicodeDecodeError):
        return "not valid UTF-16 text"
    if isinstance(error, _BROKEN):
        return f"broken {kind} data ({error})"
    if isinstance(error, OSError) and error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "a link has taken its place"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return str(error)
