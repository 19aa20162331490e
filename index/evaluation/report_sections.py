"""The tables and charts of the report, each a section with its heading."""

from collections.abc import Iterable
from typing import Final

from .baseline import Baseline
from .changes import measure_change, topic_changes
from .charts import Bar, Line, bar_chart, line_chart
from .evaluate import Evaluation
from .gate import signed
from .markup import Element, element, table
from .measures import MAIN_MEASURE, MEASURES, RELATED_MEASURE, group_means
from .variants import Variant

_MOST_PLACES: Final = 40
_NONE: Final = "–"


def measures_section(evaluation: Evaluation, baseline: Baseline | None) -> Iterable[Element]:
    """The means beside the baseline, and whether they differ by more than chance."""
    yield element("h2", "Số đo")
    rows: list[list[Element | str]] = []
    for measure in MEASURES:
        now = f"{evaluation.as_written.mean(measure):.4f}"
        change = None
        if baseline is not None:
            changes = topic_changes(evaluation, baseline, Variant.AS_WRITTEN, measure)
            change = measure_change(changes)
        if change is None:
            rows.append([measure, _NONE, now, _NONE, _NONE, _NONE])
            continue
        test = change.comparison
        rows.append(
            [
                measure,
                f"{change.before:.4f}",
                now,
                signed(change.after - change.before),
                f"{test.wins}/{test.losses}/{test.ties}",
                f"{test.p_value:.4f}",
            ]
        )
    if (related := evaluation.related) is not None:
        mean = f"{related.mean(RELATED_MEASURE):.4f}"
        name = f"tin liên quan, {RELATED_MEASURE}"
        rows.append([name, _NONE, mean, _NONE, _NONE, _NONE])
    yield table(
        ["Số đo", "Baseline", "Hiện nay", "Chênh lệch", "Thắng/thua/hòa", "p"],
        rows,
        caption="Trung bình mọi chủ đề; p: kiểm định hoán vị theo cặp, hai phía",
    )


def groups_section(evaluation: Evaluation, baseline: Baseline | None) -> Iterable[Element]:
    """A chart of the classes of topics; nothing where topics have no class."""
    means = group_means(evaluation.as_written, evaluation.suite.judged_topics)
    if not means:
        return
    before: dict[str, list[float]] = {}
    if baseline is not None:
        for change in topic_changes(evaluation, baseline):
            before.setdefault(change.topic.group, []).append(change.before)
    bars = [
        Bar(
            f"{item.group} ({item.topics})",
            item.mean,
            sum(known) / len(known) if (known := before.get(item.group)) else None,
        )
        for item in means
    ]
    yield element("h2", "Theo lớp chủ đề")
    yield element(
        "p", f"{MAIN_MEASURE} trung bình; thanh trên là baseline, thanh dưới là hiện nay."
    )
    values = "; ".join(f"{bar.label}: {bar.value:.3f}" for bar in bars)
    yield bar_chart(f"{MAIN_MEASURE} theo lớp: {values}", bars)


def variants_section(evaluation: Evaluation, baseline: Baseline | None) -> Iterable[Element]:
    """What the other ways of typing keep of the quality."""
    yield element("h2", "Cùng chủ đề, gõ khác nhau")
    rows: list[list[Element | str]] = []
    for variant in Variant:
        parity = evaluation.parity(variant)
        threshold = evaluation.suite.settings.parity.get(variant)
        before = None if baseline is None else baseline.accepted.parity.get(str(variant))
        if variant is Variant.AS_WRITTEN:
            before = None if baseline is None else 1.0
        rows.append(
            [
                variant.label,
                f"{evaluation.scores[variant].mean():.4f}",
                _NONE if parity is None else f"{parity:.3f}",
                _NONE if before is None else f"{before:.3f}",
                _NONE if threshold is None else f"{threshold:g}",
            ]
        )
    yield table(
        ["Cách gõ", MAIN_MEASURE, "So với có dấu", "Baseline", "Ngưỡng"],
        rows,
        caption="Một chủ đề gõ năm cách, chung một bộ điểm chấm",
    )


def topics_section(evaluation: Evaluation, baseline: Baseline | None) -> Iterable[Element]:
    """Every topic in every way of typing."""
    changes = () if baseline is None else topic_changes(evaluation, baseline)
    differences = {change.topic.id: change.difference for change in changes}
    yield element("h2", "Mọi chủ đề")
    rows: list[list[Element | str]] = []
    for topic in evaluation.suite.judged_topics:
        difference = differences.get(topic.id)
        values = [f"{evaluation.scores[variant].of(topic.id):.3f}" for variant in Variant]
        rows.append(
            [
                topic.id,
                topic.query,
                topic.group or _NONE,
                *values,
                _NONE if difference is None else signed(difference),
            ]
        )
    labels = [variant.label for variant in Variant]
    yield table(
        ["Chủ đề", "Câu tìm", "Lớp", *labels, "Chênh lệch"],
        rows,
        caption=f"{MAIN_MEASURE} theo cách gõ; chênh lệch: có dấu so với baseline",
    )


def history_section(baseline: Baseline | None) -> Iterable[Element]:
    """Every acceptance of a baseline, as a chart and as a table."""
    yield element("h2", "Lịch sử")
    if baseline is None:
        yield element("p", "Chưa có baseline.")
        return
    shown = baseline.history[-_MOST_PLACES:]
    plain = str(Variant.NO_ACCENTS)
    written = tuple(item.means.get(MAIN_MEASURE) for item in shown)
    bare = tuple(
        None if mean is None or plain not in item.parity else mean * item.parity[plain]
        for item, mean in zip(shown, written, strict=True)
    )
    days = [f"{item.day:%d/%m/%Y}" for item in shown]
    yield element("p", "Đường liền: có dấu; đường đứt: không dấu.")
    yield line_chart(
        f"{MAIN_MEASURE} qua {len(shown)} lần chấp nhận baseline",
        days,
        [
            Line(Variant.AS_WRITTEN.label, "now", written),
            Line(Variant.NO_ACCENTS.label, "before", bare),
        ],
    )
    yield table(
        ["Ngày", "Lý do", "Người", "Commit", "Chủ đề", MAIN_MEASURE],
        [
            [
                day,
                item.reason,
                item.author or _NONE,
                item.commit or _NONE,
                str(item.topics),
                _NONE if mean is None else f"{mean:.4f}",
            ]
            for day, item, mean in zip(days, shown, written, strict=True)
        ],
        caption="Các lần chấp nhận",
    )
