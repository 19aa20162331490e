"""Which documents match: a plan's boolean tree as masks."""

from typing import assert_never

import numpy as np

from ..plan import And, AtLeast, IdIn, KeywordIs, Not, Or, Phrase, PublishedWithin, Query, TermSet
from ..segments.array_file import Array
from ..segments.columns import NO_DATE
from .budget import out_of_time
from .doc_scores import doc_scores
from .snapshot import Snapshot
from .term_scores import DocScores


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
        case And():
            return _all(snapshot, match)
        case Or():
            return _any(snapshot, match)
        case Not():
            mask = ~_mask(snapshot, match.child)
            return np.zeros(snapshot.size, bool) if out_of_time() else mask
        case AtLeast():
            return _at_least(snapshot, match)
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


def _all(snapshot: Snapshot, match: And) -> Array:
    bits, rare, masks = _parts(snapshot, match, np.bitwise_and)
    mask = (
        np.ones(snapshot.size, bool)
        if bits is None
        else np.unpackbits(bits, count=snapshot.size).view(bool)
    )
    for documents in rare:
        kept = np.zeros(snapshot.size, bool)
        kept[documents] = mask[documents]
        mask = kept
    for other in masks:
        mask &= other
    return mask


def _any(snapshot: Snapshot, match: Or) -> Array:
    bits, rare, masks = _parts(snapshot, match, np.bitwise_or)
    mask = (
        np.zeros(snapshot.size, bool)
        if bits is None
        else np.unpackbits(bits, count=snapshot.size).view(bool)
    )
    for documents in rare:
        mask[documents] = True
    for other in masks:
        mask |= other
    return mask


def _at_least(snapshot: Snapshot, match: AtLeast) -> Array:
    counts = np.zeros(snapshot.size, np.min_scalar_type(len(match.children)))
    for child in match.children:
        found = _documents(snapshot, child)
        if found is None:
            counts += _mask(snapshot, child)
        elif found.bits is None:
            counts[found.numbers()] += 1
        else:
            counts += np.unpackbits(found.bits, count=snapshot.size)
    return np.asarray(counts >= match.count)


def _parts(
    snapshot: Snapshot, match: And | Or, combine: np.ufunc
) -> tuple[Array | None, list[Array], list[Array]]:
    """What the children match: bits combined already, numbers of documents, masks."""
    bits: Array | None = None
    rare, masks = [], []
    for child in match.children:
        found = _documents(snapshot, child)
        if found is None:
            masks.append(_mask(snapshot, child))
        elif found.bits is None:
            rare.append(found.numbers())
        else:
            bits = found.bits if bits is None else combine(bits, found.bits)
    return bits, rare, masks


def _documents(snapshot: Snapshot, match: Query) -> DocScores | None:
    """Where a term set or a phrase is; None for other matches, and when time is over."""
    if isinstance(match, TermSet | Phrase) and not out_of_time():
        return doc_scores(snapshot, match)
    return None


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
