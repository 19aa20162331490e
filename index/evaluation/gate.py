"""The gate: an evaluation against its baseline and thresholds → verdicts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from .archive_state import program_change
from .baseline import Baseline, judgements_digest
from .changes import (
    BeforeAfter,
    TopicChange,
    before_after,
    comparable,
    group_changes,
    measure_change,
)
from .evaluate import Evaluation
from .measures import MAIN_MEASURE, MEASURES
from .suite import ASSERTIONS_FILE, RELATED_FILE, RESTORATIONS_FILE, Suite
from .tolerance import CLASSES, QUERIES, RELATED, Rule, with_related
from .variants import OTHER_VARIANTS, QueryVariant
from .verdicts import (
    AssertionVerdict,
    ClassesVerdict,
    FloorVerdict,
    FoundVerdict,
    GateResult,
    LostVerdict,
    MeanVerdict,
    Note,
    NoteKind,
    ParityVerdict,
    Part,
    QueriesVerdict,
    Removal,
    RemovedVerdict,
    RestorationVerdict,
    Verdict,
)

#: How many topics are shown of those that failed a verdict.
WORST: Final = 5
#: Slack for sums of floats.
_EPSILON: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the caller of the gate decides beside the suite."""

    rules: tuple[Rule, ...] | None = None
    """What counts as worse than the baseline; None: as the suite says."""
    ignore_removed: bool = False
    """Whether the suite may judge less than when the baseline was accepted."""


def judge(
    evaluation: Evaluation, baseline: Baseline | None, conditions: Conditions | None = None
) -> GateResult:
    """The verdicts on an evaluation."""
    asked = conditions or Conditions()
    rules = with_related(evaluation.suite.settings.rules if asked.rules is None else asked.rules)
    compared = None if baseline is None else before_after(evaluation, baseline)
    removals = () if baseline is None else tuple(_removals(evaluation, baseline))
    verdicts: list[Verdict] = [_found(evaluation)]
    if evaluation.archive is not None and not evaluation.lost_ignored:
        missing = evaluation.missing
        verdicts.append(LostVerdict(articles=missing, passed=not missing))
    if baseline is not None and not asked.ignore_removed:
        verdicts.append(RemovedVerdict(removals=removals, passed=not removals))
    if compared is not None:
        verdicts += _regressions(compared, rules)
    verdicts += _floors(evaluation)
    verdicts += _parities(evaluation)
    verdicts += _restorations(evaluation)
    verdicts += (AssertionVerdict(result=one, passed=one.passed) for one in evaluation.assertions)
    return GateResult(
        verdicts=tuple(verdicts),
        notes=tuple(_notes(evaluation, baseline, removals if asked.ignore_removed else ())),
        compared=compared,
        unchanged=compared is not None and compared.change is None and not compared.moved,
    )


def _found(evaluation: Evaluation) -> FoundVerdict:
    values = evaluation.as_written.values.values()
    found = sum(any(topic[measure] for measure in MEASURES if measure != "Judged@10")
                for topic in values)  # fmt: skip
    return FoundVerdict(found=found, judged=len(values), passed=found > 0)


def _removals(evaluation: Evaluation, baseline: Baseline) -> Iterator[Removal]:
    """What the baseline's suite judged and this one does not, articles that were lost apart."""
    suite = evaluation.full
    judged = {topic.id: topic for topic in suite.judged_topics}
    gone = tuple(
        topic
        for topic, record in baseline.topics.items()
        if topic not in judged or judged[topic].query != record.query
    )
    if gone:
        yield Removal(Part.TOPICS, gone)
    fewer = tuple(
        topic
        for topic, record in baseline.topics.items()
        if topic not in gone and suite.qrels.judged(topic) < (record.judged or 0)
    )
    if fewer:
        yield Removal(Part.JUDGEMENTS, fewer)
    related = suite.related
    if evaluation.archive is None and evaluation.related is None:
        related = None
    unrelated = tuple(
        doc_id
        for doc_id, item in baseline.related.items()
        if related is None or related.judged(doc_id) < (item.judged or 1)
    )
    if unrelated:
        yield Removal(Part.RELATED, unrelated)
    unmeasured = tuple(str(name) for name in baseline.variants if name not in evaluation.scores)
    if unmeasured:
        yield Removal(Part.VARIANTS, unmeasured)
    asked = evaluation.archive is not None
    for part, before, now in (
        (Part.ASSERTIONS, baseline.assertions, len(suite.assertions) if asked else 0),
        (Part.RESTORATIONS, baseline.restorations, len(suite.restorations) if asked else 0),
    ):
        if now < before:
            yield Removal(part, before=before, after=now)


