"""Words in a query, accented or not, by a walk over the archive's own compounds; pyvi stays out."""

import math
from collections.abc import Sequence

from analyzers import Token, fold

from ..lexicon import Lexicon
from .restore import Counts, restore

_LONGEST_WORD = 5


def segment_query(lexicon: Lexicon, counts: Counts, tokens: Sequence[Token]) -> list[str]:
    """The words of the likeliest reading, syllables joined by "_".

    A word costs −log of its share of the archive's articles; the cheapest cover wins.
    """
    restored = restore(counts, tokens, best=1)
    if not restored:
        return []
    forms = restored[0].forms
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(forms) + 1):
        best.append(
            min(
                (best[start][0] + _cost(lexicon, counts, forms[start:end]), start)
                for start in range(max(0, end - _LONGEST_WORD), end)
            )
        )
    words: list[str] = []
    end = len(forms)
    while end:
        start = best[end][1]
        words.append("_".join(forms[start:end]))
        end = start
    return words[::-1]


def _cost(lexicon: Lexicon, counts: Counts, forms: Sequence[str]) -> float:
    folded = [fold(form) for form in forms]
    if len(forms) == 1:
        count = dict(counts.readings_of(folded[0])).get(forms[0], 0.0)
    else:
        written = " ".join(forms)
        known = {form.text: form.count for form in lexicon.compounds(" ".join(folded))}
        count = known.get(written, 0)
        if not count:
            return math.inf
    return -math.log((count + 0.5) / (counts.total + 1.0))
