"""What every bibliographic format says of an article, in plain text on one line each."""

import unicodedata
from dataclasses import dataclass

from index import VIETNAM_TIME, Article

from ..query.urls import Site, article_path
from ..text.formatting import headline_of

__all__ = ["Record", "one_line", "plain_lines", "record_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An article as a reference; texts are NFC and empty where the archive does not know them."""

    id: str
    title: str
    authors: tuple[str, ...]
    source: str
    section: str
    abstract: str
    tags: tuple[str, ...]
    published: tuple[int, ...]
    """Year, month and day in Vietnam, as far as they are known."""
    url: str
    """Where the source published it; the page of this archive where that is not known."""
    permalink: str
    """The page of this archive."""


def record_of(article: Article, site: Site) -> Record:
    """The reference to an article in the archive that `site` shows."""
    permalink = site.absolute(article_path(article.id, article.headline))
    return Record(
        id=article.id,
        title=one_line(headline_of(article)),
        authors=_filled(article.authors),
        source=one_line(article.source),
        section=one_line(article.section),
        abstract=one_line(article.lead),
        tags=_filled(article.tags),
        published=_date_parts(article),
        url=article.url.strip() or permalink,
        permalink=permalink,
    )


def one_line(text: str) -> str:
    """The text in NFC on one line, so that no value can begin a field of its own.

    >>> one_line("Hà Nội\\r\\nER  - ")
    'Hà Nội ER -'
    """
    return " ".join(plain_lines(text).split())


def plain_lines(text: str) -> str:
    """The text in NFC without what no file may hold: control characters and half characters."""
    normal = unicodedata.normalize("NFC", text)
    return "".join(char if _is_plain(char) else " " for char in normal)


def _is_plain(char: str) -> bool:
    # Surrogates cannot be encoded; U+FFFE and U+FFFF are no characters of XML.
    if char in "\n\t":
        return True
    return unicodedata.category(char) not in ("Cc", "Cs") and char not in "\ufffe\uffff"


def _date_parts(article: Article) -> tuple[int, ...]:
    if article.published is None:
        return ()
    day = article.published.astimezone(VIETNAM_TIME)
    known = {"year": 1, "month": 2}.get(article.published_precision, 3)
    return (day.year, day.month, day.day)[:known]


def _filled(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(one_line, values)))
