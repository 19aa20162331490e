"""Analysed documents on their way into a segment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
#: Bytes that tell near copies, see `duplicates`.
SKETCH_BYTES = 24
_WIDTHS = tuple(limit.bit_length() for limit in ZONE_TOKEN_LIMITS.values())
_SHIFTS = tuple(sum(_WIDTHS[:zone]) for zone in range(ZONE_COUNT))


#: (5,) u64: one occurrence in each zone; sums of them are packed frequencies, one u64 a row.
ONE_IN_ZONE = np.uint64(1) << np.array(_SHIFTS, np.uint64)


def unpack_frequencies(packed: Array) -> Array:
    """The (n, 5) term frequencies per zone, u4, of sums of `ONE_IN_ZONE`."""
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
    changed: int | None = None
    """When the archive took it in or saw it changed, in milliseconds since then."""
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
    """Tells near copies, see `duplicates`."""
    columns: DocumentColumns


_ARRAYS = ("terms", "positions", "zones", "primary", "words", "word_zones", "sketch")
_VALUES = ("doc_id", "lengths", "zone_starts", "stored", "digest", "columns")


@dataclass(frozen=True, slots=True)
class AnalyzedBatch:
    """Analysed documents with the vocabulary that their numbers refer to."""

    vocabulary: BatchVocabulary
    documents: tuple[AnalyzedDocument, ...]

    def __reduce__(self) -> tuple[Callable[..., "AnalyzedBatch"], tuple[object, ...]]:
        # Seven arrays a batch travel between processes several times faster than seven a document.
        joined = [
            np.concatenate(arrays) if arrays else np.zeros(0, np.uint8)
            for arrays in ([getattr(each, name) for each in self.documents] for name in _ARRAYS)
        ]
        sizes = [[len(getattr(each, name)) for name in _ARRAYS] for each in self.documents]
        values = [tuple(getattr(each, name) for name in _VALUES) for each in self.documents]
        return _unpickled, (self.vocabulary, joined, sizes, values)


def _unpickled(
    vocabulary: BatchVocabulary,
    joined: list[Array],
    sizes: list[list[int]],
    values: list[tuple[Any, ...]],
) -> AnalyzedBatch:
    ends = np.cumsum(np.array(sizes, np.int64).reshape(-1, len(_ARRAYS)), axis=0).tolist()
    starts = [[0] * len(_ARRAYS), *ends]
    documents = []
    for first, last, row in zip(starts[:-1], ends, values, strict=True):
        fields: dict[str, Any] = dict(zip(_VALUES, row, strict=True))
        for name, array, start, end in zip(_ARRAYS, joined, first, last, strict=True):
            fields[name] = array[start:end]
        documents.append(AnalyzedDocument(**fields))
    return AnalyzedBatch(vocabulary, tuple(documents))
