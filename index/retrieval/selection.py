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


def best(
    snapshot: Snapshot,
    mask: Array,
    scores: Array,
    order: SortOrder,
    count: int,
    *,
    preferred: Array | None = None,
) -> list[int]:
    """The first `count` document numbers of the mask in the order asked for.

    Args:
        preferred: documents (bool) that come before all others when ordered by relevance.
    """
    docs = np.flatnonzero(mask)
    if not count or not len(docs):
        return []
    if order is SortOrder.RELEVANCE:
        keys = -scores[docs]
        if preferred is not None:
            keys[preferred[docs]] -= scores.max() + np.float32(1)
    elif order is SortOrder.TITLE:
        keys = snapshot.title_ranks[docs]
    else:
        keys = _date_keys(snapshot.published[docs], newest=order is SortOrder.NEWEST)
    # Everything up to the last key that can be shown, so that ties are cut by the same rules.
    kept = _smallest(keys, count)
    docs, keys = docs[kept], keys[kept]
    dates = _date_keys(snapshot.published[docs], newest=True)
    if len(docs) > count:
        last = keys == keys.max()
        tied = np.flatnonzero(last)
        chosen = tied[_smallest(dates[tied], count - int(np.count_nonzero(~last)))]
        rows = np.concatenate([np.flatnonzero(~last), chosen])
        docs, keys, dates = docs[rows], keys[rows], dates[rows]
    ordered = sorted(
        zip(keys.tolist(), dates.tolist(), docs.tolist(), strict=True),
        key=lambda row: (row[0], row[1], snapshot.doc_id(row[2])),
    )
    return [doc for _, _, doc in ordered[:count]]


def _smallest(keys: Array, count: int) -> Array:
    """The rows of the `count` smallest keys, and of all that are equal to the last of them."""
    if count >= len(keys):
        return np.arange(len(keys))
    whole = len(keys) // _BLOCK * _BLOCK
    pool = keys
    if count * 4 < len(keys) // _BLOCK:
        # No key above the count-th smallest minimum of the blocks can be among them.
        minima = keys[:whole].reshape(-1, _BLOCK).min(axis=1)
        pool = keys[keys <= np.partition(minima, count - 1)[count - 1]]
    return np.flatnonzero(keys <= np.partition(pool, count - 1)[count - 1])


def _date_keys(published: Array, *, newest: bool) -> Array:
    """Keys that sort by date; unknown dates come last in either order."""
    keys = -published if newest else published.copy()
    keys[published == NO_DATE] = np.iinfo(np.int64).max
    return np.asarray(keys)
