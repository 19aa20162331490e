"""Facet counts and their labels by aggregations."""

from collections.abc import Mapping, Sequence

from ...model import FacetValue, Filters
from ...plan import Query
from ...query.label_match import DATE_UNITS, FACET_COLUMNS, filter_match, label_keys
from .connection import Json
from .generation import MOST_LABELS, ClusterGeneration
from .translation import filter_of

_INTERVALS = {"year": ("year", "yyyy"), "month": ("month", "yyyy-MM"), "day": ("day", "yyyy-MM-dd")}
_VALUES = "values"


def facet_counts(
    generation: ClusterGeneration, matched: Query, filters: Filters, names: Sequence[str]
) -> Mapping[str, tuple[FacetValue, ...]]:
    """For each facet its values among the hits, as they would be without its own filter.

    Args:
        matched: what matches the query, filters left aside.
    """
    if not names:
        return {}
    aggregations = {
        name: {
            "filter": filter_of(filter_match(generation.labels, filters, without=name)),
            "aggs": {_VALUES: _aggregation(name)},
        }
        for name in names
    }
    body: Json = {
        "size": 0,
        "query": {"constant_score": {"filter": filter_of(matched)}},
        "aggs": aggregations,
    }
    found = generation.search(body)["aggregations"]
    return {name: _values(generation, name, found[name][_VALUES]["buckets"]) for name in names}


def label_aggregation(column: str) -> Json:
    """Counts the labels of a keyword column."""
    return {"terms": {"field": column, "size": MOST_LABELS}}


def label_values(buckets: Sequence[Json], labels: Sequence[str]) -> tuple[FacetValue, ...]:
    """The labels of an aggregation, the most frequent first.

    Args:
        labels: all of the column.
    """
    keys = label_keys(labels)
    found = [
        FacetValue(label, int(bucket["doc_count"]), keys.get(label, ""))
        for bucket in buckets
        for label in (bucket["key"],)
    ]
    return tuple(sorted(found, key=lambda facet: (-facet.count, facet.value)))


def _aggregation(name: str) -> Json:
    if name not in DATE_UNITS:
        return label_aggregation(FACET_COLUMNS[name])
    interval, form = _INTERVALS[name]
    return {
        "date_histogram": {
            "field": "published",
            "calendar_interval": interval,
            "time_zone": "+07:00",
            "format": form,
            "min_doc_count": 1,
        }
    }


def _values(
    generation: ClusterGeneration, name: str, buckets: Sequence[Json]
) -> tuple[FacetValue, ...]:
    if name not in DATE_UNITS:
        return label_values(buckets, generation.labels(FACET_COLUMNS[name]))
    return tuple(FacetValue(b["key_as_string"], int(b["doc_count"])) for b in buckets)
