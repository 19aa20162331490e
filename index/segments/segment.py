"""One opened segment: look-ups in its vocabulary, postings, positions, columns and stored text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import IndexCorrupt
from ..schema import Zone
from .analyzed import ZONE_TOKEN_LIMITS, unpack_frequencies
from .array_file import Array, ArrayFile
from .columns import NO_DATE, KeywordColumn
from .duplicates import sketch_runs
from .headlines import Headlines, headlines_of
from .positions import PositionStore
from .postings import LONG_LIST, PostingStore
from .strings import StringList, Vocabulary

#: The array with the articles themselves.
STORED_TEXTS = "doc.stored"
#: A segment of so few documents lacks most of what is asked for; sets tell that fastest.
_FEW_DOCUMENTS = 256


@dataclass(frozen=True, slots=True)
class PostingList:
    """One list of a posting store, decoded when asked for."""

    store: PostingStore
    key: int
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def docs(self) -> Array:
        """Segment document numbers, rising."""
        return self.store.documents(self.key, self.start, self.stop)

    @property
    def combinations(self) -> Array:
        """Rows of the combination table, parallel to the documents."""
        return self.store.combinations(self.start, self.stop)


@dataclass(frozen=True, slots=True)
class KeyedPostings:
    """Parallel arrays of all postings of a stream, with the number of their key."""

    keys: Array
    docs: Array
    combinations: Array


@dataclass(frozen=True, slots=True)
class Pair:
    """A syllable that follows another one; its postings are [start, stop) of the pair stream."""

    second: int
    number: int
    start: int
    stop: int

    @property
    def is_short(self) -> bool:
        """Whether its documents lie beside those of the neighbouring pairs."""
        return self.stop - self.start < LONG_LIST


class Segment:
    """A segment's arrays; immutable, safe to share between threads."""

    def __init__(self, file: ArrayFile) -> None:
        arrays = file.arrays
        self.file = file
        self.doc_count = len(arrays["doc.lengths"])
        self.lengths = arrays["doc.lengths"]
        self.zone_starts = arrays["doc.zone_starts"]
        self.terms = Vocabulary.of(file, "term")
        self.words = Vocabulary.of(file, "word")
        self.packed_combinations = arrays["combinations"]
        self.combinations = unpack_frequencies(self.packed_combinations)
        self.combination_rows = self.combinations.astype(np.float32)
        self.combinations_beyond_body = np.delete(self.combinations, Zone.BODY, axis=1).any(axis=1)
        """(combinations,) bool: whether a combination has occurrences outside of the body."""
        self.combination_totals = self.combinations.sum(axis=1, dtype=np.int64)
        self._terms = PostingStore.of(arrays, "term")
        self._pairs = PostingStore.of(arrays, "pair")
        self._words = PostingStore.of(arrays, "word")
        self._positions = PositionStore.of(arrays)
        self._arrays = arrays
        self.digests = arrays["doc.digest"]
        self.sketches = arrays["doc.sketch"]
        self.published = arrays["column.published"]
        unknown = np.broadcast_to(np.int64(NO_DATE), (self.doc_count,))
        self.changed = arrays.get("column.changed", unknown)
        """i8 milliseconds since 1970 UTC when each was taken in or changed, if that was noted."""
        self.titles = StringList(arrays["column.title"], arrays["column.title_offsets"])
        self.ids = StringList(arrays["doc.id"], arrays["doc.id_offsets"])
        self.stored = StringList(arrays[STORED_TEXTS], arrays[f"{STORED_TEXTS}_offsets"])
        """The stored bytes of each document."""
        self.is_sound = False
        """Whether everything in it was examined, and found to be possible."""

    # -- documents

    def find_docs(self, doc_id: str) -> Iterator[int]:
        """Every document number under this id, deleted ones included."""
        order = self._arrays["doc.id_order"]
        key = doc_id.encode("utf-8", "surrogatepass")
        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            if self.ids.raw(int(order[middle])) < key:
                low = middle + 1
            else:
                high = middle
        while low < len(order) and self.ids.raw(int(order[low])) == key:
            yield int(order[low])
            low += 1

    def keyword(self, name: str) -> KeywordColumn:
        """The keyword column of that name."""
        return KeywordColumn.of(self._arrays, name)

    def live_lengths(self, live: Array) -> Array:
        """(zones,) i8: the tokens of the living documents, added up.

        Args:
            live: one bool a document.
        """
        deleted = self.lengths[~live].sum(axis=0, dtype=np.int64)
        return np.asarray(self._lengths_of_all - deleted)

    @cached_property
    def _lengths_of_all(self) -> Array:
        # A column at a time: sums across short rows take three times as long.
        sums = [int(self.lengths[:, zone].sum(dtype=np.int64)) for zone in Zone]
        return np.array(sums, np.int64)

    @cached_property
    def sketch_runs(self) -> Array:
        """The sketches sorted by each of their bands; see `duplicates`."""
        return sketch_runs(self.sketches)

    # -- what a small segment does not have at all

    @cached_property
    def few_folds(self) -> frozenset[str] | None:
        """The folded forms of all its syllables; None in a large segment."""
        return frozenset(self.terms.folds.all()) if self.doc_count <= _FEW_DOCUMENTS else None

    @cached_property
    def few_pairs(self) -> frozenset[tuple[str, str]] | None:
        """The folded forms of all its pairs; None in a large segment."""
        return frozenset(self.folded_pairs()) if self.doc_count <= _FEW_DOCUMENTS else None

    # -- postings

    def term_list(self, number: int) -> PostingList:
        """The documents that hold one exact syllable."""
        ptr = self._arrays["term.ptr"]
        return PostingList(self._terms, number, int(ptr[number]), int(ptr[number + 1]))

    def term_run(self, numbers: range) -> tuple[Array, Array]:
        """Documents and combinations of neighbouring syllables at once; documents may repeat."""
        bounds = self._term_bounds(numbers)
        docs = self._terms.run_documents(numbers.start, bounds)
        return docs, self._terms.combinations(int(bounds[0]), int(bounds[-1]))

    def term_run_documents(self, numbers: range) -> Array:
        """The documents of neighbouring syllables at once; they may repeat."""
        return self._terms.run_documents(numbers.start, self._term_bounds(numbers))

    def _term_bounds(self, numbers: range) -> Array:
        return self._arrays["term.ptr"][numbers.start : numbers.stop + 1].astype(np.int64)

    def word_list(self, number: int) -> PostingList:
        """The documents that hold one segmented word."""
        ptr = self._arrays["word.ptr"]
        return PostingList(self._words, number, int(ptr[number]), int(ptr[number + 1]))

    def pair_list(self, pair: Pair) -> PostingList:
        """The documents that hold one pair of syllables."""
        return PostingList(self._pairs, pair.number, pair.start, pair.stop)

    def pair_run(self, pairs: Sequence[Pair]) -> tuple[Array, Array]:
        """Documents and combinations of neighbouring short lists at once; documents may repeat."""
        first, last = pairs[0], pairs[-1]
        docs = self._pairs.short_documents(first.number, first.start, last.stop)
        return docs, self._pairs.combinations(first.start, last.stop)

    def term_frequency_bound(self, numbers: range) -> int:
        """Document frequencies of consecutive syllables added up, deleted documents included."""
        ptr = self._arrays["term.ptr"]
        return int(ptr[numbers.stop]) - int(ptr[numbers.start])

    def term_frequencies(self) -> Array:
        """The document frequency of every syllable, deleted documents included; i8."""
        return np.diff(self._arrays["term.ptr"].astype(np.int64))

    def word_frequencies(self) -> Array:
        """The document frequency of every word, deleted documents included; i8."""
        return np.diff(self._arrays["word.ptr"].astype(np.int64))

    def pairs(self, first: int, seconds: range) -> Iterator[Pair]:
        """The pairs of one syllable with those of a number range that follow it somewhere."""
        rows = self._arrays["pair.rows"]
        low, high = int(rows[first]), int(rows[first + 1])
        second = self._seconds(low, high)
        # Needles of another type would have the whole array converted.
        begin, end = second.searchsorted(np.array((seconds.start, seconds.stop), second.dtype))
        if begin == end:
            return
        frequencies = self._pair_frequencies(low, low + int(end))
        stop = int(self._arrays["pair.row_ptr"][first]) + int(frequencies[:begin].sum())
        found = zip(second[begin:end].tolist(), frequencies[begin:end].tolist(), strict=True)
        for index, (number, frequency) in enumerate(found, low + int(begin)):
            yield Pair(number, index, stop, stop + frequency)
            stop += frequency

    def _seconds(self, low: int, high: int) -> Array:
        above = self._arrays["pair.second_high"][low:high].astype(np.uint32) << 16
        return np.asarray(above | self._arrays["pair.second_low"][low:high])

    def _pair_frequencies(self, low: int, high: int) -> Array:
        """Document frequencies of the pairs [low, high), deleted documents included."""
        frequencies = self._arrays["pair.df"][low:high].astype(np.int64)
        begin, end = np.searchsorted(self._pairs.long, (low, high))
        frequencies[self._pairs.long[begin:end].astype(np.int64) - low] = self._pairs.long_df[
            begin:end
        ]
        return frequencies

    def followers(self, first: int, seconds: range) -> tuple[Array, Array]:
        """Syllables of a number range that follow one syllable, and in how many documents.

        Deleted documents are counted too.
        """
        rows = self._arrays["pair.rows"]
        low, high = int(rows[first]), int(rows[first + 1])
        numbers = self._seconds(low, high)
        begin, end = (int(x) for x in np.searchsorted(numbers, (seconds.start, seconds.stop)))
        return numbers[begin:end], self._pair_frequencies(low + begin, low + end)

    def folded_pairs(self) -> Iterator[tuple[str, str]]:
        """The folded forms of every two syllables that stand side by side; pairs may repeat."""
        vocabulary = self.terms
        folds = vocabulary.folds.all()
        counts: Array = np.diff(vocabulary.fold_first.astype(np.int64))
        of_term = np.repeat(np.arange(len(folds)), counts)
        seconds_of: Array = np.diff(self._arrays["pair.rows"].astype(np.int64))
        firsts = np.repeat(of_term, seconds_of)
        keys = np.unique(firsts * len(folds) + of_term[self.all_seconds()])
        for first, second in zip(*np.divmod(keys, max(len(folds), 1)), strict=True):
            yield folds[first], folds[second]

    def positions(
        self, number: int, choose: Callable[[Array], Array] | None = None
    ) -> tuple[Array, Array]:
        """Occurrences of one syllable: parallel document numbers and positions (i8).

        Args:
            choose: from the syllable's documents, which rows of them are asked for, rising.
        """
        postings = self.term_list(number)
        docs = postings.docs
        first, last = self._positions.bounds(number)
        rows = None if choose is None else choose(docs)
        if rows is not None and not len(rows):
            return rows, rows
        counts = self.occurrences(postings.combinations, last - first)
        if rows is None:
            flat = self._positions.between(first, last)
            return np.repeat(docs.astype(np.int64), counts), flat
        ends = counts.cumsum()
        counts = counts[rows]
        shifts = ends[rows] - counts.cumsum()
        chosen = np.arange(int(counts.sum())) + np.repeat(shifts, counts)
        return np.repeat(docs[rows].astype(np.int64), counts), self._positions.at(first + chosen)

    def occurrences(self, combinations: Array, positions: int) -> Array:
        """Occurrences (i8) of postings, which must be as many as there are positions.

        Compared because it is what bounds the memory that altered arrays could ask for.
        """
        counts: Array = self.combination_totals[combinations]
        if int(counts.sum()) != positions:
            raise IndexCorrupt(self.file.path, "its frequencies do not add up to its positions")
        return counts

    # -- headlines, for suggestions

    @cached_property
    def headlines(self) -> Headlines:
        """The syllables of every headline in order; worked out once, 10 µs an article."""
        lists = self.all_terms()
        counts = self.combinations[:, Zone.HEADLINE][lists.combinations].astype(np.int64)
        totals = self.occurrences(lists.combinations, len(self._positions.low))
        chosen = np.flatnonzero(counts)
        # Positions rise, so those in the headline, the first zone, are the first of a document.
        firsts = (np.cumsum(totals) - totals)[chosen]
        counts = counts[chosen]
        before = np.cumsum(counts) - counts
        occurrences = np.repeat(firsts - before, counts) + np.arange(int(counts.sum()))
        positions = self._positions.at(occurrences)
        if positions.max(initial=0) > ZONE_TOKEN_LIMITS[Zone.HEADLINE]:
            raise IndexCorrupt(self.file.path, "a headline has a position beyond its end")
        return headlines_of(
            self.terms.text,
            np.repeat(lists.keys[chosen], counts),
            np.repeat(lists.docs[chosen], counts),
            positions,
            self.doc_count,
        )

    # -- everything at once, for merging

    def all_terms(self) -> KeyedPostings:
        """The postings of every syllable, keyed by its number."""
        return self._all(self._terms, self._arrays["term.ptr"])

    def all_words(self) -> KeyedPostings:
        """The postings of every word, keyed by its number."""
        return self._all(self._words, self._arrays["word.ptr"])

    def all_pairs(self) -> tuple[KeyedPostings, Array, Array]:
        """The postings of every pair, keyed by its number; its first and second syllable."""
        rows = self._arrays["pair.rows"].astype(np.int64)
        frequencies = self._pair_frequencies(0, int(rows[-1]))
        ptr = np.concatenate([[0], np.cumsum(frequencies)])
        first = np.repeat(np.arange(len(rows) - 1, dtype=np.uint32), np.diff(rows))
        return self._all(self._pairs, ptr), first, self.all_seconds()

    def all_seconds(self) -> Array:
        """The second syllable of every pair, keyed by its number."""
        return self._seconds(0, len(self._arrays["pair.second_low"]))

    def all_positions(self) -> tuple[Array, Array]:
        """Every position (u4), and the syllable whose it is."""
        ptr = self._positions.ptr.astype(np.int64)
        sizes: Array = np.diff(ptr)
        owners = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
        return self._positions.between(0, int(ptr[-1])).astype(np.uint32), owners

    @staticmethod
    def _all(store: PostingStore, ptr: Array) -> KeyedPostings:
        lengths: Array = np.diff(ptr.astype(np.int64))
        keys = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
        return KeyedPostings(keys, store.all_documents(ptr), store.combinations(0, len(keys)))
