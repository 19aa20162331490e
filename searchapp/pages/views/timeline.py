"""When the hits appeared: a bar for each day, month or year, and ranges to choose."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from index import FacetValue, Filters

from ...query.params import SearchParams
from ...query.urls import search_path
from ...text.formatting import date_text, month_text
from ...text.i18n import number_text, translate
from .notices import Link

__all__ = ["Bar", "Timeline", "presets", "timeline"]

_DAYS_BY_DAY: Final = 45
_DAYS_BY_MONTH: Final = 3 * 366
_HEIGHT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day, month or year: its hits, its page, and the top and height of its bar (0 to 100)."""

    text: str
    count: str
    href: str
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Bars in order of time, empty ones included; `undated` is empty where all have a date."""

    bars: tuple[Bar, ...]
    undated: str


def timeline(days: Sequence[FacetValue], params: SearchParams, total: int) -> Timeline | None:
    """The bars of a search; None where they would say nothing.

    Args:
        days: hits of each day, as they would be without a filter by date.
        total: all hits of the search, with it.
    """
    filters = params.filters
    counts = {
        day: value.count
        for value in days
        if _within(day := date.fromisoformat(value.value), filters)
    }
    if not counts:
        return None
    first, last = min(counts), max(counts)
    span = (last - first).days
    size = 10 if span <= _DAYS_BY_DAY else 7 if span <= _DAYS_BY_MONTH else 4
    grouped: Counter[str] = Counter()
    for day, count in counts.items():
        grouped[day.isoformat()[:size]] += count
    periods = _periods(first, last, size)
    most = max(grouped.values())
    bars = tuple(
        _bar(place, period, grouped[period.isoformat()[:size]], most, size, params)
        for place, period in enumerate(periods)
    )
    undated = total - sum(grouped.values())
    return Timeline(bars=bars, undated=number_text(undated) if undated > 0 else "")


def presets(params: SearchParams, today: date) -> tuple[Link, ...]:
    """Ranges of days that end now, as links; today is the day in Vietnam."""
    starts = (
        (translate("Hôm nay"), today),
        (translate("Từ hôm qua"), today - timedelta(days=1)),
        (translate("7 ngày"), today - timedelta(days=6)),
        (translate("30 ngày"), today - timedelta(days=29)),
        (translate("Năm nay"), today.replace(month=1, day=1)),
    )
    return tuple(Link(text, _range_path(params, first, today)) for text, first in starts)


def _within(day: date, filters: Filters) -> bool:
    first, last = filters.published_from, filters.published_to
    return (first is None or first <= day) and (last is None or day <= last)


def _periods(first: date, last: date, size: int) -> list[date]:
    """The first days of all periods from one to the other."""
    start = date(first.year, first.month if size > 4 else 1, first.day if size > 7 else 1)
    periods = [start]
    while (following := _end(periods[-1], size) + timedelta(days=1)) <= last:
        periods.append(following)
    return periods


def _end(start: date, size: int) -> date:
    """The last day of the period that begins on this day."""
    if size == 10:
        return start
    if size == 4 or start.month == 12:
        return date(start.year, 12, 31)
    return date(start.year, start.month + 1, 1) - timedelta(days=1)


def _bar(place: int, start: date, count: int, most: int, size: int, params: SearchParams) -> Bar:
    texts = {10: date_text(start), 7: month_text(start), 4: f"{start.year}"}
    height = max(2, round(_HEIGHT * count / most)) if count else 0
    return Bar(
        text=texts[size],
        count=number_text(count),
        href=_range_path(params, start, _end(start, size)),
        x=place,
        y=_HEIGHT - height,
        height=height,
    )


def _range_path(params: SearchParams, first: date, last: date) -> str:
    filters = replace(params.filters, published_from=first, published_to=last)
    return search_path(replace(params, filters=filters, page=1))
