"""Articles in exported records: JSON objects and CSV rows, whatever program wrote them."""

import ast
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Final

from .bad_record import RecordError
from .bylines import split_names
from .draft import Draft, RawLink
from .markup import plain_text, read_markup
from .outlets import site_domain
from .record_names import FieldNames

__all__ = ["draft_from_json", "draft_from_row", "records_in"]

#: How exports wrap a text in an object, by what the text is; the first that holds anything counts.
_TEXT_KEYS: Final = (
    *("rendered", "value", "@value", "#text", "_", "$t", "__cdata", "html", "text", "content"),
    *("blocks", "children", "data", "paragraphs", "name", "title"),
)
_NAME_KEYS: Final = (
    *("name", "display_name", "full_name", "fullName", "fullname", "title", "label", "headline"),
    *("value", "@value", "#text", "_", "$t", "text", "rendered", "slug"),
)
_ADDRESS_KEYS: Final = ("@id", "url", "href", "link", "value", "#text", "_", "rendered", "$t")
_ID_KEYS: Final = ("$oid", "value", "#text", "_", "$t", "rendered", "@id")
_TIME_KEYS: Final = ("$date", "$numberLong", "value", "@value", "#text", "_", "$t", "rendered")
#: Objects that hold the record instead of being one.
_WRAPPERS: Final = (
    *("_source", "attributes", "fields", "node", "article", "post", "item", "doc", "document"),
    *("data", "news", "object", "value", "entry", "channel"),
)
_EMPTY: Final = re.compile(r"\s*(?:nan|nat|null|none|n/a|undefined|<na>)?\s*", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"[\d\s.,;-]+")
_LISTED: Final = ("authors", "tags", "captions", "related", "body")
#: How deep values are followed, and how deep records may be wrapped.
_DEPTH: Final = 12
_LONGEST_LIST: Final = 1_000_000
_WRAPPED_DEPTH: Final = 6

_Record = Mapping[str, object]


def records_in(value: object, names: FieldNames, depth: int = 0) -> Iterator[object]:
    """The records that a parsed value is, or holds in its lists and objects; itself otherwise."""
    if isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        for part in value:
            yield from records_in(part, names, depth + 1)
        return
    if not isinstance(value, dict) or not any(isinstance(v, dict | list) for v in value.values()):
        yield value
        return
    if not _has_text(value, names) and depth < _WRAPPED_DEPTH:
        fields = {key for keys in names.keys(value).values() for key in keys}
        others = [value[key] for key in value if key not in fields or key in _WRAPPERS]
        found = [
            record
            for other in others
            for part in (other if isinstance(other, list) else [other])
            if isinstance(part, dict)
            for record in records_in(part, names, depth + 1)
            if isinstance(record, dict) and _is_record(record, names)
        ]
        # An object around one record may hold fields of it as well: its id, its address.
        if len(found) > 1 or (found and not any(key in value for key in _WRAPPERS)):
            yield from found
            return
        if found and isinstance(found[0], dict):
            inner = found[0]
            outer = {key: held for key, held in value.items() if not isinstance(held, dict | list)}
            yield {**outer, **inner}
            return
    yield value


def draft_from_json(value: object, names: FieldNames) -> Draft:
    """The draft that a JSON object holds; it names the keys that belong to no field.

    Raises:
        RecordError: not an object.
    """
    if not isinstance(value, dict):
        raise RecordError(f"expected an object, found {_kind(value)}")
    return _Reading(value, names).draft()


def draft_from_row(row: Mapping[str, str], names: FieldNames) -> Draft:
    """The draft that the cells of a CSV row hold, by column name.

    Lists are written as JSON or as Python writes them; authors and tags also as "A, B".
    """
    found = names.keys(row)
    cells: dict[str, object] = dict(row)
    for key in (key for field in _LISTED for key in found.get(field, ())):
        cells[key] = _listed_cell(row.get(key, ""))
    notices = []
    for key in found.get("related", ()):
        if str(cells[key]).lstrip()[:1] in ("[", "{") and isinstance(cells[key], str):
            cells[key] = None
            notices.append(f"{key} holds no list that can be read: left out")
    draft = _Reading(cells, names).draft()
    draft.notices.extend(notices)
    return draft


