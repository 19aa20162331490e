"""A cluster beside the embedded engine: indexing rate, bytes, latency, agreement of the rankings.

    python benchmarks/bench_cluster.py opensearch://127.0.0.1:9200 [--articles 20000]

The same articles go into both. Every query is asked twice: the first time nothing about it is
remembered, the second time the figures of its words are. Agreement is of the first ten hits.
"""

import uuid
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from corpora import add_corpus_options, corpus_of, questions, text_bytes
from measure import Json, percentiles, run_facts, write_json
from queries import Form, queries_for

from analyzers import fold
from index import Article, SearchEngine, SearchRequest, open_engine

_QUESTIONS: Final = "question"


def build(engine: SearchEngine, articles: Sequence[Article]) -> Json:
    """Write the articles; the rate and the size."""
    started = perf_counter()
    with engine.writer() as writer:
        assert all(writer.put_all(articles))
    seconds = perf_counter() - started
    size = engine.stats().bytes_on_disk
    return {
        "articles_per_second": round(len(articles) / seconds, 1),
        "bytes_per_article": round(size / len(articles)),
        "bytes_per_byte_of_text": round(size / text_bytes(articles), 2),
    }


def ask(cluster: SearchEngine, embedded: SearchEngine, queries: Sequence[str]) -> Json:
    """Latency of both and agreement, for the queries of one class."""
    took: dict[str, list[float]] = {"first time": [], "again": [], "embedded, again": []}
    same_top = same_ten = same_total = 0
    for query in queries:
        request = SearchRequest(query=query, limit=10)
        expected = embedded.search(request)
        for name, engine in (
            ("first time", cluster),
            ("again", cluster),
            ("embedded, again", embedded),
        ):
            started = perf_counter()
            page = engine.search(request)
            took[name].append(perf_counter() - started)
            if name == "again":
                found = [hit.id for hit in page.hits]
                same_total += page.total == expected.total
        ids = [hit.id for hit in expected.hits]
        same_top += found[:1] == ids[:1]
        same_ten += found == ids
    return {
        "queries": len(queries),
        "latency": {name: percentiles(seconds) for name, seconds in took.items()},
        "same_total": same_total,
        "same_top_hit": same_top,
        "same_first_ten": same_ten,
    }


def main() -> None:
    """Run what the command line asks for."""
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cluster", help="its address without a name: opensearch://HOST:9200")
    add_corpus_options(parser, "news20k")
    parser.add_argument("--per-class", type=int, default=30)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    corpus = corpus_of(options)
    articles = corpus.articles()
    classes: dict[str, list[str]] = {}
    for query in queries_for(articles, options.per_class, corpus):
        classes.setdefault(f"{query.kind}, {query.form}", []).append(query.text)
    asked = questions()[:: max(1, len(questions()) // options.per_class)][: options.per_class]
    if asked:
        classes[f"{_QUESTIONS}, {Form.ACCENTED}"] = asked
        classes[f"{_QUESTIONS}, {Form.STRIPPED}"] = [fold(question) for question in asked]
    record: Json = {"facts": run_facts(), "corpus": corpus.label, "articles": len(articles)}
    address = f"{options.cluster.rstrip('/')}/bench{uuid.uuid4().hex[:8]}"
    with (
        TemporaryDirectory() as folder,
        closing(open_engine(address)) as cluster,
        closing(open_engine(f"whoosh:{folder}")) as embedded,
    ):
        record["cluster"] = build(cluster, articles)
        record["embedded"] = build(embedded, articles)
        print(f"{corpus.label}: cluster {record['cluster']}, embedded {record['embedded']}")
        record["classes"] = {
            name: ask(cluster, embedded, queries) for name, queries in classes.items()
        }
    for name, figures in record["classes"].items():
        latency = figures["latency"]
        row = [f"{latency[key]['p50_ms']:.0f}/{latency[key]['p95_ms']:.0f}" for key in latency]
        same = [figures[key] for key in ("queries", "same_total", "same_top_hit", "same_first_ten")]
        print(f"{name:28} ms p50/p95 first, again, embedded: {row}; of, same total/top/ten: {same}")
    write_json(options.json, record)


if __name__ == "__main__":
    main()
