"""An archive that is alive: what a commit of one article costs the searches after it.

    python benchmarks/bench_fresh.py [--corpus news60k] [--articles N] [--queries 3000]
        [--seconds 10] [--commits 6] [--json FILE]

One process has the engine, and asks headlines of the archive, every other one without accents, in
one order over and over. Before each commit it asks for some seconds what it asked before (warm),
then commits one article, and asks for as long again. Every other commit is a new article, the
others are corrections: they take the article's earlier version away. Times are CPU time of the
thread, so that other programs disturb less; ratios are of what was measured right before and
right after one commit, and of several commits the median counts.

Each article has a word of its own, and must be found by the first search after its commit: what
that search takes, by the clock, is how long a commit stays unseen by a process that is asked all
the time. Suggestions are asked in the same way; the slowest after a commit is the first one.
"""

import gc
import shutil
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from os import getpid
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, thread_time

import numpy as np
from bench_index import FOLDER, built
from corpora import Corpus, add_corpus_options, corpus_of
from measure import Child, Json, in_child, memory_of, percentiles, run_facts, write_json
from queries import plain_words

from index import Article, SearchEngine, SearchRequest, SuggestRequest, open_engine

#: Typed beginnings, short and long.
TYPED = ("h", "ha n", "thu tuong", "công an", "gia xang d", "bong da viet n")
OWN_WORD = "zqtươi"
_LIMIT = 10
_REQUESTS = 10_000


@dataclass(frozen=True, slots=True)
class After:
    """What one commit did to the searches after it."""

    kind: str
    commit_ms: float
    found_ms: float
    """From the end of the commit until its article was found."""
    warm: Json
    fresh: Json
    suggest_warm_ms: float
    suggest_fresh_ms: float
    """The slowest of TYPED."""

    def ratio(self, name: str) -> float:
        """How many times as long searches took."""
        return float(self.fresh[name] / self.warm[name])


def headline_queries(articles: Sequence[Article], count: int, seed: int) -> list[str]:
    """Different headlines in random order, every other one without accents."""
    headlines = list(dict.fromkeys(article.headline for article in articles if article.headline))
    order = np.random.default_rng(seed).permutation(len(headlines))[:count].tolist()
    return [
        " ".join(plain_words(headlines[at])) if number % 2 else headlines[at]
        for number, at in enumerate(order)
    ]


def search_times(engine: SearchEngine, queries: Iterator[str], seconds: float) -> list[float]:
    """CPU seconds of each search that ended within so many seconds."""
    times, ends = [], monotonic() + seconds
    while monotonic() < ends:
        request = SearchRequest(query=next(queries), limit=_LIMIT, collapse=True)
        started = thread_time()
        engine.search(request)
        times.append(thread_time() - started)
    return times


def slowest_suggestion(engine: SearchEngine) -> float:
    """CPU milliseconds of the slowest of some suggestions."""
    times = []
    for text in TYPED:
        started = thread_time()
        engine.suggest(SuggestRequest(text=text))
        times.append(thread_time() - started)
    return round(max(times) * 1000, 2)


def around_commit(
    engine: SearchEngine, queries: Iterator[str], article: Article, kind: str, seconds: float
) -> After:
    """Searches and suggestions before and after one article is committed."""
    slowest_suggestion(engine)
    suggest_warm = slowest_suggestion(engine)
    warm = search_times(engine, queries, seconds)
    before = engine.search(SearchRequest(query=OWN_WORD)).total
    started = perf_counter()
    with engine.writer() as writer:
        writer.put(article)
    committed = perf_counter()
    after = engine.search(SearchRequest(query=OWN_WORD)).total
    found = perf_counter()
    assert after == before + (kind == "new"), f"{after} articles have the word, before {before}"
    suggest_fresh = slowest_suggestion(engine)
    fresh = search_times(engine, queries, seconds)
    return After(
        kind,
        round((committed - started) * 1000, 2),
        round((found - committed) * 1000, 2),
        percentiles(warm),
        percentiles(fresh),
        suggest_warm,
        suggest_fresh,
    )


def live(child: Child, folder: Path, corpus: Corpus, options: tuple[int, float, int]) -> Json:
    """Commit one article after the other; runs in a child process."""
    count, seconds, commits = options
    articles = corpus.articles()
    texts = headline_queries(articles, count, corpus.seed)
    engine = open_engine(f"whoosh:{folder}")
    made = [
        replace(a, id=f"fresh-{n}", headline=f"{a.headline} {OWN_WORD}")
        for n, a in enumerate(articles[: commits + 1])
    ]
    del articles
    gc.collect()
    child.ready()
    with engine.writer() as writer:  # an index of an earlier version has no epoch yet
        writer.put(made[0])
    for text in texts:
        engine.search(SearchRequest(query=text, limit=_LIMIT, collapse=True))
    slowest_suggestion(engine)
    queries = cycle(texts)
    found = []
    for number in range(commits):
        if number % 2:
            lead = f"{made[number].lead} Bài đã sửa."
            article, kind = replace(made[number], lead=lead), "correction"
        else:
            article, kind = made[number + 1], "new"
        found.append(around_commit(engine, queries, article, kind, seconds))
        print(_shown(found[-1]), flush=True)
    for text in islice(queries, _REQUESTS):
        engine.search(SearchRequest(query=text, limit=_LIMIT, collapse=True))
    memory = memory_of(getpid())
    engine.close()
    return {
        "queries": len(texts),
        "requests": _REQUESTS,
        "memory": memory,
        "commits": [
            {
                "kind": each.kind,
                "commit_ms": each.commit_ms,
                "found_ms": each.found_ms,
                "warm": each.warm,
                "fresh": each.fresh,
                "p50_ratio": round(each.ratio("p50_ms"), 3),
                "p95_ratio": round(each.ratio("p95_ms"), 3),
                "suggest_warm_ms": each.suggest_warm_ms,
                "suggest_fresh_ms": each.suggest_fresh_ms,
            }
            for each in found
        ],
    }


def _shown(each: After) -> str:
    return (
        f"{each.kind:10}  commit {each.commit_ms:6.1f} ms, found after {each.found_ms:6.1f} ms   "
        f"search {each.warm['p50_ms']:.2f} / {each.warm['p95_ms']:.2f} → "
        f"{each.fresh['p50_ms']:.2f} / {each.fresh['p95_ms']:.2f} ms "
        f"({each.ratio('p50_ms'):.2f} × / {each.ratio('p95_ms'):.2f} ×)   "
        f"suggestion {each.suggest_warm_ms:.1f} → {each.suggest_fresh_ms:.1f} ms"
    )


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser)
    parser.add_argument("--queries", type=int, default=3_000, help="different ones")
    parser.add_argument("--seconds", type=float, default=10.0, help="before and after a commit")
    parser.add_argument("--commits", type=int, default=6)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    corpus = corpus_of(options)
    facts = run_facts()
    folder = options.folder / corpus.label / "alive"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(built("Tìm Báo", corpus, options.folder), folder)
    try:
        asked = (options.queries, options.seconds, options.commits)
        result = in_child(live, folder, corpus, asked)
    finally:
        shutil.rmtree(folder)
    for name in ("p50_ratio", "p95_ratio", "suggest_fresh_ms", "found_ms"):
        print(f"{name}: {median(each[name] for each in result['commits']):.2f}")
    print(f"resident after {result['requests']:,} more: {result['memory']['rss_mb']} MB")
    record = {"benchmark": "fresh", "facts": facts, "corpus": corpus.label, **result}
    write_json(options.json, record)


if __name__ == "__main__":
    main()
