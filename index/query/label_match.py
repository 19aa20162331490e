"""Labels of sources, sections and people, as written and as slugs; filters as matches."""

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Literal, TypeAlias

from analyzers import analyze

from ..model import Filters
from ..plan import And, KeywordIs, Not, Query
from .dates import published_within

#: Facet name → column.
FACET_COLUMNS = {"source": "source", "section": "section", "author": "authors", "tag": "tags"}
DATE_UNITS: dict[str, Literal["Y", "M", "D"]] = {"year": "Y", "month": "M", "day": "D"}

LabelsOf: TypeAlias = Callable[[str], Sequence[str]]

#: How alike the letters of a label must be to be offered (difflib's ratio).
_NEAR = 0.6
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def slug(label: str) -> str:
    """ASCII for addresses: Thời sự → thoi-su; empty for a label without letters or digits."""
    return _SEPARATORS.sub("-", "-".join(token.folded for token in analyze(label))).strip("-")


def same_labels(labels: Iterable[str], wanted: str) -> frozenset[str]:
    """The label itself, or else those with the same slug."""
    listed = list(labels)
    if wanted in listed:
        return frozenset({wanted})
    target = slug(wanted)
    return frozenset(label for label in listed if target and slug(label) == target)


def matching_labels(labels: Iterable[str], wanted: str) -> frozenset[str]:
    """The labels that a person means: the same label, else those in which all its words occur.

    `nguyễn` finds every author named so, `thoi-su` the one section of that slug.
    """
    listed = list(labels)
    words = set(slug(wanted).split("-")) - {""}
    return same_labels(listed, wanted) or frozenset(
        label for label in listed if words and words <= set(slug(label).split("-"))
    )


def nearest_label(labels: Iterable[str], wanted: str) -> str | None:
    """The label that is spelt most like a name that no label has; None where none comes near."""
    by_letters = {slug(label).replace("-", ""): label for label in labels}
    near = get_close_matches(slug(wanted).replace("-", ""), by_letters, 1, _NEAR)
    return by_letters[near[0]] if near else None


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
