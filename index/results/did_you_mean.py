"""Other queries to offer beside the hits, each with its total: only what leads somewhere."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic

from analyzers import TokenKind

from ..backend import Docs
from ..cache import Memo
from ..model import SearchRequest
from ..query.clauses import LONG_QUERY_WORDS, query_tokens
from ..query.decoded_query import keystroke_readings
from ..query.expansions import near_documents
from ..query.language_model import BigramModel
from ..query.query_text import Respelling, TextRun, respelled
from ..query.restore import Restored, restore
from ..query.slips import is_joined
from ..query.spelling_correction import Correction, SpellingCorrector
from ..query.term_expansion import AccentMatch
from ..query_model import AccentMode, Suggestion
from ..retrieval.budget import out_of_time
from .interpretation import Interpretation, QueryInterpreter

_KEYSTROKES = frozenset({"telex", "vni"})
#: Queries whose offers are kept.
_OFFERS_KEPT = 4_000
#: By how much a correction must be likelier than the text as typed, in natural logarithms: where
#: that has no hits, and where it has.
_GAINS = (0.5, 2.0)
#: The same where words change that are no syllables, which hardly stand for themselves,
_GAINS_OF_FOREIGN = (0.5, 1.5)
#: and where syllables do in a text without any marks, which says less.
_GAINS_OF_BARE = (1.5, 3.0)
#: The least in a question or sentence, in which most pairs of neighbours are nobody's slips.
_GAIN_OF_LONG = 4.0
#: A word without accents is right unless it has so many times more hits with them.
_RIGHT_SHARE = 3
#: Short forms in capitals (A, IS, NOT) are right.
_MOST_CAPITALS = 3
#: Offers of other document numbers.
_NEAR_NUMBERS = 3
_SURER_FIRST = ("split", "spelling", "restore_accents")


@dataclass(frozen=True, slots=True)
class Suggester(Generic[Docs]):
    """Finds what else a query may have meant."""

    interpreter: QueryInterpreter[Docs]
    offers: Memo[tuple[Suggestion, ...]] = field(default_factory=lambda: Memo(_OFFERS_KEPT))
    """What was offered for earlier queries: the pages of one query share it."""

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
        key = (query, request.filters, request.field, request.sort, request.mode)
        return self.offers.get(
            (*key, request.expand, request.collapse),
            lambda: self._found(request, query, interpretation),
            unless=out_of_time,
        )

    def _found(
        self, request: SearchRequest, query: str, interpretation: Interpretation[Docs]
    ) -> tuple[Suggestion, ...]:
        runs = self.interpreter.text_runs(request, query)
        kinds = (self._near_numbers, self._keystrokes, self._corrected, self._restored)
        for kind in kinds if runs else ():
            if out_of_time():
                break
            found = tuple(kind(request, query, runs, interpretation))
            if found:
                return found
        return ()

    def _near_numbers(
        self,
        request: SearchRequest,
        query: str,
        runs: tuple[TextRun, ...],
        interpretation: Interpretation[Docs],
    ) -> Iterator[Suggestion]:
        """The numbers of laws that are like one that no article has."""
        if interpretation.full.total:
            return
        found = []
        for text in near_documents(self.interpreter.lexicon, query, query_tokens(query)):
            if offer := self._offer(request, "near_number", text):
                found.append(offer)
        yield from sorted(found, key=lambda offer: (-offer.total, offer.text))[:_NEAR_NUMBERS]

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
        model = BigramModel(interpreter.lexicon, interpreter.counts)
        corrector = SpellingCorrector(model, query)
        likelier = [each for run in runs if (each := corrector.correct(run, bare=bare))]
        if not likelier:
            return
        as_typed = None if bare else AccentMatch.AS_TYPED
        has_hits = bool(interpreter.count(request, query, as_typed))
        is_long = sum(len(run.tokens) for run in runs) >= LONG_QUERY_WORDS
        least = _GAIN_OF_LONG if is_long else 0.0
        found = [
            each for each in likelier if each.gain >= max(least, _least_gain(each, bare, has_hits))
        ]
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
        changes: list[Respelling] = []
        likelihoods: list[float] = []
        for run in runs:
            restored = read.get(run.tokens[0].start)
            # Words whose signs were softened were read together, not in the runs of the query.
            if restored is None or len(restored.forms) != len(run.tokens):
                restored = restore(self.interpreter.counts, run.tokens)
            changes += self._accents(run, restored)
            likelihoods += restored.likelihoods
        if changes and not self._is_right(query, runs):
            text = respelled(query, changes)
            if offer := self._offer(request, "restore_accents", text, math.prod(likelihoods)):
                yield offer

    def _is_right(self, query: str, runs: tuple[TextRun, ...]) -> bool:
        """Whether a single word is a short form, or about as frequent without accents (lan, A)."""
        tokens = [token for run in runs for token in run.tokens]
        if len(tokens) > 1:
            return False
        (token,) = tokens
        typed = query[token.start : token.end]
        if len(typed) == 1 or (typed.isupper() and len(typed) <= _MOST_CAPITALS):
            return True
        counts = dict(self.interpreter.counts.candidates_of(token.folded))
        return _RIGHT_SHARE * counts.get(token.exact, 0.0) > max(counts.values(), default=0.0)

    def _accents(self, run: TextRun, restored: Restored) -> Iterator[Respelling]:
        """The words that are likelier with accents."""
        for token, form in zip(run.tokens, restored.forms, strict=True):
            if form != token.exact and token.kind is TokenKind.WORD and not is_joined(form):
                yield Respelling(token.start, token.end, (form,))

    def _offer(
        self, request: SearchRequest, kind: str, text: str, confidence: float = 0.0
    ) -> Suggestion | None:
        """A query as an offer if some article has all of it."""
        total = self.interpreter.page_total(request, text)
        if not total:
            return None
        return Suggestion(kind=kind, text=text, total=total, confidence=confidence)


def _least_gain(correction: Correction, bare: bool, has_hits: bool) -> float:
    gains = _GAINS if correction.kind == "restore_accents" else _GAINS_OF_FOREIGN
    if correction.of_syllables:
        gains = _GAINS_OF_BARE if bare else _GAINS
    return gains[has_hits]
