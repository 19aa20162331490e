"""Articles that are nearly the same text: wire copies with another headline or a line more.

A sketch keeps one byte of each of 24 minhashes over runs of three syllables (Broder, "On the
resemblance and containment of documents", 1997; Li, König, "b-bit minwise hashing", 2010). Two
texts with resemblance J agree in about 24 J bytes; those that agree in three bytes of one of the
eight bands are compared.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .analyzed import SKETCH_BYTES
from .array_file import Array

_BAND = 3
_NUMBER = np.uint64(0xFFFFFFFF)
#: Copies agree in so many bytes: a resemblance of about four fifths.
_ALIKE = 19
#: Shorter texts are alike by chance.
_LEAST_RUNS = 30
_MULTIPLIERS = np.random.default_rng(20_261_005).integers(
    1, 1 << 63, size=(SKETCH_BYTES, 1), dtype=np.uint64
) * np.uint64(2) + np.uint64(1)
_RUN = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))


def syllable_hash(folded: str) -> int:
    """A 32-bit hash that is the same in every process."""
    return zlib.crc32(folded.encode("utf-8", "surrogatepass"))


def sketch(hashes: Array) -> Array:
    """(24,) u1 of the hashes of a text's syllables in order; all zero for a short text."""
    hashes = hashes.astype(np.uint64)
    if len(hashes) < _LEAST_RUNS + 2:
        return np.zeros(SKETCH_BYTES, np.uint8)
    first, second, third = _RUN
    runs = hashes[:-2] * first ^ hashes[1:-1] * second ^ hashes[2:] * third
    runs ^= runs >> np.uint64(29)
    least = (runs * _MULTIPLIERS >> np.uint64(32)).min(axis=1)
    return np.asarray(least & np.uint64(0xFF), np.uint8)


@dataclass(frozen=True, slots=True)
class DuplicateGroups:
    """The documents that have near copies: parallel numbers (rising) and groups (i8)."""

    docs: Array
    groups: Array

    @property
    def nbytes(self) -> int:
        """Memory of the arrays."""
        return int(self.docs.nbytes + self.groups.nbytes)

    def restrict(self, mask: Array) -> "DuplicateGroups":
        """Those within a mask."""
        inside = mask[self.docs]
        return DuplicateGroups(self.docs[inside], self.groups[inside])

    def group_of(self) -> dict[int, int]:
        """The group of each document."""
        return dict(zip(self.docs.tolist(), self.groups.tolist(), strict=True))

    def counted(self, docs: Array, values: Array) -> Array:
        """Which of parallel documents and values count (bool): of each group a value once."""
        keep = np.ones(len(docs), bool)
        if not len(self.docs):
            return keep
        rows = np.flatnonzero(np.isin(docs, self.docs, kind="table"))
        groups = self.groups[np.searchsorted(self.docs, docs[rows])]
        _, first = np.unique(np.stack([groups, values[rows]], axis=1), axis=0, return_index=True)
        keep[rows] = False
        keep[rows[first]] = True
        return keep

    def duplicate_count(self, mask: Array) -> int:
        """How many documents of a mask are near copies of others in it, one of each left out."""
        groups = self.groups[mask[self.docs]].tolist()
        return len(groups) - len(set(groups))


def sketch_runs(sketches: Array) -> Array:
    """(8, known documents) u8, each row rising: the bytes of a band above the document's number.

    Args:
        sketches: (documents, 24) u1; documents without a sketch are left out.
    """
    columns = np.ascontiguousarray(sketches.T)
    known = np.flatnonzero(columns.any(axis=0))
    bands = columns[:, known].astype(np.uint64).reshape(SKETCH_BYTES // _BAND, _BAND, len(known))
    keys = bands[:, 0] << np.uint64(16) | bands[:, 1] << np.uint64(8) | bands[:, 2]
    runs = keys << np.uint64(32) | known.astype(np.uint64)
    runs.sort(axis=1)
    return np.asarray(runs)


def duplicate_groups(segments: Sequence[tuple[int, Array, Array]], live: Array) -> DuplicateGroups:
    """The groups of live documents whose sketches are alike, directly or through others.

    Args:
        segments: the first document number of each, its sketches and their runs.
    """
    pairs = [np.zeros((0, 2), np.int64)]
    all_live = bool(live.all())
    for band in range(SKETCH_BYTES // _BAND):
        rows = [runs[band] + np.uint64(base) for base, _, runs in segments]
        run = np.concatenate([np.zeros(0, np.uint64), *rows])
        run.sort(kind="stable")  # runs that are sorted are merged
        if not all_live:
            run = run[live[(run & _NUMBER).astype(np.int64)]]
        keys = run >> np.uint64(32)
        beside = np.flatnonzero(keys[1:] == keys[:-1])
        docs = (run & _NUMBER).astype(np.int64)
        pairs.append(np.stack([docs[beside], docs[beside + 1]], axis=1))
    together = np.concatenate(pairs)
    sketches = [_sketches_of(segments, together[:, side]) for side in (0, 1)]
    alike = (sketches[0] == sketches[1]).sum(axis=1) >= _ALIKE
    leaders: dict[int, int] = {}

    def leader(doc: int) -> int:
        while (above := leaders.get(doc, doc)) != doc:
            doc = above
        return doc

    for first, second in together[alike].tolist():
        one, other = sorted((leader(first), leader(second)))
        leaders[other] = one
        leaders.setdefault(one, one)
    found = sorted(leaders)
    return DuplicateGroups(
        np.array(found, np.int64), np.array([leader(doc) for doc in found], np.int64)
    )


def _sketches_of(segments: Sequence[tuple[int, Array, Array]], docs: Array) -> Array:
    """(documents, 24) u1: the sketches of document numbers."""
    found = np.zeros((len(docs), SKETCH_BYTES), np.uint8)
    for base, sketches, _ in segments:
        inside = np.flatnonzero((docs >= base) & (docs < base + len(sketches)))
        found[inside] = sketches[docs[inside] - base]
    return found
