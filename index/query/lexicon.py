"""What the indexed vocabulary knows: forms of a fold, neighbours, compounds, with counts.

Nothing is stored apart: the counts are the document frequencies of the index itself, of live
documents only, so they are exact after every commit, delete and merge.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from ..segments.inversion import BARE_ZONE_MARK

_CACHED_FOLDS = 20_000


@dataclass(frozen=True, slots=True)
class VariantCount:
    """An indexed form and the number of live documents that hold it."""

    text: str
    count: int

    @property
    def bare_zone(self) -> bool:
        """Whether it stands for occurrences in zones without any marks."""
        return self.text.endswith(BARE_ZONE_MARK)


class LexiconSource(Protocol):
    """The vocabulary of one generation, in no order; forms that no live document has count 0."""

    @property
    def document_count(self) -> int:
        """Living documents."""

    def variant_counts(self, fold: str) -> Mapping[str, int]:
        """The indexed forms of a folded syllable with their document frequencies."""

    def compound_counts(self, fold: str) -> Mapping[str, int]:
        """The accented readings of a folded compound with their document frequencies."""

    def pair_counts(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        """The readings of two folded syllables side by side with their document frequencies."""

    def fold_counts(self, prefix: str) -> Mapping[str, int]:
        """The folded forms that begin with a prefix, with the counts of their forms added up."""

    def known_folds(self, folds: Collection[str]) -> Collection[str]:
        """Those of the folded forms that are indexed, perhaps in deleted documents only."""

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""


class Lexicon:
    """Look-ups in one generation; cached, safe to share between threads."""

    def __init__(self, source: LexiconSource) -> None:
        self._source = source
        self.document_count = source.document_count
        self.variants = lru_cache(_CACHED_FOLDS)(self._variants)
        """Folded form → its indexed forms, the most frequent first (bare-zone forms included)."""
        self.pair_counts = lru_cache(_CACHED_FOLDS)(self._pair_counts)
        """Two folded syllables → ((first, second), count) of their variants side by side."""

    def written_variants(self, fold: str) -> tuple[VariantCount, ...]:
        """The forms that people read a folded syllable as, without those of bare zones."""
        return tuple(form for form in self.variants(fold) if not form.bare_zone)

    def count(self, text: str, fold: str) -> int:
        """Living documents that hold a form outside of bare zones."""
        return next((form.count for form in self.variants(fold) if form.text == text), 0)

    def candidates_of(self, fold: str) -> Sequence[tuple[str, float]]:
        """The readings with their counts, as restoration asks for them."""
        return [(form.text, form.count) for form in self.written_variants(fold)]

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
        counts = self._source.fold_counts(prefix)
        return sorted(counts, key=lambda fold: (-counts[fold], fold))[:limit]

    def known_folds(self, folds: Collection[str]) -> list[str]:
        """Those of the folded forms that living documents have, the most frequent first."""
        counts = {
            fold: sum(form.count for form in self.variants(fold))
            for fold in self._source.known_folds(folds)
        }
        known = [fold for fold, count in counts.items() if count]
        return sorted(known, key=lambda fold: (-counts[fold], fold))

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""
        return self._source.labels(column)

    def pair_count(self, first: tuple[str, str], second: tuple[str, str]) -> int:
        """Documents with one (form, fold) right before another."""
        counts = dict(self.pair_counts(first[1], second[1]))
        return counts.get((first[0], second[0]), 0)

    def _variants(self, fold: str) -> tuple[VariantCount, ...]:
        return _ordered(self._source.variant_counts(fold))

    def compounds(self, fold: str) -> tuple[VariantCount, ...]:
        """The accented variants of a folded compound ("ha noi"), the most frequent first."""
        return _ordered(self._source.compound_counts(fold))

    def _pair_counts(self, first: str, second: str) -> tuple[tuple[tuple[str, str], int], ...]:
        counts = self._source.pair_counts(first, second)
        found = [(pair, count) for pair, count in counts.items() if count]
        return tuple(sorted(found, key=lambda item: (-item[1], item[0])))


def _ordered(counts: Mapping[str, int]) -> tuple[VariantCount, ...]:
    found = [VariantCount(text, count) for text, count in counts.items() if count]
    return tuple(sorted(found, key=lambda form: (-form.count, form.text)))
