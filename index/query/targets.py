"""What a highlighter looks for: each span of the query and the sequences that stand for it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzers import Token, TokenKind, iy_variants

from ..model import MatchKind
from ..plan import Phrase, TermSet
from ..schema import Zone
from .expansions import SOLID, Expansion
from .restore import Restored
from .term_expansion import TermExpander

FormSequence = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class QueryTarget:
    """One token of the query and every way in which it may be written in a text."""

    typed: str
    exact: str
    options: tuple[FormSequence, ...]
    zones: frozenset[Zone]
    expansion_kind: MatchKind = MatchKind.ABBREVIATION
    expanded: bool = False
    likely: frozenset[str] | None = None
    """The accented forms that a bare word means where it stands apart from its neighbours of the
    query; None for all."""


_ISO_DAY = re.compile(r"--(\d\d)-(\d\d)")
#: A reading with this probability is marked for itself.
_LIKELY = 0.1
_KINDS = {
    "abbreviation": MatchKind.ABBREVIATION,
    "joined": MatchKind.JOINED,
    "date": MatchKind.SYNONYM,
    "number": MatchKind.JOINED,
    "code": MatchKind.JOINED,
    SOLID: MatchKind.JOINED,
}


def token_targets(
    text: str, tokens: Sequence[Token], sets: Sequence[TermSet], restored: Restored | None = None
) -> tuple[QueryTarget, ...]:
    """One target a token; offsets of the tokens are of the text."""
    likely = _likely_forms(tokens, restored)
    return tuple(
        QueryTarget(
            text[t.start : t.end],
            t.exact,
            ((_forms(terms),), *_days_in_figures(_forms(terms))),
            terms.zones,
            likely=forms,
        )
        for t, terms, forms in zip(tokens, sets, likely, strict=True)
    )


def _likely_forms(
    tokens: Sequence[Token], restored: Restored | None
) -> Sequence[frozenset[str] | None]:
    """The readings of each token that its neighbours leave possible; None for a token alone."""
    if restored is None or len(tokens) == 1:
        return [None] * len(tokens)
    found = []
    for token, form, chances in zip(tokens, restored.forms, restored.readings, strict=True):
        forms = {form, *(other for other, chance in chances.items() if chance >= _LIKELY)}
        forms |= {variant for each in forms for variant in iy_variants(each)}
        found.append(frozenset(forms) if token.kind is TokenKind.WORD else None)
    return found


def expansion_targets(
    expander: TermExpander, expansions: Sequence[Expansion]
) -> tuple[QueryTarget, ...]:
    """One target an expansion, with all its spellings as options."""
    return tuple(
        QueryTarget(
            expansion.written,
            expansion.written,
            tuple(
                tuple(_forms(terms) for terms in expander.sequence(target))
                for target in expansion.targets
            ),
            expander.zones,
            _KINDS[expansion.kind],
            expanded=True,
        )
        for expansion in expansions
        if expansion.targets
    )


def phrase_target(text: str, tokens: Sequence[Token], phrases: Sequence[Phrase]) -> QueryTarget:
    """One target for a phrase, which is marked only where it stands whole."""
    return QueryTarget(
        text[tokens[0].start : tokens[-1].end],
        " ".join(token.exact for token in tokens),
        tuple(dict.fromkeys(each for phrase in phrases for each in _sequences(phrase))),
        phrases[0].parts[0].zones,
        MatchKind.JOINED,
        expanded=True,
    )


def _sequences(phrase: Phrase) -> Iterator[FormSequence]:
    """The forms of each position, none where the phrase leaves one open; days as figures too."""
    by_offset = {
        offset: _forms(part) for part, offset in zip(phrase.parts, phrase.offsets, strict=True)
    }
    whole = tuple(by_offset.get(offset, frozenset()) for offset in range(phrase.offsets[-1] + 1))
    yield whole
    for at, forms in enumerate(whole):
        for figures in _days_in_figures(forms):
            rest = whole[at + len(figures) :]
            if not any(whole[at + 1 : at + len(figures)]) and (not rest or rest[0]):
                yield (*whole[:at], *figures, *rest)


def _days_in_figures(forms: frozenset[str]) -> Iterator[FormSequence]:
    """30-4 and 30.4 as a text has them where only the words around tell that they are a day."""
    for form in forms:
        if day := _ISO_DAY.fullmatch(form):
            first, second = (str(int(part)) for part in (day[2], day[1]))
            yield frozenset({first}), frozenset({second})
            yield (frozenset({f"{first}.{second}", f"{first}.{day[1]}", f"{day[2]}.{day[1]}"}),)


def _forms(terms: TermSet) -> frozenset[str]:
    return frozenset(form.term for form in terms.terms)
