"""Plots as SVG text: bars and lines on logarithmic axes, readable on light and dark pages."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_STYLE: Final = """<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 14px }
.small { font-size: 11px; fill: #57606a }
.grid { stroke: #d0d7de; stroke-width: 1 }
.page { fill: #ffffff }
.c0 { fill: #b42318; stroke: #b42318 } .c1 { fill: #1f6feb; stroke: #1f6feb }
.c2 { fill: #54a0ff; stroke: #54a0ff } .c3 { fill: #1a7f37; stroke: #1a7f37 }
.c4 { fill: #9a6700; stroke: #9a6700 } .c5 { fill: #8250df; stroke: #8250df }
path { fill: none !important; stroke-width: 2 }
text { stroke: none !important }
.dashed { stroke: #57606a; stroke-dasharray: 5 4 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d } .page { fill: #0d1117 }
.c0 { fill: #ff7b72; stroke: #ff7b72 } .c1 { fill: #388bfd; stroke: #388bfd }
.c2 { fill: #79c0ff; stroke: #79c0ff } .c3 { fill: #3fb950; stroke: #3fb950 }
.c4 { fill: #d29922; stroke: #d29922 } .c5 { fill: #bc8cff; stroke: #bc8cff }
.dashed { stroke: #9198a1 }
}
</style>"""
_COLOURS: Final = 6
_LABELS: Final = 190
_RIGHT: Final = 70
_WIDTH: Final = 760
_BAR: Final = 15
_LEGEND: Final = 170


@dataclass(frozen=True, slots=True)
class LogScale:
    """Values → pixels; the axis covers whole powers of ten."""

    first: int
    last: int
    start: float
    length: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, length: float) -> "LogScale":
        """The scale that holds all of the values, which are above 0."""
        first = math.floor(math.log10(min(values)))
        return cls(first, max(first + 1, math.ceil(math.log10(max(values)))), start, length)

    def place(self, value: float) -> float:
        """Where the value lies."""
        share = (math.log10(value) - self.first) / (self.last - self.first)
        return self.start + share * self.length

    def ticks(self) -> list[float]:
        """The powers of ten."""
        return [10.0**power for power in range(self.first, self.last + 1)]


def bar_plot(title: str, groups: Mapping[str, Mapping[str, float]], unit: str) -> str:
    """Horizontal bars: group → name → value; a name has one colour in every group."""
    names = list(dict.fromkeys(name for bars in groups.values() for name in bars))
    values = [value for bars in groups.values() for value in bars.values()]
    scale = LogScale.over(values, _LABELS, _WIDTH - _LABELS - _RIGHT)
    parts = []
    y = 40.0
    for group, bars in groups.items():
        y += 20
        parts.append(_text(8, y, group, "title"))
        y += 6
        for name, value in bars.items():
            end = scale.place(value)
            colour = f"c{names.index(name) % _COLOURS}"
            middle = y + _BAR - 4
            parts.append(_text(_LABELS - 6, middle, name, "small", "end"))
            parts.append(
                f'<rect class="{colour}" stroke-width="0" x="{scale.start}" y="{y + 2:.1f}"'
                f' width="{end - scale.start:.1f}" height="{_BAR - 4}"/>'
            )
            parts.append(_text(end + 5, middle, f"{number(value)} {unit}", "small"))
            y += _BAR
    grid = "".join(
        f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="44" y2="{y:.1f}"/>'
        + _text(x, y + 16, f"{number(tick)} {unit}", "small", "middle")
        for tick in scale.ticks()
        for x in (scale.place(tick),)
    )
    return _page(_WIDTH, y + 28, title, grid + "".join(parts))


def line_plot(title: str, lines: Mapping[str, Mapping[float, float]], unit: str) -> str:
    """Lines over logarithmic axes: name → x → y; dashed, growth in proportion to x."""
    xs = sorted({x for points in lines.values() for x in points})
    ys = [y for points in lines.values() for y in points.values()]
    across = LogScale(0, 1, 60, _WIDTH - 60 - _LEGEND)
    span = math.log10(xs[-1] / xs[0]) or 1.0
    proportional = {x: min(ys) * x / xs[0] for x in (xs[0], xs[-1])}
    height = 300.0
    up = LogScale.over([*ys, *proportional.values()], 40 + height, -height)

    def path(points: Mapping[float, float]) -> str:
        places = (
            (across.start + math.log10(x / xs[0]) / span * across.length, up.place(y))
            for x, y in sorted(points.items())
        )
        return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in places)

    parts = []
    for tick in up.ticks():
        y = up.place(tick)
        ends = f'x1="60" x2="{_WIDTH - _LEGEND}" y1="{y:.1f}" y2="{y:.1f}"'
        parts.append(f'<line class="grid" {ends}/>')
        parts.append(_text(54, y + 4, f"{number(tick)} {unit}", "small", "end"))
    for x in xs:
        place = across.start + math.log10(x / xs[0]) / span * across.length
        parts.append(_text(place, 58 + height, f"{x:,.0f}", "small", "middle"))
    parts.append(f'<path class="dashed" d="{path(proportional)}"/>')
    heights = {name: up.place(points[max(points)]) for name, points in lines.items()}
    heights["in proportion"] = up.place(proportional[xs[-1]])
    colours = {name: f"small c{at % _COLOURS}" for at, name in enumerate(lines)}
    for place, name in zip(
        _apart(sorted(heights.values())), sorted(heights, key=heights.__getitem__), strict=True
    ):
        style = colours.get(name, "small")
        parts.append(_text(_WIDTH - _LEGEND + 8, place + 4, name, style))
    for at, points in enumerate(lines.values()):
        parts.append(f'<path class="c{at % _COLOURS}" d="{path(points)}"/>')
    return _page(_WIDTH, height + 76, title, "".join(parts))


def number(value: float) -> str:
    """Three significant digits, thousands apart: 0.0123, 4.56, 1,230."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _apart(places: Sequence[float], least: float = 15) -> Iterator[float]:
    """The places in order, pushed down where labels would overlap."""
    last = -math.inf
    for place in places:
        last = max(place, last + least)
        yield last


def _text(x: float, y: float, text: str, style: str, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{style}" {place}>{escape(text)}</text>'


def _page(width: float, height: float, title: str, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
        f' width="{width:.0f}" height="{height:.0f}" role="img" aria-label="{escape(title)}">'
        f'{_STYLE}<rect class="page" width="100%" height="100%"/>'
        f"{_text(8, 22, title, 'title')}{inside}</svg>\n"
    )
