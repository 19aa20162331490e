"""Where the time of a search goes: shares of its CPU time by module.

    python benchmarks/bench_profile.py [--corpus news60k] [--articles N] [--queries 60]

The class that takes longest, six to ten words, in both forms: the whole search with ten
highlighted hits, warm, alone in its process; and the search cold, in an engine that was opened for
it and asked for something else before, with the index in the page cache. Beside the shares stands
the median without a profiler, which slows Python down more than NumPy: the shares tell where to
look, not what can be won. What a library takes counts for the module that calls it.

Each run asserts that a query finds as much under the profiler as without.
"""

import cProfile
import gc
import pstats
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Any, Final

from bench_index import FOLDER, built
from bench_query import UNRELATED
from corpora import REPOSITORY, add_corpus_options, corpus_of
from measure import Json, run_facts, write_json
from queries import Form, Kind, Query, queries_for

from index import SearchEngine, SearchRequest, open_engine

_LIBRARIES: Final = "libraries among themselves"
_LEAST_SHARE: Final = 0.01

#: Asks a query, under the profiler where there is one: CPU seconds and the total.
Ask = Callable[[Query, cProfile.Profile | None], tuple[float, int]]


def shares(profile: cProfile.Profile) -> dict[str, float]:
    """Module → its share of the time, the largest first."""
    times: dict[str, float] = defaultdict(float)
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # not in its stub
    for (path, _, _), (_, _, seconds, _, callers) in stats.items():
        module = _module(path)
        if module is not None:
            times[module] += seconds
            continue
        for (caller, _, _), (_, _, within, _) in callers.items():
            times[_module(caller) or _LIBRARIES] += within
    total = sum(times.values())
    ordered = sorted(times.items(), key=lambda item: -item[1])
    return {name: round(time / total, 4) for name, time in ordered if time > _LEAST_SHARE * total}


def _module(path: str) -> str | None:
    """The module of a file of the project."""
    file = Path(path)
    inside = file.is_relative_to(REPOSITORY) and "site-packages" not in file.parts
    return str(file.relative_to(REPOSITORY).with_suffix("")) if inside else None


def timed(
    engine: SearchEngine, request: SearchRequest, profile: cProfile.Profile | None
) -> tuple[float, int]:
    """CPU seconds of one search, and its total."""
    started = thread_time()
    page = profile.runcall(engine.search, request) if profile else engine.search(request)
    return thread_time() - started, page.total


def measured(search: Ask, queries: Sequence[Query]) -> Json:
    """The median of the searches, and their shares in one more round."""
    gc.collect()
    gc.freeze()
    found = [search(query, None) for query in queries]
    profile = cProfile.Profile()
    again = [search(query, profile) for query in queries]
    assert [total for _, total in again] == [total for _, total in found], "another total"
    return {
        "p50_ms": round(median(seconds for seconds, _ in found) * 1000, 3),
        "shares": shares(profile),
    }


def measure_warm(folder: Path, queries: Sequence[Query]) -> Json:
    """With ten highlighted hits, every query asked before."""
    engine = open_engine(f"whoosh:{folder}")

    def search(query: Query, profile: cProfile.Profile | None) -> tuple[float, int]:
        return timed(engine, SearchRequest(query=query.text, limit=10, highlight=True), profile)

    for query in queries:
        search(query, None)
    return measured(search, queries)


def measure_cold(folder: Path, queries: Sequence[Query]) -> Json:
    """Every query in an engine of its own."""

    def search(query: Query, profile: cProfile.Profile | None) -> tuple[float, int]:
        engine = open_engine(f"whoosh:{folder}")
        engine.search(SearchRequest(query=UNRELATED, limit=10))
        found = timed(engine, SearchRequest(query=query.text, limit=10), profile)
        engine.close()
        return found

    return measured(search, queries)


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_corpus_options(parser)
    parser.add_argument("--queries", type=int, default=60, help="in both forms")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    corpus = corpus_of(options)
    facts = run_facts()
    folder = built("Tìm Báo", corpus, options.folder)
    queries = queries_for(corpus.articles(), options.queries, corpus)
    rows = []
    for name, measure in (("highlighted", measure_warm), ("cold", measure_cold)):
        for form in Form:
            asked = [q for q in queries if q.kind is Kind.LONG_OR and q.form is form]
            row = {"search": f"{name}, {form.value}", **measure(folder, asked)}
            rows.append(row)
            print(f"{row['search']}: p50 {row['p50_ms']} ms")
            for module, share in row["shares"].items():
                print(f"    {share:6.1%} {module}")
    write_json(
        options.json,
        {"benchmark": "profile", "facts": facts, "corpus": corpus.label, "searches": rows},
    )


if __name__ == "__main__":
    main()
