"""What the indexed vocabulary knows: forms of a fold, neighbours, compounds, with counts.

Nothing is stored apart: the counts are the document frequencies of the index itself, of live
documents only, so they are exact after every commit, delete and merge. What queries are understood
by are these counts in steps of a twelfth, as the prior has them: so a commit of a few articles
leaves nearly every plan as it is.
"""

import math
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, TypeVar

from ..cache import Memo
from ..segments.inversion import BARE_ZONE_MARK

_CACHED_FOLDS = 20_000
#: Counts below are taken as they are; those above in steps of 2^(1/8), as those of the prior.
_EXACT_BELOW = 16
_STEPS = 8

Value = TypeVar("Value")


def steady(count: int) -> int:
    """A count in steps of about a twelfth, which hardly any commit changes.

    >>> steady(15), steady(1_000), steady(1_001)
    (15, 1024, 1024)
    """
    if count < _EXACT_BELOW:
        return count
    return round(math.exp2(round(_STEPS * math.log2(count)) / _STEPS))


@dataclass(frozen=True, slots=True)
class VariantCount:
    """An indexed form and, in steps, the number of live documents that hold it."""

    text: str
    count: int
    documents: int = field(compare=False)
    """The exact number, to be shown."""

    @property
    def bare_zone(self) -> bool:
        """Whether it stands for occurrences in zones without any marks."""
        return self.text.endswith(BARE_ZONE_MARK)


class LexiconSource(Protocol):
    """The vocabulary of one generation, in no order; forms that no live document has count 0."""

    @property
    def document_count(self) -> int:
        """Living documents."""

    def variant_counts(self, fold: str) -> Mapping[str, int]:
        """The indexed forms of a folded syllable with their document frequencies."""

    def compound_counts(self, fold: str) -> Mapping[str, int]:
        """The accented readings of a folded compound with their document frequencies."""

    def pair_counts(self, first: str, second: str) -> Mapping[tuple[str, str], int]:
        """The readings of two folded syllables side by side with their document frequencies."""

    def fold_counts(self, prefix: str) -> Mapping[str, int]:
        """The folded forms that begin with a prefix, with the counts of their forms added up."""

    def known_folds(self, folds: Collection[str]) -> Collection[str]:
        """Those of the folded forms that are indexed, perhaps in deleted documents only."""

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""

    def years(self) -> range:
        """Those from the first article with a date to the last, in Vietnamese time."""


@dataclass(frozen=True, slots=True)
class VocabularyChange:
    """What a later generation may count otherwise."""

    folds: frozenset[str]
    """Folded syllables."""
    pairs: frozenset[tuple[str, str]]
    """Pairs of them, …"""
    apart: frozenset[str]
    """… and any two of these."""


#: What was asked, a method and its arguments, → the answer.
Answers: TypeAlias = dict[tuple[str | int, ...], object]
#: The same to be kept: in half of the room.
KeptAnswers: TypeAlias = tuple[tuple[tuple[str | int, ...], ...], tuple[object, ...]]
_NOTED: ContextVar[Answers | None] = ContextVar("answers", default=None)


@contextmanager
def answers_noted() -> Iterator[Answers]:
    """What every lexicon answers inside, in this thread."""
    answers: Answers = {}
    token = _NOTED.set(answers)
    try:
        yield answers
    finally:
        _NOTED.reset(token)
        note((tuple(answers), tuple(answers.values())))


def note(answers: KeptAnswers) -> None:
    """Take answers to what is noted in this thread, if anything is."""
    noted = _NOTED.get()
    if noted is not None:
        noted.update(zip(*answers, strict=True))


_NO_ANSWERS: KeptAnswers = ((), ())


