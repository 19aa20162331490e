"""The gate: an evaluation against its baseline and thresholds → verdicts."""

from collections.abc import Iterator, Sequence
from math import ceil

from .baseline import Baseline, judgements_digest
from .changes import TopicChange, comparable, group_changes, topic_changes
from .evaluate import Evaluation
from .measures import MAIN_MEASURE, MEASURES
from .regression import regressions
from .tolerance import Rule
from .variants import OTHER_VARIANTS, Variant
from .verdicts import EPSILON, GateResult, Verdict, VerdictKind, listed, worst


def judge(
    evaluation: Evaluation, baseline: Baseline | None, rules: Sequence[Rule] | None = None
) -> GateResult:
    """The verdicts on an evaluation.

    Args:
        rules: what counts as worse than the baseline; None: as the suite says.
    """
    rules = evaluation.suite.settings.rules if rules is None else rules
    compared = () if baseline is None else regressions(evaluation, baseline, rules)
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
