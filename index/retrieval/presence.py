"""Which documents have a term set or a phrase, without their weights."""

from dataclasses import dataclass

import numpy as np

from ..query.plan import Phrase, TermSet
from ..schema import ALL_ZONES
from ..segments.array_file import Array
from .contributions import weights_of
from .snapshot import Snapshot
from .term_sets import DENSE_SHARE, documents_of


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


def presence(snapshot: Snapshot, match: TermSet | Phrase, *, scored: bool = True) -> Presence:
    """The living documents with a term set or phrase, from the cache or made.

    Args:
        scored: whether the weights are needed next: then they are made on the way.
    """

    def make() -> Presence:
        if not scored and isinstance(match, TermSet) and match.zones == ALL_ZONES:
            return _packed(snapshot, documents_of(snapshot, match))
        weights = weights_of(snapshot, match)
        bits = None if weights.row is None else np.packbits(weights.row > 0)
        return Presence(weights.documents, bits, weights.document_frequency)

    return snapshot.cache.get(("presence", match), Presence, make)


def _packed(snapshot: Snapshot, mask: Array) -> Presence:
    count = int(np.count_nonzero(mask))
    if count > DENSE_SHARE * snapshot.size:
        return Presence(np.zeros(0, np.int32), np.packbits(mask), count)
    return Presence(np.flatnonzero(mask).astype(np.int32), None, count)
