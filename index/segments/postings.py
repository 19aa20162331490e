"""Posting arrays: document numbers, and for each posting a code for its frequencies per zone.

Few combinations of frequencies make up nearly all postings ("once in the body"), so a segment
keeps one table of the combinations, most frequent first, and a byte a posting; the value 255
escapes to a sparse list of exceptions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .array_file import Array, smallest_unsigned
from .tokens import pack_frequencies

ESCAPE = 255


@dataclass(frozen=True, slots=True)
class Grouped:
    """Postings sorted by key, then document: parallel `docs`, `packed`; `ptr` bounds each key."""

    keys: Array
    ptr: Array
    docs: Array
    packed: Array
    """Frequencies per zone, see `pack_frequencies`."""


def group_tokens(keys: Array, docs: Array, zones: Array, zone_count: int) -> tuple[Grouped, Array]:
    """Group occurrences, given in document order, into postings; also the sorting order used."""
    order = np.argsort(keys, kind="stable")
    keys, docs, zones = keys[order], docs[order], zones[order]
    if not len(keys):
        empty = np.zeros(0, np.uint64)
        return Grouped(keys, np.zeros(1, np.int64), docs, empty), order
    new_key = np.empty(len(keys), bool)
    new_key[0] = True
    np.not_equal(keys[1:], keys[:-1], out=new_key[1:])
    new_posting = new_key.copy()
    new_posting[1:] |= docs[1:] != docs[:-1]
    starts = np.flatnonzero(new_posting)
    frequencies = np.empty((len(starts), zone_count), np.uint32)
    for zone in range(zone_count):
        frequencies[:, zone] = np.add.reduceat((zones == zone).astype(np.uint32), starts)
    first = np.flatnonzero(new_key[starts])
    ptr = np.append(first, len(starts))
    grouped = Grouped(keys[starts][first], ptr, docs[starts], pack_frequencies(frequencies))
    return grouped, order


def combination_table(packed: Sequence[Array]) -> Array:
    """The distinct packed frequencies of several posting lists, the most frequent first."""
    values, counts = np.unique(np.concatenate(packed), return_counts=True)
    return values[np.argsort(-counts, kind="stable")]


def encode(
    prefix: str, docs: Array, packed: Array, table: Array, doc_count: int
) -> dict[str, Array]:
    """The stored arrays of postings whose packed frequencies all stand in the table."""
    order = np.argsort(table, kind="stable")
    numbers = order[np.searchsorted(table, packed, sorter=order)] if len(packed) else packed
    escaped = np.flatnonzero(numbers >= ESCAPE)
    codes = np.minimum(numbers, ESCAPE).astype(np.uint8)
    return {
        f"{prefix}.docs": docs.astype(smallest_unsigned(doc_count)),
        f"{prefix}.codes": codes,
        f"{prefix}.escapes": escaped.astype(smallest_unsigned(len(docs))),
        f"{prefix}.escaped": numbers[escaped].astype(np.uint32),
    }


@dataclass(frozen=True, slots=True)
class PostingStore:
    """Reads what `encode` wrote."""

    docs: Array
    codes: Array
    escapes: Array
    escaped: Array

    @classmethod
    def of(cls, arrays: Mapping[str, Array], prefix: str) -> "PostingStore":
        """The store with this prefix in a segment's arrays."""
        names = ("docs", "codes", "escapes", "escaped")
        return cls(*(arrays[f"{prefix}.{name}"] for name in names))

    def numbers(self, start: int, stop: int) -> Array:
        """Row numbers in the combination table of the postings in [start, stop)."""
        codes = self.codes[start:stop]
        if not len(self.escapes):
            return codes
        low, high = np.searchsorted(self.escapes, (start, stop))
        if low == high:
            return codes
        numbers = codes.astype(np.uint32)
        numbers[self.escapes[low:high].astype(np.int64) - start] = self.escaped[low:high]
        return numbers
