"""One generation of the index: its segments side by side under global document numbers."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

import numpy as np

from ..article import Article
from ..cache import ByteCache, default_cache_bytes
from ..plan import TermSet
from ..query.label_match import label_keys
from ..ranking import DEFAULT_RANKING, RankingConstants, recency_factors, zone_norms
from ..schema import ZONE_COUNT, Zone
from ..segments.array_file import Array
from ..segments.columns import KEYWORD_COLUMNS, NO_DATE
from ..segments.duplicates import DuplicateGroups, duplicate_groups
from ..segments.segment import PostingList, Segment
from ..stored_article import load_article
from ..withdrawals import Withdrawals


class ZoneNorms:
    """What one occurrence in each document of a segment adds to x, under given averages."""

    def __init__(self, lengths: Array, averages: Array, constants: RankingConstants) -> None:
        self.zones = zone_norms(lengths, averages, constants)
        """(documents, zones) f4."""
        self.body = np.ascontiguousarray(self.zones[:, Zone.BODY])
        """(documents,) f4: those of the body, side by side in memory."""


class Part:
    """A segment within a snapshot; its document d is number base + d."""

    def __init__(self, segment: Segment, base: int, live: Array | None, norms: "Norms") -> None:
        self.segment = segment
        self.base = base
        self.live = live
        """One bool a document, None where nothing is deleted."""
        self._norms = norms

    @property
    def norms(self) -> ZoneNorms:
        """What one occurrence adds to x; worked out once for a segment and an epoch."""
        return self._norms.of(self.segment)

    def lacks(self, terms: TermSet) -> bool:
        """Whether it surely has none of the terms; told fast, and of small segments only."""
        folds = self.segment.few_folds
        return folds is not None and folds.isdisjoint(terms.folds)

    def lacks_pair(self, first: TermSet, second: TermSet) -> bool:
        """Whether the terms surely never stand side by side in it."""
        pairs = self.segment.few_pairs
        return pairs is not None and not any(
            (one, other) in pairs for one in first.folds for other in second.folds
        )

    def live_count(self, postings: PostingList) -> int:
        """How many documents of a posting list are alive."""
        if self.live is None:
            return len(postings)
        return int(np.count_nonzero(self.live[postings.docs]))


class Norms:
    """The norms of every segment that is in use, under the averages of one epoch."""

    def __init__(self, averages: Array, constants: RankingConstants) -> None:
        self.averages = averages
        self.constants = constants
        self._of: WeakKeyDictionary[Segment, ZoneNorms] = WeakKeyDictionary()

    def of(self, segment: Segment) -> ZoneNorms:
        """Those of one segment."""
        found = self._of.get(segment)
        if found is None:
            found = ZoneNorms(segment.lengths, self.averages, self.constants)
            self._of[segment] = found
        return found


@dataclass(frozen=True, slots=True)
class Shared:
    """What a snapshot has in common with an earlier one, whose documents have the same numbers."""

    parts: int
    """So many leading parts have the same segments."""
    size: int
    """The documents in them."""
    deleted: Array
    """Those of them that were deleted since."""
    all_there: bool
    """Whether every document of the earlier one is as it was, so that some were only added."""


@dataclass(frozen=True, slots=True)
class TitleOrder:
    """The collation keys of headlines in order, and the rank of each document's among them."""

    version: int
    keys: list[bytes]
    ranks: Array


#: So many new headlines are put in their places one by one.
_MOST_INSERTED = 1_000
_NOTHING_SHARED = Shared(0, 0, np.zeros(0, np.int64), all_there=False)
#: So many commits later, what was kept of an earlier snapshot and not asked for is made anew.
_LINEAGE_KEPT = 256


