"""Runs in TREC's format: what an engine found for every topic, in order."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ..model import SearchEngine, SearchRequest, TierScope
from .input_files import EvaluationInputError, numbered_lines
from .topics import Topic
from .variants import QueryVariant, typed

DEFAULT_RUN_NAME: Final = "timbao"
_COLUMNS: Final = 6
_LARGEST: Final = float(np.finfo(np.float32).max)
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class RankedArticle:
    """An article of a ranking; scores compare within one topic only."""

    doc_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Run:
    """Rankings by topic, the best article first; a topic without hits has an empty one."""

    name: str
    rankings: Mapping[str, tuple[RankedArticle, ...]]

    def top(self, topic: str, count: int) -> tuple[str, ...]:
        """The ids of the first articles of a topic."""
        return tuple(article.doc_id for article in self.rankings.get(topic, ())[:count])

    def only(self, keep: Callable[[str], bool]) -> "Run":
        """The same rankings without the articles that are not to be kept."""
        return Run(
            self.name,
            {
                topic: tuple(article for article in articles if keep(article.doc_id))
                for topic, articles in self.rankings.items()
            },
        )

    @property
    def hits(self) -> int:
        """The articles of all rankings together."""
        return sum(map(len, self.rankings.values()))


def run_topics(
    engine: SearchEngine,
    topics: Iterable[Topic],
    *,
    variant: QueryVariant = QueryVariant.AS_WRITTEN,
    limit: int = 1000,
    name: str = DEFAULT_RUN_NAME,
) -> Run:
    """What the engine finds for every topic, typed in one of the ways.

    Args:
        limit: the most articles of a topic.
    """
    rankings = {}
    for topic in topics:
        text = typed(topic.query, variant)
        request = SearchRequest(query=text, limit=limit, tiers=TierScope.MIXED)
        hits = engine.search(request).hits
        rankings[topic.id] = ranking([hit.id for hit in hits], [hit.score for hit in hits])
    return Run(name, rankings)


def ranking(doc_ids: Sequence[str], scores: Sequence[float]) -> tuple[RankedArticle, ...]:
    """The articles in their order, with scores that put them in that order again.

    trec_eval ranks by score alone, read as a 32-bit float, and breaks ties by article id. So a
    score that does not fall below the one before it is lowered by the least that shows.
    """
    articles = []
    last = math.inf
    for doc_id, score in zip(doc_ids, scores, strict=True):
        value = round(score, _DIGITS)
        if np.float32(value) >= np.float32(last):
            value = round(last - max(10.0**-_DIGITS, 2 * _gap(last)), _DIGITS)
        articles.append(RankedArticle(doc_id, value))
        last = value
    return tuple(articles)


def run_text(run: Run) -> str:
    """The run as lines `topic Q0 article rank score name`, ranks from 1."""
    return "".join(
        f"{topic} Q0 {article.doc_id} {rank} {article.score:.{_DIGITS}f} {run.name}\n"
        for topic, articles in run.rankings.items()
        for rank, article in enumerate(articles, 1)
    )


def read_run(path: Path) -> Run:
    """The rankings of a run file in trec_eval's order, whatever the ranks in the file are.

    That is by falling score, read as a 32-bit float, then by falling id.

    Raises:
        EvaluationInputError: a line is something else, or names an article twice.
    """
    found: dict[str, dict[str, float]] = {}
    name = ""
    for number, line in numbered_lines(path):
        try:
            topic, doc_id, score, name = _run_line(line)
            if doc_id in found.get(topic, {}):
                raise ValueError(f"article {doc_id} is there twice for topic {topic}")
        except ValueError as error:
            raise EvaluationInputError(path, number, str(error)) from error
        found.setdefault(topic, {})[doc_id] = score
    if not found:
        raise EvaluationInputError(path, None, "it has no rankings")
    return Run(name, {topic: tuple(_ordered(scores)) for topic, scores in found.items()})


def _ordered(scores: Mapping[str, float]) -> Iterator[RankedArticle]:
    def key(doc_id: str) -> tuple[float, str]:
        return float(np.float32(scores[doc_id])), doc_id

    for doc_id in sorted(scores, key=key, reverse=True):
        yield RankedArticle(doc_id, scores[doc_id])


def _run_line(line: str) -> tuple[str, str, float, str]:
    cells = line.split()
    if len(cells) != _COLUMNS:
        raise ValueError(f"expected `topic Q0 article rank score name`, got {len(cells)} columns")
    topic, _, doc_id, _, score, name = cells
    try:
        value = float(score)
    except ValueError as error:
        raise ValueError(f"the score {score!r} is not a number") from error
    if not math.isfinite(value) or abs(value) > _LARGEST:
        raise ValueError(f"the score {score!r} is not a finite 32-bit number")
    return topic, doc_id, value, name


def _gap(value: float) -> float:
    """The distance of a number to the next 32-bit float."""
    return abs(float(np.spacing(np.float32(value))))
