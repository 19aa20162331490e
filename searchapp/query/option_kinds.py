"""The kinds of options: how each is read from an address, written to one, and described."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import Any, Final, Generic, TypeVar, cast

from index import normalized_query

from ..text.messages import Message, lazy_gettext

__all__ = [
    "Choice",
    "Day",
    "LabelsOption",
    "Names",
    "Number",
    "Option",
    "Schema",
    "WordsOption",
]

T = TypeVar("T")
Schema = dict[str, object]

_LARGEST_NUMBER: Final = 99_999_999


@dataclass(frozen=True, kw_only=True, eq=False)
class Option(ABC, Generic[T]):
    """A parameter of an address."""

    name: str
    field: str = ""
    """What it sets in SearchParams, or in Filters; its name where nothing is said."""
    default: T
    text: str = ""
    """Its meaning for OpenAPI, code in back quotes."""
    help: str = ""
    """Its meaning for the command line; "" where that does not offer it."""
    example: str | None = None
    required: bool = False
    in_path: bool = False
    on_pages: bool = True
    """Whether the website takes it, rather than the API and exports only."""
    repeated: bool = False
    """Whether it may have several values, each a parameter of its own."""
    code: str = "invalid-parameter"
    """The kind of problem that a wrong value is."""
    texts: Mapping[Any, str] = dataclass_field(init=False, default_factory=dict)
    """The texts of values that are not written as `str` does."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "field", self.field or self.name)

    @property
    @abstractmethod
    def schema(self) -> Schema:
        """Its values as JSON Schema."""

    @property
    def complaint(self) -> Message:
        """What to say of a wrong value."""
        return lazy_gettext("Thiếu “%(name)s”.", name=self.name)

    @abstractmethod
    def read(self, typed: Sequence[str]) -> T | None:
        """The value of these texts, at least one and none of them empty; None where it is wrong."""

    def pairs(self, value: T) -> list[tuple[str, str]]:
        """The query parameters that stand for a value; none for the default."""
        if value == self.default:
            return []
        return [(self.name, self.texts.get(value, str(value)))]

    def _default(self) -> Schema:
        return {} if self.required or self.default is None else {"default": self.default}


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice(Option[T]):
    """One of a few values, each under its text."""

    values: Mapping[str, T]

    def __post_init__(self) -> None:
        super().__post_init__()
        # An export has sizes that a page has not, and these have no text here.
        object.__setattr__(self, "texts", {value: text for text, value in self.values.items()})

    @property
    def schema(self) -> Schema:
        if all(type(value) is int for value in self.values.values()):
            return {"type": "integer", "enum": list(self.values.values()), **self._default()}
        default = self._default()
        if default:
            default = {"default": self.texts[self.default]}
        return {"type": "string", "enum": list(self.values), **default}

    @property
    def complaint(self) -> Message:
        return _one_of(self.name, self.values)

    def read(self, typed: Sequence[str]) -> T | None:
        return self.values.get(typed[-1])


@dataclass(frozen=True, kw_only=True, eq=False)
class Number(Option[T]):
    """A whole number from 1; T is int, or int | None where it may be left out."""

    most: int = _LARGEST_NUMBER
    metavar: str | None = None
    """What the command line calls it."""

    @property
    def schema(self) -> Schema:
        return {"type": "integer", "minimum": 1, "maximum": self.most, **self._default()}

    @property
    def complaint(self) -> Message:
        if self.most == _LARGEST_NUMBER:
            return lazy_gettext("“%(name)s” phải là số từ 1 trở lên.", name=self.name)
        return lazy_gettext(
            "“%(name)s” phải là số từ 1 đến %(most)s.", name=self.name, most=self.most
        )

    def read(self, typed: Sequence[str]) -> T | None:
        digits = typed[-1]
        if not (digits.isascii() and digits.isdecimal()):
            return None
        if len(digits) > len(str(_LARGEST_NUMBER)) or not 1 <= int(digits) <= self.most:
            return None
        return cast(T, int(digits))


@dataclass(frozen=True, kw_only=True, eq=False)
class WordsOption(Option[str]):
    """Text; `limits` are those that JSON Schema names."""

    default: str = ""
    limits: Mapping[str, object]
    clean: Callable[[str], str] = normalized_query

    @property
    def schema(self) -> Schema:
        return {"type": "string", **self.limits, **self._default()}

    def read(self, typed: Sequence[str]) -> str:
        return self.clean(typed[-1])


@dataclass(frozen=True, kw_only=True, eq=False)
class Day(Option[date | None]):
    """A day, or the first or last one of a month or year."""

    default: date | None = None
    code: str = "bad-date"
    parse: Callable[[str], date | None]

    @property
    def schema(self) -> Schema:
        about = "yyyy, yyyy-mm or yyyy-mm-dd in Vietnamese time, inclusive"
        return {"type": "string", "description": about}

    @property
    def complaint(self) -> Message:
        return lazy_gettext("Ngày chưa đúng. Hãy nhập dd/mm/yyyy, ví dụ 05/10/2026.")

    def read(self, typed: Sequence[str]) -> date | None:
        return self.parse(typed[-1])


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelsOption(Option[tuple[str, ...]]):
    """Names or slugs, each a parameter of its own."""

    default: tuple[str, ...] = ()
    repeated: bool = True

    @property
    def schema(self) -> Schema:
        return {"type": "array", "items": {"type": "string"}}

    def read(self, typed: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(typed))

    def pairs(self, value: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(self.name, text) for text in value]


@dataclass(frozen=True, kw_only=True, eq=False)
class Names(Option[tuple[str, ...]]):
    """Some of a few names with commas between them; 1 for all of them, 0 for none."""

    default: tuple[str, ...] = ()
    known: tuple[str, ...]

    @property
    def schema(self) -> Schema:
        one = "|".join(self.known)
        return {"type": "string", "pattern": f"^([01]|({one})(,({one}))*)$"}

    @property
    def complaint(self) -> Message:
        return _one_of(self.name, ("0", "1", *self.known))

    def read(self, typed: Sequence[str]) -> tuple[str, ...] | None:
        if typed[-1] in ("0", "1"):
            return self.known if typed[-1] == "1" else ()
        names = tuple(dict.fromkeys(typed[-1].split(",")))
        return names if set(names) <= set(self.known) else None

    def pairs(self, value: tuple[str, ...]) -> list[tuple[str, str]]:
        text = "1" if value == self.known else ",".join(value)
        return [(self.name, text)] if value else []


def _one_of(name: str, choices: Iterable[str]) -> Message:
    return lazy_gettext("“%(name)s” phải là: %(values)s.", name=name, values=", ".join(choices))
