"""The articles of JSON files: a document (an object, a list of them, several), or one a line."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Final, NamedTuple

from ..article import Article
from .bad_record import BadRecord, FieldNotice, Listener, RecordError
from .decoding import decode_record
from .draft import RecordDrafts
from .record_names import FieldNames
from .record_shapes import bulk_action, column_names, records_in
from .records import draft_from_json
from .source_file import RECORD_LIMIT, TOO_LONG, SourceFile

__all__ = ["RawRecord", "read_json_document", "read_json_lines", "split_records"]

# Semicolon and parenthesis end scripts around the data; RS begins a record of JSON text sequences.
_BETWEEN: Final = re.compile(rb"[^\s,;)\x1e]")
_OUTSIDE_TEXT: Final = re.compile(rb'["{}\[\]]')
_INSIDE_TEXT: Final = re.compile(rb'["\\\n]')
_SCALAR: Final = re.compile(rb"(?:-?\d[\d.eE+-]*|true|false|null)\s*")
_SCALAR_END: Final = re.compile(rb"[,\]\n]")
_INDENT: Final = re.compile(rb"[ \t]*")
#: What may stand before the data: comments, an assignment or a call around it.
_SCRIPT: Final = re.compile(
    rb"(?>\s*//[^\n]*\n|\s*/\*.*?\*/)*+\s*"
    rb"(?:(?:(?:var|let|const)\s+)?[\w.$]+\s*=|export\s+default|[\w.$]+\()?\s*(?=[\[{])",
    re.DOTALL,
)
_SCRIPT_BYTES: Final = 1 << 12
_NEXT_LINE: Final = re.compile(rb"\s*(\S)")
#: What is no JSON, but written where it should stand; texts in quotes come first.
_ODDITY: Final = re.compile(
    r'(?P<text>"(?:[^"\\]|\\.)*")|(?P<comma>,(?=\s*[}\]]))|(?P<comment>//[^\n]*|/\*.*?\*/)'
    r"|\b(?:new )?(?:ObjectId|ISODate|Date|Timestamp|UUID|Number(?:Long|Int|Decimal))"
    r'\(\s*(?P<value>"[^"]*"|-?[\d.]+)?[^()]*\)'
    r"|(?<=[{,])(?P<space>\s*)(?P<key>[A-Za-z_$][\w$]*)(?=\s*:)",
    re.DOTALL,
)
_MENDED_CHARACTERS: Final = 1_000_000
_BAD_ESCAPE: Final = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')
_PYTHON_CALL: Final = re.compile(
    r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"|\b(?:datetime\.)*(?:datetime|date|ObjectId|Timestamp|UUID|Decimal)(\([^()]*\))"
)
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
        self._pass_over_script()
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

    def _pass_over_script(self) -> None:
        """Go behind what makes a script of the data, if the file begins with it."""
        while len(self._buffer) < _SCRIPT_BYTES and self._load():
            pass
        if script := _SCRIPT.match(self._buffer, 0, _SCRIPT_BYTES):
            self._at = script.end()

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
            if char == ord("\n") and self._ends_here():
                raise _BrokenError("broken JSON: a line ends inside quotes")
            if char == ord("\\"):
                self._at += 1  # the character after a backslash
        raise _BrokenError("broken JSON: the file ends inside quotes")

    def _ends_here(self) -> bool:
        """Whether the next line goes on as JSON does, so that a quote is missing above it."""
        while (char := _NEXT_LINE.match(self._buffer, self._at)) is None and self._load():
            pass
        return char is None or char[1] in (b'"', b"{", b"}", b"[", b"]")

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
    """The articles of a file with one object a line; blank lines count but hold nothing.

    A list or an indented object, which some programs call so, too, is read as a document.
    """
    numbered = source.lines(told.bad)
    above = []
    for number, line in numbered:
        above.append(line)
        if bare := line.strip():
            if bare in (b"[", b"{"):
                records = split_records(chain(above, source.chunks()))
                return (yield from _articles(source, records, told, names))
            first = RawRecord(number, line)
            break
    else:
        told.bad(BadRecord(str(source.path), None, "no record in it"))
        return None
    rest = (RawRecord(number, line) for number, line in numbered if line.strip())
    return (yield from _articles(source, chain((first,), rest), told, names))


def read_json_document(
    source: SourceFile,
    told: Listener,
    names: FieldNames,
    chunks: Iterator[bytes] | None = None,
) -> Iterator[Article]:
    """The articles of a file that holds one object, a list of them, or several in a row.

    Objects and lists around the records are opened. `chunks`: the file, where it is read already.
    """
    records = split_records(source.chunks() if chunks is None else chunks)
    return _articles(source, records, told, names)


def _articles(
    source: SourceFile, records: Iterable[RawRecord], told: Listener, names: FieldNames
) -> Iterator[Article]:
    path = str(source.path)
    drafts = RecordDrafts(path, "json_lines", told)
    columns: list[str] | None = None
    record: RawRecord | None = None
    action: dict[str, object] | None = None
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
        if isinstance(value, list):
            if columns is None and (columns := column_names(value, names)):
                continue
            if columns and value and not isinstance(value[0], dict | list):
                value = dict(zip(columns, value, strict=False))
        elif (told_id := bulk_action(value)) is not None:
            action = told_id
            continue
        for number, inner in enumerate(records_in(value, names)):
            if not (source.begins(record.line) if number else begun):
                continue
            named = {**action, **inner} if action and isinstance(inner, dict) else inner
            article = drafts.article(record.line, partial(draft_from_json, named, names))
            if article is not None:
                yield article
        action = None
    drafts.end()
    if record is None:
        told.bad(BadRecord(path, None, "no record in it"))


def _parse(record: RawRecord) -> tuple[object, str]:
    """The record's value, and what had to be mended before it could be read."""
    if record.reason:
        raise RecordError(record.reason)
    text, said = decode_record(record.data)
    try:
        value = json.loads(text, strict=False)
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            value = json.loads(value, strict=False)  # JSON in JSON
    except RecursionError as error:
        raise RecordError(f"broken JSON: {error}") from error
    except ValueError as error:
        found = _mended(text)
        if found is None:
            raise RecordError(f"broken JSON: {error}") from error
        value, what = found
        said = f"{said}; {what}" if said else what
    return value, said


def _mended(text: str) -> tuple[object, str] | None:
    """The value of what is nearly JSON, and what it is; None where it cannot be told."""
    text = text.strip().rstrip(",;")
    if not text.startswith(("{", "[")) or len(text) > _MENDED_CHARACTERS:
        return None
    mended = _ODDITY.sub(_as_json, text)
    commas = _ODDITY.sub(lambda match: "" if match["comma"] else match[0], text)
    for form, what in (
        (commas, "a comma before a closing bracket was passed over"),
        (mended, "not JSON in every place: mended"),
    ):
        try:
            return json.loads(form, strict=False), what
        except (ValueError, RecursionError):
            continue
    try:
        plain = _PYTHON_CALL.sub(lambda match: match[1] or match[2], text)
        return ast.literal_eval(plain), "written by Python, not as JSON"
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _as_json(oddity: re.Match[str]) -> str:
    if (text := oddity["text"]) is not None:
        return _BAD_ESCAPE.sub(lambda escape: "\\" + (escape[1] or "\\"), text)
    if oddity["key"]:
        return f'{oddity["space"]}"{oddity["key"]}"'
    return "" if oddity["comma"] or oddity["comment"] else oddity["value"] or "null"
