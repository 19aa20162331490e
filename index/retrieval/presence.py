"""Which documents have a term set or a phrase, without their weights."""

from dataclasses import dataclass

import numpy as np

from ..plan import Phrase, TermSet
from ..schema import ALL_ZONES
from ..segments.array_file import Array
from .contributions import weights_of
from .snapshot import Snapshot
from .term_sets import documents_of

#: From this share of all documents on, one bit a document takes less room than their numbers, and
#: bits are combined faster.
_BITS_SHARE = 1 / 32


@dataclass(frozen=True, slots=True)
class Presence:
    """The live documents with a term set or phrase: their numbers, or one bit a document."""

    documents: Array
    bits: Array | None
    count: int
    """How many documents there are."""

    @property
    def nbytes(self) -> int:
        """Memory of the arrays and their keys, roughly."""
        return int(self.documents.nbytes + (0 if self.bits is None else self.bits.nbytes) + 600)

    def among(self, docs: Array) -> Array:
        """Which of some document numbers are there (bool)."""
        if self.bits is not None:
            return np.asarray(self.bits[docs >> 3] >> (7 - (docs & 7)) & 1).astype(bool)
        places = np.minimum(self.documents.searchsorted(docs), max(0, len(self.documents) - 1))
        return (
            np.asarray(self.documents[places] == docs) if self.count else np.zeros(len(docs), bool)
        )

    def mask(self, size: int) -> Array:
        """One bool a document number."""
        if self.bits is not None:
            return unpacked(self.bits, size)
        mask = np.zeros(size, bool)
        mask[self.documents] = True
        return mask


def unpacked(bits: Array, size: int) -> Array:
    """(size,) bool of packed bits."""
    return np.unpackbits(bits, count=size).view(bool)


def presence(snapshot: Snapshot, match: TermSet | Phrase, *, scored: bool = True) -> Presence:
    """The live documents with a term set or phrase, from the cache or made.

    Args:
        scored: whether the weights are needed next: then they are made on the way.
    """

    def make() -> Presence:
        if not scored and isinstance(match, TermSet) and match.zones == ALL_ZONES:
            return _packed(snapshot, documents_of(snapshot, match))
        weights = weights_of(snapshot, match)
        if weights.row is not None:
            return _packed(snapshot, weights.row > 0)
        found = Presence(weights.documents, None, weights.document_frequency)
        return (
            found
            if _is_rare(snapshot, found.count)
            else _packed(snapshot, found.mask(snapshot.size))
        )

    return snapshot.cache.get(("presence", match), Presence, make)


def _packed(snapshot: Snapshot, mask: Array) -> Presence:
    count = int(np.count_nonzero(mask))
    if _is_rare(snapshot, count):
        return Presence(np.flatnonzero(mask).astype(np.int32), None, count)
    return Presence(np.zeros(0, np.int32), np.packbits(mask), count)


def _is_rare(snapshot: Snapshot, count: int) -> bool:
    return count < _BITS_SHARE * snapshot.size
