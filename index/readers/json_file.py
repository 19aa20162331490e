"""The articles of JSON files: a document (an object, a list of them, several), or one a line."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from ..article import Article
from .bad_record import BadRecord, FieldNotice, Listener, RecordError
from .draft import RecordDrafts
from .record_names import FieldNames
from .records import draft_from_json, records_in
from .source_file import RECORD_LIMIT, TOO_LONG, SourceFile

__all__ = ["RawRecord", "read_json_document", "read_json_lines", "split_records"]

_BETWEEN: Final = re.compile(rb"[^\s,]")
_OUTSIDE_TEXT: Final = re.compile(rb'["{}\[\]]')
_INSIDE_TEXT: Final = re.compile(rb'["\\\n]')
_SCALAR: Final = re.compile(rb"(?:-?\d[\d.eE+-]*|true|false|null)\s*")
_SCALAR_END: Final = re.compile(rb"[,\]\n]")
_INDENT: Final = re.compile(rb"[ \t]*")
_TRAILING_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])')
_FIRST_OF_LIST: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|(?P<list>\[)\s*\{')
#: How many bytes may stand before the list in an object that is too long to be held.
_WRAPPING: Final = 1 << 16
_CLOSES: Final = {ord("}"): ord("{"), ord("]"): ord("[")}


class RawRecord(NamedTuple):
    """The bytes of one record and the 1-based line where it begins; `reason`: why it is broken."""

    line: int
    data: bytes
    reason: str = ""


def split_records(chunks: Iterator[bytes]) -> Iterator[RawRecord]:
    """The elements of the document's list, or its top-level values, without loading it whole.

    After a record whose brackets or quotes do not match, it goes on at the next line that begins
    with "{" and is indented no deeper than the broken one. A file that breaks while it is read ends
    with a broken record.
    """
    return _Splitter(chunks).records()


class _BrokenError(Exception):
    """The record at hand cannot be followed to its end."""


class _Splitter:
    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._buffer = bytearray()
        self._at = 0  # in the buffer: where the search goes on
        self._line = 1  # of the buffer's first byte
        self._failure = ""  # why the file cannot be read further

    def records(self) -> Iterator[RawRecord]:
        in_list = wrapped = False
        while (first := self._next_record()) is not None:
            if first == ord("]") and in_list:
                if wrapped:
                    return  # what closes the object around the list is no record
                in_list = False
                self._at += 1
            elif first == ord("[") and not in_list:
                in_list = True
                self._at += 1
            else:
                record = self._record(first, may_wrap=not in_list)
                if record is None:
                    in_list = wrapped = True
                else:
                    yield record
        if self._failure:
            yield RawRecord(self._line, b"", self._failure)

    def _next_record(self) -> int | None:
        """The byte with which the next record begins, where the search then stands."""
        while (match := _BETWEEN.search(self._buffer, self._at)) is None:
            self._drop(len(self._buffer))
            if not self._load():
                return None
        self._at = match.start()
        return self._buffer[self._at]

    def _record(self, first: int, *, may_wrap: bool) -> RawRecord | None:
        """The record at hand; None where it is too long, but has a list of records inside."""
        indent = self._indent()
        self._drop(self._at)
        line = self._line
        try:
            if first in b"{[":
                self._to_closing_bracket()
            elif first == ord('"'):
                self._at += 1
                self._to_closing_quote()
            else:
                self._to_scalar_end()
        except _BrokenError as error:
            if may_wrap and str(error) == TOO_LONG and self._enter_list():
                return None
            self._resume(indent)
            return RawRecord(line, b"", str(error))
        return RawRecord(line, bytes(self._buffer[: self._at]))

    def _enter_list(self) -> bool:
        """Go to the first list of objects in the record at hand, if it has one near its start."""
        for match in _FIRST_OF_LIST.finditer(self._buffer, 0, _WRAPPING):
            if match["list"]:
                self._at = match.end("list")
                return True
        return False

    def _indent(self) -> int:
        """How far the line of the record at hand is indented."""
        start = self._buffer.rfind(b"\n", 0, self._at) + 1
        match = _INDENT.match(self._buffer, start)
        return len(match[0]) if match else 0

    def _to_closing_bracket(self) -> None:
        open_brackets = bytearray()
        while (char := self._find(_OUTSIDE_TEXT)) is not None:
            self._at += 1
            if char == ord('"'):
                self._to_closing_quote()
            elif char in b"{[":
                open_brackets.append(char)
            elif open_brackets.pop() != _CLOSES[char]:
                raise _BrokenError("broken JSON: brackets that do not match")
            elif not open_brackets:
                return
        raise _BrokenError("broken JSON: the file ends inside this record")

    def _to_closing_quote(self) -> None:
        while (char := self._find(_INSIDE_TEXT)) is not None:
            self._at += 1
            if char == ord('"'):
                return
            if char == ord("\n"):
                raise _BrokenError("broken JSON: a line ends inside quotes")
            self._at += 1  # the character after a backslash
        raise _BrokenError("broken JSON: the file ends inside quotes")

    def _to_scalar_end(self) -> None:
        self._at += 1
        self._find(_SCALAR_END)
        if not _SCALAR.fullmatch(self._buffer, 0, self._at):
            raise _BrokenError("broken JSON: neither an object nor another value")

    def _find(self, pattern: re.Pattern[bytes]) -> int | None:
        """The next byte that the pattern matches, where the search then stands; None at the end."""
        while (match := pattern.search(self._buffer, self._at)) is None:
            self._at = max(self._at, len(self._buffer))
            if len(self._buffer) > RECORD_LIMIT:
                raise _BrokenError(TOO_LONG)
            if not self._load():
                return None
        self._at = match.start()
        return self._buffer[self._at]

    def _resume(self, indent: int) -> None:
        """Go to the next line that can begin a record."""
        start = re.compile(rb"\n[ \t]{0,%d}(?=\{)" % indent)
        self._at = max(0, self._at - 1)  # the line end itself may be what broke the record
        while (match := start.search(self._buffer, self._at)) is None:
            tail = self._buffer.rfind(b"\n", self._at)
            self._drop(tail if tail >= 0 else len(self._buffer))
            if not self._load():
                self._at = len(self._buffer)
                return
        self._at = match.end()

    def _load(self) -> bool:
        try:
            chunk = next(self._chunks, b"")
        except RecordError as error:
            self._failure = error.reason
            return False
        self._buffer += chunk
        return bool(chunk)

    def _drop(self, count: int) -> None:
        """Forget the first bytes of the buffer; the search goes on at its new start."""
        self._line += self._buffer.count(b"\n", 0, count)
        del self._buffer[:count]
        self._at = 0


def read_json_lines(source: SourceFile, told: Listener, names: FieldNames) -> Iterator[Article]:
    """The articles of a file with one object a line; blank lines count but hold nothing."""
    lines = (RawRecord(number, line) for number, line in source.lines(told.bad) if line.strip())
    return _articles(source, lines, told, names)


def read_json_document(source: SourceFile, told: Listener, names: FieldNames) -> Iterator[Article]:
    """The articles of a file that holds one object, a list of them, or several in a row.

    Objects and lists around the records are opened.
    """
    return _articles(source, split_records(source.chunks()), told, names)


def _articles(
    source: SourceFile, records: Iterable[RawRecord], told: Listener, names: FieldNames
) -> Iterator[Article]:
    path = str(source.path)
    drafts = RecordDrafts(path, "json_lines", told)
    for record in records:
        # Parsing is what may take too long. Of one that was passed over because it was read before,
        # the records inside are still to be counted.
        begun = source.begins(record.line)
        if not begun and source.watch.is_left_out:
            continue
        try:
            value, notice = _parse(record)
        except RecordError as error:
            if begun:
                told.bad(BadRecord(path, record.line, error.reason))
            continue
        if notice:
            told.notice(FieldNotice(path, record.line, notice))
        for number, inner in enumerate(records_in(value, names)):
            if not (source.begins(record.line) if number else begun):
                continue
            article = drafts.article(record.line, partial(draft_from_json, inner, names))
            if article is not None:
                yield article
    drafts.end()


def _parse(record: RawRecord) -> tuple[object, str]:
    """The record's value, and what had to be mended before it could be read."""
    if record.reason:
        raise RecordError(record.reason)
    try:
        text = record.data.decode()
        try:
            return json.loads(text, strict=False), ""
        except ValueError:
            mended = _TRAILING_COMMA.sub(lambda match: match[1] or "", text)
            if mended == text:
                raise
            return json.loads(
                mended, strict=False
            ), "a comma before a closing bracket was passed over"
    except UnicodeDecodeError as error:
        raise RecordError("not UTF-8 or UTF-16 text") from error
    except (ValueError, RecursionError) as error:
        raise RecordError(f"broken JSON: {error}") from error
