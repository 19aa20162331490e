"""Sections, sources and people of one generation, found by the beginning of any of their words."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from analyzers import analyze

from ..retrieval.snapshot import Snapshot
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


class LabelTable:
    """Look-ups in the keyword columns of one generation."""

    def __init__(self, snapshot: Snapshot) -> None:
        entries: list[tuple[str, int, CountedLabel]] = []
        for column, kind in _COLUMNS.items():
            for label in _labels(snapshot, column, kind):
                folded = [token.folded for token in analyze(label.text)]
                entries += [(" ".join(folded[i:]), i, label) for i in range(len(folded))]
        entries.sort(key=lambda entry: (entry[0], entry[2].kind, entry[2].text, entry[1]))
        self._keys = [key for key, _, _ in entries]
        self._entries = [(start, label) for _, start, label in entries]

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


def _labels(snapshot: Snapshot, column: str, kind: SuggestionKind) -> list[CountedLabel]:
    """One label for each key, as filters read them."""
    values = snapshot.keyword(column)
    counts = np.bincount(values.values, minlength=len(values.labels))
    groups: dict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(values.keys):
        groups[key].append(number)
    found = []
    for key, numbers in groups.items():
        if key in values.numbers:
            # A label that is written like the slug is what a filter for the slug means.
            numbers = [values.numbers[key]]
        text = values.labels[max(numbers, key=lambda number: int(counts[number]))]
        mask = np.zeros(snapshot.size, bool)
        mask[values.docs[np.isin(values.values, numbers)]] = True
        total = int(np.count_nonzero(mask)) - snapshot.duplicates.duplicate_count(mask)
        exact = tuple(token.exact for token in analyze(text))
        found.append(CountedLabel(text, kind, total, exact, key))
    return found
