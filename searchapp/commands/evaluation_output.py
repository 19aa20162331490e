"""Evaluations as text for a terminal or the log of a build."""

from collections.abc import Iterator, Sequence

import click

from index.evaluation import (
    MAIN_MEASURE,
    MEASURES,
    RELATED_MEASURE,
    WORST,
    AssertionVerdict,
    Baseline,
    BeforeAfter,
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
)

from ..text.formatting import date_text, terminal_text
from ..text.messages import Gettext
from .evaluation_texts import (
    archive_text,
    note_text,
    related_title,
    sentence,
    signed,
    variant_name,
    verdict_text,
)

__all__ = ["print_check", "print_history", "print_scores"]

_WIDTH = 9
_INDENT = " " * 8


def print_scores(
    runs: Sequence[tuple[str, Scores]], topics: Sequence[Topic], _: Gettext, *, per_topic: bool
) -> None:
    """Print the means of runs, of their classes and perhaps of every topic."""
    title = _("tệp")
    width = max(map(len, (title, *(name for name, _scores in runs))))
    click.echo(f"{title:<{width}}  {_header()}")
    for name, scores in runs:
        click.echo(f"{name:<{width}}  {_means(scores)}")
    for name, scores in runs:
        for group in group_means(scores, topics):
            text = _(
                "lớp %(group)s: %(mean)s %(measure)s, %(count)s chủ đề",
                group=group.group,
                mean=f"{group.mean:.4f}",
                measure=MAIN_MEASURE,
                count=group.topics,
            )
            click.echo(terminal_text(f"{name}  {text}"))
    first_name, first = runs[0]
    for name, scores in runs[1:]:
        test = compare(_values(first), _values(scores))
        text = _(
            "%(name)s so với %(first)s: thắng %(wins)s, thua %(losses)s, hòa %(ties)s, chênh lệch "
            "%(difference)s, p = %(p)s",
            name=name,
            first=first_name,
            wins=test.wins,
            losses=test.losses,
            ties=test.ties,
            difference=signed(test.difference),
            p=f"{test.p_value:.4f}",
        )
        click.echo(terminal_text(text))
    if per_topic:
        for name, scores in runs:
            for topic in scores.topics:
                values = (f"{scores.of(topic, measure):.4f}" for measure in MEASURES)
                click.echo("\t".join((name, topic, *values)))


def print_check(
    evaluation: Evaluation, baseline: Baseline | None, gate: GateResult, _: Gettext
) -> None:
    """Print measures, parity and the verdicts; what failed comes with its worst topics."""
    facts = _("%(count)s chủ đề", count=len(evaluation.as_written.topics))
    if evaluation.archive is not None:
        facts += ", " + _("%(count)s bài", count=evaluation.archive.articles)
    if baseline is not None:
        accepted = baseline.accepted
        facts += f"; baseline {date_text(accepted.day)}: {terminal_text(accepted.reason)}"
    click.echo(f"{terminal_text(evaluation.suite.settings.name)}: {facts}\n")
    for line in _table(evaluation, _):
        click.echo(line)
    if gate.compared is not None:
        for line in _comparison(gate.compared, _):
            click.echo(line)
    click.echo()
    for note in gate.notes:
        click.echo(terminal_text(_("Lưu ý: %(text)s", text=note_text(note, _))))
    asserted = [verdict for verdict in gate.verdicts if isinstance(verdict, AssertionVerdict)]
    blamed: set[tuple[TopicChange, ...]] = set()
    for verdict in gate.verdicts:
        if not verdict.passed or not isinstance(verdict, AssertionVerdict):
            _print_verdict(verdict, _)
            if verdict.topics and verdict.topics[:WORST] in blamed:
                click.echo(_INDENT + _("các chủ đề như trên"))
            else:
                _print_blame(verdict, _)
            blamed.add(verdict.topics[:WORST])
    if asserted:
        held = sum(verdict.passed for verdict in asserted)
        click.echo(_("Khẳng định: %(held)s/%(all)s", held=held, all=len(asserted)))
    click.echo(_conclusion(gate, _))