class _Reading:
    """One record while it is read; what is used and what is wrong is noted."""

    def __init__(self, record: _Record, names: FieldNames) -> None:
        self._record = record
        self._keys = names.keys(record)
        self._used: set[str] = set()
        self._notices: list[str] = []

    def draft(self) -> Draft:
        if (status := self._record.get("pubstatus")) in ("canceled", "withheld"):
            raise RecordError(f"not published: {status} by its agency")
        url = self._address()
        sections, tags = self._names("section"), self._split("tags")
        body = [read_markup(text) for text in self._texts("body", _TEXT_KEYS)]
        captions = [
            line for text in self._texts("captions", _TEXT_KEYS) for line in text.split("\n")
        ]
        return Draft(
            record_id=self._id(),
            headline=plain_text(" ".join(self._texts("headline", _TEXT_KEYS)[:1])),
            lead=" ".join(map(plain_text, self._texts("lead", _TEXT_KEYS))),
            body=[line for text in body for line in text.paragraphs],
            captions=[*captions, *(line for text in body for line in text.captions)],
            url=url,
            source=plain_text(" ".join(self._texts("source", _NAME_KEYS)[:1])),
            authors=self._split("authors"),
            section=sections[0] if sections else "",
            tags=[*tags, *sections[1:]],
            published=" ".join(self._texts("published", _TIME_KEYS)[:1]),
            updated=" ".join(self._texts("updated", _TIME_KEYS)[:1]),
            related=list(self._related()),
            notices=self._notices,
            ignored=self._ignored(),
        )

    def _id(self) -> str:
        """The record's id; an address is none, for which `article_id` makes its own."""
        text = "".join(self._texts("id", _ID_KEYS)[:1])
        return "" if text.startswith(("http://", "https://")) else text

    def _value(self, key: str) -> object:
        if key in self._record:
            return self._record[key]
        value: object = self._record
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def _found(self, field: str) -> Iterator[tuple[str, object]]:
        """The keys of the field whose values are not empty, the best first."""
        for key in self._keys.get(field, ()):
            value = self._value(key)
            if not _is_empty(value):
                yield key, value

    def _texts(self, field: str, inner: tuple[str, ...]) -> list[str]:
        """The texts of the first key of the field that holds any."""
        for key, value in self._found(field):
            if texts := _flat(_main_forms(value) if field in _FORMS else value, inner):
                self._used.add(key)
                return texts
            self._notices.append(f"{key} is {_kind(value)} that holds no {field}: left out")
            self._used.add(key)
        return []

    def _names(self, field: str) -> list[str]:
        """Names, without those that are numbers or addresses, as other tables' keys are."""
        names = []
        for name in map(plain_text, self._texts(field, _NAME_KEYS)):
            if _NUMBERS.fullmatch(name) or "://" in name:
                self._notices.append(f"{field} {name[:80]!r} is no name: left out")
            else:
                names.append(name)
        return names

    def _split(self, field: str) -> list[str]:
        """The names of a field: in a list each element is one, a lone text holds several."""
        for key, value in self._found(field):
            alone = isinstance(value, str)
            names = self._names(field)
            if alone and field == "authors":
                return [part for name in names for part in split_names(name)]
            if alone:
                mark = ";" if ";" in str(self._value(key)) else ","
                return [part for name in names for part in name.split(mark)]
            return names
        return []

    def _address(self) -> str:
        """The first that can be an address; a page's path is completed by the site's."""
        for key, value in self._found("url"):
            texts = _flat(value, _ADDRESS_KEYS)
            for text in texts:
                if address := self._completed(text.strip()):
                    self._used.add(key)
                    return address
            self._used.add(key)
            self._notices.append(f"{key} {' '.join(texts)[:80]!r} is no web address: left out")
        for _, value in self._found("id"):
            for text in _flat(value, _ID_KEYS):
                if text.startswith(("http://", "https://")):
                    return text
        return ""

    def _completed(self, text: str) -> str:
        if text.startswith(("http://", "https://")):
            return text
        if text.startswith("//"):
            return f"https:{text}"
        if ":" in text or " " in text:
            return ""
        if text.startswith("/"):
            for _, value in self._found("source"):
                for source in _flat(value, (*_ADDRESS_KEYS, "name")):
                    if domain := site_domain(source):
                        return f"https://{domain}{text}"
            return ""
        host, _, path = text.partition("/")
        return f"https://{text}" if site_domain(host) and path else ""

    def _related(self) -> Iterator[RawLink]:
        for key, value in self._found("related"):
            self._used.add(key)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    yield RawLink(
                        *(
                            plain_text(" ".join(_flat(_first(item, names), inner)))
                            for names, inner in _RELATED
                        )
                    )
                elif isinstance(item, str) and item.strip():
                    yield RawLink(plain_text(item))
                elif not _is_empty(item):
                    self._notices.append(f"{key} holds {_kind(item)}: left out")
            return

    def _ignored(self) -> tuple[str, ...]:
        """The keys that hold something, and nothing that the draft says already."""
        roots = {key.partition(".")[0] for key in self._used}
        left = [
            key
            for key, value in self._record.items()
            if key.strip() and key not in roots and not _is_empty(value)
        ]
        if not left:
            return ()
        said = {_letters(self._record[key]) for key in roots if key in self._record}
        return tuple(key for key in left if _letters(self._record[key]) not in said)


