"""Finding and altering the parts of an index's files."""

import json
import struct
import zlib
from pathlib import Path

from index.engines.embedded.manifest import decode_manifest, kept_segments
from index.segments.array_file import open_arrays


def toc(folder: Path) -> Path:
    """The newest table of contents."""
    return max(folder.glob("_NEWS_*.toc"), key=lambda path: int(path.stem.rpartition("_")[2]))


def segments(folder: Path) -> list[Path]:
    """The segments that the newest table needs, the largest first; any user may damage them."""
    manifest = decode_manifest(0, toc(folder).read_bytes(), "")
    kept = kept_segments(manifest.commit, manifest.previous)
    paths = sorted((info.path(folder) for info in kept), key=lambda path: -path.stat().st_size)
    for path in paths:
        path.chmod(0o640)
    return paths


def read_toc(folder: Path) -> dict[str, object]:
    """The table of contents without its checksum."""
    _, _, body = toc(folder).read_bytes().partition(b"\n")
    record = json.loads(body)
    assert isinstance(record, dict)
    return record


def write_toc(folder: Path, record: object) -> None:
    """A table of contents with a right checksum."""
    body = json.dumps(record).encode()
    toc(folder).write_bytes(b"%08x\n%s" % (zlib.crc32(body), body))


def array_offsets(path: Path) -> dict[str, tuple[int, int]]:
    """Where each array of a segment begins and ends in its file."""
    data = path.read_bytes()
    _, length, _ = struct.unpack_from("<8sQI", data)
    header = json.loads(data[20 : 20 + length])
    base = -(-(20 + length) // 64) * 64
    opened = open_arrays(path).arrays
    return {
        name: (base + offset, base + offset + opened[name].nbytes)
        for name, (_, _, offset, _) in header["arrays"].items()
    }


def alter(path: Path, name: str) -> None:
    """Change a byte in the middle of an array, in the file as it lies on the disk."""
    begin, end = array_offsets(path)[name]
    with path.open("r+b") as stream:
        stream.seek((begin + end) // 2)
        (byte,) = stream.read(1)
        stream.seek((begin + end) // 2)
        stream.write(bytes([byte ^ 0x40]))
