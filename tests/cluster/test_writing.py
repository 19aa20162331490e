"""Writers on a cluster: one at a time, leases that run out, runs that go on where they were."""

import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice

import pytest
from generated_news import numbered_article

from index import Article, IndexLocked, SearchRequest
from index.engines.cluster.cluster_engine import OpenSearchEngine
from index.engines.cluster.cluster_writer import ClusterBulkWriter

pytestmark = pytest.mark.cluster

_MANY = 900


@pytest.fixture
def engine(opensearch_hosts: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenSearchEngine]:
    """An empty archive."""
    monkeypatch.setenv("TIMBAO_OPENSEARCH_REPLICAS", "0")
    with closing(OpenSearchEngine(f"opensearch://{opensearch_hosts}/w{time.time_ns():x}")) as made:
        with made.writer():
            pass
        yield made


def _long_articles() -> list[Article]:
    return [numbered_article(number, "tin dài " * 1_500) for number in range(_MANY)]


def _write_some(engine: OpenSearchEngine, articles: list[Article]) -> None:
    with engine.writer() as writer:
        for _ in islice(writer.put_all(articles), _MANY - 50):
            pass
        raise KeyboardInterrupt


def test_an_interrupted_run_goes_on_where_it_was(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = _long_articles()
    # What is under way to the processes is analysed anew: here it must not be everything.
    monkeypatch.setattr("index.engines.embedded.bulk._BATCHES_AHEAD", 1)
    with pytest.raises(KeyboardInterrupt):
        _write_some(engine, articles)
    with engine.writer() as writer:
        changed = list(writer.put_all(articles))
    assert 0 < changed.count(False) < _MANY, "nothing had arrived"
    assert engine.count() == _MANY
    with engine.writer() as writer:
        assert not any(writer.put_all(articles))


def test_a_lease_holds_until_it_runs_out(engine: OpenSearchEngine) -> None:
    control = f"{engine._versions.name}-control"

    def lease(until: float) -> None:
        fields = {"kind": "lease", "owner": "another", "until": until}
        engine._cluster.ask(lambda c: c.index(index=control, id="lease", body=fields))

    lease(time.time() + 100)
    with pytest.raises(IndexLocked, match="wait until it has ended"), engine.writer():
        pass
    lease(time.time() - 1)
    with engine.writer() as writer:
        writer.put(numbered_article(1))
    assert engine.count() == 1


def test_a_writer_that_was_pushed_aside_writes_nothing(engine: OpenSearchEngine) -> None:
    with pytest.raises(IndexLocked):
        _be_pushed_aside(engine)
    assert engine.count() == 0


def test_searches_go_on_between_the_refresh_and_the_new_generation(
    engine: OpenSearchEngine,
) -> None:
    with engine.writer() as writer:
        writer.put(numbered_article(0))
    assert engine.search(SearchRequest(query="tin")).total == 1
    with engine.writer() as writer:
        assert isinstance(writer, ClusterBulkWriter)
        for number in range(1, 9):
            writer.put(numbered_article(number))
        writer._cluster_writer.flush()
        index = engine._versions.current().articles
        engine._cluster.ask(lambda c: c.indices.refresh(index=index))
        # One article is known to be there, nine are found.
        for query in ("tin", "bản tin", "tin*", "noi dung cua ban tin"):
            assert engine.search(SearchRequest(query=query)).hits
    assert engine.search(SearchRequest(query="tin")).total == 9


def _be_pushed_aside(engine: OpenSearchEngine) -> None:
    control = f"{engine._versions.name}-control"
    with engine.writer() as writer:
        writer.put(numbered_article(1))
        fields = {"kind": "lease", "owner": "another", "until": time.time() + 100}
        engine._cluster.ask(lambda c: c.index(index=control, id="lease", body=fields))
