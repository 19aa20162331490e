"""The web application under load while articles are added and deleted.

    python benchmarks/bench_load.py [--corpus news60k] [--articles N] [--minutes 5] [--clients 16]

`timbao serve` answers on loopback over a copy of the index. Another process adds a batch of
copies of articles under new ids and another newspaper's name, all with a word of their own, and
deletes them again, with a commit after each. Right totals are known at every moment: a query
limited to the other newspapers has the total it had before, and the batch's own word has all of
the batch's articles or none; an answer that says it is partial, for want of time, is counted
apart. An error is any answer but 200, and any line on the server's
standard error. Memory is flat where its second half grows by less than 5 % over the first.
"""

import json
import multiprocessing
import shutil
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import mean
from time import monotonic, perf_counter, sleep

import numpy as np
from bench_index import FOLDER, built
from corpora import Corpus, add_corpus_options, corpus_of
from measure import Json, cpu_seconds, memory_of, percentiles, run_facts, write_json
from programs import Client, Server
from queries import Form, Query, queries_for

from index import Article, open_engine

BATCH = 50
BATCH_WORD = "zqlotzq"
BATCH_SOURCE = "Báo Thử Tải"
FLAT_WITHIN = 1.05
_QUERIES = 40
_MOST_REQUESTS = 100_000
_MEMORY_SECONDS = 2.0
_PAUSE_SECONDS = 2.0
_ERROR_CHARACTERS = 2_000


@dataclass(slots=True)
class Seen:
    """What one client saw."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    wrong_totals: list[str] = field(default_factory=list)
    partial: int = 0
    batch_totals: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Expected:
    """Queries with their totals among the newspapers that do not change."""

    sources: tuple[str, ...]
    totals: dict[str, int]


def batch_of(articles: Sequence[Article]) -> list[Article]:
    """Copies that bring no syllable but the batch's own word."""
    return [
        replace(a, id=f"load-{n}", headline=f"{a.headline} {BATCH_WORD}", source=BATCH_SOURCE)
        for n, a in enumerate(articles[:BATCH])
    ]


def add_and_delete(
    folder: Path, batch: Sequence[Article], stop: Event, commits: Connection
) -> None:
    """Add the batch and delete it, over and over; runs in its own process."""
    engine = open_engine(f"whoosh:{folder}")
    done = 0
    while not stop.wait(_PAUSE_SECONDS):
        with engine.writer() as writer:
            if done % 2:
                changed = sum([writer.delete(article.id) for article in batch])
            else:
                changed = sum(writer.put_all(batch))
        assert changed == len(batch), f"{changed} of {len(batch)} articles were changed"
        done += 1
    commits.send(done)


def client(port: int, number: int, expected: Expected, seed: int, deadline: float) -> Seen:
    """Ask until the deadline, mixed: known totals, the batch's word, pages, articles."""
    seen, connection = Seen(), Client(port)
    random = np.random.default_rng([seed, number])
    texts = list(expected.totals)
    while monotonic() < deadline and len(seen.seconds) < _MOST_REQUESTS:
        text = texts[int(random.integers(len(texts)))]
        turn = int(random.integers(10))
        started = perf_counter()
        if turn < 5:
            status, body = connection.get("/api/v1/search", q=text, source=expected.sources)
        elif turn < 7:
            status, body = connection.get("/api/v1/search", q=BATCH_WORD)
        else:
            status, body = connection.get("/search", q=text)
        seen.seconds.append(perf_counter() - started)
        if status != 200:
            seen.errors[f"{status} {body[:120]!r}"] += 1
        elif turn < 7:
            answer = json.loads(body)
            total = answer["total"]
            if answer["partial"]:
                seen.partial += 1
            elif turn < 5 and total != expected.totals[text]:
                seen.wrong_totals.append(f"{text}: {total}, not {expected.totals[text]}")
            elif turn >= 5:
                seen.batch_totals[total] += 1
                if total not in (0, BATCH):
                    seen.wrong_totals.append(f"{BATCH_WORD}: {total}")
    return seen


