"""The headlines of a segment as sequences of syllables, taken out of its positions."""

from dataclasses import dataclass

import numpy as np

from .array_file import Array
from .strings import StringList

#: Stands after every headline, and where a position has no syllable.
NO_TERM = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Headlines:
    """`slots` are the term numbers of all headlines one after the other, NO_TERM after each."""

    slots: Array
    ptr: Array
    """The first slot of each document, and the number of slots."""


def headlines_of(
    texts: StringList, terms: Array, docs: Array, positions: Array, doc_count: int
) -> Headlines:
    """Lay out occurrences in headlines; of those on one position the shortest is kept.

    The others are stacked on it: a joined name on its first part, a date on its day.
    """
    lengths = np.zeros(doc_count, np.int64)
    np.maximum.at(lengths, docs, positions + 1)
    ptr = np.zeros(doc_count + 1, np.int64)
    np.cumsum(lengths + 1, out=ptr[1:])
    slots = np.full(int(ptr[-1]), NO_TERM, np.uint32)
    sizes: Array = np.diff(texts.offsets.astype(np.int64))
    order = np.argsort(-sizes[terms], kind="stable")
    slots[(ptr[docs] + positions)[order]] = terms[order]
    return Headlines(slots, ptr)
