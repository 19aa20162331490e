"""Verdicts: the conditions of the gate and how they came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .changes import GroupChange, TopicChange

#: How many topics are shown of those that failed a verdict.
WORST: Final = 5
#: Slack for sums of floats.
EPSILON: Final = 1e-6


class VerdictKind(StrEnum):
    """What a verdict is about."""

    MEASURE = "measure"
    QUERIES = "queries"
    CLASSES = "classes"
    FLOOR = "floor"
    PARITY = "parity"
    RESTORATION = "restoration"
    RELATED = "related"
    ASSERTION = "assertion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One condition of the gate, whether it holds, and what failed it most."""

    kind: VerdictKind
    name: str
    passed: bool
    expected: str
    got: str
    topics: tuple[TopicChange, ...] = ()
    """Those to blame where it failed, the one that lost most first."""
    groups: tuple[GroupChange, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """All verdicts, and what a reader of them should know."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]
    unchanged: bool
    """Whether there is a baseline and no value differs from it."""

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The verdicts that fail the gate."""
        return tuple(verdict for verdict in self.verdicts if not verdict.passed)

    @property
    def passed(self) -> bool:
        """Whether every condition holds."""
        return not self.failed


def worst(changes: tuple[TopicChange, ...]) -> tuple[TopicChange, ...]:
    """The topics that lost most, of changes that are in that order."""
    return tuple(change for change in changes[:WORST] if change.difference < 0)


def signed(difference: float) -> str:
    """A difference with its sign and four decimals; no sign for what rounds to zero.

    >>> signed(-0.25), signed(0.00001)
    ('−0.2500', '0.0000')
    """
    text = f"{abs(difference):.4f}"
    if float(text) == 0:
        return text
    return f"{'−' if difference < 0 else '+'}{text}"


def listed(items: Sequence[str]) -> str:
    """The first few of the items, and how many more there are."""
    shown = ", ".join(items[:WORST])
    return shown if len(items) <= WORST else f"{shown} và {len(items) - WORST} nữa"
