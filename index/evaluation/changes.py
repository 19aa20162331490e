"""What moved between a baseline and an evaluation."""

from dataclasses import dataclass

from .baseline import Baseline, TopicRecord
from .evaluate import Evaluation
from .measures import MAIN_MEASURE
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


def comparable(evaluation: Evaluation, baseline: Baseline) -> dict[str, TopicRecord]:
    """The records of the topics that are judged now and had the same query then."""
    return {
        topic.id: record
        for topic in evaluation.suite.judged_topics
        if (record := baseline.topics.get(topic.id)) is not None and record.query == topic.query
    }


def topic_changes(
    evaluation: Evaluation,
    baseline: Baseline,
    variant: QueryVariant = QueryVariant.AS_WRITTEN,
    measure: str = MAIN_MEASURE,
) -> tuple[TopicChange, ...]:
    """Every comparable topic, the one that lost most first."""
    scores = evaluation.scores[variant]
    records = comparable(evaluation, baseline)
    changes = [
        TopicChange(topic, before, scores.of(topic.id, measure))
        for topic in evaluation.suite.judged_topics
        if topic.id in records and (before := records[topic.id].value(measure, variant)) is not None
    ]
    return tuple(sorted(changes, key=lambda change: (change.difference, change.topic.id)))


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
