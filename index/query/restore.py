"""Accent restoration: the likeliest accented readings of syllables, from counts of the archive.

A Viterbi walk over the forms of every syllable that agree with the marks typed:
P(b | a) = λ · df(a b) / df(a) · (1 + β · w) + (1 − λ) · (df(b) + ½) / Σ df, where w is the share
of the neighbours `a b` that the segmenter took for one word: people ask in whole words.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from analyzers import Token, TokenKind, compatible

_BIGRAM_SHARE = 0.85
_WORD_BONUS = 8.0
_MAX_READINGS = 40


class Counts(Protocol):
    """What restoration needs to know of a language or an archive."""

    def readings_of(self, fold: str) -> Sequence[tuple[str, float]]:
        """The forms of a folded syllable with their counts, the most frequent first."""

    def pairs_of(self, first: str, second: str) -> Sequence[tuple[tuple[str, str], float]]:
        """The readings of two folded syllables side by side with their counts."""

    def words_of(self, first: str, second: str) -> Sequence[tuple[tuple[str, str], float]]:
        """The readings that two folded syllables have as one word, with their counts."""

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
    columns = [dict(_candidates(counts, token)) for token in tokens]
    layer = {
        form: [_Path(math.log(_unigram(counts, count)), (form,))]
        for form, count in columns[0].items()
    }
    for index in range(1, len(tokens)):
        joints = _joint(counts, tokens[index - 1].folded, tokens[index].folded)
        following: dict[str, list[_Path]] = {}
        for form, count in columns[index].items():
            single = (1 - _BIGRAM_SHARE) * _unigram(counts, count)
            paths = []
            for previous, kept in layer.items():
                joint = joints.get((previous, form), 0.0)
                seen = max(columns[index - 1][previous], 1e-9)
                step = math.log(_BIGRAM_SHARE * joint / seen + single)
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


def _joint(counts: Counts, first: str, second: str) -> dict[tuple[str, str], float]:
    """Counts of neighbours, those that stand as one word raised."""
    words = dict(counts.words_of(first, second))
    return {
        pair: count * (1 + _WORD_BONUS * min(1.0, words.get(pair, 0.0) / count))
        for pair, count in counts.pairs_of(first, second)
        if count > 0
    }


def _unigram(counts: Counts, count: float) -> float:
    return (count + 0.5) / (counts.total + 1.0)
