"""The records in a parsed file: what exporters put around them opened, tables turned to rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from .record_names import FieldNames, key_form
from .record_values import NAME_KEYS, TEXT_KEYS, texts_in

__all__ = ["bulk_action", "column_names", "records_in"]

#: Objects that hold the record instead of being one.
_WRAPPERS: Final = (
    *("_source", "attributes", "fields", "node", "article", "post", "item", "doc", "document"),
    *("data", "news", "object", "value", "entry", "channel", "row"),
)
#: Objects beside a list of records that tell of the list.
_ABOUT_LISTS: Final = frozenset(
    (
        *("feed", "meta", "channel", "site", "source", "info"),
        *("query", "pagination", "publisher", "author", "seo", "user"),
    )
)
#: How deep records may be wrapped.
_WRAPPED_DEPTH: Final = 6
_ARTICLE_TYPE: Final = re.compile(r"article|posting|report|review", re.IGNORECASE)
_LOCALE: Final = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
_BULK: Final = ("index", "create", "update", "delete")

_Record = Mapping[str, object]


def records_in(value: object, names: FieldNames) -> Iterator[object]:
    """The records that a parsed value is, or holds in its lists and objects; itself otherwise.

    Read are also the tables of pandas in every orientation, lists by column, JSON-LD graphs, and
    the exports of Ghost and of WordPress with its embedded names.
    """
    for record in _opened(value, names, 0):
        if isinstance(record, dict) and isinstance(record.get("_embedded"), dict):
            yield {**record, **_embedded(record["_embedded"])}
        else:
            yield record


def column_names(value: object, names: FieldNames) -> list[str] | None:
    """The value as the header of rows that are lists themselves; None where it is none."""
    if not isinstance(value, list) or not all(isinstance(cell, str) for cell in value):
        return None
    known = names.keys(dict.fromkeys(value))
    return value if len(known) > 1 and not known.keys().isdisjoint(("headline", "body")) else None


def bulk_action(value: object) -> dict[str, object] | None:
    """The id that a line of an Elasticsearch bulk file gives to the next, as {"_id": …}.

    Empty for the action without one; None for what is no such line.
    """
    if not isinstance(value, dict) or len(value) != 1:
        return None
    action, about = next(iter(value.items()))
    if action not in _BULK or not isinstance(about, dict):
        return None
    if any(
        not key.startswith("_") and key not in ("routing", "retry_on_conflict") for key in about
    ):
        return None
    return {"_id": about["_id"]} if "_id" in about else {}


def _opened(value: object, names: FieldNames, depth: int) -> Iterator[object]:
    if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        for part in value:
            yield from _opened(part, names, depth + 1)
        return
    if isinstance(value, list) and value and (columns := column_names(value[0], names)):
        for row in value[1:]:
            yield dict(zip(columns, row, strict=False)) if isinstance(row, list) else row
        return
    if not isinstance(value, dict) or not any(isinstance(v, dict | list) for v in value.values()):
        yield value
        return
    if (rows := _rows(value, names)) is not None:
        yield from rows
        return
    if not _has_text(value, names) and depth < _WRAPPED_DEPTH:
        listed, single = _found(value, names, depth)
        found = listed + single
        outer = {key: held for key, held in value.items() if not isinstance(held, dict | list)}
        if found and _is_headed(outer, names) and not any(_has_headline(r, names) for r in found):
            yield {**value, **found[0]} if len(found) == 1 and single else value
            return
        # An object around one record may hold fields of it as well: its id, its address.
        if len(found) > 1 or (found and not any(key in value for key in _WRAPPERS)):
            yield from found
            return
        if found:
            if single:
                outer = {key: held for key, held in value.items() if key not in _WRAPPERS}
            yield {**outer, **found[0]}
            return
    yield value


def _found(
    value: _Record, names: FieldNames, depth: int
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The records in the lists of an object, and those in its objects."""
    fields = {key for keys in names.keys(value).values() for key in keys}
    listed: list[dict[str, object]] = []
    single: list[dict[str, object]] = []
    about = []
    for key, held in value.items():
        if key in fields and key not in _WRAPPERS:
            continue
        found = [
            record
            for part in (held if isinstance(held, list) else [held])
            if isinstance(part, dict)
            for record in _opened(part, names, depth + 1)
            if isinstance(record, dict) and _is_record(record, names)
        ]
        if isinstance(held, list):
            listed += found
        elif key in _ABOUT_LISTS:
            about += found
        else:
            single += found
    if not listed:
        single += about
    if any(_ARTICLE_TYPE.search(str(record.get("@type"))) for record in listed):
        listed = [r for r in listed if _ARTICLE_TYPE.search(str(r.get("@type", "article")))]
    return listed, single


