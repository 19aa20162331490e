"""Posting lists as bytes: document numbers, and for each posting its frequencies per zone.

Documents: a short list keeps plain numbers; a long one keeps gaps, a byte each (255 adds 255 and
goes on). Frequencies: few combinations make up nearly all postings, so a segment has one table of
them, most frequent first; a bit tells the first combination ("once in the body"), a byte the
next 254, and 255 escapes to a sparse list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from .analyzed import ONE_IN_ZONE
from .array_file import Array, smallest_unsigned

#: Lists with so many documents keep gaps; the number does not fit a byte, which marks them.
LONG_LIST = 255
#: The code of a combination that stands in the sparse list.
ESCAPE = 255
#: A rank is kept for every so many postings.
RANK_STEP = 512
_WORD_BITS = 64
_STORED = (
    *("docs", "gaps", "long", "long_df", "long_ptr"),
    *("other", "rank", "codes", "escapes", "escaped"),
)


@dataclass(frozen=True, slots=True)
class Grouped:
    """Postings sorted by key, then document: parallel `docs`, `packed`; `ptr` bounds each key."""

    keys: Array
    ptr: Array
    docs: Array
    packed: Array
    """Frequencies per zone, see `pack_frequencies`."""


def group_tokens(keys: Array, docs: Array, zones: Array, bound: int) -> tuple[Grouped, Array]:
    """Group occurrences, given in document order, into postings; also the sorting order used.

    Args:
        bound: above every key.
    """
    keys, order = sorted_keys(keys, bound)
    docs = docs[order]
    if not len(keys):
        empty = np.zeros(0, np.uint64)
        return Grouped(keys, np.zeros(1, np.int64), docs, empty), order
    new_key = np.empty(len(keys), bool)
    new_key[0] = True
    np.not_equal(keys[1:], keys[:-1], out=new_key[1:])
    new_posting = new_key.copy()
    new_posting[1:] |= docs[1:] != docs[:-1]
    starts = np.flatnonzero(new_posting)
    packed = np.add.reduceat(ONE_IN_ZONE[zones[order]], starts)
    first = np.flatnonzero(new_key[starts])
    ptr = np.append(first, len(starts))
    return Grouped(keys[starts][first], ptr, docs[starts], packed), order


def sorted_keys(keys: Array, bound: int) -> tuple[Array, Array]:
    """The keys, sorted, and where each of them came from; equal ones keep their order.

    Args:
        bound: above every key.
    """
    bits = len(keys).bit_length()
    if bound.bit_length() + bits > _WORD_BITS:
        order = np.argsort(keys, kind="stable")
        return keys[order], order
    # Key and place in one number: plain sorting is several times faster than sorting places.
    packed = keys.astype(np.uint64)
    packed <<= np.uint64(bits)
    packed |= np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    order = (packed & np.uint64((1 << bits) - 1)).astype(np.intp)
    packed >>= np.uint64(bits)
    return packed.astype(keys.dtype, copy=False), order


def combination_table(packed: Sequence[Array]) -> Array:
    """The distinct packed frequencies of several posting lists, the most frequent first."""
    # One stream after the other: all of them together would be the peak of a merge.
    counted = [np.unique(each, return_counts=True) for each in packed]
    values, places = np.unique(np.concatenate([each for each, _ in counted]), return_inverse=True)
    counts = np.zeros(len(values), np.int64)
    np.add.at(counts, places, np.concatenate([each for _, each in counted]))
    return values[np.argsort(-counts, kind="stable")]


def encode(prefix: str, group: Grouped, table: Array, doc_count: int) -> dict[str, Array]:
    """The stored arrays of postings whose packed frequencies all stand in the table."""
    return {
        **_encode_documents(prefix, group.ptr, group.docs, doc_count),
        **_encode_frequencies(prefix, group.packed, table),
    }


def _encode_documents(prefix: str, ptr: Array, docs: Array, doc_count: int) -> dict[str, Array]:
    frequencies = np.diff(ptr)
    long = np.flatnonzero(frequencies >= LONG_LIST)
    in_long = np.repeat(frequencies >= LONG_LIST, frequencies)
    gaps = docs[in_long].astype(np.int64)
    firsts = np.cumsum(frequencies[long]) - frequencies[long]
    gaps[1:] -= gaps[:-1].copy()
    gaps[firsts] = docs[ptr[long]]
    sizes = gaps // LONG_LIST + 1
    coded = np.full(int(sizes.sum()), LONG_LIST, np.uint8)
    ends = np.cumsum(sizes)
    coded[ends - 1] = gaps % LONG_LIST
    bounds = np.concatenate([[0], ends])[np.append(firsts, len(gaps))]
    return {
        f"{prefix}.docs": docs[~in_long].astype(smallest_unsigned(doc_count)),
        f"{prefix}.gaps": coded,
        f"{prefix}.long": long.astype(np.uint32),
        f"{prefix}.long_df": frequencies[long].astype(np.uint32),
        f"{prefix}.long_ptr": bounds.astype(smallest_unsigned(len(coded))),
    }


def _encode_frequencies(prefix: str, packed: Array, table: Array) -> dict[str, Array]:
    order = np.argsort(table, kind="stable")
    numbers = order[np.searchsorted(table, packed, sorter=order)] if len(packed) else packed
    other = numbers > 0
    numbers = numbers[other]
    escaped = np.flatnonzero(numbers >= ESCAPE)
    before = np.concatenate([[0], np.cumsum(other)])
    return {
        f"{prefix}.other": np.packbits(other),
        f"{prefix}.rank": before[::RANK_STEP].astype(smallest_unsigned(len(packed))),
        f"{prefix}.codes": np.minimum(numbers, ESCAPE).astype(np.uint8),
        f"{prefix}.escapes": escaped.astype(smallest_unsigned(len(numbers))),
        f"{prefix}.escaped": numbers[escaped].astype(np.uint32),
    }


@dataclass(frozen=True, slots=True)
class PostingStore:
    """Reads what `encode` wrote; a list is named by its key number and its first posting."""

    docs: Array
    gaps: Array
    long: Array
    long_df: Array
    long_ptr: Array
    other: Array
    rank: Array
    codes: Array
    escapes: Array
    escaped: Array
    long_before: Array
    """How many postings stand in the long lists before each long list, and in all of them."""

    @classmethod
    def of(cls, arrays: Mapping[str, Array], prefix: str) -> Self:
        """The store with this prefix in a segment's arrays."""
        stored = {name: arrays[f"{prefix}.{name}"] for name in _STORED}
        before = np.concatenate([[0], np.cumsum(stored["long_df"], dtype=np.int64)])
        return cls(**stored, long_before=before)

    def documents(self, key: int, start: int, stop: int) -> Array:
        """The documents, rising, of the list that holds the postings [start, stop)."""
        if stop - start < LONG_LIST:
            return self.short_documents(key, start, stop)
        at = int(np.searchsorted(self.long, key))
        coded = self.gaps[int(self.long_ptr[at]) : int(self.long_ptr[at + 1])]
        return np.asarray(np.cumsum(coded, dtype=np.int64)[coded != LONG_LIST])

    def run_documents(self, key: int, bounds: Array) -> Array:
        """The documents of neighbouring lists, one list after the other.

        Args:
            key: of the first list.
            bounds: (lists + 1,) where the postings of each list begin, and where the last one ends.
        """
        count = len(bounds) - 1
        begin, end = self.long.searchsorted(np.array((key, key + count), self.long.dtype))
        pieces, done = [], 0
        for at in (self.long[begin:end].astype(np.int64) - key).tolist():
            if at > done:
                pieces.append(self.short_documents(key + done, int(bounds[done]), int(bounds[at])))
            pieces.append(self.documents(key + at, int(bounds[at]), int(bounds[at + 1])))
            done = at + 1
        if done < count:
            pieces.append(self.short_documents(key + done, int(bounds[done]), int(bounds[-1])))
        return np.concatenate(pieces) if len(pieces) > 1 else pieces[0]

    def short_documents(self, key: int, start: int, stop: int) -> Array:
        """The documents of the postings [start, stop) of short lists, the first of them `key`."""
        before = int(self.long_before[int(np.searchsorted(self.long, key))])
        return np.asarray(self.docs[start - before : stop - before])

    def combinations(self, start: int, stop: int) -> Array:
        """Row numbers in the combination table of the postings [start, stop)."""
        base = start // 8 * 8
        bits = np.unpackbits(self.other[base // 8 : -(-stop // 8)])[start - base : stop - base]
        numbers = bits.astype(np.uint32)
        filled = np.flatnonzero(bits.view(bool))
        if not len(filled):
            return numbers
        first = self._rank(start)
        last = first + len(filled)
        numbers[filled] = self.codes[first:last]
        low, high = self.escapes.searchsorted(np.array((first, last), self.escapes.dtype))
        if low != high:
            chosen = self.escapes[low:high].astype(np.int64) - first
            numbers[filled[chosen]] = self.escaped[low:high]
        return numbers

    def _rank(self, start: int) -> int:
        """How many postings before this one have another combination than the first."""
        block = start // RANK_STEP
        bits = self.other[block * RANK_STEP // 8 : -(-start // 8)]
        within = np.unpackbits(bits)[: start - block * RANK_STEP]
        return int(self.rank[block]) + int(np.count_nonzero(within))

    def all_documents(self, ptr: Array) -> Array:
        """The documents of every list (i4), one list after the other; `ptr` bounds the lists."""
        frequencies: Array = np.diff(ptr.astype(np.int64))
        docs = np.empty(int(frequencies.sum()), np.int32)
        docs[np.repeat(frequencies < LONG_LIST, frequencies)] = self.docs
        for key in self.long.tolist():
            start, stop = int(ptr[key]), int(ptr[key + 1])
            docs[start:stop] = self.documents(key, start, stop)
        return docs
