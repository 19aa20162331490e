"""Dates as Vietnamese readers write them, and other texts for people."""

import unicodedata
from datetime import date, datetime
from typing import Final

from index import VIETNAM_TIME, Article

__all__ = [
    "closed_directions",
    "date_text",
    "encoding_text",
    "headline_of",
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
_UNTITLED_LENGTH: Final = 80
_ENCODINGS: Final = {"cp1258": "Windows-1258", "mojibake": "UTF-8 (mojibake)"}

#: Embeddings and overrides, then isolates, each with the character that ends it.
_DIRECTION_ENDS: Final = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}


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
    if precision == "day":
        return date_text(local.date())
    return month_text(local.date()) if precision == "month" else f"{local.year:04}"


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


def headline_of(article: Article) -> str:
    """The headline, or how the text begins where there is none."""
    if article.headline.strip():
        return article.headline
    start = next(part for part in article.body if part.strip()).strip()
    return start if len(start) <= _UNTITLED_LENGTH else start[:_UNTITLED_LENGTH].rstrip() + "…"


def closed_directions(text: str) -> str:
    """The text with an end for each direction of writing that it begins.

    For sentences of ours in plain text, which have no <bdi>.

    >>> closed_directions("Hà \\u202eNội") == "Hà \\u202eNội\\u202c"
    True
    """
    open_ends: list[str] = []
    for char in text:
        if char in _DIRECTION_ENDS:
            open_ends.append(_DIRECTION_ENDS[char])
        elif open_ends and char == open_ends[-1]:
            open_ends.pop()
    return text + "".join(reversed(open_ends))


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
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(char):04x}" if char != "\n" and _is_unsafe(char) else char for char in text
    )


def _is_unsafe(char: str) -> bool:
    # Controls (C1 with them), lone surrogates, line and paragraph separators.
    return char in _BIDI_CONTROLS or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
