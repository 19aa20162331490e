"""The cluster beside the embedded engine: the same articles and questions, the same answers."""

import math
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from agreement import FACETS
from generated_news import SYLLABLES, random_articles, requests
from generated_plans import plans
from hypothesis import given, settings

from analyzers import fold
from index import AccentMode, Article, Hit, SearchRequest, SortOrder
from index.backend import Docs, HitRange
from index.engines.cluster.cluster_engine import OpenSearchEngine
from index.engines.cluster.selections import Selection
from index.engines.embedded.engine import WhooshEngine
from index.plan import QueryPlan
from index.results.snapshot_backend import SnapshotArchive

pytestmark = pytest.mark.cluster

_ARTICLES = 95
_TOLERANCE = 1e-5
_few_examples = settings(max_examples=60, deadline=None, derandomize=True)


@dataclass(frozen=True, slots=True)
class Both:
    """The same archive in both engines."""

    embedded: WhooshEngine
    cluster: OpenSearchEngine


@pytest.fixture(scope="module")
def both(opensearch_hosts: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Fewer articles than are put in the exact order, some of them written twice or deleted."""
    folder = tmp_path_factory.mktemp("embedded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIMBAO_OPENSEARCH_REPLICAS", "0")
        patch.setenv("TIMBAO_OPENSEARCH_SHARDS", "3")
        with _engines(folder, f"opensearch://{opensearch_hosts}/agree{folder.parent.name}") as pair:
            yield pair


@contextmanager
def _engines(folder: Path, address: str) -> Iterator[Both]:
    written = random_articles(_ARTICLES + 25)
    with closing(WhooshEngine(folder)) as embedded, closing(OpenSearchEngine(address)) as cluster:
        for engine in (embedded, cluster):
            with engine.writer() as writer:
                assert all(writer.put_all(written))
            with engine.writer() as writer:
                for number in range(0, 50, 2):
                    assert writer.delete(f"a{number}")
                again = [replace(article, lead="lai châu đỏ") for article in written[1:20:2]]
                assert all(writer.put_all(again))
            assert engine.count() == _ARTICLES
        yield Both(embedded, cluster)


@_few_examples
@given(requests)
def test_queries_find_and_rank_alike(both: Both, question: SearchRequest) -> None:
    asked = replace(question, facets=FACETS, highlight=True)
    expected, page = both.embedded.search(asked), both.cluster.search(asked)
    assert page.total == expected.total
    assert page.query == expected.query
    assert (page.relaxed, page.suggestions) == (expected.relaxed, expected.suggestions)
    assert page.facets == expected.facets
    _assert_ranked(_scored(page.hits), _scored(expected.hits))
    articles = {hit.id: (hit.article, hit.highlights, hit.matched) for hit in expected.hits}
    assert {hit.id: (hit.article, hit.highlights, hit.matched) for hit in page.hits} == articles


@_few_examples
@given(plans)
def test_plans_find_and_rank_alike(both: Both, plan: QueryPlan) -> None:
    """Plans that no query need lead to."""
    snapshot = SnapshotArchive(both.embedded._current().snapshot)
    cluster = both.cluster._current().archive
    expected = snapshot.hits(_everything(plan, snapshot.matching(plan.match)))
    found = cluster.hits(_everything(plan, Selection(plan.match)))
    _assert_ranked(
        [(each.article.id, each.score) for each in found],
        [(each.article.id, each.score) for each in expected],
    )


@pytest.mark.parametrize("order", SortOrder)
@pytest.mark.parametrize("query", ["", "hà nội", "la OR châu", "hoa ky", "sông -lai"])
def test_orders_agree(both: Both, query: str, order: SortOrder) -> None:
    asked = SearchRequest(query=query, sort=order, limit=200)
    expected, page = both.embedded.search(asked), both.cluster.search(asked)
    if order is SortOrder.RELEVANCE:
        _assert_ranked(_scored(page.hits), _scored(expected.hits))
    elif order is SortOrder.UPDATED:
        # Each engine took the articles in at times of its own.
        assert {hit.id for hit in page.hits} == {hit.id for hit in expected.hits}
    else:
        assert [hit.id for hit in page.hits] == [hit.id for hit in expected.hits]


def test_related_articles_and_explanations_agree(both: Both) -> None:
    asked = SearchRequest(query="hà nội lai châu")
    for doc_id in (hit.id for hit in both.embedded.search(SearchRequest(limit=12)).hits):
        related = both.embedded.related(doc_id)
        _assert_ranked(_scored(both.cluster.related(doc_id)), _scored(related))
    for hit in both.embedded.search(asked).hits[:8]:
        expected = both.embedded.explain(asked, hit.id)
        explained = both.cluster.explain(asked, hit.id)
        assert explained.value == pytest.approx(expected.value, rel=_TOLERANCE)
        described = [child.description[:60] for child in explained.children]
        assert described == [child.description[:60] for child in expected.children]


@pytest.mark.parametrize("form", ["{}", '"{}"', "noidung:({})", 'noidung:"{}"', '"{}"~20'])
@pytest.mark.parametrize("text", [fold(" ".join(SYLLABLES)), " ".join(SYLLABLES * 3), "h* " * 20])
def test_long_queries_are_answered(both: Both, form: str, text: str) -> None:
    asked = SearchRequest(query=form.format(text)[:500], limit=10)
    assert both.cluster.search(asked).total == both.embedded.search(asked).total


def test_odd_articles_come_back_and_are_found(both: Both) -> None:
    odd = [
        Article(id="đ" * 200, headline="Mã " + "x" * 300),
        Article(id="rỗng", headline="…", body=("\ud800 nửa chữ https://a.example/\udfff",)),
        Article(id="dài", headline="a" * 5_000, body=("dài " * 20_000,)),
    ]
    with both.cluster.writer() as writer:
        assert all(writer.put_all(odd))
    try:
        for article in odd:
            assert both.cluster.get(article.id) == article
        for query, doc_id in (("x" * 300, "đ" * 200), ("nửa chữ", "rỗng"), ("dài dài", "dài")):
            found = both.cluster.search(SearchRequest(query=query, accents=AccentMode.EXACT))
            assert [hit.id for hit in found.hits if hit.tier == 1] == [doc_id]
    finally:
        with both.cluster.writer() as writer:
            for article in odd:
                writer.delete(article.id)


def _everything(plan: QueryPlan, docs: Docs) -> HitRange[Docs]:
    return HitRange(
        docs=docs,
        clauses=plan.clauses,
        order=SortOrder.RELEVANCE,
        offset=0,
        limit=1000,
    )


def _scored(hits: Sequence[Hit]) -> list[tuple[str, float]]:
    return [(hit.id, hit.score) for hit in hits]


def _assert_ranked(
    found: Sequence[tuple[str, float]], expected: Sequence[tuple[str, float]]
) -> None:
    """The same scores, and the same order but for what rounding may swap."""
    scores = dict(expected)
    assert dict(found).keys() == scores.keys()
    for doc_id, score in found:
        assert math.isclose(score, scores[doc_id], rel_tol=_TOLERANCE, abs_tol=1e-6), doc_id
    for (doc_id, score), (other, _) in zip(found, expected, strict=True):
        assert doc_id == other or math.isclose(scores[doc_id], scores[other], rel_tol=_TOLERANCE), (
            f"{doc_id} ({score}) stands where {other} should"
        )
