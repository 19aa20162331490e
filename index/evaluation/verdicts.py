"""What the gate says: verdicts, notes, and all of them together."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from .archive_state import ArchiveChange
from .assertions import AssertionResult, RestorationResult
from .changes import BeforeAfter, GroupChange, TopicChange
from .tolerance import Rule
from .variants import QueryVariant


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """One condition of the gate, whether it holds, and what failed it most."""

    passed: bool
    topics: tuple[TopicChange, ...] = ()
    """Those to blame where it failed, the one that lost most first."""
    groups: tuple[GroupChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanVerdict(_Verdict):
    """The mean that the rule names did not fall by more than its drop."""

    rule: Rule
    variant: QueryVariant | None
    """None for the related news of articles."""
    before: float
    after: float
    p_value: float | None = None
    """Of the difference, where the rule asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueriesVerdict(_Verdict):
    """Fewer topics fell by the drop of the rule, or more, than its count."""

    rule: Rule
    variant: QueryVariant
    fallen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassesVerdict(_Verdict):
    """No class of topics fell by more than the drop of the rule; `groups` are those that did."""

    rule: Rule
    variant: QueryVariant


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorVerdict(_Verdict):
    """A mean is at least `floor`, whatever the baseline says."""

    measure: str
    floor: float
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityVerdict(_Verdict):
    """A way of typing keeps the share `threshold` of the quality; a parity of None is 0 / 0."""

    variant: QueryVariant
    threshold: float
    parity: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationVerdict(_Verdict):
    """At least `wanted` queries were restored right."""

    wanted: int
    right: int
    missed: tuple[RestorationResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertionVerdict(_Verdict):
    """An assertion holds."""

    result: AssertionResult


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundVerdict(_Verdict):
    """At least one topic finds an article that is relevant to it: else nothing was measured."""

    found: int
    judged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LostVerdict(_Verdict):
    """The index has every judged article."""

    articles: tuple[str, ...]


class Part(Enum):
    """A part of a suite that a baseline counts."""

    TOPICS = auto()
    """Topics that are gone, have no judgements any more or another query."""
    JUDGEMENTS = auto()
    """Topics with fewer judgements."""
    RELATED = auto()
    """Articles whose related news were judged, and are not or less so now."""
    VARIANTS = auto()
    """Ways of typing that are not measured now."""
    ASSERTIONS = auto()
    RESTORATIONS = auto()


@dataclass(frozen=True, slots=True)
class Removal:
    """What a suite had when its baseline was accepted, and has no more: ids, or numbers."""

    part: Part
    ids: tuple[str, ...] = ()
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedVerdict(_Verdict):
    """The suite still judges all that it judged when the baseline was accepted."""

    removals: tuple[Removal, ...]


Verdict: TypeAlias = (
    FoundVerdict
    | LostVerdict
    | RemovedVerdict
    | MeanVerdict
    | QueriesVerdict
    | ClassesVerdict
    | FloorVerdict
    | ParityVerdict
    | RestorationVerdict
    | AssertionVerdict
)


class NoteKind(Enum):
    """What a reader of verdicts should know: something that was left out, or has changed."""

    UNJUDGED = auto()
    """Topics without judgements."""
    LOST = auto()
    """Judged articles that the index lacks, left out on request."""
    NO_BASELINE = auto()
    NEW = auto()
    """Topics that the baseline does not have with this query."""
    REMOVED = auto()
    """Topics of the baseline that are no more, left out on request."""
    JUDGEMENTS = auto()
    """The judgements differ from those of the baseline."""
    ARCHIVE = auto()
    """The articles differ from those of the baseline."""
    ARCHIVE_UNKNOWN = auto()
    """The baseline does not say on which articles it was measured."""
    PROGRAM = auto()
    """Version or constants differ from those of the baseline."""
    ENGINE_ONLY = auto()
    """Files of the suite that runs alone cannot be judged by."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note with the ids of the topics or articles, or the names, that it is about."""

    kind: NoteKind
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """All verdicts, and what a reader of them should know."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[Note, ...]
    compared: BeforeAfter | None
    """The values of the baseline and those of now; None without a baseline."""
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

    @property
    def change(self) -> ArchiveChange | None:
        """How the archive differs from that of the baseline."""
        return None if self.compared is None else self.compared.change

    @property
    def data_differ(self) -> bool:
        """Whether the articles may be to blame: they are others, or judged ones are gone."""
        lost = any(isinstance(verdict, LostVerdict) for verdict in self.failed)
        return lost or self.change is not None