class Lexicon:
    """Look-ups in one generation; cached, safe to share between threads."""

    def __init__(
        self,
        source: LexiconSource,
        before: "Lexicon | None" = None,
        change: "VocabularyChange | None" = None,
    ) -> None:
        """Nothing is read yet.

        Args:
            before: that of an earlier generation, whose answers are taken over …
            change: … but those that may be others now; None: but all.
        """
        self._source = source
        self.document_count = source.document_count
        self._variants: Memo[tuple[VariantCount, ...]] = Memo(_CACHED_FOLDS)
        self._compounds: Memo[tuple[VariantCount, ...]] = Memo(_CACHED_FOLDS)
        self._pairs: Memo[tuple[tuple[tuple[str, str], int], ...]] = Memo(_CACHED_FOLDS)
        if before is not None and change is not None:
            self._variants = before._variants.handed_on(lambda fold: fold not in change.folds)
            self._compounds = before._compounds.handed_on(
                lambda fold: not change.folds.issuperset(str(fold).split(" "))
            )
            self._pairs = before._pairs.handed_on(
                lambda pair: (
                    isinstance(pair, tuple)
                    and pair not in change.pairs
                    and not change.apart.issuperset(pair)
                )
            )

    def variants(self, fold: str) -> tuple[VariantCount, ...]:
        """The indexed forms of a folded syllable, the most frequent first, bare ones included."""
        found = self._variants.get(fold, lambda: _ordered(self._source.variant_counts(fold)))
        noted = _NOTED.get()
        if noted is not None:
            noted["variants", fold] = found
        return found

    def pair_counts(self, first: str, second: str) -> tuple[tuple[tuple[str, str], int], ...]:
        """Two folded syllables → ((first, second), count) of their variants side by side."""
        key = (first, second)
        found = self._pairs.get(key, lambda: self._pair_counts(first, second))
        return _noted(("pair_counts", *key), found)

    def compounds(self, fold: str) -> tuple[VariantCount, ...]:
        """The accented variants of a folded compound ("ha noi"), the most frequent first."""
        found = self._compounds.get(fold, lambda: _ordered(self._source.compound_counts(fold)))
        return _noted(("compounds", fold), found)

    def folds_from(self, prefix: str, limit: int) -> list[str]:
        """Up to `limit` folded forms that begin with the prefix, the most frequent first."""
        counts = {fold: steady(n) for fold, n in self._source.fold_counts(prefix).items()}
        found = sorted(counts, key=lambda fold: (-counts[fold], fold))[:limit]
        return _noted(("folds_from", prefix, limit), found)

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""
        return _noted(("labels", column), self._source.labels(column))

    def years(self) -> range:
        """Those from the first article with a date to the last, in Vietnamese time."""
        return _noted(("years",), self._source.years())

    @property
    def total(self) -> float:
        """About as many syllables as the archive's articles hold, each counted once."""
        return 200.0 * self.steady_document_count()

    def steady_document_count(self) -> int:
        """Living documents, in steps."""
        return _noted(("steady_document_count",), steady(self.document_count))

    def answers_alike(self, answers: KeptAnswers) -> bool:
        """Whether it would give the same answers as another one gave."""
        for (method, *arguments), answer in zip(*answers, strict=True):
            now = getattr(self, str(method))(*arguments)
            if now is not answer and now != answer:
                return False
        return True

    def written_variants(self, fold: str) -> tuple[VariantCount, ...]:
        """The forms that people read a folded syllable as, without those of bare zones."""
        return tuple(form for form in self.variants(fold) if not form.bare_zone)

    def count(self, text: str, fold: str) -> int:
        """Living documents that hold a form outside of bare zones, in steps."""
        return next((form.count for form in self.variants(fold) if form.text == text), 0)

    def candidates_of(self, fold: str) -> Sequence[tuple[str, float]]:
        """The readings with their counts, as restoration asks for them."""
        return [(form.text, form.count) for form in self.written_variants(fold)]

    def pairs_of(self, first: str, second: str) -> Sequence[tuple[tuple[str, str], float]]:
        """The same as `pair_counts`, as restoration asks for it."""
        return self.pair_counts(first, second)

    def words_of(self, first: str, second: str) -> Sequence[tuple[tuple[str, str], float]]:
        """The readings of two folded syllables as one word with their counts."""
        found = []
        for form in self.compounds(f"{first} {second}"):
            left, _, right = form.text.partition(" ")
            found.append(((left, right), float(form.count)))
        return found

    def known_folds(self, folds: Collection[str]) -> list[str]:
        """Those of the folded forms that living documents have, the most frequent first."""
        counts = {
            fold: sum(form.count for form in self.variants(fold))
            for fold in self._source.known_folds(folds)
        }
        known = [fold for fold, count in counts.items() if count]
        return sorted(known, key=lambda fold: (-counts[fold], fold))

    def _pair_counts(self, first: str, second: str) -> tuple[tuple[tuple[str, str], int], ...]:
        counts = self._source.pair_counts(first, second)
        found = [(pair, steady(count)) for pair, count in counts.items() if count]
        return tuple(sorted(found, key=lambda item: (-item[1], item[0])))


def _noted(asked: tuple[str | int, ...], answer: Value) -> Value:
    noted = _NOTED.get()
    if noted is not None:
        noted[asked] = answer
    return answer


def _ordered(counts: Mapping[str, int]) -> tuple[VariantCount, ...]:
    found = [VariantCount(text, steady(count), count) for text, count in counts.items() if count]
    return tuple(sorted(found, key=lambda form: (-form.count, form.text)))


class PlanMemo(Memo[Value]):
    """Values made of what a lexicon says; a later generation takes over those that still hold."""

    def __init__(
        self,
        limit: int,
        lexicon: Lexicon,
        before: "Memo[Value] | None" = None,
        adopt: Callable[[Value, Lexicon], Value] | None = None,
    ) -> None:
        """Nothing is made yet.

        Args:
            before: that of an earlier generation.
            adopt: what makes a value of an earlier generation one of this.
        """
        super().__init__(limit)
        self._lexicon = lexicon
        self._adopt = adopt
        self._answers: dict[Hashable, KeptAnswers] = {}
        self._before: dict[Hashable, tuple[Value, KeptAnswers]] = {}
        if isinstance(before, PlanMemo):
            self._before = before._lasting()

    def get(
        self, key: Hashable, make: Callable[[], Value], *, unless: Callable[[], bool] = bool
    ) -> Value:
        """The value under the key, made where it is missing or would come out otherwise."""
        found = self._values.get(key)
        if found is None:
            earlier, answers = self._before.pop(key, (None, _NO_ANSWERS))
            if earlier is not None and self._lexicon.answers_alike(answers):
                found = earlier if self._adopt is None else self._adopt(earlier, self._lexicon)
                note(answers)
            else:
                with answers_noted() as noted:
                    found = make()
                if unless():
                    return found
                answers = tuple(noted), tuple(noted.values())
            if len(self._values) >= self._limit:
                self._values.clear()
                self._answers.clear()
            self._values[key] = found
            self._answers[key] = answers
        elif _NOTED.get() is not None:
            note(self._answers.get(key, _NO_ANSWERS))
        return found

    def _lasting(self) -> dict[Hashable, tuple[Value, KeptAnswers]]:
        """What a later generation may take over, with what it was made of."""
        answers = dict(self._answers)
        lasting = {
            key: (value, answers[key])
            for key, value in list(self._values.items())
            if _is_lasting(key) and key in answers
        }
        if len(lasting) + len(self._before) <= self._limit:
            lasting = dict(self._before) | lasting
        return lasting


def _is_lasting(key: Hashable) -> bool:
    """Whether a key is made of a query's text: others have objects of this generation in them."""
    return isinstance(key, tuple) and isinstance(key[0], str)
