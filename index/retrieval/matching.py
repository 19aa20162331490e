"""Which documents match: a plan's boolean tree as masks."""

from typing import assert_never

import numpy as np

from ..query.plan import (
    And,
    AtLeast,
    IdIn,
    KeywordIs,
    Match,
    Not,
    Or,
    Phrase,
    PublishedWithin,
    TermSet,
)
from ..segments.array_file import Array
from ..segments.columns import NO_DATE
from .budget import out_of_time
from .presence import presence
from .snapshot import Snapshot


def match_mask(snapshot: Snapshot, match: Match, *, scored: bool = True) -> Array:
    """One bool a document number; deleted documents never match.

    Args:
        scored: whether what matches is evidence that is added up next.

    What time did not suffice for matches nothing, so that no wrong document is ever shown.
    """
    mask = _mask(snapshot, match, scored)
    mask &= snapshot.live
    return mask


def _mask(snapshot: Snapshot, match: Match, scored: bool) -> Array:
    """A new mask, which the caller may change."""
    if out_of_time():
        return np.zeros(snapshot.size, bool)
    match match:
        case TermSet() | Phrase():
            return presence(snapshot, match, scored=scored).mask(snapshot.size)
        case And():
            mask = np.ones(snapshot.size, bool)
            for child in match.children:
                mask &= _mask(snapshot, child, scored)
            return mask
        case Or():
            mask = np.zeros(snapshot.size, bool)
            for child in match.children:
                if isinstance(child, TermSet | Phrase) and not out_of_time():
                    presence(snapshot, child, scored=scored).add_to(mask)
                else:
                    mask |= _mask(snapshot, child, scored)
            return mask
        case Not():
            mask = ~_mask(snapshot, match.child, scored)
            return np.zeros(snapshot.size, bool) if out_of_time() else mask
        case AtLeast():
            counts = np.zeros(snapshot.size, np.min_scalar_type(len(match.children)))
            for child in match.children:
                np.add(counts, _mask(snapshot, child, scored), out=counts)
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
