"""Streams of all that a search finds."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_index import small_index

from index import Article, SearchRequest, open_engine
from searchapp.app import create_app
from searchapp.documents.exports.requested import BATCH, whole_search
from searchapp.settings import Settings


@pytest.fixture(scope="module")
def long_archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an index of eight batches of articles with 8 kB of text each."""
    address = f"whoosh:{tmp_path_factory.mktemp('long')}"
    engine = open_engine(address)
    with engine.writer() as writer:
        assert all(writer.put_all(_long_articles()))
    engine.close()
    return address


def test_a_whole_search_gives_every_article_once(long_archive: str) -> None:
    engine = open_engine(long_archive)
    request = SearchRequest(query="lúa")
    found = [a.id for a in whole_search(engine, request)]
    assert len(found) == len(set(found)) == 8 * BATCH
    engine.close()


def test_streaming_holds_a_part_of_the_answer_only(long_archive: str) -> None:
    client = create_app(Settings(index=long_archive)).test_client()
    client.get("/search.ndjson?q=lúa&per_page=1")
    tracemalloc.start()
    try:
        size = sum(map(len, client.get("/search.ndjson?q=lúa").response))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 8 * BATCH * 8_000
    assert peak < size / 2


def test_articles_that_move_while_a_search_is_streamed_are_given_once(tmp_path: Path) -> None:
    documents = {f"t{n:04}": f"Tin lúa số {n}" for n in range(BATCH + 10)}
    with small_index(tmp_path, documents) as index:
        request = SearchRequest(query="lúa")
        stream = whole_search(index.engine, request)
        given = [next(stream).id]
        with index.engine.writer() as writer:
            for number in range(20):
                writer.put(Article(id=f"a{number:04}", headline="lúa"))
        given += [article.id for article in stream]
        assert len(given) == len(set(given))
        assert len(given) >= BATCH


def _long_articles() -> Iterator[Article]:
    for number in range(8 * BATCH):
        yield Article(id=f"dai{number:04}", headline=f"Vụ lúa {number}", body=("ơ" * 4_000,))
