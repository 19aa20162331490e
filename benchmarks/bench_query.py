"""Query latency, warm and cold, beside stock Whoosh, SQLite FTS5, Tantivy and bm25s.

    python benchmarks/bench_query.py [--corpus news60k] [--articles N] [--queries 200] [--rounds 5]

Warm: all engines are open in one process and take turns on every query; the first round does not
count. Times are CPU time of the calling thread for the top 10 with the exact total, the query
already in the engine's own form, except for the whole search, which starts from the text and
ends with ten articles. Cold: a fresh process opens the index anew for every query, asks for
something else, then asks the query once; times are by the clock, once with the index files in
the page cache and once without. Related news: six of one article, for up to 300 articles in rounds.

Each run asserts that the peers agree on every total, that a query is answered alike every time,
and that the totals of this engine and the peers' are close. Indexes that bench_index.py left
below --folder are used, missing ones are made.
"""

import gc
import os
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time

from bench_index import FOLDER, built
from contenders import CONTENDERS, Answer, Retrieval, Run
from contenders.timbao import HIGHLIGHTED, RETRIEVAL, SEARCH
from corpora import Corpus, add_corpus_options, corpus_of
from measure import Child, Json, in_child, percentiles, run_facts, write_json
from queries import Form, Kind, Query, queries_for

from index import Article, SearchRequest, open_engine

#: This engine also finds i/y spellings, joined forms and abbreviations, and takes some pieces of
#: text (dates, codes) for other tokens than a simple tokenizer.
TOTALS_WITHIN = 0.1
_COLD_QUERIES = 50
_RELATED_ASKED = 300
#: What no article has: it opens the index, and nothing is kept of it.
UNRELATED = "qwxz"


@dataclass(slots=True)
class Turn:
    """One way to ask, with what it measured: (query number, seconds), and its answers."""

    retrieval: Retrieval
    prepared: dict[int, Run] = field(default_factory=dict)
    samples: list[tuple[int, float]] = field(default_factory=list)
    answers: dict[int, Answer] = field(default_factory=dict)

    def ask(self, number: int, query: Query, *, timed: bool) -> None:
        """Run one query; every answer must be the first one."""
        run = self.prepared.get(number)
        if run is None:
            run = self.prepared[number] = self.retrieval.prepare(query)
        started = thread_time()
        answer = run()
        seconds = thread_time() - started
        first = self.answers.setdefault(number, answer)
        assert answer.total == first.total, f"{self.retrieval.name}: {query.text}: another total"
        if timed:
            self.samples.append((number, seconds))


def measure_warm(
    retrievals: Iterable[Retrieval], queries: Sequence[Query], rounds: int
) -> list[Turn]:
    """Every way to ask on its share of the queries, in turns, query by query."""
    turns = [Turn(retrieval) for retrieval in retrievals]
    per_class = len(queries) // (len(Kind) * len(Form))
    gc.collect()
    gc.freeze()
    for done in range(rounds + 1):
        for number, query in enumerate(queries):
            place = number % (per_class * len(Form)) // len(Form)
            first = number % len(turns)
            for turn in turns[first:] + turns[:first]:
                asked = turn.retrieval
                if query.kind not in asked.kinds or done > (asked.rounds or rounds):
                    continue
                if place < max(2, asked.share * per_class):
                    turn.ask(number, query, timed=done > 0)
    return turns


def warm_rows(turns: Sequence[Turn], queries: Sequence[Query]) -> list[Json]:
    """Percentiles of every way, class and form, with this engine's median on the same queries."""
    ours = next((turn for turn in turns if turn.retrieval.name == RETRIEVAL), None)
    rows = []
    for turn in turns:
        groups: dict[tuple[Kind, Form], list[tuple[int, float]]] = defaultdict(list)
        for number, seconds in turn.samples:
            groups[queries[number].kind, queries[number].form].append((number, seconds))
        for (kind, form), samples in groups.items():
            row: Json = {"engine": turn.retrieval.name, "class": kind.value, "form": form.value}
            numbers = {number for number, _ in samples}
            if ours is not None:
                same = [seconds for number, seconds in ours.samples if number in numbers]
                row["retrieval_p50_ms"] = round(median(same) * 1000, 4)
            rows.append(
                {**row, "queries": len(numbers), **percentiles([time for _, time in samples])}
            )
    return rows


def check_totals(turns: Sequence[Turn], queries: Sequence[Query]) -> Json:
    """Assert that totals agree; how many differ where they may, and how ours compare."""
    alike: dict[int, int] = {}
    for turn in turns:
        if turn.retrieval.counts_alike:
            for number, answer in turn.answers.items():
                total = alike.setdefault(number, answer.total)
                name, text = turn.retrieval.name, queries[number].text
                assert answer.total == total, f"{name}: {text}: {answer.total}, others {total}"
    others = {
        turn.retrieval.name: sum(a.total != alike[n] for n, a in turn.answers.items() if n in alike)
        for turn in turns
        if turn.retrieval.name.startswith("Whoosh")
    }
    ratios = [
        answer.total / alike[number]
        for turn in turns
        if turn.retrieval.name == RETRIEVAL
        for number, answer in turn.answers.items()
        if queries[number].form is Form.STRIPPED and alike.get(number)
    ]
    if not ratios:
        return {"wrong_totals": others}
    ratio = median(ratios)
    assert abs(ratio - 1) < TOTALS_WITHIN, f"totals are {ratio:.2f} of the peers' (median)"
    return {"wrong_totals": others, "totals_against_peers": round(ratio, 4)}


