"""Analysed documents on their way into a segment."""

from dataclasses import dataclass

import numpy as np

from ..schema import ZONE_COUNT, Zone
from .array_file import Array

#: How many tokens of a zone are indexed; the limits let five frequencies fit into one u64.
ZONE_TOKEN_LIMITS = {
    Zone.HEADLINE: (1 << 9) - 1,
    Zone.LEAD: (1 << 13) - 1,
    Zone.BODY: (1 << 20) - 1,
    Zone.CAPTIONS: (1 << 11) - 1,
    Zone.RELATED: (1 << 11) - 1,
}
#: Bytes that tell near copies, see `near_copies`.
SKETCH_BYTES = 24
_WIDTHS = tuple(limit.bit_length() for limit in ZONE_TOKEN_LIMITS.values())
_SHIFTS = tuple(sum(_WIDTHS[:zone]) for zone in range(ZONE_COUNT))


def pack_frequencies(frequencies: Array) -> Array:
    """One u64 for each row of (n, 5) term frequencies per zone."""
    packed = np.zeros(len(frequencies), dtype=np.uint64)
    for zone in range(ZONE_COUNT):
        packed |= frequencies[:, zone].astype(np.uint64) << np.uint64(_SHIFTS[zone])
    return packed


def unpack_frequencies(packed: Array) -> Array:
    """The (n, 5) term frequencies per zone, u4, of packed rows."""
    frequencies = np.empty((len(packed), ZONE_COUNT), dtype=np.uint32)
    for zone in range(ZONE_COUNT):
        mask = np.uint64((1 << _WIDTHS[zone]) - 1)
        frequencies[:, zone] = (packed >> np.uint64(_SHIFTS[zone])) & mask
    return frequencies


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentColumns:
    """The values that filters, facets and sorting read."""

    source: str
    section: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    published: int | None
    """Seconds since 1970-01-01 UTC."""
    title_key: bytes
    """Sorts headlines in Vietnamese alphabetical order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchVocabulary:
    """The distinct strings of a batch; documents refer to them by number."""

    terms: tuple[str, ...]
    terms_folded: tuple[str, ...]
    words: tuple[str, ...]
    words_folded: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyzedDocument:
    """One article as arrays of vocabulary numbers.

    `terms`, `positions`, `zones`, `primary` run in parallel, one entry a token. Positions count
    from 0 over the whole document with a gap between paragraphs, so that neighbours are always
    of one paragraph. `primary` is 0 for tokens stacked on another one (dates, joined forms).
    """

    doc_id: str
    terms: Array
    positions: Array
    zones: Array
    primary: Array
    words: Array
    word_zones: Array
    lengths: tuple[int, ...]
    """Primary tokens of each zone."""
    zone_starts: tuple[int, ...]
    """The first position of each zone, never falling."""
    stored: bytes
    digest: int
    """64 bits that tell whether the article has changed."""
    sketch: Array
    """Tells near copies, see `near_copies`."""
    columns: DocumentColumns


@dataclass(frozen=True, slots=True)
class AnalyzedBatch:
    """Analysed documents with the vocabulary that their numbers refer to."""

    vocabulary: BatchVocabulary
    documents: tuple[AnalyzedDocument, ...]
