"""One generation of the index: its segments side by side under global document numbers."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..article import Article, load_article
from ..cache import ByteCache, default_cache_bytes
from ..ranking import DEFAULT_RANKING, RankingConstants, recency_factors, zone_norms
from ..schema import ZONE_COUNT, Zone
from ..segments.analyzed import SKETCH_BYTES
from ..segments.array_file import Array
from ..segments.columns import NO_DATE
from ..segments.duplicates import DuplicateGroups, duplicate_groups
from ..segments.segment import PostingList, Segment
from ..withdrawals import Withdrawals


@dataclass(frozen=True, slots=True)
class Part:
    """A segment within a snapshot; its document d is number base + d."""

    segment: Segment
    base: int
    live: Array | None
    """One bool a document, None where nothing is deleted."""

    def live_count(self, postings: PostingList) -> int:
        """How many documents of a posting list are alive."""
        if self.live is None:
            return len(postings)
        return int(np.count_nonzero(self.live[postings.docs]))


@dataclass(frozen=True, slots=True)
class KeywordValues:
    """A keyword column of the live documents, one entry a value.

    `docs` and `values` run in parallel: document numbers and label numbers.
    """

    labels: list[str]
    numbers: Mapping[str, int]
    docs: Array
    values: Array

    @property
    def nbytes(self) -> int:
        """Memory, roughly."""
        return int(self.docs.nbytes + self.values.nbytes + 100 * len(self.labels))


class Snapshot:
    """Statistics and caches of one generation; immutable, safe to share between threads."""

    def __init__(
        self,
        generation: int,
        segments: Sequence[tuple[Segment, Array]],
        *,
        constants: RankingConstants = DEFAULT_RANKING,
        cache_bytes: int | None = None,
        withdrawn: Withdrawals | None = None,
    ) -> None:
        self.withdrawn = withdrawn or Withdrawals()
        """What must not be shown; none of it is alive here."""
        self.generation = generation
        self.constants = constants
        self.parts: list[Part] = []
        base = 0
        for segment, live in segments:
            self.parts.append(Part(segment, base, None if live.all() else live))
            base += segment.doc_count
        self._bases = [part.base for part in self.parts]
        self.size = base
        """Documents including deleted ones: the length of every per-document array."""
        limit = default_cache_bytes(self.size) if cache_bytes is None else cache_bytes
        self.cache = ByteCache(limit)
        self.live = np.concatenate([live for _, live in segments]) if segments else np.ones(0, bool)
        self.document_count = int(self.live.sum())

    @cached_property
    def lengths(self) -> Array:
        """(size, zones) tokens."""
        return self._joined([part.segment.lengths for part in self.parts], ZONE_COUNT)

    @cached_property
    def zone_starts(self) -> Array:
        """(size, zones) first positions."""
        return self._joined([part.segment.zone_starts for part in self.parts], ZONE_COUNT)

    @cached_property
    def average_lengths(self) -> Array:
        """(zones,) f8: mean tokens over the live documents."""
        if not self.document_count:
            return np.zeros(ZONE_COUNT)
        live = self.lengths
        if self.document_count < self.size:
            live = live[self.live]
        # A column at a time: sums across short rows take three times as long.
        sums = [int(live[:, zone].sum(dtype=np.int64)) for zone in Zone]
        return np.array(sums) / self.document_count

    @cached_property
    def norms(self) -> Array:
        """(size, zones) f4: what one occurrence adds to x."""
        return zone_norms(self.lengths, self.average_lengths, self.constants)

    @cached_property
    def body_norms(self) -> Array:
        """(size,) f4: the norms of the body, side by side in memory."""
        return np.ascontiguousarray(self.norms[:, Zone.BODY])

    @cached_property
    def duplicates(self) -> DuplicateGroups:
        """The live documents that are nearly the same text as others."""
        sketches = [part.segment.sketches for part in self.parts]
        empty = np.zeros((0, SKETCH_BYTES), np.uint8)
        return duplicate_groups(np.concatenate(sketches or [empty]), self.live)

    @cached_property
    def published(self) -> Array:
        """(size,) i8 seconds since 1970 UTC, NO_DATE where unknown."""
        return np.concatenate(
            [part.segment.published for part in self.parts] or [np.zeros(0, np.int64)]
        )

    @cached_property
    def changed(self) -> Array:
        """(size,) i8 milliseconds since 1970 UTC, NO_DATE where no change was noted."""
        return np.concatenate(
            [part.segment.changed for part in self.parts] or [np.zeros(0, np.int64)]
        )

    @cached_property
    def newest(self) -> int:
        """When the newest live article was published, NO_DATE if no day is known."""
        return int(self.published[self.live].max(initial=NO_DATE))

    @cached_property
    def title_ranks(self) -> Array:
        """(size,) rank of each headline in Vietnamese alphabetical order; equal keys are equal."""
        keys = [
            part.segment.titles.raw(d) for part in self.parts for d in range(part.segment.doc_count)
        ]
        ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
        return np.array([ranks[key] for key in keys], np.int64)

    def recency_factors(self, half_life: int) -> Array:
        """(size,) f4: what scores are multiplied by where newer articles are preferred."""
        share = self.constants.recency_share
        return recency_factors(self.published, self.newest, half_life, share)

    def doc_id(self, doc: int) -> str:
        """The id of a document number."""
        part = self.parts[bisect_right(self._bases, doc) - 1]
        return part.segment.ids[doc - part.base]

    def keyword(self, name: str) -> KeywordValues:
        """The keyword column of that name over all documents."""
        return self.cache.get(("keyword", name), KeywordValues, lambda: self._keyword(name))

    def _keyword(self, name: str) -> KeywordValues:
        columns = [part.segment.keyword(name) for part in self.parts]
        labels = sorted({label for column in columns for label in column.labels.all()})
        numbers = {label: number for number, label in enumerate(labels)}
        docs, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for part, column in zip(self.parts, columns, strict=True):
            counts: Array = np.diff(column.ptr.astype(np.int64))
            docs.append(np.repeat(np.arange(part.segment.doc_count) + part.base, counts))
            renumbered = np.array([numbers[label] for label in column.labels.all()], np.int64)
            values.append(renumbered[column.numbers] if len(renumbered) else values[0])
        all_docs, all_values = np.concatenate(docs), np.concatenate(values)
        live = self.live[all_docs]
        used, kept = np.unique(all_values[live], return_inverse=True)
        labels = [labels[number] for number in used.tolist()]
        numbers = {label: number for number, label in enumerate(labels)}
        return KeywordValues(labels, numbers, all_docs[live], kept)

    def article(self, doc: int) -> Article:
        """The article of a document number; raises IndexCorrupt where it cannot be read."""
        part = self.parts[bisect_right(self._bases, doc) - 1]
        part.segment.file.check_size()
        return load_article(part.segment.file.path, part.segment.stored.raw(doc - part.base))

    def find(self, doc_id: str) -> int | None:
        """The live document with this id."""
        for part in self.parts:
            for doc in part.segment.find_docs(doc_id):
                if part.live is None or part.live[doc]:
                    return part.base + doc
        return None

    def release(self) -> None:
        """Give mapped pages back; the operating system keeps what it has room for."""
        for part in self.parts:
            part.segment.file.release()

    def _joined(self, arrays: Sequence[Array], columns: int) -> Array:
        return np.concatenate(arrays) if arrays else np.zeros((0, columns), np.uint32)
