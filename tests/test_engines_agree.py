"""The engine against the oracle on random archives and questions, and against itself.

The engine computes in 32-bit floats (24 bits, steps of 6e-8): a score adds up some ten to fifty
products of rounded norms, so relative differences stay far below TOLERANCE, and only articles
whose scores are closer than that may stand in another order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from archives import Archive, archive, archive_of, merge_all
from generated_news import Change, articles, histories, numbered_article, plans, requests
from hypothesis import given
from hypothesis import strategies as st

from index import Article, FacetValue, Hit, SearchRequest, SortOrder
from index.engines.bulk import BulkWriter
from index.engines.whoosh_engine import WhooshEngine
from index.query.plan import Plan
from index.reading import query_tree
from index.retrieval.matching import match_mask
from index.retrieval.selection import SortOrder as Order
from index.retrieval.selection import best, score_row
from index.search import normalized_query

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
    preferred: set[str]
    """Hits that stand in front of all others."""
    scores: dict[str, float]


def close(scores: dict[str, float]) -> dict[str, object]:
    """Scores to compare with, within the tolerance."""
    return {doc_id: pytest.approx(score, rel=TOLERANCE) for doc_id, score in scores.items()}


def assert_ranked(hits: Sequence[tuple[str, float]], made: Archive, expected: Expected) -> None:
    """Assert hits and scores, no hit before a better one, and equal ones by date, then id."""
    assert {doc_id for doc_id, _ in hits} == expected.hits
    assert dict(hits) == close({doc_id: expected.scores[doc_id] for doc_id, _ in hits})
    for (first, score), (second, following) in pairwise(hits):
        assert (first in expected.preferred) >= (second in expected.preferred)
        if (first in expected.preferred) == (second in expected.preferred):
            assert expected.scores[first] >= expected.scores[second] * (1 - TOLERANCE)
            if score == following:
                assert made.oracle.tie(first) < made.oracle.tie(second)


@given(histories, st.lists(plans, min_size=1, max_size=5))
def test_plans_find_and_rank_what_the_oracle_does(history: list[Change], asked: list[Plan]) -> None:
    with archive(history) as made:
        snapshot = made.engine._current().snapshot
        for plan in asked:
            mask = match_mask(snapshot, plan.match)
            row = score_row(snapshot, plan.evidence)
            docs = best(snapshot, mask, row, Order.RELEVANCE, snapshot.size)
            hits = made.oracle.hits(plan.match)
            expected = Expected(hits, hits, set(), made.oracle.scores(plan.evidence))
            assert_ranked([(snapshot.doc_id(d), float(row[d])) for d in docs], made, expected)


@given(histories, st.lists(requests, min_size=1, max_size=6))
def test_queries_find_and_rank_what_the_oracle_does(
    history: list[Change], asked: list[SearchRequest]
) -> None:
    with archive(history) as made:
        for request in asked:
            page = made.engine.search(replace(request, facets=FACETS))
            expected = answer_of_oracle(made, request)
            assert page.total == len(page.hits) == len(expected.hits)
            if request.query:
                assert_ranked(scored(page.hits), made, expected)
            for name in FACETS:
                assert page.facets[name] == facet(made, request, expected.matched, name)


def answer_of_oracle(made: Archive, request: SearchRequest) -> Expected:
    """The answer for the plan of the engine; an empty set of hits matches nothing else."""
    searcher = made.engine._current()
    reading = searcher.read(request)
    oracle = made.oracle
    matched = oracle.hits(reading.plan.match)
    preferred: set[str] = set()
    if reading.preferred is not None:
        # Widened accents: what matches as typed stays, and stands in front.
        query = normalized_query(request.query)
        tree = query_tree(query, request.mode)
        strict = searcher.reader.compile(request, query, tree, None).plan.match
        matched |= oracle.hits(strict)
        preferred = oracle.within(request.filters, oracle.hits(strict))
    hits = oracle.within(request.filters, matched)
    return Expected(matched, hits, preferred, oracle.scores(reading.plan.evidence))


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


@given(histories, requests, st.sampled_from(SortOrder), st.integers(0, 4), st.integers(0, 6))
def test_answers_are_sorted_and_cut_exactly(
    history: list[Change], request: SearchRequest, order: SortOrder, limit: int, offset: int
) -> None:
    with archive(history) as made:
        whole = made.engine.search(replace(request, sort=order))
        ids = [hit.id for hit in whole.hits]
        if order is not SortOrder.RELEVANCE:
            assert ids == made.oracle.sorted_by(order, ids)
        page = made.engine.search(replace(request, sort=order, limit=limit, offset=offset))
        assert page.total == whole.total
        assert scored(page.hits) == scored(whole.hits[offset : offset + limit])


# -- the engine against itself: the history of an archive never shows in an answer


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything of an answer that must not depend on how the articles came to be stored."""

    plan: Plan
    total: int
    hits: list[tuple[str, float]]
    facets: dict[str, tuple[FacetValue, ...]]
    rewrites: tuple[object, ...]
    suggestions: tuple[object, ...]


def answers(engine: WhooshEngine, asked: Iterable[SearchRequest]) -> list[Answer]:
    """What an engine answers; scores are compared bit by bit."""
    found = []
    for request in asked:
        page = engine.search(replace(request, facets=FACETS))
        found.append(
            Answer(
                engine._current().read(request).plan,
                page.total,
                scored(page.hits),
                dict(page.facets),
                page.query.rewrites,
                page.suggestions,
            )
        )
    return found


_asked = st.lists(requests, min_size=1, max_size=4)


@given(histories, _asked)
def test_merging_changes_no_answer(history: list[Change], asked: list[SearchRequest]) -> None:
    with archive(history) as made:
        before = answers(made.engine, asked)
        merge_all(made.folder)
        assert len(made.engine._current().snapshot.parts) <= 1
        assert answers(made.engine, asked) == before


@given(histories, _asked, st.integers(1, 5))
def test_neither_past_articles_nor_batches_leave_a_trace(
    history: list[Change], asked: list[SearchRequest], size: int
) -> None:
    with archive(history) as made:
        survivors = [document.article for document in made.oracle.documents.values()]
        batches = [survivors[at : at + size] for at in range(0, len(survivors), size)]
        with archive_of(*reversed(batches)) as fresh:
            assert answers(fresh.engine, asked) == answers(made.engine, asked)


@given(st.lists(articles, max_size=6))
def test_every_stored_article_comes_back_as_it_was(written: list[Article]) -> None:
    with archive_of(written) as made:
        assert made.engine.count() == len(made.oracle.documents)
        for doc_id, document in made.oracle.documents.items():
            assert made.engine.get(doc_id) == document.article


@pytest.mark.slow
def test_worker_processes_write_what_one_process_does() -> None:
    written = [numbered_article(n, f"hà nội {n % 7}") for n in range(1_100)]
    written += [numbered_article(n, "sông hồng") for n in range(0, 1_100, 3)]
    asked = [SearchRequest(query=query, limit=2_000) for query in ("hà nội 3", "sông", "bản tin")]
    with archive() as alone, archive() as together:
        for made, workers in ((alone, 1), (together, 2)):
            index = made.engine._index
            writer = BulkWriter(index.news_writer, workers=workers)
            assert all(writer.put_all(written))
            writer.commit()
        assert together.engine.count() == 1_100
        assert answers(together.engine, asked) == answers(alone.engine, asked)
