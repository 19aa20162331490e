"""What a typed text may become as a query: words, phrases of headlines, neighbours in the text."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers import analyze, begins_with, fold

from ..query.clauses import LONG_QUERY_WORDS
from ..query.lexicon import Lexicon
from ..query.restore import Counts, likeliest_forms
from ..retrieval.snapshot import Snapshot
from .headline_phrases import HeadlinePhrases
from .query_prefix import TypedText
from .word_table import Dictionary

#: A longer text is a sentence; only headlines go on after it.
_MAX_TOKENS = 10
_WORDS = 24
#: An occurrence in a headline says more than one anywhere in an article.
_HEADLINE_WEIGHT = 6.0
#: What has less than this share of the greatest weight is mostly a typing error.
_FAINT = 0.01
#: The weight of a phrase that is the rest of a longer word.
_DOUBTFUL = 0.05
#: So many are taken of what occurs once, or goes on after a part of the text only.
_LAST_RESORT = 3
_NEIGHBOURS_READ = 48
#: What stands nowhere in a row is not guessed at beyond so many tokens.
_MAX_GUESSED = 3
#: A syllable that this share of the articles holds says little.
_COMMON = 0.2


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

    def find(self, typed: TypedText, *, loosely: bool = True) -> list[Candidate]:
        """The likeliest completions of the typed tokens, the best first.

        Args:
            loosely: whether any word may end a text that stands nowhere in a row.
        """
        if not 0 < len(typed) <= _MAX_TOKENS:
            return []
        weights: dict[tuple[str, ...], float] = defaultdict(float)
        for forms, weight in self._dictionary.words(typed, _WORDS):
            weights[forms] += weight
        phrases = self._phrases.phrases(self._phrases.occurrences(typed)) if len(typed) > 1 else []
        for phrase in phrases:
            if phrase.count > 1:
                weight = _HEADLINE_WEIGHT * phrase.count
                forms = self._trimmed(phrase.forms, len(typed))
                weights[forms] += _DOUBTFUL * weight if phrase.inside_word else weight
        if not weights and len(typed) > 1:
            rare = phrases[:_LAST_RESORT]
            single = [(self._trimmed(phrase.forms, len(typed)), 1.0) for phrase in rare]
            guess = not single and len(typed) <= _MAX_GUESSED
            weights.update(self._after_part(typed, loosely=loosely) if guess else single)
        least = _FAINT * max(weights.values(), default=0.0)
        ranked = sorted(weights, key=lambda forms: (-weights[forms], forms))
        return [Candidate(forms, weights[forms]) for forms in ranked if weights[forms] >= least]

    def following(self, candidate: Candidate) -> list[Candidate]:
        """The candidate with a word that follows it in headlines, the most frequent first."""
        folded = tuple(map(fold, candidate.forms))
        found = self._phrases.occurrences(TypedText(candidate.forms, folded))
        longer = []
        for phrase in self._phrases.followed_by(found):
            word = " ".join(phrase.forms)
            forms = (*candidate.forms, *phrase.forms)
            if len(forms) < LONG_QUERY_WORDS and self._dictionary.weight(word, fold(word)):
                longer.append(Candidate(forms, _HEADLINE_WEIGHT * phrase.count))
        return longer

    def _trimmed(self, forms: tuple[str, ...], least: int) -> tuple[str, ...]:
        """The forms without common syllables at the end that are no part of a word (ở, của)."""
        while len(forms) > least:
            last, word = forms[-1], " ".join(forms[-2:])
            common = _COMMON * self._lexicon.document_count
            is_word = self._dictionary.weight(word, fold(word)) > 0
            if is_word or self._lexicon.count(last, fold(last)) < common:
                break
            forms = forms[:-1]
        return forms

    def _after_part(
        self, typed: TypedText, *, loosely: bool
    ) -> list[tuple[tuple[str, ...], float]]:
        """The restored beginning with what follows its last syllable, else with any word."""
        context = self._restored(typed)
        last = TypedText(typed.exact[-1:], typed.folded[-1:])
        following = self._neighbours(context[-1], typed.folded[-2], last)
        if following or not loosely:
            return [((*context, form), count) for form, count in following]
        words = self._dictionary.words(last, _LAST_RESORT)
        return [((*context, *forms), weight) for forms, weight in words]

    def _restored(self, typed: TypedText) -> tuple[str, ...]:
        tokens = analyze(" ".join(typed.exact[:-1]))
        forms = likeliest_forms(self._counts, tokens)
        return forms if len(forms) == len(typed) - 1 else typed.exact[:-1]

    def _neighbours(
        self, first: str, first_fold: str, last: TypedText
    ) -> Sequence[tuple[str, float]]:
        """Forms that follow a syllable somewhere and begin as typed, with their counts."""
        counts: dict[str, float] = defaultdict(float)
        for part in self._snapshot.parts:
            vocabulary = part.segment.terms
            number = vocabulary.number(first, first_fold)
            if number is None:
                continue
            seconds = vocabulary.numbers_from(last.folded[0])
            numbers, frequencies = part.segment.followers(number, seconds)
            best = (-frequencies).argsort(kind="stable")[:_NEIGHBOURS_READ]
            for index in best.tolist():
                form = vocabulary.text[int(numbers[index])]
                if begins_with(last.exact[0], form):
                    counts[form] += float(frequencies[index])
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_LAST_RESORT]
