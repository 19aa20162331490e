"""Whether an engine and the oracle agree on one question.

The engine computes in 32-bit floats (24 bits, steps of 6e-8): a score adds up some ten to fifty
products of rounded norms, so relative differences stay far below TOLERANCE, and only articles
whose scores are closer than that may stand in another order.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archives import Archive

from index import FacetValue, Hit, SearchRequest, SortOrder, Zone
from index.plan import QueryPlan
from index.results.search import typed_query
from index.retrieval.doc_scores import score_row
from index.retrieval.top_k import best

TOLERANCE = 1e-5
COLUMNS = {"source": "source", "section": "section", "author": "authors", "tag": "tags"}
UNITS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
FACETS = (*COLUMNS, *UNITS)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the oracle answers under the plan that the engine ends up with."""

    matched: set[str]
    """What matches the query, filters left aside."""
    hits: set[str]
    tiers: tuple[set[str], ...]
    """Hits that stand in front of all others: with all that is said, and with other accents."""
    scores: dict[str, float]


def close(score: float, other: float) -> bool:
    """Whether two scores are equal within the tolerance."""
    return math.isclose(score, other, rel_tol=TOLERANCE)


def assert_ranked(hits: Sequence[tuple[str, float]], made: Archive, expected: Expected) -> None:
    """Assert hits and scores, no hit before a better one, and equal ones by date, then id."""
    # Messages, because pytest shows the values of assertions in test files only.
    ids = {doc_id for doc_id, _ in hits}
    assert ids == expected.hits, f"found by one of the two only: {ids ^ expected.hits}"
    wrong = [(i, s, expected.scores[i]) for i, s in hits if not close(s, expected.scores[i])]
    assert not wrong, f"id, score, score of the oracle: {wrong}"
    for (first, score), (second, following) in pairwise(hits):
        message = f"{first} stands before {second}"
        in_front = [sum(i in tier for tier in expected.tiers) for i in (first, second)]
        assert in_front[0] >= in_front[1], message
        if in_front[0] == in_front[1]:
            assert expected.scores[first] >= expected.scores[second] * (1 - TOLERANCE), message
            if score == following:
                assert made.oracle.tie(first) < made.oracle.tie(second), message


def epoch(made: Archive) -> tuple[float, ...]:
    """The recorded average lengths, which are near what the oracle counts now."""
    averages = made.engine._index.contents().commit.average_lengths
    if averages is None:
        return tuple(map(made.oracle.average_length, Zone))
    # What is withdrawn leaves without a commit; the next one begins an epoch where it has to.
    if not made.engine.withdrawals().days:
        for zone, recorded in zip(Zone, averages, strict=True):
            now = made.oracle.average_length(zone)
            assert math.isclose(now, recorded, rel_tol=0, abs_tol=0.0100001 * recorded), zone
    return averages


def assert_plan_agreement(made: Archive, plan: QueryPlan) -> None:
    """Assert that the engine finds what the oracle does, and ranks it and all articles alike."""
    searcher = made.engine._current()
    snapshot = searcher.snapshot
    mask = searcher.archive.matching(plan.match)
    row = score_row(snapshot, plan.clauses)
    scores = made.oracle.scores(plan.clauses, epoch(made))
    for found, hits in ((snapshot.live, set(scores)), (mask, made.oracle.hits(plan.match))):
        docs = best(snapshot, found, row, SortOrder.RELEVANCE, snapshot.size)
        ranked = [(snapshot.doc_id(doc), float(row[doc])) for doc in docs]
        assert_ranked(ranked, made, Expected(hits, hits, (), scores))


def assert_agreement(made: Archive, request: SearchRequest) -> None:
    """Assert that the engine answers a request as the oracle does."""
    page = made.engine.search(replace(request, facets=FACETS))
    expected = answer_of_oracle(made, request)
    full, wider = expected.tiers
    totals = len(full), len(wider) - len(full), len(expected.hits) - len(full)
    assert totals == (page.total, page.wider_total, page.near_total)
    in_tiers = [{hit.id for hit in page.hits if hit.tier <= number} for number in (1, 2, 3)]
    assert in_tiers == [full, wider, expected.hits]
    if request.query:
        assert_ranked(scored(page.hits), made, expected)
    for name in FACETS:
        counted = facet(made, request, expected.matched, name)
        assert page.facets[name] == counted, f"{name}: {page.facets[name]}, oracle: {counted}"


def answer_of_oracle(made: Archive, request: SearchRequest) -> Expected:
    """The answer for the plan of the engine; an empty set of hits matches nothing else."""
    searcher = made.engine._current()
    interpretation = searcher.interpret(request)
    oracle = made.oracle
    found = matched = oracle.hits(interpretation.plan.match)
    kinds = {rewrite.kind for rewrite in interpretation.rewrites}
    if kinds & {"accents_widened", "accents_ignored", "signs_softened"}:
        # What matches as typed stays, and stands in front.
        query = typed_query(request.query)[0]
        strict = searcher.interpreter.compile(request, query, None).plan.match
        matched = oracle.hits(strict)
    wider = matched if "signs_softened" in kinds else matched | found
    near = wider | found
    if interpretation.near is not interpretation.wider and len(interpretation.compiled.soft) > 1:
        near |= oracle.hits(interpretation.compiled.relaxed().match)
    full, wider, near = (oracle.within(request.filters, ids) for ids in (matched, wider, near))
    scores = oracle.scores(interpretation.plan.clauses, epoch(made))
    passages = interpretation.plan.passages
    if passages is not None and request.sort in (None, SortOrder.RELEVANCE):
        scores = oracle.lifted(scores, passages, [full, wider - full, near - wider])
    return Expected(matched, near, (full, wider), scores)


def facet(
    made: Archive, request: SearchRequest, matched: set[str], name: str
) -> tuple[FacetValue, ...]:
    """The values among the hits as the oracle counts them, the facet's own filter left out."""
    oracle = made.oracle
    if name in UNITS:
        filters = replace(request.filters, published_from=None, published_to=None)
        counted = oracle.dates(UNITS[name], oracle.within(filters, matched))
        return tuple(FacetValue(*item) for item in sorted(counted.items()))
    filters = {
        "source": replace(request.filters, sources=(), not_sources=()),
        "section": replace(request.filters, sections=(), not_sections=()),
        "author": replace(request.filters, authors=(), not_authors=()),
    }.get(name, request.filters)
    counted = oracle.labels(COLUMNS[name], oracle.within(filters, matched))
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(*item) for item in ordered)


def scored(hits: Iterable[Hit]) -> list[tuple[str, float]]:
    """Ids and scores."""
    return [(hit.id, hit.score) for hit in hits]
