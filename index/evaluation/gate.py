"""The gate: an evaluation against its baseline and thresholds → verdicts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil
from typing import Final, TypeAlias

from .assertions import AssertionResult, RestorationResult
from .baseline import Baseline, judgements_digest
from .changes import GroupChange, TopicChange, comparable, group_changes, topic_changes
from .evaluate import Evaluation
from .measures import MAIN_MEASURE, MEASURES, RELATED_MEASURE
from .tolerance import CLASSES, QUERIES, RELATED, Rule
from .topics import Topic
from .variants import OTHER_VARIANTS, QueryVariant

#: How many topics are shown of those that failed a verdict.
WORST: Final = 5
#: Slack for sums of floats.
_EPSILON: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """One condition of the gate, whether it holds, and what failed it most."""

    passed: bool
    topics: tuple[TopicChange, ...] = ()
    """Those to blame where it failed, the one that lost most first."""
    groups: tuple[GroupChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanVerdict(_Verdict):
    """The mean that the rule names did not fall by more than its drop."""

    rule: Rule
    variant: QueryVariant | None
    """None for the related news of articles."""
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueriesVerdict(_Verdict):
    """Fewer topics fell by the drop of the rule, or more, than its count."""

    rule: Rule
    variant: QueryVariant
    fallen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassesVerdict(_Verdict):
    """No class of topics fell by more than the drop of the rule; `groups` are those that did."""

    rule: Rule
    variant: QueryVariant


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorVerdict(_Verdict):
    """A mean is at least `floor`, whatever the baseline says."""

    measure: str
    floor: float
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityVerdict(_Verdict):
    """A way of typing keeps the share `threshold` of the quality; a parity of None is 0 / 0."""

    variant: QueryVariant
    threshold: float
    parity: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationVerdict(_Verdict):
    """At least `wanted` queries were restored right."""

    wanted: int
    right: int
    missed: tuple[RestorationResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionVerdict(_Verdict):
    """An assertion holds."""

    result: AssertionResult


Verdict: TypeAlias = (
    MeanVerdict
    | QueriesVerdict
    | ClassesVerdict
    | FloorVerdict
    | ParityVerdict
    | RestorationVerdict
    | AssertionVerdict
)


class NoteKind(Enum):
    """What a reader of verdicts should know: something that was left out, or has changed."""

    UNJUDGED = auto()
    """Topics without judgements."""
    MISSING = auto()
    """Judged articles that the index lacks."""
    NO_BASELINE = auto()
    NEW = auto()
    """Topics that the baseline does not have with this query."""
    GONE = auto()
    """Topics of the baseline that are no more."""
    JUDGEMENTS = auto()
    """The judgements differ from those of the baseline."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note with the ids of the topics or articles that it is about."""

    kind: NoteKind
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """All verdicts, and what a reader of them should know."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[Note, ...]
    unchanged: bool
    """Whether there is a baseline and no value differs from it."""

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The verdicts that fail the gate."""
        return tuple(verdict for verdict in self.verdicts if not verdict.passed)

    @property
    def passed(self) -> bool:
        """Whether every condition holds."""
        return not self.failed


def judge(
    evaluation: Evaluation, baseline: Baseline | None, rules: Sequence[Rule] | None = None
) -> GateResult:
    """The verdicts on an evaluation.

    Args:
        rules: what counts as worse than the baseline; None: as the suite says.
    """
    rules = evaluation.suite.settings.rules if rules is None else rules
    compared = () if baseline is None else _regressions(evaluation, baseline, rules)
    verdicts = (
        *compared,
        *_floors(evaluation),
        *_parities(evaluation),
        *_restorations(evaluation),
        *(AssertionVerdict(result=item, passed=item.passed) for item in evaluation.assertions),
    )
    return GateResult(
        verdicts=verdicts,
        notes=tuple(_notes(evaluation, baseline)),
        unchanged=baseline is not None and not _moved(evaluation, baseline),
    )


def _regressions(
    evaluation: Evaluation, baseline: Baseline, rules: Sequence[Rule]
) -> Iterator[Verdict]:
    """Verdicts on what fell, over the topics that both have."""
    for rule in rules:
        if rule.target == RELATED:
            yield from _related(evaluation, baseline, rule)
            continue
        measure = MAIN_MEASURE if rule.target in (QUERIES, CLASSES) else rule.target
        for variant in QueryVariant:
            changes = topic_changes(evaluation, baseline, variant, measure)
            if changes:
                judged = {QUERIES: _queries, CLASSES: _classes}.get(rule.target, _mean)
                yield judged(rule, variant, changes)


def _mean(rule: Rule, variant: QueryVariant | None, changes: tuple[TopicChange, ...]) -> Verdict:
    before = sum(change.before for change in changes) / len(changes)
    after = sum(change.after for change in changes) / len(changes)
    passed = after - before >= -rule.drop - _EPSILON
    return MeanVerdict(
        rule=rule,
        variant=variant,
        before=before,
        after=after,
        passed=passed,
        topics=() if passed else _worst(changes),
        groups=() if passed else group_changes(changes),
    )


