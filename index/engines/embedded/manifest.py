"""The table of contents: JSON with a checksum instead of Whoosh's pickles.

So opening an index can never run code found in it.
"""

import json
import math
import zlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ...errors import IndexCorrupt, IndexMismatch
from ...schema import ZONE_COUNT
from .segment_file import ArraySegment

FORMAT_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """The segments that make up an archive, the analysis that wrote them, what was withdrawn."""

    fingerprint: str
    segments: list[ArraySegment] = field(default_factory=list)
    withdrawn: dict[str, date] = field(default_factory=dict)
    average_lengths: tuple[float, ...] | None = None
    """Mean tokens of each zone as they were when the epoch of the statistics began
    (docs/decisions/0014-statistics-epochs.md); None in an older index: those of the segments."""

    @property
    def documents(self) -> int:
        """Living articles."""
        return sum(int(segment.doc_count()) for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one generation is, and the commit that a rollback would bring back."""

    generation: int
    commit: Commit
    previous: Commit | None = None

    @property
    def segments(self) -> list[ArraySegment]:
        """The segments of the current commit."""
        return self.commit.segments


def kept_segments(commit: Commit, previous: Commit | None) -> list[ArraySegment]:
    """The segments whose files a generation needs."""
    return [*commit.segments, *(previous.segments if previous is not None else ())]


def encode_manifest(commit: Commit, previous: Commit | None) -> bytes:
    """The file of a generation."""
    record = {"format": FORMAT_VERSION, **_record(commit)}
    if previous is not None:
        record["previous"] = _record(previous)
    body = json.dumps(record).encode()
    return b"%08x\n%s" % (zlib.crc32(body), body)


def decode_manifest(generation: int, data: bytes, path: str) -> Manifest:
    """The table of contents in a file; raises IndexCorrupt, IndexMismatch for another format."""
    try:
        checksum, _, body = data.partition(b"\n")
        if int(checksum, 16) != zlib.crc32(body):
            raise IndexCorrupt(path, "it does not match its checksum")
        parsed = json.loads(body)
        if parsed["format"] != FORMAT_VERSION:
            raise IndexMismatch(f"format {FORMAT_VERSION}", f"format {parsed['format']}")
        previous = _commit(parsed["previous"]) if "previous" in parsed else None
        return Manifest(generation, _commit(parsed), previous)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexCorrupt(path, "its table of contents cannot be read") from error


def _record(commit: Commit) -> dict[str, object]:
    record: dict[str, object] = {
        "fingerprint": commit.fingerprint,
        "segments": [segment.entry() for segment in commit.segments],
        "withdrawn": {doc_id: day.isoformat() for doc_id, day in commit.withdrawn.items()},
    }
    if commit.average_lengths is not None:
        record["average_lengths"] = commit.average_lengths
    return record


def _average_lengths(values: Any) -> tuple[float, ...] | None:
    if values is None:
        return None
    averages = tuple(map(float, values))
    if len(averages) != ZONE_COUNT or not all(0 <= x < math.inf for x in averages):
        raise ValueError("malformed average lengths")
    return averages


def _commit(record: dict[str, Any]) -> Commit:
    fingerprint = record["fingerprint"]
    if not isinstance(fingerprint, str):
        raise TypeError("malformed fingerprint")
    segments = [ArraySegment.of_entry(entry) for entry in record["segments"]]
    if len({info.segid for info in segments}) != len(segments):
        raise ValueError("a segment is named twice")
    return Commit(
        fingerprint=fingerprint,
        segments=segments,
        withdrawn={doc_id: date.fromisoformat(day) for doc_id, day in record["withdrawn"].items()},
        average_lengths=_average_lengths(record.get("average_lengths")),
    )
