"""CSV and TSV tables, one article a row under a header of field names."""

import csv
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Final

from analyzers import LegacyEncoding, repair_fields

from ..article import Article
from .bad_record import BadRecord, FieldNotice, Listener, RecordError
from .decoding import decode_record
from .draft import RecordDrafts
from .record_names import FieldNames
from .records import draft_from_row
from .source_file import RECORD_LIMIT, TOO_LONG, SourceFile

__all__ = ["read_csv"]

_SAID: Final = re.compile(r"\"?sep=(?P<mark>[^\w\s\"]|\t)\"?[,;\t]*\s*", re.IGNORECASE)
_DELIMITERS: Final = (",", ";", "\t", "|")
#: So many lines may stand above the header, and so many may its quotes hold.
_ABOVE_HEADER: Final = 12
_HEADER_LINES: Final = 40
_LEGACY: Final[tuple[LegacyEncoding, ...]] = ("tcvn3", "vni", "viscii", "vps", "cp1258")
#: A quote inside a cell as MySQL writes it, not the last character of one.
_ESCAPED_QUOTE: Final = re.compile(r'\\"(?!\s*[,;\t|]|\s*$)|\\"(?="\s*(?:[,;\t|]|$))')
# Reading again is for the odd quote left open; a file made of them must not take for ever.
_RETRIES: Final = 100


def read_csv(source: SourceFile, told: Listener, names: FieldNames) -> Iterator[Article]:
    """The articles of the table; comma, semicolon, tab or bar is told from the header.

    A first line "sep=;", as Excel writes it, tells it too. Lines above the header are passed over,
    with a note; a header in an old encoding is read in that.

    A row that cannot be read is reported at the line where it begins, and reading goes on at the
    line after that.
    """
    path = str(source.path)
    # The limit is the process's and by default below a long article.
    csv.field_size_limit(max(csv.field_size_limit(), RECORD_LIMIT))
    lines = _CountedLines(source, told)
    try:
        above, columns, delimiter = _header(lines, names)
    except RecordError as error:
        told.bad(BadRecord(path, 1, f"no header: {error}"))
        return
    if above:
        said = f"passed over above the header: {' / '.join(above)[:200]}"
        told.notice(FieldNotice(path, 1, said))
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


def _header(lines: "_CountedLines", names: FieldNames) -> tuple[list[str], list[str], str]:
    """The lines above the header, the column names, and the delimiter.

    The header is the first row near the top with columns that are known, one of them a headline or
    a body; the delimiter, where it is not told, the one that gives most of them.
    """
    above: list[str] = []
    marks: tuple[str, ...] = _DELIMITERS
    refused: list[str] = []
    for _ in range(_ABOVE_HEADER):
        if not (line := next(lines, "")):
            break
        if said := _SAID.fullmatch(line):
            marks = (said["mark"],)
            continue
        for more in islice(lines, _HEADER_LINES if line.count('"') % 2 else 0):
            line += more
            if line.count('"') % 2 == 0:
                break
        found = [
            (*_known(columns, names), mark) for mark in marks for columns in _columns(line, mark)
        ]
        if not found:
            continue
        known, columns, delimiter = max(found, key=lambda one: one[0])
        # One known word above the table may be its title: "Tin bài".
        if known > 1 or (known and not above):
            return above, _told_apart(columns), delimiter
        refused = refused or columns
        if text := line.strip(' \t\r\n,;|"'):
            above.append(" ".join(text.split()))
    if not refused:
        raise RecordError("no row in it")
    raise RecordError(
        f"no column is known as a headline or a body ({', '.join(refused)[:200]}); "
        "name one with --map"
    )


def _known(columns: list[str], names: FieldNames) -> tuple[int, list[str]]:
    """How many of the columns are known, 0 without headline and body; in the best encoding."""
    best = 0, columns
    for encoding in (None, *_LEGACY):
        converted = repair_fields(columns, encoding) if encoding else None
        read = columns if converted is None else list(converted.texts)
        keys = names.keys(dict.fromkeys(read))
        if not keys.keys().isdisjoint(("headline", "body")) and len(keys) > best[0]:
            best = len(keys), read
        if encoding is None and (best[0] or all(map(str.isascii, columns))):
            break
    return best


def _columns(line: str, delimiter: str) -> Iterator[list[str]]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return  # as it may be with a delimiter that is not the file's
    if any(cell.strip() for cell in cells):
        yield [" ".join(cell.split()) for cell in cells]


def _told_apart(columns: list[str]) -> list[str]:
    """The names, where one comes twice or is missing with the number of its column.

    A first column without a name is the index that pandas writes, which nobody misses.
    """
    return [
        name
        if name and name not in columns[:at]
        else f"{name or 'column'} ({at + 1})"
        if at
        else ""
        for at, name in enumerate(columns)
    ]


def _row(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    if len(cells) < len(names) or any(cells[len(names) :]):
        raise RecordError(f"{len(cells)} cells in the row, {len(names)} columns in the header")
    return dict(zip(names, cells, strict=False))


class _LineError(RecordError):
    """A line that cannot be text of a table."""


class _CountedLines:
    """The lines of the file as text, which remembers those of the record at hand."""

    def __init__(self, source: SourceFile, told: Listener) -> None:
        self._lines = source.lines(told.bad)
        self._path = str(source.path)
        self._told = told
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
            text, said = decode_record(numbered[1])
        except RecordError as error:
            raise _LineError(error.reason) from None
        if said:
            self._told.notice(FieldNotice(self._path, numbered[0], said))
        if "\0" in text:
            raise _LineError("NUL in the row")
        return _ESCAPED_QUOTE.sub('""', text) if '\\"' in text else text

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
