"""Other queries to offer beside the hits, each with its total: only what leads somewhere."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Generic

from analyzers import TokenKind, analyze, fold, has_marks

from ..backend import Docs
from ..model import SearchRequest
from ..query.clauses import query_tokens
from ..query.compiler import Compiled
from ..query.decoded_query import keystroke_readings, plain_tokens
from ..query.expansions import near_documents
from ..query.restore import likeliest_forms
from ..query.term_expansion import AccentMatch
from ..query.typos import corrected, split_joined
from ..query_model import AccentMode, Suggestion
from .interpretation import WIDEN_BELOW, Interpretation, QueryInterpreter

#: A corrected spelling must have so many times the hits of the typed one.
_CORRECTION_GAIN = 2
#: So many numbers like the one of the query are named.
_NEAR_NUMBERS = 3
_KEYSTROKES = frozenset({"telex", "vni"})


@dataclass(frozen=True, slots=True)
class Suggester(Generic[Docs]):
    """Finds what else a query may have meant."""

    interpreter: QueryInterpreter[Docs]

    def suggest(
        self, request: SearchRequest, query: str, interpretation: Interpretation[Docs]
    ) -> tuple[Suggestion, ...]:
        """Suggestions of one kind, the surest kind first; none where accents are not free."""
        if request.accents is not AccentMode.AUTO or not request.fix:
            return ()
        if any(rewrite.kind in _KEYSTROKES for rewrite in interpretation.rewrites):
            return ()
        kinds = (
            *(self._near_numbers, self._restored, self._keystrokes, self._split, self._corrected),
            self._restored_and_relaxed,
        )
        for kind in kinds:
            found = tuple(kind(request, query, interpretation))
            if found:
                return found
        return ()

    def _near_numbers(
        self, request: SearchRequest, query: str, interpretation: Interpretation[Docs]
    ) -> Iterator[Suggestion]:
        """The numbers of laws that are like one that no article has."""
        if interpretation.full.total:
            return
        found = []
        for text in near_documents(self.interpreter.lexicon, query, query_tokens(query)):
            total = self.interpreter.interpret(request, text).full.total
            if total:
                found.append(Suggestion(kind="near_number", text=text, total=total))
        yield from sorted(found, key=lambda offer: (-offer.total, offer.text))[:_NEAR_NUMBERS]

    def _restored(
        self, request: SearchRequest, query: str, interpretation: Interpretation[Docs]
    ) -> Iterator[Suggestion]:
        offered = self._with_accents(interpretation.compiled)
        if offered is not None:
            total = self.interpreter.count(request, offered.text, AccentMatch.AS_TYPED)
            if total:
                yield replace(offered, total=total)

    def _restored_and_relaxed(
        self, request: SearchRequest, query: str, interpretation: Interpretation[Docs]
    ) -> Iterator[Suggestion]:
        """The accents that are meant where no article has all the words, with them or without."""
        missed = interpretation.near.total > interpretation.full.total == 0
        offered = self._with_accents(interpretation.compiled) if missed else None
        if offered is not None:
            total = self.interpreter.interpret(request, offered.text).full.total
            if total:
                yield replace(offered, total=total)

    def _with_accents(self, compiled: Compiled) -> Suggestion | None:
        """Plain words with their likeliest accents, not counted; None where none can be added."""
        if len(compiled.words) != 1:
            return None
        tokens, restored = compiled.words[0].tokens, compiled.words[0].restored
        if restored is None or restored.forms == tuple(token.exact for token in tokens):
            return None
        for token in tokens:
            if token.kind is TokenKind.WORD and not has_marks(token.exact):
                variants = self.interpreter.lexicon.variants(token.folded)
                if any(has_marks(variant.text) for variant in variants):
                    return Suggestion(
                        kind="restore_accents",
                        text=" ".join(restored.forms),
                        total=0,
                        confidence=math.prod(restored.likelihoods),
                    )
        return None

    def _keystrokes(
        self, request: SearchRequest, query: str, interpretation: Interpretation[Docs]
    ) -> Iterator[Suggestion]:
        """Keystrokes that were not applied: the raw query has hits, or the decoded one has none."""
        for typed in keystroke_readings(self.interpreter.lexicon, interpretation.compiled):
            total = self.interpreter.count(request, typed.text, AccentMatch.AS_TYPED)
            if total:
                yield Suggestion(kind=typed.kind, text=typed.text, total=total)
                return
            tokens = analyze(fold(typed.text))
            text = " ".join(likeliest_forms(self.interpreter.counts, tokens))
            total = self.interpreter.count(request, text, AccentMatch.AS_TYPED)
            if total:
                yield Suggestion(kind=typed.kind, text=text, total=total)
                return

    def _split(
        self, request: SearchRequest, query: str, interpretation: Interpretation[Docs]
    ) -> Iterator[Suggestion]:
        if interpretation.full.total >= WIDEN_BELOW or any(
            run.expansions for run in interpretation.compiled.words
        ):
            return
        text = split_joined(self.interpreter.lexicon, plain_tokens(interpretation.compiled))
        total = self.interpreter.count(request, text, None) if text else 0
        if text and total > interpretation.full.total:
            yield Suggestion(kind="split", text=text, total=total)

    def _corrected(
        self, request: SearchRequest, query: str, interpretation: Interpretation[Docs]
    ) -> Iterator[Suggestion]:
        if interpretation.full.total >= WIDEN_BELOW:
            return
        typed = self.interpreter.count(request, query, AccentMatch.AS_TYPED)
        best: Suggestion | None = None
        for text in corrected(self.interpreter.lexicon, plain_tokens(interpretation.compiled)):
            total = self.interpreter.count(request, text, AccentMatch.AS_TYPED)
            if total >= max(1, _CORRECTION_GAIN * typed) and (best is None or total > best.total):
                best = Suggestion(kind="spelling", text=text, total=total)
        if best is not None:
            yield best
