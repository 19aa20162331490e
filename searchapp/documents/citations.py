"""Citations to copy: whole Vietnamese names in their own order, dates as they are said here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from index import Article

from ..query.urls import Site
from ..text.formatting import closed_directions, date_text
from .record import Record, record_of

__all__ = ["Citation", "Style", "citations", "cite"]

_SENTENCE_ENDS: Final = (".", "?", "!", "…")
_NO_DATE: Final = "không rõ ngày"
_NO_YEAR: Final = "không rõ năm"
#: With so many authors MLA names the first one only.
_MLA_MANY: Final = 3
#: Above so many APA names the first nineteen and the last one.
_APA_MANY: Final = 20
#: Above so many Chicago names the first seven.
_CHICAGO_MANY: Final = 10
_CHICAGO_NAMED: Final = 7


class Style(StrEnum):
    """A way to write a reference; MOET is the one of the Ministry of Education and Training."""

    APA = "apa"
    MLA = "mla"
    CHICAGO = "chicago"
    MOET = "moet"


_LABELS: Final = {
    Style.APA: "APA",
    Style.MLA: "MLA",
    Style.CHICAGO: "Chicago",
    Style.MOET: "Bộ GD&ĐT",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation as plain text under the name of its style."""

    style: Style
    label: str
    text: str


def citations(article: Article, site: Site, accessed: date | None = None) -> tuple[Citation, ...]:
    """The citations of an article in every style.

    Args:
        accessed: the day on which it was read, which the style of the ministry states.
    """
    record = record_of(article, site)
    return tuple(Citation(style, _LABELS[style], cite(record, style, accessed)) for style in Style)


def cite(record: Record, style: Style, accessed: date | None = None) -> str:
    """The citation of a record; what the archive does not know is left out, a date is excused."""
    record = replace(
        record,
        title=closed_directions(record.title),
        source=closed_directions(record.source),
        authors=tuple(map(closed_directions, record.authors)),
    )
    if style is Style.APA:
        return _apa(record)
    if style is Style.MLA:
        return _mla(record)
    if style is Style.CHICAGO:
        return _chicago(record)
    return _moet(record, accessed)


def _apa(record: Record) -> str:
    # The year in front, by which lists in this style are sorted.
    year, *rest = record.published or (_NO_DATE,)
    when = ", ".join(filter(None, (f"{year}", _day_and_month(*rest))))
    dated = f"({when})."
    title, authors = _sentence(record.title), _sentence(_apa_names(record.authors))
    opening = (authors, dated, title) if authors else (title, dated)
    return _join(*opening, _sentence(record.source), record.url)


def _mla(record: Record) -> str:
    names = record.authors
    many = len(names) >= _MLA_MANY
    authors = f"{names[0]} và cộng sự" if many else " và ".join(names)
    when = _long_date(record.published)
    where = ", ".join(filter(None, (_inner(record.source), when, record.url)))
    return _join(_sentence(authors), _quoted(record.title), _sentence(where))


def _chicago(record: Record) -> str:
    names = record.authors
    if len(names) > _CHICAGO_MANY:
        authors = f"{', '.join(names[:_CHICAGO_NAMED])} và cộng sự"
    else:
        authors = _listed(names, " và ")
    when = _long_date(record.published) or _NO_DATE
    # An unsigned article stands under the name of its newspaper.
    source = _inner(record.source) if authors else ""
    where = _capital(", ".join(filter(None, (source, when))))
    head = _sentence(authors or record.source)
    return _join(head, _quoted(record.title), _sentence(where), _sentence(record.url))


def _moet(record: Record, accessed: date | None) -> str:
    year = record.published[0] if record.published else _NO_YEAR
    head = ", ".join(record.authors) or record.source
    known = "/".join(f"{part:02}" for part in reversed(record.published))
    when = ("", "năm ", "tháng ", "ngày ")[len(record.published)] + known
    source = _inner(record.source) if record.authors else ""
    where = _capital(", ".join(filter(None, (source, when))))
    # Without a full stop behind it the address can be followed as it stands.
    read = "" if accessed is None else f" (truy cập ngày {date_text(accessed)})."
    title = _sentence(record.title)
    opening = (f"{head} ({year}).", title) if head else (title, f"({year}).")
    address = f"Địa chỉ: {record.url}{read}"
    return _join(*opening, _sentence(where), address)


def _apa_names(names: Sequence[str]) -> str:
    if len(names) > _APA_MANY:
        return f"{', '.join(names[: _APA_MANY - 1])}, … {names[-1]}"
    return _listed(names, " & ")


def _listed(names: Sequence[str], last: str) -> str:
    """The names with commas between them and another word before the last one."""
    return last.join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _long_date(parts: tuple[int, ...]) -> str:
    return ", ".join(filter(None, (_day_and_month(*parts[1:]), *map(str, parts[:1]))))


def _day_and_month(month: int | None = None, day: int | None = None) -> str:
    """As far as they are known: "5 tháng 10", "tháng 10", ""."""
    parts = (f"{day or ''}", f"tháng {month}" if month else "")
    return " ".join(filter(None, parts))


def _sentence(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return f"{text}." if text and not text.endswith(_SENTENCE_ENDS) else text


def _inner(text: str) -> str:
    """The text without a full stop, for the middle of a sentence."""
    return text.removesuffix(".")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _quoted(title: str) -> str:
    # Quotation marks inside quotation marks are single.
    inner = title.replace("“", "‘").replace("”", "’")
    return f"“{_sentence(inner)}”"


def _join(*parts: str) -> str:
    return " ".join(filter(None, parts))
