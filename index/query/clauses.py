"""Neighbouring query words → units: what must be found, and the clauses that score it.

A unit is a token, or several that stand for one thing (an abbreviation, a hyphenated name).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from analyzers import Token, TokenKind, address_key, analyze, compatible, day_terms, fold

from ..model import MAX_QUERY_TERMS
from ..plan import And, Not, Or, PairSet, Passages, Phrase, Query, ScoringClause, TermSet
from ..ranking import RankingConstants
from .expansions import Expansion
from .restore import Counts, Restored
from .term_expansion import AccentMatch, TermExpander

_ASKING = (
    *(("gì",), ("nào",), ("đâu",), ("mấy",)),
    *(("bao", "nhiêu"), ("bao", "giờ"), ("bao", "lâu"), ("bao", "xa")),
    *(("vì", "sao"), ("tại", "sao"), ("làm", "sao"), ("ra", "sao")),
)
#: They make a statement a question when they end it.
_ASKING_AT_THE_END = frozenset({"không", "chưa", "nhỉ"})
#: A bare word is read as its likeliest form in passages from this probability on.
_SURE = 0.6
#: Up to so many words, a text is more likely what an event is called than a headline.
_LONGEST_LABEL = 6
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


class QueryKind(Enum):
    """What plain words are, by themselves: it decides what reorders the best articles."""

    FEW = "few"
    """A name or a word, and everything with operators, phrases or fields."""
    LABEL = "label"
    """What an event or a subject is called."""
    QUESTION = "question"
    TEXT = "text"
    """A sentence or a headline."""


def query_kind(text: str, meant: Sequence[str]) -> QueryKind:
    """The kind of a run of plain words.

    Args:
        text: as typed.
        meant: the accented form of each word.

    >>> query_kind("Lớp này có trợ giảng không", "lớp này có trợ giảng không".split())
    <QueryKind.QUESTION: 'question'>
    """
    if len(meant) <= SHORT_QUERY:
        return QueryKind.FEW
    if text.rstrip().endswith("?") or meant[-1] in _ASKING_AT_THE_END or asking_words(meant):
        return QueryKind.QUESTION
    return QueryKind.LABEL if len(meant) <= _LONGEST_LABEL else QueryKind.TEXT


def passage_sets(
    expander: TermExpander,
    tokens: Sequence[Token],
    sets: tuple[TermSet, ...],
    restored: Restored | None,
) -> tuple[TermSet, ...]:
    """The terms of each token, of a bare one its likeliest form alone where that is sure."""
    if restored is None:
        return sets
    readings = zip(tokens, sets, restored.forms, restored.likelihoods, strict=True)
    return tuple(
        expander.exactly(form, token.folded) if likelihood >= _SURE else terms
        for token, terms, form, likelihood in readings
    )


def passages_of(
    kind: QueryKind, sets: tuple[TermSet, ...], constants: RankingConstants
) -> Passages | None:
    """What lifts the best articles of plain words; None for a few of them."""
    if kind is QueryKind.FEW:
        return None
    gain, window = (
        (constants.question_gain, constants.question_window)
        if kind is QueryKind.QUESTION
        else (constants.passage_gain, constants.passage_window)
    )
    return Passages(sets, gain, window) if gain else None


_FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d")
#: So many typings of a phrase are looked for.
_MOST_TYPINGS = 32
#: Kinds of tokens that stand on top of their parts.
_WHOLE = frozenset({TokenKind.DATE, TokenKind.FRACTION})
#: Up to so many words, a query is mostly one name or word.
SHORT_QUERY = 3
#: So many readings of two bare neighbours are told apart.
_PAIR_READINGS = 2
#: From so many words on, a query is a question or a sentence, of which hardly any article has
#: every word.
LONG_QUERY_WORDS = 6


@dataclass(frozen=True, slots=True)
class Unit:
    """What one span of the query requires."""

    match: Query
    clauses: tuple[ScoringClause, ...]
    required: bool = False
    """Whether it is never left out."""


@dataclass(frozen=True, slots=True)
class WordsPlan:
    """Units in the order of the query, and the clauses of neighbouring tokens."""

    units: tuple[Unit, ...]
    pairs: tuple[ScoringClause, ...]
    sets: tuple[TermSet, ...]
    """The terms of each token."""
    added: tuple[tuple[Expansion, Query], ...]
    """Each expansion, and what is found by it alone."""

    @property
    def clauses(self) -> tuple[ScoringClause, ...]:
        """All clauses."""
        return tuple(e for unit in self.units for e in unit.clauses) + self.pairs


def query_tokens(text: str) -> tuple[Token, ...]:
    """The tokens that a query requires, up to MAX_QUERY_TERMS.

    A written date or fraction is one token, its parts are left out; an address comes without its
    scheme, as it is found.
    """
    tokens = analyze(text)
    wholes = [token for token in tokens if token.kind in _WHOLE]
    required = [
        token
        for token in tokens
        if token.kind in _WHOLE
        or not any(whole.start <= token.start and token.end <= whole.end for whole in wholes)
    ]
    return tuple(map(_without_scheme, required[:MAX_QUERY_TERMS]))


def _without_scheme(token: Token) -> Token:
    if token.kind is not TokenKind.URL:
        return token
    key = address_key(token.exact)
    return replace(token, exact=key, folded=fold(key))


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
    added: list[tuple[Expansion, Query]] = []
    index = 0
    while index < len(tokens):
        expansion = by_first.get(index)
        last = expansion.last if expansion else index + 1
        span = range(index, last)
        whole = expansion is not None and expansion.whole
        match = _together(tokens, sets, span, whole=whole)
        clauses = [
            e
            for i in span
            if i not in asking
            for e in _token_clauses(
                expander, tokens[i], accent_matches[i], sets[i], meant[i], shares[i]
            )
        ]
        if expansion and expansion.targets:
            others = [phrase_of(expander.sequence(target)) for target in expansion.targets]
            added.append((expansion, And((Or(tuple(others)), Not(match)))))
            match = Or((match, *others))
            weight = expander.constants.expansion_weight
            clauses += [
                ScoringClause(other, weight, " ".join(target))
                for other, target in zip(others, expansion.targets, strict=True)
            ]
        required = expansion is not None and expansion.required
        units.append(Unit(match, tuple(clauses), required))
        index = last
    pairs = tuple(_pair_clauses(expander, counts, tokens, accent_matches, sets, asking))
    return WordsPlan(tuple(units), pairs, tuple(sets), tuple(added))


def _together(
    tokens: Sequence[Token], sets: Sequence[TermSet], span: range, *, whole: bool
) -> Query:
    """What the tokens of one unit require: 30/2020/NĐ-CP its parts in a row, others all of them."""
    chosen = tuple(sets[i] for i in span)
    if len(chosen) == 1:
        return chosen[0]
    if whole:
        return Phrase(chosen, tuple(tokens[i].position - tokens[span[0]].position for i in span))
    return And(chosen)


def phrase_of(parts: tuple[TermSet, ...]) -> TermSet | Phrase:
    """Terms in a row."""
    return parts[0] if len(parts) == 1 else Phrase(parts, tuple(range(len(parts))))


def phrase_typings(
    expander: TermExpander,
    tokens: Sequence[Token],
    sets: Sequence[TermSet],
    others: Sequence[Expansion],
) -> tuple[Phrase, ...]:
    """A phrase as it was typed and in the other typings of its parts, up to a bound."""
    by_first = {expansion.first: expansion for expansion in others}
    found: list[tuple[tuple[TermSet, ...], tuple[int, ...], int]] = [((), (), 0)]
    index = 0
    while index < len(tokens):
        expansion = by_first.get(index)
        last = expansion.last if expansion else index + 1
        here = tokens[index].position
        own = (tuple(sets[index:last]), tuple(t.position - here for t in tokens[index:last]))
        options = [(*own, width) for width in _widths(tokens, index, last)]
        for target in expansion.targets if expansion else ():
            terms = expander.sequence(target)
            options += [
                (terms, tuple(range(len(terms))), width)
                for width in _target_widths(target, is_last=last == len(tokens))
            ]
        found = [
            (parts + terms, offsets + tuple(at + step for step in steps), at + width)
            for parts, offsets, at in found
            for terms, steps, width in options
        ][:_MOST_TYPINGS]
        index = last
    return tuple(dict.fromkeys(Phrase(parts, offsets) for parts, offsets, _ in found))


def _widths(tokens: Sequence[Token], first: int, last: int) -> tuple[int, ...]:
    """The positions that tokens of a phrase may take: 30.4 takes one, 30/4 two, 30/4/1975 three."""
    if last == len(tokens):
        return (1,)
    typed = tokens[last].position - tokens[first].position
    if last == first + 1 and len(day_terms(tokens[first].exact)) > 1:
        return (2, 1, 3)
    return (typed,)


def _target_widths(target: Sequence[str], *, is_last: bool) -> tuple[int, ...]:
    if len(target) == 1 and not is_last:
        if len(day_terms(target[0])) > 1:
            return (2, 1, 3)
        if _FULL_DATE.fullmatch(target[0]):
            return (3,)
    return (len(target),)


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
