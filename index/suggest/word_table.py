"""Words and syllables of one generation, sorted by fold, with their document frequencies."""

from bisect import bisect_left

import numpy as np

from analyzers import fold, is_syllable

from ..retrieval.snapshot import Snapshot
from ..segments.array_file import Array
from ..segments.inversion import BARE_ZONE_MARK
from ..segments.segment import Vocabulary
from .query_prefix import TypedText

#: Syllables that so few articles of a segment hold are mostly typing errors.
_MIN_SINGLE = 3
#: A segment so small is spared that.
_SMALL = 1000
_READ_AT_MOST = 600
#: Words are asked for rather than syllables.
_SYLLABLE_SHARE = 0.05
_LAST = "\U0010ffff"


class Dictionary:
    """What a typed text may become as one word."""

    def __init__(self, snapshot: Snapshot) -> None:
        counts: dict[str, int] = {}
        folds: dict[str, str] = {}
        for part in snapshot.parts:
            segment = part.segment
            least = _MIN_SINGLE if segment.doc_count > _SMALL else 1
            _count(counts, folds, segment.words, segment.word_frequencies(), 1)
            _count(counts, folds, segment.terms, segment.term_frequencies(), least)
        self._texts = sorted(filter(_is_written, counts), key=lambda text: (folds[text], text))
        self._folds = [folds[text] for text in self._texts]
        self._weights = np.array([_weight(text, counts[text]) for text in self._texts], np.float32)

    def weight(self, text: str, fold: str) -> float:
        """The weight of one word, 0 where it is none."""
        index = bisect_left(self._folds, fold)
        while index < len(self._folds) and self._folds[index] == fold:
            if self._texts[index] == text:
                return float(self._weights[index])
            index += 1
        return 0.0

    def weight_from(self, prefix: str) -> float:
        """The greatest weight of a word whose fold begins so, 0 where there is none."""
        weights = self._weights[self._range(prefix)]
        return float(weights.max()) if len(weights) else 0.0

    def weight_of_beginning(self, exact: str) -> float:
        """The greatest weight of a word whose first syllable may become of this beginning."""
        found = self.words(TypedText((exact,), (fold(exact),)), 1)
        return found[0][1] if found else 0.0

    def words(self, typed: TypedText, limit: int) -> list[tuple[tuple[str, ...], float]]:
        """The likeliest words that begin with the typed text, each with its weight."""
        chosen = self._range(typed.key)
        found: list[tuple[tuple[str, ...], float]] = []
        for index in _largest(self._weights[chosen], _READ_AT_MOST):
            forms = tuple(self._texts[chosen.start + index].split(" "))
            if typed.begins(forms):
                found.append((forms, float(self._weights[chosen.start + index])))
                if len(found) == limit:
                    break
        return found

    def _range(self, prefix: str) -> slice:
        return slice(bisect_left(self._folds, prefix), bisect_left(self._folds, prefix + _LAST))


def _count(
    counts: dict[str, int],
    folds: dict[str, str],
    vocabulary: Vocabulary,
    frequencies: Array,
    least: int,
) -> None:
    """Add the strings of a vocabulary that so many documents hold."""
    texts, known_folds = vocabulary.text.all(), vocabulary.folds.all()
    chosen = np.flatnonzero(frequencies >= least)
    of_fold = np.searchsorted(vocabulary.fold_first, chosen, side="right") - 1
    rows = zip(chosen.tolist(), of_fold.tolist(), frequencies[chosen].tolist(), strict=True)
    for number, fold_number, frequency in rows:
        text = texts[number]
        counts[text] = counts.get(text, 0) + frequency
        folds[text] = known_folds[fold_number]


def _is_written(text: str) -> bool:
    """Whether people may type it: no piece with marks in it, nothing of a zone without marks."""
    return not text.endswith(BARE_ZONE_MARK) and text.replace(" ", "").isalnum()


def _weight(text: str, count: int) -> float:
    single = " " not in text and is_syllable(text)
    return _SYLLABLE_SHARE * count if single else float(count)


def _largest(values: Array, count: int) -> list[int]:
    """The places of the largest values, the largest first."""
    if len(values) > count:
        chosen = np.argpartition(-values, count)[:count]
    else:
        chosen = np.arange(len(values))
    order: list[int] = chosen[np.argsort(-values[chosen], kind="stable")].tolist()
    return order
