"""What a query is read as: its syntax tree, its tokens, and whatever was read differently.

Plain frozen values, which a page reads out as they are.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Words:
    """Neighbouring plain words, understood together; start and end in the query."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word with a star at its end; `text` comes without it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A phrase; with `window`, its words may stand within that many syllables."""

    text: str
    start: int
    end: int
    window: int | None = None


@dataclass(frozen=True, slots=True)
class FieldValue:
    """`field:value` for a field with labels or dates; `field` is a value of VALUE_FIELDS."""

    field: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class InField:
    """A subtree that is searched in one zone only; `field` is a key of FIELD_ZONES."""

    field: str
    child: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Every child must match; `explicit` where AND was written."""

    children: tuple["Node", ...]
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Any:
    """At least one child must match."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The child must not match."""

    child: "Node"


Node: TypeAlias = Words | Prefix | Quoted | FieldValue | InField | All | Any | Without


class AccentMode(StrEnum):
    """How typed accents are read: AUTO takes typed marks as constraints, missing ones as free.

    OPEN does so even where every word was typed in full: the typed marks and more.
    """

    AUTO = "auto"
    EXACT = "exact"
    OPEN = "open"
    FOLD = "fold"


class QueryMode(StrEnum):
    """SIMPLE never fails, ADVANCED reports syntax errors with their position."""

    SIMPLE = "simple"
    ADVANCED = "advanced"


@dataclass(frozen=True, slots=True)
class Variant:
    """An accented form and the number of articles that hold it."""

    text: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryToken:
    """A token of the query; `start` and `end` are code points of the query as typed."""

    text: str
    start: int
    end: int
    kind: str
    typed_marks: bool
    readings: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A way in which the query was read differently; `kind` is a MatchKind or a rule's name."""

    kind: str
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryNotice:
    """Something of the query that is not searched as it stands; `kind` names the rule."""

    kind: str
    text: str = ""
    """What was typed there."""
    offer: str = ""
    """What to write instead, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Another query with hits.

    `kind` is restore_accents, telex, vni, split, spelling, near_number or operators. Only the last
    may have none: it says that words could be operators.
    """

    kind: str
    text: str
    total: int
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstoodQuery:
    """How the query was read."""

    raw: str
    normalized: str
    mode: QueryMode
    accents: AccentMode
    tokens: tuple[QueryToken, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    """Where several syllables are likely one word, as the offsets of tokens count."""
    rewrites: tuple[Rewrite, ...] = ()
    notices: tuple[QueryNotice, ...] = ()
    """What of the query is not searched as it was typed."""
    tree: Node | None = None
    """What the hits of the first tier match; None for nothing but words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryAnalysis:
    """Everything that a search makes of a query, for people who wonder why."""

    understood: UnderstoodQuery
    reading: str
    """How accents were read: an AccentMatch's name for every token, in order."""
    words: tuple[str, ...]
    """The likeliest words, syllables joined by "_"."""
    restored: str
    """The likeliest accented reading."""
    evidence: tuple[tuple[str, float], ...]
    """What ranks the hits, with its weight."""
    total: int
    near_total: int
    """As in a page of hits."""
    suggestions: tuple[Suggestion, ...]

    @property
    def relaxed(self) -> bool:
        """Whether no article has all that the query says, but some have most of it."""
        return not self.total and self.near_total > 0
