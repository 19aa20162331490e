"""Scores and the best documents of a mask."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from ..query.plan import Evidence, PairSet, Scored, TermSet
from ..ranking import idf
from ..segments.array_file import Array
from ..segments.columns import NO_DATE
from .phrases import phrase_weights
from .snapshot import Snapshot
from .term_sets import Weights, pair_weights, term_weights

_BLOCK = 256


class SortOrder(StrEnum):
    """How hits are ordered; ties go by date (newest first), then by id."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


def weights_of(snapshot: Snapshot, scored: Scored) -> Weights:
    """The weights of any kind of evidence."""
    if isinstance(scored, TermSet):
        return term_weights(snapshot, scored)
    if isinstance(scored, PairSet):
        return pair_weights(snapshot, scored)
    return phrase_weights(snapshot, scored)


def score_row(snapshot: Snapshot, evidence: Sequence[Evidence]) -> Array:
    """(size,) f4: the score of every document number, matching or not."""
    scores = np.zeros(snapshot.size, np.float32)
    for item in evidence:
        weights = weights_of(snapshot, item.what)
        if not weights.document_frequency:
            continue
        factor = np.float32(item.weight * idf(snapshot.document_count, weights.document_frequency))
        if weights.row is not None:
            scores += factor * weights.row
        else:
            scores[weights.docs] += factor * weights.values
    return scores


def best(snapshot: Snapshot, mask: Array, scores: Array, order: SortOrder, count: int) -> list[int]:
    """The first `count` document numbers of the mask in the order asked for."""
    docs = np.flatnonzero(mask)
    if order is SortOrder.RELEVANCE:
        keys = -scores[docs]
    elif order is SortOrder.TITLE:
        keys = snapshot.title_ranks[docs]
    else:
        keys = _date_keys(snapshot.published[docs], newest=order is SortOrder.NEWEST)
    if count < len(docs):
        # Everything up to the last key that can be shown, so that ties are cut by the same rule.
        limit = _nth_smallest(keys, count)
        kept = keys <= limit
        docs, keys = docs[kept], keys[kept]
    newest_first = _date_keys(snapshot.published[docs], newest=True)
    ids = snapshot.ids
    rows = sorted(
        zip(keys.tolist(), newest_first.tolist(), docs.tolist(), strict=True),
        key=lambda row: (row[0], row[1], ids[row[2]]),
    )
    return [doc for _, _, doc in rows[:count]]


def _date_keys(published: Array, *, newest: bool) -> Array:
    """Keys that sort by date; unknown dates come last in either order."""
    keys = -published if newest else published.copy()
    keys[published == NO_DATE] = np.iinfo(np.int64).max
    return np.asarray(keys)


def _nth_smallest(keys: Array, count: int) -> float:
    """The count-th smallest key, found among the minima of blocks first."""
    whole = len(keys) // _BLOCK * _BLOCK
    if count * 4 < len(keys) // _BLOCK:
        minima = keys[:whole].reshape(-1, _BLOCK).min(axis=1)
        bound = np.partition(minima, count - 1)[count - 1]
        keys = keys[keys <= bound]
    return float(np.partition(keys, count - 1)[count - 1])
