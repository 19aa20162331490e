"""One file of named little-endian arrays with checksums, read through a memory map.

Layout: magic, header length (u64), CRC-32 of the header (u32), header (JSON), then the arrays,
each on a 64-byte boundary. Nothing in it is executable.
"""

import errno
import json
import math
import mmap
import os
import stat
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from ..errors import IndexCorrupt, StorageError

Array = npt.NDArray[Any]

MAGIC = b"TIMBAO\x01\n"
_PREFIX = struct.Struct("<8sQI")
_ALIGNMENT = 64
_ALLOWED_DTYPES = frozenset({"|u1", "<u2", "<u4", "<u8", "<i8", "<f4"})
_MAX_HEADER_BYTES = 1 << 20
#: Before so many bytes are read, the size of the file is looked at anew.
_BYTES_A_LOOK = 1 << 20
#: How opening fails where a link, a FIFO, a socket or a device has the name.
_NO_REGULAR_FILE = frozenset({errno.EINVAL, errno.ELOOP, errno.ENXIO})
#: What reading JSON of another shape, type, size or depth than expected may raise.
_MALFORMED = (struct.error, ValueError, LookupError, TypeError, AttributeError, RecursionError)


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


def _raw(array: Array) -> memoryview:
    """The bytes of a contiguous array, without a copy."""
    return memoryview(array.reshape(-1).view(np.uint8))  # type: ignore[arg-type]  # a Buffer from Python 3.12 on


def write_arrays(stream: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """Write the arrays to a binary stream positioned at its start."""
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    entries: dict[str, list[object]] = {}
    offset = 0
    for name, array in contiguous.items():
        checksum = zlib.crc32(_raw(array))
        entries[name] = [array.dtype.str, list(array.shape), offset, checksum]
        offset = _aligned(offset + array.nbytes)
    header = json.dumps({"arrays": entries, "size": offset}).encode()
    stream.write(_PREFIX.pack(MAGIC, len(header), zlib.crc32(header)))
    stream.write(header)
    start = _PREFIX.size + len(header)
    stream.write(b"\0" * (_aligned(start) - start))
    for array in contiguous.values():
        stream.write(_raw(array))
        stream.write(b"\0" * (_aligned(array.nbytes) - array.nbytes))


@dataclass(frozen=True, slots=True)
class ArrayFile:
    """The arrays of one opened file; views into the map, valid as long as any of them lives."""

    path: str
    arrays: Mapping[str, Array]
    checksums: Mapping[str, int]
    mapped: mmap.mmap | None = None
    """The map that the arrays are views of; None where they are in memory."""

    @property
    def has_shrunk(self) -> bool:
        """Whether the file has become shorter than what is mapped of it; half a microsecond.

        To read a page of a map beyond the end of its file ends the process (SIGBUS), so this is
        asked before reading begins. A file cut off while somebody reads still ends the process;
        so nothing here ever shortens or rewrites one, and its mode forbids it to others.
        """
        try:
            return self.mapped is not None and self.mapped.size() < len(self.mapped)
        except OSError as error:
            path = Path(self.path)
            raise StorageError(path.parent, f"{path.name}: {error.strerror}") from error

    def check_size(self) -> None:
        """Raise IndexCorrupt where the file has shrunk."""
        if self.has_shrunk:
            raise IndexCorrupt(self.path, "it has become shorter while it was in use")

    def verify(self, names: Iterable[str] | None = None) -> None:
        """Compare these arrays, or all, with their checksums; raises IndexCorrupt."""
        unseen = _BYTES_A_LOOK
        for name in self.arrays if names is None else names:
            raw = _raw(self.arrays[name])
            unseen += raw.nbytes
            if unseen > _BYTES_A_LOOK:
                self.check_size()
                unseen = raw.nbytes
            if zlib.crc32(raw) != self.checksums[name]:
                raise IndexCorrupt(self.path, f"the array {name!r} does not match its checksum")
            self.release()

    def release(self) -> None:
        """Give back the memory of the pages read so far; the arrays stay readable.

        Without it, reading everything once makes the whole file resident.
        """
        if self.mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
            self.mapped.madvise(mmap.MADV_DONTNEED)


def open_regular(path: Path) -> BinaryIO:
    """A file for reading; raises OSError where it is a link, a FIFO or no file."""
    # Without O_NONBLOCK, opening a FIFO would wait for another process.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return os.fdopen(descriptor, "rb")


def open_arrays(path: Path) -> ArrayFile:
    """Map the file and check its frame (magic, header checksum, types, shapes, places).

    Raises:
        IndexCorrupt: it is damaged.
        OSError: the system does not let it be read: nothing is known of it.
    """
    try:
        with open_regular(path) as stream:
            # Asked for a length of 0, mmap would report an error of fstat as another one.
            size = os.fstat(stream.fileno()).st_size
            data = mmap.mmap(stream.fileno(), size, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_REGULAR_FILE:
            raise
        raise IndexCorrupt(str(path), f"it cannot be mapped: {error}") from error
    return read_arrays(str(path), data)


def read_arrays(name: str, data: mmap.mmap | bytes) -> ArrayFile:
    """The arrays of a file that is in memory or mapped; raises IndexCorrupt."""
    try:
        return _parse(name, data)
    except _MALFORMED as error:
        raise IndexCorrupt(name, f"its header cannot be read: {error}") from error


def _parse(path: str, data: mmap.mmap | bytes) -> ArrayFile:
    magic, header_length, header_crc = _PREFIX.unpack_from(data)
    if magic != MAGIC:
        raise IndexCorrupt(path, "it is not a Tìm Báo segment of this format")
    if header_length > _MAX_HEADER_BYTES:
        raise IndexCorrupt(path, "its header is too long")
    header = data[_PREFIX.size : _PREFIX.size + header_length]
    if zlib.crc32(header) != header_crc:
        raise IndexCorrupt(path, "its header does not match its checksum")
    parsed = json.loads(header)
    base = _aligned(_PREFIX.size + header_length)
    if len(data) != base + parsed["size"]:
        raise IndexCorrupt(path, f"it has {len(data)} bytes, not {base + parsed['size']}")
    arrays: dict[str, Array] = {}
    checksums: dict[str, int] = {}
    expected = 0
    for name, (dtype, shape, offset, checksum) in parsed["arrays"].items():
        if dtype not in _ALLOWED_DTYPES or not all(type(n) is int and n >= 0 for n in shape):
            raise IndexCorrupt(path, f"the array {name[:40]!r} has no possible type or shape")
        # Python's own numbers: those of NumPy overflow.
        count = math.prod(shape)
        end = expected + count * np.dtype(dtype).itemsize
        if type(offset) is not int or offset != expected or end > parsed["size"]:
            raise IndexCorrupt(path, f"the array {name[:40]!r} is not where the one before it ends")
        view = np.frombuffer(data, dtype=np.dtype(dtype), count=count, offset=base + offset)
        arrays[name] = view.reshape(shape)
        checksums[name] = checksum
        expected = _aligned(end)
    if expected != parsed["size"]:
        raise IndexCorrupt(path, "its arrays do not fill it")
    return ArrayFile(path, arrays, checksums, data if isinstance(data, mmap.mmap) else None)


def smallest_unsigned(maximum: int) -> np.dtype[Any]:
    """The narrowest unsigned type of 16, 32 or 64 bits that holds the value."""
    if maximum < 1 << 16:
        return np.dtype("<u2")
    return np.dtype("<u4") if maximum < 1 << 32 else np.dtype("<u8")
