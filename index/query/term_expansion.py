"""Query syllables → the indexed forms they stand for, under each accent mode."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from analyzers import (
    Token,
    TokenKind,
    compatible,
    day_terms,
    fold,
    has_marks,
    is_syllable,
    iy_variants,
)

from ..cache import Memo
from ..plan import TermSet, WeightedTerm
from ..ranking import RankingConstants
from ..schema import Zone
from ..segments.inversion import BARE_ZONE_MARK
from .lexicon import Lexicon, VariantCount


class AccentMatch(Enum):
    """How freely typed syllables are read, from the strictest on."""

    VERBATIM = 0
    """Only the form as typed."""
    AS_TYPED = 1
    """The form as typed, its i/y spelling, and text written without any marks."""
    OPEN = 2
    """Marks typed are constraints, marks missing are free."""
    FOLDED = 3
    """Marks do not count."""


_SYLLABLE_KINDS = frozenset({TokenKind.WORD, TokenKind.JOINED})
#: Kinds that have no other accents: names with signs, addresses.
_AS_WRITTEN = frozenset({TokenKind.CODE, TokenKind.URL, TokenKind.EMAIL})
_AND, _AMPERSAND = WeightedTerm("và", "va"), WeightedTerm("&", "&")
_MIN_PREFIX_TO_FOLD = 2
_MAX_PREFIX_FOLDS = 200


@dataclass(frozen=True, slots=True)
class TermExpander:
    """Makes term sets; `zones` restricts where the forms may stand."""

    lexicon: Lexicon
    constants: RankingConstants
    zones: frozenset[Zone]
    kept: Memo[TermSet] = field(repr=False)
    """Equal sets are one object: they are keys of caches, and compared by identity first."""

    def expand(self, token: Token, accent_match: AccentMatch, *, alone: bool = False) -> TermSet:
        """The forms that one token stands for; without forms it matches nothing.

        Args:
            alone: a bare query of one syllable has no i/y spellings (Vy, My are names), and its
                readings count as often as they occur.
        """
        key = (token.exact, token.folded, token.kind, accent_match, alone, self.zones)
        return self.kept.get(key, lambda: self._expand(token, accent_match, alone=alone))

    def _expand(self, token: Token, accent_match: AccentMatch, *, alone: bool) -> TermSet:
        alone = alone and not has_marks(token.exact)
        if token.kind in _AS_WRITTEN:
            forms = self._as_typed(token.exact, token.folded, AccentMatch.VERBATIM, alone=False)
            return replace(self._set(forms), stacked=True)
        if token.kind not in _SYLLABLE_KINDS:
            return self._figures(token.exact)
        # What is no syllable may stand in the index as a joined form, on top of its parts (putin).
        return replace(
            self._forms(token, accent_match, alone=alone), stacked=not is_syllable(token.folded)
        )

    def _forms(self, token: Token, accent_match: AccentMatch, *, alone: bool) -> TermSet:
        if accent_match in (AccentMatch.VERBATIM, AccentMatch.AS_TYPED):
            return self._set(self._as_typed(token.exact, token.folded, accent_match, alone=alone))
        typed = token.exact if accent_match is AccentMatch.OPEN else token.folded
        forms = self._compatible(typed, token.folded, 1.0)
        if alone:
            return self._set(self._graded(forms))
        for variant in iy_variants(typed):
            forms += self._compatible(variant, fold(variant), self.constants.other_form)
        return self._set(forms)

    def _graded(self, forms: Sequence[WeightedTerm]) -> list[WeightedTerm]:
        """The same forms with shares that follow their counts, the most frequent in full."""
        counts = (
            {form.text: form.count for form in self.lexicon.variants(forms[0].fold)}
            if forms
            else {}
        )
        most = max(counts.values(), default=1)
        lowest = self.constants.rarest_reading
        return [
            replace(form, boost=form.boost * (lowest + (1 - lowest) * counts[form.term] / most))
            for form in forms
        ]

    def exactly(self, exact: str, folded: str) -> TermSet:
        """One form only."""
        key = (exact, folded, self.zones)
        return self.kept.get(key, lambda: self._set([WeightedTerm(exact, folded)]))

    def sequence(self, exacts: Sequence[str]) -> tuple[TermSet, ...]:
        """Term sets of written-out forms (the long form of an abbreviation)."""
        return tuple(map(self._in_sequence, exacts))

    def _in_sequence(self, exact: str) -> TermSet:
        if not any(map(str.isalpha, exact)):
            return self._figures(exact)
        folded = fold(exact)
        forms = self._as_typed(exact, folded, AccentMatch.AS_TYPED, alone=False)
        return replace(self._set(forms), stacked=not is_syllable(folded))

    def _figures(self, exact: str) -> TermSet:
        """Numbers, dates and signs; a date or share in each of its forms."""
        if exact == _AMPERSAND.term:
            bare = WeightedTerm(_AND.fold + BARE_ZONE_MARK, _AND.fold)
            return self._set([_AMPERSAND, _AND, bare])
        forms = [WeightedTerm(term, fold(term)) for term in day_terms(exact)]
        return replace(self._set(forms), stacked=not exact.isdecimal())

    def expand_prefix(self, token: Token, accent_match: AccentMatch) -> TermSet:
        """The forms that begin with what was typed; one letter is not folded (d is not đ)."""
        folds = self.lexicon.folds_from(token.folded, _MAX_PREFIX_FOLDS)
        strict = (
            accent_match in (AccentMatch.VERBATIM, AccentMatch.AS_TYPED)
            or len(token.folded) < _MIN_PREFIX_TO_FOLD
        )
        width = len(token.exact)
        forms = []
        for folded in folds:
            for form in self.lexicon.variants(folded):
                start = form.text[:width]
                fits = (
                    start == token.exact
                    if strict
                    else accent_match is AccentMatch.FOLDED or compatible(token.exact, start)
                )
                if fits or (form.bare_zone and not strict):
                    forms.append(WeightedTerm(form.text, folded))
        return self._set(forms)

    def _as_typed(
        self, exact: str, folded: str, accent_match: AccentMatch, *, alone: bool
    ) -> list[WeightedTerm]:
        forms = [WeightedTerm(exact, folded)]
        if not has_marks(exact):
            forms.append(WeightedTerm(folded + BARE_ZONE_MARK, folded))
        elif accent_match is AccentMatch.AS_TYPED:
            forms.append(
                WeightedTerm(folded + BARE_ZONE_MARK, folded, self.constants.bare_zone_form)
            )
        if accent_match is AccentMatch.AS_TYPED and not alone:
            forms += [
                WeightedTerm(variant, fold(variant), self.constants.other_form)
                for variant in iy_variants(exact)
            ]
        return forms

    def _compatible(self, typed: str, folded: str, boost: float) -> list[WeightedTerm]:
        marked = has_marks(typed)
        forms = []
        for form in self.lexicon.variants(folded):
            if form.bare_zone:
                bare_share = self.constants.bare_zone_form if marked else 1.0
                forms.append(WeightedTerm(form.text, folded, boost * bare_share))
            elif compatible(typed, form.text):
                forms.append(WeightedTerm(form.text, folded, boost))
        return forms

    def _set(self, forms: Sequence[WeightedTerm]) -> TermSet:
        if _AND in forms:
            forms = [*forms, _AMPERSAND]
        return TermSet(tuple(sorted(set(forms), key=lambda form: form.term)), self.zones)


def reads_as_typed(lexicon: Lexicon, tokens: Sequence[Token]) -> bool:
    """Whether accented text was typed in full, so that bare syllables are meant bare.

    Every marked syllable must be a known form, and every bare one must stand beside a neighbour
    as typed at least as often as under all its other accents together (`Lai Châu`, but not
    `đảng bo`).
    """
    words = [token for token in tokens if token.kind is TokenKind.WORD]
    marked = [token for token in words if has_marks(token.exact)]
    if not marked or not all(lexicon.count(token.exact, token.folded) for token in marked):
        return False
    return all(
        has_marks(token.exact)
        or not _has_marked_reading(lexicon, token)
        or _bare_fits(lexicon, words, index)
        for index, token in enumerate(words)
    )


def _has_marked_reading(lexicon: Lexicon, token: Token) -> bool:
    return any(has_marks(form.text) for form in lexicon.written_variants(token.folded))


def _bare_fits(lexicon: Lexicon, words: Sequence[Token], index: int) -> bool:
    """Whether the bare syllable is the usual one beside its neighbours as they were typed."""
    token = words[index]
    for neighbour, before in ((index - 1, True), (index + 1, False)):
        if not 0 <= neighbour < len(words):
            continue
        other = words[neighbour]
        first, second = (other, token) if before else (token, other)
        as_typed = others = 0
        for (left, right), count in lexicon.pair_counts(first.folded, second.folded):
            if (left if before else right) != other.exact:
                continue
            if (right if before else left) == token.exact:
                as_typed += count
            else:
                others += count
        if as_typed and as_typed >= others:
            return True
    return False


def frequent_variants(
    lexicon: Lexicon, exact: str, folded: str, limit: int = 8
) -> tuple[VariantCount, ...]:
    """The readings of a syllable that agree with the marks typed, the most frequent first."""
    found = [f for f in lexicon.written_variants(folded) if compatible(exact, f.text)]
    return tuple(found[:limit])
