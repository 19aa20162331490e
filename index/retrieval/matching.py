"""Which documents match: a plan's boolean tree as masks."""

from dataclasses import dataclass
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
from .contributions import weights_of
from .snapshot import Snapshot


def match_mask(snapshot: Snapshot, match: Match) -> Array:
    """One bool a document number; deleted documents never match.

    What time did not suffice for matches nothing, so that no wrong document is ever shown.
    """
    mask = _mask(snapshot, match)
    mask &= snapshot.live
    return mask


def _mask(snapshot: Snapshot, match: Match) -> Array:
    """A new mask, which the caller may change."""
    if out_of_time():
        return np.zeros(snapshot.size, bool)
    match match:
        case TermSet() | Phrase():
            return presence(snapshot, match).mask(snapshot.size)
        case And():
            mask = np.ones(snapshot.size, bool)
            for child in match.children:
                mask &= _mask(snapshot, child)
            return mask
        case Or():
            mask = np.zeros(snapshot.size, bool)
            for child in match.children:
                if isinstance(child, TermSet | Phrase) and not out_of_time():
                    presence(snapshot, child).add_to(mask)
                else:
                    mask |= _mask(snapshot, child)
            return mask
        case Not():
            mask = ~_mask(snapshot, match.child)
            return np.zeros(snapshot.size, bool) if out_of_time() else mask
        case AtLeast():
            counts = np.zeros(snapshot.size, np.min_scalar_type(len(match.children)))
            for child in match.children:
                np.add(counts, _mask(snapshot, child), out=counts)
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


@dataclass(frozen=True, slots=True)
class Presence:
    """The living documents with a term set or phrase: their numbers, or one bit a document."""

    documents: Array
    bits: Array | None
    count: int
    """How many documents there are."""

    @property
    def nbytes(self) -> int:
        """Memory of the arrays and their keys, roughly."""
        return int(self.documents.nbytes + (0 if self.bits is None else self.bits.nbytes) + 600)

    def add_to(self, mask: Array) -> None:
        if self.bits is None:
            mask[self.documents] = True
        else:
            mask |= np.unpackbits(self.bits, count=len(mask)).view(bool)

    def among(self, docs: Array) -> Array:
        """Which of some document numbers are there (bool)."""
        if self.bits is not None:
            return np.asarray(self.bits[docs >> 3] >> (7 - (docs & 7)) & 1).astype(bool)
        places = np.minimum(self.documents.searchsorted(docs), max(0, len(self.documents) - 1))
        return (
            np.asarray(self.documents[places] == docs) if self.count else np.zeros(len(docs), bool)
        )

    def mask(self, size: int) -> Array:
        if self.bits is not None:
            return np.unpackbits(self.bits, count=size).view(bool)
        mask = np.zeros(size, bool)
        mask[self.documents] = True
        return mask


def presence(snapshot: Snapshot, match: TermSet | Phrase) -> Presence:
    """The living documents with a term set or phrase, from the cache or made."""

    def make() -> Presence:
        weights = weights_of(snapshot, match)
        bits = None if weights.row is None else np.packbits(weights.row > 0)
        return Presence(weights.documents, bits, weights.document_frequency)

    return snapshot.cache.get(("presence", match), Presence, make)


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
