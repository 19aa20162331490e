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
from .phrases import phrase_weights
from .snapshot import Snapshot
from .term_sets import Weights, term_weights


def match_mask(snapshot: Snapshot, match: Match) -> Array:
    """One bool a document number; deleted documents never match."""
    return np.asarray(_mask(snapshot, match) & snapshot.live)


def _mask(snapshot: Snapshot, match: Match) -> Array:
    match match:
        case TermSet():
            return _of_weights(snapshot, term_weights(snapshot, match))
        case Phrase():
            return _of_weights(snapshot, phrase_weights(snapshot, match))
        case And():
            mask = np.ones(snapshot.size, bool)
            for child in match.children:
                mask &= _mask(snapshot, child)
            return mask
        case Or():
            mask = np.zeros(snapshot.size, bool)
            for child in match.children:
                mask |= _mask(snapshot, child)
            return mask
        case Not():
            return ~_mask(snapshot, match.child)
        case AtLeast():
            counts = np.zeros(snapshot.size, np.uint16)
            for child in match.children:
                counts += _mask(snapshot, child)
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


def _of_weights(snapshot: Snapshot, weights: Weights) -> Array:
    if weights.row is not None:
        return np.asarray(weights.row > 0)
    mask = np.zeros(snapshot.size, bool)
    mask[weights.docs] = True
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
