"""What a text with slips was meant to be: a noisy channel over the words of an archive.

Of all ways to read the tokens of a run, the likeliest is the one with the greatest

    Σ log P(b | a) − Σ cost

over its neighbours a b (index/query/language_model.py) and the slips from what was typed to it
(index/query/slips.py). What counts is how much likelier that reading is than the text as typed, so
that neither the size of an archive nor the frequency of a word decides alone. (Kernighan, Church,
Gale, 1990; Brill, Moore, 2000.)
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from analyzers import Token, TokenKind, compatible, fold, has_marks, is_syllable, overtyped

from ..segments.array_file import Array
from .language_model import BigramModel, Form
from .prior import load_prior
from .query_text import Respelling, TextRun
from .slips import MOST_COST, edited_folds, near_folds, slip_cost

#: A longer text is no query with a slip.
_MOST_TOKENS = 32
#: So many tokens of a run are doubted, those that fit their neighbours worst.
_MOST_DOUBTED = 4
#: A pair is no slip that so many articles of a thousand have, and so many times as often as by
#: chance.
_USUAL_PAIR, _USUAL_LIFT = 0.3, 20.0
_LEAST_PAIR = 3.0
_MOST_READINGS = 12
_MOST_EDITED, _MOST_FOREIGN = 6, 12
_MOST_SPLITS = 24
_MOST_PARTS = 4
_MIN_JOINED = 5
#: Of shorter words that are no syllables every letter would have to be doubted.
_MIN_FOREIGN = 3
#: A word that is no syllable and that the archive does not have is hardly a word.
_UNKNOWN = 5.0
#: What is no syllable hardly stands for itself: the costs of its slips are so much lower.
_STRANGE = 0.75
_OVERTYPED = 1.0
_JOINED = 3.0
#: How many times likelier another reading is at least, in natural logarithms.
_LEAST_GAIN = 0.5
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Correction:
    """Another reading of a run of words; `kind` is spelling, split or restore_accents."""

    kind: str
    changes: tuple[Respelling, ...]
    gain: float
    """By how much it is likelier than the text as typed, in natural logarithms."""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A reading of the tokens from one place of the run to another."""

    end: int
    forms: tuple[Form, ...]
    cost: float


@dataclass(frozen=True, slots=True)
class _Path:
    value: float
    edges: tuple[_Edge, ...]


