"""The report: one HTML file that needs nothing else, neither scripts nor a network."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Final

from .baseline import Baseline
from .evaluate import Evaluation
from .gate import WORST, GateResult, Verdict
from .markup import Element, element, html_text, table
from .measures import MAIN_MEASURE
from .report_rankings import ranking_details
from .report_sections import (
    groups_section,
    history_section,
    measures_section,
    topics_section,
    variants_section,
)

_STYLE: Final = "report.css"
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def report_html(
    evaluation: Evaluation,
    baseline: Baseline | None,
    gate: GateResult,
    *,
    command: str,
    headlines: Mapping[str, str],
) -> str:
    """The report as one HTML document, the same for the same input.

    Args:
        command: what to type to get the same numbers.
        headlines: by article id; `shown_articles` lists the ids that are needed.
    """
    suite = evaluation.suite
    title = f"Độ liên quan: {suite.settings.name}"
    style = files(__package__).joinpath(_STYLE).read_text(encoding="utf-8")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", style),
    )
    main = element(
        "main",
        element("h1", title),
        *_summary(evaluation, baseline, gate, command),
        *_verdicts(gate),
        *measures_section(evaluation, baseline),
        *groups_section(evaluation, baseline),
        *variants_section(evaluation, baseline),
        *_rankings(evaluation, baseline, headlines),
        *topics_section(evaluation, baseline),
        *history_section(baseline),
    )
    return html_text(element("html", head, element("body", main), lang="vi"))


def _summary(
    evaluation: Evaluation, baseline: Baseline | None, gate: GateResult, command: str
) -> Iterable[Element]:
    passed = "Đạt" if gate.passed else f"Trượt: {len(gate.failed)} điều kiện"
    state = f"{passed}. Không đổi so với baseline." if gate.unchanged else f"{passed}."
    yield element("p", state, class_="state passed" if gate.passed else "state failed")
    facts = f"{len(evaluation.as_written.topics)} chủ đề, {evaluation.articles} bài trong chỉ mục"
    if baseline is not None:
        accepted = baseline.accepted
        facts += f"; baseline ngày {accepted.day:%d/%m/%Y}: {accepted.reason}"
    yield element("p", facts + ".")
    mean = evaluation.as_written.mean()
    yield element(
        "p",
        "Làm lại: ",
        element("code", command),
        f" phải cho {MAIN_MEASURE} = ",
        element("b", f"{mean:.4f}"),
        ".",
    )
    if gate.notes:
        yield element("ul", *(element("li", note) for note in gate.notes))


def _verdicts(gate: GateResult) -> Iterable[Element]:
    yield element("h2", "Điều kiện")
    if gate.failed:
        failed = (element("li", *_failed(verdict)) for verdict in gate.failed)
        yield element("ul", *failed, class_="verdicts")
    passed = [verdict for verdict in gate.verdicts if verdict.passed]
    if passed:
        caption = f"{len(passed)} điều kiện đạt"
        rows: list[list[Element | str]] = [
            [verdict.name, verdict.expected, element("span", verdict.got, *_blame(verdict))]
            for verdict in passed
        ]
        summary = element("summary", element("b", caption, class_="passed"))
        content = table(["Điều kiện", "Cần", "Được"], rows, caption=caption)
        yield element("details", summary, content)


def _failed(verdict: Verdict) -> Iterable[Element | str]:
    yield element("b", "Trượt", class_="failed")
    yield f" {verdict.name}: cần {verdict.expected}, được {verdict.got}"
    yield from _blame(verdict)


def _blame(verdict: Verdict) -> Iterable[Element]:
    """The topics that lost most, and other details."""
    lines = [
        f"{change.topic.id} “{change.topic.query}” {change.before:.3f} → {change.after:.3f}"
        for change in verdict.topics[:WORST]
    ]
    if lines or verdict.details:
        yield element("ul", *(element("li", line) for line in (*lines, *verdict.details)))


def _rankings(
    evaluation: Evaluation, baseline: Baseline | None, headlines: Mapping[str, str]
) -> Iterable[Element]:
    yield element("h2", "Chủ đề kém nhất" if baseline is None else "Chủ đề thay đổi")
    yield element("p", "Số trước tiêu đề là điểm chấm từ 0 đến 3; “–” là chưa chấm.")
    details = list(ranking_details(evaluation, baseline, headlines))
    if details:
        yield from details
    else:
        yield element("p", "Không có." if baseline is None else "Không có chủ đề nào thay đổi.")