@dataclass(frozen=True, slots=True)
class KeywordValues:
    """A keyword column of the live documents, one entry a value.

    `docs` and `values` run in parallel: document numbers and label numbers.
    """

    labels: list[str]
    keys: list[str]
    """What a filter takes for each label."""
    numbers: Mapping[str, int]
    docs: Array
    values: Array


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
        average_lengths: Sequence[float] | None = None,
        before: "Snapshot | None" = None,
    ) -> None:
        """Nothing is read but lengths.

        Args:
            average_lengths: (zones,) those of the epoch; None: those of the living documents.
            before: an earlier one, whose caches are taken over as far as they still hold.
        """
        self.withdrawn = withdrawn or Withdrawals()
        """What must not be shown; none of it is alive here."""
        self.generation = generation
        self.constants = constants
        self.size = sum(segment.doc_count for segment, _ in segments)
        """Documents including deleted ones: the length of every per-document array."""
        self.live = np.concatenate([live for _, live in segments]) if segments else np.ones(0, bool)
        self.document_count = int(self.live.sum())
        self.average_lengths: Array = (
            mean_lengths(segments, self.document_count)
            if average_lengths is None
            else np.array(average_lengths)
        )
        """(zones,) f8: mean tokens that scores are computed with."""
        self.version = 0
        """Rises with every snapshot that takes over the caches of another."""
        self.cache = ByteCache(0)
        self._norms = Norms(self.average_lengths, constants)
        self._lineage: dict[int, Shared] = {}
        """Version of an earlier snapshot → what it has in common with this one."""
        if before is not None and self._has_statistics_of(before):
            self._norms, self.cache = before._norms, before.cache
            self.version = before.version + 1
        self.cache.limit = default_cache_bytes(self.size) if cache_bytes is None else cache_bytes
        self.parts: list[Part] = []
        base = 0
        for segment, live in segments:
            self.parts.append(Part(segment, base, None if live.all() else live, self._norms))
            base += segment.doc_count
        self._bases = [part.base for part in self.parts]
        self.keyword = lru_cache(len(KEYWORD_COLUMNS))(self._keyword)
        """The keyword column of that name over all documents."""
        self._titles_before: TitleOrder | None = None
        if before is not None and self.version:
            self._lineage = self._lineage_after(before)
            self._titles_before = before.__dict__.get("_titles", before._titles_before)

    def _has_statistics_of(self, other: "Snapshot") -> bool:
        return self.constants == other.constants and np.array_equal(
            self.average_lengths, other.average_lengths
        )

    def _lineage_after(self, before: "Snapshot") -> dict[int, Shared]:
        last = self.shared_directly(before)
        lineage = {before.version: last}
        for version, earlier in before._lineage.items():
            if version >= self.version - _LINEAGE_KEPT:
                parts, size = min((earlier.parts, earlier.size), (last.parts, last.size))
                deleted = earlier.deleted
                if len(last.deleted):
                    deleted = np.concatenate([deleted, last.deleted])
                deleted = deleted[deleted < size]
                all_there = earlier.all_there and last.all_there
                lineage[version] = Shared(parts, size, deleted, all_there)
        return lineage

    def shared_directly(self, before: "Snapshot") -> Shared:
        """What it has in common with the snapshot before it, whatever averages both have."""
        size = count = 0
        for mine, other in zip(self.parts, before.parts, strict=False):
            stop = size + mine.segment.doc_count
            # A rollback or a backup may bring back what was deleted.
            revived = (
                (self.live[size:stop] & ~before.live[size:stop])
                if mine.segment is other.segment
                else None
            )
            if revived is None or revived.any():
                break
            size, count = stop, count + 1
        deleted = np.flatnonzero(before.live[:size] & ~self.live[:size])
        return Shared(count, size, deleted, all_there=size == before.size and not len(deleted))

    def shared_with(self, version: int) -> Shared:
        """What this snapshot has in common with an earlier one; nothing if that was long ago."""
        return self._lineage.get(version, _NOTHING_SHARED)

    @cached_property
    def duplicates(self) -> DuplicateGroups:
        """The live documents that are nearly the same text as others."""
        segments = [
            (part.base, part.segment.sketches, part.segment.sketch_runs) for part in self.parts
        ]
        return duplicate_groups(segments, self.live)

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

    @property
    def title_ranks(self) -> Array:
        """(size,) rank of each headline in Vietnamese alphabetical order; equal keys are equal."""
        return self._titles.ranks

    @cached_property
    def _titles(self) -> "TitleOrder":
        known, self._titles_before = self._titles_before, None
        shared = self.shared_with(-1 if known is None else known.version)
        new = [
            part.segment.titles.raw(doc)
            for part in self.parts[shared.parts :]
            for doc in range(part.segment.doc_count)
        ]
        if known is None or len(new) > _MOST_INSERTED:
            new = [*self._title_keys(shared.parts), *new]
            keys = sorted(set(new))
            ranks = {key: rank for rank, key in enumerate(keys)}
            return TitleOrder(self.version, keys, np.array([ranks[key] for key in new], np.int64))
        keys, places = list(known.keys), []
        for key in sorted(set(new)):
            at = bisect_left(known.keys, key)
            if known.keys[at : at + 1] != [key]:
                places.append(at)
                keys.insert(at + len(places) - 1, key)
        before = known.ranks[: shared.size]
        before = before + np.searchsorted(np.array(places, np.int64), before, side="right")
        after = np.array([bisect_left(keys, key) for key in new], np.int64)
        return TitleOrder(self.version, keys, np.concatenate([before, after]))

    def _title_keys(self, parts: int) -> Iterator[bytes]:
        """The collation keys of the headlines of so many leading parts."""
        for part in self.parts[:parts]:
            yield from map(part.segment.titles.raw, range(part.segment.doc_count))

    def recency_factors(self, half_life: int) -> Array:
        """(size,) f4: what scores are multiplied by where newer articles are preferred."""
        share = self.constants.recency_share
        return recency_factors(self.published, self.newest, half_life, share)

    def doc_id(self, doc: int) -> str:
        """The id of a document number."""
        part = self.parts[bisect_right(self._bases, doc) - 1]
        return part.segment.ids[doc - part.base]

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
        keys = list(label_keys(labels).values())
        return KeywordValues(labels, keys, numbers, all_docs[live], kept)

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


def mean_lengths(segments: Sequence[tuple[Segment, Array]], count: int) -> Array:
    """(zones,) f8: mean tokens of the living documents, of which there are so many."""
    lengths = np.zeros(ZONE_COUNT, np.int64)
    for segment, live in segments:
        lengths += segment.live_lengths(live)
    return lengths / max(count, 1)
