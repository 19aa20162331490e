"""Neighbouring query words → units: what must be found, and the clauses that score it.

A unit is a token, or several that stand for one thing (an abbreviation, a hyphenated name).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analyzers import (
    Token,
    TokenKind,
    analyze,
    compatible,
    find_abbreviations,
    fold,
    index_tokens,
    is_syllable,
    joined_key,
)

from ..model import MAX_QUERY_TERMS
from ..plan import And, Or, PairSet, Phrase, Query, ScoringClause, TermSet
from .dates import DatePhrase, date_phrases
from .restore import Counts, Restored
from .term_expansion import AccentMatch, TermExpander

_ASKING = (
    *(("gì",), ("nào",), ("đâu",), ("mấy",)),
    *(("bao", "nhiêu"), ("bao", "giờ"), ("bao", "lâu"), ("bao", "xa")),
    *(("vì", "sao"), ("tại", "sao"), ("làm", "sao"), ("ra", "sao")),
)
#: "ai" asks at either end and after these; elsewhere it may be a name or an abbreviation.
_BEFORE_WHO = frozenset({"là", "do", "của", "bởi", "với", "cho", "những"})


def asking_words(words: Sequence[str]) -> frozenset[int]:
    """Which of the accented words of a query ask.

    >>> sorted(asking_words("ai là người đầu tiên bay vào vũ trụ và khi nào".split()))
    [0, 11]
    """
    asking = {
        index
        for first in range(len(words))
        for phrase in _ASKING
        if tuple(words[first : first + len(phrase)]) == phrase
        for index in range(first, first + len(phrase))
    }
    for index, word in enumerate(words):
        at_an_end = index in (0, len(words) - 1)
        if word == "ai" and (at_an_end or words[index - 1] in _BEFORE_WHO):
            asking.add(index)
    return frozenset(asking)


#: The kind of an expansion without other spellings: its tokens must stand in a row.
SOLID = "solid"
_LETTERS_THEN_DIGITS = re.compile(r"([^\W\d]{2,})(\d+)")
#: Up to so many words, a query is mostly one name or word.
SHORT_QUERY = 3
#: So many readings of two bare neighbours are told apart.
_PAIR_READINGS = 2
#: From so many words on, a query is a question or a sentence, of which hardly any article has
#: every word.
LONG_QUERY_WORDS = 6


@dataclass(frozen=True, slots=True)
class Expansion:
    """Another way to write a span of the query; `kind` names the rule."""

    kind: str
    first: int
    last: int
    written: str
    targets: tuple[tuple[str, ...], ...]
    shown: str


@dataclass(frozen=True, slots=True)
class Unit:
    """What one span of the query requires."""

    match: Query
    clauses: tuple[ScoringClause, ...]


@dataclass(frozen=True, slots=True)
class WordsPlan:
    """Units in the order of the query, and the clauses of neighbouring tokens."""

    units: tuple[Unit, ...]
    pairs: tuple[ScoringClause, ...]
    sets: tuple[TermSet, ...]
    """The terms of each token."""

    @property
    def clauses(self) -> tuple[ScoringClause, ...]:
        """All clauses."""
        return tuple(e for unit in self.units for e in unit.clauses) + self.pairs


def query_tokens(text: str) -> tuple[Token, ...]:
    """The tokens that a query requires, up to MAX_QUERY_TERMS.

    A written date is one token, its parts are left out.
    """
    tokens = analyze(text)
    dates = [token for token in tokens if token.kind is TokenKind.DATE]
    required = [
        token
        for token in tokens
        if token.kind is TokenKind.DATE
        or not any(d.start <= token.start and token.end <= d.end for d in dates)
    ]
    return tuple(required[:MAX_QUERY_TERMS])


def expansions(expander: TermExpander, text: str, tokens: Sequence[Token]) -> list[Expansion]:
    """The other ways to write parts of the query, not overlapping, in order."""
    found = [
        *_solid(text, tokens),
        *_dates(tokens),
        *_abbreviations(tokens),
        *_joined(expander, text, tokens),
        *_apart(expander, tokens),
    ]
    kept: list[Expansion] = []
    taken: set[int] = set()
    for expansion in found:
        span = set(range(expansion.first, expansion.last))
        if not span & taken:
            taken |= span
            kept.append(expansion)
    return sorted(kept, key=lambda expansion: expansion.first)


def words_plan(
    expander: TermExpander,
    counts: Counts,
    tokens: Sequence[Token],
    accent_matches: Sequence[AccentMatch],
    expanded: Sequence[Expansion],
    meant: Sequence[str],
    restored: Restored | None = None,
) -> WordsPlan:
    """Units and clauses of the tokens, each read under its accent match.

    Args:
        meant: the form that each token most likely stands for; it counts most.
        restored: how likely these forms are, where tokens are read openly.
    """
    alone = len(tokens) == 1
    sets = [
        expander.expand(token, accent_match, alone=alone)
        for token, accent_match in zip(tokens, accent_matches, strict=True)
    ]
    shares = _exact_shares(expander, tokens, restored)
    asking = asking_words(meant) if len(tokens) >= LONG_QUERY_WORDS else frozenset()
    by_first = {expansion.first: expansion for expansion in expanded}
    units = []
    index = 0
    while index < len(tokens):
        expansion = by_first.get(index)
        last = expansion.last if expansion else index + 1
        span = range(index, last)
        solid = expansion is not None and expansion.kind == SOLID
        match = _together(tokens, sets, span, solid=solid)
        clauses = [
            e
            for i in span
            if i not in asking
            for e in _token_clauses(
                expander, tokens[i], accent_matches[i], sets[i], meant[i], shares[i]
            )
        ]
        if expansion and expansion.targets:
            others = [_phrase(expander.sequence(target)) for target in expansion.targets]
            match = Or((match, *others))
            weight = expander.constants.expansion_weight
            clauses += [
                ScoringClause(other, weight, " ".join(target))
                for other, target in zip(others, expansion.targets, strict=True)
            ]
        units.append(Unit(match, tuple(clauses)))
        index = last
    pairs = tuple(_pair_clauses(expander, counts, tokens, accent_matches, sets, asking))
    return WordsPlan(tuple(units), pairs, tuple(sets))


def _together(
    tokens: Sequence[Token], sets: Sequence[TermSet], span: range, *, solid: bool
) -> Query:
    """What the tokens of one unit require: 30/2020/NĐ-CP its parts in a row, others all of them."""
    chosen = tuple(sets[i] for i in span)
    if len(chosen) == 1:
        return chosen[0]
    if solid:
        return Phrase(chosen, tuple(tokens[i].position - tokens[span[0]].position for i in span))
    return And(chosen)


def _phrase(parts: tuple[TermSet, ...]) -> TermSet | Phrase:
    return parts[0] if len(parts) == 1 else Phrase(parts, tuple(range(len(parts))))


def _exact_shares(
    expander: TermExpander, tokens: Sequence[Token], restored: Restored | None
) -> list[float]:
    """How much of each token's weight its likeliest form has."""
    constants = expander.constants
    if restored is None or len(tokens) <= SHORT_QUERY:
        return [constants.exact_share] * len(tokens)
    # Rounded, so that the plan stays as it is when a few articles come or go.
    return [round(constants.restored_share * chance, 1) for chance in restored.likelihoods]


