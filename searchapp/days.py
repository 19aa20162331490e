"""Days, months and years as they are typed into a form or an address."""

import re
from calendar import monthrange
from datetime import date
from typing import Final

__all__ = ["first_day", "is_written_day", "last_day"]

_ISO: Final = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")
_WRITTEN: Final = re.compile(r"(?:(?:(?P<day>\d{1,2})/)?(?P<month>\d{1,2})/)(?P<year>\d{4})")


def first_day(text: str) -> date | None:
    """The first day of 2026, 2026-10, 2026-10-05, 10/2026 or 05/10/2026; None for anything else.

    >>> first_day("10/2026")
    datetime.date(2026, 10, 1)
    """
    return _day(text, last=False)


def last_day(text: str) -> date | None:
    """The last day of such a year, month or day.

    >>> last_day("2026-02")
    datetime.date(2026, 2, 28)
    """
    return _day(text, last=True)


def is_written_day(text: str) -> bool:
    """Whether the text is in the Vietnamese order, day before month before year."""
    return "/" in text


def _day(text: str, *, last: bool) -> date | None:
    match = _ISO.fullmatch(text) or _WRITTEN.fullmatch(text)
    if match is None:
        return None
    year = int(match["year"])
    try:
        month = int(match["month"] or (12 if last else 1))
        day = int(match["day"] or (monthrange(year, month)[1] if last else 1))
        return date(year, month, day)
    except ValueError:
        return None
