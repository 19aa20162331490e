"""The archive's own times: when it took an article in, and when it saw it change."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from archives import in_memory, merge_all, small_index
from generated_news import numbered_article
from test_index_of_0_1 import _FIXTURE

from index import Article, SearchRequest, SortOrder, open_engine
from index.engines.embedded.engine import WhooshEngine
from index.segments.inversion import content_digest


@pytest.fixture
def folder() -> Iterator[Path]:
    """An index of two segments with the articles 1 to 7."""
    with in_memory() as parent:
        yield small_index(parent / "index")


def times(engine: WhooshEngine, doc_id: str) -> tuple[datetime, datetime]:
    found = engine.get(doc_id)
    assert found is not None
    assert found.taken is not None
    assert found.changed is not None
    return found.taken, found.changed


def put(engine: WhooshEngine, article: Article, *, at_once: bool) -> None:
    with engine.writer() as writer:
        if at_once:
            writer.put(article)
        else:
            list(writer.put_all([article]))


def order(engine: WhooshEngine) -> list[str]:
    return [hit.id for hit in engine.search(SearchRequest(sort=SortOrder.UPDATED)).hits]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_change_is_noted_and_nothing_else_is(folder: Path, at_once: bool) -> None:
    engine = WhooshEngine(folder)
    article = numbered_article(1)
    first = times(engine, "n1")
    assert first[0] == first[1]
    assert abs(first[0] - datetime.now(UTC)) < timedelta(minutes=1)
    # Read again, from somewhere else or not: nothing has changed.
    put(engine, article, at_once=at_once)
    assert times(engine, "n1") == first
    for number in range(3):
        before = times(engine, "n1")
        put(engine, replace(article, lead=f"Sửa lần {number}."), at_once=at_once)
        taken, changed = times(engine, "n1")
        assert taken == first[0]
        # Whole seconds differ, or HTTP could not tell the two apart.
        assert changed.replace(microsecond=0) > before[1].replace(microsecond=0)
        assert order(engine)[0] == "n1"
    kept = times(engine, "n1")
    for rewrite in (engine.reindex, lambda: merge_all(folder)):
        rewrite()
        assert times(engine, "n1") == kept
        assert order(engine)[0] == "n1"
        assert engine.verify(deep=True).faults == ()


def test_what_an_index_gave_and_somebody_altered_has_changed(folder: Path) -> None:
    engine = WhooshEngine(folder)
    found = engine.get("n2")
    assert found is not None
    put(engine, replace(found, headline="Tiêu đề đã sửa"), at_once=False)
    assert times(engine, "n2")[1] > times(engine, "n3")[1]
    put(engine, replace(found, id="n20"), at_once=False)
    assert times(engine, "n20") == (found.taken, found.changed)


def test_a_copy_keeps_the_times(folder: Path) -> None:
    engine = WhooshEngine(folder)
    with WhooshEngine(folder.parent / "copy").writer() as writer:
        assert all(writer.put_all(engine.articles()))
    copy = WhooshEngine(folder.parent / "copy")
    assert {a.id: a.changed for a in copy.articles()} == {
        a.id: a.changed for a in engine.articles()
    }


def test_times_are_no_part_of_what_an_article_says() -> None:
    article = numbered_article(3)
    now = datetime.now(UTC)
    for noted in (replace(article, taken=now, changed=now), replace(article, changed=now)):
        assert noted == article
        record = noted.to_json()
        assert content_digest(record) == content_digest(article.to_json())
        again = Article.from_json(record)
        assert (again, again.taken, again.changed) == (article, noted.taken, noted.changed)
    tricky = replace(article, headline='","times":["2026-01-01T00:00:00+00:00"]}')
    assert content_digest(tricky.to_json()) != content_digest(article.to_json())
    assert Article.from_json(replace(tricky, changed=now).to_json()).headline == tricky.headline
    for times_of in ('["x"]', "[1]", '["2026-01-01T00:00:00"]', "7"):
        with pytest.raises(ValueError, match=r"."):
            Article.from_json(article.to_json()[:-1] + f',"times":{times_of}}}'.encode())


def test_an_index_of_an_older_program_does_not_know(tmp_path: Path) -> None:
    shutil.copytree(_FIXTURE / "index", tmp_path / "index")
    engine = open_engine(f"whoosh:{tmp_path}/index")
    engine.reindex()
    assert {(article.taken, article.changed) for article in engine.articles()} == {(None, None)}
    newest = engine.search(SearchRequest(sort=SortOrder.NEWEST)).hits
    assert engine.search(SearchRequest(sort=SortOrder.UPDATED)).hits == newest
    last = engine.search(SearchRequest(sort=SortOrder.OLDEST)).hits[0].article
    with engine.writer() as writer:
        list(writer.put_all([last]))  # its digest was made in another way: it is written again
    assert {(article.taken, article.changed) for article in engine.articles()} == {(None, None)}
    with engine.writer() as writer:
        assert list(writer.put_all([replace(last, lead="Đã sửa")])) == [True]
    found = engine.search(SearchRequest(sort=SortOrder.UPDATED)).hits[0].article
    assert (found.id, found.taken) == (last.id, None)
    assert found.changed is not None
    assert engine.reindex() == engine.count()
    assert engine.search(SearchRequest(sort=SortOrder.UPDATED)).hits[0].id == last.id
    assert engine.verify(deep=True).faults == ()
