"""Suggestions while headlines are typed letter by letter, and what the first ones cost.

    python benchmarks/bench_suggest.py [--corpus news60k] [--articles N] [--queries 200]

The first 20 letters of headlines that the archive does not have (headlines30k; for the sample
documents their own ones), every beginning asked in turn, with accents and without. New: asked for
the first time, after half as many other headlines. Again: asked before, the caches filled. Both
are CPU time of one call for eight suggestions, exact totals included. First: a fresh process opens
the index and asks once, by the clock, the index files in the page cache; what it reads for that
is then there for the life of the index files. After a commit: the same for another generation of
the same files; `bench_fresh.py` measures commits that change something.

Each run asserts that suggestions are the same every time and that all of them lead somewhere.
"""

import gc
import os
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, thread_time
from typing import Final

import numpy as np
from bench_index import FOLDER, built
from corpora import Corpus, add_corpus_options, corpus_of, teaser_headlines
from measure import Child, Json, in_child, memory_of, percentiles, run_facts, write_json
from queries import Form

from analyzers import fold
from index import Suggestions, SuggestRequest
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.snapshot_searcher import SnapshotSearcher

LETTERS: Final = 20
_ROUNDS: Final = 3
_LENGTHS: Final = ((1, 2), (3, 5), (6, 10), (11, LETTERS))


def unseen_headlines(corpus: Corpus, count: int) -> list[str]:
    """That many different headlines in lower case, drawn by the seed of the corpus."""
    if corpus.name == "sample":
        found = [article.headline for article in corpus.articles()]
    else:
        found = list(teaser_headlines())
    distinct = sorted({headline.lower() for headline in found})
    order = np.random.default_rng(corpus.seed).permutation(len(distinct))[:count]
    return [distinct[number] for number in order.tolist()]


def beginnings(headline: str, form: Form) -> Iterator[str]:
    """The first letter, the first two letters … as they stand in a box."""
    text = headline if form is Form.ACCENTED else fold(headline)
    for length in range(1, min(LETTERS, len(text)) + 1):
        yield text[:length]


def ask(engine: WhooshEngine, text: str) -> tuple[float, Suggestions]:
    """CPU seconds of one call, and its answer."""
    request = SuggestRequest(text=text)
    started = thread_time()
    answer = engine.suggest(request)
    return thread_time() - started, answer


def measure_warm(engine: WhooshEngine, headlines: Sequence[str]) -> list[Json]:
    """Percentiles of new and of repeated beginnings, by form and length."""
    warming = len(headlines) // 3
    for headline in headlines[:warming]:
        for form in Form:
            for text in beginnings(headline, form):
                ask(engine, text)
    gc.collect()
    gc.freeze()
    asked = headlines[warming:]
    first: dict[str, Suggestions] = {}
    samples: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for done in range(_ROUNDS + 1):
        for headline in asked:
            for form in Form:
                for text in beginnings(headline, form):
                    seconds, answer = ask(engine, text)
                    state = "again" if text in first else "new"
                    assert first.setdefault(text, answer) == answer, f"{text}: another answer"
                    assert all(item.total != 0 for item in answer.items), f"{text}: leads nowhere"
                    if done or state == "new":
                        samples.setdefault((form.value, state), []).append((len(text), seconds))
    rows = []
    for (form_name, state), timed in samples.items():
        for low, high in ((1, LETTERS), *_LENGTHS):
            seconds_there = [seconds for length, seconds in timed if low <= length <= high]
            row = {"form": form_name, "state": state, "letters": f"{low}–{high}"}
            rows.append({**row, **percentiles(seconds_there)})
    return rows


def measure_first(child: Child, folder: Path) -> Json:
    """The first suggestions of a process, those after a commit, and the memory of both."""
    child.ready()
    engine = WhooshEngine(folder)
    engine.count()
    before = memory_of(os.getpid())
    started = perf_counter()
    engine.suggest(SuggestRequest(text="ha n"))
    first = perf_counter() - started
    after = memory_of(os.getpid())
    current = engine._current()
    started = perf_counter()
    SnapshotSearcher(current.snapshot, folder, current).suggest(SuggestRequest(text="ha n"))
    return {
        "first_ms": round(first * 1000, 1),
        "after_commit_ms": round((perf_counter() - started) * 1000, 1),
        "memory_mb": round(after["anonymous_mb"] - before["anonymous_mb"], 1),
    }


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser)
    parser.add_argument("--queries", type=int, default=200, help="headlines that are typed")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--index", type=Path, help="an index of the corpus that is there already")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    corpus = corpus_of(options)
    facts = run_facts()
    folder = options.index or built("Tìm Báo", corpus, options.folder)
    headlines = unseen_headlines(corpus, options.queries * 3 // 2)
    first = in_child(measure_first, folder)
    engine = WhooshEngine(folder)
    assert engine.count() == len(corpus.articles()), f"{folder} holds something else"
    rows = measure_warm(engine, headlines)
    print(f"{corpus.label}, {options.queries:,} headlines, CPU ms: p50 / p95 / p99")
    for row in rows:
        print(
            f"{row['form']:10} {row['state']:6} {row['letters']:6} letters"
            f" {row['p50_ms']:8.3f} {row['p95_ms']:8.3f} {row['p99_ms']:8.3f}"
        )
    print(
        f"first {first['first_ms']:.0f} ms, after a commit {first['after_commit_ms']:.0f} ms,"
        f" {first['memory_mb']:.0f} MB"
    )
    write_json(
        options.json,
        {
            "benchmark": "suggest",
            "facts": facts,
            "corpus": corpus.label,
            "headlines": options.queries,
            "letters": f"1–{LETTERS}",
            "first": first,
            "warm": rows,
        },
    )


if __name__ == "__main__":
    main()
