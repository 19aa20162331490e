"""The values of exported records: the texts in them, whatever lists and objects are around."""

import ast
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Final

__all__ = [
    "ADDRESS_KEYS",
    "ID_KEYS",
    "NAME_KEYS",
    "TEXT_KEYS",
    "TIME_KEYS",
    "captions_in",
    "is_empty",
    "kind_of",
    "parsed_cell",
    "texts_in",
    "times_in",
]

#: How databases mark a value by its type: Firestore, DynamoDB, MongoDB.
_TYPED: Final = (
    *("stringValue", "timestampValue", "integerValue", "arrayValue", "values", "mapValue"),
    *("S", "N", "L", "SS", "M", "$numberInt", "$numberLong"),
)
#: How exports wrap a text in an object, by what the text is; the first that holds anything counts.
TEXT_KEYS: Final = (
    *("rendered", "value", "@value", "#text", "_", "$t", "__cdata", "main", "html", "text"),
    *("content", "body", "blocks", "root", "children", "data", "paragraphs", "items"),
    *("name", "title", *_TYPED),
)
NAME_KEYS: Final = (
    *("name", "display_name", "full_name", "fullName", "fullname", "title", "label", "headline"),
    *("webTitle", "term", "value", "@value", "#text", "_", "$t", "text", "rendered"),
    *("slug", "user", "author", "person", "attributes", "data", "node", *_TYPED),
)
ADDRESS_KEYS: Final = (
    *("@id", "url", "href", "link", "value", "#text", "_", "rendered", "$t", *_TYPED),
)
ID_KEYS: Final = ("$oid", "value", "#text", "_", "$t", "rendered", "@id", *_TYPED)
TIME_KEYS: Final = (
    *("$date", "value", "@value", "#text", "_", "$t", "rendered", "iso", "datetime", "date"),
    *("text", "start", "timestamp", "seconds", "_seconds", "sec", *_TYPED),
)
_EMPTY: Final = re.compile(r"\s*(?:nan|nat|null|none|n/a|undefined|<na>|\\n)?\s*", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"[A-Za-z]{0,12}[_-]?\d{1,5}")
_LOCALE: Final = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
#: What objects of running text are: editors store a word in bold as one of its own.
_INLINE: Final = frozenset(
    ("text", "span", "link", "hyperlink", "hardBreak", "linebreak", "extended-text", "autolink")
)
#: How deep values are followed.
_DEPTH: Final = 16
_LONGEST_LIST: Final = 1_000_000
_FAMILY_NAME: Final = re.compile(
    r"(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trịnh|Đoàn|Mai"
    r"|Tô|Trương|Lâm|Cao|Hà|Tạ|Lương|Phùng|Thái|Châu|Chu|Kiều|Quách|Vương|Đào|Nông|La|Tống)\b"
)
_GIVEN_AND_FAMILY: Final = (
    *(("first_name", "last_name"), ("firstName", "lastName"), ("firstname", "lastname")),
    *(("given", "family"), ("givenName", "familyName"), ("given_name", "family_name")),
)


def texts_in(value: object, inner: tuple[str, ...], depth: int = 0) -> list[str]:
    """The texts in a value: in its lists all, in its objects those under the first good key.

    Runs of inline nodes, as editors store a paragraph, are one text.
    """
    if isinstance(value, str):
        return [] if _EMPTY.fullmatch(value) else [value]
    if isinstance(value, bool) or value is None or depth > _DEPTH:
        return []
    if isinstance(value, int | float):
        if isinstance(value, float) and not math.isfinite(value):
            return []
        return [str(int(value)) if value == int(value) else repr(value)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in texts_in(part, inner, depth + 1)]
    if isinstance(value, dict):
        return _texts_of_object(value, inner, depth)
    return []