#: Fields whose texts ninjs gives in several forms: of several lengths, in HTML and without.
_FORMS: Final = ("headline", "lead", "body")


def _main_forms(value: object) -> object:
    """Of texts that are said to have a role or a type, the main ones, all of one type."""
    if not isinstance(value, list):
        return value
    forms = [(_form_of(part), part) for part in value]
    if not any(any(form) for form, _ in forms):
        return value
    forms = [each for each in forms if each[0][0] != "caption"] or forms
    main = [each for each in forms if each[0][0] == "main"] or forms
    kinds = [kind for (_, kind), _ in main]
    kind = next((kind for kind in kinds if "html" in kind), kinds[0])
    return [part for (_, other), part in main if other == kind]


def _form_of(part: object) -> tuple[str, str]:
    """The role and the media type of a text, "" for what it does not say."""
    held = part if isinstance(part, dict) else {}
    return str(held.get("role") or ""), str(
        held.get("contenttype") or held.get("contentType") or ""
    ).lower()


_RELATED: Final = (
    (("title", "headline", "name", "text"), _TEXT_KEYS),
    (("snippet", "lead", "description", "sapo", "summary", "excerpt"), _TEXT_KEYS),
    (("url", "link", "href"), _ADDRESS_KEYS),
)


def _letters(value: object) -> str:
    """What a value says, whatever its markup and white space."""
    text = " ".join(_flat(value, _TEXT_KEYS)) or repr(value)
    return "".join("".join(read_markup(text).paragraphs).split())


def _first(record: _Record, names: tuple[str, ...]) -> object:
    return next((record[name] for name in names if not _is_empty(record.get(name))), None)


def _is_record(value: _Record, names: FieldNames) -> bool:
    """Whether an object inside another is an article: it has a text, or a headline and more."""
    found = {
        field for field, keys in names.keys(value).items() if any(value.get(key) for key in keys)
    }
    return "body" in found or (
        "headline" in found and not found.isdisjoint(("lead", "url", "published"))
    )


def _has_text(value: _Record, names: FieldNames) -> bool:
    """Whether an object has a body of its own, or a headline and nothing that may hold records."""
    keys = names.keys(value)
    if any(
        _flat(value.get(key), _TEXT_KEYS) for key in keys.get("body", ()) if key not in _WRAPPERS
    ):
        return True
    headline = any(_flat(value.get(key), _TEXT_KEYS) for key in keys.get("headline", ()))
    lists = any(isinstance(held, list | dict) for key, held in value.items())
    return headline and not lists


def _flat(value: object, inner: tuple[str, ...], depth: int = 0) -> list[str]:
    """The texts in a value: in its lists all, in its objects those under the first good key."""
    if isinstance(value, str):
        return [] if _EMPTY.fullmatch(value) else [value]
    if isinstance(value, bool) or value is None or depth > _DEPTH:
        return []
    if isinstance(value, int | float):
        if isinstance(value, float) and not math.isfinite(value):
            return []
        return [str(int(value)) if value == int(value) else repr(value)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in _flat(part, inner, depth + 1)]
    if isinstance(value, dict):
        for key in inner:
            if texts := _flat(value.get(key), inner, depth + 1):
                return texts
    return []


def _is_empty(value: object) -> bool:
    if isinstance(value, str):
        return _EMPTY.fullmatch(value) is not None
    if isinstance(value, float) and math.isnan(value):
        return True
    return value is None or value is False or value in ([], {}, ())


def _listed_cell(cell: str) -> object:
    """A cell that holds a list or an object, parsed; else the cell."""
    text = cell.strip()
    if text[:1] not in ("[", "{") or len(text) > _LONGEST_LIST:
        return cell
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass  # as pandas writes lists: with the quotes of Python
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return cell


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
