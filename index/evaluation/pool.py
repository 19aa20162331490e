"""Pools: the articles that judging, or a frozen archive, needs."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from ..article import Article
from ..model import MAX_RESULT_DEPTH, SearchEngine, SearchRequest
from .assertions import TotalCheck
from .evaluate import related_run
from .runs import Run, run_topics
from .suite import Suite
from .topics import Qrels, Topic
from .variants import QueryVariant

#: How many articles stand in a pool for each topic and way of typing.
POOL_DEPTH: Final = 10
#: How many hits of every topic a frozen archive has, and how many other articles for each of them.
FROZEN_DEPTH: Final = 20
DISTRACTORS: Final = 2


@dataclass(frozen=True, slots=True)
class Unjudged:
    """An article among the first of a topic that nobody has judged; `rank` is its best."""

    topic: str
    doc_id: str
    rank: int


def unjudged(
    qrels: Qrels, runs: Iterable[Run], topics: Iterable[str], depth: int = POOL_DEPTH
) -> tuple[Unjudged, ...]:
    """The articles among the first of any run that lack a judgement, by topic, the best first.

    A negative grade is no judgement.
    """
    best: dict[tuple[str, str], int] = {}
    listed = tuple(topics)
    for run in runs:
        for topic in listed:
            for rank, doc_id in enumerate(run.top(topic, depth), 1):
                grade = qrels.grade(topic, doc_id)
                if grade is None or grade < 0:
                    best[topic, doc_id] = min(rank, best.get((topic, doc_id), rank))
    place = {topic: number for number, topic in enumerate(listed)}
    ordered = sorted(best.items(), key=lambda item: (place[item[0][0]], item[1], item[0][1]))
    return tuple(Unjudged(topic, doc_id, rank) for (topic, doc_id), rank in ordered)


def topic_runs(topics: Sequence[Topic], engine: SearchEngine, depth: int) -> tuple[Run, ...]:
    """What the engine finds for the topics, judged or not, in every way of typing."""
    return tuple(
        run_topics(engine, topics, variant=variant, limit=depth) for variant in QueryVariant
    )


def frozen_ids(
    suite: Suite,
    engine: SearchEngine,
    *,
    depth: int = FROZEN_DEPTH,
    distractors: int = DISTRACTORS,
) -> tuple[str, ...]:
    """The ids of the articles that a suite needs, with others among which they have to be found.

    These are the judged ones, the first of each topic in every way of typing, related news, and
    what assertions and restorations find; then for each of them `distractors` others, those with
    the smallest hashes: nearly the same ones a year later.
    """
    needed = {*suite.qrels.articles()}
    for run in topic_runs(suite.topics, engine, depth):
        needed |= {article.doc_id for found in run.rankings.values() for article in found}
    if suite.related is not None:
        needed |= {*suite.related.topics, *suite.related.articles()}
        read = [doc_id for doc_id in suite.related.topics if engine.get(doc_id) is not None]
        needed |= {
            article.doc_id
            for found in related_run(engine, read).rankings.values()
            for article in found
        }
    needed |= set(_asserted(suite, engine, depth))
    there = [article.id for article in engine.articles()]
    others = sorted((doc_id for doc_id in there if doc_id not in needed), key=_hash)
    kept = [doc_id for doc_id in there if doc_id in needed]
    return tuple(sorted((*kept, *others[: distractors * len(kept)])))


def article_line(article: Article) -> bytes:
    """A line of JSON that `timbao index` reads as the same article, where it was read left out."""
    related = [
        {"title": _plain(item.headline), "snippet": _plain(item.snippet), "url": item.url}
        for item in article.related
    ]
    times = {
        "published": (article.published, article.published_precision),
        "updated": (article.updated, "minute"),
    }
    record: Mapping[str, object] = {
        "id": article.id,
        "headline": _plain(article.headline),
        "lead": _plain(article.lead),
        "body": [_plain(text) for text in article.body],
        "captions": [_plain(text) for text in article.captions],
        "url": article.url,
        "source": article.source,
        "authors": article.authors,
        "section": article.section,
        "tags": article.tags,
        "related": related,
        **{
            name: time.isoformat()[: {"day": 10, "month": 7, "year": 4}.get(precision)]
            for name, (time, precision) in times.items()
            if time is not None
        },
    }
    kept = {name: value for name, value in record.items() if value}
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _asserted(suite: Suite, engine: SearchEngine, depth: int) -> Iterator[str]:
    """What the queries of assertions and restorations find; totals need every hit."""
    asked: dict[str, int] = dict.fromkeys((item.query for item in suite.restorations), depth)
    for assertion in suite.assertions:
        yield from assertion.check.articles
        check = assertion.check
        wanted = check.at_least if isinstance(check, TotalCheck) else depth
        asked[assertion.query] = max(wanted, depth, asked.get(assertion.query, 0))
    for query, limit in asked.items():
        yield from (
            hit.id
            for hit in engine.search(
                SearchRequest(query=query, limit=min(limit, MAX_RESULT_DEPTH))
            ).hits
        )


def _plain(text: str) -> str:
    """The text as HTML, which is how a reader of files takes one that has markup or entities."""
    return escape(text, quote=False) if "<" in text or "&" in text else text


def _hash(doc_id: str) -> bytes:
    return hashlib.sha256(doc_id.encode()).digest()
