"""What the tokens of a run may have been meant to be: marks, sounds, letters, blanks, repetitions.

Look-ups in an archive are what correction costs, so only forms that may win are asked for: first
the counts of everyday news tell which syllables fit the neighbours at all.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from analyzers import Token, TokenKind, compatible, fold, has_marks, is_syllable, overtyped

from ..segments.array_file import Array
from .language_model import WORD_BONUS, BigramModel, Form
from .prior import load_prior
from .query_text import TextRun
from .restore import BIGRAM_SHARE
from .slips import MOST_COST, edited_folds, is_joined, near_folds, slip_cost

_MOST_READINGS = 12
#: By how much the first estimate of a gain may be too low.
_SLACK = 1.5
_MOST_FITTING, _MOST_EDITED, _MOST_FOREIGN = 24, 6, 12
_MOST_SPLITS, _MOST_PARTS = 24, 4
_MIN_JOINED = 5
#: Shorter words that are no syllables are not doubted: every letter would have to be.
MIN_FOREIGN = 3
#: A word that is no syllable and that the archive does not have is hardly a word.
_UNKNOWN = 5.0
#: What is no syllable hardly stands for itself: the costs of its slips are so much lower.
_STRANGE = 0.6
_OVERTYPED = 1.0
_JOINED = 3.0


@dataclass(frozen=True, slots=True)
class Edge:
    """A reading of the tokens from one place of the run to another."""

    end: int
    forms: tuple[Form, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class _Side:
    """A neighbour: its fold, the place (0, 1) of the doubted token in the pairs, their counts, what
    a count of a form adds to chance meetings, and log n of the pair as typed."""

    folded: str
    at: int
    joint: Mapping[tuple[str, str], float]
    chance: float
    value: float


@dataclass(frozen=True, slots=True)
class SlipCandidates:
    """Finds the readings of one run.

    Args:
        bare: whether nothing in the query has marks, so that missing ones are no slips.
    """

    model: BigramModel
    run: TextRun
    bare: bool

    def as_typed(self, index: int) -> list[Edge]:
        """A token as it was typed; without any marks in the query, all that it may stand for."""
        token = self.run.tokens[index]
        typed = (token.exact, token.folded)
        edges = [Edge(index + 1, (typed,), self._unknown(token))]
        if self.bare and token.kind is TokenKind.WORD:
            forms = [
                form
                for form in self.model.known_forms(token.folded, _MOST_READINGS)
                if form != token.exact
            ]
            edges += [Edge(index + 1, ((form, token.folded),), 0.0) for form in forms]
        return edges

    def _unknown(self, token: Token) -> float:
        known = token.kind is not TokenKind.WORD or is_syllable(token.exact)
        return 0.0 if known or self.model.count((token.exact, token.folded)) else _UNKNOWN

    def is_syllable(self, token: Token) -> bool:
        """Whether it is one as it was typed; without any marks in the query, with marks."""
        return is_syllable(token.exact) or (self.bare and token.folded in load_prior().folds)

    def meant(self, index: int) -> Iterator[Edge]:
        """What may have been meant with a token instead."""
        token = self.run.tokens[index]
        costs: dict[Form, float] = {}
        for form in overtyped(token.exact):
            costs[form, fold(form)] = _OVERTYPED
        for form, folded in self._slips(index):
            cost = self._cost(token, (form, folded))
            costs[form, folded] = min(cost, costs.get((form, folded), cost))
        for (form, folded), cost in costs.items():
            if cost <= MOST_COST and form != token.exact and self._is_one_word(form, folded):
                yield Edge(index + 1, ((form, folded),), cost)
        yield from (Edge(index + 1, forms, _JOINED) for forms in _splits(self.model, token))
        yield from self._merged(index)

    def _is_one_word(self, form: str, folded: str) -> bool:
        """Whether the archive has the form, other than as words without a blank."""
        return self.model.lexicon.count(form, folded) > 0 and not is_joined(form)

    def _slips(self, index: int) -> Iterator[Form]:
        """What may have been meant: other marks, then sounds and letters where neighbours fit."""
        token = self.run.tokens[index]
        prior = load_prior()
        sides = self._sides(index)
        if not self.bare:
            for form in self.model.known_forms(token.folded, _MOST_READINGS):
                fits = [
                    (max((n for pair, n in side.joint.items() if pair[side.at] == form), default=0))
                    for side in sides
                ]
                gain = self._gain(sides, fits, self.model.count((form, token.folded)))
                if not sides or gain > slip_cost(token.exact, form) - _SLACK:
                    yield form, token.folded
        edited = edited_folds(token.folded)
        near = {*near_folds(token.folded), *edited} & prior.folds - {token.folded}
        yield from self._fitting(token, sides, sorted(near))
        if not self.is_syllable(token) and len(token.folded) >= MIN_FOREIGN:
            # Alone, a foreign word (visa) is not taken for a syllable that looks like it (vỉa).
            alone = len(self.run.tokens) == 1 and not has_marks(token.exact)
            known = self.model.lexicon.known_folds(edited - prior.folds if alone else edited)
            for folded in known[:_MOST_FOREIGN]:
                yield from ((form, folded) for form in self.model.known_forms(folded, 2))

    def _sides(self, index: int) -> list[_Side]:
        """What stands beside a token."""
        tokens, sides = self.run.tokens, []
        token = tokens[index]
        typed = self._typed_form(token)
        for other, at in ((index - 1, 1), (index + 1, 0)):
            if self.run.is_beside(min(index, other)):
                beside = tokens[other]
                pair = (beside.folded, token.folded) if at else (token.folded, beside.folded)
                joint = self.model.pairs(*pair)
                as_typed = (beside.exact, token.exact) if at else (token.exact, beside.exact)
                together = (
                    max(joint.values(), default=0.0) if self.bare else joint.get(as_typed, 0.0)
                )
                chance = (1 - BIGRAM_SHARE) / BIGRAM_SHARE / self.model.counts.total
                chance *= self.model.count(self._typed_form(beside)) + 1.0
                value = math.log(together + chance * (self.model.count(typed) + 1.0))
                sides.append(_Side(beside.folded, at, joint, chance, value))
        return sides

    def _typed_form(self, token: Token) -> Form:
        forms = self.model.forms(token.folded) if self.bare else {}
        return max(forms, key=lambda form: forms[form], default=token.exact), token.folded

    def _gain(self, sides: Sequence[_Side], fits: Sequence[float], count: float) -> float:
        """About how much likelier a form is than what was typed, for its slip aside."""
        return sum(
            math.log(fit + side.chance * (count + 1.0)) - side.value
            for side, fit in zip(sides, fits, strict=True)
        )

    def _fitting(
        self, token: Token, sides: Sequence[_Side], folds: Sequence[str]
    ) -> Iterator[Form]:
        """The syllables of some folds that stand beside the neighbours in everyday news.

        The archive is asked for these alone: a look-up there takes a hundred times as long.
        """
        prior = load_prior()
        numbers = np.array(
            [number for folded in folds for number in prior.vocabulary.forms(folded)], np.int64
        )
        if not len(numbers) or not (sides or has_marks(token.exact)):
            return
        gains: Array = np.zeros(len(numbers)) if sides else np.log(prior.counts[numbers])
        held: Array = np.zeros(len(numbers), bool) if sides else np.ones(len(numbers), bool)
        for side in sides:
            beside = np.array(prior.vocabulary.forms(side.folded), np.int64)
            fits: Array = np.zeros(len(numbers))
            if len(beside):
                fits = (
                    prior.neighbour_counts(beside, numbers).max(axis=0)
                    if side.at
                    else prior.neighbour_counts(numbers, beside).max(axis=1)
                )
            held |= fits > 0
            raised = fits * (1 + WORD_BONUS) + side.chance * (prior.counts[numbers] + 1.0)
            gains += np.log(raised) - side.value
        gains[~held] = -np.inf
        text = prior.vocabulary.text
        found = []
        for at in np.argsort(-gains, kind="stable")[:_MOST_FITTING].tolist():
            if gains[at] + _SLACK > 0:
                form = text[int(numbers[at])]
                cost = self._cost(token, (form, fold(form)))
                found.append((float(gains[at]) - cost, form))
        for gain, form in sorted(found, reverse=True)[:_MOST_EDITED]:
            if gain + _SLACK > 0:
                yield form, fold(form)

    def _cost(self, token: Token, form: Form) -> float:
        """The cost of the slip from a form to the token."""
        is_foreign = not (self.bare or has_marks(token.exact) or is_syllable(token.exact))
        if is_foreign and form[1] != token.folded and has_marks(form[0]):
            # Among accented words, gym is no slip of what has other letters and marks (gồm).
            return math.inf
        cost = slip_cost(token.folded, form[1]) if self.bare else slip_cost(token.exact, form[0])
        return cost * (1.0 if self.is_syllable(token) else _STRANGE)

    def _merged(self, index: int) -> Iterator[Edge]:
        """Two tokens as one syllable that an input method wrote twice (mo ôtột)."""
        tokens = self.run.tokens
        if not self.run.is_beside(index) or is_syllable(tokens[index + 1].exact):
            return
        for form in overtyped(tokens[index].exact + tokens[index + 1].exact):
            folded = fold(form)
            if is_syllable(form) and self.model.lexicon.count(form, folded):
                yield Edge(index + 2, ((form, folded),), _OVERTYPED)


def split_joined(model: BigramModel, token: Token) -> tuple[str, ...] | None:
    """The likeliest words that were typed as one, with their accents; None where there are none."""
    splits = _splits(model, token)
    best = max(splits, key=lambda forms: model.alone(forms[0]) + model.sequence(forms), default=())
    return tuple(form for form, _ in best) or None


def _splits(model: BigramModel, token: Token) -> list[tuple[Form, ...]]:
    """The token as two or more words without blanks between them."""
    exact, folded = token.exact, token.folded
    if len(exact) != len(folded) or len(exact) < _MIN_JOINED or is_syllable(exact):
        return []
    cuts = islice(_cuts(folded, _MOST_PARTS), _MOST_SPLITS)
    parts = ([(exact[a:b], folded[a:b]) for a, b in each] for each in cuts)
    return [best for each in parts if (best := _best_parts(model, each))]


def _best_parts(model: BigramModel, parts: Sequence[Form]) -> tuple[Form, ...] | None:
    """The likeliest forms of parts that stand side by side; None where they never do."""
    best: dict[Form, tuple[float, tuple[Form, ...]]] = {}
    for at, (exact, folded) in enumerate(parts):
        forms = [
            (form, folded)
            for form in model.known_forms(folded, _MOST_READINGS)
            if compatible(exact, form)
        ]
        if not at:
            best = {form: (model.alone(form), (form,)) for form in forms}
            continue
        following: dict[Form, tuple[float, tuple[Form, ...]]] = {}
        for before, (value, path) in best.items():
            for form in forms:
                if not model.pair(before, form):
                    continue
                longer = value + model.step(before, form)
                if form not in following or longer > following[form][0]:
                    following[form] = (longer, (*path, form))
        best = following
    return max(best.values())[1] if best else None


def _cuts(folded: str, most: int, start: int = 0) -> Iterator[tuple[tuple[int, int], ...]]:
    """Every way to cut a word into two to `most` syllables, as offsets."""
    if start and _is_fold(folded[start:]):
        yield ((start, len(folded)),)
    if most > 1:
        for end in range(start + 1, len(folded)):
            if _is_fold(folded[start:end]):
                for rest in _cuts(folded, most - 1, end):
                    yield ((start, end), *rest)


def _is_fold(part: str) -> bool:
    """Whether a syllable may have this folded form, those of the Highlands (Đắk) included."""
    known = load_prior().folds
    return part in known or (part.endswith("k") and part[:-1] in known)
