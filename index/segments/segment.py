"""One opened segment: look-ups in its vocabulary, postings, positions, columns and stored text."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .array_file import Array, ArrayFile
from .columns import KeywordColumn
from .postings import PostingStore
from .strings import StringList
from .tokens import unpack_frequencies


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Strings sorted by folded form; the forms of one fold have consecutive numbers."""

    text: StringList
    folds: StringList
    fold_first: Array

    @classmethod
    def of(cls, file: ArrayFile, prefix: str) -> "Vocabulary":
        """The vocabulary with this prefix."""
        arrays = file.arrays
        return cls(
            StringList(arrays[f"{prefix}.text"], arrays[f"{prefix}.text_offsets"]),
            StringList(arrays[f"{prefix}.fold"], arrays[f"{prefix}.fold_offsets"]),
            arrays[f"{prefix}.fold_first"],
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
        return next((number for number in self.forms(fold) if self.text[number] == text), None)

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
class Postings:
    """Parallel arrays: segment document numbers (rising) and rows of the combination table."""

    docs: Array
    combinations: Array


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
        self.combination_totals = self.combinations.sum(axis=1)
        self._terms = PostingStore.of(arrays, "term")
        self._pairs = PostingStore.of(arrays, "pair")
        self._words = PostingStore.of(arrays, "word")
        self._arrays = arrays
        self.digests = arrays["doc.digest"]
        self.published = arrays["column.published"]
        self.titles = StringList(arrays["column.title"], arrays["column.title_offsets"])
        self.ids = StringList(arrays["doc.id"], arrays["doc.id_offsets"])
        self._stored = StringList(arrays["doc.stored"], arrays["doc.stored_offsets"])

    # -- documents

    def stored(self, doc: int) -> bytes:
        """The stored bytes of one document."""
        return self._stored.raw(doc)

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

    def term_postings(self, number: int) -> Postings:
        """Where one exact syllable occurs."""
        ptr = self._arrays["term.ptr"]
        return self._postings(self._terms, int(ptr[number]), int(ptr[number + 1]))

    def term_frequency_bound(self, numbers: range) -> int:
        """Document frequencies of consecutive syllables added up, deleted documents included."""
        ptr = self._arrays["term.ptr"]
        return int(ptr[numbers.stop]) - int(ptr[numbers.start])

    def word_postings(self, number: int) -> Postings:
        """Where one segmented word occurs."""
        ptr = self._arrays["word.ptr"]
        return self._postings(self._words, int(ptr[number]), int(ptr[number + 1]))

    def pair_postings(self, start: int, stop: int) -> Postings:
        """The postings at [start, stop), as `pairs` names them."""
        return self._postings(self._pairs, start, stop)

    def pairs(self, first: int, seconds: range) -> Iterator[tuple[int, int, int]]:
        """(second, start, stop) of the pairs of one syllable with those of a number range."""
        rows = self._arrays["pair.rows"]
        low, high = int(rows[first]), int(rows[first + 1])
        second = self._arrays["pair.second"][low:high]
        begin, end = np.searchsorted(second, (seconds.start, seconds.stop))
        if begin == end:
            return
        frequencies = self._arrays["pair.df"][low : low + int(end)].astype(np.int64)
        stops = np.cumsum(frequencies) + int(self._arrays["pair.row_ptr"][first])
        for index in range(int(begin), int(end)):
            stop = int(stops[index])
            yield int(second[index]), stop - int(frequencies[index]), stop

    def pair_frequencies(self, first: int) -> tuple[Array, Array]:
        """All neighbours that follow one syllable: their numbers and document frequencies."""
        rows = self._arrays["pair.rows"]
        row = slice(int(rows[first]), int(rows[first + 1]))
        return self._arrays["pair.second"][row], self._arrays["pair.df"][row]

    def positions(self, number: int, chosen: Array | None = None) -> tuple[Array, Array]:
        """Occurrences of one syllable: parallel document numbers and positions (i8).

        Args:
            chosen: restricts them to these rows of the syllable's postings.
        """
        postings = self.term_postings(number)
        ptr = self._arrays["term.position_ptr"]
        flat = self._arrays["term.positions"][int(ptr[number]) : int(ptr[number + 1])]
        counts = self.combination_totals[postings.combinations].astype(np.int64)
        if chosen is None:
            return np.repeat(postings.docs.astype(np.int64), counts), flat.astype(np.int64)
        starts = np.cumsum(counts) - counts
        counts = counts[chosen]
        ends = np.cumsum(counts)
        within = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
        rows = np.repeat(starts[chosen], counts) + within
        return np.repeat(postings.docs[chosen].astype(np.int64), counts), flat[rows].astype(
            np.int64
        )

    def _postings(self, store: PostingStore, start: int, stop: int) -> Postings:
        return Postings(store.docs[start:stop], store.numbers(start, stop))

    # -- for merging

    def all_term_postings(self) -> Postings:
        """The postings of every syllable, one after the other."""
        return self._postings(self._terms, 0, len(self._terms.docs))

    def all_word_postings(self) -> Postings:
        """The postings of every word, one after the other."""
        return self._postings(self._words, 0, len(self._words.docs))

    def all_pair_postings(self) -> Postings:
        """The postings of every pair, one after the other."""
        return self._postings(self._pairs, 0, len(self._pairs.docs))

    @property
    def arrays(self) -> "dict[str, Array]":
        """All arrays by name."""
        return dict(self._arrays)
