"""Pages as browsers and crawlers keep them: MHTML and WARC."""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr
from email import message_from_bytes
from email.message import Message
from typing import Any, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from ..article import Article
from .bad_record import BadRecord, FieldNotice, Listener, OtherFiles, RecordError
from .html_page import read_page
from .news_file import MemberFile
from .record_names import FieldNames
from .source_file import READ_ERRORS, RECORD_LIMIT, TOO_LONG, SourceFile, read_reason

__all__ = ["read_mhtml", "read_warc"]

_PAGE_TYPES: Final = ("text/html", "application/xhtml+xml")
_CHUNK: Final = 1 << 16
#: Pictures take most of it.
_MHTML_LIMIT: Final = 3 * RECORD_LIMIT
_WARC_ERRORS: Final = (ArchiveLoadFailed, StatusAndHeadersParserException, *READ_ERRORS)


def read_mhtml(source: SourceFile, told: Listener, _: FieldNames) -> Iterator[Article]:
    """The article of a page that a browser saved in one file."""
    try:
        data = source.read_whole(_MHTML_LIMIT)
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            yield from _page(source, told, data)  # a page under a name that is not its own
            return
        message = message_from_bytes(data.lstrip())
        page = next(
            (part for part in message.walk() if part.get_content_type() in _PAGE_TYPES), None
        )
        if page is None:
            raise RecordError("no page in it")
        content = page.get_payload(decode=True)
        if not isinstance(content, bytes):
            raise RecordError("no page in it")
    except RecordError as error:
        told.bad(BadRecord(str(source.path), None, error.reason))
        return
    address = _address(message["Snapshot-Content-Location"]) or _address(page["Content-Location"])
    yield from _page(source, told, content, charset=_charset(page), address=address)


def _charset(part: Message) -> str:
    return str(part.get_content_charset() or "")


def _address(value: object) -> str:
    """An address that a header holds, which mail programs may have folded."""
    return "".join(str(value).split()) if value and "://" in str(value) else ""


def read_warc(source: SourceFile, told: Listener, _: FieldNames) -> Iterator[Article]:
    """The articles of the pages that a crawler was answered with, redirects and errors left out.

    A record's place in the file, counted from 1, stands for its line.
    """
    path = str(source.path)
    number = 0
    others: Counter[str] = Counter()
    try:
        for record in _records(source):
            number += 1
            kind, header = _kind(record)
            if kind in _PAGE_TYPES:
                yield from _warc_page(source, told, record, header, number)
            elif kind:
                others[kind] += 1
    except _WARC_ERRORS as error:
        told.bad(BadRecord(path, number + 1, f"broken WARC: {read_reason(error, 'packed')}"))
    if others:
        told.notice(OtherFiles(path, tuple(others.most_common())))


def _records(source: SourceFile) -> Iterator[Any]:
    records = iter(ArchiveIterator(source.stream()))
    while True:
        # What warcio says of a record that is not as it should be is no report of ours.
        with redirect_stderr(io.StringIO()):
            try:
                record = next(records, None)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise ArchiveLoadFailed(f"a broken header ({error})") from error
        if record is None:
            return
        yield record


def _kind(record: Any) -> tuple[str, Message]:
    """What was answered: a media type, or why it is passed over; "" for what is no answer."""
    header = Message()
    if record.rec_type not in ("response", "resource"):
        return "", header
    held = record.http_headers or record.rec_headers
    if record.http_headers and record.http_headers.get_statuscode() != "200":
        return "redirects and errors", header
    header["Content-Type"] = held.get_header("Content-Type") or "application/octet-stream"
    return header.get_content_type(), header


def _warc_page(
    source: SourceFile, told: Listener, record: Any, header: Message, number: int
) -> Iterator[Article]:
    data = record.content_stream().read(RECORD_LIMIT + 1)
    address = _address(record.rec_headers.get_header("WARC-Target-URI")).strip("<>")
    reason = TOO_LONG if len(data) > RECORD_LIMIT else ""
    while record.raw_stream.read(_CHUNK):
        pass  # what follows the end of a chunked or packed page
    left: int = getattr(record.raw_stream, "limit", 0)
    if left > 0 and not reason:
        reason = "the file ends inside this record"
    if reason:
        told.bad(BadRecord(str(source.path), number, f"{address}: {reason}"))
        return
    yield from _page(source, told, data, _charset(header), address, number)


def _page(
    source: SourceFile,
    told: Listener,
    data: bytes,
    charset: str = "",
    address: str = "",
    line: int | None = None,
) -> Iterator[Article]:
    """The article of the page that these bytes are."""
    stream = io.BytesIO(data)
    file = MemberFile(
        source.path, ".html", stream=stream, packed=len(data), charset=charset, unpacked=True
    )
    try:
        with SourceFile(file, source.watch) as page:
            if page.notice:
                told.notice(FieldNotice(str(source.path), line, page.notice))
            yield from read_page(page, told, line=line, address=address)
    except RecordError as error:
        told.bad(BadRecord(str(source.path), line, error.reason))
