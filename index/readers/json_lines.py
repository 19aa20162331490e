"""JSON Lines and JSON documents, one article an object."""

import json
from collections.abc import Iterable, Iterator

from ..article import Article, Provenance
from .bad_record import BadRecord, OnBad, RecordError
from .json_splitter import RawRecord, split_records
from .records import draft_from_json
from .source_file import SourceFile

__all__ = ["read_json_document", "read_json_lines"]


def read_json_lines(source: SourceFile, on_bad: OnBad) -> Iterator[Article]:
    """The articles of a file with one object a line; blank lines count but hold nothing."""
    lines = (RawRecord(number, line) for number, line in source.lines(on_bad) if line.strip())
    return _articles(source, lines, on_bad)


def read_json_document(source: SourceFile, on_bad: OnBad) -> Iterator[Article]:
    """The articles of a file that holds one object, a list of them, or several in a row."""
    return _articles(source, split_records(source.chunks()), on_bad)


def _articles(source: SourceFile, records: Iterable[RawRecord], on_bad: OnBad) -> Iterator[Article]:
    path = str(source.path)
    for record in records:
        provenance = Provenance(reader="json_lines", path=path, line=record.line)
        try:
            article = draft_from_json(_parse(record)).to_article(provenance)
        except RecordError as error:
            on_bad(BadRecord(path, record.line, error.reason))
        else:
            yield article


def _parse(record: RawRecord) -> object:
    if record.reason:
        raise RecordError(record.reason)
    try:
        return json.loads(record.data.decode())
    except UnicodeDecodeError as error:
        raise RecordError("not UTF-8 or UTF-16 text") from error
    except (ValueError, RecursionError) as error:
        raise RecordError(f"broken JSON: {error}") from error