def _queries(rule: Rule, variant: QueryVariant, changes: tuple[TopicChange, ...]) -> Verdict:
    fallen = tuple(c for c in changes if c.difference and c.difference <= -rule.drop + _EPSILON)
    passed = len(fallen) < rule.count
    return QueriesVerdict(
        rule=rule,
        variant=variant,
        fallen=len(fallen),
        passed=passed,
        topics=() if passed else fallen,
        groups=() if passed else group_changes(changes),
    )


def _classes(rule: Rule, variant: QueryVariant, changes: tuple[TopicChange, ...]) -> Verdict:
    fallen = tuple(c for c in group_changes(changes) if c.difference < -rule.drop - _EPSILON)
    names = {group.group for group in fallen}
    return ClassesVerdict(
        rule=rule,
        variant=variant,
        passed=not fallen,
        topics=_worst(tuple(c for c in changes if c.topic.group in names)),
        groups=fallen,
    )


def _related(evaluation: Evaluation, baseline: Baseline, rule: Rule) -> Iterator[Verdict]:
    """A verdict where both have related news; the topics are the ids of the articles read."""
    scores = evaluation.related
    if scores is None:
        return
    changes = [
        TopicChange(Topic(doc_id, doc_id), before, scores.of(doc_id, RELATED_MEASURE))
        for doc_id in scores.topics
        if (before := baseline.related.get(doc_id)) is not None
    ]
    if changes:
        changes.sort(key=lambda change: (change.difference, change.topic.id))
        yield _mean(rule, None, tuple(changes))


def _moved(evaluation: Evaluation, baseline: Baseline) -> bool:
    """Whether a value of any topic differs from the baseline's."""
    return any(
        change.difference
        for variant in QueryVariant
        for measure in MEASURES
        for change in topic_changes(evaluation, baseline, variant, measure)
    )


def _floors(evaluation: Evaluation) -> Iterator[Verdict]:
    for measure, floor in evaluation.suite.settings.floors.items():
        mean = evaluation.as_written.mean(measure)
        passed = mean >= floor - _EPSILON
        changes = _against(evaluation, QueryVariant.AS_WRITTEN, measure)
        yield FloorVerdict(
            measure=measure,
            floor=floor,
            mean=mean,
            passed=passed,
            topics=() if passed else _worst(changes),
        )


def _parities(evaluation: Evaluation) -> Iterator[Verdict]:
    """How much of the quality every way of typing keeps."""
    for variant in OTHER_VARIANTS:
        threshold = evaluation.suite.settings.parity.get(variant)
        parity = evaluation.parity(variant)
        if threshold is None:
            continue
        # Without anything found as written there is nothing to be on a par with.
        passed = parity is not None and parity >= threshold - _EPSILON
        changes = _against(evaluation, variant)
        yield ParityVerdict(
            variant=variant,
            threshold=threshold,
            parity=parity,
            passed=passed,
            topics=() if passed else _worst(changes),
            groups=() if passed else group_changes(changes),
        )


def _against(
    evaluation: Evaluation, variant: QueryVariant, measure: str = MAIN_MEASURE
) -> tuple[TopicChange, ...]:
    """Each topic beside its value as written, or beside 1 for the way it was written itself."""
    changes = [
        TopicChange(
            topic,
            1.0
            if variant is QueryVariant.AS_WRITTEN
            else evaluation.as_written.of(topic.id, measure),
            evaluation.scores[variant].of(topic.id, measure),
        )
        for topic in evaluation.suite.judged_topics
    ]
    return tuple(sorted(changes, key=lambda change: (change.difference, change.topic.id)))


def _restorations(evaluation: Evaluation) -> Iterator[Verdict]:
    results = evaluation.restorations
    if not results:
        return
    missed = tuple(result for result in results if not result.finding.passed)
    right = len(results) - len(missed)
    wanted = ceil(evaluation.suite.settings.restoration * len(results) - _EPSILON)
    yield RestorationVerdict(wanted=wanted, right=right, missed=missed, passed=right >= wanted)


def _notes(evaluation: Evaluation, baseline: Baseline | None) -> Iterator[Note]:
    suite = evaluation.suite
    if suite.unjudged_topics:
        yield Note(NoteKind.UNJUDGED, suite.unjudged_topics)
    if evaluation.missing:
        yield Note(NoteKind.MISSING, evaluation.missing)
    if baseline is None:
        yield Note(NoteKind.NO_BASELINE)
        return
    same = comparable(evaluation, baseline)
    new = tuple(topic.id for topic in suite.judged_topics if topic.id not in same)
    gone = tuple(topic for topic in baseline.topics if topic not in same and topic not in new)
    if new:
        yield Note(NoteKind.NEW, new)
    if gone:
        yield Note(NoteKind.GONE, gone)
    if baseline.judgements != judgements_digest(suite.qrels):
        yield Note(NoteKind.JUDGEMENTS)


def _worst(changes: tuple[TopicChange, ...]) -> tuple[TopicChange, ...]:
    """The topics that lost most, of changes that are in that order."""
    return tuple(change for change in changes[:WORST] if change.difference < 0)
