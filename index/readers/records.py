"""Articles in exported records: JSON objects and CSV rows, whatever program wrote them."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from .bad_record import RecordError
from .bylines import split_names
from .draft import Draft, RawLink
from .markup import plain_text, read_markup
from .outlets import site_domain
from .record_dates import parse_time
from .record_names import FieldNames, key_form
from .record_values import (
    ADDRESS_KEYS,
    ID_KEYS,
    NAME_KEYS,
    TEXT_KEYS,
    captions_in,
    is_empty,
    kind_of,
    parsed_cell,
    texts_in,
    times_in,
)

__all__ = ["draft_from_json", "draft_from_row"]

_NUMBERS: Final = re.compile(r"[\d\s.,;-]+")
#: Fields whose texts may be lists or objects written out, and objects that hold more fields.
_WRITTEN_OUT: Final = frozenset(
    ("authors", "tags", "captions", "related", "body", "section", "source", "published", "updated")
)
_INNER: Final = frozenset(
    (
        *("meta", "metadata", "info", "detail", "details", "attributes"),
        *("properties", "extra", "fields", "seo", "og", "yoastheadjson"),
    )
)
_UNPUBLISHED: Final = ("draft", "auto-draft", "trash", "pending", "private", "scheduled", "future")
_WHOLE_FLOAT: Final = re.compile(r"(\d+)\.0+")
_SCANNED_LINES: Final = 10_000
_LINK_TAG: Final = re.compile(r"<a\b[^<>]*\bhref\s*=\s*[\"']([^\"'<>]+)", re.IGNORECASE)
_TIME_TAG: Final = re.compile(r"<time\b[^<>]*\bdatetime\s*=\s*[\"']([^\"'<>]+)", re.IGNORECASE)
#: Line ends that an export wrote as two characters each.
_ESCAPED_ENDS: Final = re.compile(
    r"(?<=[.!?…:”\"»)\s])(?:\\r)?\\n(?=[\s\\\W]|[A-ZÀ-ỸĐ])|(?:\\r)?\\n(?:\\r)?\\n"
)
_Record = Mapping[str, object]


def draft_from_json(value: object, names: FieldNames) -> Draft:
    """The draft that a JSON object holds; it names the keys that belong to no field.

    Raises:
        RecordError: not an object.
    """
    if not isinstance(value, dict):
        raise RecordError(f"expected an object, found {kind_of(value)}")
    if value.get("status") in _UNPUBLISHED and ("slug" in value or "id" in value):
        raise RecordError(f"not published (status {value['status']})")
    return _Reading(value, names).draft()


def draft_from_row(row: Mapping[str, str], names: FieldNames) -> Draft:
    """The draft that the cells of a CSV row hold, by column name.

    Lists are written as JSON or as Python writes them; authors and tags also as "A, B".
    """
    return _Reading(row, names).draft()


class _Reading:
    """One record while it is read; what is used and what is wrong is noted."""

    def __init__(self, record: _Record, names: FieldNames) -> None:
        self._record = record
        self._keys = names.keys(record)
        self._inner = self._add_inner(names)
        self._used: set[str] = set()
        self._notices: list[str] = []

    def _add_inner(self, names: FieldNames) -> tuple[str, ...]:
        """Take in, behind all others, the fields of the objects beside the text; their keys."""
        inner = []
        for key, value in self._record.items():
            if isinstance(value, list) and len(value) == 1:
                value = value[0]  # as Drupal writes every field
            if not isinstance(value, dict):
                continue
            if key in self._keys.get("body", ()):
                if isinstance(value.get("summary"), str):
                    self._keys.setdefault("lead", []).append(f"{key}.summary")
            elif key_form(key) in _INNER:
                inner.append(key)
                for field, keys in names.keys(value).items():
                    if field != "id":
                        self._keys.setdefault(field, []).extend(f"{key}.{k}" for k in keys)
        return tuple(inner)

    def draft(self) -> Draft:
        if (status := self._record.get("pubstatus")) in ("canceled", "withheld"):
            raise RecordError(f"not published: {status} by its agency")
        url = self._address()
        sections, tags = self._names("section"), self._names("tags")
        texts = self._texts("body", TEXT_KEYS)
        if 1 < len(texts) <= _SCANNED_LINES and not any(
            "<" in text or "\n" in text for text in texts
        ):
            texts = ["\n".join(texts)]  # they may be the lines of a scan
        body = [read_markup(_with_line_ends(text)) for text in texts]
        captions = [
            line
            for text in self._texts("captions", TEXT_KEYS)
            for line in plain_text(text).split("\n")
        ]
        captions += map(plain_text, self._block_captions())
        return Draft(
            record_id=self._id(),
            headline=plain_text(" ".join(self._texts("headline", TEXT_KEYS)[:1])),
            lead=" ".join(map(plain_text, self._texts("lead", TEXT_KEYS))),
            body=[line for text in body for line in text.paragraphs],
            captions=[*captions, *(line for text in body for line in text.captions)],
            url=url,
            source=plain_text(" ".join(self._texts("source", NAME_KEYS)[:1])),
            authors=self._names("authors"),
            section=sections[0] if sections else "",
            tags=[*tags, *sections[1:]],
            published=self._time("published"),
            updated=self._time("updated"),
            related=list(self._related()),
            notices=self._notices,
            ignored=self._ignored(),
        )

    def _id(self) -> str:
        """The record's id; an address is none, for which `article_id` makes its own."""
        text = "".join(self._texts("id", ID_KEYS)[:1])
        if whole := _WHOLE_FLOAT.fullmatch(text):  # as pandas writes numbers where one is missing
            text = whole[1]
        return "" if text.startswith(("http://", "https://")) else text

    def _time(self, field: str) -> str:
        """The time that the field names; parts of it may stand in a list."""
        for key, value in self._found(field):
            texts = [_time_text(text) for text in times_in(value)]
            self._used.add(key)
            if len(texts) > 1 and _is_time(joined := " ".join(texts)):
                return joined
            if texts:
                return texts[0]
            self._notices.append(f"{key} is {kind_of(value)} that holds no {field}: left out")
        return ""

    def _block_captions(self) -> Iterator[str]:
        for key, value in self._found("body"):
            if key in self._used and not isinstance(value, str):
                yield from captions_in(value)

    def _value(self, key: str) -> object:
        if key in self._record:
            return self._record[key]
        value: object = self._record
        for part in key.split("."):
            if isinstance(value, list) and len(value) == 1:
                value = value[0]
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def _found(self, field: str) -> Iterator[tuple[str, object]]:
        """The keys of the field whose values are not empty, the best first."""
        for key in self._keys.get(field, ()):
            value = self._value(key)
            if isinstance(value, str) and field in _WRITTEN_OUT:
                value = parsed_cell(value)
            if not is_empty(value):
                yield key, value

    def _texts(self, field: str, inner: tuple[str, ...]) -> list[str]:
        """The texts of the first key of the field that holds any."""
        for key, value in self._found(field):
            if texts := texts_in(_main_forms(value) if field in _FORMS else value, inner):
                self._used.add(key)
                return texts
            self._notices.append(f"{key} is {kind_of(value)} that holds no {field}: left out")
            self._used.add(key)
        return []

    def _names(self, field: str) -> list[str]:
        """Names, without those that are numbers or addresses, as other tables' keys are.

        In a list each element is one; a lone text holds several authors or tags.
        """
        for key, value in self._found(field):
            self._used.add(key)
            if isinstance(value, dict) and isinstance(value.get("original"), str):
                value = value["original"]  # the byline that was printed
            texts = texts_in(value, NAME_KEYS)
            if not texts and value is not True:
                self._notices.append(f"{key} is {kind_of(value)} that holds no {field}: left out")
            names = []
            for name in map(plain_text, texts):
                if _NUMBERS.fullmatch(name) or "://" in name:
                    self._notices.append(f"{field} {name[:80]!r} is no name: left out")
                else:
                    names += self._parted(field, name) if isinstance(value, str) else [name]
            if names:
                return names
        return []

    def _parted(self, field: str, name: str) -> list[str]:
        if field == "authors":
            return split_names(name)
        if field != "tags":
            return [name]
        marks = (mark for mark in (";", "|", ",") if mark in name)
        return name.split(next(marks, "#" if name.startswith("#") else ","))

    def _address(self) -> str:
        """The first that can be an address; a page's path is completed by the site's."""
        for key, value in self._found("url"):
            texts = texts_in(value, ADDRESS_KEYS)
            for text in texts:
                if address := self._completed(text.strip()):
                    self._used.add(key)
                    return address
            self._used.add(key)
            self._notices.append(f"{key} {' '.join(texts)[:80]!r} is no web address: left out")
        for _, value in self._found("id"):
            for text in texts_in(value, ID_KEYS):
                if text.startswith(("http://", "https://")):
                    return text
        return ""

    def _completed(self, text: str) -> str:
        if tag := _LINK_TAG.match(text):
            text = tag[1]
        scheme, found, rest = text.partition("://")
        if found and scheme.lower() in ("http", "https"):
            return text if "://" in rest else f"{scheme.lower()}://{rest.replace(' ', '%20')}"
        if text.startswith("//"):
            return f"https:{text}"
        if ":" in text or " " in text:
            return ""
        if text.startswith("/"):
            for _, value in self._found("source"):
                for source in texts_in(value, (*ADDRESS_KEYS, "name")):
                    if domain := site_domain(source):
                        return f"https://{domain}{text}"
            return ""
        host, _, path = text.partition("/")
        return f"https://{text}" if site_domain(host) and (path or host.startswith("www.")) else ""

    def _related(self) -> Iterator[RawLink]:
        for key, value in self._found("related"):
            self._used.add(key)
            if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
                self._notices.append(f"{key} holds no list that can be read: left out")
                return
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict):
                    yield RawLink(
                        *(
                            plain_text(" ".join(texts_in(_first(item, names), inner)))
                            for names, inner in _RELATED
                        )
                    )
                elif isinstance(item, str) and item.strip():
                    yield RawLink(plain_text(item))
                elif not is_empty(item):
                    self._notices.append(f"{key} holds {kind_of(item)}: left out")
            return

    def _ignored(self) -> tuple[str, ...]:
        """The keys that hold something, and nothing that the draft says already."""
        roots = {key if key in self._record else key.partition(".")[0] for key in self._used}
        left = [
            key
            for key, value in self._record.items()
            if key.strip() and key not in roots and key not in self._inner and not is_empty(value)
        ]
        left += [
            f"{key}.{inner}"
            for key in self._inner
            if isinstance(value := self._record[key], dict)
            for inner, held in value.items()
            if f"{key}.{inner}" not in self._used and not is_empty(held)
        ]
        if not left:
            return ()
        said = {_letters(self._record[key]) for key in roots if key in self._record}
        return tuple(key for key in left if _letters(self._value(key)) not in said)


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
    (("title", "headline", "name", "text"), TEXT_KEYS),
    (("snippet", "lead", "description", "sapo", "summary", "excerpt"), TEXT_KEYS),
    (("url", "link", "href"), ADDRESS_KEYS),
)


def _letters(value: object) -> str:
    """What a value says, whatever its markup and white space."""
    text = " ".join(texts_in(value, TEXT_KEYS)) or repr(value)
    return "".join("".join(read_markup(text).paragraphs).split())


def _first(record: _Record, names: tuple[str, ...]) -> object:
    return next((record[name] for name in names if not is_empty(record.get(name))), None)


def _with_line_ends(text: str) -> str:
    return text if "\\n" not in text or "\n" in text else _ESCAPED_ENDS.sub("\n", text)


def _time_text(text: str) -> str:
    """The time in a text that may be markup."""
    tag = _TIME_TAG.search(text) if "<" in text else None
    return tag[1] if tag else plain_text(text)


def _is_time(text: str) -> bool:
    try:
        return parse_time(text) is not None
    except RecordError:
        return False
