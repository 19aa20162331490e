"""Sources and sections to choose from, and the names behind the slugs of an address."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from index import EngineStats, FacetValue, marked_slug, same_labels, slug

__all__ = ["ArchiveLabels", "Label", "keys_of", "label_key", "leading_labels", "merged_labels"]


@dataclass(frozen=True, slots=True)
class Label:
    """A name with the key that stands for it in addresses, and its number of articles."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ArchiveLabels:
    """The names that the archive has."""

    _names: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, stats: EngineStats) -> "ArchiveLabels":
        """The labels of an index."""
        return cls({"sources": stats.sources, "sections": stats.sections, "authors": stats.authors})

    def name(self, attribute: str, value: str) -> str:
        """The name behind a value of a Filters attribute; the value itself where none is known.

        A slug that several people share names them all.
        """
        known = [each.value for each in self._names.get(attribute.removeprefix("not_"), ())]
        meant = same_labels(known, value)
        apart = {marked_slug(name): name for name in reversed(known) if name in meant}
        return " / ".join(sorted(apart.values(), key=known.index)) or value


def label_key(value: str) -> str:
    """The key that a value of a filter is: itself, or the slug of a name.

    The name where its slug would be empty.
    """
    return value if value == marked_slug(value) else slug(value) or value


def keys_of(value: str) -> frozenset[str]:
    """The keys that a label may have which a filter means by this value, a name or a key."""
    return frozenset({value, label_key(value), marked_slug(value)})


def merged_labels(values: Sequence[FacetValue]) -> tuple[Label, ...]:
    """One label for each key, most frequent first.

    Names that differ only in case are one choice.
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
        key = value.key
        names.setdefault(key, value.value)
        counts[key] = counts.get(key, 0) + value.count
    order = sorted(counts, key=lambda key: (-counts[key], key))
    shown = [key for place, key in enumerate(order) if place < most or key in also]
    return tuple(Label(k, names[k], counts[k]) for k in shown), len(shown) < len(order)