def measure_cold(child: Child, folder: Path, queries: Sequence[Query], on_disk: bool) -> Json:
    """Seconds of the whole search for queries whose every term is new; runs in a child process."""
    child.ready()
    times = []
    for query in queries:
        if on_disk:
            gc.collect()  # a mapped page stays in the page cache
            for path in folder.iterdir():
                _drop_from_page_cache(path)
        engine = open_engine(f"whoosh:{folder}")
        engine.search(SearchRequest(query=UNRELATED, limit=10))
        request = SearchRequest(query=query.text, limit=10)
        started = perf_counter()
        page = engine.search(request)
        times.append(perf_counter() - started)
        assert page.total or query.kind is not Kind.WORD, f"{query.text}: no hits"
        engine.close()
        del engine
    return {"times": times}


def _drop_from_page_cache(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


def cold_rows(folder: Path, queries: Sequence[Query]) -> list[Json]:
    """Cold percentiles of every class and form, files in and out of the page cache."""
    rows = []
    for kind in Kind:
        for form in Form:
            asked = [q for q in queries if q.kind is kind and q.form is form][:_COLD_QUERIES]
            for on_disk in (False, True):
                times = in_child(measure_cold, folder, asked, on_disk)["times"]
                row = {"class": kind.value, "form": form.value, "page_cache": not on_disk}
                rows.append({**row, **percentiles(times)})
    return rows


def related_row(folder: Path, articles: Sequence[Article], rounds: int) -> Json:
    """CPU time of the news related to an article; the first round counts apart."""
    engine = open_engine(f"whoosh:{folder}")
    asked = articles[:: max(1, len(articles) // _RELATED_ASKED)][:_RELATED_ASKED]
    times: list[list[float]] = []
    found: list[int] = []
    for _ in range(rounds + 1):
        times.append([])
        counts = []
        for article in asked:
            started = thread_time()
            hits = engine.related(article.id)
            times[-1].append(thread_time() - started)
            counts.append(len(hits))
        found = found or counts
        assert counts == found, "related news differ from one time to the next"
    engine.close()
    again = [seconds for each in times[1:] for seconds in each]
    return {"articles": len(asked), "first": percentiles(times[0]), "again": percentiles(again)}


def retrievals_of(names: Iterable[str], corpus: Corpus, root: Path) -> list[Retrieval]:
    """Every way to ask the engines; their indexes are made where they are missing."""
    folders = {name: built(name, corpus, root) for name in names}
    return [way for name, folder in folders.items() for way in CONTENDERS[name].open(folder)]


def print_rows(rows: Sequence[Json]) -> None:
    """p50 of every way, and the ratio of retrieval alone to it, a line for each class."""
    for row in sorted(rows, key=lambda row: (list(Kind).index(row["class"]), row["form"])):
        ours = row.get("retrieval_p50_ms")
        share = "" if ours is None else f"   retrieval is {ours / row['p50_ms']:.3f}×"
        print(
            f"{row['class']:14}{row['form']:10}{row['engine']:40}"
            f"{row['p50_ms']:>9.3f}{row['p95_ms']:>9.3f}{row['p99_ms']:>9.3f} ms{share}"
        )


def main() -> None:
    """Run what the command line asks for."""
    engines = [name for name in CONTENDERS if "processes" not in name]
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser)
    parser.add_argument("--queries", type=int, default=200, help="of each class, in both forms")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds")
    parser.add_argument("--engines", nargs="+", choices=engines, default=engines)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    corpus = corpus_of(options)
    facts = run_facts()
    retrievals = retrievals_of(options.engines, corpus, options.folder)
    queries = queries_for(corpus.articles(), options.queries, corpus)
    turns = measure_warm(retrievals, queries, options.rounds)
    totals = check_totals(turns, queries)
    warm = warm_rows(turns, queries)
    print_rows(warm)
    print(totals)
    cold: list[Json] = []
    related: Json | None = None
    if "Tìm Báo" in options.engines:
        cold = cold_rows(built("Tìm Báo", corpus, options.folder), queries)
        for row in cold:
            where = "cold, in page cache" if row["page_cache"] else "cold, on disk"
            times = f"{row['p50_ms']:9.2f}{row['p95_ms']:9.2f}"
            print(f"{row['class']:14}{row['form']:10}{where:40}{times} ms")
        folder = built("Tìm Báo", corpus, options.folder)
        related = related_row(folder, corpus.articles(), options.rounds)
        print(f"related news: {related}")
    write_json(
        options.json,
        {
            "benchmark": "query",
            "facts": facts,
            "corpus": corpus.label,
            "rounds": options.rounds,
            "ours": {"retrieval": RETRIEVAL, "search": SEARCH, "highlighted": HIGHLIGHTED},
            "totals": totals,
            "warm": warm,
            "cold": cold,
            "related": related,
        },
    )


if __name__ == "__main__":
    main()
