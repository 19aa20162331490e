"""How much of a query stands close together: what lifts the best articles of a ranking.

BM25F adds words up wherever they are; of two articles with the same words, the one that has them
in one sentence is about them. Reading positions costs too much for every article, so only the head
of a ranking is looked at, and what is lifted stays within it.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from ..plan import Passages
from ..segments.array_file import Array
from .phrases import POSITION_BITS, occurrences
from .snapshot import Snapshot

#: So many of the best articles of each tier are looked at.
HEAD = 30
#: Where words of this idf stand (in 37 % of the articles or more) is not read: it takes longest
#: and tells least. They count among the words of the query all the same.
_FREQUENT = 1.0
_NOWHERE: Array = np.zeros(0, np.int64)


def passage_factors(
    snapshot: Snapshot, docs: Array, passages: Passages, rarities: Sequence[float]
) -> Array:
    """(docs,) f4 in [1, 1 + gain]: what the scores of some documents are multiplied by.

    Args:
        docs: document numbers, rising.
        rarities: the idf of each word, 0 where no document has it.
    """
    shares = np.zeros(len(docs))
    for part in snapshot.parts:
        first, last = docs.searchsorted((part.base, part.base + part.segment.doc_count))
        if first == last:
            continue
        local = docs[first:last] - part.base
        choose = partial(_rows_of, local)
        places = [
            occurrences(part, terms, choose) if rarity > _FREQUENT else _NOWHERE
            for terms, rarity in zip(passages.words, rarities, strict=True)
        ]
        starts, weights = passage_weights(places, rarities, passages.window)
        rows = local.searchsorted(starts >> POSITION_BITS)
        np.maximum.at(shares[first:last], rows, weights)
    return factors(shares, rarities, passages)


def _rows_of(wanted: Array, docs: Array) -> Array:
    rows = docs.searchsorted(wanted.astype(docs.dtype))
    return np.asarray(rows[docs.take(rows, mode="clip") == wanted])


def passage_weights(
    places: Sequence[Array], rarities: Sequence[float], window: int
) -> tuple[Array, Array]:
    """Where passages begin, and what the words in each weigh together.

    Args:
        places: of each word, i8, rising.
        window: how far the last word of a passage may be from where it begins.
    """
    read = [item for item in zip(places, rarities, strict=True) if item[1] > _FREQUENT]
    starts = np.unique(np.concatenate([_NOWHERE, *(each for each, _ in read)]))
    weights = np.zeros(len(starts))
    for each, rarity in read:
        if len(each):
            after = each.searchsorted(starts)
            following = each[np.minimum(after, len(each) - 1)]
            weights += rarity * ((after < len(each)) & (following - starts <= window))
    return starts, weights


def factors(weights: Array, rarities: Sequence[float], passages: Passages) -> Array:
    """The factors of documents whose best passages weigh so much."""
    shares = weights / (sum(rarities) or 1.0)
    return (1 + passages.gain * shares).astype(np.float32)