def _token_clauses(
    expander: TermExpander,
    token: Token,
    accent_match: AccentMatch,
    terms: TermSet,
    meant: str,
    share: float,
) -> Iterator[ScoringClause]:
    exact = expander.exactly(meant, token.folded)
    if share and accent_match is not AccentMatch.FOLDED and terms.terms != exact.terms:
        yield ScoringClause(terms, 1 - share, token.exact)
        yield ScoringClause(exact, share, f"{meant} (likeliest form)")
    else:
        yield ScoringClause(terms, 1.0, token.exact)


def _pair_clauses(
    expander: TermExpander,
    counts: Counts,
    tokens: Sequence[Token],
    accent_matches: Sequence[AccentMatch],
    sets: Sequence[TermSet],
    asking: frozenset[int],
) -> Iterator[ScoringClause]:
    """Neighbours standing side by side; of a bare name, the likeliest readings count more."""
    constants = expander.constants
    short = len(tokens) <= SHORT_QUERY
    weight = constants.short_pair_weight if short else constants.pair_weight
    for index, (first, second) in enumerate(pairwise(tokens)):
        if asking & {index, index + 1}:
            continue
        told_apart = short and accent_matches[index] is AccentMatch.OPEN
        readings = _pair_readings(counts, first, second) if told_apart else []
        share = constants.exact_share if readings else 0.0
        pair = PairSet(sets[index], sets[index + 1])
        yield ScoringClause(pair, weight * (1 - share), f"{first.exact} {second.exact}")
        for (left, right), likelihood in readings:
            pair = PairSet(
                expander.exactly(left, first.folded), expander.exactly(right, second.folded)
            )
            label = f"{left} {right} (likely reading)"
            yield ScoringClause(pair, weight * share * likelihood, label)


