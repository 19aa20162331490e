"""How likely syllables follow each other in an archive: a bigram model for correcting slips.

    P(b | a) = 0.85 · n(a b) / n(a) + 0.15 · (n(b) + ½) / N

n counts articles of the archive and of the prior, N all their syllables. People ask in whole words,
so neighbours that the segmenter took for one word count more. What stands side by side in everyday
news but nowhere in the archive counts less: the archive is what is searched.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .lexicon import Lexicon
from .restore import BIGRAM_SHARE, Counts, joint_counts
from .slips import is_joined

#: How many times likelier two syllables are that are one word.
WORD_BONUS = 30.0
_ELSEWHERE = 0.1

Form: TypeAlias = tuple[str, str]
"""An exact key and its folded form."""


@dataclass(frozen=True, slots=True)
class BigramModel:
    """The model of one query; what it asked for is kept."""

    lexicon: Lexicon
    counts: Counts
    _singles: dict[str, Mapping[str, float]] = field(default_factory=dict)
    _pairs: dict[tuple[str, str], Mapping[tuple[str, str], float]] = field(default_factory=dict)

    def count(self, form: Form) -> float:
        """n of a form."""
        return self.forms(form[1]).get(form[0], 0.0)

    def pair(self, first: Form, second: Form) -> float:
        """n of two neighbours, raised where they are a word, lowered where the archive has none."""
        return self.pairs(first[1], second[1]).get((first[0], second[0]), 0.0)

    def alone(self, form: Form) -> float:
        """log P of a form that nothing stands before."""
        return math.log((self.count(form) + 0.5) / (self.counts.total + 1.0))

    def step(self, first: Form, second: Form) -> float:
        """log P(second | first)."""
        alone = (self.count(second) + 0.5) / (self.counts.total + 1.0)
        follows = self.pair(first, second) / max(self.count(first), 1e-9)
        return math.log(BIGRAM_SHARE * follows + (1 - BIGRAM_SHARE) * alone)

    def sequence(self, forms: Sequence[Form]) -> float:
        """log P of the forms in a row, given the first one."""
        return sum(map(self.step, forms[:-1], forms[1:]))

    def known_forms(self, folded: str, most: int) -> list[str]:
        """The forms of a fold that the archive has, the most frequent first."""
        forms = self.forms(folded)
        written = [form.text for form in self.lexicon.written_variants(folded)]
        known = [form for form in written if form in forms and not is_joined(form)]
        return sorted(known, key=lambda form: -forms[form])[:most]

    def forms(self, folded: str) -> Mapping[str, float]:
        """The forms of a fold with their n."""
        found = self._singles.get(folded)
        if found is None:
            found = self._singles[folded] = dict(self.counts.candidates_of(folded))
        return found

    def pairs(self, first: str, second: str) -> Mapping[tuple[str, str], float]:
        """The forms of two folds side by side with their n."""
        found = self._pairs.get((first, second))
        if found is None:
            here = dict(self.lexicon.pairs_of(first, second))
            joint = joint_counts(self.counts, first, second, WORD_BONUS)
            found = self._pairs[first, second] = {
                pair: count if pair in here else _ELSEWHERE * count for pair, count in joint.items()
            }
        return found
