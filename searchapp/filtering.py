"""Adding a label to the filters of a search, and taking it off."""

from collections.abc import Iterable
from dataclasses import replace

from .labels import label_key
from .params import FILTER_NAMES, SearchParams, with_values

__all__ = ["has_label", "toggled"]


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
