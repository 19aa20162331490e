"""A table that opens right in a Vietnamese spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Final, Literal, TypeAlias

from index import Article

from ...query.urls import Site
from ...text.formatting import iso_text, time_text
from ..record import Record, record_of

__all__ = ["CsvOptions", "Delimiter", "harmless_cell", "write_csv"]

Delimiter: TypeAlias = Literal[",", ";"]

_COLUMNS: Final = (
    *("id", "title", "lead", "source", "section", "authors", "tags"),
    *("published_local", "published_at", "updated_at", "source_url", "url"),
)
# What makes a spreadsheet read a cell as a formula, the wide forms of East Asian keyboards too.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """Excel needs the byte order mark to see UTF-8, and under Vietnamese settings the `;`."""

    delimiter: Delimiter = ","
    byte_order_mark: bool = True


def write_csv(
    articles: Iterable[Article], site: Site, options: CsvOptions = CsvOptions()
) -> Iterator[str]:
    """A line of column names and one line an article; several names are joined by "; "."""
    if options.byte_order_mark:
        yield _BYTE_ORDER_MARK
    yield _line(_COLUMNS, options.delimiter)
    for article in articles:
        cells = _cells(article, record_of(article, site))
        yield _line([harmless_cell(cell) for cell in cells], options.delimiter)


def _cells(article: Article, record: Record) -> tuple[str, ...]:
    published, updated = article.published, article.updated
    precision = article.published_precision
    return (
        record.id,
        record.title,
        record.abstract,
        record.source,
        record.section,
        "; ".join(record.authors),
        "; ".join(record.tags),
        "" if published is None else time_text(published, precision),
        "" if published is None else iso_text(published, precision),
        "" if updated is None else iso_text(updated),
        article.url.strip(),
        record.permalink,
    )


def harmless_cell(cell: str) -> str:
    """The cell, marked as text where a spreadsheet would calculate it."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _line(cells: Iterable[str], delimiter: str) -> str:
    line = StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
