"""Evaluations as text for a terminal or the log of a build, and as JUnit XML for its tests."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

import click

from index.evaluation import (
    MAIN_MEASURE,
    MEASURES,
    WORST,
    AssertionVerdict,
    Baseline,
    Evaluation,
    GateResult,
    QueryVariant,
    Scores,
    Topic,
    TopicChange,
    Verdict,
    compare,
    group_means,
    measure_change,
    topic_changes,
)

from ..text.formatting import date_text, terminal_text
from .evaluation_texts import VARIANT_NAMES, note_text, printable, signed, verdict_text

__all__ = ["junit_xml", "print_check", "print_history", "print_scores"]

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
        click.echo(f"Lưu ý: {terminal_text(note_text(note))}")
    asserted = [verdict for verdict in gate.verdicts if isinstance(verdict, AssertionVerdict)]
    blamed: set[tuple[TopicChange, ...]] = set()
    for verdict in gate.verdicts:
        if not verdict.passed or not isinstance(verdict, AssertionVerdict):
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


def junit_xml(evaluation: Evaluation, gate: GateResult) -> str:
    """A test case for every condition and one for every topic, as JUnit XML.

    A topic fails where a condition that failed names it, so a passing gate has no failures.
    """
    name = evaluation.suite.settings.name
    root = _element(None, "testsuites", name=name)
    conditions = _element(root, "testsuite", name=f"{name}: conditions")
    reasons: dict[str, list[str]] = {}
    for verdict in gate.verdicts:
        text = verdict_text(verdict)
        case = _element(conditions, "testcase", classname=text.kind, name=text.name)
        if verdict.passed:
            continue
        message = f"cần {text.expected}, được {text.got}"
        named = (f"{change.topic.id} {change.topic.query!r}" for change in verdict.topics)
        _element(case, "failure", "\n".join((message, *named, *text.details)), message=message)
        for change in verdict.topics:
            reason = f"{text.name}: {change.before:.4f} → {change.after:.4f}"
            reasons.setdefault(change.topic.id, []).append(reason)
    topics = _element(root, "testsuite", name=f"{name}: topics")
    for topic in evaluation.suite.judged_topics:
        classname, title = f"topic.{topic.group or 'all'}", f"{topic.id} {topic.query}"
        case = _element(topics, "testcase", classname=classname, name=title)
        if found := reasons.get(topic.id):
            _element(case, "failure", "\n".join(found), message=found[0])
        scores = evaluation.as_written
        values = (f"{measure} {scores.of(topic.id, measure):.4f}" for measure in MEASURES)
        _element(case, "system-out", "\n".join(values))
    for suite in root:
        failures = len(suite.findall("testcase/failure"))
        suite.attrib |= {"tests": str(len(suite)), "failures": str(failures), "errors": "0"}
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return declaration + tostring(root, encoding="unicode") + "\n"


def _header() -> str:
    return " ".join(f"{measure:>{_WIDTH}}" for measure in MEASURES)


def _means(scores: Scores) -> str:
    return " ".join(f"{scores.mean(measure):>{_WIDTH}.4f}" for measure in MEASURES)


def _values(scores: Scores) -> list[float]:
    return [scores.of(topic) for topic in scores.topics]


def _table(evaluation: Evaluation) -> Iterator[str]:
    width = max(map(len, VARIANT_NAMES.values()))
    yield f"{'cách gõ':<{width}}  {_header()}  so với có dấu"
    for variant in QueryVariant:
        line = f"{VARIANT_NAMES[variant]:<{width}}  {_means(evaluation.scores[variant])}"
        parity = evaluation.parity(variant)
        if variant is not QueryVariant.AS_WRITTEN and parity is not None:
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
    text = verdict_text(verdict)
    click.echo(f"{state} {terminal_text(str(text))}")
    for detail in text.details:
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


def _element(parent: Element | None, tag: str, text: str = "", **attributes: str) -> Element:
    cleaned = {name: printable(value) for name, value in attributes.items()}
    made = Element(tag, cleaned) if parent is None else SubElement(parent, tag, cleaned)
    made.text = printable(text) or None
    return made
