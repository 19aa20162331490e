"""Every option of a search, once: its name, its values, its default and what it means.

Reading an address, writing one, OpenAPI and the command line are loops over SEARCH: a new option is
a row here and what it does in `index`. Each kind of option is a class; the other parameters of the
API are options of the same kinds.
"""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar, cast

from index import MAX_QUERY_LENGTH, AccentMode, QueryMode, SortOrder

from ..text.days import first_day, last_day
from ..text.wording import Text, text

__all__ = [
    "DATE_FACETS",
    "DEFAULT_PER_PAGE",
    "FACETS",
    "FIELDS",
    "FILTERS",
    "FILTER_NAMES",
    "ON_PAGES",
    "PAGE",
    "PAGING",
    "PER_PAGE",
    "PER_PAGE_CHOICES",
    "QUERY",
    "READING",
    "SEARCH",
    "Choice",
    "Day",
    "Labels",
    "Number",
    "Option",
    "Schema",
    "Words",
    "normalized_query",
]

T = TypeVar("T")
_E = TypeVar("_E", bound=StrEnum)

Schema = dict[str, object]

PER_PAGE_CHOICES: Final = (10, 20, 50, 100)
DEFAULT_PER_PAGE: Final = 20
#: Parts of an article that a search can be limited to.
FIELDS: Final = ("all", "title", "lead", "body", "caption", "author", "related")
#: Labels whose number of hits can be asked for.
FACETS: Final = ("section", "source", "author", "tag", "year", "month", "day")
#: Those of them that are spans of days.
DATE_FACETS: Final = ("year", "month", "day")
_LARGEST_NUMBER: Final = 99_999_999
_MAX_RECENCY: Final = 36_500
# Not str.split: a no-break space is a letter in text of the old encoding TCVN3.
_SPACES: Final = re.compile(r"[ \t\r\n]+")


