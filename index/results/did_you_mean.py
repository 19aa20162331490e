"""Other queries to offer beside the hits, each with its total: only what leads somewhere."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic

from analyzers import TokenKind, has_marks

from ..backend import Docs
from ..model import AccentMode, SearchRequest, Suggestion
from ..query.decoded_query import keystroke_readings
from ..query.query_text import Respelling, TextRun, respelled
from ..query.restore import Restored, restore
from ..query.spelling_correction import SpellingCorrector
from ..query.term_expansion import AccentMatch
from .interpretation import Interpretation, QueryInterpreter

_KEYSTROKES = frozenset({"telex", "vni"})
_SURER_FIRST = ("split", "spelling", "restore_accents")


@dataclass(frozen=True, slots=True)
class Suggester(Generic[Docs]):
    """Finds what else a query may have meant."""

    interpreter: QueryInterpreter[Docs]

    def suggest(
        self, request: SearchRequest, query: str, interpretation: Interpretation[Docs]
    ) -> tuple[Suggestion, ...]:
        """Suggestions of one kind, the surest kind first; none where accents are not free.

        Fields, quotes, operators, numbers and the case of letters are as in the query, and each
        total is that of the page it leads to.
        """
        if request.accents is not AccentMode.AUTO or not request.fix:
            return ()
        if any(rewrite.kind in _KEYSTROKES for rewrite in interpretation.rewrites):
            return ()
        runs = self.interpreter.text_runs(request, query)
        for kind in (self._keystrokes, self._corrected, self._restored):
            found = tuple(kind(request, query, runs, interpretation))
            if found:
                return found
        return ()

    def _keystrokes(
        self,
        request: SearchRequest,
        query: str,
        runs: tuple[TextRun, ...],
        interpretation: Interpretation[Docs],
    ) -> Iterator[Suggestion]:
        """Keystrokes that were not applied: the raw query has hits, or the decoded one has none."""
        interpreter = self.interpreter
        for typed in keystroke_readings(interpreter.lexicon, interpreter.counts, query, runs):
            if found := self._offer(request, typed.kind, typed.text):
                yield found
                return

    def _corrected(
        self,
        request: SearchRequest,
        query: str,
        runs: tuple[TextRun, ...],
        interpretation: Interpretation[Docs],
    ) -> Iterator[Suggestion]:
        """Slips, missing accents beside typed ones, and words without blanks between them."""
        interpreter = self.interpreter
        bare = all(run.is_bare for run in runs)
        corrector = SpellingCorrector(interpreter.lexicon, interpreter.counts, query)
        found = [each for run in runs if (each := corrector.correct(run, bare=bare))]
        if found:
            text = respelled(query, [change for each in found for change in each.changes])
            kinds = {each.kind for each in found}
            kind = next(kind for kind in _SURER_FIRST if kind in kinds)
            if offer := self._offer(request, kind, text):
                yield offer

    def _restored(
        self,
        request: SearchRequest,
        query: str,
        runs: tuple[TextRun, ...],
        interpretation: Interpretation[Docs],
    ) -> Iterator[Suggestion]:
        """A query without any marks with its likeliest accents."""
        if not all(run.is_bare for run in runs):
            return
        read = {run.tokens[0].start: run.restored for run in interpretation.compiled.words}
        changes, likelihoods = [], []
        for run in runs:
            restored = read.get(run.tokens[0].start)
            if restored is None:
                restored = restore(self.interpreter.counts, run.tokens)
            changes += self._accents(run, restored)
            likelihoods += restored.likelihoods
        if changes:
            text = respelled(query, changes)
            if offer := self._offer(
                request, "restore_accents", text, math.prod(likelihoods), interpretation.relaxed
            ):
                yield offer

    def _accents(self, run: TextRun, restored: Restored) -> Iterator[Respelling]:
        """The tokens that have other forms in this archive, with their likeliest ones."""
        for token, form in zip(run.tokens, restored.forms, strict=True):
            if form != token.exact and token.kind is TokenKind.WORD:
                yield Respelling(token.start, token.end, (form,))

    def _offer(
        self,
        request: SearchRequest,
        kind: str,
        text: str,
        confidence: float = 0.0,
        relaxed: bool = False,
    ) -> Suggestion | None:
        """A query as an offer if some article has all of it, or where none has, most of it."""
        if not relaxed and not self.interpreter.count(request, text, AccentMatch.AS_TYPED):
            return None
        total = self.interpreter.interpret(request, text).total
        return (
            Suggestion(kind=kind, text=text, total=total, confidence=confidence) if total else None
        )
