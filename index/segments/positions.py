"""Positions of occurrences, twelve bits each: a byte, half a byte, and escapes for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from .array_file import Array, smallest_unsigned

#: The high half of a position that stands in the sparse list.
ESCAPE = 15


def position_arrays(terms: Array, positions: Array, term_count: int) -> dict[str, Array]:
    """Positions in the order of the syllable postings; `terms` tells whose each one is."""
    ptr = np.zeros(term_count + 1, np.int64)
    np.cumsum(np.bincount(terms, minlength=term_count), out=ptr[1:])
    high = np.minimum(positions >> 8, ESCAPE).astype(np.uint8)
    escapes = np.flatnonzero(high == ESCAPE)
    padded = np.append(high, np.uint8(0)) if len(high) % 2 else high
    return {
        "position.low": (positions & 0xFF).astype(np.uint8),
        "position.high": padded[::2] | (padded[1::2] << 4),
        "position.escapes": escapes.astype(smallest_unsigned(len(positions))),
        "position.escaped": positions[escapes].astype(np.uint32),
        "position.ptr": ptr.astype(smallest_unsigned(len(positions))),
    }


@dataclass(frozen=True, slots=True)
class PositionStore:
    """Reads what `position_arrays` wrote."""

    low: Array
    high: Array
    escapes: Array
    escaped: Array
    ptr: Array

    @classmethod
    def of(cls, arrays: Mapping[str, Array]) -> Self:
        """The store in a segment's arrays."""
        names = ("low", "high", "escapes", "escaped", "ptr")
        return cls(*(arrays[f"position.{name}"] for name in names))

    def bounds(self, number: int) -> tuple[int, int]:
        """The numbers of the first occurrence of one syllable and of the first of the next."""
        return int(self.ptr[number]), int(self.ptr[number + 1])

    def between(self, start: int, stop: int) -> Array:
        """The positions of the occurrences [start, stop), i8."""
        base = start // 2 * 2
        halves = self.high[base // 2 : -(-stop // 2)]
        high = np.empty(2 * len(halves), np.int64)
        high[::2] = halves & 0xF
        high[1::2] = halves >> 4
        positions = (high[start - base : stop - base] << 8) | self.low[start:stop]
        # Needles of another type would have the whole array converted.
        low, up = self.escapes.searchsorted(np.array((start, stop), self.escapes.dtype))
        if low != up:
            positions[self.escapes[low:up].astype(np.int64) - start] = self.escaped[low:up]
        return positions

    def at(self, occurrences: Array) -> Array:
        """The positions of single occurrences, given by their numbers; i8, in the same order."""
        halves = self.high[occurrences // 2]
        high = np.where(occurrences % 2, halves >> 4, halves & 0xF).astype(np.int64)
        positions = (high << 8) | self.low[occurrences]
        escaped = np.flatnonzero(high == ESCAPE)
        if len(escaped):
            rows = np.searchsorted(self.escapes, occurrences[escaped])
            positions[escaped] = self.escaped[rows]
        return np.asarray(positions)
