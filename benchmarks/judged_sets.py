"""The development sets: judged queries, and the articles that they are asked of.

*questions*: vinewsqa, its 1,512 articles among the first 20,000 of news60k. *headlines*: the
headline of an article, with the signs and capitals of the paper, finds it among the first 20,000 of
news60k, of which leads and bodies are indexed.
*event labels*: 102 names of events, several right articles each, 628 articles among the same
20,000. *ALQAC*, *ViRHE4QA*: questions of the ViRE benchmark (Findings of EACL 2026) in its own
protocol: of all contexts, each once, the one that a question was written for is right.

They are for tuning, and lie in the folder that TIMBAO_SHARED names.
"""

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Final

from corpora import NEWS, SHARED

from index import Article, BadRecord, read_path
from index.evaluation import Qrels, Topic, read_qrels, read_topics

__all__ = ["JUDGED_SETS", "VIRE", "JudgedSet", "judged_set"]

DISTRACTORS: Final = 20_000
_JUDGED: Final = SHARED / "data" / "eval"
_VIRE: Final = SHARED / "data" / "vire"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSet:
    """Judged queries, and the articles that they are asked of."""

    name: str
    topics: tuple[Topic, ...]
    qrels: Qrels
    articles: Callable[[], Iterator[Article]]
    archive: str
    """Names the articles: sets with the same ones share an index."""


def judged_set(name: str, every: int = 1, first: int = 0) -> JudgedSet:
    """A development set, every n-th query of it from the first one on."""
    found = JUDGED_SETS[name]()
    return replace(found, topics=found.topics[first::every])


def _news(
    name: str, folder: str, archive: str, articles: Callable[[], Iterator[Article]]
) -> JudgedSet:
    return JudgedSet(
        name=name,
        topics=read_topics(_JUDGED / folder / "topics.tsv"),
        qrels=read_qrels(_JUDGED / folder / "qrels.txt"),
        articles=articles,
        archive=archive,
    )


def _headlines() -> JudgedSet:
    return _news("headlines", "headline-known-item", "headlines", _without_headlines)


def _mixed(folder: str) -> Iterator[Article]:
    """The articles of a set, then those that are there to be told from them."""
    judged = _read(_JUDGED / folder / "docs.jsonl.gz")
    return chain(judged, islice(_read(NEWS), DISTRACTORS))


def _without_headlines() -> Iterator[Article]:
    for article in islice(_read(NEWS), DISTRACTORS):
        if article.body:
            yield replace(article, headline="")


def _vire(name: str) -> JudgedSet:
    text = gzip.decompress((_VIRE / f"{name}.csv.gz").read_bytes()).decode("utf-8-sig")
    rows = [(row["question"], row["context"]) for row in csv.DictReader(io.StringIO(text))]
    ids = {
        context: f"c{number}" for number, context in enumerate(dict.fromkeys(c for _, c in rows))
    }
    topics = tuple(Topic(f"q{number}", question) for number, (question, _) in enumerate(rows))
    return JudgedSet(
        name=name,
        topics=topics,
        qrels=Qrels({f"q{n}": {ids[context]: 1} for n, (_, context) in enumerate(rows)}),
        articles=lambda: (
            Article(id=doc_id, headline="", body=tuple(filter(None, context.split("\n"))))
            for context, doc_id in ids.items()
        ),
        archive=name,
    )


def _read(path: Path) -> Iterator[Article]:
    return read_path(path, on_bad=_refuse)


def _refuse(bad: BadRecord) -> None:
    raise SystemExit(f"{bad.path}, line {bad.line}: {bad.reason}")


VIRE: Final = ("ALQAC", "ViRHE4QA")
JUDGED_SETS: Final[dict[str, Callable[[], JudgedSet]]] = {
    "questions": lambda: _news("questions", "vinewsqa", "questions", partial(_mixed, "vinewsqa")),
    "headlines": _headlines,
    "event labels": lambda: _news(
        "event labels", "event-labels", "event-labels", partial(_mixed, "event-labels")
    ),
    "ALQAC": partial(_vire, "ALQAC"),
    "ViRHE4QA": partial(_vire, "ViRHE4QA_v2"),
}
