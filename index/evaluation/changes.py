"""What moved between a baseline and an evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass

from .archive_state import ArchiveChange, archive_change
from .baseline import Baseline, TopicRecord, judgements_digest
from .evaluate import Evaluation
from .measures import MAIN_MEASURE, MEASURES, RELATED_MEASURE, TOP_MEASURES, Scores, score_run
from .runs import Run, ranking
from .significance import SAME, Comparison, compare
from .topics import Topic
from .variants import QueryVariant


def _difference(before: float, after: float) -> float:
    difference = after - before
    return difference if abs(difference) >= SAME else 0.0


@dataclass(frozen=True, slots=True)
class TopicChange:
    """A topic with its value before and now."""

    topic: Topic
    before: float
    after: float

    @property
    def difference(self) -> float:
        """Negative where it got worse; 0 for what is only rounding."""
        return _difference(self.before, self.after)


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A class of topics with its mean before and now."""

    group: str
    topics: int
    before: float
    after: float

    @property
    def difference(self) -> float:
        """Negative where it got worse; 0 for what is only rounding."""
        return _difference(self.before, self.after)


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """The mean of a measure before and now, over the topics that both have."""

    before: float
    after: float
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAfter:
    """The values of a baseline and those of now, of the topics that both have.

    Where the archive or the judgements have changed, the rankings of both are measured anew: by the
    judgements of now, without the articles that only one of the archives has. Measures that look
    further down than the rankings which a baseline keeps are missing then.
    """

    topics: tuple[Topic, ...]
    before: Mapping[QueryVariant, Mapping[str, Mapping[str, float]]]
    after: Mapping[QueryVariant, Mapping[str, Mapping[str, float]]]
    related_before: Mapping[str, float]
    related_after: Mapping[str, float]
    change: ArchiveChange | None = None
    remeasured: bool = False
    """Whether the values of the baseline are not those that it holds."""

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that can be compared."""
        return TOP_MEASURES if self.remeasured else MEASURES

    def topic_changes(
        self, variant: QueryVariant = QueryVariant.AS_WRITTEN, measure: str = MAIN_MEASURE
    ) -> tuple[TopicChange, ...]:
        """Every topic with its value in both, the one that lost most first."""
        before, after = self.before.get(variant, {}), self.after.get(variant, {})
        changes = [
            TopicChange(topic, before[topic.id][measure], after[topic.id][measure])
            for topic in self.topics
            if measure in before.get(topic.id, {}) and measure in after.get(topic.id, {})
        ]
        return _worst_first(changes)

    def related_changes(self) -> tuple[TopicChange, ...]:
        """The related news that both have; the topics are the ids of the articles read."""
        return _worst_first(
            [
                TopicChange(Topic(doc_id, doc_id), before, self.related_after[doc_id])
                for doc_id, before in self.related_before.items()
                if doc_id in self.related_after
            ]
        )

    @property
    def moved(self) -> bool:
        """Whether any value differs."""
        return any(
            change.difference
            for changes in (
                *(self.topic_changes(v, measure) for v in QueryVariant for measure in MEASURES),
                self.related_changes(),
            )
            for change in changes
        )


def before_after(evaluation: Evaluation, baseline: Baseline) -> BeforeAfter:
    """What is compared: the values as they are, or measured anew from the rankings."""
    records = comparable(evaluation, baseline)
    topics = tuple(topic for topic in evaluation.suite.judged_topics if topic.id in records)
    was, now = baseline.archive, evaluation.archive
    change = None if was is None or now is None else archive_change(was, now)
    listed = was is not None and now is not None and change is not None and change.comparable
    lost = set(evaluation.missing) if evaluation.lost_ignored else set()
    suite = evaluation.full
    judged_anew = baseline.judgements != judgements_digest(suite.qrels, suite.related)
    if not listed and not lost and not (judged_anew and baseline.rankings_kept):
        return BeforeAfter(
            topics=topics,
            before={
                variant: {topic: record.values(variant) for topic, record in records.items()}
                for variant in QueryVariant
            },
            after={variant: scores.values for variant, scores in evaluation.scores.items()},
            related_before={doc_id: item.value for doc_id, item in baseline.related.items()},
            related_after=_related_values(evaluation.related),
            change=change,
        )

    def both(doc_id: str) -> bool:
        if was is None or now is None or not listed:
            return doc_id not in lost
        return was.holds(doc_id) and now.holds(doc_id)

    qrels = evaluation.suite.qrels.only(both)
    before, after = {}, {}
    for variant, run in evaluation.runs.items():
        then = _run_of({topic: record.ranking(variant) for topic, record in records.items()})
        before[variant] = score_run(qrels, then.only(both), TOP_MEASURES).values
        after[variant] = score_run(qrels, run.only(both), TOP_MEASURES).values
    related_before: Mapping[str, float] = {}
    related_after: Mapping[str, float] = {}
    if evaluation.suite.related is not None and evaluation.related_run is not None:
        judged = evaluation.suite.related.only(both)
        then = _run_of({doc_id: item.ranking for doc_id, item in baseline.related.items()})
        if judged.topics:
            scored = score_run(judged, then.only(both), [RELATED_MEASURE])
            related_before = {
                doc_id: value
                for doc_id, value in _related_values(scored).items()
                if doc_id in baseline.related
            }
            now_run = evaluation.related_run.only(both)
            related_after = _related_values(score_run(judged, now_run, [RELATED_MEASURE]))
    return BeforeAfter(
        topics=topics,
        before=before,
        after=after,
        related_before=related_before,
        related_after=related_after,
        change=change,
        remeasured=True,
    )


def comparable(evaluation: Evaluation, baseline: Baseline) -> dict[str, TopicRecord]:
    """The records of the topics that are judged now and had the same query then."""
    return {
        topic.id: record
        for topic in evaluation.suite.judged_topics
        if (record := baseline.topics.get(topic.id)) is not None and record.query == topic.query
    }


def group_changes(changes: tuple[TopicChange, ...]) -> tuple[GroupChange, ...]:
    """The classes of these topics, the one that lost most first."""
    groups: dict[str, list[TopicChange]] = {}
    for change in changes:
        if change.topic.group:
            groups.setdefault(change.topic.group, []).append(change)
    found = [
        GroupChange(
            group,
            len(members),
            sum(member.before for member in members) / len(members),
            sum(member.after for member in members) / len(members),
        )
        for group, members in groups.items()
    ]
    return tuple(sorted(found, key=lambda change: (change.difference, change.group)))


def measure_change(changes: tuple[TopicChange, ...]) -> MeasureChange | None:
    """The means of these topics and the test of their difference; None without topics."""
    if not changes:
        return None
    before = [change.before for change in changes]
    after = [change.after for change in changes]
    count = len(changes)
    return MeasureChange(sum(before) / count, sum(after) / count, compare(before, after))


def _worst_first(changes: list[TopicChange]) -> tuple[TopicChange, ...]:
    return tuple(sorted(changes, key=lambda change: (change.difference, change.topic.id)))


def _related_values(scores: Scores | None) -> dict[str, float]:
    if scores is None:
        return {}
    return {doc_id: scores.of(doc_id, RELATED_MEASURE) for doc_id in scores.topics}


def _run_of(rankings: Mapping[str, tuple[str, ...]]) -> Run:
    return Run(
        "baseline", {topic: ranking(ids, [0.0] * len(ids)) for topic, ids in rankings.items()}
    )
