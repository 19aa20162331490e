"""What a text with slips was meant to be: a noisy channel over the words of an archive.

Of all ways to read the tokens of a run, the likeliest is the one with the greatest

    Σ log P(b | a) − Σ cost

over its neighbours a b (index/query/language_model.py) and the slips from what was typed to it
(index/query/slips.py). What counts is how much likelier that reading is than the text as typed, so
that neither the size of an archive nor the frequency of a word decides alone. (Kernighan, Church,
Gale, 1990; Brill, Moore, 2000.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers import Token, compatible, has_marks

from .language_model import BigramModel, Form
from .query_text import Respelling, TextRun
from .slip_candidates import MIN_FOREIGN, Edge, SlipCandidates

#: A longer text is no query with a slip.
_MOST_TOKENS = 32
#: So many tokens of a run are doubted, those that fit their neighbours worst.
_MOST_DOUBTED = 3
#: A pair is no slip that so many articles of a thousand have, and so many times as often as by
#: chance.
_USUAL_PAIR, _USUAL_LIFT = 0.6, 20.0
_LEAST_PAIR = 8.0
#: The articles of everyday news that are counted beside those of the archive.
_MORE_ARTICLES = 10_000
#: How many times likelier another reading is at least, in natural logarithms.
_LEAST_GAIN = 0.5


@dataclass(frozen=True, slots=True)
class Correction:
    """Another reading of a run of words; `kind` is spelling, split or restore_accents."""

    kind: str
    changes: tuple[Respelling, ...]
    gain: float
    """By how much it is likelier than the text as typed, in natural logarithms."""
    of_syllables: bool
    """Whether it changes what was a syllable as it was typed."""


@dataclass(frozen=True, slots=True)
class _Path:
    value: float
    edges: tuple[Edge, ...]


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
        if len(run.tokens) > _MOST_TOKENS:
            return None
        candidates = SlipCandidates(self.model, run, bare)
        doubted = self._doubted(candidates)
        if not doubted:
            return None
        typed = [candidates.as_typed(index) for index in range(len(run.tokens))]
        edges = [list(each) for each in typed]
        for index in doubted:
            edges[index] += candidates.meant(index)
        if sum(map(len, edges)) == sum(map(len, typed)):
            return None
        best, as_typed = self._best(run, edges), self._best(run, typed)
        gain = best.value - as_typed.value
        return _correction(candidates, best, gain) if gain >= _LEAST_GAIN else None

    def _doubted(self, candidates: SlipCandidates) -> list[int]:
        """The tokens that fit their neighbours worst."""
        fits, run = {}, candidates.run
        tokens = run.tokens
        for index, token in enumerate(tokens):
            if len(token.folded) < 2 or not token.exact.isalpha() or self._is_acronym(token):
                continue
            if candidates.is_syllable(token):
                if len(tokens) == 1:
                    # Alone, a real word is no slip of a more frequent one (má, mà).
                    continue
                bare = candidates.bare
                fit = max(self._pair_fit(run, index - 1, bare), self._pair_fit(run, index, bare))
                if fit < 1.0:
                    fits[index] = fit
            elif has_marks(token.exact) or len(token.folded) >= MIN_FOREIGN:
                fits[index] = -1.0
        return sorted(sorted(fits, key=lambda index: fits[index])[:_MOST_DOUBTED])

    def _is_acronym(self, token: Token) -> bool:
        """Whether it is in capitals, and something else in the query is not."""
        typed = self.query[token.start : token.end]
        return typed.isupper() and not self.query.isupper()

    def _pair_fit(self, run: TextRun, index: int, bare: bool) -> float:
        """How usual two neighbours are; 1 where nobody would doubt them."""
        if not run.is_beside(index):
            return 0.0
        pair = run.tokens[index : index + 2]
        first, second = ((token.exact, token.folded) for token in pair)
        if bare:
            joint = self.model.pairs(first[1], second[1])
            if not joint:
                return 0.0
            left, right = max(joint, key=lambda forms: joint[forms])
            first, second = (left, first[1]), (right, second[1])
        together = self.model.pair(first, second)
        articles = self.model.lexicon.document_count + _MORE_ARTICLES
        if together < max(_LEAST_PAIR, articles * _USUAL_PAIR / 1000):
            return 0.0
        by_chance = (self.model.count(first) + 1) * (self.model.count(second) + 1)
        return together * self.model.counts.total / by_chance / _USUAL_LIFT

    def _best(self, run: TextRun, edges: Sequence[Sequence[Edge]]) -> _Path:
        """The likeliest path (Viterbi) over readings that begin at each token."""
        tokens = run.tokens
        reached: list[dict[Form, _Path]] = [{} for _ in range(len(tokens) + 1)]
        reached[0] = {("", ""): _Path(0.0, ())}
        for at in range(len(tokens)):
            beside = run.is_beside(at - 1)
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


def _correction(candidates: SlipCandidates, path: _Path, gain: float) -> Correction:
    changes, kind, of_syllables, at = [], "restore_accents", False, 0
    for edge in path.edges:
        covered = candidates.run.tokens[at : edge.end]
        forms = tuple(form for form, _ in edge.forms)
        if forms != tuple(token.exact for token in covered):
            changes.append(Respelling(covered[0].start, covered[-1].end, forms))
            if len(forms) > 1:
                kind = "split"
            elif not compatible(covered[0].exact, forms[0]):
                kind = kind if kind == "split" else "spelling"
                of_syllables |= any(map(candidates.is_syllable, covered))
        at = edge.end
    return Correction(kind, tuple(changes), gain, of_syllables)
