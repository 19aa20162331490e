"""Counts of everyday Vietnamese news, so that a small archive restores accents from its first day.

The file holds figures only: how often syllables and neighbouring syllables occur in 50,000 news
articles of 2002 to 2006 (scripts/build_prior.py). The archive's own counts outweigh them as it
grows: the prior always weighs as much as PRIOR_ARTICLES articles.
"""

import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypeVar

import numpy as np

from ..cache import Memo
from ..segments.array_file import Array, read_arrays
from ..segments.strings import StringList, Vocabulary
from .restore import Counts

#: The articles that the prior was counted in.
COUNTED_ARTICLES = 50_000
#: The articles of one's own that weigh as much as the prior does.
PRIOR_ARTICLES = 10_000
#: Counts are stored as round(8 · log2(count)).
LOG_STEPS = 8
_FILE = "data/prior.xz"
_CACHED = 20_000

_Form = TypeVar("_Form")


@dataclass(frozen=True, slots=True)
class Prior:
    """Syllables sorted by folded form, and sparse counts of neighbours."""

    vocabulary: Vocabulary
    counts: Array
    rows: Array
    seconds: Array
    pair_counts: Array
    keys: Array
    """Of each pair, its first number times the number of syllables, plus its second; rising."""
    folds: frozenset[str]
    """The folded forms of all syllables."""

    def neighbour_counts(self, firsts: Array, seconds: Array) -> Array:
        """How often each syllable of one list is followed by each of another: (firsts, seconds).

        Args:
            firsts: numbers of syllables, as `vocabulary` has them; so are `seconds`.
        """
        keys = (firsts[:, None] * len(self.counts) + seconds).ravel()
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        counts = np.where(self.keys[at] == keys, self.pair_counts[at], 0.0)
        return counts.reshape(len(firsts), len(seconds))

    def candidates_of(self, fold: str) -> list[tuple[str, float]]:
        """The forms of a folded syllable with their counts."""
        text = self.vocabulary.text
        numbers = self.vocabulary.forms(fold)
        return [(text[number], float(self.counts[number])) for number in numbers]

    def pairs_of(self, first: str, second: str) -> list[tuple[tuple[str, str], float]]:
        """The readings of two folded syllables side by side with their counts."""
        found = []
        text = self.vocabulary.text
        seconds = self.vocabulary.forms(second)
        for number in self.vocabulary.forms(first) if seconds else ():
            row = slice(int(self.rows[number]), int(self.rows[number + 1]))
            low, high = np.searchsorted(self.seconds[row], (seconds.start, seconds.stop))
            for at in range(row.start + int(low), row.start + int(high)):
                pair = (text[number], text[int(self.seconds[at])])
                found.append((pair, float(self.pair_counts[at])))
        return found


@cache
def load_prior() -> Prior:
    """The shipped prior, read once."""
    packed = resources.files("index").joinpath(_FILE).read_bytes()
    arrays = read_arrays(_FILE, lzma.decompress(packed)).arrays
    rows = arrays["rows"].astype(np.int64)
    steps = arrays["second_low"].astype(np.int64) | (arrays["second_high"].astype(np.int64) << 8)
    summed = np.cumsum(steps)
    before = np.concatenate([[0], summed])[rows[:-1]]
    sizes: Array = np.diff(rows)
    seconds = summed - np.repeat(before, sizes)
    folds = StringList(arrays["fold"], arrays["fold_offsets"])
    return Prior(
        Vocabulary(StringList(arrays["text"], arrays["text_offsets"]), folds, arrays["fold_first"]),
        _counts(arrays["counts"]),
        rows,
        seconds,
        _counts(arrays["pair_counts"]),
        np.repeat(np.arange(len(sizes)), sizes) * len(sizes) + seconds,
        frozenset(folds.all()),
    )


def _counts(logarithms: Array) -> Array:
    """Counts in articles-of-one's-own units."""
    scale = PRIOR_ARTICLES / COUNTED_ARTICLES
    return np.asarray(2.0 ** (logarithms.astype(np.float32) / LOG_STEPS) * scale)


class BlendedCounts:
    """An archive's counts added to the prior's, which is read when first asked."""

    def __init__(self, archive: Counts, before: "BlendedCounts | None" = None) -> None:
        """Nothing is read yet.

        Args:
            before: that of an earlier generation: sums of the same counts are the same.
        """
        self._archive = archive
        self._readings: Memo[Sequence[tuple[str, float]]] = (
            Memo(_CACHED) if before is None else before._readings
        )
        self._pairs: Memo[Sequence[tuple[tuple[str, str], float]]] = (
            Memo(_CACHED) if before is None else before._pairs
        )
        self.words_of = archive.words_of

    @property
    def total(self) -> float:
        """All counts of single forms added up, roughly."""
        return self._archive.total + _prior_total()

    def candidates_of(self, fold: str) -> Sequence[tuple[str, float]]:
        """The forms of a folded syllable with their counts, the most frequent first."""
        own = tuple(self._archive.candidates_of(fold))

        def blended() -> Sequence[tuple[str, float]]:
            counts = _added(own, load_prior().candidates_of(fold))
            return sorted(counts.items(), key=lambda item: (-item[1], item[0]))

        return self._readings.get((fold, own), blended)

    def pairs_of(self, first: str, second: str) -> Sequence[tuple[tuple[str, str], float]]:
        """The readings of two folded syllables side by side with their counts."""
        own = tuple(self._archive.pairs_of(first, second))
        return self._pairs.get(
            (first, second, own),
            lambda: list(_added(own, load_prior().pairs_of(first, second)).items()),
        )


def _added(
    one: Sequence[tuple[_Form, float]], other: Sequence[tuple[_Form, float]]
) -> dict[_Form, float]:
    counts = dict(one)
    for form, count in other:
        counts[form] = counts.get(form, 0.0) + count
    return counts


@cache
def _prior_total() -> float:
    return float(load_prior().counts.sum())
