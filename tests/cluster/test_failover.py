"""Three nodes, three shards, one replica; a node is killed under load, and nothing is lost."""

import json
import os
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from generated_news import numbered_article
from nodes import Node, running_nodes

from index import Article, SearchRequest, open_engine

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(
        bool(os.environ.get("TIMBAO_OPENSEARCH_URL")),
        reason="no nodes of a given cluster are killed",
    ),
]

_BEFORE = 600
_WHILE = 2_400
_QUERIES = ("bản tin", "ban tin so", "nội dung", "noi dung cua ban tin 77")


@pytest.fixture
def nodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Node]]:
    """A cluster that survives the loss of any one node."""
    monkeypatch.setenv("TIMBAO_OPENSEARCH_SHARDS", "3")
    monkeypatch.setenv("TIMBAO_OPENSEARCH_REPLICAS", "1")
    monkeypatch.setenv("TIMBAO_OPENSEARCH_TIMEOUT", "20")
    with running_nodes(3) as started:
        yield started


def test_a_lost_node_fails_no_query_and_loses_no_article(nodes: list[Node]) -> None:
    address = f"opensearch://{','.join(node.host for node in nodes)}/news"
    figures: dict[str, float] = {}
    with closing(open_engine(address)) as engine:
        with engine.writer() as writer:
            assert all(writer.put_all(_articles(0, _BEFORE)))
        _wait_for_copies(nodes[0])

        stop = Event()
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(_ask_until, stop, address)
            time.sleep(3)
            with engine.writer() as writer:
                for done, changed in enumerate(
                    writer.put_all(_articles(_BEFORE, _BEFORE + _WHILE)), 1
                ):
                    assert changed
                    if done == _WHILE // 2:
                        # Halfway through bulk indexing, and in the middle of queries.
                        writer.checkpoint()
                        nodes[1].kill()
                        killed = time.monotonic()
            figures["commit after the loss, s"] = round(time.monotonic() - killed, 1)
            time.sleep(3)
            stop.set()
            latencies, totals = asked.result()
        assert totals == sorted(totals), "an article went missing for a while"
        found = engine.search(SearchRequest(query="bản tin", limit=10_000))
        assert found.total == _BEFORE + _WHILE
        ids = {f"n{number}" for number in range(_BEFORE + _WHILE)}
        assert {hit.id for hit in found.hits} == ids
        assert engine.verify().articles == len(ids)
    figures |= {
        "queries": len(latencies),
        "failed queries": 0,
        "slowest query, s": round(max(latencies), 1),
        "articles lost": _BEFORE + _WHILE - found.total,
    }
    Path("var").mkdir(exist_ok=True)
    Path("var/failover.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    assert len(latencies) > 20


def _articles(first: int, last: int) -> Iterator[Article]:
    return (numbered_article(number) for number in range(first, last))


def _ask_until(stop: Event, address: str) -> tuple[list[float], list[int]]:
    """How long each query took, and how many articles the widest one found; errors are raised."""
    latencies, totals = [], []
    with closing(open_engine(address)) as engine:
        while not stop.is_set():
            for query in _QUERIES:
                began = time.monotonic()
                page = engine.search(SearchRequest(query=query))
                latencies.append(time.monotonic() - began)
                if query == _QUERIES[0]:
                    totals.append(page.total)
                found = [(token.text, token.readings) for token in page.query.tokens]
                assert page.hits, f"{query}: no hits of {page.total}; {found}"
    return latencies, totals


def _wait_for_copies(node: Node) -> None:
    """Return when every shard has its replica."""
    url = f"http://{node.host}/_cluster/health?wait_for_status=green&timeout=60s"
    with urllib.request.urlopen(url, timeout=70) as answer:
        assert not json.load(answer)["timed_out"]
