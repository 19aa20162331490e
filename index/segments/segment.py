"""One opened segment: look-ups in its vocabulary, postings, positions, columns and stored text."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..cache import Memo
from ..errors import IndexCorrupt
from ..schema import Zone
from .analyzed import ZONE_TOKEN_LIMITS, unpack_frequencies
from .array_file import Array, ArrayFile
from .columns import KeywordColumn
from .headlines import Headlines, headlines_of
from .positions import PositionStore
from .postings import LONG_LIST, PostingStore
from .strings import StringList

#: The array with the articles themselves.
STORED_TEXTS = "doc.stored"
#: Folded forms whose strings are remembered: all that queries ask for over and over.
_LOOK_UPS_KEPT = 10_000
#: From so many folded forms with so many letters in common on, a part of the list is read instead.
_MANY, _BEGINNING = 12, 3


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Strings sorted by folded form; the forms of one fold have consecutive numbers."""

    text: StringList
    folds: StringList
    fold_first: Array
    _looked_up: Memo[Mapping[str, int]] = field(
        default_factory=lambda: Memo(_LOOK_UPS_KEPT), repr=False
    )

    @classmethod
    def of(cls, file: ArrayFile, prefix: str) -> "Vocabulary":
        """The vocabulary with this prefix."""
        arrays = file.arrays
        return cls(
            StringList(arrays[f"{prefix}.text"], arrays[f"{prefix}.text_offsets"]),
            StringList(arrays[f"{prefix}.fold"], arrays[f"{prefix}.fold_offsets"]),
            arrays[f"{prefix}.fold_first"],
        )

    def numbers(self, fold: str) -> Mapping[str, int]:
        """The strings with this folded form, in order, with their numbers."""
        return self._looked_up.get(
            fold, lambda: {self.text[number]: number for number in self.forms(fold)}
        )

    def forms(self, fold: str) -> range:
        """The numbers of the strings with this folded form."""
        key = fold.encode("utf-8", "surrogatepass")
        index = self.folds.bisect(key)
        if index == len(self.folds) or self.folds.raw(index) != key:
            return range(0)
        return range(int(self.fold_first[index]), int(self.fold_first[index + 1]))

    def number(self, text: str, fold: str) -> int | None:
        """The number of one string."""
        return self.numbers(fold).get(text)

    def numbers_from(self, prefix: str) -> range:
        """The numbers of the strings whose folded form begins with the prefix."""
        key = prefix.encode("utf-8", "surrogatepass")
        # No byte of UTF-8 is as high as this one.
        low, high = self.folds.bisect(key), self.folds.bisect(key + b"\xff")
        return range(int(self.fold_first[low]), int(self.fold_first[high]))

    def among(self, folds: Collection[str]) -> Iterator[str]:
        """Those of the folded forms that the list has; faster where they begin alike."""
        by_beginning: dict[str, set[str]] = {}
        for fold in folds:
            by_beginning.setdefault(fold[:_BEGINNING], set()).add(fold)
        for beginning, wanted in by_beginning.items():
            if len(wanted) >= _MANY:
                yield from wanted.intersection(fold for fold, _ in self.folds_from(beginning))
            else:
                yield from (fold for fold in wanted if self.forms(fold))

    def folds_from(self, prefix: str) -> Iterator[tuple[str, range]]:
        """Folded forms with this prefix in order, each with the numbers of its strings."""
        key = prefix.encode("utf-8", "surrogatepass")
        index = self.folds.bisect(key)
        while index < len(self.folds):
            raw = self.folds.raw(index)
            if not raw.startswith(key):
                return
            fold = raw.decode("utf-8", "surrogatepass")
            yield fold, range(int(self.fold_first[index]), int(self.fold_first[index + 1]))
            index += 1


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

    def positions(self, number: int, chosen: Array | None = None) -> tuple[Array, Array]:
        """Occurrences of one syllable: parallel document numbers and positions (i8).

        Args:
            chosen: restricts them to these rows of the syllable's postings.
        """
        postings = self.term_list(number)
        flat = self._positions.of_term(number)
        counts = self.occurrences(postings.combinations, len(flat))
        if chosen is None:
            return np.repeat(postings.docs.astype(np.int64), counts), flat
        starts = np.cumsum(counts) - counts
        counts = counts[chosen]
        ends = np.cumsum(counts)
        within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
        rows = np.repeat(starts[chosen], counts) + within
        return np.repeat(postings.docs[chosen].astype(np.int64), counts), flat[rows]

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
