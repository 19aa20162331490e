"""Charts as inline SVG; colours come from the classes of the page's style sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .markup import Element, element

_WIDTH: Final = 720
_LABEL: Final = 170
_VALUE: Final = 110
_BAR: Final = 12
_ROW: Final = 2 * _BAR + 12
_HEIGHT: Final = 220
_MARGIN: Final = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """Values from 0 to 1 of one row; `before` is None where there is nothing to compare with."""

    label: str
    value: float
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A series of values from 0 to 1, one for each place on the x axis; None leaves a gap."""

    label: str
    css_class: str
    values: tuple[float | None, ...]


def bar_chart(title: str, bars: Sequence[Bar]) -> Element:
    """Two bars for each row: before above, now below."""
    scale = _WIDTH - _LABEL - _VALUE
    chart = _svg(title, _ROW * len(bars))
    for number, bar in enumerate(bars):
        top = number * _ROW + 6
        chart.append(_text(bar.label, _LABEL - 10, top + _BAR + 4, "end"))
        if bar.before is not None:
            chart.append(_bar(top, bar.before * scale, "before"))
        chart.append(_bar(top + _BAR, bar.value * scale, "now"))
        values = f"{bar.value:.3f}"
        if bar.before is not None:
            values = f"{bar.before:.3f} → {values}"
        end = _LABEL + max(bar.value, bar.before or 0.0) * scale
        chart.append(_text(values, end + 6, top + _BAR + 4, "start"))
    return chart


def line_chart(title: str, places: Sequence[str], lines: Sequence[Line]) -> Element:
    """Lines over places in time, the y axis from 0 to 1."""
    chart = _svg(title, _HEIGHT)
    for tenth in range(0, 11, 2):
        y = _y(tenth / 10)
        chart.append(element("line", x1=_MARGIN, x2=_WIDTH - 10, y1=y, y2=y, class_="grid"))
        chart.append(_text(f"{tenth / 10:.1f}", _MARGIN - 8, y + 4, "end"))
    for line in lines:
        points = [
            (_x(place, len(places)), _y(value))
            for place, value in enumerate(line.values)
            if value is not None
        ]
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        chart.append(element("polyline", points=path, class_=f"line {line.css_class}"))
        for x, y in points:
            chart.append(element("circle", cx=f"{x:g}", cy=f"{y:g}", r=3, class_=line.css_class))
    if places:
        chart.append(_text(places[0], _x(0, len(places)), _HEIGHT - 6, "start"))
    if len(places) > 1:
        chart.append(_text(places[-1], _x(len(places) - 1, len(places)), _HEIGHT - 6, "end"))
    return chart


def _svg(title: str, height: int) -> Element:
    return element(
        "svg",
        viewBox=f"0 0 {_WIDTH} {height}",
        role="img",
        aria_label=title,
        class_="chart",
    )


def _bar(top: int, width: float, css_class: str) -> Element:
    return element(
        "rect", x=_LABEL, y=top, width=f"{max(width, 1):.1f}", height=_BAR - 1, class_=css_class
    )


def _text(text: str, x: float, y: float, anchor: str) -> Element:
    return element("text", text, x=f"{x:g}", y=f"{y:g}", text_anchor=anchor)


def _x(place: int, count: int) -> float:
    width = _WIDTH - _MARGIN - 20
    return round(_MARGIN + 5 + (width * place / (count - 1) if count > 1 else 0), 1)


def _y(value: float) -> float:
    top, bottom = 10, _HEIGHT - 30
    return round(bottom - (bottom - top) * value, 1)
