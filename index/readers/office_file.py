"""Documents of offices: texts of Word, and lists of articles in tables of Excel and the like."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from lxml import etree

from ..article import Article, Provenance
from .bad_record import BadRecord, FieldNotice, Listener, RecordError
from .draft import RecordDrafts
from .record_names import FieldNames
from .records import draft_from_row
from .scraped_page import parse_scraped_page
from .source_file import READ_ERRORS, RECORD_LIMIT, SourceFile, expands_too_much, read_reason

__all__ = ["DOCUMENT_LIMIT", "NEEDS_EXTRA", "read_docx", "read_table"]

#: Pictures take most of a document.
DOCUMENT_LIMIT: Final = 5 * RECORD_LIMIT
NEEDS_EXTRA: Final = "reading it needs more packages: pip install 'timbao[formats]'"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: How documents of Office begin that are older, or encrypted.
_OLE: Final = b"\xd0\xcf\x11\xe0"
#: The header of a table stands within so many rows.
_HEADER_WITHIN: Final = 20

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_docx(source: SourceFile, told: Listener, _: FieldNames) -> Iterator[Article]:
    """The one article of a text of Word: its title, or its first line, and its paragraphs."""
    path = str(source.path)
    try:
        data = source.read_whole(DOCUMENT_LIMIT)
        if not source.begins(None):
            return
        _check_zip(data)
        # In a paragraph, a line above another would be taken for a caption.
        text = "\n\n".join(line for text in _paragraphs(data) for line in text.split("\n"))
        yield parse_scraped_page(text, Provenance(reader="docx_file", path=path))
    except RecordError as error:
        told.bad(BadRecord(path, None, error.reason))


def _check_zip(data: bytes) -> None:
    """Refuse a file that would fill memory, or whose parts are encrypted."""
    if data.startswith(_OLE):
        raise RecordError("encrypted, or of a version of Office before 2007")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (*READ_ERRORS, NotImplementedError, ValueError) as error:
        raise RecordError(read_reason(error, "zip")) from error
    if expands_too_much(size, len(data)):
        raise RecordError("more than 200 times as long as its zip data")


def _paragraphs(data: bytes) -> list[str]:
    """The paragraphs, the title first, each with its lines."""
    try:
        from docx import Document
        from docx.text.paragraph import Paragraph
    except ImportError as error:
        raise RecordError(NEEDS_EXTRA) from error
    try:
        document = Document(io.BytesIO(data))
        found: list[tuple[str, str]] = []
        for element in document.element.body.iter(f"{_W}p"):
            if any(above.tag == _FALLBACK for above in element.iterancestors()):
                continue  # the same once more, for old programs
            style = Paragraph(element, document).style
            found.append((str(style and style.name), "".join(_pieces(element))))
    except (*READ_ERRORS, KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as error:
        raise RecordError(f"no text of Word that can be read ({error})") from error
    texts = [text for _, text in found if text.strip()]
    for name in ("Title", "Heading 1"):
        titles = [text for style, text in found if style == name and text.strip()]
        if len(titles) == 1:
            texts.remove(titles[0])
            return [" ".join(titles[0].split()), *texts]
    return texts


def _pieces(paragraph: etree._Element) -> Iterator[str]:
    """The text of a paragraph, as it is when all changes in it are accepted."""
    for child in paragraph:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag not in (f"{_W}p", f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", _FALLBACK):
            yield from _pieces(child)


def read_table(source: SourceFile, told: Listener, names: FieldNames) -> Iterator[Article]:
    """The articles of a workbook: a row each, in every sheet that has a header of field names."""
    path = str(source.path)
    try:
        data = source.read_whole(DOCUMENT_LIMIT)
        if data.startswith(b"PK"):
            _check_zip(data)
        sheets = list(_sheets(data))
    except RecordError as error:
        told.bad(BadRecord(path, None, error.reason))
        return
    headers = {name: _header(rows, names) for name, rows in sheets}
    if not any(header is not None for header in headers.values()):
        reason = "no header: no column is known as a headline or a body; name one with --map"
        told.bad(BadRecord(path, None, reason))
        return
    for name, rows in sheets:
        at = headers[name]
        if at is None:
            if rows:
                told.notice(FieldNotice(path, None, f"sheet {name!r} has no header: left out"))
            continue
        place = path if len(sheets) == 1 else str(source.path / name)
        drafts = RecordDrafts(place, "table_file", told)
        columns = [cell.strip() for cell in rows[at]]
        for number, row in enumerate(rows[at + 1 :], at + 2):
            if not any(row) or not source.begins(number):
                continue
            cells = dict(zip(columns, row, strict=False))
            article = drafts.article(number, partial(draft_from_row, cells, names))
            if article is not None:
                yield article
        drafts.end()


def _sheets(data: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """The name of each sheet and its rows, from the first on."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise RecordError(NEEDS_EXTRA) from error
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            for name in workbook.sheet_names:
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield name, [[_text(cell) for cell in row] for row in rows]
    except (CalamineError, OSError, ValueError) as error:
        raise RecordError(f"no table that can be read ({error})") from error


def _text(cell: Cell) -> str:
    """What a cell shows, times as ISO 8601."""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("_x000D_", "")


def _header(rows: list[list[str]], names: FieldNames) -> int | None:
    """Where the first row stands in which a column is known as a headline or a body."""
    for at, row in enumerate(rows[:_HEADER_WITHIN]):
        known = names.keys(dict.fromkeys(cell.strip() for cell in row))
        if not known.keys().isdisjoint(("headline", "body")) and len(list(filter(None, row))) > 1:
            return at
    return None
