"""Scoring clauses → queries by whose scores the cluster chooses candidates: about our ranking.

Each clause keeps its weight and its rarity; what is missing is that frequencies of
several zones and forms add up before they saturate.
"""

from collections.abc import Iterator, Mapping, Sequence

from ...plan import PairSet, Phrase, ScoringClause, TermSet
from ...ranking import RankingConstants, idf
from ...schema import ALL_ZONES, Zone
from .connection import Json
from .generation import FieldToken
from .mapping import ALL_FIELD, ZONE_FIELDS, neighbours_of
from .terms import tokens_of
from .translation import as_pair, filter_of_scored, pair_tokens, span_clauses

#: Clauses of one query; the most frequent forms of each set are scored.
_CLAUSES = 320
_FORMS_A_SET = 12
#: A word's set, its likeliest form, and a few other spellings.
_ONE_WORD = 4
#: What an occurrence in a zone adds to one in the body, in saturated frequency.
_HEADLINE_BONUS = 0.45
_LEAD_BONUS = 0.2
#: The saturated frequency of one occurrence in a body of average length.
_ONCE = 1.0


def is_one_word(clauses: Sequence[ScoringClause]) -> bool:
    """Whether a query is of one word: without neighbours, its readings rank alike."""
    return all(isinstance(item.query, TermSet) for item in clauses) and len(clauses) <= _ONE_WORD


def scored_tokens(clauses: Sequence[ScoringClause]) -> list[FieldToken]:
    """The tokens whose document frequencies `candidate_clauses` needs."""
    sets = [item.query for item in clauses if isinstance(item.query, TermSet)]
    if is_one_word(clauses):
        return [
            (ZONE_FIELDS[zone], token)
            for terms in sets
            for zone in terms.zones
            for token in tokens_of(terms)
        ]
    return [
        (ALL_FIELD, token)
        for terms in sets
        if terms.zones == ALL_ZONES
        for token in tokens_of(terms)
    ]


def candidate_clauses(
    clauses: Sequence[ScoringClause],
    frequencies: Sequence[int],
    tokens: Mapping[FieldToken, int],
    document_count: int,
    constants: RankingConstants,
) -> list[Json]:
    """Clauses whose scores add up to about the score of an article.

    For one word they are frequencies by length, added over the zones: they rank as what they
    would saturate to.
    """
    if is_one_word(clauses):
        return [
            clause
            for item in clauses
            if isinstance(item.query, TermSet)
            for clause in _by_zone(item, tokens, document_count, constants)
        ]
    sets = sum(isinstance(item.query, TermSet) for item in clauses)
    forms = min(_FORMS_A_SET, max(1, _CLAUSES // max(sets, 1)))
    should: list[Json] = []
    spans = 0
    for item, frequency in zip(clauses, frequencies, strict=True):
        if not frequency:
            continue
        weight = item.boost * idf(document_count, frequency)
        what = item.query
        if isinstance(what, TermSet) and what.zones == ALL_ZONES:
            should += _forms(what, weight, tokens, document_count, forms)
        else:
            spans += span_clauses(what)
            if spans <= _CLAUSES:
                should.append(_constant(filter_of_scored(what), weight * _ONCE))
        should += _bonus(what, weight)
    return should


def _by_zone(
    item: ScoringClause,
    tokens: Mapping[FieldToken, int],
    document_count: int,
    constants: RankingConstants,
) -> Iterator[Json]:
    terms = item.query
    if not isinstance(terms, TermSet):
        return
    pairs = zip(tokens_of(terms), terms.terms, strict=True)
    counted = [
        (tokens[ZONE_FIELDS[zone], token], zone, token, form.boost)
        for token, form in pairs
        for zone in terms.zones
        if tokens.get((ZONE_FIELDS[zone], token))
    ]
    for count, zone, token, share in sorted(counted, reverse=True)[:_CLAUSES]:
        boost = item.boost * share * constants.zone_weights[zone] / idf(document_count, count)
        yield {"term": {ZONE_FIELDS[zone]: {"value": token, "boost": boost}}}


def _forms(
    terms: TermSet,
    weight: float,
    tokens: Mapping[FieldToken, int],
    document_count: int,
    most: int,
) -> Iterator[Json]:
    """The most frequent forms of a set, each as rare as the whole set."""
    counted = [
        (tokens.get((ALL_FIELD, token), 0), token, form.boost)
        for token, form in zip(tokens_of(terms), terms.terms, strict=True)
    ]
    for count, token, share in sorted(counted, key=lambda c: (-c[0], c[1]))[:most]:
        if count:
            boost = weight * share / idf(document_count, count)
            yield {"term": {ALL_FIELD: {"value": token, "boost": boost}}}


def _bonus(what: TermSet | PairSet | Phrase, weight: float) -> Iterator[Json]:
    if isinstance(what, Phrase):
        pair = as_pair(what)
        if pair is None:
            return
        what = pair
    if isinstance(what, PairSet):
        if what.first.zones & what.second.zones == ALL_ZONES:
            headline = neighbours_of(ZONE_FIELDS[Zone.HEADLINE])
            yield _constant({"terms": {headline: pair_tokens(what)}}, weight * _HEADLINE_BONUS)
    elif what.zones == ALL_ZONES:
        tokens = tokens_of(what)
        headline, lead = ZONE_FIELDS[Zone.HEADLINE], ZONE_FIELDS[Zone.LEAD]
        yield _constant({"terms": {headline: tokens}}, weight * _HEADLINE_BONUS)
        yield _constant({"terms": {lead: tokens}}, weight * _LEAD_BONUS)


def _constant(query: Json, boost: float) -> Json:
    return {"constant_score": {"filter": query, "boost": boost}}
