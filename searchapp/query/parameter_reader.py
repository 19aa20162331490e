"""Query parameters → SearchParams, with a Vietnamese sentence for everything that is wrong."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from index import MAX_QUERY_LENGTH, MAX_RESULT_DEPTH, AccentMode, Filters, QueryMode, SortOrder

from ..text.days import first_day, last_day
from ..text.wording import text
from .params import (
    DEFAULT_PER_PAGE,
    FACETS,
    FIELDS,
    FILTER_NAMES,
    MAX_RECENCY,
    PER_PAGE_CHOICES,
    SearchParams,
)
from .value_reader import ParameterProblem, ValueReader

__all__ = ["SEARCH_NAMES", "ParameterProblem", "ReadParams", "normalized_query", "read_params"]

#: Every parameter that a search may have.
SEARCH_NAMES: Final = frozenset(
    {"q", "mode", "accents", "field", "from", "to", "sort"}
    | {"page", "per_page", "expand", "nofix", "collapse", "recency", "highlight", "facets"}
    | FILTER_NAMES.keys()
)
_PER_PAGE_TEXTS: Final = tuple(str(number) for number in PER_PAGE_CHOICES)
# Not str.split: a no-break space is a letter in text of the old encoding TCVN3.
_SPACES: Final = re.compile(r"[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class ReadParams:
    """The search that was asked for, and what of it could not be understood (and was left out)."""

    params: SearchParams
    problems: tuple[ParameterProblem, ...] = ()


def read_params(
    values: Mapping[str, Sequence[str]], names: Collection[str] = SEARCH_NAMES
) -> ReadParams:
    """Read a query string that was split into the values of each parameter.

    Of a parameter that is given twice the last value is taken; every such repetition and every
    unknown name is also a problem, which the website passes over and the API reports.

    Args:
        names: what is known of SEARCH_NAMES; the others have their defaults.
    """
    return _Reader(values, names).read()


def normalized_query(typed: str) -> str:
    """The typed text in NFC, white space folded and taken off both ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", typed)).strip(" ")


class _Reader(ValueReader):
    """Puts a search together."""

    def read(self) -> ReadParams:
        params = SearchParams(
            query=self._query(),
            mode=self.choice("mode", QueryMode, QueryMode.SIMPLE),
            accents=self.choice("accents", AccentMode, AccentMode.AUTO),
            field=self.one_of("field", FIELDS, FIELDS[0]),
            filters=self._filters(),
            sort=self.choice("sort", SortOrder, None),
            page=self.number("page", 1),
            per_page=int(self.one_of("per_page", _PER_PAGE_TEXTS, str(DEFAULT_PER_PAGE))),
            expand=self.one_of("expand", ("all", "none"), "all") == "all",
            fix=self.one_of("nofix", ("0", "1"), "0") == "0",
            collapse=self.one_of("collapse", ("0", "1"), "1") == "1",
            recency=self.number("recency", 0, MAX_RECENCY) or None,
            highlight=self.one_of("highlight", ("0", "1"), "1") == "1",
            facets=self._facets(),
        )
        if params.page * params.per_page > MAX_RESULT_DEPTH:
            message = text("Chỉ xem được 10.000 kết quả đầu. Hãy lọc thêm hoặc xuất tệp.")
            self.wrong("page", "page-too-deep", message)
        return ReadParams(params, tuple(self.problems))

    def _query(self) -> str:
        query = normalized_query(self.single("q"))
        if len(query) > MAX_QUERY_LENGTH:
            message = text(
                "Câu tìm quá dài (tối đa %(limit)s ký tự). Hãy rút gọn.", limit=MAX_QUERY_LENGTH
            )
            self.wrong("q", "query-too-long", message)
        return query

    def _filters(self) -> Filters:
        labels = {
            attribute: tuple(dict.fromkeys(filter(None, self.values.get(name, ()))))
            for name, attribute in FILTER_NAMES.items()
        }
        first, last = self._day("from", first_day), self._day("to", last_day)
        if first is not None and last is not None and first > last:
            self.wrong("from", "bad-date", text("“Từ ngày” phải trước “Đến ngày”."))
            first = last = None
        return Filters(published_from=first, published_to=last, **labels)

    def _facets(self) -> tuple[str, ...]:
        asked = self.single("facets")
        if asked in ("", "0", "1"):
            return FACETS if asked == "1" else ()
        names = tuple(dict.fromkeys(asked.split(",")))
        if set(names) <= set(FACETS):
            return names
        choices = ", ".join(("0", "1", *FACETS))
        message = text("“%(name)s” phải là: %(values)s.", name="facets", values=choices)
        self.wrong("facets", "invalid-parameter", message)
        return ()

    def _day(self, name: str, parse: Callable[[str], date | None]) -> date | None:
        value = self.single(name)
        day = parse(value) if value else None
        if value and day is None:
            message = text("Ngày chưa đúng. Hãy nhập dd/mm/yyyy, ví dụ 05/10/2026.")
            self.wrong(name, "bad-date", message)
        return day