def _rows(value: _Record, names: FieldNames) -> list[dict[str, object]] | None:
    """The rows of a table that is stored by column or apart from its header, or as tables."""
    columns, data = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(data, list) and column_names(columns, names):
        return [dict(zip(columns, row, strict=False)) for row in data if isinstance(row, list)]
    if isinstance(posts := value.get("posts"), list) and isinstance(value.get("users"), list):
        return [_ghost_post(post, value) for post in posts if isinstance(post, dict)]
    held = list(value.values())
    first = held[0]
    known = names.keys(value)
    if known.keys().isdisjoint(("headline", "body")) or len(known) < 2:
        return None
    if isinstance(first, dict) and first and all(isinstance(column, dict) for column in held):
        keys = list(first)
        if any(column.keys() != first.keys() for column in held):  # type: ignore[attr-defined]
            return None
        if any(key in TEXT_KEYS or _LOCALE.fullmatch(key) for key in keys):
            return None
        return [{name: column[key] for name, column in value.items()} for key in keys]  # type: ignore[index]
    if isinstance(first, list) and len(first) > 1 and all(isinstance(c, list) for c in held):
        titles = value[known.get("headline", known.get("body", [""]))[0]]
        if {len(column) for column in held} != {len(first)} or not all(  # type: ignore[arg-type]
            isinstance(title, str)
            for title in titles  # type: ignore[attr-defined]
        ):
            return None
        return [dict(zip(value, row, strict=True)) for row in zip(*held, strict=True)]
    return None


def _ghost_post(post: dict[str, object], tables: _Record) -> dict[str, object]:
    """A post of Ghost's export with the names of its authors and tags, which are tables there."""

    def joined(table: str, by: str, through: str, first: object = None) -> list[str]:
        held = {row.get("id"): row.get("name") for row in _dicts(tables.get(table))}
        rows = [row for row in _dicts(tables.get(through)) if row.get("post_id") == post.get("id")]
        rows.sort(key=lambda row: int(str(row.get("sort_order") or 0)))
        ids = [row.get(by) for row in rows] or [first]
        return [name for key in ids if isinstance(name := held.get(key), str)]

    tags = joined("tags", "tag_id", "posts_tags")
    authors = joined("users", "author_id", "posts_authors", post.get("author_id"))
    return {
        **{key: held for key, held in post.items() if key != "author_id"},
        "authors": authors,
        "section": tags[0] if tags else "",
        "tags": tags[1:],
    }


def _embedded(held: _Record) -> dict[str, object]:
    """What WordPress embeds under its own names: people, categories, tags, captions."""
    groups = held.get("wp:term")
    terms = [
        term for group in (groups if isinstance(groups, list) else ()) for term in _dicts(group)
    ]
    media = _dicts(held.get("wp:featuredmedia"))
    return {
        "_embedded": None,
        "author": texts_in(held.get("author"), NAME_KEYS),
        "categories": [term.get("name") for term in terms if term.get("taxonomy") == "category"],
        "tags": [term.get("name") for term in terms if term.get("taxonomy") == "post_tag"],
        "captions": texts_in([one.get("caption") for one in media], TEXT_KEYS),
    }


def _dicts(value: object) -> Sequence[dict[str, object]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else ()


def _has_headline(value: _Record, names: FieldNames) -> bool:
    """Whether it has a headline, a `name` not counted, which everything has."""
    return any(value.get(k) for k in names.keys(value).get("headline", ()) if key_form(k) != "name")


def _is_headed(value: _Record, names: FieldNames) -> bool:
    return _has_headline(value, names) and not names.keys(value).keys().isdisjoint(
        ("lead", "url", "published")
    )


def _is_record(value: _Record, names: FieldNames) -> bool:
    """Whether an object inside another is an article: it has a text, or a headline and more."""
    keys = names.keys(value)
    found = {field for field, held in keys.items() if any(value.get(key) for key in held)}
    return "body" in found or (
        _has_headline(value, names) and not found.isdisjoint(("lead", "url", "published"))
    )


def _has_text(value: _Record, names: FieldNames) -> bool:
    """Whether an object has a body of its own, or a headline and nothing that may hold records."""
    keys = names.keys(value)
    if any(
        texts_in(value.get(key), TEXT_KEYS) for key in keys.get("body", ()) if key not in _WRAPPERS
    ):
        return True
    headline = any(texts_in(value.get(key), TEXT_KEYS) for key in keys.get("headline", ()))
    lists = any(isinstance(held, list | dict) for key, held in value.items())
    return headline and not lists
