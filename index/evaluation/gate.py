"""The gate: an evaluation against its baseline and thresholds → verdicts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Final

from .baseline import Baseline, judgements_digest
from .changes import GroupChange, TopicChange, comparable, group_changes, topic_changes
from .evaluate import Evaluation
from .measures import MAIN_MEASURE, MEASURES, RELATED_MEASURE
from .tolerance import CLASSES, QUERIES, RELATED, Rule
from .topics import Topic
from .variants import OTHER_VARIANTS, Variant

#: How many topics are shown of those that failed a verdict.
WORST: Final = 5
#: Slack for sums of floats.
EPSILON: Final = 1e-6


class VerdictKind(StrEnum):
    """What a verdict is about."""

    MEASURE = "measure"
    QUERIES = "queries"
    CLASSES = "classes"
    FLOOR = "floor"
    PARITY = "parity"
    RESTORATION = "restoration"
    RELATED = "related"
    ASSERTION = "assertion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One condition of the gate, whether it holds, and what failed it most."""

    kind: VerdictKind
    name: str
    passed: bool
    expected: str
    got: str
    topics: tuple[TopicChange, ...] = ()
    """Those to blame where it failed, the one that lost most first."""
    groups: tuple[GroupChange, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """All verdicts, and what a reader of them should know."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]
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
        *_assertions(evaluation),
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
        for variant in Variant:
            changes = topic_changes(evaluation, baseline, variant, measure)
            if changes:
                judged = {QUERIES: _queries, CLASSES: _classes}.get(rule.target, _mean)
                yield judged(rule, variant, changes)


def _mean(rule: Rule, variant: Variant, changes: tuple[TopicChange, ...]) -> Verdict:
    return _mean_verdict(VerdictKind.MEASURE, f"{rule.target}, {variant.label}", rule, changes)


def _mean_verdict(
    kind: VerdictKind, name: str, rule: Rule, changes: tuple[TopicChange, ...]
) -> Verdict:
    before = sum(change.before for change in changes) / len(changes)
    after = sum(change.after for change in changes) / len(changes)
    passed = after - before >= -rule.drop - EPSILON
    return Verdict(
        kind=kind,
        name=name,
        passed=passed,
        expected=f"≥ {before - rule.drop:.4f} (baseline {before:.4f}, cho phép −{rule.drop:g})",
        got=f"{after:.4f} ({signed(after - before)})",
        topics=() if passed else worst(changes),
        groups=() if passed else group_changes(changes),
    )


def _queries(rule: Rule, variant: Variant, changes: tuple[TopicChange, ...]) -> Verdict:
    fallen = tuple(c for c in changes if c.difference and c.difference <= -rule.drop + EPSILON)
    passed = len(fallen) < rule.count
    return Verdict(
        kind=VerdictKind.QUERIES,
        name=f"chủ đề giảm từ {rule.drop:g} {MAIN_MEASURE}, {variant.label}",
        passed=passed,
        expected=f"< {rule.count}",
        got=str(len(fallen)),
        topics=() if passed else fallen,
        groups=() if passed else group_changes(changes),
    )


def _classes(rule: Rule, variant: Variant, changes: tuple[TopicChange, ...]) -> Verdict:
    fallen = tuple(c for c in group_changes(changes) if c.difference < -rule.drop - EPSILON)
    names = {group.group for group in fallen}
    return Verdict(
        kind=VerdictKind.CLASSES,
        name=f"lớp chủ đề, {variant.label}",
        passed=not fallen,
        expected=f"không lớp nào giảm quá {rule.drop:g} {MAIN_MEASURE}",
        got=", ".join(f"{c.group} {signed(c.difference)}" for c in fallen) or "không có",
        topics=worst(tuple(c for c in changes if c.topic.group in names)),
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
        name = f"tin liên quan, {RELATED_MEASURE}"
        yield _mean_verdict(VerdictKind.RELATED, name, rule, tuple(changes))


def _moved(evaluation: Evaluation, baseline: Baseline) -> bool:
    """Whether a value of any topic differs from the baseline's."""
    return any(
        change.difference
        for variant in Variant
        for measure in MEASURES
        for change in topic_changes(evaluation, baseline, variant, measure)
    )


def _floors(evaluation: Evaluation) -> Iterator[Verdict]:
    for measure, floor in evaluation.suite.settings.floors.items():
        mean = evaluation.as_written.mean(measure)
        passed = mean >= floor - EPSILON
        changes = _against(evaluation, Variant.AS_WRITTEN, measure)
        yield Verdict(
            kind=VerdictKind.FLOOR,
            name=f"{measure} tối thiểu",
            passed=passed,
            expected=f"≥ {floor:g}",
            got=f"{mean:.4f}",
            topics=() if passed else worst(changes),
        )


def _parities(evaluation: Evaluation) -> Iterator[Verdict]:
    """How much of the quality every way of typing keeps."""
    for variant in OTHER_VARIANTS:
        threshold = evaluation.suite.settings.parity.get(variant)
        parity = evaluation.parity(variant)
        if threshold is None:
            continue
        # Without anything found as written there is nothing to be on a par with.
        passed = parity is not None and parity >= threshold - EPSILON
        changes = _against(evaluation, variant)
        yield Verdict(
            kind=VerdictKind.PARITY,
            name=f"ngang bằng khi gõ {variant.label}",
            passed=passed,
            expected=f"≥ {threshold:g}",
            got="không tìm được gì" if parity is None else f"{parity:.3f}",
            topics=() if passed else worst(changes),
            groups=() if passed else group_changes(changes),
        )


def _against(
    evaluation: Evaluation, variant: Variant, measure: str = MAIN_MEASURE
) -> tuple[TopicChange, ...]:
    """Each topic beside its value as written, or beside 1 for the way it was written itself."""
    changes = [
        TopicChange(
            topic,
            1.0 if variant is Variant.AS_WRITTEN else evaluation.as_written.of(topic.id, measure),
            evaluation.scores[variant].of(topic.id, measure),
        )
        for topic in evaluation.suite.judged_topics
    ]
    return tuple(sorted(changes, key=lambda change: (change.difference, change.topic.id)))


def _restorations(evaluation: Evaluation) -> Iterator[Verdict]:
    results = evaluation.restorations
    if not results:
        return
    right = sum(result.finding.passed for result in results)
    wanted = ceil(evaluation.suite.settings.restoration * len(results) - EPSILON)
    yield Verdict(
        kind=VerdictKind.RESTORATION,
        name="khôi phục dấu",
        passed=right >= wanted,
        expected=f"≥ {wanted}/{len(results)}",
        got=f"{right}/{len(results)}",
        details=tuple(
            f"{result.restoration.query} → {result.restoration.reading}: {result.finding.got}"
            for result in results
            if not result.finding.passed
        ),
    )


def _assertions(evaluation: Evaluation) -> Iterator[Verdict]:
    for result in evaluation.assertions:
        assertion = result.assertion
        yield Verdict(
            kind=VerdictKind.ASSERTION,
            name=f"{assertion.path.name}:{assertion.line}: {assertion.query}",
            passed=result.passed,
            expected=assertion.check.expected,
            got=result.finding.got,
        )


def _notes(evaluation: Evaluation, baseline: Baseline | None) -> Iterator[str]:
    suite = evaluation.suite
    if suite.unjudged_topics:
        yield f"Chủ đề chưa chấm, không tính: {listed(suite.unjudged_topics)}"
    if evaluation.missing:
        yield f"Bài đã chấm nhưng chỉ mục không có: {listed(evaluation.missing)}"
    if baseline is None:
        yield "Chưa có baseline: chấp nhận bằng `timbao eval baseline --accept --reason …`"
        return
    same = comparable(evaluation, baseline)
    new = [topic.id for topic in suite.judged_topics if topic.id not in same]
    gone = [topic for topic in baseline.topics if topic not in same and topic not in new]
    if new:
        yield f"Chủ đề mới hoặc đã sửa, chưa so: {listed(new)}"
    if gone:
        yield f"Chủ đề có trong baseline, nay không có: {listed(gone)}"
    if baseline.judgements != judgements_digest(suite.qrels):
        yield "Điểm chấm (qrels) đã thay đổi từ lúc lập baseline"


def worst(changes: tuple[TopicChange, ...]) -> tuple[TopicChange, ...]:
    """The topics that lost most, of changes that are in that order."""
    return tuple(change for change in changes[:WORST] if change.difference < 0)


def signed(difference: float) -> str:
    """A difference with its sign and four decimals; no sign for what rounds to zero.

    >>> signed(-0.25), signed(0.00001)
    ('−0.2500', '0.0000')
    """
    text = f"{abs(difference):.4f}"
    if float(text) == 0:
        return text
    return f"{'−' if difference < 0 else '+'}{text}"


def listed(items: Sequence[str]) -> str:
    """The first few of the items, and how many more there are."""
    shown = ", ".join(items[:WORST])
    return shown if len(items) <= WORST else f"{shown} và {len(items) - WORST} nữa"
