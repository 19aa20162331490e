"""What a highlighter looks for: each span of the query and the sequences that stand for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers import Token

from ..model import MatchKind
from ..plan import Phrase, TermSet
from ..schema import Zone
from .expansions import SOLID, Expansion
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


_KINDS = {
    "abbreviation": MatchKind.ABBREVIATION,
    "joined": MatchKind.JOINED,
    "date": MatchKind.SYNONYM,
    "number": MatchKind.JOINED,
    "code": MatchKind.JOINED,
    SOLID: MatchKind.JOINED,
}


def token_targets(
    text: str, tokens: Sequence[Token], sets: Sequence[TermSet]
) -> tuple[QueryTarget, ...]:
    """One target a token; offsets of the tokens are of the text."""
    return tuple(
        QueryTarget(text[t.start : t.end], t.exact, ((_forms(terms),),), terms.zones)
        for t, terms in zip(tokens, sets, strict=True)
    )


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
        tuple(map(_sequence, phrases)),
        phrases[0].parts[0].zones,
        MatchKind.JOINED,
        expanded=True,
    )


def _sequence(phrase: Phrase) -> FormSequence:
    """The forms of each position; none where the phrase leaves one open."""
    by_offset = {
        offset: _forms(part) for part, offset in zip(phrase.parts, phrase.offsets, strict=True)
    }
    return tuple(by_offset.get(offset, frozenset()) for offset in range(phrase.offsets[-1] + 1))


def _forms(terms: TermSet) -> frozenset[str]:
    return frozenset(form.term for form in terms.terms)
