"""Dates as Vietnamese readers write them, and other texts for people."""

import unicodedata
from datetime import date, datetime
from typing import Final

from index import VIETNAM_TIME

__all__ = [
    "date_text",
    "encoding_text",
    "iso_text",
    "month_text",
    "terminal_text",
    "time_text",
]


_ENCODINGS: Final = {"cp1258": "Windows-1258", "mojibake": "UTF-8 (mojibake)"}


def date_text(day: date) -> str:
    """dd/mm/yyyy.

    >>> date_text(date(2026, 10, 5))
    '05/10/2026'
    """
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def month_text(day: date) -> str:
    """mm/yyyy.

    >>> month_text(date(2026, 10, 5))
    '10/2026'
    """
    return f"{day.month:02}/{day.year:04}"


def time_text(time: datetime, precision: str = "minute") -> str:
    """dd/mm/yyyy HH:MM in Vietnam, as far as the precision ("day", "month", "year") goes."""
    local = time.astimezone(VIETNAM_TIME)
    if precision == "minute":
        return f"{date_text(local.date())} {local.hour:02}:{local.minute:02}"
    texts = {"day": date_text(local.date()), "month": month_text(local.date())}
    return texts.get(precision, f"{local.year:04}")


def iso_text(time: datetime, precision: str = "minute") -> str:
    """The same for machines: ISO 8601 in Vietnamese time, or only the day, month or year."""
    local = time.astimezone(VIETNAM_TIME)
    if precision == "minute":
        return local.isoformat()
    return local.date().isoformat()[: {"day": 10, "month": 7}.get(precision, 4)]


def encoding_text(name: str) -> str:
    """An old encoding as people call it.

    >>> encoding_text("tcvn3")
    'TCVN3'
    """
    return _ENCODINGS.get(name, name.upper())


def terminal_text(text: str) -> str:
    """The text on one line and without control characters, which could command a terminal.

    >>> terminal_text("Hà\x1b[31m Nội")
    'Hà [31m Nội'
    """
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
