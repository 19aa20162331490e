"""Evaluations as text for a terminal or the log of a build."""

from collections.abc import Iterator, Sequence

import click

from index.evaluation import (
    MAIN_MEASURE,
    MEASURES,
    WORST,
    Baseline,
    Evaluation,
    GateResult,
    Scores,
    Topic,
    TopicChange,
    Variant,
    Verdict,
    VerdictKind,
    compare,
    group_means,
    measure_change,
    signed,
    topic_changes,
)

from ..text.formatting import date_text, terminal_text

__all__ = ["print_check", "print_history", "print_scores"]

_WIDTH = 9
_INDENT = " " * 8


def print_scores(
    runs: Sequence[tuple[str, Scores]], topics: Sequence[Topic], *, per_topic: bool
) -> None:
    """Print the means of runs, of their classes and perhaps of every topic."""
    names = [name for name, _ in runs]
    width = max(map(len, names))
    click.echo(f"{'run':<{width}}  {_header()}")
    for name, scores in runs:
        click.echo(f"{name:<{width}}  {_means(scores)}")
    for name, scores in runs:
        for group in group_means(scores, topics):
            click.echo(
                f"{name}  class {group.group}  {group.mean:.4f} {MAIN_MEASURE}, "
                f"{group.topics} topics"
            )
    first_name, first = runs[0]
    for name, scores in runs[1:]:
        test = compare(_values(first), _values(scores))
        click.echo(
            f"{name} against {first_name}: won {test.wins}, lost {test.losses}, equal {test.ties}, "
            f"difference {signed(test.difference)}, p = {test.p_value:.4f}"
        )
    if per_topic:
        for name, scores in runs:
            for topic in scores.topics:
                values = (f"{scores.of(topic, measure):.4f}" for measure in MEASURES)
                click.echo("\t".join((name, topic, *values)))


def print_check(evaluation: Evaluation, baseline: Baseline | None, gate: GateResult) -> None:
    """Print measures, parity and the verdicts; what failed comes with its worst topics."""
    written = evaluation.as_written
    facts = f"{len(written.topics)} chủ đề, {evaluation.articles} bài"
    if baseline is not None:
        accepted = baseline.accepted
        facts += f"; baseline {date_text(accepted.day)}: {terminal_text(accepted.reason)}"
    click.echo(f"{terminal_text(evaluation.suite.settings.name)}: {facts}\n")
    for line in (*_table(evaluation), *_comparison(evaluation, baseline)):
        click.echo(line)
    click.echo()
    for note in gate.notes:
        click.echo(f"Lưu ý: {terminal_text(note)}")
    asserted = [verdict for verdict in gate.verdicts if verdict.kind is VerdictKind.ASSERTION]
    blamed: set[tuple[TopicChange, ...]] = set()
    for verdict in gate.verdicts:
        if not verdict.passed or verdict.kind is not VerdictKind.ASSERTION:
            _print_verdict(verdict)
            if verdict.topics and verdict.topics[:WORST] in blamed:
                click.echo(f"{_INDENT}các chủ đề như trên")
            else:
                _print_blame(verdict)
            blamed.add(verdict.topics[:WORST])
    if asserted:
        held = sum(verdict.passed for verdict in asserted)
        click.echo(f"Khẳng định: {held}/{len(asserted)}")
    click.echo(_conclusion(gate))


def print_history(baseline: Baseline) -> None:
    """Print every acceptance, the oldest first."""
    for item in baseline.history:
        mean = item.means.get(MAIN_MEASURE)
        facts = (
            date_text(item.day),
            "" if mean is None else f"{MAIN_MEASURE} {mean:.4f}",
            f"{item.topics} topics",
            item.author,
            item.commit,
            item.reason,
        )
        click.echo("  ".join(terminal_text(fact) for fact in facts if fact))


def _header() -> str:
    return " ".join(f"{measure:>{_WIDTH}}" for measure in MEASURES)


def _means(scores: Scores) -> str:
    return " ".join(f"{scores.mean(measure):>{_WIDTH}.4f}" for measure in MEASURES)


def _values(scores: Scores) -> list[float]:
    return [scores.of(topic) for topic in scores.topics]


def _table(evaluation: Evaluation) -> Iterator[str]:
    width = max(len(variant.label) for variant in Variant)
    yield f"{'cách gõ':<{width}}  {_header()}  so với có dấu"
    for variant in Variant:
        line = f"{variant.label:<{width}}  {_means(evaluation.scores[variant])}"
        parity = evaluation.parity(variant)
        if variant is not Variant.AS_WRITTEN and parity is not None:
            threshold = evaluation.suite.settings.parity.get(variant)
            line += f"  {parity:.3f}"
            line += "" if threshold is None else f" (ngưỡng {threshold:g})"
        yield line


def _comparison(evaluation: Evaluation, baseline: Baseline | None) -> Iterator[str]:
    if baseline is None:
        return
    change = measure_change(topic_changes(evaluation, baseline))
    if change is not None:
        test = change.comparison
        yield (
            f"{MAIN_MEASURE} so với baseline: {signed(change.after - change.before)}; "
            f"thắng/thua/hòa {test.wins}/{test.losses}/{test.ties}, p = {test.p_value:.4f}"
        )


def _print_verdict(verdict: Verdict) -> None:
    state = click.style("đạt  ", fg="green") if verdict.passed else click.style("TRƯỢT", fg="red")
    text = f"{verdict.name}: cần {verdict.expected}, được {verdict.got}"
    click.echo(f"{state} {terminal_text(text)}")
    for detail in verdict.details:
        click.echo(_INDENT + terminal_text(detail))


def _print_blame(verdict: Verdict) -> None:
    """The classes and topics that lost most."""
    fallen = [group for group in verdict.groups if group.difference < 0]
    for group in fallen[:WORST]:
        change = f"{group.before:.3f} → {group.after:.3f} ({group.topics} chủ đề)"
        click.echo(f"{_INDENT}lớp {terminal_text(group.group)}: {change}")
    for topic in verdict.topics[:WORST]:
        name = terminal_text(f"{topic.topic.id} “{topic.topic.query}”")
        click.echo(f"{_INDENT}{name}: {topic.before:.3f} → {topic.after:.3f}")


def _conclusion(gate: GateResult) -> str:
    if not gate.passed:
        return f"Trượt {len(gate.failed)}/{len(gate.verdicts)} điều kiện."
    changed = " Không đổi so với baseline." if gate.unchanged else ""
    return f"Đạt {len(gate.verdicts)} điều kiện.{changed}"
