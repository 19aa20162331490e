"""Requests a second of `timbao serve` beside OpenSearch doing the same work, in one run.

    python benchmarks/bench_serve.py [--seconds 10] [--connections 1 4 16 64] [--without-peer]

Both serve the same articles on this machine, one at a time under load. The peer is one node with
1 GiB of heap over a folded copy (its distribution has no filter that folds): title and lead
boosted, all words wanted, three highlighted fields, two aggregations, exact totals. wrk asks 3,000
different queries, stretches of headlines, half of them without accents, each again only after all
others. Then the same with a commit of one article every five seconds. Every answer must be a 200.

`--cpu` measures the processor's time of a page, an answer and a suggestion in this process instead,
relative to `engine.search` of the same query without highlights.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import process_time
from typing import Any, Final
from urllib.parse import quote_plus
from urllib.request import Request, urlopen

import numpy as np
from bench_index import FOLDER, built
from corpora import REPOSITORY, add_corpus_options, corpus_of
from measure import Json, cpu_seconds, memory_of, run_facts, write_json
from programs import Client, Server, timbao

from analyzers import fold
from index import Article, SearchRequest, SuggestRequest, open_engine
from searchapp.query.urls import article_path

sys.path.append(str(REPOSITORY / "tests" / "support"))

_QUERIES: Final = 3000
_WORDS: Final = (2, 2, 3, 4, 6)
_COMMIT_SECONDS: Final = 5.0
_WARMING: Final = 50
_SCRIPT: Final = Path(__file__).with_name("load.lua")
_HEAP: Final = "-Xms1g -Xmx1g"
_BATCH: Final = 1000
_FACETS: Final = ("section", "source")
#: What is asked → what the peer is asked for the same work.
_PEER_OF: Final = {
    "API, 20 hits, highlights, two facets": "20 hits, highlights, two aggregations",
    "API, 10 hits, highlights": "10 hits, highlights",
    "page": "20 hits, highlights, two aggregations",
    "suggestions": "10 hits, highlights",
    "article": None,
}


def headline_queries(articles: Sequence[Article], count: int, seed: int) -> list[str]:
    """Different stretches of two to six words of headlines, every other one without accents."""
    random = np.random.default_rng(seed)
    found: dict[str, None] = {}
    for number in random.permutation(len(articles)).tolist():
        words = re.findall(r"\w+", articles[number].headline.lower())
        length = int(random.choice(_WORDS))
        if len(words) < length:
            continue
        first = int(random.integers(len(words) - length + 1))
        text = " ".join(words[first : first + length])
        found[fold(text) if len(found) % 2 else text] = None
        if len(found) == count:
            break
    return list(found)


def our_requests(queries: Sequence[str], articles: Sequence[Article]) -> dict[str, list[str]]:
    """The paths of each kind of request."""
    texts = [quote_plus(query) for query in queries]
    return {
        "API, 20 hits, highlights, two facets": [
            f"/api/v1/search?facets={','.join(_FACETS)}&q={text}" for text in texts
        ],
        "API, 10 hits, highlights": [f"/api/v1/search?per_page=10&q={text}" for text in texts],
        "page": [f"/search?q={text}" for text in texts],
        "suggestions": [
            f"/api/v1/suggest?q={quote_plus(query[: max(2, 2 * len(query) // 3)])}"
            for query in queries
        ],
        "article": [article_path(each.id, each.headline) for each in articles[: len(queries)]],
    }


def peer_requests(queries: Sequence[str]) -> dict[str, list[str]]:
    """The lines for wrk that ask the peer."""

    def body(query: str, size: int, *, counted: bool) -> str:
        asked: Json = {
            "size": size,
            "track_total_hits": True,
            "_source": {"excludes": ["body"]},
            "query": {
                "multi_match": {
                    "query": fold(query),
                    "fields": ["title^3", "lead^1.5", "body"],
                    "type": "cross_fields",
                    "operator": "and",
                }
            },
            "highlight": {
                "fields": {
                    "title": {"number_of_fragments": 0},
                    "lead": {"number_of_fragments": 0},
                    "body": {"number_of_fragments": 2, "fragment_size": 220},
                }
            },
        }
        if counted:
            asked["aggs"] = {n: {"terms": {"field": n, "size": 100}} for n in _FACETS}
        # Without what the peer would keep of whole answers: none of ours are kept.
        return f"/news/_search?request_cache=false\t{json.dumps(asked, ensure_ascii=False)}"

    return {
        "20 hits, highlights, two aggregations": [body(q, 20, counted=True) for q in queries],
        "10 hits, highlights": [body(q, 10, counted=False) for q in queries],
    }


def fill(port: int, articles: Sequence[Article]) -> None:
    """Index a folded copy of the articles in the peer."""
    text, keyword = {"type": "text"}, {"type": "keyword"}
    names = {"title": text, "lead": text, "body": text, "section": keyword, "source": keyword}
    shown = {"type": "keyword", "index": False, "doc_values": False}
    mapping: Json = {
        "settings": {"number_of_shards": 1, "number_of_replicas": 0},
        "mappings": {"properties": {**names, "shown_title": shown, "shown_lead": shown}},
    }
    _ask(port, "PUT", "/news", json.dumps(mapping))
    for first in range(0, len(articles), _BATCH):
        lines = []
        for article in articles[first : first + _BATCH]:
            lines.append(json.dumps({"index": {"_id": article.id}}))
            document = {
                "title": fold(article.headline),
                "lead": fold(article.lead),
                "body": fold("\n".join(article.body)),
                "section": article.section,
                "source": article.source,
                "shown_title": article.headline,
                "shown_lead": article.lead,
            }
            lines.append(json.dumps(document))
        _ask(port, "POST", "/news/_bulk", "\n".join(lines) + "\n")
    _ask(port, "POST", "/news/_forcemerge?max_num_segments=1", "")
    _ask(port, "POST", "/news/_refresh", "")
    count = _ask(port, "GET", "/news/_count", None)["count"]
    assert count == len(articles), f"the peer has {count} articles"


def _ask(port: int, method: str, path: str, body: str | None) -> Json:
    data = None if body is None else body.encode()
    request = Request(  # this machine
        f"http://127.0.0.1:{port}{path}", data, {"Content-Type": "application/x-ndjson"}
    )
    request.method = method
    if not path.endswith("_bulk"):
        request.headers["Content-type"] = "application/json"
    with urlopen(request, timeout=600) as answer:  # noqa: S310  # likewise
        found: Json = json.load(answer)
    assert not found.get("errors"), str(found)[:300]
    return found


@contextmanager
def peer(articles: Sequence[Article]) -> Iterator[tuple[int, int]]:
    """The port and the process of a node of OpenSearch with the articles."""
    from nodes import running_nodes

    with running_nodes(1, _HEAP) as (node,):
        fill(node.port, articles)
        yield node.port, node.process.pid


class Load:
    """Runs wrk against a server."""

    def __init__(self, port: int, pid: int, seconds: int) -> None:
        self.port = port
        self._pid = pid
        self._seconds = seconds
        self._asked = 0

    def run(self, lines: Sequence[str], connections: int) -> Json:
        """Requests a second, latency in ms and the server's processor time a request."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "requests"
            file.write_text("\n".join(lines) + "\n", "utf-8")
            environment = {
                "REQUESTS": str(file),
                # Each run goes on behind the last: a query comes back after all others.
                "FIRST": str(self._asked % len(lines)),
                "CODING": "gzip",
                "PATH": os.environ["PATH"],
            }
            before = cpu_seconds(self._pid)
            done = subprocess.run(  # noqa: S603  # a fixed command
                [  # wrk is where the machine has it
                    *("wrk", "-t1", f"-c{connections}", f"-d{self._seconds}s", "--timeout", "30s"),
                    *("-s", str(_SCRIPT), f"http://127.0.0.1:{self.port}"),
                ],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
        used = cpu_seconds(self._pid) - before
        found: Json = json.loads(done.stdout.strip().splitlines()[-1])
        assert not found["errors"], done.stdout
        self._asked += found["requests"]
        assert found["requests"], "nothing was answered: more --seconds are needed"
        return {
            "a_second": round(found["requests"] / found["seconds"], 1),
            "p50_ms": round(found["p50"], 1),
            "p99_ms": round(found["p99"], 1),
            "cpu_ms": round(1000 * used / found["requests"], 2),
            "kb": round(found["bytes"] / found["requests"] / 1000, 1),
        }


@contextmanager
def commits(folder: Path, article: Article) -> Iterator[None]:
    """One article is changed and committed every five seconds."""
    ended = Event()

    def write() -> None:
        engine, number = open_engine(f"whoosh:{folder}"), 0
        while not ended.wait(_COMMIT_SECONDS):
            number += 1
            with engine.writer() as writer:
                writer.put(replace(article, headline=f"{article.headline} {number}"))

    writer = Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def measure(folder: Path, articles: Sequence[Article], options: Any) -> Iterator[Json]:
    """A row for each kind of request, number of connections, and with or without commits."""
    queries = headline_queries(articles, _QUERIES, options.seed)
    ours, theirs = our_requests(queries, articles), peer_requests(queries)
    serve = timbao("serve", "--port", "0", "--index", f"whoosh:{folder}")
    os.environ["TIMBAO_RATE_MODE"] = "off"
    with Server(serve) as server, nullcontext() if options.without_peer else peer(articles) as node:
        server.until_answer("/readyz")
        us = Load(server.port, server.pid, options.seconds)
        them = None if node is None else Load(*node, options.seconds)
        # Warm: the caches of one, the compiler of the other.
        client = Client(server.port)
        for lines in ours.values():
            for line in lines[:_WARMING]:
                assert client.get(line)[0] == 200, line
            us.run(lines, 4)
        if them is not None:
            for lines in theirs.values():
                for line in lines[:_WARMING]:
                    path, _, body = line.partition("\t")
                    _ask(them.port, "POST", path, body)
                them.run(lines, 4)
        for connections in options.connections:
            peers: dict[str, Json] = {}
            for kind, lines in ours.items():
                row: Json = {"kind": kind, "connections": connections, **us.run(lines, connections)}
                other = _PEER_OF[kind]
                if them is not None and other is not None:
                    if other not in peers:
                        peers[other] = them.run(theirs[other], connections)
                    row["peer"] = {"kind": other, **peers[other]}
                    row["ratio"] = round(row["a_second"] / peers[other]["a_second"], 2)
                with commits(folder, articles[0]):
                    row["with_commits"] = us.run(lines, connections)
                row["p99_ratio"] = round(row["with_commits"]["p99_ms"] / row["p99_ms"], 2)
                yield row
        yield {"kind": "memory", **memory_of(server.pid)}


def processor_time(folder: Path, articles: Sequence[Article], options: Any) -> Json:
    """Milliseconds of this process for each kind of request, warm, and relative to the engine."""
    from werkzeug.test import Client, create_environ

    from searchapp.app import create_app
    from searchapp.settings import RateMode, Settings

    app = create_app(Settings(index=f"whoosh:{folder}", rate_mode=RateMode.OFF))
    engine = open_engine(f"whoosh:{folder}")
    queries = headline_queries(articles, options.queries, options.seed)
    requests = our_requests(queries, articles)
    assert Client(app).get("/readyz").status_code == 200

    def asked(environ: dict[str, Any]) -> None:
        statuses: list[str] = []

        def start(status: str, *_: object) -> Callable[[bytes], object]:
            statuses.append(status)
            return statuses.append  # type: ignore[return-value]  # which nobody calls

        for _ in app(dict(environ), start):
            pass
        assert statuses == ["200 OK"], environ["PATH_INFO"]

    def search(query: str) -> object:
        return engine.search(SearchRequest(query=query, limit=20, collapse=True))

    def suggest(query: str) -> object:
        return engine.suggest(SuggestRequest(text=query[: max(2, 2 * len(query) // 3)]))

    works: dict[str, list[Callable[[], object]]] = {
        "engine.search, 20 hits": [partial(search, query) for query in queries],
        "engine.suggest": [partial(suggest, query) for query in queries],
    }
    for kind, paths in requests.items():
        # Made before: the time of the server's own parser is not the application's.
        environs = [create_environ(path, "http://localhost") for path in paths]
        works[kind] = [partial(asked, environ) for environ in environs]
    totals = dict.fromkeys(works, 0.0)
    for counts in (False, True, True):
        for number in range(len(queries)):
            for kind, each in works.items():
                started = process_time()
                each[number]()
                totals[kind] += counts * (process_time() - started)
    base = totals["engine.search, 20 hits"]
    return {
        kind: {"ms": round(500 * total / len(queries), 2), "ratio": round(total / base, 2)}
        for kind, total in totals.items()
    }


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser)
    parser.add_argument("--seconds", type=int, default=10, help="of each measurement")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 4, 16, 64])
    parser.add_argument("--without-peer", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--queries", type=int, default=300, help="for --cpu")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--index", type=Path, help="a folder with the index of the corpus")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    corpus = corpus_of(options)
    facts, articles = run_facts(), corpus.articles()
    folder = options.index or built("Tìm Báo", corpus, options.folder)
    record: Json = {"benchmark": "serve", "facts": facts, "corpus": corpus.label}
    if options.cpu:
        record["cpu"] = processor_time(folder, articles, options)
        for kind, row in record["cpu"].items():
            print(f"{kind:40} {row['ms']:8.2f} ms  {row['ratio']:6.2f}")
        write_json(options.json, record)
        return
    record["rows"] = rows = []
    with TemporaryDirectory() as copy:
        # The index is written to.
        here = Path(shutil.copytree(folder, Path(copy) / "index"))
        for row in measure(here, articles, options):
            rows.append(row)
            print(json.dumps(row, ensure_ascii=False), flush=True)
    write_json(options.json, record)


if __name__ == "__main__":
    main()