def expected_totals(port: int, articles: Sequence[Article], queries: Sequence[Query]) -> Expected:
    """The totals before anything changes.

    Without accents, since accents typed in part are read by counts of the whole archive, which
    the batch changes.
    """
    sources = tuple(sorted({article.source for article in articles if article.source}))
    connection = Client(port)
    totals = {}
    for query in queries:
        status, body = connection.get("/api/v1/search", q=query.text, source=sources)
        assert status == 200, f"{query.text}: {status} {body[:200]!r}"
        if total := int(json.loads(body)["total"]):
            totals[query.text] = total
    assert totals, "no query has hits"
    return Expected(sources, totals)


def under_load(folder: Path, corpus: Corpus, clients: int, seconds: float) -> Json:
    """Run the server, the writer and the clients side by side."""
    articles = corpus.articles()
    queries = [q for q in queries_for(articles, _QUERIES, corpus) if q.form is Form.STRIPPED]
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    here, there = context.Pipe()
    writer = context.Process(target=add_and_delete, args=(folder, batch_of(articles), stop, there))
    memory = []
    with Server.of_index(folder) as server, ThreadPoolExecutor(clients) as pool:
        server.until_answer("/readyz")
        expected = expected_totals(server.port, articles, queries)
        writer.start()
        started, cpu = monotonic(), cpu_seconds(server.pid)
        running = [
            pool.submit(client, server.port, number, expected, corpus.seed, started + seconds)
            for number in range(clients)
        ]
        while any(not future.done() for future in running):
            memory.append({"seconds": round(monotonic() - started), **memory_of(server.pid)})
            sleep(_MEMORY_SECONDS)
        seen = [future.result() for future in running]
        taken, cpu = monotonic() - started, cpu_seconds(server.pid) - cpu
        stop.set()
        writer.join()
        server_errors = server.errors()[-_ERROR_CHARACTERS:]
    assert writer.exitcode == 0, "the writer failed"
    times = [time for one in seen for time in one.seconds]
    batch_totals = sum((one.batch_totals for one in seen), Counter[int]())
    half = len(memory) // 2
    first, second = (mean(row["rss_mb"] for row in part) for part in (memory[:half], memory[half:]))
    return {
        "clients": clients,
        "seconds": round(taken, 1),
        "requests": len(times),
        "requests_per_s": round(len(times) / taken, 1),
        "server_cpu_ms_per_request": round(cpu / len(times) * 1000, 2),
        "commits": here.recv(),
        "latency": percentiles(times),
        "errors": dict(sum((one.errors for one in seen), Counter[str]())),
        "partial": sum(one.partial for one in seen),
        "wrong_totals": [text for one in seen for text in one.wrong_totals],
        "batch_totals": {str(total): count for total, count in sorted(batch_totals.items())},
        "server_errors": server_errors,
        "memory": memory,
        "memory_growth": round(second / first, 4),
        "memory_flat": second / first < FLAT_WITHIN,
    }


def main() -> None:
    """Run what the command line asks for; exits with 1 for an error or a wrong total."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    corpus = corpus_of(options)
    facts = run_facts()
    folder = options.folder / corpus.label / "under-load"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(built("Tìm Báo", corpus, options.folder), folder)
    result = under_load(folder, corpus, options.clients, options.minutes * 60)
    shutil.rmtree(folder)
    print(
        f"{result['requests']:,} requests in {result['seconds']:.0f} s"
        f" ({result['requests_per_s']} a second), {result['commits']} commits beside them"
    )
    times = (f"{name} {result['latency'][f'{name}_ms']:.0f}" for name in ("p50", "p95", "p99"))
    print(f"{'  '.join(times)} ms")
    print(f"{result['server_cpu_ms_per_request']} ms of the server's CPU time a request")
    print(
        f"errors {sum(result['errors'].values())}, wrong totals {len(result['wrong_totals'])}, "
        f"partial answers {result['partial']}"
    )
    print(f"memory, second half ÷ first: {result['memory_growth']} (flat: {result['memory_flat']})")
    for problem in (*result["errors"], *result["wrong_totals"][:10], result["server_errors"]):
        if problem:
            print(problem)
    write_json(
        options.json, {"benchmark": "load", "facts": facts, "corpus": corpus.label, **result}
    )
    if result["errors"] or result["wrong_totals"] or result["server_errors"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
