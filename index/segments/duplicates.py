"""Articles that are nearly the same text: wire copies with another headline or a line more.

A sketch keeps one byte of each of 24 minhashes over runs of three syllables (Broder, "On the
resemblance and containment of documents", 1997; Li, König, "b-bit minwise hashing", 2010). Two
texts with resemblance J agree in about 24 J bytes; those that agree in three bytes of one of the
eight bands are compared.
"""

import zlib
from dataclasses import dataclass

import numpy as np

from .analyzed import SKETCH_BYTES
from .array_file import Array
from .postings import sorted_keys

_BAND = 3
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


def duplicate_groups(sketches: Array, live: Array) -> DuplicateGroups:
    """The groups of live documents whose sketches are alike, directly or through others.

    Args:
        sketches: (documents, 24) u1.
    """
    columns = np.ascontiguousarray(sketches.T)
    known = np.flatnonzero(live & columns.any(axis=0))
    pairs = [
        _alike_in_band(sketches, columns[first : first + _BAND, known], known)
        for first in range(0, SKETCH_BYTES, _BAND)
    ]
    leaders: dict[int, int] = {}

    def leader(doc: int) -> int:
        while (above := leaders.get(doc, doc)) != doc:
            doc = above
        return doc

    for first, second in np.concatenate(pairs).tolist():
        one, other = sorted((leader(first), leader(second)))
        leaders[other] = one
        leaders.setdefault(one, one)
    docs = sorted(leaders)
    return DuplicateGroups(
        np.array(docs, np.int64), np.array([leader(doc) for doc in docs], np.int64)
    )


def _alike_in_band(sketches: Array, band: Array, known: Array) -> Array:
    """(pairs, 2) of documents with equal bytes in one band that are alike in all.

    Args:
        band: (3, known documents) bytes of the sketches.
    """
    high, middle, low = band.astype(np.uint32)
    keys, order = sorted_keys(high << 16 | middle << 8 | low, 1 << 24)
    beside = np.flatnonzero(keys[1:] == keys[:-1])
    pairs = np.stack([known[order[beside]], known[order[beside + 1]]], axis=1)
    alike = (sketches[pairs[:, 0]] == sketches[pairs[:, 1]]).sum(axis=1) >= _ALIKE
    return np.asarray(pairs[alike])
