"""Words in a query, accented or not, from the archive's own neighbours; pyvi stays out.

Two syllables belong together when they stand side by side far more often than chance would have
it: lift = n(a b) · N / (n(a) · n(b)). The cover with the greatest Σ log(lift / 20) wins; a pair
that the segmenter took for one word counts eightfold.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from analyzers import Token, fold

from .restore import Counts, likeliest_forms

_LONGEST_WORD = 3
_TOGETHER = 20.0
_WORD_FACTOR = 8.0
#: In a word of three syllables, the weaker joint must reach this share of the stronger one.
_WEAKEST_JOINT = 0.3


def segment_query(counts: Counts, tokens: Sequence[Token]) -> list[str]:
    """The words of the likeliest reading, syllables joined by "_"."""
    forms = likeliest_forms(counts, tokens)
    lifts = [_lift(counts, first, second) for first, second in pairwise(forms)]
    # best[end][word]: the value of the best cover of forms[:end] that ends with this word.
    best: list[dict[str, tuple[float, tuple[str, ...]]]] = [{"": (0.0, ())}]
    for end in range(1, len(forms) + 1):
        covers: dict[str, tuple[float, tuple[str, ...]]] = {}
        for start in range(max(0, end - _LONGEST_WORD), end):
            word = "_".join(forms[start:end])
            value = _value(lifts[start : end - 1])
            for previous, (before, words) in best[start].items():
                # A word of several syllables is hardly ever said twice running.
                gain = min(value, 0.0) if previous == word and end - start > 1 else value
                cover = (before + gain, (*words, word))
                covers[word] = max(covers.get(word, (-math.inf, ())), cover)
        best.append(covers)
    return list(max(best[-1].values())[1])


def _lift(counts: Counts, first: str, second: str) -> float:
    folds = (fold(first), fold(second))
    together = dict(counts.pairs_of(*folds)).get((first, second), 0.0)
    as_word = dict(counts.words_of(*folds)).get((first, second), 0.0)
    alone = [
        dict(counts.candidates_of(folded)).get(form, 0.0) + 0.5
        for folded, form in zip(folds, (first, second), strict=True)
    ]
    factor = _WORD_FACTOR if as_word else 1.0
    return factor * together * counts.total / (alone[0] * alone[1])


def _value(lifts: Sequence[float]) -> float:
    if not lifts:
        return 0.0
    if min(lifts) <= 0 or min(lifts) < _WEAKEST_JOINT * max(lifts):
        return -math.inf
    return sum(math.log(lift / _TOGETHER) for lift in lifts)
