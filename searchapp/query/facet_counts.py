"""The facets of a search, as many as there was time to count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index import FacetValue, SearchPage

__all__ = ["FacetCounts"]


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """The values of each facet, and the names of those that there was no time for."""

    values: Mapping[str, Sequence[FacetValue]] = field(default_factory=dict)
    timed_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, page: SearchPage, names: Sequence[str]) -> "FacetCounts":
        """Those of a page, which was asked for the names."""
        return cls(page.facets, tuple(name for name in names if name not in page.facets))
