"""All the labels of one facet among the hits of a search."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from analyzers import begins_with, compatible, exact_key
from index import SearchEngine, collation_key

from .archive_labels import Label, merged_labels
from .options import FILTER_NAMES
from .params import SearchParams

__all__ = ["facet_labels"]

#: A label's place in the alphabet, which never changes.
_place = lru_cache(maxsize=1 << 16)(collation_key)


def facet_labels(
    engine: SearchEngine, params: SearchParams, name: str, *, prefix: str, by_count: bool
) -> list[Label]:
    """The labels of which a word begins as was typed, in order; raises QueryError.

    Args:
        by_count: most hits first; else in Vietnamese alphabetical order.
    """
    request = replace(params, page=1, highlight=False, facets=(name,)).request()
    values = engine.search(replace(request, limit=0)).facets[name]
    if name in FILTER_NAMES:
        labels = list(merged_labels(values))
    else:
        labels = [Label(value.value, value.value, value.count) for value in values]
    if prefix:
        typed = [exact_key(word) for word in prefix.split()]
        labels = [label for label in labels if _begins(label.name, typed)]
    if by_count:
        labels.sort(key=lambda label: -label.count)
    else:
        labels.sort(key=lambda label: _place(label.name))
    return labels


def _begins(name: str, typed: Sequence[str]) -> bool:
    """Whether a word of the name, or several, begin as typed; case and missing marks are free."""
    words = [exact_key(word) for word in name.split()]
    return any(
        begins_with(typed[-1], words[last])
        and all(map(compatible, typed[:-1], words[last - len(typed) + 1 : last]))
        for last in range(len(typed) - 1, len(words))
    )
