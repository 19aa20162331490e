"""Filters as matches, and how many hits carry each label."""

from collections.abc import Mapping, Sequence

import numpy as np

from .engines.base import FacetValue, Filters
from .query.dates import published_within
from .query.labels import same_labels
from .query.plan import And, KeywordIs, Match, Not
from .retrieval.snapshot import Snapshot
from .segments.array_file import Array

#: Facet name → column.
FACET_COLUMNS = {"source": "source", "section": "section", "author": "authors", "tag": "tags"}


def filter_match(snapshot: Snapshot, filters: Filters) -> Match:
    """OR inside a field, AND across fields."""
    wanted = (
        ("source", filters.sources, filters.not_sources),
        ("section", filters.sections, filters.not_sections),
        ("authors", filters.authors, filters.not_authors),
    )
    children: list[Match] = []
    for column, included, excluded in wanted:
        if included:
            children.append(_keyword(snapshot, column, included))
        if excluded:
            children.append(Not(_keyword(snapshot, column, excluded)))
    if filters.published_from or filters.published_to:
        children.append(published_within(filters.published_from, filters.published_to))
    return And(tuple(children))


def _keyword(snapshot: Snapshot, column: str, wanted: Sequence[str]) -> KeywordIs:
    labels = snapshot.keyword(column).labels
    return KeywordIs(column, frozenset(x for value in wanted for x in same_labels(labels, value)))


def facet_counts(
    snapshot: Snapshot, mask: Array, names: Sequence[str]
) -> Mapping[str, tuple[FacetValue, ...]]:
    """For each facet the labels of the masked documents, the most frequent first."""
    return {name: label_counts(snapshot, mask, FACET_COLUMNS[name]) for name in names}


def label_counts(snapshot: Snapshot, mask: Array, column: str) -> tuple[FacetValue, ...]:
    """The labels of one column among the masked documents."""
    values = snapshot.keyword(column)
    counts = np.bincount(values.values[mask[values.docs]], minlength=len(values.labels))
    found = [FacetValue(values.labels[i], int(counts[i])) for i in np.flatnonzero(counts)]
    return tuple(sorted(found, key=lambda facet: (-facet.count, facet.value)))
