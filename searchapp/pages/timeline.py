"""When the hits appeared: a bar for each day, month or year."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from index import FacetValue, Filters

from ..text.formatting import date_text, month_text

__all__ = ["Bar", "timeline"]

_DAYS_BY_DAY: Final = 45
_DAYS_BY_MONTH: Final = 3 * 366
_HEIGHT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One day, month or year: its first and last day, its hits, its height (0 to 100)."""

    text: str
    first: date
    last: date
    count: int
    height: int


def timeline(days: Sequence[FacetValue], filters: Filters) -> list[Bar]:
    """The bars in order of time, empty ones between them included; none where none has a hit.

    Args:
        days: hits of each day, as they would be without a filter by date.
    """
    earliest, latest = filters.published_from or date.min, filters.published_to or date.max
    counts = {
        day: value.count
        for value in days
        if earliest <= (day := date.fromisoformat(value.value)) <= latest
    }
    if not counts:
        return []
    first, last = min(counts), max(counts)
    span = (last - first).days
    # Characters of 2026-10-05: whole days, months or years.
    size = 10 if span <= _DAYS_BY_DAY else 7 if span <= _DAYS_BY_MONTH else 4
    grouped: Counter[str] = Counter()
    for day, count in counts.items():
        grouped[day.isoformat()[:size]] += count
    most = max(grouped.values())
    start = date(first.year, first.month if size > 4 else 1, first.day if size > 7 else 1)
    bars = []
    while start <= last:
        if size == 10:
            end = start
        elif size == 4 or start.month == 12:
            end = date(start.year, 12, 31)
        else:
            end = date(start.year, start.month + 1, 1) - timedelta(days=1)
        count = grouped[start.isoformat()[:size]]
        text = (
            date_text(start) if size == 10 else month_text(start) if size == 7 else str(start.year)
        )
        height = max(2, round(_HEIGHT * count / most)) if count else 0
        bars.append(Bar(text=text, first=start, last=end, count=count, height=height))
        start = end + timedelta(days=1)
    return bars
