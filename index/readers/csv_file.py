"""CSV and TSV tables, one article a row under a header of field names."""

import csv
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from ..article import Article
from .bad_record import BadRecord, Listener, OnBad, RecordError
from .draft import RecordDrafts
from .record_names import FieldNames
from .records import draft_from_row
from .source_file import RECORD_LIMIT, TOO_LONG, SourceFile

__all__ = ["read_csv"]

_SAID: Final = re.compile(r"\"?sep=(?P<mark>[^\w\s\"]|\t)\"?[,;\t]*\s*", re.IGNORECASE)
_DELIMITERS: Final = (",", ";", "\t", "|")
# Reading again is for the odd quote left open; a file made of them must not take for ever.
_RETRIES: Final = 100


def read_csv(source: SourceFile, told: Listener, names: FieldNames) -> Iterator[Article]:
    """The articles of the table; comma, semicolon, tab or bar is told from the header.

    A first line "sep=;", as Excel writes it, tells it too.

    A row that cannot be read is reported at the line where it begins, and reading goes on at the
    line after that.
    """
    path = str(source.path)
    # The limit is the process's and by default below a long article.
    csv.field_size_limit(max(csv.field_size_limit(), RECORD_LIMIT))
    lines = _CountedLines(source, told.bad)
    try:
        header = next(lines, "")
        said = _SAID.fullmatch(header)
        columns, delimiter = _header(next(lines, "") if said else header, said, names)
    except RecordError as error:
        told.bad(BadRecord(path, 1, f"no header: {error}"))
        return
    drafts = RecordDrafts(path, "csv_file", told)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin_record()
        try:
            cells = next(rows, None)
            if cells is None:
                drafts.end()
                return
            if not any(cell.strip() for cell in cells):
                continue
            if not source.begins(lines.record_line):
                continue
            row = _row(columns, cells)
        except (csv.Error, _LineError) as error:
            told.bad(BadRecord(path, lines.record_line, f"broken CSV: {error}"))
            lines.retry_after_first_line()
        except RecordError as error:
            told.bad(BadRecord(path, lines.record_line, error.reason))
        else:
            article = drafts.article(lines.record_line, partial(draft_from_row, row, names))
            if article is not None:
                yield article


def _header(line: str, said: re.Match[str] | None, names: FieldNames) -> tuple[list[str], str]:
    """The column names and the delimiter: as told, else the one that gives most known columns."""
    marks = (said["mark"],) if said else _DELIMITERS
    rows = {mark: _columns(line, mark) for mark in marks}
    known = {mark: names.keys(dict.fromkeys(columns)) for mark, columns in rows.items()}
    delimiter = max(marks, key=lambda mark: len(known[mark]))
    if known[delimiter].keys().isdisjoint(("headline", "body")):
        raise RecordError(
            f"no column is known as a headline or a body ({', '.join(rows[delimiter])[:200]}); "
            "name one with --map"
        )
    return rows[delimiter], delimiter


def _columns(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []  # as it may be with a delimiter that is not the file's
    return [cell.strip() for cell in cells]


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
