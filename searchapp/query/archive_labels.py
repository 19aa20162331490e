"""Sources and sections to choose from, and the names behind the slugs of an address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index import EngineStats, FacetValue, slug

__all__ = ["ArchiveLabels", "Label", "label_key", "leading_labels", "merged_labels"]


@dataclass(frozen=True, slots=True)
class Label:
    """A name with the key that stands for it in addresses, and its number of articles."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ArchiveLabels:
    """What the archive has, most frequent first."""

    sources: tuple[Label, ...] = ()
    sections: tuple[Label, ...] = ()

    @classmethod
    def of(cls, stats: EngineStats) -> "ArchiveLabels":
        """The labels of an index."""
        return cls(merged_labels(stats.sources), merged_labels(stats.sections))

    def name(self, attribute: str, value: str) -> str:
        """The name behind a value of a Filters attribute; the value itself where none is known."""
        choices = {"sources": self.sources, "sections": self.sections}
        key = label_key(value)
        known = choices.get(attribute.removeprefix("not_"), ())
        return next((label.name for label in known if label.key == key), value)


@lru_cache(maxsize=1 << 16)
def label_key(name: str) -> str:
    """The name's slug, which never changes; the name itself where that would be empty."""
    return slug(name) or name


def merged_labels(values: Sequence[FacetValue]) -> tuple[Label, ...]:
    """One label for each key, most frequent first.

    Names that differ only in case or accents are one choice.
    """
    return leading_labels(values, len(values))[0]


def leading_labels(
    values: Sequence[FacetValue], most: int, also: Collection[str] = ()
) -> tuple[tuple[Label, ...], bool]:
    """The first of the merged labels, and whether there are others.

    Args:
        also: keys of labels that are wanted wherever they stand.
    """
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for value in values:
        key = label_key(value.value)
        names.setdefault(key, value.value)
        counts[key] = counts.get(key, 0) + value.count
    order = sorted(counts, key=lambda key: (-counts[key], key))
    shown = [key for place, key in enumerate(order) if place < most or key in also]
    return tuple(Label(k, names[k], counts[k]) for k in shown), len(shown) < len(order)
