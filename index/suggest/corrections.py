"""Did you mean: keystrokes, words typed as one, wrong accents, slips."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analyzers import analyze, is_syllable

from ..model import SearchRequest
from ..query.language_model import BigramModel
from ..query.slip_candidates import split_joined
from ..results.did_you_mean import Suggester
from ..results.interpretation import WIDEN_BELOW, QueryInterpreter
from ..segments.array_file import Array
from ..suggest_model import Completion, SuggestionKind, TextPart
from .decoded_prefix import decoded
from .query_candidates import CandidateFinder
from .query_prefix import TypedText
from .word_table import Dictionary

_MAX_ITEMS = 2
_MAX_COUNTED = 4
#: Words apart must have so many times the hits of the words typed as one.
_SPLIT_GAIN = 10
_MIN_JOINED = 5
#: A longer text has its slips corrected when it is searched for.
_MAX_SLIPPED = 3


@dataclass(frozen=True, slots=True)
class MeantFinder:
    """Finds other readings of a typed text that have hits."""

    interpreter: QueryInterpreter[Array]
    suggester: Suggester[Array]
    dictionary: Dictionary
    finder: CandidateFinder
    total: Callable[[str], int]
    """The hits of a query."""

    def find(self, typed: TypedText, queries: Sequence[Completion]) -> list[Completion]:
        """Readings of one kind, the surest kind first; none where the completions are good.

        Args:
            queries: the completions of what was typed.
        """
        best = max((item.total or 0 for item in queries), default=0)
        ways = [self._apart(typed, best)]
        if best < WIDEN_BELOW:
            ways += [self._keystrokes(typed), self._slips(typed), self._other_accents(typed)]
        known = {item.text for item in queries}
        for way in ways:
            items = [item for item in way if item.text not in known and (item.total or 0) > best]
            if items:
                return items[:_MAX_ITEMS]
        return []

    def _keystrokes(self, typed: TypedText) -> Iterator[Completion]:
        for kind, other in decoded(self.interpreter.lexicon, self.dictionary, typed):
            yield from self._completed(other, kind)

    def _apart(self, typed: TypedText, best: int) -> Iterator[Completion]:
        """Two or three syllables that were typed without spaces (hanoi)."""
        joined = typed.folded[-1]
        if len(joined) < _MIN_JOINED or is_syllable(joined) or not joined.isascii():
            return
        text = " ".join(typed.exact)
        (*before, last) = analyze(text)
        model = BigramModel(self.interpreter.lexicon, self.interpreter.counts)
        parts = split_joined(model, last)
        other = TypedText.of((*before, *analyze(" ".join(parts)))) if parts else None
        for item in self._completed(other, "split") if other else ():
            if (item.total or 0) >= _SPLIT_GAIN * best:
                yield item

    def _other_accents(self, typed: TypedText) -> Iterator[Completion]:
        if typed.exact != typed.folded:
            yield from self._completed(TypedText(typed.folded, typed.folded), "accents_ignored")

    def _slips(self, typed: TypedText) -> Iterator[Completion]:
        """What a search for the text would offer, once its last syllable may be finished."""
        if len(typed) > _MAX_SLIPPED or not is_syllable(typed.exact[-1]):
            return
        text = " ".join(typed.exact)
        request = SearchRequest(query=text, collapse=True)
        interpretation = self.interpreter.interpret(request, text)
        for item in self.suggester.suggest(request, text, interpretation):
            # Missing accents are what completions are for.
            if item.kind != "restore_accents" and (total := self.total(item.text)):
                yield _item(item.text, item.kind, total)

    def _completed(self, other: TypedText, how: str) -> Iterator[Completion]:
        for candidate in self.finder.find(other, loosely=False)[:_MAX_COUNTED]:
            if total := self.total(candidate.text):
                yield _item(candidate.text, how, total)


def _item(text: str, how: str, total: int) -> Completion:
    return Completion(
        text=text,
        kind=SuggestionKind.DID_YOU_MEAN,
        parts=(TextPart(text),),
        total=total,
        how=how,
    )