def _regressions(compared: BeforeAfter, rules: Sequence[Rule]) -> Iterator[Verdict]:
    """Verdicts on what fell, over the topics that both have."""
    for rule in rules:
        if rule.target == RELATED:
            if changes := compared.related_changes():
                yield _mean(rule, None, changes)
            continue
        measure = MAIN_MEASURE if rule.target in (QUERIES, CLASSES) else rule.target
        if measure not in compared.measures:
            continue
        for variant in QueryVariant:
            if changes := compared.topic_changes(variant, measure):
                judged = {QUERIES: _queries, CLASSES: _classes}.get(rule.target, _mean)
                yield judged(rule, variant, changes)


def _mean(rule: Rule, variant: QueryVariant | None, changes: tuple[TopicChange, ...]) -> Verdict:
    before = sum(change.before for change in changes) / len(changes)
    after = sum(change.after for change in changes) / len(changes)
    passed = after - before >= -rule.drop - _EPSILON
    p_value = None
    if rule.p_value is not None and (whole := measure_change(changes)) is not None:
        p_value = whole.comparison.p_value
        passed = passed or p_value >= rule.p_value
    return MeanVerdict(
        rule=rule,
        variant=variant,
        before=before,
        after=after,
        p_value=p_value,
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
        if threshold is None or variant not in evaluation.scores:
            continue
        parity = evaluation.parity(variant)
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


def _notes(
    evaluation: Evaluation, baseline: Baseline | None, removals: Sequence[Removal]
) -> Iterator[Note]:
    suite = evaluation.full
    if suite.unjudged_topics:
        yield Note(NoteKind.UNJUDGED, suite.unjudged_topics)
    if evaluation.missing and evaluation.lost_ignored:
        yield Note(NoteKind.LOST, evaluation.missing)
    if unjudged := _engine_files(suite, evaluation):
        yield Note(NoteKind.ENGINE_ONLY, unjudged)
    if baseline is None:
        yield Note(NoteKind.NO_BASELINE)
        return
    same = comparable(evaluation, baseline)
    if new := tuple(topic.id for topic in evaluation.suite.judged_topics if topic.id not in same):
        yield Note(NoteKind.NEW, new)
    for removal in removals:
        yield Note(NoteKind.REMOVED, removal.ids or (removal.part.name.lower(),))
    if baseline.judgements != judgements_digest(suite.qrels, suite.related):
        yield Note(NoteKind.JUDGEMENTS)
    if evaluation.archive is None:
        return
    if baseline.archive is None:
        yield Note(NoteKind.ARCHIVE_UNKNOWN)
        return
    if baseline.archive.digest != evaluation.archive.digest:
        yield Note(NoteKind.ARCHIVE)
    if program := program_change(baseline.archive, evaluation.archive):
        yield Note(NoteKind.PROGRAM, program)


def _engine_files(suite: Suite, evaluation: Evaluation) -> tuple[str, ...]:
    """The files that need an engine, where there are only runs."""
    if evaluation.archive is not None:
        return ()
    files = (
        (ASSERTIONS_FILE, bool(suite.assertions)),
        (RESTORATIONS_FILE, bool(suite.restorations)),
        (RELATED_FILE, suite.related is not None and evaluation.related is None),
    )
    return tuple(name for name, there in files if there)


def _worst(changes: tuple[TopicChange, ...]) -> tuple[TopicChange, ...]:
    """The topics that lost most, of changes that are in that order."""
    return tuple(change for change in changes[:WORST] if change.difference < 0)
