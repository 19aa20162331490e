"""Words and syllables of one generation, sorted by fold, with their document frequencies."""

from bisect import bisect_left
from typing import Literal

import numpy as np

from analyzers import fold, is_syllable

from ..retrieval.snapshot import Snapshot
from ..segments.array_file import Array
from ..segments.inversion import BARE_ZONE_MARK
from ..segments.segment import Segment
from .headline_table import place
from .query_prefix import TypedText

#: Syllables that so few articles of a segment hold are mostly typing errors.
_MIN_SINGLE = 3
#: A segment so small is spared that.
_SMALL = 1000
_READ_AT_MOST = 600
#: Where more documents came, went or were moved, everything is counted anew.
_MOST_CHANGED = 2_000
#: Words are asked for rather than syllables.
_SYLLABLE_SHARE = 0.05
_LAST = "\U0010ffff"


class Dictionary:
    """What a typed text may become as one word."""

    def __init__(self, snapshot: Snapshot, before: "Dictionary | None" = None) -> None:
        """Vocabularies are read.

        Args:
            before: that of an earlier generation, of which what has not changed is taken over.
        """
        self._snapshot = snapshot
        counts: dict[str, int] = {}
        folds: dict[str, str] = {}
        new, gone = snapshot.parts, snapshot.parts[:0]
        if before is not None:
            shared = snapshot.shared_directly(before._snapshot)
            new, gone = new[shared.parts :], before._snapshot.parts[shared.parts :]
            if sum(part.segment.doc_count for part in (*new, *gone)) > _MOST_CHANGED:
                new, gone, before = snapshot.parts, [], None
        for part in gone:
            _count(counts, folds, part.segment, -1)
        for part in new:
            _count(counts, folds, part.segment, 1)
        self._texts: list[str] = [] if before is None else list(before._texts)
        self._folds: list[str] = [] if before is None else list(before._folds)
        self._counts: Array = np.zeros(0, np.int64) if before is None else before._counts.copy()
        self._weights: Array = np.zeros(0, np.float32) if before is None else before._weights.copy()
        self._add(counts, folds)

    def _add(self, counts: dict[str, int], folds: dict[str, str]) -> None:
        """Add counts of words, known ones or new ones."""
        new = []
        for text, count in counts.items():
            at = self._index(text, folds[text]) if count and self._texts else None
            if at is not None:
                self._counts[at] += count
                self._weights[at] = _weight(text, int(self._counts[at]))
            elif count and _is_written(text):
                new.append((folds[text], text))
        new.sort()
        fresh = np.array([counts[text] for _, text in new], np.int64)
        weights = np.array([_weight(text, counts[text]) for _, text in new], np.float32)
        if not self._texts:
            self._folds, self._texts = [fold for fold, _ in new], [text for _, text in new]
            self._counts, self._weights = fresh, weights
            return
        places = [place(self._folds, self._texts, *word) for word in new]
        for at, word in zip(reversed(places), reversed(new), strict=True):
            self._folds.insert(at, word[0])
            self._texts.insert(at, word[1])
        self._counts = np.insert(self._counts, places, fresh)
        self._weights = np.insert(self._weights, places, weights)

    def _index(self, text: str, fold: str) -> int | None:
        at = place(self._folds, self._texts, fold, text)
        return at if at < len(self._texts) and self._texts[at] == text else None

    def weight(self, text: str, fold: str) -> float:
        """The weight of one word, 0 where it is none."""
        at = self._index(text, fold)
        return 0.0 if at is None else float(self._weights[at])

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
            if self._weights[chosen.start + index] <= 0:
                break  # an earlier generation had it
            forms = tuple(self._texts[chosen.start + index].split(" "))
            if typed.begins(forms):
                found.append((forms, float(self._weights[chosen.start + index])))
                if len(found) == limit:
                    break
        return found

    def _range(self, prefix: str) -> slice:
        return slice(bisect_left(self._folds, prefix), bisect_left(self._folds, prefix + _LAST))


def _count(
    counts: dict[str, int], folds: dict[str, str], segment: Segment, sign: Literal[1, -1]
) -> None:
    """Add or take off the strings of a segment that so many documents hold."""
    least = _MIN_SINGLE if segment.doc_count > _SMALL else 1
    for vocabulary, frequencies, most_rare in (
        (segment.words, segment.word_frequencies(), 1),
        (segment.terms, segment.term_frequencies(), least),
    ):
        texts, known_folds = vocabulary.text.all(), vocabulary.folds.all()
        chosen = np.flatnonzero(frequencies >= most_rare)
        of_fold = np.searchsorted(vocabulary.fold_first, chosen, side="right") - 1
        rows = zip(chosen.tolist(), of_fold.tolist(), frequencies[chosen].tolist(), strict=True)
        for number, fold_number, frequency in rows:
            text = texts[number]
            counts[text] = counts.get(text, 0) + sign * frequency
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
