"""RIS, which Zotero, EndNote and Mendeley read."""

from collections.abc import Iterable, Iterator

from index import Article

from ...query.urls import Site
from ..record import Record, record_of

__all__ = ["write_ris"]


def write_ris(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """One record an article, each from TY to ER, lines ended by CR LF, without any heading.

    Names stand whole, without the comma that would part a family name from a given name.
    """
    for article in articles:
        record = record_of(article, site)
        yield "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(record)) + "\r\n"


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    yield "TY", "NEWS"
    yield "AN", record.id
    yield from (("AU", name) for name in record.authors)
    yield "TI", record.title
    if record.source:
        yield "T2", record.source
    if record.section:
        yield "SE", record.section
    if (day := record.published) is not None:
        yield "PY", f"{day.year:04}"
        yield "DA", f"{day.year:04}/{day.month:02}/{day.day:02}"
    if record.abstract:
        yield "AB", record.abstract
    yield from (("KW", tag) for tag in record.tags)
    yield "LA", "vi"
    yield "UR", record.url
    if record.permalink != record.url:
        yield "L2", record.permalink
    yield "ER", ""
