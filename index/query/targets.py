"""What a highlighter looks for: each span of the query and the sequences that stand for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers import Token

from ..model import MatchKind
from ..plan import TermSet
from ..schema import Zone
from .clauses import Expansion
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


def _forms(terms: TermSet) -> frozenset[str]:
    return frozenset(form.term for form in terms.terms)
