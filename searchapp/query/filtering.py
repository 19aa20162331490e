"""Adding a label or a span of days to the filters of a search, and taking it off."""

from collections.abc import Iterable
from dataclasses import replace

from ..text.days import first_day, last_day
from .archive_labels import label_key
from .options import FILTER_NAMES
from .params import SearchParams, with_values

__all__ = ["has_label", "has_span", "toggled", "toggled_span"]


def toggled(params: SearchParams, name: str, key: str) -> SearchParams:
    """The first page of the search with that label among its filters, or without it if it was.

    Args:
        name: the query parameter of the filter (`section`, `not_section` …).
    """
    attribute = FILTER_NAMES[name]
    values: tuple[str, ...] = getattr(params.filters, attribute)
    kept = tuple(value for value in values if label_key(value) != key)
    if len(kept) == len(values):
        kept = (*values, key)
    return replace(params, filters=with_values(params.filters, attribute, kept), page=1)


def has_label(params: SearchParams, attribute: str, key: str) -> bool:
    """Whether an attribute of the filters has that label, as a name or as a key."""
    values: Iterable[str] = getattr(params.filters, attribute)
    return any(label_key(value) == key for value in values)


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
