"""Accent restoration: the likeliest accented readings of syllables, from counts of the archive.

A Viterbi walk over the forms of every syllable that agree with the marks typed:
P(b | a) = λ · df(a b) / df(a) + (1 − λ) · (df(b) + ½) / (Σ df + ½ n), λ = 0.85.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from analyzers import Token, TokenKind, compatible

_BIGRAM_SHARE = 0.85
_MAX_READINGS = 40


class Counts(Protocol):
    """What restoration needs to know of a language or an archive."""

    def readings_of(self, fold: str) -> Sequence[tuple[str, float]]:
        """The forms of a folded syllable with their counts, the most frequent first."""

    def pairs_of(self, first: str, second: str) -> Sequence[tuple[tuple[str, str], float]]:
        """The readings of two folded syllables side by side with their counts."""

    @property
    def total(self) -> float:
        """All counts of single forms added up, roughly."""


@dataclass(frozen=True, slots=True)
class Restored:
    """An accented reading of the tokens, with its share among the best readings."""

    forms: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Path:
    score: float
    forms: tuple[str, ...]


def restore(counts: Counts, tokens: Sequence[Token], best: int = 3) -> list[Restored]:
    """The likeliest readings, the best first; tokens without known forms stay as they are."""
    if not tokens:
        return []
    columns = [_candidates(counts, token) for token in tokens]
    layer = {form: [_Path(_unigram(counts, count), (form,))] for form, count in columns[0]}
    for index in range(1, len(tokens)):
        pairs = dict(counts.pairs_of(tokens[index - 1].folded, tokens[index].folded))
        before = dict(columns[index - 1])
        following: dict[str, list[_Path]] = {}
        for form, count in columns[index]:
            single = (1 - _BIGRAM_SHARE) * math.exp(_unigram(counts, count))
            paths = []
            for previous, kept in layer.items():
                seen = before[previous]
                joint = _BIGRAM_SHARE * pairs.get((previous, form), 0.0) / seen if seen else 0.0
                step = math.log(min(joint, _BIGRAM_SHARE) + single)
                paths += [_Path(path.score + step, (*path.forms, form)) for path in kept]
            following[form] = sorted(paths, key=_order)[:best]
        layer = following
    ranked = sorted((path for kept in layer.values() for path in kept), key=_order)[:best]
    weights = [math.exp(path.score - ranked[0].score) for path in ranked]
    return [
        Restored(path.forms, weight / sum(weights))
        for path, weight in zip(ranked, weights, strict=True)
    ]


def _order(path: _Path) -> tuple[float, tuple[str, ...]]:
    return -path.score, path.forms


def _candidates(counts: Counts, token: Token) -> list[tuple[str, float]]:
    if token.kind is not TokenKind.WORD:
        return [(token.exact, 0.0)]
    found = [
        (form, count)
        for form, count in counts.readings_of(token.folded)
        if compatible(token.exact, form)
    ]
    return found[:_MAX_READINGS] or [(token.exact, 0.0)]


def _unigram(counts: Counts, count: float) -> float:
    return math.log((count + 0.5) / (counts.total + 1.0))
