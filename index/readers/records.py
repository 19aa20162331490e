"""Field names of exported records (JSON objects, CSV rows), and their types."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from .bad_record import RecordError
from .draft import Draft, RawLink

__all__ = ["BODY_NAMES", "FIELD_NAMES", "HEADLINE_NAMES", "draft_from_json", "draft_from_row"]

HEADLINE_NAMES: Final = ("title", "headline")
BODY_NAMES: Final = ("body", "content")
_LEAD_NAMES: Final = ("lead", "description", "sapo")
_SECTION_NAMES: Final = ("category", "section")
_AUTHOR_NAMES: Final = ("author", "authors")
_TAG_NAMES: Final = ("tags", "keywords")
_PUBLISHED_NAMES: Final = ("published", "date", "published_at")
FIELD_NAMES: Final = frozenset(
    (
        *("id", "url", "source", "captions", "updated", "related"),
        *(*HEADLINE_NAMES, *_LEAD_NAMES, *BODY_NAMES, *_SECTION_NAMES),
        *(*_AUTHOR_NAMES, *_TAG_NAMES, *_PUBLISHED_NAMES),
    )
)
_SNIPPET_NAMES: Final = ("snippet", *_LEAD_NAMES)

_LIST_SEPARATOR: Final = re.compile(r"[,;]")

_Record = Mapping[str, object]


def draft_from_json(value: object) -> Draft:
    """The draft that a JSON object holds; keys it does not know are ignored.

    Raises:
        RecordError: not an object, or a field of the wrong type.
    """
    if not isinstance(value, dict):
        raise RecordError(f"expected an object, found {_kind(value)}")
    return _draft(value)


def draft_from_row(row: Mapping[str, str]) -> Draft:
    """The draft that the cells of a CSV row hold, by column name.

    Lists are written as JSON in the cell; authors and tags also as "A, B".

    Raises:
        RecordError: a cell that should hold JSON does not.
    """
    cells: dict[str, object] = dict(row)
    for name in ("related", "captions", *_AUTHOR_NAMES, *_TAG_NAMES):
        cell = row.get(name, "").strip()
        if cell.startswith("["):
            cells[name] = _json_cell(name, cell)
    return _draft(cells)


def _draft(record: _Record) -> Draft:
    return Draft(
        record_id=_id(record.get("id")),
        headline=_text(record, *HEADLINE_NAMES),
        lead=_text(record, *_LEAD_NAMES),
        body=_texts(record, *BODY_NAMES),
        captions=[line for text in _texts(record, "captions") for line in text.split("\n")],
        url=_text(record, "url"),
        source=_text(record, "source"),
        authors=_names(record, *_AUTHOR_NAMES),
        section=_text(record, *_SECTION_NAMES),
        tags=_names(record, *_TAG_NAMES),
        published=_text(record, *_PUBLISHED_NAMES),
        updated=_text(record, "updated"),
        related=list(_links(record.get("related"))),
    )


def _id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _checked_text("id", value)


def _text(record: _Record, *names: str) -> str:
    """The first of the fields that holds anything."""
    texts = (_checked_text(name, record.get(name)) for name in names)
    return next((text for text in texts if text.strip()), "")


def _texts(record: _Record, *names: str) -> list[str]:
    """The first of the fields that holds anything, a text or a list of texts."""
    for name in names:
        value = record.get(name)
        if isinstance(value, list):
            texts = [_checked_text(f"{name}[{at}]", item) for at, item in enumerate(value)]
        else:
            texts = [_checked_text(name, value)]
        if any(text.strip() for text in texts):
            return texts
    return []


def _checked_text(name: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError(f"{name} should be text, not {_kind(value)}")
    return value


def _links(value: object) -> Iterator[RawLink]:
    if value is None or value == "":
        return
    if not isinstance(value, list):
        raise RecordError(f"related should be a list, not {_kind(value)}")
    for at, item in enumerate(value):
        if isinstance(item, str):
            yield RawLink(item)
        elif isinstance(item, dict):
            yield RawLink(
                _text(item, *HEADLINE_NAMES), _text(item, *_SNIPPET_NAMES), _text(item, "url")
            )
        else:
            raise RecordError(f"related[{at}] should be an object, not {_kind(item)}")


def _names(record: _Record, *names: str) -> list[str]:
    return [part for text in _texts(record, *names) for part in _LIST_SEPARATOR.split(text)]


def _json_cell(name: str, cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{name} does not hold JSON ({error})") from error


def _kind(value: object) -> str:
    """What JSON calls the value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "an object"
