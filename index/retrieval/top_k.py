"""The best documents of a mask."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..model import SortOrder
from ..segments.array_file import Array
from ..segments.columns import NO_DATE
from .snapshot import Snapshot

#: Documents of a group, whose best one stands for all of them at first.
_GROUP = 128


def best(
    snapshot: Snapshot,
    mask: Array,
    scores: Array,
    order: SortOrder,
    count: int,
    *,
    tiers: Sequence[Array] = (),
) -> list[int]:
    """The first `count` document numbers of the mask in the order asked for.

    Args:
        tiers: documents (bool), each within the next, that come before all others in this order
            when ordered by relevance.
    """
    if not count:
        return []
    if order is SortOrder.RELEVANCE and not tiers:
        docs = _leading(mask, scores, count)
    else:
        docs = np.flatnonzero(mask)
    if not len(docs):
        return []
    if order is SortOrder.RELEVANCE:
        keys = -scores[docs]
        for tier in tiers:
            keys[tier[docs]] -= scores.max() + np.float32(1)
    elif order is SortOrder.TITLE:
        keys = snapshot.title_ranks[docs]
    elif order is SortOrder.UPDATED:
        keys = _date_keys(snapshot.changed[docs], newest=True)
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
    ordered = sorted(zip(keys.tolist(), dates.tolist(), docs.tolist(), strict=True))
    ties = [each for each in pairwise(ordered) if each[0][:2] == each[1][:2]]
    if ties:
        ids = {row[2]: snapshot.doc_id(row[2]) for tie in ties for row in tie}
        ordered.sort(key=lambda row: (row[0], row[1], ids.get(row[2], "")))
    return [doc for _, _, doc in ordered[:count]]


def _leading(mask: Array, scores: Array, count: int) -> Array:
    """Documents of the mask, rising, the `count` best and all that tie with them among them."""
    groups = len(scores) // _GROUP
    if count * 4 < groups:
        among = scores * mask
        # Of the maxima of disjoint groups, the count-th is a bound that `count` documents reach.
        maxima = among[: groups * _GROUP].reshape(_GROUP, groups).max(axis=0)
        bound = np.partition(maxima, groups - count)[groups - count]
        if bound > 0:
            return np.flatnonzero(among >= bound)
    return np.flatnonzero(mask)


def _smallest(keys: Array, count: int) -> Array:
    """The rows of the `count` smallest keys, and of all that are equal to the last of them."""
    if count >= len(keys):
        return np.arange(len(keys))
    pool = keys
    groups = len(keys) // _GROUP
    if count * 4 < groups:
        # No key above the count-th smallest minimum of disjoint groups can be among them.
        minima = keys[: groups * _GROUP].reshape(_GROUP, groups).min(axis=0)
        pool = keys[keys <= np.partition(minima, count - 1)[count - 1]]
    return np.flatnonzero(keys <= np.partition(pool, count - 1)[count - 1])


def _date_keys(published: Array, *, newest: bool) -> Array:
    """Keys that sort by date; unknown dates come last in either order."""
    keys = -published if newest else published.copy()
    keys[published == NO_DATE] = np.iinfo(np.int64).max
    return np.asarray(keys)
