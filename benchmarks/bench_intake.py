"""From the answer 202 to the hit: how soon an article that was sent over HTTP is found.

    python benchmarks/bench_intake.py [--corpus news20k] [--articles N] [--sent 60] [--clients 16]

`timbao serve` answers on loopback over a copy of the index. Clients search without a break, or with
`--pause` seconds between an answer and the next question. Beside them articles are sent, one after
the other, each with a word that nothing else has; from the answer 202 on, that word is searched for
every 10 ms until it has its hit. The time includes the answer to that search, which has to queue
among those of the other clients. `engine` is the same from 202 to the commit, as an engine of
another process sees it, without the server.
"""

import json
import os
import shutil
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from statistics import mean
from threading import Event
from time import perf_counter, sleep

from bench_index import FOLDER, built
from corpora import Corpus, add_corpus_options, corpus_of
from measure import Json, percentiles, run_facts, write_json
from programs import Client, Server
from queries import Form, queries_for

from index import open_engine, queue_path
from index.withdrawals import register_path
from searchapp.keys import KeyStore

_QUERIES = 400
_WORD = "zqintake"
_LONGEST = 60.0
_BAR_MS = 1500


def read(port: int, queries: list[str], first: int, pause: float, stop: Event) -> list[float]:
    """Search until the end; seconds of each answer."""
    client, seconds = Client(port), []
    number = first
    while not stop.is_set():
        started = perf_counter()
        status, body = client.get("/api/v1/search", q=queries[number % len(queries)])
        assert status == 200, body
        seconds.append(perf_counter() - started)
        number += 7
        stop.wait(pause)
    return seconds


def send(port: int, key: str, number: int) -> float:
    """Send an article; the time at which it was accepted."""
    word = f"{_WORD}{number}"
    body = {
        "title": f"Bản tin {word}",
        "body": "Một bản tin gửi qua API, có một từ riêng.",
        "published": datetime.now(UTC).isoformat(),
    }
    connection = HTTPConnection("127.0.0.1", port, timeout=_LONGEST)
    headers = {"Authorization": f"Bearer {key}"}
    connection.request("PUT", f"/api/v1/articles/{word}", json.dumps(body), headers)
    answer = connection.getresponse()
    assert answer.status == 202, answer.read()
    answer.read()
    accepted = perf_counter()
    connection.close()
    return accepted


def until_hit(port: int, number: int, accepted: float) -> float:
    """Seconds from the acceptance to the answer that has the article."""
    client = Client(port)
    while perf_counter() < accepted + _LONGEST:
        status, body = client.get("/api/v1/search", q=f"{_WORD}{number}")
        if status == 200 and json.loads(body)["total"]:
            return perf_counter() - accepted
        sleep(0.01)
    raise SystemExit(f"article {number} is not found within {_LONGEST:.0f} s")


def until_commit(folder: Path, number: int, accepted: float) -> float:
    """Seconds from the acceptance to the commit, as an engine of this process sees it."""
    engine = open_engine(f"whoosh:{folder}")
    while engine.get(f"{_WORD}{number}") is None:
        sleep(0.01)
    return perf_counter() - accepted


def measured(folder: Path, corpus: Corpus, clients: int, sent: int, pause: float) -> Json:
    """Send articles while clients read."""
    keys = folder.parent / "intake-keys.sqlite"
    keys.unlink(missing_ok=True)
    _, key = KeyStore(keys).add(
        "bench", public=False, origins=(), scopes=("ingest",), on=datetime.now(UTC).date()
    )
    os.environ["TIMBAO_KEYS"] = str(keys)
    found = queries_for(corpus.articles(), _QUERIES, corpus)
    queries = [query.text for query in found if query.form is Form.STRIPPED]
    stop = Event()
    hits, commits = [], []
    with Server.of_index(folder) as server, ThreadPoolExecutor(clients + 1) as pool:
        server.until_answer("/readyz")
        until_hit(server.port, 0, send(server.port, key, 0))  # what is loaded once is loaded
        readers = [
            pool.submit(read, server.port, queries, first, pause, stop) for first in range(clients)
        ]
        sleep(1.0)
        for number in range(1, sent + 1):
            accepted = send(server.port, key, number)
            seen = pool.submit(until_commit, folder, number, accepted)
            hits.append(until_hit(server.port, number, accepted))
            commits.append(seen.result())
        stop.set()
        answers = [seconds for reader in readers for seconds in reader.result()]
    return {
        "clients": clients,
        "pause_seconds": pause,
        "sent": sent,
        "from_202_to_hit": percentiles(hits),
        "from_202_to_commit": percentiles(commits),
        "search": {**percentiles(answers), "mean_ms": round(1000 * mean(answers), 2)},
    }


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser, default="news20k")
    parser.add_argument("--sent", type=int, default=60, help="how many articles are sent")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between questions")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    corpus = corpus_of(options)
    facts = run_facts()
    folder = options.folder / corpus.label / "intake"
    shutil.rmtree(folder, ignore_errors=True)
    for path in (queue_path(f"whoosh:{folder}"), register_path(folder)):
        path.unlink(missing_ok=True)
    shutil.copytree(built("Tìm Báo", corpus, options.folder), folder)
    result = measured(folder, corpus, options.clients, options.sent, options.pause)
    shutil.rmtree(folder)
    for name in ("from_202_to_hit", "from_202_to_commit", "search"):
        times = result[name]
        shown = "  ".join(f"{part} {times[f'{part}_ms']:.0f}" for part in ("p50", "p95", "max"))
        print(f"{name.replace('_', ' '):20} {shown} ms")
    within = result["from_202_to_hit"]["p95_ms"] <= _BAR_MS
    print(f"p95 ≤ {_BAR_MS} ms: {'yes' if within else 'no'}")
    write_json(
        options.json, {"benchmark": "intake", "facts": facts, "corpus": corpus.label, **result}
    )


if __name__ == "__main__":
    main()
