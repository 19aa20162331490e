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
    "terminal_json",
    "terminal_text",
    "time_text",
]

#: They turn the direction of what follows: a file name may read as another one.
_BIDI_CONTROLS: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
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
    """The text on one line, escaped where it could command a terminal, forge a line or turn one.

    >>> terminal_text("Hà\x1b[31m Nội")
    'Hà\\\\x1b[31m Nội'
    """
    if text.isprintable():
        return text
    return "".join(_escaped(char) if _is_unsafe(char) else char for char in text.replace("\t", " "))


def terminal_json(text: str) -> str:
    """JSON with the same characters escaped as JSON escapes them; its own line ends stay."""
    return "".join(
        f"\\u{ord(char):04x}" if char != "\n" and _is_unsafe(char) else char for char in text
    )


def _is_unsafe(char: str) -> bool:
    # Controls (C1 with them), lone surrogates, line and paragraph separators.
    return char in _BIDI_CONTROLS or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
