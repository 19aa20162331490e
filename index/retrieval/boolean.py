"""Which documents match: a plan's boolean tree as masks."""

from typing import assert_never

import numpy as np

from ..plan import And, AtLeast, IdIn, KeywordIs, Not, Or, Phrase, PublishedWithin, Query, TermSet
from ..segments.array_file import Array
from ..segments.columns import NO_DATE
from .budget import out_of_time
from .doc_scores import doc_scores
from .snapshot import Snapshot


def match_mask(snapshot: Snapshot, match: Query) -> Array:
    """(size,) bool: the document numbers that match; deleted documents never do.

    What time did not suffice for matches nothing, so that no wrong document is ever shown.
    """
    mask = _mask(snapshot, match)
    mask &= snapshot.live
    return mask


def _mask(snapshot: Snapshot, match: Query) -> Array:
    """A new mask, which the caller may change."""
    if out_of_time():
        return np.zeros(snapshot.size, bool)
    match match:
        case TermSet() | Phrase():
            return doc_scores(snapshot, match).mask(snapshot.size)
        case And() | Or():
            return _combined(snapshot, match)
        case Not():
            mask = ~_mask(snapshot, match.child)
            return np.zeros(snapshot.size, bool) if out_of_time() else mask
        case AtLeast():
            counts = np.zeros(snapshot.size, np.min_scalar_type(len(match.children)))
            for child in match.children:
                if not isinstance(child, TermSet) or out_of_time():
                    counts += _mask(snapshot, child)
                elif (found := doc_scores(snapshot, child)).docs is not None:
                    counts[found.docs] += 1
                else:
                    counts += found.mask(snapshot.size)
            return np.asarray(counts >= match.count)
        case KeywordIs():
            return _keyword(snapshot, match)
        case PublishedWithin():
            return _published(snapshot, match)
        case IdIn():
            mask = np.zeros(snapshot.size, bool)
            mask[[doc for doc_id in match.ids if (doc := snapshot.find(doc_id)) is not None]] = True
            return mask
        case _:
            assert_never(match)


def _combined(snapshot: Snapshot, match: And | Or) -> Array:
    """Packed bits are combined first, then the few documents of rare clauses, then masks."""
    every = isinstance(match, And)
    bits: Array | None = None
    rare, masks = [], []
    for child in match.children:
        if not isinstance(child, TermSet | Phrase) or out_of_time():
            masks.append(_mask(snapshot, child))
            continue
        found = doc_scores(snapshot, child)
        if found.bits is None:
            rare.append(found.numbers())
        elif bits is None:
            bits = found.bits
        else:
            bits = bits & found.bits if every else bits | found.bits
    if bits is None:
        mask = np.full(snapshot.size, every)
    else:
        mask = np.unpackbits(bits, count=snapshot.size).view(bool)
    for documents in rare:
        if every:
            kept = np.zeros(snapshot.size, bool)
            kept[documents] = mask[documents]
            mask = kept
        else:
            mask[documents] = True
    for other in masks:
        if every:
            mask &= other
        else:
            mask |= other
    return mask


def _keyword(snapshot: Snapshot, match: KeywordIs) -> Array:
    column = snapshot.keyword(match.column)
    wanted = np.zeros(len(column.labels) + 1, bool)
    wanted[[column.numbers[label] for label in match.labels if label in column.numbers]] = True
    mask = np.zeros(snapshot.size, bool)
    mask[column.docs[wanted[column.values]]] = True
    return mask


def _published(snapshot: Snapshot, match: PublishedWithin) -> Array:
    published = snapshot.published
    mask = published != NO_DATE
    if match.first is not None:
        mask &= published >= match.first
    if match.last is not None:
        mask &= published < match.last
    return np.asarray(mask)
