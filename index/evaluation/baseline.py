"""The baseline of a suite: what was accepted last, and every acceptance before it.

A JSON file that belongs into version control: one line for each topic, so that a difference
shows which topics moved.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from .evaluate import Evaluation
from .input_files import EvaluationInputError, read_text
from .measures import MAIN_MEASURE, MEASURES, RELATED_MEASURE
from .topics import Qrels
from .variants import OTHER_VARIANTS, QueryVariant

#: How much of every ranking is kept, to show beside a later one.
RANKING_DEPTH: Final = 10
_FORMAT: Final = 1
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Who accepted which results, when and why; `commit` is what was checked out then."""

    day: date
    reason: str
    author: str = ""
    commit: str = ""
    topics: int
    means: Mapping[str, float]
    """By measure, of the topics as written."""
    parity: Mapping[str, float]
    """By way of typing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRecord:
    """What one topic gave when the baseline was accepted."""

    query: str
    values: Mapping[str, float]
    """By measure, as written."""
    variants: Mapping[str, float]
    """nDCG@10 by other ways of typing."""
    ranking: tuple[str, ...]
    """The first articles, as written."""

    def value(self, measure: str, variant: QueryVariant) -> float | None:
        """The value of a measure for a way of typing, None where it was not kept."""
        if variant is QueryVariant.AS_WRITTEN:
            return self.values.get(measure)
        return self.variants.get(str(variant)) if measure == MAIN_MEASURE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a later evaluation is compared with; `history` is in order, the last one holds."""

    history: tuple[Acceptance, ...]
    topics: Mapping[str, TopicRecord]
    judgements: str
    """A digest of the judgements that the values rest on."""
    related: Mapping[str, float] = field(default_factory=dict)
    """nDCG@5 of the related news of each article."""

    @property
    def accepted(self) -> Acceptance:
        """The acceptance that holds."""
        return self.history[-1]


def accept(
    evaluation: Evaluation,
    previous: Baseline | None,
    *,
    day: date,
    reason: str,
    author: str = "",
    commit: str = "",
) -> Baseline:
    """The baseline that makes these results the ones to keep up with."""
    written = evaluation.as_written
    parities = {str(variant): evaluation.parity(variant) for variant in OTHER_VARIANTS}
    acceptance = Acceptance(
        day=day,
        reason=reason,
        author=author,
        commit=commit,
        topics=len(written.topics),
        means=_rounded({measure: written.mean(measure) for measure in MEASURES}),
        parity=_rounded({name: value for name, value in parities.items() if value is not None}),
    )
    topics = {
        topic.id: TopicRecord(
            query=topic.query,
            values=_rounded(written.values[topic.id]),
            variants=_rounded(
                {str(name): evaluation.scores[name].of(topic.id) for name in OTHER_VARIANTS}
            ),
            ranking=evaluation.runs[QueryVariant.AS_WRITTEN].top(topic.id, RANKING_DEPTH),
        )
        for topic in evaluation.suite.judged_topics
    }
    related = evaluation.related
    return Baseline(
        history=(*(previous.history if previous is not None else ()), acceptance),
        topics=topics,
        judgements=judgements_digest(evaluation.suite.qrels),
        related={}
        if related is None
        else _rounded({doc_id: related.of(doc_id, RELATED_MEASURE) for doc_id in related.topics}),
    )


def judgements_digest(qrels: Qrels) -> str:
    """Sixteen hex digits that change when a judgement does."""
    lines = sorted(
        f"{topic} {doc_id} {grade}"
        for topic, judged in qrels.grades.items()
        for doc_id, grade in judged.items()
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def baseline_text(baseline: Baseline) -> str:
    """The baseline as JSON that `read_baseline` turns back, one line for each topic."""
    history = [
        {
            "date": item.day.isoformat(),
            "reason": item.reason,
            "author": item.author,
            "commit": item.commit,
            "topics": item.topics,
            "means": item.means,
            "parity": item.parity,
        }
        for item in baseline.history
    ]
    topics = {
        topic: {
            "query": record.query,
            "values": record.values,
            "variants": record.variants,
            "ranking": record.ranking,
        }
        for topic, record in baseline.topics.items()
    }
    parts = [
        f'"format": {_FORMAT}',
        f'"judgements": {_json(baseline.judgements)}',
        '"history": [\n' + ",\n".join(f" {_json(item)}" for item in history) + "\n]",
        '"topics": ' + _json_by_line(topics),
        '"related": ' + _json_by_line(baseline.related),
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def read_baseline(path: Path) -> Baseline:
    """The baseline of a file.

    Raises:
        EvaluationInputError: it is not a baseline of this format.
    """
    try:
        record = json.loads(read_text(path))
        if record["format"] != _FORMAT:
            raise ValueError(f"format {record['format']!r}, this program reads {_FORMAT}")
        baseline = Baseline(
            history=tuple(_acceptance(item) for item in record["history"]),
            topics={topic: _topic_record(item) for topic, item in record["topics"].items()},
            judgements=record["judgements"],
            related=_numbers(record["related"]),
        )
        if not baseline.history:
            raise ValueError("its history is empty")
    except json.JSONDecodeError as error:
        raise EvaluationInputError(path, error.lineno, f"not JSON ({error.msg})") from error
    except KeyError as error:
        raise EvaluationInputError(path, None, f"not a baseline: no {error}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise EvaluationInputError(path, None, f"not a baseline: {error}") from error
    return baseline


def _acceptance(record: Mapping[str, Any]) -> Acceptance:
    return Acceptance(
        day=date.fromisoformat(record["date"]),
        reason=record["reason"],
        author=record["author"],
        commit=record["commit"],
        topics=int(record["topics"]),
        means=_numbers(record["means"]),
        parity=_numbers(record["parity"]),
    )


def _topic_record(record: Mapping[str, Any]) -> TopicRecord:
    return TopicRecord(
        query=record["query"],
        values=_numbers(record["values"]),
        variants=_numbers(record["variants"]),
        ranking=tuple(map(str, record["ranking"])),
    )


def _numbers(record: Mapping[str, Any]) -> dict[str, float]:
    return {str(name): float(value) for name, value in record.items()}


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, _DIGITS) for name, value in values.items()}


def _json_by_line(values: Mapping[str, object]) -> str:
    if not values:
        return "{}"
    lines = (f" {_json(name)}: {_json(value)}" for name, value in values.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
