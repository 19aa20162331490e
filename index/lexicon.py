"""What the indexed vocabulary knows: forms of a fold, neighbours, compounds, with counts.

Nothing is stored apart: the counts are the document frequencies of the index itself, of living
documents only, so they are exact after every commit, delete and merge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .inversion import BARE_ZONE_MARK
from .retrieval.snapshot import Snapshot

_CACHED_FOLDS = 20_000


@dataclass(frozen=True, slots=True)
class FormCount:
    """An indexed form and the number of living documents that hold it."""

    text: str
    count: int

    @property
    def bare_zone(self) -> bool:
        """Whether it stands for occurrences in zones without any marks."""
        return self.text.endswith(BARE_ZONE_MARK)


class Lexicon:
    """Look-ups in one snapshot; cached, safe to share between threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.document_count = snapshot.document_count
        self.forms = lru_cache(_CACHED_FOLDS)(self._forms)
        """Folded form → its indexed forms, the most frequent first (bare-zone forms included)."""
        self.compounds = lru_cache(_CACHED_FOLDS)(self._compounds)
        """Folded compound ("ha noi") → its accented readings, the most frequent first."""
        self.pair_counts = lru_cache(_CACHED_FOLDS)(self._pair_counts)
        """Two folded syllables → ((first, second), count) of their readings side by side."""

    def readings(self, fold: str) -> tuple[FormCount, ...]:
        """The forms that people read a folded syllable as, without those of bare zones."""
        return tuple(form for form in self.forms(fold) if not form.bare_zone)

    def count(self, text: str, fold: str) -> int:
        """Living documents that hold a form outside of bare zones."""
        return next((form.count for form in self.forms(fold) if form.text == text), 0)

    def readings_of(self, fold: str) -> Sequence[tuple[str, float]]:
        """The readings with their counts, as restoration asks for them."""
        return [(form.text, form.count) for form in self.readings(fold)]

    def pairs_of(self, first: str, second: str) -> Sequence[tuple[tuple[str, str], float]]:
        """The same as `pair_counts`, as restoration asks for it."""
        return self.pair_counts(first, second)

    def words_of(self, first: str, second: str) -> Sequence[tuple[tuple[str, str], float]]:
        """The readings of two folded syllables as one word with their counts."""
        found = []
        for form in self.compounds(f"{first} {second}"):
            left, _, right = form.text.partition(" ")
            found.append(((left, right), float(form.count)))
        return found

    @property
    def total(self) -> float:
        """About as many syllables as the archive's articles hold, each counted once."""
        return 200.0 * self.document_count

    def folds_from(self, prefix: str, limit: int) -> list[str]:
        """Up to `limit` folded forms that begin with the prefix, the most frequent first."""
        counts: dict[str, int] = {}
        for part in self._snapshot:
            for fold, numbers in part.segment.terms.folds_from(prefix):
                living = (
                    part.segment.term_frequency_bound(numbers)
                    if part.live is None
                    else sum(part.living(part.segment.term_list(n)) for n in numbers)
                )
                if living:
                    counts[fold] = counts.get(fold, 0) + living
        return sorted(counts, key=lambda fold: (-counts[fold], fold))[:limit]

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""
        return self._snapshot.keyword(column).labels

    def pair_count(self, first: tuple[str, str], second: tuple[str, str]) -> int:
        """Documents with one (form, fold) right before another."""
        counts = dict(self.pair_counts(first[1], second[1]))
        return counts.get((first[0], second[0]), 0)

    def _forms(self, fold: str) -> tuple[FormCount, ...]:
        counts: dict[str, int] = {}
        for part in self._snapshot:
            for text, number in part.segment.terms.numbers(fold).items():
                counts[text] = counts.get(text, 0) + part.living(part.segment.term_list(number))
        return _ordered(counts)

    def _compounds(self, fold: str) -> tuple[FormCount, ...]:
        counts: dict[str, int] = {}
        for part in self._snapshot:
            for text, number in part.segment.words.numbers(fold).items():
                counts[text] = counts.get(text, 0) + part.living(part.segment.word_list(number))
        return _ordered(counts)

    def _pair_counts(self, first: str, second: str) -> tuple[tuple[tuple[str, str], int], ...]:
        counts: dict[tuple[str, str], int] = {}
        for part in self._snapshot:
            vocabulary = part.segment.terms
            followers = {number: text for text, number in vocabulary.numbers(second).items()}
            if not followers:
                continue
            for text, number in vocabulary.numbers(first).items():
                for pair in part.segment.pairs(number, vocabulary.forms(second)):
                    key = (text, followers[pair.second])
                    counts[key] = counts.get(key, 0) + part.living(part.segment.pair_list(pair))
        found = [(pair, count) for pair, count in counts.items() if count]
        return tuple(sorted(found, key=lambda item: (-item[1], item[0])))


def _ordered(counts: dict[str, int]) -> tuple[FormCount, ...]:
    found = [FormCount(text, count) for text, count in counts.items() if count]
    return tuple(sorted(found, key=lambda form: (-form.count, form.text)))