def print_history(baseline: Baseline, _: Gettext) -> None:
    """Print every acceptance, the oldest first."""
    for item in baseline.history:
        mean = item.means.get(MAIN_MEASURE)
        facts = (
            date_text(item.day),
            "" if mean is None else f"{MAIN_MEASURE} {mean:.4f}",
            _("%(count)s chủ đề", count=item.topics),
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


def _table(evaluation: Evaluation, _: Gettext) -> Iterator[str]:
    title = _("cách gõ")
    names = {variant: variant_name(variant, _) for variant in evaluation.scores}
    width = max(map(len, (title, *names.values())))
    parity_title = _("so với có dấu")
    yield f"{title:<{width}}  {_header()}  {parity_title}"
    for variant, scores in evaluation.scores.items():
        line = f"{names[variant]:<{width}}  {_means(scores)}"
        parity = evaluation.parity(variant)
        if variant is not QueryVariant.AS_WRITTEN and parity is not None:
            threshold = evaluation.suite.settings.parity.get(variant)
            line += f"  {parity:.3f}"
            if threshold is not None:
                line += " " + _("(ngưỡng %(value)s)", value=f"{threshold:g}")
        yield line
    if (related := evaluation.related) is not None:
        mean = f"{related.mean(RELATED_MEASURE):.4f}"
        count = _("%(count)s bài", count=len(related.topics))
        yield f"{related_title(_)}: {mean} ({count})"


def _comparison(compared: BeforeAfter, _: Gettext) -> Iterator[str]:
    """How the archive has changed, then the difference of every measure."""
    if compared.change is not None:
        yield archive_text(compared.change, _)
    if compared.remeasured:
        yield _("Tính lại cả hai theo điểm chấm hiện nay, chỉ với những bài có ở cả hai kho:")
    changes = [(measure, compared.topic_changes(measure=measure)) for measure in compared.measures]
    for name, found in (*changes, (related_title(_), compared.related_changes())):
        if (change := measure_change(found)) is not None:
            test = change.comparison
            yield _(
                "%(name)s so với baseline: %(difference)s; thắng/thua/hòa %(wins)s/%(losses)s/"
                "%(ties)s, p = %(p)s",
                name=name,
                difference=signed(change.after - change.before),
                wins=test.wins,
                losses=test.losses,
                ties=test.ties,
                p=f"{test.p_value:.4f}",
            )


def _print_verdict(verdict: Verdict, _: Gettext) -> None:
    passed, failed = _("đạt"), _("TRƯỢT")
    width = max(len(passed), len(failed))
    state = click.style(
        f"{passed if verdict.passed else failed:<{width}}", fg="green" if verdict.passed else "red"
    )
    text = verdict_text(verdict, _)
    click.echo(f"{state} {terminal_text(sentence(text, _))}")
    for detail in text.details:
        click.echo(_INDENT + terminal_text(detail))


def _print_blame(verdict: Verdict, _: Gettext) -> None:
    """The classes and topics that lost most."""
    fallen = [group for group in verdict.groups if group.difference < 0]
    for group in fallen[:WORST]:
        text = _(
            "lớp %(group)s: %(before)s → %(after)s (%(count)s chủ đề)",
            group=group.group,
            before=f"{group.before:.3f}",
            after=f"{group.after:.3f}",
            count=group.topics,
        )
        click.echo(_INDENT + terminal_text(text))
    for topic in verdict.topics[:WORST]:
        name = terminal_text(f"{topic.topic.id} “{topic.topic.query}”")
        click.echo(f"{_INDENT}{name}: {topic.before:.3f} → {topic.after:.3f}")


def _conclusion(gate: GateResult, _: Gettext) -> str:
    if not gate.passed:
        failed = _(
            "Trượt %(failed)s/%(all)s điều kiện.", failed=len(gate.failed), all=len(gate.verdicts)
        )
        if not gate.data_differ:
            return failed
        return f"{failed} " + _("Kho bài khác với baseline: chưa chắc do mã nguồn.")
    passed = _("Đạt %(count)s điều kiện.", count=len(gate.verdicts))
    unchanged = _("Không đổi so với baseline.")
    return f"{passed} {unchanged}" if gate.unchanged else passed
