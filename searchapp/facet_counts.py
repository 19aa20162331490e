"""The facets of a search, as many as there is time to count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

from index import FacetValue, SearchEngine, SearchRequest

__all__ = ["FacetCounts", "count_facets"]


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The values of each facet, and the names of those that there was no time for."""

    values: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    timed_out: tuple[str, ...] = ()


def count_facets(
    engine: SearchEngine, request: SearchRequest, names: Sequence[str], budget: int
) -> FacetCounts:
    """The facets of a search, one after the other until the time is used up.

    Args:
        budget: milliseconds; a facet that is being counted when they end is still finished.
    """
    end = perf_counter() + budget / 1000
    values: dict[str, Sequence[FacetValue]] = {}
    for name in names:
        if perf_counter() >= end:
            break
        asked = replace(request, limit=0, offset=0, highlight=False, facets=(name,))
        values[name] = engine.search(asked).facets[name]
    return FacetCounts(values, tuple(name for name in names if name not in values))
