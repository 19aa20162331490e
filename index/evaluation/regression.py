"""An evaluation against its baseline: one verdict for each rule and way of typing."""

from collections.abc import Iterator, Sequence

from .baseline import Baseline
from .changes import TopicChange, group_changes, topic_changes
from .evaluate import Evaluation
from .measures import MAIN_MEASURE, RELATED_MEASURE
from .tolerance import CLASSES, QUERIES, RELATED, Rule
from .topics import Topic
from .variants import Variant
from .verdicts import EPSILON, Verdict, VerdictKind, signed, worst


def regressions(
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
