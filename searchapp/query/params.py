"""A search as its address says it: a request to the engine, and the page of it that is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any, Final

from index import MAX_RESULT_DEPTH, Filters, SearchRequest

from .options import DEFAULT_PER_PAGE, FILTERS, SEARCH

__all__ = ["SearchParams", "with_values"]

_FILTER_FIELDS: Final = frozenset(option.field for option in FILTERS)
_VALUES: Final = tuple(
    (option, attrgetter(f"filters.{option.field}" if option in FILTERS else option.field))
    for option in SEARCH
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParams(SearchRequest):
    """Everything that decides what a page of results shows; `page` is 1-based.

    `limit` and `offset` follow from the page and cannot be given.
    """

    highlight: bool = True
    collapse: bool = True
    page: int = 1
    per_page: int = DEFAULT_PER_PAGE
    limit: int = field(init=False)
    offset: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "limit", self.per_page)
        object.__setattr__(self, "offset", (self.page - 1) * self.per_page)
        SearchRequest.__post_init__(self)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "SearchParams":
        """The search with these values, each under the field of its option in SEARCH."""
        return cls(
            filters=Filters(**{name: values[name] for name in values.keys() & _FILTER_FIELDS}),
            **{name: values[name] for name in values.keys() - _FILTER_FIELDS},
        )

    def page_count(self, total: int) -> int:
        """How many pages that many hits fill, as far as paging reaches."""
        reachable = min(total, MAX_RESULT_DEPTH)
        return -(-reachable // self.per_page) if self.per_page else 0

    def request(self) -> SearchRequest:
        """What the engine is asked."""
        return SearchRequest(**{f.name: getattr(self, f.name) for f in fields(SearchRequest)})

    def pairs(self) -> list[tuple[str, str]]:
        """The query parameters that say the same, sorted by name: one spelling for one search."""
        return sorted(
            pair
            for option, value in _VALUES
            if (found := value(self)) != option.default
            for pair in option.pairs(found)
        )


def with_values(filters: Filters, attribute: str, values: tuple[str, ...]) -> Filters:
    """The filters with other labels under one of the attributes of FILTER_NAMES."""
    changes: dict[str, Any] = {attribute: values}
    return replace(filters, **changes)
