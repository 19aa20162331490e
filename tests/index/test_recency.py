"""Newer articles first where somebody asks for it, explained and off by default."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from index import Article, SearchEngine, SearchRequest, open_engine

_NEWEST = datetime(2026, 10, 5, 9, tzinfo=UTC)
_AGES = (400, 60, 30, 0)
ASKED = SearchRequest(query="giá xăng dầu")


def _article(name: str, age: int | None, headline: str) -> Article:
    published = None if age is None else _NEWEST - timedelta(days=age)
    return Article(id=name, headline=headline, published=published)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    engine = open_engine(f"whoosh:{tmp_path_factory.mktemp('recency')}")
    with engine.writer() as writer:
        for age in _AGES:
            writer.put(_article(f"d{age:03}", age, "Giá xăng dầu giảm"))
        writer.put(_article("undated", None, "Giá xăng dầu giảm"))
        writer.put(_article("exact", 400, "Giá xăng dầu, giá xăng dầu, giá xăng dầu"))
    return engine


def _scores(engine: SearchEngine, request: SearchRequest) -> dict[str, float]:
    return {hit.id: hit.score for hit in engine.search(request).hits}


def test_each_half_life_halves_what_newer_articles_gain(engine: SearchEngine) -> None:
    plain = _scores(engine, ASKED)
    recent = _scores(engine, replace(ASKED, recency=30))
    assert len(plain) == len(recent) == 6
    gains = {name: recent[name] / score - 1 for name, score in plain.items()}
    assert gains["d000"] == pytest.approx(0.5)
    assert gains["d030"] == pytest.approx(0.25)
    assert gains["d060"] == pytest.approx(0.125)
    assert gains["undated"] == pytest.approx(0, abs=1e-6)
    assert gains["d400"] == pytest.approx(gains["exact"], abs=1e-6)


def test_it_orders_equal_articles_by_day_and_changes_no_total(engine: SearchEngine) -> None:
    page = engine.search(replace(ASKED, recency=7))
    assert page.total == engine.search(ASKED).total == 6
    assert page.hits[0].id == "d000"
    assert all(one.score >= other.score for one, other in pairwise(page.hits))
    assert engine.search(ASKED).hits[0].id == "exact"


def test_explanations_add_up(engine: SearchEngine) -> None:
    asked = replace(ASKED, recency=30)
    for name, score in _scores(engine, asked).items():
        explanation = engine.explain(asked, name)
        assert explanation.value == pytest.approx(score, abs=1e-6)
        assert sum(part.value for part in explanation.children) == pytest.approx(score, abs=1e-6)
        assert explanation.children[-1].description.startswith("recency: ")


@pytest.mark.parametrize("days", [0, -1])
def test_a_half_life_is_a_day_at_least(days: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        SearchRequest(recency=days)


def test_the_website_names_it_and_lets_it_go(client: FlaskClient) -> None:
    html = client.get("/search?q=gia+xang&recency=30").text
    assert "Ưu tiên tin mới" in html
    assert "Ưu tiên tin mới" not in client.get("/search?q=gia+xang").text
    problem = client.get("/api/v1/search?q=gia+xang&recency=0")
    assert problem.status_code == 400
    assert "recency" in problem.text
