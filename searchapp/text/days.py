"""Days, months and years as they are typed into a form or an address."""

from datetime import date

from index import QueryError, date_span

__all__ = ["first_day", "last_day"]


def first_day(text: str) -> date | None:
    """The first day of 2026, 2026-10, 2026-10-05, 10/2026 or 05/10/2026; None for anything else.

    >>> first_day("10/2026")
    datetime.date(2026, 10, 1)
    """
    span = _span(text)
    return None if span is None else span[0]


def last_day(text: str) -> date | None:
    """The last day of such a year, month or day.

    >>> last_day("2026-02")
    datetime.date(2026, 2, 28)
    """
    span = _span(text)
    return None if span is None else span[1]


def _span(text: str) -> tuple[date, date] | None:
    if ".." in text:
        return None
    try:
        return date_span(text)
    except QueryError:
        return None
