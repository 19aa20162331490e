"""Sources and sections to choose from, and the names behind the slugs of an address."""

from collections.abc import Sequence
from dataclasses import dataclass

from index import EngineStats, FacetValue, slug

__all__ = ["ArchiveLabels", "Label", "label_key", "merged_labels"]


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


def label_key(name: str) -> str:
    """The name's slug; the name itself where that would be empty."""
    return slug(name) or name


def merged_labels(values: Sequence[FacetValue]) -> tuple[Label, ...]:
    """One label for each key, most frequent first.

    Names that differ only in case or accents are one choice.
    """
    found: dict[str, Label] = {}
    for value in values:
        key = label_key(value.value)
        known = found.get(key)
        name, before = (value.value, 0) if known is None else (known.name, known.count)
        found[key] = Label(key, name, before + value.count)
    return tuple(sorted(found.values(), key=lambda label: (-label.count, label.key)))