@dataclass(frozen=True, slots=True)
class SpellingCorrector:
    """Corrects the runs of one query."""

    model: BigramModel
    query: str

    def correct(self, run: TextRun, *, bare: bool) -> Correction | None:
        """The likeliest reading, where it is much likelier than the text as typed.

        Args:
            bare: whether nothing in the query has marks, so that missing ones are no slips.
        """
        tokens = run.tokens
        if len(tokens) > _MOST_TOKENS:
            return None
        typed = [self._typed_edges(index, token, bare) for index, token in enumerate(tokens)]
        doubted = self._doubted(tokens, bare)
        if not doubted:
            return None
        edges = [list(each) for each in typed]
        for index in doubted:
            edges[index] += self._other_edges(tokens, index, bare)
        if all(len(mine) == len(other) for mine, other in zip(edges, typed, strict=True)):
            return None
        best, as_typed = self._best(tokens, edges), self._best(tokens, typed)
        gain = best.value - as_typed.value
        if gain < _LEAST_GAIN:
            return None
        return self._correction(tokens, best, gain)

    def split(self, token: Token) -> tuple[str, ...] | None:
        """The words that were typed as one, with their accents; None where it is not so."""
        splits = self._splits(token)
        if not splits:
            return None
        best = self._best([token], [splits])
        return tuple(form for form, _ in best.edges[0].forms)

    # Readings.

    def _typed_edges(self, index: int, token: Token, bare: bool) -> list[_Edge]:
        """The token as it was typed; without any marks in the query, all that it may stand for."""
        as_typed = (token.exact, token.folded)
        edges = [_Edge(index + 1, (as_typed,), self._unknown(token))]
        if bare and token.kind is TokenKind.WORD:
            forms = [
                form
                for form in self.model.known_forms(token.folded, _MOST_READINGS)
                if form != token.exact
            ]
            edges += [_Edge(index + 1, ((form, token.folded),), 0.0) for form in forms]
        return edges

    def _unknown(self, token: Token) -> float:
        known = token.kind is not TokenKind.WORD or is_syllable(token.exact)
        return 0.0 if known or self.model.count((token.exact, token.folded)) else _UNKNOWN

    def _is_syllable(self, token: Token, bare: bool) -> bool:
        """Whether it is one as it was typed; without any marks in the query, with marks."""
        return is_syllable(token.exact) or (bare and token.folded in load_prior().folds)

    def _other_edges(self, tokens: Sequence[Token], index: int, bare: bool) -> Iterator[_Edge]:
        token = tokens[index]
        costs: dict[Form, float] = {}
        for form in overtyped(token.exact):
            costs[form, fold(form)] = _OVERTYPED
        for form, folded in self._slips(tokens, index, bare):
            typed, meant = (token.exact, form) if not bare else (token.folded, folded)
            cost = slip_cost(typed, meant) * (1.0 if self._is_syllable(token, bare) else _STRANGE)
            costs[form, folded] = min(cost, costs.get((form, folded), cost))
        for (form, folded), cost in costs.items():
            if cost <= MOST_COST and form != token.exact and self._is_one_word(form, folded):
                yield _Edge(index + 1, ((form, folded),), cost)
        yield from self._splits(token, index)
        yield from self._merged(tokens, index)

    def _is_one_word(self, form: str, folded: str) -> bool:
        """Whether the archive has the form, other than as words without a blank (giávàng)."""
        if not self.model.lexicon.count(form, folded):
            return False
        return not has_marks(form) or is_syllable(form) or next(_cuts(folded, 2), None) is None

    def _slips(self, tokens: Sequence[Token], index: int, bare: bool) -> Iterator[Form]:
        """What may have been meant: marks, sounds, then letters where the neighbours fit."""
        token = tokens[index]
        prior = load_prior()
        near = {fold for fold in near_folds(token.folded) if fold in prior.folds}
        for folded in (token.folded, *sorted(near)):
            if not (bare and folded == token.folded):
                yield from (
                    (form, folded) for form in self.model.known_forms(folded, _MOST_READINGS)
                )
        edited = edited_folds(token.folded)
        yield from self._edited(tokens, index, sorted((edited & prior.folds) - near))
        if not self._is_syllable(token, bare) and len(token.folded) >= _MIN_FOREIGN:
            # Alone, a foreign word (visa) is not taken for a syllable that looks like it (vỉa).
            alone = len(tokens) == 1 and not has_marks(token.exact)
            known = self.model.lexicon.known_folds(edited - prior.folds if alone else edited)
            for folded in known[:_MOST_FOREIGN]:
                yield from ((form, folded) for form in self.model.known_forms(folded, 2))

    def _edited(self, tokens: Sequence[Token], index: int, folds: Sequence[str]) -> Iterator[Form]:
        """The syllables of some folds that fit best, by the counts of everyday news."""
        prior = load_prior()
        numbers = np.array(
            [number for folded in folds for number in prior.vocabulary.forms(folded)], np.int64
        )
        if not len(numbers):
            return
        fits: Array = np.zeros(len(numbers))
        for other, after in ((index - 1, False), (index + 1, True)):
            if self._is_beside(tokens, min(index, other)) and 0 <= other < len(tokens):
                beside = np.array(prior.vocabulary.forms(tokens[other].folded), np.int64)
                if len(beside):
                    counts = (
                        prior.neighbour_counts(numbers, beside).max(axis=1)
                        if after
                        else prior.neighbour_counts(beside, numbers).max(axis=0)
                    )
                    fits = np.maximum(fits, counts)
        if len(tokens) == 1 and has_marks(tokens[index].exact):
            fits = prior.counts[numbers]
        text = prior.vocabulary.text
        found = []
        for at in np.argsort(-fits, kind="stable")[: 4 * _MOST_EDITED].tolist():
            if fits[at] > 0:
                form = text[int(numbers[at])]
                cost = slip_cost(tokens[index].exact, form)
                found.append((math.log(float(fits[at])) - cost, form))
        for _, form in sorted(found, reverse=True)[:_MOST_EDITED]:
            yield form, fold(form)

    def _splits(self, token: Token, index: int = 0) -> list[_Edge]:
        """The token as two or more words without blanks between them."""
        exact, folded = token.exact, token.folded
        if len(exact) != len(folded) or len(exact) < _MIN_JOINED or is_syllable(exact):
            return []
        edges = []
        for cuts in islice(_cuts(folded, _MOST_PARTS), _MOST_SPLITS):
            parts = [(exact[a:b], folded[a:b]) for a, b in cuts]
            if best := self._best_parts(parts):
                edges.append(_Edge(index + 1, best, _JOINED))
        return edges

    def _best_parts(self, parts: Sequence[Form]) -> tuple[Form, ...] | None:
        """The likeliest forms of parts that stand side by side; None where they never do."""
        best: dict[Form, tuple[float, tuple[Form, ...]]] = {}
        for at, (exact, folded) in enumerate(parts):
            forms = [
                (form, folded)
                for form in self.model.known_forms(folded, _MOST_READINGS)
                if compatible(exact, form)
            ]
            if not at:
                best = {form: (self.model.alone(form), (form,)) for form in forms}
                continue
            following: dict[Form, tuple[float, tuple[Form, ...]]] = {}
            for before, (value, path) in best.items():
                for form in forms:
                    if not self.model.pair(before, form):
                        continue
                    longer = value + self.model.step(before, form)
                    if form not in following or longer > following[form][0]:
                        following[form] = (longer, (*path, form))
            best = following
        return max(best.values())[1] if best else None

    def _merged(self, tokens: Sequence[Token], index: int) -> Iterator[_Edge]:
        """Two tokens as one syllable that an input method wrote twice (mo ôtột)."""
        if not self._is_beside(tokens, index) or is_syllable(tokens[index + 1].exact):
            return
        for form in overtyped(tokens[index].exact + tokens[index + 1].exact):
            folded = fold(form)
            if is_syllable(form) and self.model.lexicon.count(form, folded):
                yield _Edge(index + 2, ((form, folded),), _OVERTYPED)

    # Doubts.

    def _doubted(self, tokens: Sequence[Token], bare: bool) -> list[int]:
        """The tokens that fit their neighbours worst."""
        fits = {}
        for index, token in enumerate(tokens):
            if len(token.folded) < 2 or not token.exact.isalpha() or self._is_acronym(token):
                continue
            if self._is_syllable(token, bare):
                if len(tokens) == 1:
                    # Alone, a real word is no slip of a more frequent one (má, mà).
                    continue
                fit = max(
                    self._pair_fit(tokens, index - 1, bare), self._pair_fit(tokens, index, bare)
                )
                if fit < 1.0:
                    fits[index] = fit
            elif len(token.folded) >= _MIN_FOREIGN:
                fits[index] = -1.0
        return sorted(sorted(fits, key=lambda index: fits[index])[:_MOST_DOUBTED])

    def _is_acronym(self, token: Token) -> bool:
        """Whether it is in capitals, and something else in the query is not."""
        typed = self.query[token.start : token.end]
        return typed.isupper() and not self.query.isupper()

    def _pair_fit(self, tokens: Sequence[Token], index: int, bare: bool) -> float:
        """How usual two neighbours are; 1 where nobody would doubt them."""
        if index < 0 or not self._is_beside(tokens, index):
            return 0.0
        pair = tokens[index : index + 2]
        first, second = ((token.exact, token.folded) for token in pair)
        if bare:
            joint = self.model.pairs(first[1], second[1])
            if not joint:
                return 0.0
            left, right = max(joint, key=lambda forms: joint[forms])
            first, second = (left, first[1]), (right, second[1])
        together = self.model.pair(first, second)
        articles = self.model.lexicon.document_count + 10_000
        if together < max(_LEAST_PAIR, articles * _USUAL_PAIR / 1000):
            return 0.0
        lift = (
            together
            * self.model.counts.total
            / ((self.model.count(first) + 1) * (self.model.count(second) + 1))
        )
        return lift / _USUAL_LIFT

    def _is_beside(self, tokens: Sequence[Token], index: int) -> bool:
        """Whether a token and the next one are words with nothing but blanks between them."""
        if not 0 <= index < len(tokens) - 1:
            return False
        first, second = tokens[index : index + 2]
        between = self.query[first.end : second.start]
        return first.kind is second.kind is TokenKind.WORD and _BLANK.fullmatch(between) is not None

    # The likeliest reading.

    def _best(self, tokens: Sequence[Token], edges: Sequence[Sequence[_Edge]]) -> _Path:
        """The likeliest path (Viterbi) over readings that begin at each token."""
        reached: list[dict[Form, _Path]] = [{} for _ in range(len(tokens) + 1)]
        reached[0] = {("", ""): _Path(0.0, ())}
        for at in range(len(tokens)):
            beside = at > 0 and self._is_beside(tokens, at - 1)
            for edge in edges[at]:
                inner = self.model.sequence(edge.forms)
                before = max(
                    (
                        (path.value + self._after(last if beside else None, edge.forms[0]), last)
                        for last, path in reached[at].items()
                    ),
                    default=None,
                )
                if before is None:
                    continue
                value = before[0] + inner - edge.cost
                old = reached[edge.end].get(edge.forms[-1])
                if old is None or value > old.value:
                    path = reached[at][before[1]]
                    reached[edge.end][edge.forms[-1]] = _Path(value, (*path.edges, edge))
        return max(reached[-1].values(), key=lambda path: path.value)

    def _after(self, first: Form | None, second: Form) -> float:
        return self.model.alone(second) if first is None else self.model.step(first, second)

    def _correction(self, tokens: Sequence[Token], path: _Path, gain: float) -> Correction:
        changes, kind, at = [], "restore_accents", 0
        for edge in path.edges:
            covered = tokens[at : edge.end]
            forms = tuple(form for form, _ in edge.forms)
            if forms != tuple(token.exact for token in covered):
                changes.append(Respelling(covered[0].start, covered[-1].end, forms))
                if len(forms) > 1:
                    kind = "split"
                elif kind != "split" and not compatible(covered[0].exact, forms[0]):
                    kind = "spelling"
            at = edge.end
        return Correction(kind, tuple(changes), gain)


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
