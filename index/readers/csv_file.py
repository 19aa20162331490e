"""CSV and TSV tables, one article a row under a header of field names."""

import csv
from collections.abc import Iterator, Sequence
from typing import Final

from ..article import Article, Provenance
from .bad_record import BadRecord, OnBad, RecordError
from .records import BODY_NAMES, FIELD_NAMES, HEADLINE_NAMES, draft_from_row
from .source_file import RECORD_LIMIT, TOO_LONG, SourceFile

__all__ = ["read_csv"]

_DELIMITERS: Final = (",", ";", "\t", "|")
# Reading again is for the odd quote left open; a file made of them must not take for ever.
_RETRIES: Final = 100


def read_csv(source: SourceFile, on_bad: OnBad) -> Iterator[Article]:
    """The articles of the table; comma, semicolon, tab or bar is told from the header.

    A row that cannot be read is reported at the line where it begins, and reading goes on at the
    line after that.
    """
    path = str(source.path)
    # The limit is the process's and by default below a long article.
    csv.field_size_limit(max(csv.field_size_limit(), RECORD_LIMIT))
    lines = _CountedLines(source, on_bad)
    try:
        names, delimiter = _header(next(lines, ""))
    except RecordError as error:
        on_bad(BadRecord(path, 1, f"no header: {error}"))
        return
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin_record()
        try:
            cells = next(rows, None)
            if cells is None:
                return
            if not any(cell.strip() for cell in cells):
                continue
            if not source.begins(lines.record_line):
                continue
            provenance = Provenance(reader="csv_file", path=path, line=lines.record_line)
            article = draft_from_row(_row(names, cells)).to_article(provenance)
        except (csv.Error, _LineError) as error:
            on_bad(BadRecord(path, lines.record_line, f"broken CSV: {error}"))
            lines.retry_after_first_line()
        except RecordError as error:
            on_bad(BadRecord(path, lines.record_line, error.reason))
        else:
            yield article


def _header(line: str) -> tuple[list[str], str]:
    """The column names in lower case and the delimiter that gives the most known ones."""
    rows = {delimiter: _columns(line, delimiter) for delimiter in _DELIMITERS}
    delimiter = max(rows, key=lambda mark: len(FIELD_NAMES.intersection(rows[mark])))
    names = rows[delimiter]
    if not {*HEADLINE_NAMES, *BODY_NAMES}.intersection(names):
        raise RecordError("a column title or headline, or body or content, is missing")
    return names, delimiter


def _columns(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []  # as it may be with a delimiter that is not the file's
    return [cell.strip().lower() for cell in cells]


def _row(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) < len(names) or any(cells[len(names) :]):
        raise RecordError(f"{len(cells)} cells in the row, {len(names)} columns in the header")
    return dict(zip(names, cells, strict=False))


class _LineError(RecordError):
    """A line that cannot be text of a table."""


class _CountedLines:
    """The lines of the file as text, which remembers those of the record at hand."""

    def __init__(self, source: SourceFile, on_bad: OnBad) -> None:
        self._lines = source.lines(on_bad)
        self._record: list[tuple[int, bytes]] = []
        self._again: list[tuple[int, bytes]] = []
        self._size = 0
        self._retries = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        numbered = self._again.pop() if self._again else next(self._lines)
        self._record.append(numbered)
        self._size += len(numbered[1])
        if self._size > RECORD_LIMIT and len(self._record) > 1:
            raise _LineError(TOO_LONG)
        try:
            text = numbered[1].decode()
        except UnicodeDecodeError:
            raise _LineError("not UTF-8 or UTF-16 text") from None
        if "\0" in text:
            raise _LineError("NUL in the row")
        return text

    @property
    def record_line(self) -> int:
        """The line on which the record at hand begins."""
        return self._record[0][0]

    def begin_record(self) -> None:
        self._record.clear()
        self._size = 0

    def retry_after_first_line(self) -> None:
        """Hand out once more all lines of the record at hand but its first.

        A quote left open takes in all lines below it, most of which are good rows.
        """
        if len(self._record) > 1 and self._retries < _RETRIES:
            self._retries += 1
            self._again += reversed(self._record[1:])
