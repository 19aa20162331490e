"""PDF with a text layer: the headline, and the paragraphs that its lines make."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from ..article import Article, Provenance
from .bad_record import BadRecord, FieldNotice, Listener, RecordError
from .office_file import DOCUMENT_LIMIT, NEEDS_EXTRA
from .record_names import FieldNames
from .scraped_page import parse_scraped_page
from .source_file import SourceFile
from .text_repair import join_lines, one_line, words_of

__all__ = ["read_pdf"]

#: Below so many letters a page, a PDF holds pictures of text.
_LETTERS_A_PAGE: Final = 30
#: Running heads stand within so many lines of the edge of a page, on so large a share of pages.
_EDGE: Final = 2
_RUNNING: Final = 0.3
_PAGE_NUMBER: Final = re.compile(
    r"(?:trang|page|tr\.?)?[\s–—-]*\d{1,4}(?:\s*/\s*\d{1,4})?[\s–—-]*", re.I
)
_NO_TEXT: Final = "no text layer: its pages are pictures, whose text has to be recognized first"
_DIGITS: Final = re.compile(r"\d+")
_SOFT_HYPHEN: Final = re.compile("[\x02\ufffe]")
#: A headline is so much larger than the text, and takes no more than so many lines.
_LARGER: Final = 1.15
_HEADLINE_LINES: Final = 6


class _Line(NamedTuple):
    text: str
    height: float
    """Of its first letter's font, in points."""


def read_pdf(source: SourceFile, told: Listener, _: FieldNames) -> Iterator[Article]:
    """The one article of the file."""
    path = str(source.path)
    try:
        data = source.read_whole(DOCUMENT_LIMIT)
        if not source.begins(None):
            return
        title, pages = _read(data)
        empty = [
            number
            for number, page in enumerate(pages, 1)
            if sum(len(line.text) for line in page) < _LETTERS_A_PAGE
        ]
        if len(empty) == len(pages) and sum(len(page) for page in pages) < 2 * len(pages):
            raise RecordError(
                "no text layer: its pages are pictures, whose text is to be recognized"
            )
        headline, lines = _headline(title, _without_running(pages))
        text = join_lines("\n".join(lines), wrapped=True)
        whole = "\n\n".join([headline, *text.split("\n")])
        article = parse_scraped_page(whole, Provenance(reader="pdf_file", path=path))
    except RecordError as error:
        told.bad(BadRecord(path, None, error.reason))
        return
    if empty and len(empty) < len(pages):
        numbers = ", ".join(map(str, empty[:20]))
        told.notice(FieldNotice(path, None, f"pages without a text layer: {numbers}"))
    yield article


def _read(data: bytes) -> tuple[str, list[list[_Line]]]:
    """The title that the file gives itself, and the lines of its pages."""
    try:
        from pypdfium2 import PdfDocument, PdfiumError
    except ImportError as error:
        raise RecordError(NEEDS_EXTRA) from error
    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        locked = "password" in str(error).lower()
        raise RecordError(
            "encrypted" if locked else f"no PDF that can be read ({error})"
        ) from error
    try:
        return str(document.get_metadata_dict().get("Title", "")), [
            list(_lines(page.get_textpage())) for page in document
        ]
    except PdfiumError as error:
        raise RecordError(f"no PDF that can be read ({error})") from error
    finally:
        document.close()


def _lines(page: Any) -> Iterator[_Line]:
    at, last = 0, page.count_chars() - 1
    for line in page.get_text_range().split("\n"):
        first = at + len(line) - len(line.lstrip())
        at += len(line) + 1
        # PDFium has taken a hyphen at the end of a line for a soft one, and joined the two.
        parts = [part.strip() for part in _SOFT_HYPHEN.sub("-\n", line).split("\n")]
        if any(parts):
            _, bottom, _, top = page.get_charbox(min(first, last), loose=True)
            yield from (_Line(part, top - bottom) for part in parts if part)


def _without_running(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The pages without their numbers, and without the lines that stand at the edges of many."""
    edges = Counter(
        key for page in pages for key in {_key(line) for line in (*page[:_EDGE], *page[-_EDGE:])}
    )
    least = max(2, _RUNNING * len(pages))
    running = {key for key, count in edges.items() if len(pages) > 1 and count >= least}
    kept = []
    for page in pages:
        last = len(page) - _EDGE
        kept.append(
            [
                line
                for at, line in enumerate(page)
                if _EDGE <= at < last
                or not (_key(line) in running or _PAGE_NUMBER.fullmatch(line.text))
            ]
        )
    return kept


def _key(line: _Line) -> tuple[str, int]:
    # A headline may be repeated above the pages that follow, in small letters.
    return _DIGITS.sub("#", one_line(line.text)).casefold(), round(line.height)


def _headline(title: str, pages: list[list[_Line]]) -> tuple[str, list[str]]:
    """The headline, and the other lines: the largest of the first page, or its title."""
    lines = [line for page in pages for line in page]
    if not lines:
        raise RecordError(_NO_TEXT)
    first = pages[0] or lines
    usual = sorted(line.height for line in lines)[len(lines) // 2]
    largest = max(line.height for line in first)
    start = next(at for at, line in enumerate(first) if line.height >= 0.97 * largest)
    end = start + 1
    if largest >= _LARGER * usual:
        while end < len(first) and first[end].height >= 0.97 * largest:
            end += 1
    elif title and (found := _titled(one_line(title), first)):
        start, end = found
    else:
        start, end = 0, 1
    end = min(end, start + _HEADLINE_LINES)
    at = lines.index(first[start])
    headline = one_line(" ".join(line.text for line in first[start:end]))
    return headline, [line.text for line in (*lines[:at], *lines[at + end - start :])]


def _titled(title: str, page: list[_Line]) -> tuple[int, int] | None:
    """The lines of the page that say what the title says."""
    wanted = words_of(title)
    for start in range(len(page)):
        for end in range(start + 1, min(len(page), start + _HEADLINE_LINES) + 1):
            if words_of(" ".join(line.text for line in page[start:end])) == wanted:
                return start, end
    return None
