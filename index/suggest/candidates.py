"""What a typed text may become as a query: words, phrases of headlines, neighbours in the text."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers import analyze, begins_with, fold

from ..lexicon import Lexicon
from ..query.restore import Counts, restore
from ..retrieval.snapshot import Snapshot
from .dictionary import Dictionary
from .phrases import HeadlinePhrases
from .typed import TypedText

#: A longer text is a sentence; only headlines go on after it.
_MAX_TOKENS = 10
_WORDS = 24
_ENOUGH = 4
#: An occurrence in a headline says more than one anywhere in an article.
_HEADLINE_WEIGHT = 6.0
#: What goes on after a part of the typed text only comes after all that goes on after the whole.
_LOOSE = 1e-3
#: What is longer than what was typed and one word.
_FOLLOWING = 0.5
_NEIGHBOURS = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """Exact keys of a query and its weight; whether it has hits is not known yet."""

    forms: tuple[str, ...]
    weight: float

    @property
    def text(self) -> str:
        """The query."""
        return " ".join(self.forms)


class CandidateFinder:
    """Finds candidates in one generation."""

    def __init__(
        self,
        snapshot: Snapshot,
        lexicon: Lexicon,
        counts: Counts,
        dictionary: Dictionary,
        phrases: HeadlinePhrases,
    ) -> None:
        self._snapshot = snapshot
        self._lexicon = lexicon
        self._counts = counts
        self._dictionary = dictionary
        self._phrases = phrases

    def find(self, typed: TypedText) -> list[Candidate]:
        """The likeliest completions of the typed tokens, the best first."""
        if not 0 < len(typed) <= _MAX_TOKENS:
            return []
        weights: dict[tuple[str, ...], float] = defaultdict(float)
        for forms, weight in self._dictionary.words(typed, _WORDS):
            weights[forms] += weight
        if len(typed) > 1:
            for phrase in self._phrases.phrases(self._phrases.occurrences(typed)):
                weights[phrase.forms] += _HEADLINE_WEIGHT * phrase.count
        if len(weights) < _ENOUGH and len(typed) > 1:
            for forms, weight in self._after_part(typed).items():
                weights.setdefault(forms, _LOOSE * weight)
        ranked = sorted(weights, key=lambda forms: (-weights[forms], forms))
        return [Candidate(forms, weights[forms]) for forms in ranked]

    def following(self, candidate: Candidate) -> list[Candidate]:
        """The candidate with a word that follows it in headlines, the most frequent first."""
        folded = tuple(map(fold, candidate.forms))
        found = self._phrases.occurrences(TypedText(candidate.forms, folded))
        longer = []
        for phrase in self._phrases.followed_by(found):
            word = " ".join(phrase.forms)
            if self._dictionary.weight(word, fold(word)):
                forms = (*candidate.forms, *phrase.forms)
                longer.append(Candidate(forms, _FOLLOWING * _HEADLINE_WEIGHT * phrase.count))
        return longer

    def _after_part(self, typed: TypedText) -> dict[tuple[str, ...], float]:
        """The restored beginning with what follows its last syllable, or with any word."""
        context = self._restored(typed)
        weights: dict[tuple[str, ...], float] = defaultdict(float)
        last = TypedText(typed.exact[-1:], typed.folded[-1:])
        for form, count in self._neighbours(context[-1], typed.folded[-2], last):
            weights[*context, form] += count
        if not weights:
            for forms, weight in self._dictionary.words(last, _NEIGHBOURS):
                weights[*context, *forms] += weight
        return weights

    def _restored(self, typed: TypedText) -> tuple[str, ...]:
        tokens = analyze(" ".join(typed.exact[:-1]))
        restored = restore(self._counts, tokens, best=1)
        forms = restored[0].forms if restored else ()
        return forms if len(forms) == len(typed) - 1 else typed.exact[:-1]

    def _neighbours(
        self, first: str, first_fold: str, last: TypedText
    ) -> Sequence[tuple[str, float]]:
        """Forms that follow a syllable somewhere and begin as typed, with their counts."""
        counts: dict[str, float] = defaultdict(float)
        for part in self._snapshot:
            vocabulary = part.segment.terms
            number = vocabulary.number(first, first_fold)
            if number is None:
                continue
            seconds = vocabulary.numbers_from(last.folded[0])
            numbers, frequencies = part.segment.followers(number, seconds)
            best = (-frequencies).argsort(kind="stable")[: 4 * _NEIGHBOURS]
            for index in best.tolist():
                form = vocabulary.text[int(numbers[index])]
                if begins_with(last.exact[0], form):
                    counts[form] += float(frequencies[index])
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_NEIGHBOURS]
