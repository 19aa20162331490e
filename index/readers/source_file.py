"""News files opened as streams of UTF-8 bytes: compression, byte order marks, size limits."""

import codecs
import errno
import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from .bad_record import BadRecord, OnBad, RecordError
from .decoding import SAMPLE_BYTES, decode_mixed, detect_encoding

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["RECORD_LIMIT", "TOO_LONG", "NewsFile", "OnBytes", "ReadWatch", "SourceFile"]

RECORD_LIMIT: Final = 20_000_000
TOO_LONG: Final = f"longer than {RECORD_LIMIT // 1_000_000} MB, the limit for one record"
_CHUNK: Final = 1 << 18
# Text packs to a tenth; what packs a hundred times better than that was made to fill memory.
_EXPANSION_LIMIT: Final = 200
_EXPANSION_ALLOWED: Final = 100_000_000
_READ_ERRORS: Final = (OSError, EOFError, zlib.error, UnicodeDecodeError)

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


class SourceFile:
    """A file (or a .gz of it) as UTF-8 bytes without byte order mark, whatever its encoding.

    A context manager: entering opens the file.
    """

    def __init__(self, file: NewsFile, watch: ReadWatch) -> None:
        self.path = file.path
        self.begins = watch.begins
        self._news_file = file
        self._watch = watch
        self._reported = 0
        self._expanded: gzip.GzipFile | None = None
        self.notice = ""
        """What a person should hear of the file's encoding, once it is open."""

    def __enter__(self) -> Self:
        try:
            self._file = self._news_file.open()
        except OSError as error:
            raise RecordError(_reason(error)) from error
        try:
            self._stream = self._open_stream()
        except RecordError:
            self._close()
            raise
        except _READ_ERRORS as error:
            self._close()
            raise RecordError(_reason(error)) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def read_whole(self) -> bytes:
        """All of the file.

        Raises:
            RecordError: it is longer than RECORD_LIMIT, or broken.
        """
        try:
            data = self._stream.read(RECORD_LIMIT + 1)
            self._check_expansion()
        except _READ_ERRORS as error:
            raise RecordError(_reason(error)) from error
        if len(data) > RECORD_LIMIT:
            raise RecordError(TOO_LONG)
        return data

    def chunks(self) -> Iterator[bytes]:
        """The file in pieces.

        Raises:
            RecordError: the rest of the file is broken.
        """
        while True:
            try:
                chunk = self._stream.read(_CHUNK)
                self._check_expansion()
            except _READ_ERRORS as error:
                raise RecordError(_reason(error)) from error
            if not chunk:
                return
            yield chunk
            self._report(self._file.tell())

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
            except _READ_ERRORS as error:
                on_bad(BadRecord(str(self.path), number, _reason(error)))
                return
            if too_long:
                on_bad(BadRecord(str(self.path), number, TOO_LONG))
                continue
            if not line:
                return
            yield number, line
            self._report(self._file.tell())

    def _skip_rest_of_line(self, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = self._stream.readline(_CHUNK)
            self._check_expansion()
            self._watch.read(0)

    def _check_expansion(self) -> None:
        if self._expanded is not None and self._expanded.tell() > max(
            _EXPANSION_ALLOWED, _EXPANSION_LIMIT * self._file.tell()
        ):
            raise OSError(f"more than {_EXPANSION_LIMIT} times as long as its gzip data")

    def _open_stream(self) -> io.BufferedIOBase:
        stream: io.BufferedIOBase = self._file
        if self.path.suffix.lower() == ".gz":
            stream = self._expanded = gzip.GzipFile(fileobj=self._file)
        sample = stream.read(SAMPLE_BYTES)
        found = detect_encoding(sample, whole=len(sample) < SAMPLE_BYTES)
        self.notice = found.notice
        stream.seek(found.mark)
        line_ends = b"\r" in sample and b"\n" not in sample
        if found.codec == "utf-8" and not found.notice and not line_ends:
            return stream
        return io.BufferedReader(_Utf8From(stream, found.codec, line_ends=line_ends))

    def _close(self) -> None:
        self._report(os.fstat(self._file.fileno()).st_size)
        self._file.close()

    def _report(self, position: int) -> None:
        self._watch.read(max(0, position - self._reported))
        self._reported = max(position, self._reported)


class _Utf8From(io.RawIOBase):
    """The UTF-8 bytes of a stream in another encoding, converted piece by piece.

    Of UTF-8 with broken bytes each line is read by itself. `line_ends`: they are those of the first
    Macintoshes, "\\r", and become "\\n".
    """

    def __init__(self, stream: io.BufferedIOBase, encoding: str, *, line_ends: bool) -> None:
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


def _reason(error: BaseException) -> str:
    """Why a file cannot be read, in a few words."""
    if isinstance(error, UnicodeDecodeError):
        return "not valid UTF-16 text"
    if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error):
        return f"broken gzip data ({error})"
    if isinstance(error, OSError) and error.errno in (errno.ELOOP, errno.ENOTDIR):
        return "a link has taken its place"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return str(error)
