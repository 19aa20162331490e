"""Sections, sources and people of one generation, found by the beginning of any of their words."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analyzers import analyze

from ..retrieval.snapshot import Snapshot
from ..segments.array_file import Array
from ..suggest_model import SuggestionKind
from .query_prefix import TypedText

_COLUMNS = {
    "section": SuggestionKind.SECTION,
    "source": SuggestionKind.SOURCE,
    "authors": SuggestionKind.AUTHOR,
}
_MIN_LETTERS = 2
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class CountedLabel:
    """A label as its articles write it most often.

    `total` counts the articles of the same key, near copies once.
    """

    text: str
    kind: SuggestionKind
    total: int
    exact: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class LabelKeys:
    """How a label is found."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]


class LabelTable:
    """Look-ups in the keyword columns of one generation."""

    def __init__(self, snapshot: Snapshot, before: "LabelTable | None" = None) -> None:
        """Labels are counted.

        Args:
            before: that of an earlier generation, whose labels need not be analysed again.
        """
        self._keys_of: dict[str, LabelKeys] = {} if before is None else before._keys_of
        entries: list[tuple[str, int, CountedLabel]] = []
        for column, kind in _COLUMNS.items():
            for label, folded in self._labels(snapshot, column, kind):
                entries += [(" ".join(folded[i:]), i, label) for i in range(len(folded))]
        entries.sort(key=lambda entry: (entry[0], entry[2].kind, entry[2].text, entry[1]))
        self._keys = [key for key, _, _ in entries]
        self._entries = [(start, label) for _, start, label in entries]

    def _labels(
        self, snapshot: Snapshot, column: str, kind: SuggestionKind
    ) -> Iterator[tuple[CountedLabel, tuple[str, ...]]]:
        """One label for each key, as filters read them, with its folded tokens."""
        values = snapshot.keyword(column)
        counts = np.bincount(values.values, minlength=len(values.labels))
        groups: dict[str, list[int]] = defaultdict(list)
        for number, key in enumerate(values.keys):
            groups[key].append(number)
        of_label = np.full(len(values.labels), -1)
        shown: list[str] = []
        for key, numbers in groups.items():
            if key in values.numbers:
                # A label that is written like the slug is what a filter for the slug means.
                numbers = [values.numbers[key]]
            of_label[numbers] = len(shown)
            shown.append(values.labels[max(numbers, key=lambda number: int(counts[number]))])
        totals = _totals(snapshot, values.docs, of_label[values.values], len(shown))
        for key, text, total in zip(groups, shown, totals.tolist(), strict=True):
            found = self._analyzed(text)
            yield CountedLabel(text, kind, total, found.exact, key), found.folded

    def _analyzed(self, text: str) -> LabelKeys:
        found = self._keys_of.get(text)
        if found is None:
            tokens = analyze(text)
            found = self._keys_of[text] = LabelKeys(
                tuple(token.exact for token in tokens),
                tuple(token.folded for token in tokens),
            )
        return found

    def beginning(self, typed: TypedText, limit: int) -> list[CountedLabel]:
        """The labels in which the typed tokens begin a word, those of most articles first."""
        if not len(typed) or len(typed.key) < _MIN_LETTERS:
            return []
        low = bisect_left(self._keys, typed.key)
        high = bisect_left(self._keys, typed.key + _LAST)
        found = {
            label: None
            for start, label in self._entries[low:high]
            if typed.begins(label.exact[start:])
        }
        return sorted(found, key=lambda label: (-label.total, label.kind, label.text))[:limit]


def _totals(snapshot: Snapshot, docs: Array, groups: Array, count: int) -> Array:
    """The articles of each group of labels, near copies once.

    Args:
        docs: with the parallel groups of their labels, -1 for none.
    """
    inside = groups >= 0
    docs, groups = docs[inside], groups[inside]
    if not (docs[1:] > docs[:-1]).all():
        keys = np.unique(docs * max(count, 1) + groups)
        docs, groups = np.divmod(keys, max(count, 1))
    counted = snapshot.duplicates.counted(docs, groups)
    return np.bincount(groups[counted], minlength=count)
