"""A search as its address says it: a request to the engine, and the page of it that is shown.

Functions of a search give one beside it: with a label more, another span of days, no rewrite.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from operator import attrgetter
from typing import Any, Final

from index import (
    MAX_RESULT_DEPTH,
    AccentMode,
    Filters,
    Rewrite,
    SearchRequest,
    TierScope,
    UnderstoodQuery,
)

from ..text.days import first_day, last_day
from .archive_labels import keys_of
from .options import DEFAULT_PER_PAGE, FILTER_NAMES, FILTERS, SEARCH

__all__ = [
    "ACCENTS_WIDENED",
    "COMPOUND",
    "OTHER_TIERS",
    "READ_ANEW",
    "SIGNS_SOFTENED",
    "SearchParams",
    "excluding",
    "first_tier",
    "has_span",
    "is_expansion",
    "searched_text",
    "toggled",
    "toggled_span",
    "typed_words",
    "unrestricted",
    "within",
    "without_rewrite",
]

_FILTER_FIELDS: Final = frozenset(option.field for option in FILTERS)
_VALUES: Final = tuple(
    (option, attrgetter(f"filters.{option.field}" if option in FILTERS else option.field))
    for option in SEARCH
)

COMPOUND: Final = "word"
"""The kind of a query token that is several syllables together."""
ACCENTS_IGNORED: Final = "accents_ignored"
"""There was no hit with the accents as typed, so none of them counted."""
ACCENTS_WIDENED: Final = "accents_widened"
"""There were few hits with the accents as typed, so words with more accents counted too."""
SIGNS_SOFTENED: Final = "signs_softened"
"""Nothing matches the quotation marks and dashes, so the words without them are near."""
OTHER_TIERS: Final = frozenset({ACCENTS_IGNORED, ACCENTS_WIDENED, SIGNS_SOFTENED})
"""Kinds that speak of hits which do not have all that the query says."""
#: Kinds that put another query in the place of the one that was typed.
READ_ANEW: Final = frozenset({"telex", "vni", "split", "restore_accents"})


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


def toggled(params: SearchParams, name: str, key: str) -> SearchParams:
    """The first page of the search with that label among its filters, or without it if it was.

    Args:
        name: the query parameter of the filter (`section`, `not_section` …).
    """
    attribute = FILTER_NAMES[name]
    values: tuple[str, ...] = getattr(params.filters, attribute)
    kept = tuple(value for value in values if key not in keys_of(value))
    if len(kept) == len(values):
        kept = (*values, key)
    changes: dict[str, Any] = {attribute: kept}
    return replace(params, filters=replace(params.filters, **changes), page=1)


def toggled_span(params: SearchParams, text: str) -> SearchParams:
    """The first page of the search within that year, month or day, or of any time if it was."""
    chosen = has_span(params, text)
    first, last = (None, None) if chosen else (first_day(text), last_day(text))
    filters = replace(params.filters, published_from=first, published_to=last)
    return replace(params, filters=filters, page=1)


def has_span(params: SearchParams, text: str) -> bool:
    """Whether the search is limited to exactly that year, month or day."""
    filters = params.filters
    return (filters.published_from, filters.published_to) == (first_day(text), last_day(text))


def within(params: SearchParams, first: date, last: date) -> SearchParams:
    """The search among the articles of these days."""
    filters = replace(params.filters, published_from=first, published_to=last)
    return replace(params, filters=filters)


def excluding(params: SearchParams, name: str, key: str) -> SearchParams:
    """The search that leaves a label out and does not ask for it any more."""
    asked = getattr(params.filters, FILTER_NAMES[name])
    if any(key in keys_of(value) for value in asked):
        params = toggled(params, name, key)
    return toggled(params, f"not_{name}", key)


def unrestricted(params: SearchParams) -> SearchParams:
    """The same words in the same order without any restriction."""
    return SearchParams(query=params.query, sort=params.sort, per_page=params.per_page)


def first_tier(params: SearchParams) -> SearchParams:
    """For readers who count lines and cannot see where a page was filled: only what has all."""
    return replace(params, tiers=TierScope.FIRST) if params.tiers is TierScope.PAGE else params


def is_expansion(rewrite: Rewrite) -> bool:
    """Whether other spellings were searched besides the typed one, rather than in its place."""
    return rewrite.kind not in READ_ANEW | OTHER_TIERS


def searched_text(understood: UnderstoodQuery) -> str:
    """The query that the offsets of its tokens count in: as typed, or as it was read anew."""
    for rewrite in understood.rewrites:
        if rewrite.kind in READ_ANEW:
            return rewrite.target
    return understood.raw


def typed_words(understood: UnderstoodQuery) -> list[str]:
    """The words that were searched, each once and in its typed form: a date is one word."""
    text = searched_text(understood)
    words: list[str] = []
    end = 0
    for token in sorted(understood.tokens, key=lambda token: (token.start, -token.end)):
        # A compound is listed beside the syllables that it is made of.
        if token.start >= end and token.kind != COMPOUND:
            words.append(text[token.start : token.end])
            end = token.end
    return words


def without_rewrite(params: SearchParams, rewrite: Rewrite) -> SearchParams:
    """The same search without that reading, from its first page."""
    if is_expansion(rewrite):
        return replace(params, expand=False, page=1)
    if rewrite.kind == ACCENTS_WIDENED:
        return replace(params, accents=AccentMode.EXACT, page=1)
    return replace(params, fix=False, page=1)
