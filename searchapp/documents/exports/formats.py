"""The formats in which articles leave the archive: a table, and those that take a few lines.

RIS is read by Zotero, EndNote and Mendeley, CSL-JSON by every citation processor that knows CSL
styles, NDJSON by scripts that take one article after the other.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from index import Article

from ...query.urls import Site
from ...text.formatting import time_text
from ..article_documents import ArticleDocument
from ..citations import Style, cite
from ..json_text import Json, json_text
from ..record import Record, one_line, record_of
from .bibtex import write_bibtex
from .csv_table import write_csv

__all__ = ["EXPORT_FORMATS", "ExportFormat", "export_format"]

_RULE: Final = "\n" + "-" * 72 + "\n\n"


def write_ris(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """One record an article, each from TY to ER, lines ended by CR LF, without any heading.

    Names stand whole, without the comma that would part a family name from a given name.
    """
    for article in articles:
        record = record_of(article, site)
        yield "".join(f"{tag}  - {value}\r\n" for tag, value in _ris_fields(record)) + "\r\n"


def _ris_fields(record: Record) -> Iterator[tuple[str, str]]:
    yield "TY", "NEWS"
    yield "AN", record.id
    yield from (("AU", name) for name in record.authors)
    yield "TI", record.title
    if record.source:
        yield "T2", record.source
    if record.section:
        yield "SE", record.section
    if record.published:
        # A slash for each part, also for one that is not known.
        parts = [*(f"{part:02}" for part in record.published), "", ""][:3]
        yield "PY", parts[0]
        yield "DA", "/".join(parts)
    if record.abstract:
        yield "AB", record.abstract
    yield from (("KW", tag) for tag in record.tags)
    yield "LA", "vi"
    yield "UR", record.url
    if record.permalink != record.url:
        yield "L2", record.permalink
    yield "ER", ""


def write_csl_json(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """One array of items of the type article-newspaper, an item a line."""
    yield "["
    separator = "\n"
    for article in articles:
        yield separator + json_text(_csl_item(record_of(article, site)))
        separator = ",\n"
    yield "\n]\n"


def _csl_item(record: Record) -> Json:
    """An item; names are literal, since a processor would turn family and given names round."""
    item: Json = {"id": record.id, "type": "article-newspaper", "title": record.title}
    if record.authors:
        item["author"] = [{"literal": name} for name in record.authors]
    if record.published:
        item["issued"] = {"date-parts": [list(record.published)]}
    texts = {
        "container-title": record.source,
        "section": record.section,
        "abstract": record.abstract,
        "keyword": ", ".join(record.tags),
    }
    item.update({name: text for name, text in texts.items() if text})
    item["language"] = "vi"
    item["URL"] = record.url
    item["archive_location"] = record.permalink
    return item


def write_ndjson(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """One line an article: the document that `/article/<id>.json` gives, with the whole text."""
    for article in articles:
        yield json_text(ArticleDocument.of(article, site)) + "\n"


def write_text(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """Headline, origin, text and citation of each article, a rule between two."""
    separator = ""
    for article in articles:
        yield separator + "\n\n".join(filter(None, _paragraphs(article, site))) + "\n"
        separator = _RULE


def _paragraphs(article: Article, site: Site) -> Iterator[str]:
    record = record_of(article, site)
    published = article.published
    time = "" if published is None else time_text(published, article.published_precision)
    yield record.title
    yield " · ".join(filter(None, (record.source, record.section, time)))
    yield ", ".join(record.authors)
    yield record.abstract
    yield from map(one_line, article.body)
    yield "\n".join(f"Ảnh: {caption}" for caption in map(one_line, article.captions) if caption)
    yield f"Trích dẫn: {cite(record, Style.MOET)}"
    yield record.permalink


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """A file format; `write` yields the file in pieces, one article after the other."""

    suffix: str
    label: str
    content_type: str
    write: Callable[[Iterable[Article], Site], Iterator[str]]


EXPORT_FORMATS: Final = (
    ExportFormat(
        suffix="ris",
        label="RIS (Zotero, EndNote)",
        content_type="application/x-research-info-systems; charset=utf-8",
        write=write_ris,
    ),
    ExportFormat(
        suffix="bib",
        label="BibTeX",
        content_type="application/x-bibtex; charset=utf-8",
        write=write_bibtex,
    ),
    ExportFormat(
        suffix="csl.json",
        label="CSL-JSON",
        content_type="application/vnd.citationstyles.csl+json",
        write=write_csl_json,
    ),
    ExportFormat(
        suffix="csv", label="CSV (Excel)", content_type="text/csv; charset=utf-8", write=write_csv
    ),
    ExportFormat(
        suffix="ndjson", label="NDJSON", content_type="application/x-ndjson", write=write_ndjson
    ),
    ExportFormat(
        suffix="txt", label="Văn bản", content_type="text/plain; charset=utf-8", write=write_text
    ),
)


def export_format(suffix: str) -> ExportFormat | None:
    """The format with this suffix.

    >>> export_format("docx") is None
    True
    """
    return next((known for known in EXPORT_FORMATS if known.suffix == suffix), None)
