"""Accent restoration: the likeliest accented readings of syllables, from counts of the archive.

A hidden Markov model over the forms of every syllable that agree with the marks typed:
P(b | a) = λ · df(a b) / df(a) · (1 + β · w) + (1 − λ) · (df(b) + ½) / Σ df, where w is the share
of the neighbours `a b` that the segmenter took for one word: people ask in whole words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from analyzers import Token, TokenKind, compatible

BIGRAM_SHARE = 0.85
_WORD_BONUS = 8.0
_MAX_READINGS = 40

#: (place of a token, form) → what else is known of this reading: a factor of its probability.
Priors: TypeAlias = Mapping[tuple[int, str], float]
_Column: TypeAlias = dict[str, float]
_Joint: TypeAlias = tuple[str, str, float]


class Counts(Protocol):
    """What restoration needs to know of a language or an archive."""

    def candidates_of(self, fold: str) -> Sequence[tuple[str, float]]:
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
    """The likeliest accented reading of the tokens, and every reading of each with its
    probability in (0, 1]."""

    forms: tuple[str, ...]
    readings: tuple[Mapping[str, float], ...]
    likelihoods: tuple[float, ...]
    """The probability of each form, taken for itself."""


def restore(counts: Counts, tokens: Sequence[Token], priors: Priors | None = None) -> Restored:
    """The likeliest reading; tokens without known forms stay as they are."""
    if not tokens:
        return Restored((), (), ())
    chain = _Chain(counts, tokens, priors or {})
    forms, readings = chain.likeliest(), chain.probabilities()
    likelihoods = tuple(chances[form] for chances, form in zip(readings, forms, strict=True))
    return Restored(forms, readings, likelihoods)


def likeliest_forms(counts: Counts, tokens: Sequence[Token]) -> tuple[str, ...]:
    """The forms of the likeliest reading alone, for half the work."""
    return _Chain(counts, tokens, {}).likeliest() if tokens else ()


class _Chain:
    """The readings of each token, and how likely each follows another.

    A step from p to f weighs single(f) + joint(p, f); only few pairs of forms have a joint.
    """

    def __init__(self, counts: Counts, tokens: Sequence[Token], priors: Priors) -> None:
        columns = [dict(_candidates(counts, token)) for token in tokens]
        self._factors: list[_Column] = [
            {form: priors.get((index, form), 1.0) for form in column}
            for index, column in enumerate(columns)
        ]
        self._start = {form: _unigram(counts, count) for form, count in columns[0].items()}
        self._singles: list[_Column] = [
            {form: (1 - BIGRAM_SHARE) * _unigram(counts, count) for form, count in column.items()}
            for column in columns
        ]
        self._joints: list[list[_Joint]] = [[]]
        for index in range(1, len(tokens)):
            before, here = columns[index - 1], columns[index]
            joints = joint_counts(counts, tokens[index - 1].folded, tokens[index].folded)
            self._joints.append(
                [
                    (first, second, BIGRAM_SHARE * joint / max(before[first], 1e-9))
                    for (first, second), joint in joints.items()
                    if first in before and second in here
                ]
            )

    def likeliest(self) -> tuple[str, ...]:
        """The best path (Viterbi)."""
        best = _scaled(_product(self._start, self._factors[0]))
        came_from: list[dict[str, str]] = []
        for index in range(1, len(self._singles)):
            singles = self._singles[index]
            leader = max(best, key=lambda form: best[form])
            following = {form: best[leader] * single for form, single in singles.items()}
            back = dict.fromkeys(singles, leader)
            for first, second, joint in self._joints[index]:
                value = best[first] * (joint + singles[second])
                if value > following[second]:
                    following[second], back[second] = value, first
            best = _scaled(_product(following, self._factors[index]))
            came_from.append(back)
        path = [max(best, key=lambda form: best[form])]
        for back in reversed(came_from):
            path.append(back[path[-1]])
        return tuple(reversed(path))

    def probabilities(self) -> tuple[_Column, ...]:
        """The probability of every reading of each token (forward and backward sums)."""
        forward = [_scaled(_product(self._start, self._factors[0]))]
        for index in range(1, len(self._singles)):
            total = sum(forward[-1].values())
            sums = {form: total * single for form, single in self._singles[index].items()}
            for first, second, joint in self._joints[index]:
                sums[second] += forward[-1][first] * joint
            forward.append(_scaled(_product(sums, self._factors[index])))
        backward = dict.fromkeys(forward[-1], 1.0)
        found = [forward[-1]]
        for index in range(len(self._singles) - 1, 0, -1):
            after = _product(backward, self._factors[index])
            anyway = sum(after[form] * single for form, single in self._singles[index].items())
            backward = dict.fromkeys(forward[index - 1], anyway)
            for first, second, joint in self._joints[index]:
                backward[first] += joint * after[second]
            backward = _scaled(backward)
            found.append(_scaled(_product(forward[index - 1], backward)))
        return tuple(reversed(found))


def _product(one: _Column, other: _Column) -> _Column:
    return {form: value * other[form] for form, value in one.items()}


def _scaled(column: _Column) -> _Column:
    """The same with the sum 1."""
    total = sum(column.values())
    return {form: value / total for form, value in column.items()}


def _candidates(counts: Counts, token: Token) -> list[tuple[str, float]]:
    if token.kind is not TokenKind.WORD:
        return [(token.exact, 0.0)]
    found = [
        (form, count)
        for form, count in counts.candidates_of(token.folded)
        if compatible(token.exact, form)
    ]
    return found[:_MAX_READINGS] or [(token.exact, 0.0)]


def joint_counts(
    counts: Counts, first: str, second: str, bonus: float = _WORD_BONUS
) -> dict[tuple[str, str], float]:
    """Counts of neighbours, those that stand as one word raised by the bonus."""
    found = [(pair, count) for pair, count in counts.pairs_of(first, second) if count > 0]
    words = dict(counts.words_of(first, second)) if found else {}
    return {
        pair: count * (1 + bonus * min(1.0, words.get(pair, 0.0) / count)) for pair, count in found
    }


def _unigram(counts: Counts, count: float) -> float:
    return (count + 0.5) / (counts.total + 1.0)
