"""The baseline of a suite: what was accepted last, and every acceptance before it.

A JSON file that belongs into version control: one line for each topic, so that a difference
shows which topics moved.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from .archive_state import ArchiveState
from .evaluate import Evaluation
from .input_files import EvaluationInputError, read_text
from .measures import MAIN_MEASURE, MEASURES, RELATED_MEASURE
from .topics import Qrels
from .variants import QueryVariant

#: How much of every ranking is shown beside a later one …
RANKING_DEPTH: Final = 10
#: … and kept: ten are left where ten articles are gone since.
_KEPT_DEPTH: Final = 20
_FORMAT: Final = 2
_OLD_FORMAT: Final = 1
_DIGITS: Final = 6
#: Listed articles a line.
_ROW: Final = 12


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
class Measured:
    """What one topic gave in one way of typing."""

    values: Mapping[str, float]
    """By measure."""
    ranking: tuple[str, ...]
    """The first articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRecord:
    """What one topic gave when the baseline was accepted."""

    query: str
    judged: int | None
    """How many articles were judged for it; None in baselines of format 1."""
    variants: Mapping[QueryVariant, Measured]

    def values(self, variant: QueryVariant) -> Mapping[str, float]:
        """The values of a way of typing, none where it was not measured."""
        return self.variants[variant].values if variant in self.variants else {}

    def ranking(self, variant: QueryVariant) -> tuple[str, ...]:
        """The first articles of a way of typing."""
        return self.variants[variant].ranking if variant in self.variants else ()


