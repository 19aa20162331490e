"""nDCG@10 on the development sets, as written and in other ways of typing.

    python benchmarks/bench_relevance.py [--every 1] [--json FILE]

*questions*: vinewsqa, its 1,512 articles among the first 20,000 of news60k. *headlines*: the
headline of an article finds it among the first 20,000 of news60k, of which leads and bodies are
indexed. The sets are for tuning; they lie in the folder that TIMBAO_SHARED names.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from corpora import NEWS, SHARED
from measure import Json, run_facts, write_json

from index import Article, BadRecord, open_engine, read_path
from index.evaluation import Variant, read_qrels, read_topics, run_topics, score_run

DISTRACTORS: Final = 20_000
MEASURE: Final = "nDCG@10"
JUDGED: Final = SHARED / "data" / "eval"
VARIANTS: Final = (Variant.AS_WRITTEN, Variant.NO_ACCENTS, Variant.HALF, Variant.OTHER_TONE)


def main() -> None:
    """Index both sets and score every way of typing."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="Ask every n-th query only.")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result: Json = {"benchmark": "relevance", "run": run_facts(), "every": options.every}
    sets = {
        "questions": (JUDGED / "vinewsqa", _questions()),
        "headlines": (JUDGED / "headline-known-item", _without_headlines()),
    }
    for name, (folder, articles) in sets.items():
        result[name] = scores(folder, articles, options.every)
        print(name, *(f"{way} {value:.4f}" for way, value in result[name].items()))
    write_json(options.json, result)


def scores(folder: Path, articles: Iterator[Article], every: int) -> dict[str, float]:
    """nDCG@10 of each way of typing."""
    topics = read_topics(folder / "topics.tsv")[::every]
    qrels = read_qrels(folder / "qrels.txt")
    with TemporaryDirectory() as index:
        engine = open_engine(f"whoosh:{index}")
        with engine.writer() as writer:
            count = sum(writer.put_all(articles))
        assert count == engine.count()
        values = {}
        for variant in VARIANTS:
            run = run_topics(engine, topics, limit=10, variant=variant)
            scored = score_run(qrels, run, (MEASURE,))
            values[str(variant)] = scored.mean(MEASURE, [topic.id for topic in topics])
        return values


def _questions() -> Iterator[Article]:
    judged = read_path(JUDGED / "vinewsqa" / "docs.jsonl.gz", on_bad=_refuse)
    return chain(judged, islice(read_path(NEWS, on_bad=_refuse), DISTRACTORS))


def _without_headlines() -> Iterator[Article]:
    for article in islice(read_path(NEWS, on_bad=_refuse), DISTRACTORS):
        if article.body:
            yield replace(article, headline="")


def _refuse(bad: BadRecord) -> None:
    raise SystemExit(f"{bad.path}, line {bad.line}: {bad.reason}")


if __name__ == "__main__":
    main()
