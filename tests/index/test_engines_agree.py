"""The engine against the oracle on random archives and questions, and against itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import pytest
from agreement import FACETS, assert_agreement, assert_plan_agreement, scored
from archives import Archive, archive, archive_of, end_epoch, large_archive, merge_all
from generated_news import (
    Change,
    articles,
    histories,
    numbered_article,
    random_articles,
    requests,
)
from generated_plans import plans
from hypothesis import given
from hypothesis import strategies as st
from profiles import some_examples

from index import Article, FacetValue, SearchRequest, SortOrder, TierScope
from index.engines.embedded.bulk import BulkWriter
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.segment_writer import NewsWriter
from index.plan import QueryPlan


@some_examples
@given(histories, st.lists(plans, min_size=1, max_size=5))
def test_plans_find_and_rank_what_the_oracle_does(
    history: list[Change], asked: list[QueryPlan]
) -> None:
    with archive(history) as made:
        for plan in asked:
            assert_plan_agreement(made, plan)


@some_examples
@given(histories, st.lists(requests, min_size=1, max_size=6))
def test_queries_find_and_rank_what_the_oracle_does(
    history: list[Change], asked: list[SearchRequest]
) -> None:
    with archive(history) as made:
        for request in asked:
            assert_agreement(made, request)


@pytest.fixture(scope="module")
def large() -> Iterator[Archive]:
    with large_archive() as made:
        yield made


@some_examples
@given(requests)
def test_queries_agree_on_frequent_words_too(large: Archive, asked: SearchRequest) -> None:
    assert_agreement(large, asked)


@some_examples
@given(plans)
def test_plans_agree_on_frequent_words_too(large: Archive, asked: QueryPlan) -> None:
    assert_plan_agreement(large, asked)


#: The times of changes are the index's own, and no oracle's: test_index_times.py.
_ORDERS = st.sampled_from([order for order in SortOrder if order is not SortOrder.UPDATED])


@some_examples
@given(histories, requests, _ORDERS, st.integers(0, 4), st.integers(0, 6))
def test_answers_are_sorted_and_cut_exactly(
    history: list[Change], request: SearchRequest, order: SortOrder, limit: int, offset: int
) -> None:
    # Pages of any size go through all tiers.
    request = replace(request, tiers=TierScope.ALL)
    with archive(history) as made:
        whole = made.engine.search(replace(request, sort=order))
        ids = [hit.id for hit in whole.hits]
        if order is not SortOrder.RELEVANCE:
            assert ids == made.oracle.sorted_by(order, ids)
        page = made.engine.search(replace(request, sort=order, limit=limit, offset=offset))
        assert page.total == whole.total
        assert scored(page.hits) == scored(whole.hits[offset : offset + limit])


# -- the engine against itself: the history of an archive never shows in an answer, but for when
# the epoch of its statistics began


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything of an answer that must not depend on how the articles came to be stored."""

    plan: QueryPlan
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
                engine._current().interpret(request).plan,
                page.total,
                scored(page.hits),
                dict(page.facets),
                page.query.rewrites,
                page.suggestions,
            )
        )
    return found


_asked = st.lists(requests, min_size=1, max_size=4)


@some_examples
@given(histories, _asked)
def test_merging_changes_no_answer(history: list[Change], asked: list[SearchRequest]) -> None:
    with archive(history) as made:
        end_epoch(made.folder)
        before = answers(made.engine, asked)
        merge_all(made.folder)
        end_epoch(made.folder)
        assert len(made.engine._current().snapshot.parts) <= 1
        assert answers(made.engine, asked) == before


@some_examples
@given(histories, _asked)
def test_reindexing_and_rolling_back_change_no_answer(
    history: list[Change], asked: list[SearchRequest]
) -> None:
    with archive(history) as made:
        end_epoch(made.folder)
        before = answers(made.engine, asked)
        assert made.engine.reindex() == len(made.oracle.documents)
        assert answers(made.engine, asked) == before
        made.engine.rollback()
        assert answers(made.engine, asked) == before


@some_examples
@given(histories, _asked, st.integers(1, 5))
def test_neither_past_articles_nor_batches_leave_a_trace(
    history: list[Change], asked: list[SearchRequest], size: int
) -> None:
    with archive(history) as made:
        survivors = [document.article for document in made.oracle.documents.values()]
        batches = [survivors[at : at + size] for at in range(0, len(survivors), size)]
        with archive_of(*reversed(batches)) as fresh:
            end_epoch(made.folder)
            end_epoch(fresh.folder)
            assert answers(fresh.engine, asked) == answers(made.engine, asked)


def test_a_deleted_article_of_any_length_leaves_no_trace() -> None:
    # More words than 16 bits can count: lengths take another type until it is merged away.
    long = Article(id="long", headline="sông", body=("sông hà nội " * 30_000,))
    asked = [SearchRequest(query=query, limit=100) for query in ("sông", "hà nội", "lai châu")]
    with archive_of([*random_articles(40), long]) as made:
        with made.engine.writer() as writer:
            assert writer.delete("long")
        assert not made.engine._current().snapshot.live.all()
        end_epoch(made.folder)
        before = answers(made.engine, asked)
        merge_all(made.folder)
        end_epoch(made.folder)
        assert answers(made.engine, asked) == before


@some_examples
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
            writer = BulkWriter(partial(NewsWriter.open, made.engine._index), workers=workers)
            assert all(writer.put_all(written))
            writer.commit()
        assert together.engine.count() == 1_100
        assert answers(together.engine, asked) == answers(alone.engine, asked)
