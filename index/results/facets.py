"""Filters as matches, and how many hits carry each label."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias

import numpy as np

from ..article import VIETNAM_TIME
from ..model import FacetValue, Filters, SearchRequest
from ..plan import And, KeywordIs, Not, Query
from ..query.dates import published_within
from ..query.label_match import same_labels
from ..retrieval.boolean import match_mask
from ..retrieval.budget import Budget, out_of_time
from ..retrieval.snapshot import Snapshot
from ..segments.array_file import Array
from ..segments.columns import NO_DATE

#: Facet name → column.
FACET_COLUMNS = {"source": "source", "section": "section", "author": "authors", "tag": "tags"}
DATE_UNITS: dict[str, Literal["Y", "M", "D"]] = {"year": "Y", "month": "M", "day": "D"}

LabelsOf: TypeAlias = Callable[[str], Sequence[str]]


def filter_match(labels_of: LabelsOf, filters: Filters, *, without: str = "") -> Query:
    """OR inside a field, AND across fields.

    Args:
        labels_of: the labels of a column.
        without: a facet whose own filter is left out.
    """
    wanted = (
        ("source", "source", filters.sources, filters.not_sources),
        ("section", "section", filters.sections, filters.not_sections),
        ("author", "authors", filters.authors, filters.not_authors),
    )
    children: list[Query] = []
    for facet, column, included, excluded in wanted:
        if included and facet != without:
            children.append(_keyword(labels_of(column), column, included))
        if excluded and facet != without:
            children.append(Not(_keyword(labels_of(column), column, excluded)))
    if (filters.published_from or filters.published_to) and without not in DATE_UNITS:
        children.append(published_within(filters.published_from, filters.published_to))
    return And(tuple(children))


def _keyword(labels: Sequence[str], column: str, wanted: Sequence[str]) -> KeywordIs:
    return KeywordIs(column, frozenset(x for value in wanted for x in same_labels(labels, value)))


def facet_counts(
    snapshot: Snapshot, matched: Array, request: SearchRequest
) -> Mapping[str, tuple[FacetValue, ...]]:
    """For each facet its values among the hits, as they would be without its own filter.

    The facets that there is no time for are missing.

    Args:
        matched: the documents that match the query, filters left aside.
    """

    def labels_of(column: str) -> Sequence[str]:
        return snapshot.keyword(column).labels

    counts = {}
    budget = Budget(request.facet_budget)
    for name in request.facets:
        if budget.is_spent() or out_of_time():
            break
        mask = matched & match_mask(
            snapshot, filter_match(labels_of, request.filters, without=name)
        )
        if name in DATE_UNITS:
            counts[name] = _date_counts(snapshot, mask, DATE_UNITS[name], request.collapse)
        else:
            column = FACET_COLUMNS[name]
            counts[name] = label_counts(snapshot, mask, column, collapse=request.collapse)
    return counts


def label_counts(
    snapshot: Snapshot, mask: Array, column: str, *, collapse: bool = False
) -> tuple[FacetValue, ...]:
    """The labels of one column among the masked documents, the most frequent first.

    Args:
        collapse: near copies with the same label count once.
    """
    values = snapshot.keyword(column)
    inside = mask[values.docs]
    numbers = values.values[inside]
    if collapse:
        numbers = numbers[snapshot.duplicates.counted(values.docs[inside], numbers)]
    counts = np.bincount(numbers, minlength=len(values.labels))
    found = [FacetValue(values.labels[i], int(counts[i])) for i in np.flatnonzero(counts)]
    return tuple(sorted(found, key=lambda facet: (-facet.count, facet.value)))


def _date_counts(
    snapshot: Snapshot, mask: Array, unit: Literal["Y", "M", "D"], collapse: bool
) -> tuple[FacetValue, ...]:
    """Years, months or days in Vietnamese time, the earliest first."""
    docs = np.flatnonzero(mask & (snapshot.published != NO_DATE))
    local = snapshot.published[docs] + int(VIETNAM_TIME.utcoffset(None).total_seconds())
    periods = local.astype("datetime64[s]").astype(f"datetime64[{unit}]")
    if collapse:
        periods = periods[snapshot.duplicates.counted(docs, periods.astype(np.int64))]
    values, counts = np.unique(periods, return_counts=True)
    return tuple(
        FacetValue(str(value), int(count)) for value, count in zip(values, counts, strict=True)
    )
