"""How rate, size, latency and start-up of this engine grow with the corpus.

    python benchmarks/bench_growth.py [--sizes 20000 60000 200000] [--queries 100] [--rounds 3]

Up to 60,000 articles the corpus is natural, beyond it is grown (corpora.py says how). Every size
is asked the same queries; `growth` is the p50 of the whole search at a size over that at the size
before, to be held against the ratio of the sizes. Each run asserts the counts and that larger
corpora do not have fewer hits.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from bench_index import FOLDER, measure_build
from bench_query import cold_rows, measure_warm, warm_rows
from bench_start import start_to_answer
from contenders import CONTENDERS, index_folder
from contenders.timbao import SEARCH
from corpora import SEED, Corpus, corpus_of
from measure import Json, run_facts, write_json
from queries import Query, queries_for

_RUNS = 5


def at_size(corpus: Corpus, root: Path, queries: Sequence[Query], rounds: int) -> Json:
    """Index a corpus and ask it."""
    folder = index_folder(root, corpus.label, "Tìm Báo")
    indexing = measure_build("Tìm Báo", corpus, folder)
    turns = measure_warm(CONTENDERS["Tìm Báo"].open(folder), queries, rounds)
    totals = next(turn.answers for turn in turns if turn.retrieval.name == SEARCH)
    return {
        "articles": corpus.count,
        "hits": sum(answer.total for answer in totals.values()),
        "indexing": indexing,
        "start": start_to_answer(folder, corpus, _RUNS),
        "warm": warm_rows(turns, queries),
        "cold": cold_rows(folder, queries),
    }


def growth(smaller: Json, larger: Json) -> Json:
    """The whole search's p50 at one size over that at another, for every class and form."""
    times = [
        {
            (row["class"], row["form"]): row["p50_ms"]
            for row in size["warm"]
            if row["engine"] == SEARCH
        }
        for size in (smaller, larger)
    ]
    return {
        "from": smaller["articles"],
        "to": larger["articles"],
        "corpus": round(larger["articles"] / smaller["articles"], 3),
        "search": {
            f"{kind}, {form}": round(times[1][kind, form] / p50, 3)
            for (kind, form), p50 in times[0].items()
        },
    }


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=[20_000, 60_000, 200_000])
    parser.add_argument("--queries", type=int, default=100, help="of each class, in both forms")
    parser.add_argument("--rounds", type=int, default=3, help="timed rounds")
    parser.add_argument("--seed", type=int, default=SEED, help="of the corpus and the queries")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where indexes are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    facts = run_facts()
    sizes: list[Json] = []
    options.corpus = "grown"
    options.articles = min(options.sizes)
    corpus = corpus_of(options)
    queries = queries_for(corpus.articles(), options.queries, corpus)
    for count in sorted(options.sizes):
        row = at_size(Corpus("grown", count, options.seed), options.folder, queries, options.rounds)
        assert not sizes or row["hits"] >= sizes[-1]["hits"], "a larger corpus has fewer hits"
        sizes.append(row)
        indexing = row["indexing"]
        print(
            f"{count:>8,} articles: {indexing['articles_per_s']:,} a second,"
            f" {indexing['bytes_per_text_byte']} bytes a byte of text,"
            f" start {row['start']['p50_ms']:.0f} ms"
        )
    steps = [growth(first, second) for first, second in pairwise(sizes)]
    for step in steps:
        print(f"{step['from']:,} → {step['to']:,} (corpus {step['corpus']}×): {step['search']}")
    write_json(
        options.json,
        {
            "benchmark": "growth",
            "facts": facts,
            "corpus": f"grown-{max(options.sizes)}",
            "sizes": sizes,
            "growth": steps,
        },
    )


if __name__ == "__main__":
    main()