@dataclass(frozen=True, slots=True)
class RelatedRecord:
    """nDCG@5 of an article's related news, how many of them were judged, and the first ones."""

    value: float
    judged: int | None = None
    ranking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a later evaluation is compared with; `history` is in order, the last one holds."""

    history: tuple[Acceptance, ...]
    topics: Mapping[str, TopicRecord]
    judgements: str
    """A digest of the judgements that the values rest on."""
    related: Mapping[str, RelatedRecord] = field(default_factory=dict)
    assertions: int = 0
    """How many were judged."""
    restorations: int = 0
    archive: ArchiveState | None = None
    """The articles that were searched; None for runs, and in baselines of format 1."""

    @property
    def accepted(self) -> Acceptance:
        """The acceptance that holds."""
        return self.history[-1]

    @property
    def rankings_kept(self) -> bool:
        """Whether every way of typing has its rankings: not in format 1."""
        return all(record.judged is not None for record in self.topics.values())

    @property
    def variants(self) -> tuple[QueryVariant, ...]:
        """The ways of typing that were measured."""
        found = {variant for record in self.topics.values() for variant in record.variants}
        return tuple(variant for variant in QueryVariant if variant in found)


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
    parities = {str(variant): evaluation.parity(variant) for variant in evaluation.other_variants}
    acceptance = Acceptance(
        day=day,
        reason=reason,
        author=author,
        commit=commit,
        topics=len(written.topics),
        means=_rounded({measure: written.mean(measure) for measure in MEASURES}),
        parity=_rounded({name: value for name, value in parities.items() if value is not None}),
    )
    qrels = evaluation.suite.qrels
    topics = {
        topic.id: TopicRecord(
            query=topic.query,
            judged=qrels.judged(topic.id),
            variants={
                variant: Measured(
                    values=_rounded(scores.values[topic.id]),
                    ranking=evaluation.runs[variant].top(topic.id, _KEPT_DEPTH),
                )
                for variant, scores in evaluation.scores.items()
            },
        )
        for topic in evaluation.suite.judged_topics
    }
    related, judged, run = evaluation.related, evaluation.suite.related, evaluation.related_run
    judged_related = evaluation.full.related
    return Baseline(
        history=(*(previous.history if previous is not None else ()), acceptance),
        topics=topics,
        judgements=judgements_digest(evaluation.full.qrels, judged_related),
        related={}
        if related is None or judged is None or run is None
        else {
            doc_id: RelatedRecord(
                round(related.of(doc_id, RELATED_MEASURE), _DIGITS),
                judged.judged(doc_id),
                run.top(doc_id, _KEPT_DEPTH),
            )
            for doc_id in related.topics
        },
        assertions=len(evaluation.assertions),
        restorations=len(evaluation.restorations),
        archive=evaluation.archive,
    )


def judgements_digest(qrels: Qrels, related: Qrels | None) -> str:
    """Sixteen hex digits that change when a judgement does."""
    lines = sorted(
        f"{mark}{topic} {doc_id} {grade}"
        for mark, judgements in (("", qrels), ("related ", related))
        if judgements is not None
        for topic, judged in judgements.grades.items()
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
    related = {
        doc_id: {"value": item.value, "judged": item.judged, "ranking": item.ranking}
        for doc_id, item in baseline.related.items()
    }
    topics = {topic: _topic_json(record) for topic, record in baseline.topics.items()}
    parts = [
        f'"format": {_FORMAT}',
        f'"judgements": {_json(baseline.judgements)}',
        f'"assertions": {baseline.assertions}',
        f'"restorations": {baseline.restorations}',
        '"history": [\n' + ",\n".join(f" {_json(item)}" for item in history) + "\n]",
        '"topics": ' + _json_by_line(topics),
        '"related": ' + _json_by_line(related),
        *_archive_parts(baseline.archive),
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _topic_json(record: TopicRecord) -> dict[str, object]:
    """Ways of typing hold only what differs from the topic as written."""
    written = record.variants[QueryVariant.AS_WRITTEN]
    others = {}
    for variant, item in record.variants.items():
        if variant is not QueryVariant.AS_WRITTEN:
            own = {"values": item.values, "ranking": item.ranking}
            same = {"values": written.values, "ranking": written.ranking}
            others[str(variant)] = {name: own[name] for name in own if own[name] != same[name]}
    return {
        "query": record.query,
        "judged": record.judged,
        "values": written.values,
        "ranking": written.ranking,
        "variants": others,
    }


def _archive_parts(archive: ArchiveState | None) -> list[str]:
    if archive is None:
        return []
    facts = {
        "articles": archive.articles,
        "digest": archive.digest,
        "generation": archive.generation,
        "version": archive.version,
        "analysis": archive.analysis,
        "constants": archive.constants,
    }
    parts = [f'"archive": {_json(facts)}']
    if archive.listed is not None:
        pairs = [f"{key}:{content}" for key, content in archive.listed.items()]
        rows = [" ".join(pairs[start : start + _ROW]) for start in range(0, len(pairs), _ROW)]
        parts.append('"listed": [\n' + ",\n".join(f" {_json(row)}" for row in rows) + "\n]")
    return parts


def read_baseline(path: Path) -> Baseline:
    """The baseline of a file, also one that an earlier version of this program wrote.

    Raises:
        EvaluationInputError: it is not a baseline, or one without topics.
    """
    try:
        record = json.loads(read_text(path), parse_constant=_no_constant)
        if record["format"] not in (_FORMAT, _OLD_FORMAT):
            raise ValueError(f"format {record['format']!r}, this program reads {_FORMAT}")
        old = record["format"] == _OLD_FORMAT
        baseline = Baseline(
            history=tuple(_acceptance(item) for item in record["history"]),
            topics={
                topic: (_old_topic if old else _topic)(item)
                for topic, item in record["topics"].items()
            },
            judgements=str(record["judgements"]),
            related={
                doc_id: RelatedRecord(_share(item))
                if old
                else RelatedRecord(_share(item["value"]), int(item["judged"]), _ids(item))
                for doc_id, item in record["related"].items()
            },
            assertions=0 if old else int(record["assertions"]),
            restorations=0 if old else int(record["restorations"]),
            archive=_archive(record),
        )
        if not baseline.history:
            raise ValueError("its history is empty")
        if not baseline.topics:
            raise ValueError("it has no topics")
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
        means=_shares(record["means"]),
        parity={str(name): _number(value) for name, value in record["parity"].items()},
    )


def _topic(record: Mapping[str, Any]) -> TopicRecord:
    variants = {
        QueryVariant(name): Measured(
            values=_shares(item.get("values", record["values"])),
            ranking=_ids({"ranking": item.get("ranking", record["ranking"])}),
        )
        for name, item in ({"accented": {}} | record["variants"]).items()
    }
    return TopicRecord(query=record["query"], judged=int(record["judged"]), variants=variants)


def _old_topic(record: Mapping[str, Any]) -> TopicRecord:
    written = Measured(values=_shares(record["values"]), ranking=_ids(record))
    others = {
        QueryVariant(name): Measured(values={MAIN_MEASURE: _share(value)}, ranking=())
        for name, value in record["variants"].items()
    }
    variants = {QueryVariant.AS_WRITTEN: written, **others}
    return TopicRecord(query=record["query"], judged=None, variants=variants)


def _archive(record: Mapping[str, Any]) -> ArchiveState | None:
    if "archive" not in record:
        return None
    facts = record["archive"]
    listed = None
    if "listed" in record:
        pairs = [pair.split(":") for row in record["listed"] for pair in row.split()]
        listed = dict(pairs)
    return ArchiveState(
        articles=int(facts["articles"]),
        digest=str(facts["digest"]),
        generation=int(facts["generation"]),
        version=str(facts["version"]),
        analysis=str(facts["analysis"]),
        constants=dict(facts["constants"]),
        listed=listed,
    )


def _ids(record: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(map(str, record["ranking"]))


def _shares(record: Mapping[str, Any]) -> dict[str, float]:
    return {str(name): _share(value) for name, value in record.items()}


def _share(value: object) -> float:
    number = _number(value)
    if number > 1:
        raise ValueError(f"{value!r} is not a number from 0 to 1")
    return number


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{value!r} is not a number")
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"{value!r} is not a number from 0 on")
    return float(value)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, _DIGITS) for name, value in values.items()}


def _json_by_line(values: Mapping[str, object]) -> str:
    if not values:
        return "{}"
    lines = (f" {_json(name)}: {_json(value)}" for name, value in values.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