def _pair_readings(
    counts: Counts, first: Token, second: Token
) -> list[tuple[tuple[str, str], float]]:
    """The most frequent readings of two neighbours, with their counts relative to the first's."""
    if TokenKind.WORD not in (first.kind, second.kind):
        return []
    found = [
        (pair, count)
        for pair, count in counts.pairs_of(first.folded, second.folded)
        if compatible(first.exact, pair[0]) and compatible(second.exact, pair[1])
    ]
    found.sort(key=lambda item: (-item[1], item[0]))
    return [(pair, count / found[0][1]) for pair, count in found[:_PAIR_READINGS]]


def _dates(tokens: Sequence[Token]) -> Iterator[Expansion]:
    phrase: DatePhrase
    for phrase in date_phrases(tokens):
        yield Expansion(
            "date", phrase.first, phrase.last, phrase.written, phrase.targets, phrase.shown
        )


def _abbreviations(tokens: Sequence[Token]) -> Iterator[Expansion]:
    for match in find_abbreviations(tokens):
        shown = match.spellings[0] if match.spellings else match.written
        yield Expansion(
            "abbreviation", match.first, match.last, match.written, match.members, shown
        )


def _joined(expander: TermExpander, text: str, tokens: Sequence[Token]) -> Iterator[Expansion]:
    """Pu-tin as putin; covid 19 as covid19 where the archive writes it so."""
    hyphenated = {
        (token.start, token.end): token.exact
        for token in index_tokens(text)
        if token.kind is TokenKind.JOINED
    }
    for width in (4, 3, 2):
        for first in range(len(tokens) - width + 1):
            span = tokens[first : first + width]
            joined = hyphenated.get((span[0].start, span[-1].end))
            if joined is None and width == 2:
                joined = _joined_in_archive(expander, span)
            if joined is not None:
                written = text[span[0].start : span[-1].end]
                yield Expansion("joined", first, first + width, written, ((joined,),), joined)


def _apart(expander: TermExpander, tokens: Sequence[Token]) -> Iterator[Expansion]:
    """covid19 as covid 19, where the archive has the parts."""
    for index, token in enumerate(tokens):
        split = _LETTERS_THEN_DIGITS.fullmatch(token.exact)
        parts = split.groups() if split else ()
        if parts and expander.lexicon.pair_counts(*map(fold, parts)):
            yield Expansion("joined", index, index + 1, token.exact, (parts,), " ".join(parts))


def _solid(text: str, tokens: Sequence[Token]) -> Iterator[Expansion]:
    """The number of a law, 30/2020/NĐ-CP: its parts are one thing."""
    first = 0
    for index in range(1, len(tokens) + 1):
        if index < len(tokens) and not re.search(
            r"\s", text[tokens[index - 1].end : tokens[index].start]
        ):
            continue
        written = text[tokens[first].start : tokens[index - 1].end]
        if index - first > 2 and "/" in written:
            yield Expansion(SOLID, first, index, written, (), written)
        first = index


def _joined_in_archive(expander: TermExpander, span: Sequence[Token]) -> str | None:
    joined = joined_key(span)
    if joined is None or is_syllable(joined) or not expander.lexicon.count(joined, _folded(span)):
        return None
    return joined


def _folded(span: Sequence[Token]) -> str:
    return "".join(token.folded for token in span)
