"""Pseudo-relevance feedback: the best articles settle readings that the words leave open.

Which reading of a bare syllable is meant often shows in what else is asked for: `tu nhan tai
guantanamo` are prisoners (tù nhân) in the articles about Guantánamo, although `tư nhân` (private)
is more frequent. The best articles for all readings together raise the probability of the readings
that they hold more often than other articles do.

Of a label, the best three articles also name what belongs to it: the rare pairs of syllables that
most of them share score a little, so that other articles about the same event follow.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from ..plan import PairSet, ScoringClause, TermSet, WeightedTerm
from ..schema import ALL_ZONES
from ..segments.array_file import Array
from .restore import Priors, Restored

#: So many of the best articles are read.
FEEDBACK_DOCS = 15
#: So many of them say what else an event is told with, by so many pairs.
PAIR_DOCS = 3
_PAIRS = 20
#: A token is ambiguous whose best reading is below this probability …
_SURE = 0.95
#: … and those above this one come into question, a few at most.
_POSSIBLE = 0.01
_MAX_POSSIBLE = 6
#: An article counts e times less for each such share of the best score that its score is lower.
_SCORE_STEP = 0.08
#: How much the articles count beside the neighbours.
_STRENGTH = 0.85
_SMOOTHING = 0.01
#: For readings that do not come into question.
_NEVER = 1e-40


@dataclass(frozen=True, slots=True)
class FeedbackStats:
    """What the best articles hold: their scores, falling; holds[d, r] tells whether article d
    holds reading r; frequencies[r] is the share of all articles that do."""

    scores: Array
    holds: Array
    frequencies: Array


@dataclass(frozen=True, slots=True)
class AmbiguousToken:
    """A token of a run with the forms that it may stand for."""

    index: int
    fold: str
    forms: tuple[str, ...]

    def term_sets(self) -> tuple[TermSet, ...]:
        """One set for each form."""
        return tuple(TermSet((WeightedTerm(form, self.fold),), ALL_ZONES) for form in self.forms)


def ambiguous_tokens(folds: Sequence[str], restored: Restored) -> tuple[AmbiguousToken, ...]:
    """The tokens whose reading is not sure."""
    found = []
    for index, (fold, readings) in enumerate(zip(folds, restored.readings, strict=True)):
        if max(readings.values()) >= _SURE:
            continue
        possible = [form for form, chance in readings.items() if chance > _POSSIBLE]
        possible.sort(key=lambda form: -readings[form])
        found.append(AmbiguousToken(index, fold, tuple(possible[:_MAX_POSSIBLE])))
    return tuple(found)


def shared_pairs(articles: Sequence[Collection[PairSet]]) -> list[PairSet]:
    """The pairs that most of the best articles have, in the order of the first."""
    counts = Counter(pair for pairs in articles for pair in pairs)
    return [pair for pair, count in counts.items() if count * 2 > len(articles)]


def pair_folds(pair: PairSet) -> tuple[str, str]:
    """The folded syllables of a pair of single forms."""
    return pair.first.terms[0].fold, pair.second.terms[0].fold


def pair_clauses(
    pairs: Sequence[PairSet], rarities: Sequence[float], weight: float
) -> tuple[ScoringClause, ...]:
    """The rarest of the pairs, as clauses that say what else an event is told with.

    Args:
        rarities: the idf of each; 0 for one that no article has.
        weight: what all of them together weigh, times their idf.
    """
    rated = [(-rarity, _text_of(pair), pair) for pair, rarity in zip(pairs, rarities, strict=True)]
    rarest = sorted(item for item in rated if item[0])[:_PAIRS]
    total = -sum(item[0] for item in rarest)
    return tuple(
        ScoringClause(pair, weight / total, f"{text} (of the best articles)")
        for _, text, pair in rarest
    )


def _text_of(pair: PairSet) -> str:
    return f"{pair.first.terms[0].term} {pair.second.terms[0].term}"


def candidate_priors(
    ambiguous: Sequence[AmbiguousToken], restored: Restored, stats: FeedbackStats
) -> Priors:
    """How much likelier the best articles make each reading.

    Args:
        stats: of the forms of all ambiguous tokens, one after the other.
    """
    weights = np.exp((stats.scores / stats.scores[0] - 1) / _SCORE_STEP)
    among_best = weights @ stats.holds / weights.sum()
    ratios = (among_best + _SMOOTHING) / (stats.frequencies + _SMOOTHING)
    possible = [(token.index, form) for token in ambiguous for form in token.forms]
    out_of_question = {
        (token.index, form): _NEVER
        for token in ambiguous
        for form in restored.readings[token.index]
    }
    return out_of_question | dict(zip(possible, (ratios**_STRENGTH).tolist(), strict=True))
