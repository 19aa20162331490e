"""Labels of sources, sections and people, as written and as slugs."""

import re
from collections.abc import Iterable

from analyzers import analyze

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
