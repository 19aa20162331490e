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

from index import Article, FacetValue, Hit, SearchPage, SearchRequest, SortOrder
from index.engines.bulk import BulkWriter
from index.engines.whoosh_engine import WhooshEngine
from index.query.plan import Plan
from index.query.readings import Tier
from index.query.syntax import parse
from index.retrieval.matching import match_mask
from index.retrieval.selection import SortOrder as Order
from index.retrieval.selection import best, score_row

TOLERANCE = 1e-5
FACETS = {"source": "source", "section": "section", "author": "authors", "tag": "tags"}


def close(scores: dict[str, float]) -> dict[str, object]:
    """Scores to compare with, within the tolerance."""
    return {doc_id: pytest.approx(score, rel=TOLERANCE) for doc_id, score in scores.items()}


def assert_order(
    hits: Sequence[tuple[str, float]], made: Archive, scores: dict[str, float]
) -> None:
    """Assert that no hit stands before a better one, and that equal ones go by date, then id."""
    for (first, score), (second, following) in pairwise(hits):
        assert scores[first] >= scores[second] * (1 - TOLERANCE)
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
            hits = [(snapshot.ids[doc], float(row[doc])) for doc in docs]
            scores = made.oracle.scores(plan.evidence)
            assert {doc_id for doc_id, _ in hits} == made.oracle.hits(plan.match)
            assert dict(hits) == close({doc_id: scores[doc_id] for doc_id, _ in hits})
            assert_order(hits, made, scores)


@given(histories, st.lists(requests, min_size=1, max_size=6))
def test_queries_find_and_rank_what_the_oracle_does(
    history: list[Change], asked: list[SearchRequest]
) -> None:
    with archive(history) as made:
        for request in asked:
            page = made.engine.search(replace(request, facets=tuple(FACETS)))
            found, scores = answer_of_oracle(made, request, page)
            assert {hit.id for hit in page.hits} == found
            assert page.total == len(page.hits) == len(found)
            assert dict(scored(page.hits)) == close({doc_id: scores[doc_id] for doc_id in found})
            assert page.facets == {name: facet(made, FACETS[name], found) for name in FACETS}
            if request.query:
                assert_order(scored(page.hits), made, scores)


def facet(made: Archive, column: str, found: set[str]) -> tuple[FacetValue, ...]:
    """The labels of the hits as the oracle counts them, the most frequent first."""
    counted = made.oracle.facet(column, found).items()
    return tuple(FacetValue(*item) for item in sorted(counted, key=lambda i: (-i[1], i[0])))


def scored(hits: Iterable[Hit]) -> list[tuple[str, float]]:
    """Ids and scores."""
    return [(hit.id, hit.score) for hit in hits]


def answer_of_oracle(
    made: Archive, request: SearchRequest, page: SearchPage
) -> tuple[set[str], dict[str, float]]:
    """The hits and the scores of all articles for the plan that the engine ends up with."""
    searcher = made.engine._current()
    plan = searcher.plan(request)
    found = made.oracle.hits(plan.match, request.filters)
    scores = made.oracle.scores(plan.evidence)
    kinds = {rewrite.kind for rewrite in page.query.rewrites}
    if "accents_widened" not in kinds:
        return found, scores
    tree = parse(page.query.normalized)
    if searcher.compile(request, tree, Tier.OPEN).is_long:
        return found, scores
    # What matches as typed stands in front of what only matches with more accents.
    strict = searcher.compile(request, tree, None).plan
    as_typed = made.oracle.hits(strict.match, request.filters)
    most = max(scores.values())
    lifted = {i: score + most for i, score in made.oracle.scores(strict.evidence).items()}
    return found | as_typed, scores | {doc_id: lifted[doc_id] for doc_id in as_typed}


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
        page = engine.search(replace(request, facets=tuple(FACETS)))
        found.append(
            Answer(
                engine._current().plan(request),
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
