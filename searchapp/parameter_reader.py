"""Query parameters → SearchParams, with a Vietnamese sentence for everything that is wrong."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from index import (
    MAX_QUERY_LENGTH,
    MAX_RESULT_DEPTH,
    AccentMode,
    Filters,
    QueryMode,
    SortOrder,
)

from .days import first_day, last_day
from .params import (
    DEFAULT_PER_PAGE,
    FACETS,
    FIELDS,
    FILTER_NAMES,
    PER_PAGE_CHOICES,
    SearchParams,
)
from .wording import Text, text

__all__ = ["ParameterProblem", "ReadParams", "normalized_query", "read_params"]

_E = TypeVar("_E", bound=StrEnum)
_D = TypeVar("_D")

_NAMES: Final = (
    {"q", "mode", "accents", "field", "from", "to", "sort"}
    | {"page", "per_page", "expand", "nofix", "highlight", "facets"}
    | FILTER_NAMES.keys()
)
_PER_PAGE_TEXTS: Final = tuple(str(number) for number in PER_PAGE_CHOICES)
# Not str.split: a no-break space is a letter in text of the old encoding TCVN3.
_SPACES: Final = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class ParameterProblem:
    """What is wrong with one parameter; `code` names the kind of problem."""

    param: str
    code: str
    text: Text

    @property
    def message(self) -> str:
        """The sentence in Vietnamese."""
        return str(self.text)


@dataclass(frozen=True, slots=True)
class ReadParams:
    """The search that was asked for, and what of it could not be understood (and was left out)."""

    params: SearchParams
    problems: tuple[ParameterProblem, ...] = ()


def read_params(values: Mapping[str, Sequence[str]]) -> ReadParams:
    """Read a query string that was split into the values of each parameter.

    Of a parameter that is given twice the last value is taken; every such repetition and every
    unknown name is also a problem, which the website passes over and the API reports.
    """
    return _Reader(values).read()


def normalized_query(typed: str) -> str:
    """The typed text in NFC, white space folded and taken off both ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", typed)).strip(" ")


class _Reader:
    """Collects problems while it takes one parameter after the other."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values
        self._problems: list[ParameterProblem] = []

    def read(self) -> ReadParams:
        for name in self._values:
            if name not in _NAMES:
                message = text("Không có tham số “%(name)s”.", name=name[:40])
                self._wrong(name, "unknown-parameter", message)
        params = SearchParams(
            query=self._query(),
            mode=self._choice("mode", QueryMode, QueryMode.SIMPLE),
            accents=self._choice("accents", AccentMode, AccentMode.AUTO),
            field=self._one_of("field", FIELDS, FIELDS[0]),
            filters=self._filters(),
            sort=self._choice("sort", SortOrder, None),
            page=self._page(),
            per_page=int(self._one_of("per_page", _PER_PAGE_TEXTS, str(DEFAULT_PER_PAGE))),
            expand=self._one_of("expand", ("all", "none"), "all") == "all",
            fix=self._one_of("nofix", ("0", "1"), "0") == "0",
            highlight=self._one_of("highlight", ("0", "1"), "1") == "1",
            facets=self._facets(),
        )
        if params.page * params.per_page > MAX_RESULT_DEPTH:
            message = text("Chỉ xem được 10.000 kết quả đầu. Hãy lọc thêm hoặc xuất tệp.")
            self._wrong("page", "page-too-deep", message)
        return ReadParams(params, tuple(self._problems))

    def _wrong(self, param: str, code: str, message: Text) -> None:
        self._problems.append(ParameterProblem(param, code, message))

    def _text(self, name: str) -> str:
        values = self._values.get(name, ())
        if len(values) > 1:
            message = text("Tham số “%(name)s” chỉ được có một giá trị.", name=name)
            self._wrong(name, "repeated-parameter", message)
        return values[-1].strip() if values else ""

    def _query(self) -> str:
        query = normalized_query(self._text("q"))
        if len(query) > MAX_QUERY_LENGTH:
            message = text(
                "Câu tìm quá dài (tối đa %(limit)s ký tự). Hãy rút gọn.", limit=MAX_QUERY_LENGTH
            )
            self._wrong("q", "query-too-long", message)
        return query

    def _one_of(self, name: str, choices: Sequence[str], default: str) -> str:
        value = self._text(name)
        if not value or value in choices:
            return value or default
        message = text("“%(name)s” phải là: %(values)s.", name=name, values=", ".join(choices))
        self._wrong(name, "invalid-parameter", message)
        return default

    def _choice(self, name: str, kind: type[_E], default: _D) -> _E | _D:
        value = self._one_of(name, [str(member) for member in kind], "")
        return kind(value) if value else default

    def _page(self) -> int:
        value = self._text("page")
        if not value:
            return 1
        if value.isascii() and value.isdecimal() and len(value) < 9 and int(value):
            return int(value)
        message = text("“%(name)s” phải là số từ 1 trở lên.", name="page")
        self._wrong("page", "invalid-parameter", message)
        return 1

    def _filters(self) -> Filters:
        labels = {
            attribute: tuple(dict.fromkeys(filter(None, self._values.get(name, ()))))
            for name, attribute in FILTER_NAMES.items()
        }
        first, last = self._day("from", first_day), self._day("to", last_day)
        if first is not None and last is not None and first > last:
            self._wrong("from", "bad-date", text("“Từ ngày” phải trước “Đến ngày”."))
            first = last = None
        return Filters(published_from=first, published_to=last, **labels)

    def _facets(self) -> tuple[str, ...]:
        asked = self._text("facets")
        if asked in ("", "0", "1"):
            return FACETS if asked == "1" else ()
        names = tuple(dict.fromkeys(asked.split(",")))
        if set(names) <= set(FACETS):
            return names
        choices = ", ".join(("0", "1", *FACETS))
        message = text("“%(name)s” phải là: %(values)s.", name="facets", values=choices)
        self._wrong("facets", "invalid-parameter", message)
        return ()

    def _day(self, name: str, parse: Callable[[str], date | None]) -> date | None:
        value = self._text(name)
        day = parse(value) if value else None
        if value and day is None:
            message = text("Ngày chưa đúng. Hãy nhập dd/mm/yyyy, ví dụ 05/10/2026.")
            self._wrong(name, "bad-date", message)
        return day