def normalized_query(typed: str) -> str:
    """The typed text in NFC, white space folded and taken off both ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", typed)).strip(" ")


@dataclass(frozen=True, kw_only=True, eq=False)
class Option(ABC, Generic[T]):
    """A parameter of an address."""

    name: str
    field: str = ""
    """What it sets in SearchParams (of FILTERS: in Filters); "" where only one endpoint has it."""
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

    @property
    def repeated(self) -> bool:
        """Whether it may have several values."""
        return False

    @property
    def code(self) -> str:
        """The kind of problem that a wrong value is."""
        return "invalid-parameter"

    @property
    @abstractmethod
    def schema(self) -> Schema:
        """Its values as JSON Schema."""

    @property
    @abstractmethod
    def complaint(self) -> Text:
        """What to say of a wrong value."""

    @abstractmethod
    def read(self, typed: Sequence[str]) -> T | None:
        """The value of these texts, at least one and none of them empty; None where it is wrong."""

    def written(self, value: T) -> tuple[str, ...]:
        """The texts that stand for the value in an address; none for the default."""
        return () if value == self.default else (self.spelled(value),)

    def pairs(self, value: T) -> list[tuple[str, str]]:
        """The same as query parameters."""
        return [(self.name, text) for text in self.written(value)]

    def spelled(self, value: T) -> str:
        """The text that stands for a value."""
        return str(value)


@dataclass(frozen=True, kw_only=True, eq=False)
class Choice(Option[T]):
    """One of a few values, each under its text."""

    values: Mapping[str, T]

    @property
    def schema(self) -> Schema:
        numbers = all(type(value) is int for value in self.values.values())
        shown: list[object] = list(self.values.values() if numbers else self.values)
        schema: Schema = {"type": "integer" if numbers else "string", "enum": shown}
        if not self.required and self.default is not None:
            schema["default"] = self.default if numbers else self.spelled(self.default)
        return schema

    @property
    def complaint(self) -> Text:
        choices = ", ".join(self.values)
        return text("“%(name)s” phải là: %(values)s.", name=self.name, values=choices)

    def read(self, typed: Sequence[str]) -> T | None:
        return self.values.get(typed[-1])

    def spelled(self, value: T) -> str:
        texts = (shown for shown, known in self.values.items() if known == value)
        # An export has sizes that a page has not.
        return next(texts, str(value))


@dataclass(frozen=True, kw_only=True, eq=False)
class Number(Option[T]):
    """A whole number from 1; T is int, or int | None where it may be left out."""

    most: int = _LARGEST_NUMBER
    metavar: str | None = None
    """What the command line calls it."""

    @property
    def schema(self) -> Schema:
        default = {} if self.default is None else {"default": self.default}
        return {"type": "integer", "minimum": 1, "maximum": self.most, **default}

    @property
    def complaint(self) -> Text:
        if self.most == _LARGEST_NUMBER:
            return text("“%(name)s” phải là số từ 1 trở lên.", name=self.name)
        return text("“%(name)s” phải là số từ 1 đến %(most)s.", name=self.name, most=self.most)

    def read(self, typed: Sequence[str]) -> T | None:
        digits = typed[-1]
        if not (digits.isascii() and digits.isdecimal()):
            return None
        if len(digits) > len(str(_LARGEST_NUMBER)) or not 1 <= int(digits) <= self.most:
            return None
        return cast(T, int(digits))


@dataclass(frozen=True, kw_only=True, eq=False)
class Words(Option[str]):
    """Text; `limits` are those that JSON Schema names."""

    limits: Mapping[str, object]
    clean: Callable[[str], str] = normalized_query

    @property
    def schema(self) -> Schema:
        default = {} if self.required else {"default": self.default}
        return {"type": "string", **self.limits, **default}

    @property
    def complaint(self) -> Text:
        return text("Thiếu “%(name)s”.", name=self.name)

    def read(self, typed: Sequence[str]) -> str:
        return self.clean(typed[-1])


@dataclass(frozen=True, kw_only=True, eq=False)
class Day(Option[date | None]):
    """A day, or the first or last one of a month or year."""

    parse: Callable[[str], date | None]

    @property
    def code(self) -> str:
        return "bad-date"

    @property
    def schema(self) -> Schema:
        about = "yyyy, yyyy-mm or yyyy-mm-dd in Vietnamese time, inclusive"
        return {"type": "string", "description": about}

    @property
    def complaint(self) -> Text:
        return text("Ngày chưa đúng. Hãy nhập dd/mm/yyyy, ví dụ 05/10/2026.")

    def read(self, typed: Sequence[str]) -> date | None:
        return self.parse(typed[-1])


@dataclass(frozen=True, kw_only=True, eq=False)
class Labels(Option[tuple[str, ...]]):
    """Names or slugs, each a value of its own."""

    default: tuple[str, ...] = ()

    @property
    def repeated(self) -> bool:
        return True

    @property
    def schema(self) -> Schema:
        return {"type": "array", "items": {"type": "string"}}

    @property
    def complaint(self) -> Text:
        raise AssertionError("no label is wrong")

    def read(self, typed: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(typed))

    def written(self, value: tuple[str, ...]) -> tuple[str, ...]:
        return value


@dataclass(frozen=True, kw_only=True, eq=False)
class FacetNames(Option[tuple[str, ...]]):
    """Names with commas between them, or 1 for all of them."""

    @property
    def schema(self) -> Schema:
        one = "|".join(FACETS)
        return {"type": "string", "pattern": f"^([01]|({one})(,({one}))*)$"}

    @property
    def complaint(self) -> Text:
        choices = ", ".join(("0", "1", *FACETS))
        return text("“%(name)s” phải là: %(values)s.", name=self.name, values=choices)

    def read(self, typed: Sequence[str]) -> tuple[str, ...] | None:
        if typed[-1] in ("0", "1"):
            return FACETS if typed[-1] == "1" else ()
        names = tuple(dict.fromkeys(typed[-1].split(",")))
        return names if set(names) <= set(FACETS) else None

    def spelled(self, value: tuple[str, ...]) -> str:
        return "1" if value == FACETS else ",".join(value)


def _members(kind: type[_E]) -> dict[str, _E]:
    return {str(member): member for member in kind}


QUERY: Final = Words(
    name="q",
    field="query",
    default="",
    text="Words, with accents, without or with some of them; empty: the newest articles.",
    limits={"maxLength": MAX_QUERY_LENGTH},
    example="ha noi",
)
#: How the words are read.
READING: Final[tuple[Option[Any], ...]] = (
    QUERY,
    Choice(
        name="mode",
        field="mode",
        default=QueryMode.SIMPLE,
        values=_members(QueryMode),
        text="`simple` never fails; `advanced` reports syntax errors with their position.",
        help="advanced: report syntax errors with their position.",
    ),
    Choice(
        name="accents",
        field="accents",
        default=AccentMode.AUTO,
        values=_members(AccentMode),
        text="`auto`: typed accents count, missing ones are free; `exact`; `fold`: none counts.",
        help="auto: typed accents count, missing ones are free.",
    ),
    Choice(
        name="field",
        field="field",
        default=FIELDS[0],
        values={name: name for name in FIELDS},
        text="The part of the articles that is searched.",
        help="Search only this part of the articles.",
    ),
    Choice(
        name="expand",
        field="expand",
        default=True,
        values={"all": True, "none": False},
        text="`none`: abbreviations and other spellings are left out.",
        help="Leave abbreviations and other spellings out.",
    ),
    Choice(
        name="nofix",
        field="fix",
        default=True,
        values={"0": True, "1": False},
        text="`1`: the query is searched exactly as it was typed.",
        help="Search exactly as typed, even if nothing is found.",
    ),
    Choice(
        name="collapse",
        field="collapse",
        default=True,
        values={"0": False, "1": True},
        text="`0`: articles that are nearly the same text are hits of their own.",
    ),
    Number[int | None](
        name="recency",
        field="recency",
        default=None,
        most=_MAX_RECENCY,
        metavar="DAYS",
        text="Newer articles are preferred: days in which what the newest gain halves.",
        help="Prefer newer articles: days in which what the newest gain halves.",
    ),
)
_LABELS: Final = tuple(
    option
    for name, some, one in (
        ("source", "Sources", "newspaper"),
        ("section", "Sections", "section"),
        ("author", "Authors", "author"),
    )
    for option in (
        Labels(
            name=name,
            field=f"{name}s",
            text=f"{some} to search: slugs or names. Several are alternatives.",
            help=f"Only this {one}: name or slug; repeatable.",
        ),
        Labels(
            name=f"not_{name}",
            field=f"not_{name}s",
            text=f"{some} to leave out: slugs or names.",
        ),
    )
)
#: Which articles may be found at all.
FILTERS: Final[tuple[Option[Any], ...]] = (
    *_LABELS,
    Day(
        name="from",
        field="published_from",
        default=None,
        parse=first_day,
        text="Published then or later.",
        help="Published then or later.",
        example="2026-10",
    ),
    Day(
        name="to",
        field="published_to",
        default=None,
        parse=last_day,
        text="Published then or earlier.",
        help="Published then or earlier.",
    ),
)
#: Parameters that may be given more than once, and the fields of Filters they fill.
FILTER_NAMES: Final = {
    option.name: option.field
    for option in sorted(_LABELS, key=lambda option: option.name.startswith("not_"))
}
PAGE: Final = Number[int](
    name="page",
    field="page",
    default=1,
    text="The number of the page; `page` × `per_page` ≤ 10,000.",
)
PER_PAGE: Final = Choice(
    name="per_page",
    field="per_page",
    default=DEFAULT_PER_PAGE,
    values={str(number): number for number in PER_PAGE_CHOICES},
    text="How many stand on a page.",
)
#: Which part of a list is shown.
PAGING: Final = (PAGE, PER_PAGE)
#: Everything that a search may have.
SEARCH: Final[tuple[Option[Any], ...]] = (
    *READING,
    *FILTERS,
    Choice[SortOrder | None](
        name="sort",
        field="sort",
        default=None,
        values=_members(SortOrder),
        text="The order of the hits; without it by relevance, or newest first for an empty query.",
        help="The order of the hits.",
    ),
    *PAGING,
    Choice(
        name="highlight",
        field="highlight",
        default=True,
        values={"0": False, "1": True},
        text="`0`: no marked texts.",
    ),
    FacetNames(
        name="facets",
        field="facets",
        default=(),
        text="`1`, or names with commas between them: what the hits are counted by.",
        example="section,month",
        on_pages=False,
    ),
)
ON_PAGES: Final = tuple(option for option in SEARCH if option.on_pages)