def _texts_of_object(value: Mapping[str, object], inner: tuple[str, ...], depth: int) -> list[str]:
    if isinstance(ops := value.get("ops"), list):  # Quill
        return ["".join(str(op["insert"]) for op in ops if isinstance(_of(op, "insert"), str))]
    for key in ("children", "content"):
        if _kind_of_node(value) and (line := _running_text(value.get(key))).strip():
            return [line]
    if inner is NAME_KEYS and isinstance(name := value.get("name"), str):
        # {"name": "subject", "value": "Cầu đường"}: what it is, and the name.
        spoken = value.get("value")
        return texts_in(spoken if name.islower() and isinstance(spoken, str) else name, inner)
    for key in inner:
        if key in value and (texts := texts_in(value[key], inner, depth + 1)):
            return texts
    if inner is NAME_KEYS:
        for pair in _GIVEN_AND_FAMILY:
            given, family = (texts_in(value.get(key), inner, depth + 1) for key in pair)
            if given or family:
                first = family and _FAMILY_NAME.match(family[0])
                return [" ".join((*family, *given) if first else (*given, *family))]
    if value and all(map(_NUMBERED.fullmatch, value)):
        return texts_in(list(value.values()), inner, depth + 1)
    if value and all(map(_LOCALE.fullmatch, value)):
        own = sorted(value, key=lambda key: not key.startswith("vi"))
        return texts_in(value[own[0]], inner, depth + 1)
    return []


def _of(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _kind_of_node(value: object) -> object:
    return _of(value, "type") or _of(value, "_type") or _of(value, "nodeType")


def _running_text(nodes: object, depth: int = 0) -> str:
    """The text of inline nodes; "" where one of them is none."""
    if not isinstance(nodes, list) or not nodes or depth > _DEPTH:
        return ""
    parts = []
    for node in nodes:
        kind = _kind_of_node(node)
        if kind not in _INLINE:
            return ""
        text = _of(node, "text") if "text" in node else _of(node, "value")
        if isinstance(text, str):
            parts.append(text)
        elif kind in ("hardBreak", "linebreak"):
            parts.append("\n")
        else:
            inside = _of(node, "children") or _of(node, "content")
            parts.append(_running_text(inside, depth + 1))
    return "".join(parts)


_PICTURES: Final = ("url", "src", "file", "asset", "image", "href", "media")


def captions_in(value: object, depth: int = 0) -> Iterator[str]:
    """The captions of the pictures among the blocks of a body."""
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for part in value:
            yield from captions_in(part, depth + 1)
    elif isinstance(value, dict):
        caption = value.get("caption")
        if isinstance(caption, str) and any(value.get(key) for key in _PICTURES):
            yield caption
        for part in value.values():
            if isinstance(part, list | dict):
                yield from captions_in(part, depth + 1)


def times_in(value: object) -> list[str]:
    """The texts of a time: one where year, month and day, or a zone stand apart from each other."""
    if isinstance(value, list | tuple) and len(value) >= 3:
        numbers = [part for part in value if isinstance(part, int) and not isinstance(part, bool)]
        if len(numbers) == len(value) and numbers[0] > 999:
            return [_from_numbers(numbers)]
    if isinstance(value, dict):
        parts = [value.get(key) for key in ("year", "month", "day", "hour", "minute")]
        numbers = [part for part in parts if isinstance(part, int)]
        if len(numbers) >= 3:
            return [_from_numbers(numbers)]
        day, zone = value.get("date"), value.get("timezone")
        if isinstance(day, str) and isinstance(zone, str):  # PHP
            return [f"{day} {zone}"]
    return texts_in(value, TIME_KEYS)


def _from_numbers(numbers: list[int]) -> str:
    """ISO 8601; nine numbers are a struct_time of feedparser, which is in UTC."""
    day = "{:04}-{:02}-{:02}".format(*numbers[:3])
    clock = "T{:02}:{:02}".format(*numbers[3:5]) if len(numbers) > 4 else ""
    return f"{day}{clock}{'Z' if len(numbers) == 9 else ''}"


def is_empty(value: object) -> bool:
    """Whether the value says that there is none."""
    if isinstance(value, str):
        return _EMPTY.fullmatch(value) is not None
    if isinstance(value, float) and math.isnan(value):
        return True
    if isinstance(value, list):
        return all(part is None or part == "" for part in value)
    return value is None or value is False or value in ({}, ())


def parsed_cell(cell: str) -> object:
    """A text that holds a list or an object, in JSON or Python, parsed; else itself."""
    text = cell.strip()
    if text[:1] not in ("[", "{") or text[-1:] not in ("]", "}") or len(text) > _LONGEST_LIST:
        return cell
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass  # as pandas writes lists: with the quotes of Python
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return cell
    return list(value) if isinstance(value, set) else value


def kind_of(value: object) -> str:
    """What JSON calls the value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list | tuple) else "an object"
