"""Resident memory of the server before and after many mixed queries.

    python benchmarks/bench_memory.py [--corpus news60k] [--articles N] [--queries 10000]

`timbao serve` runs over the index with its defaults; four clients ask different queries of every
class, with accents and without, four of five through the API and one as a page. Each run asserts
that every answer is a 200 and that every API answer carries a total.
"""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import numpy as np
from bench_index import FOLDER, built
from corpora import add_corpus_options, corpus_of
from measure import Json, memory_of, percentiles, run_facts, write_json
from programs import Client, Server
from queries import Form, Kind, Query, queries_for

_CLIENTS = 4
_STEPS = (0.1, 0.25, 0.5, 1.0)


def ask(port: int, queries: Sequence[Query]) -> list[float]:
    """Ask one query after the other; seconds of each by the clock."""
    client = Client(port)
    seconds = []
    for number, query in enumerate(queries):
        as_page = number % 5 == 4
        started = perf_counter()
        status, body = client.get("/search" if as_page else "/api/v1/search", q=query.text)
        seconds.append(perf_counter() - started)
        assert status == 200, f"{query.text}: {status} {body[:200]!r}"
        assert as_page or json.loads(body)["total"] >= 0
    return seconds


def measure(folder: Path, queries: Sequence[Query]) -> Json:
    """Memory at the start and after each step, and the latency that clients saw."""
    seconds: list[float] = []
    with Server.of_index(folder) as server, ThreadPoolExecutor(_CLIENTS) as clients:
        server.until_answer("/readyz")
        rows = [{"queries": 0, **memory_of(server.pid)}]
        asked = 0
        for step in _STEPS:
            upto = round(step * len(queries))
            parts = [queries[asked:upto][client::_CLIENTS] for client in range(_CLIENTS)]
            for times in clients.map(ask, [server.port] * _CLIENTS, parts):
                seconds += times
            asked = upto
            rows.append({"queries": asked, **memory_of(server.pid)})
    assert len(seconds) == len(queries), "not every query was answered"
    return {"clients": _CLIENTS, "memory": rows, "latency": percentiles(seconds)}


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    corpus = corpus_of(options)
    facts = run_facts()
    folder = built("Tìm Báo", corpus, options.folder)
    per_class = -(-options.queries // (len(Kind) * len(Form)))
    queries = queries_for(corpus.articles(), per_class, corpus)
    mixed = np.random.default_rng(corpus.seed).permutation(len(queries))[: options.queries]
    result = measure(folder, [queries[number] for number in mixed.tolist()])
    for row in result["memory"]:
        print(
            f"{row['queries']:>7,} queries   resident {row['rss_mb']:7.1f} MB"
            f"   own {row['anonymous_mb']:7.1f} MB   mapped files {row['mapped_mb']:7.1f} MB"
        )
    write_json(
        options.json, {"benchmark": "memory", "facts": facts, "corpus": corpus.label, **result}
    )


if __name__ == "__main__":
    main()
