"""Labels of sources, sections and people, as written and as slugs; filters as matches."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, TypeAlias

from analyzers import compatible, exact_key, fold, repair

from ..model import Filters
from ..plan import And, KeywordIs, Not, Query
from ..query_model import QueryNotice
from .dates import published_within

#: Facet name → column.
FACET_COLUMNS = {"source": "source", "section": "section", "author": "authors", "tag": "tags"}
DATE_UNITS: dict[str, Literal["Y", "M", "D"]] = {"year": "Y", "month": "M", "day": "D"}

LabelsOf: TypeAlias = Callable[[str], Sequence[str]]

#: How alike the letters of a label must be to be offered (difflib's ratio).
_NEAR = 0.6
_SEPARATORS = re.compile(r"[^a-z0-9]+")
_WORDS = re.compile(r"[^\W_]+")
_LEADING_ZERO = re.compile(r"(?<!\d)0(?=\d(?!\d))")
_KEPT = 1 << 16


@lru_cache(_KEPT)
def slug(label: str) -> str:
    """ASCII for addresses: Thời sự → thoi-su; empty for a label without letters or digits."""
    folded = fold(exact_key(label))
    return _LEADING_ZERO.sub("", _SEPARATORS.sub("-", folded)).strip("-")


@lru_cache(_KEPT)
def marked_slug(label: str) -> str:
    """The same with its marks, which tell people apart: Lê Văn Tú → lê-văn-tú."""
    return "-".join(exact_key(word) for word in _WORDS.findall(repair(label)))


def label_keys(labels: Iterable[str]) -> dict[str, str]:
    """The key in addresses of each of the labels of one column.

    It is the slug, or where others have the same slug but for their marks, the slug with its
    marks, or where there are none, the label itself. Labels that differ in case have one key.
    """
    listed = list(labels)
    marked: dict[str, set[str]] = {}
    for label in listed:
        marked.setdefault(slug(label), set()).add(marked_slug(label))
    keys = {}
    for label in listed:
        bare, key = slug(label), marked_slug(label)
        if not bare:
            keys[label] = label
        elif len(marked[bare]) == 1:
            keys[label] = bare
        else:
            keys[label] = label if key == bare else key
    return keys


def same_labels(labels: Iterable[str], wanted: str) -> frozenset[str]:
    """The label itself; or else those with the same marks, or without marks in what is wanted all
    of that slug; or else the labels of that slug that have no marks."""
    listed = list(labels)
    if wanted in listed:
        return frozenset({wanted})
    target, marked = slug(wanted), marked_slug(wanted)
    if not target:
        return frozenset()
    same = [label for label in listed if slug(label) == target]
    if marked.isascii():
        return frozenset(same)
    as_marked = frozenset(label for label in same if marked_slug(label) == marked)
    return as_marked or frozenset(label for label in same if marked_slug(label).isascii())


def matching_labels(labels: Iterable[str], wanted: str) -> frozenset[str]:
    """The labels that a person means: the same label, else those in which all its words occur.

    `nguyễn` finds every author named so, `tu` Tú, Tư and Từ, `tú` Tú alone; `thoi-su` the one
    section of that slug. Marks may be missing where no label has them as typed.
    """
    listed = list(labels)
    words = marked_slug(wanted).split("-")
    if not any(words):
        return same_labels(listed, wanted)
    named = {label: marked_slug(label).split("-") for label in listed}
    return (
        same_labels(listed, wanted)
        or _holding(named, words, lambda typed, word: typed in (word, fold(word)))
        or _holding(named, words, compatible)
        or _holding(
            {label: names for label, names in named.items() if "".join(names).isascii()},
            words,
            lambda typed, word: fold(typed) == word,
        )
    )


def _holding(
    named: Mapping[str, Sequence[str]], words: Sequence[str], fits: Callable[[str, str], bool]
) -> frozenset[str]:
    """The labels with a fitting word for each of the words."""
    return frozenset(
        label
        for label, names in named.items()
        if all(any(fits(word, name) for name in names) for word in words)
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
    children: list[Query] = []
    for facet, included, excluded in _by_facet(filters):
        column = FACET_COLUMNS[facet]
        if included and facet != without:
            children.append(_keyword(labels_of(column), column, included))
        if excluded and facet != without:
            children.append(Not(_keyword(labels_of(column), column, excluded)))
    if (filters.published_from or filters.published_to) and without not in DATE_UNITS:
        children.append(published_within(filters.published_from, filters.published_to))
    return And(tuple(children))


def unknown_filters(labels_of: LabelsOf, filters: Filters) -> tuple[QueryNotice, ...]:
    """What says of a filter that no article has its label, with the nearest one that there is."""
    return tuple(
        QueryNotice(
            kind=f"no-{FACET_COLUMNS[facet]}", text=value, offer=nearest_label(labels, value) or ""
        )
        for facet, included, excluded in _by_facet(filters)
        if included or excluded
        for labels in (labels_of(FACET_COLUMNS[facet]),)
        for value in (*included, *excluded)
        if not same_labels(labels, value)
    )


def _by_facet(filters: Filters) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Facet, labels that are asked for and those that are left out."""
    yield "source", filters.sources, filters.not_sources
    yield "section", filters.sections, filters.not_sections
    yield "author", filters.authors, filters.not_authors


def _keyword(labels: Sequence[str], column: str, wanted: Sequence[str]) -> KeywordIs:
    return KeywordIs(column, frozenset(x for value in wanted for x in same_labels(labels, value)))
