"""Matches → filters of the query language; nothing here ranks."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from ...plan import (
    And,
    AtLeast,
    IdIn,
    KeywordIs,
    Not,
    Or,
    PairSet,
    Phrase,
    PublishedWithin,
    Query,
    ScoredQuery,
    TermSet,
)
from ...schema import ALL_ZONES, Zone
from .connection import Json
from .mapping import ALL_FIELD, STACKED_FIELDS, ZONE_FIELDS, neighbours_of
from .terms import pair_term, tokens_of

#: A cluster takes 1,024 clauses a query; so many are for the forms of phrases.
_PHRASE_CLAUSES = 600
#: Beyond so many combinations, a phrase of two is looked for by positions.
_MOST_PAIRS = 4_000

ALL: Json = {"match_all": {}}
NONE: Json = {"match_none": {}}


def filter_of(match: Query) -> Json:
    """The filter that finds what the match does."""
    parts = sum(_span_clauses(phrase) for phrase in _phrases(match))
    return _Translation(max(1, _PHRASE_CLAUSES // max(parts, 1))).filter(match)


def filter_of_scored(scored: ScoredQuery) -> Json:
    """The filter that finds the documents of one clause."""
    if not isinstance(scored, PairSet):
        return filter_of(scored)
    return pair_filter(scored)


def pair_filter(pair: PairSet) -> Json:
    """Any form of one set right before any of another."""
    zones = pair.first.zones & pair.second.zones
    terms = pair_tokens(pair)
    if not terms:
        return NONE
    if zones == ALL_ZONES and len(terms) <= _MOST_PAIRS:
        return _terms(neighbours_of(ALL_FIELD), terms)
    if zones == {Zone.HEADLINE}:
        return _terms(neighbours_of(ZONE_FIELDS[Zone.HEADLINE]), terms)
    found = [
        _near([_span(ZONE_FIELDS[zone], tokens_of(terms)) for terms in (pair.first, pair.second)])
        for zone in sorted(zones)
    ]
    return any_of(found)


def span_clauses(scored: ScoredQuery) -> int:
    """How many clauses the positions take by which a clause is looked for."""
    match scored:
        case TermSet():
            return 0
        case PairSet():
            zones = scored.first.zones & scored.second.zones
            if zones in (ALL_ZONES, {Zone.HEADLINE}):
                return 0
            return len(zones) * (len(scored.first.terms) + len(scored.second.terms))
        case Phrase():
            pair = as_pair(scored)
            if pair is not None:
                return span_clauses(pair)
            return len(scored.parts[0].zones) * sum(len(part.terms) for part in scored.parts)


def pair_tokens(pair: PairSet) -> list[str]:
    """The terms of all combinations of two sets."""
    seconds = tokens_of(pair.second)
    return [pair_term(first, second) for first in tokens_of(pair.first) for second in seconds]


def as_pair(phrase: Phrase) -> PairSet | None:
    """Two neighbours that no token stands on top of: a pair."""
    plain = not any(terms.stacked for terms in phrase.parts)
    if phrase.window is None and phrase.offsets == (0, 1) and plain:
        return PairSet(*phrase.parts)
    return None


def any_of(filters: Sequence[Json]) -> Json:
    """What any of the filters finds."""
    if not filters:
        return NONE
    return filters[0] if len(filters) == 1 else {"bool": {"should": list(filters)}}


class _Translation:
    def __init__(self, forms_a_part: int) -> None:
        self._forms_a_part = forms_a_part

    def filter(self, match: Query) -> Json:
        match match:
            case TermSet():
                return _term_set(match)
            case Phrase():
                return self._phrase(match)
            case And():
                found = [self.filter(child) for child in match.children]
                return {"bool": {"filter": found}} if found else ALL
            case Or():
                return any_of([self.filter(child) for child in match.children])
            case Not():
                return {"bool": {"must_not": [self.filter(match.child)]}}
            case AtLeast():
                return self._at_least(match)
            case KeywordIs():
                return _terms(match.column, sorted(match.labels))
            case PublishedWithin():
                return _published(match)
            case IdIn():
                return _terms("id", sorted(match.ids))
            case _:
                assert_never(match)

    def _at_least(self, match: AtLeast) -> Json:
        if match.count <= 0:
            return ALL
        found = [self.filter(child) for child in match.children]
        return {"bool": {"should": found, "minimum_should_match": match.count}} if found else NONE

    def _phrase(self, phrase: Phrase) -> Json:
        if len(phrase.parts) == 1:
            return _term_set(phrase.parts[0])
        pair = as_pair(phrase)
        if pair is not None:
            return pair_filter(pair)
        zones = phrase.parts[0].zones
        if zones == ALL_ZONES and not any(terms.stacked for terms in phrase.parts):
            return self._spans(phrase, ALL_FIELD, None)
        return any_of(
            [self._spans(phrase, ZONE_FIELDS[z], STACKED_FIELDS[z]) for z in sorted(zones)]
        )

    def _spans(self, phrase: Phrase, field: str, stacked: str | None) -> Json:
        clauses: list[Json] = []
        for terms in phrase.parts:
            tokens = tokens_of(terms)[: self._forms_a_part]
            if not tokens:
                return NONE
            on_top = stacked if terms.stacked else None
            clauses.append(_span(field, tokens, on_top))
        if phrase.window is not None:
            return _near(clauses, slop=phrase.window + 1 - len(clauses), in_order=False)
        spaced = clauses[:1]
        for clause, before, at in zip(
            clauses[1:], phrase.offsets, phrase.offsets[1:], strict=False
        ):
            if at - before > 1:
                spaced.append({"span_gap": {field: at - before - 1}})
            spaced.append(clause)
        return _near(spaced)


def _phrases(match: Query) -> Iterator[Phrase]:
    match match:
        case Phrase():
            yield match
        case And() | Or() | AtLeast():
            for child in match.children:
                yield from _phrases(child)
        case Not():
            yield from _phrases(match.child)
        case _:
            return


def _span_clauses(phrase: Phrase) -> int:
    """The parts of a phrase, once a field in which it is looked for."""
    if len(phrase.parts) == 1 or as_pair(phrase) is not None:
        return 0
    plain = not any(terms.stacked for terms in phrase.parts)
    fields = 1 if plain and phrase.parts[0].zones == ALL_ZONES else len(phrase.parts[0].zones)
    return len(phrase.parts) * fields


def _term_set(terms: TermSet) -> Json:
    tokens = tokens_of(terms)
    if terms.zones == ALL_ZONES:
        return _terms(ALL_FIELD, tokens)
    fields = [f for zone in sorted(terms.zones) for f in (ZONE_FIELDS[zone], STACKED_FIELDS[zone])]
    return any_of([_terms(field, tokens) for field in fields]) if tokens else NONE


def _terms(field: str, tokens: Sequence[str]) -> Json:
    if not tokens:
        return NONE
    return {"term": {field: tokens[0]}} if len(tokens) == 1 else {"terms": {field: list(tokens)}}


def _span(field: str, tokens: Sequence[str], stacked: str | None = None) -> Json:
    clauses: list[Json] = [{"span_term": {field: token}} for token in tokens]
    if stacked is not None:
        clauses += [
            {"span_field_masking": {"query": {"span_term": {stacked: token}}, "field": field}}
            for token in tokens
        ]
    return clauses[0] if len(clauses) == 1 else {"span_or": {"clauses": clauses}}


def _near(clauses: Sequence[Json], *, slop: int = 0, in_order: bool = True) -> Json:
    return {"span_near": {"clauses": list(clauses), "slop": slop, "in_order": in_order}}


def _published(match: PublishedWithin) -> Json:
    bounds: Json = {"format": "epoch_second"}
    if match.first is not None:
        bounds["gte"] = match.first
    if match.last is not None:
        bounds["lt"] = match.last
    if len(bounds) == 1:
        return {"exists": {"field": "published"}}
    return {"range": {"published": bounds}}
