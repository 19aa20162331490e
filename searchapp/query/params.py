"""A search as its address says it: one value that reads from, and writes to, query parameters."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from index import MAX_RESULT_DEPTH, AccentMode, Filters, QueryMode, SearchRequest, SortOrder

__all__ = [
    "DATE_FACETS",
    "DEFAULT_PER_PAGE",
    "FACETS",
    "FIELDS",
    "FILTER_NAMES",
    "MAX_RECENCY",
    "PER_PAGE_CHOICES",
    "SearchParams",
    "with_values",
]

PER_PAGE_CHOICES: Final = (10, 20, 50, 100)
#: The most days in which what newer articles gain may halve.
MAX_RECENCY: Final = 36_500
DEFAULT_PER_PAGE: Final = 20
#: Parts of an article that a search can be limited to.
FIELDS: Final = ("all", "title", "lead", "body", "caption", "author", "related")
#: Labels whose number of hits can be asked for.
FACETS: Final = ("section", "source", "author", "tag", "year", "month", "day")
#: Those of them that are spans of days.
DATE_FACETS: Final = ("year", "month", "day")
#: Parameters that may be given more than once, and the fields of Filters they fill.
FILTER_NAMES: Final = {
    "source": "sources",
    "section": "sections",
    "author": "authors",
    "not_source": "not_sources",
    "not_section": "not_sections",
    "not_author": "not_authors",
}

_NO_FILTERS: Final = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParams:
    """Everything that decides what a page of results shows; the defaults are not written out."""

    query: str = ""
    mode: QueryMode = QueryMode.SIMPLE
    accents: AccentMode = AccentMode.AUTO
    field: str = "all"
    filters: Filters = _NO_FILTERS
    sort: SortOrder | None = None
    page: int = 1
    per_page: int = DEFAULT_PER_PAGE
    expand: bool = True
    fix: bool = True
    highlight: bool = True
    collapse: bool = True
    recency: int | None = None
    facets: tuple[str, ...] = ()

    @property
    def offset(self) -> int:
        """How many hits stand on the pages before this one."""
        return (self.page - 1) * self.per_page

    def page_count(self, total: int) -> int:
        """How many pages that many hits fill, as far as paging reaches."""
        reachable = min(total, MAX_RESULT_DEPTH)
        return -(-reachable // self.per_page) if self.per_page else 0

    def request(self) -> SearchRequest:
        """What the engine is asked."""
        return SearchRequest(
            query=self.query,
            limit=self.per_page,
            offset=self.offset,
            accents=self.accents,
            mode=self.mode,
            field=self.field,
            filters=self.filters,
            sort=self.sort,
            expand=self.expand,
            fix=self.fix,
            highlight=self.highlight,
            collapse=self.collapse,
            recency=self.recency,
            facets=self.facets,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """The query parameters that say the same, sorted by name: one spelling for one search."""
        return sorted(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, str]]:
        default = SearchParams()
        if self.query:
            yield "q", self.query
        for name in ("mode", "accents", "field", "sort"):
            value = getattr(self, name)
            if value is not None and value != getattr(default, name):
                yield name, str(value)
        for name in ("page", "per_page"):
            if getattr(self, name) != getattr(default, name):
                yield name, str(getattr(self, name))
        for name, attribute in FILTER_NAMES.items():
            for value in getattr(self.filters, attribute):
                yield name, value
        yield from _date_pair("from", self.filters.published_from)
        yield from _date_pair("to", self.filters.published_to)
        if not self.expand:
            yield "expand", "none"
        if not self.fix:
            yield "nofix", "1"
        if not self.collapse:
            yield "collapse", "0"
        if self.recency is not None:
            yield "recency", str(self.recency)
        if not self.highlight:
            yield "highlight", "0"
        if self.facets:
            yield "facets", "1" if self.facets == FACETS else ",".join(self.facets)


def with_values(filters: Filters, attribute: str, values: tuple[str, ...]) -> Filters:
    """The filters with other labels under one of the attributes of FILTER_NAMES."""
    changes: dict[str, Any] = {attribute: values}
    return replace(filters, **changes)


def _date_pair(name: str, day: date | None) -> Iterator[tuple[str, str]]:
    if day is not None:
        yield name, day.isoformat()
