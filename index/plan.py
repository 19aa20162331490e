"""A query as an engine runs it, in plain values.

A `QueryPlan` says what must match and what scores; retrieval turns each of its queries into
`DocScores`, the documents of one clause with their saturated frequencies, of which a boolean query
takes the documents and ranking takes the scores; the best of them become a `SearchPage`.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from .schema import ALL_ZONES, Zone


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """One indexed term with its boost: 1 counts occurrences in full."""

    term: str
    fold: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class TermSet:
    """Interchangeable terms: together they are one term of the query."""

    terms: tuple[WeightedTerm, ...]
    zones: frozenset[Zone] = ALL_ZONES
    stacked: bool = False
    """Whether they may stand on top of other tokens (dates, joined forms), beside no neighbours."""
    folds: frozenset[str] = field(init=False, repr=False, compare=False)
    """The folded forms of the terms."""
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folds", frozenset(form.fold for form in self.terms))
        # Sets are looked up in caches many times a query: hash their forms once.
        object.__setattr__(self, "_hash", hash((self.terms, self.zones)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class PairSet:
    """Any form of `first` directly followed by any form of `second`."""

    first: TermSet
    second: TermSet


@dataclass(frozen=True, slots=True)
class Phrase:
    """Term sets at fixed distances from the first one, in one paragraph.

    With `window`, the sets may stand in any order within that many positions of each other.
    """

    parts: tuple[TermSet, ...]
    offsets: tuple[int, ...]
    window: int | None = None


@dataclass(frozen=True, slots=True)
class And:
    """Documents that match every child; all documents where there is none."""

    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that match any child."""

    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that do not match the child."""

    child: "Query"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Documents that match at least `count` of the children."""

    count: int
    children: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class KeywordIs:
    """Documents with any of the labels in a keyword column."""

    column: str
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class PublishedWithin:
    """Documents published in [first, last) seconds since 1970 UTC; None leaves a side open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class IdIn:
    """The documents with these ids."""

    ids: frozenset[str]


Query: TypeAlias = TermSet | Phrase | And | Or | Not | AtLeast | KeywordIs | PublishedWithin | IdIn
ScoredQuery: TypeAlias = TermSet | PairSet | Phrase


def is_one_term(scored: ScoredQuery) -> bool:
    """Whether it is about single terms rather than neighbours, which saturate sooner."""
    return isinstance(scored, TermSet) or (isinstance(scored, Phrase) and len(scored.parts) == 1)


@dataclass(frozen=True, slots=True)
class ScoringClause:
    """One addend of the score: boost · idf · saturated frequency of its query."""

    query: ScoredQuery
    boost: float
    label: str


@dataclass(frozen=True, slots=True)
class Passages:
    """What lifts the best articles of a query: its words close together.

    A score is multiplied by 1 + gain · the share of the words, by idf, that the best passage has.
    """

    words: tuple[TermSet, ...]
    gain: float
    window: int
    """Positions from the first to the last word of a passage, within one paragraph."""


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """What must match, what scores, and what reorders the best."""

    match: Query
    clauses: tuple[ScoringClause, ...]
    passages: Passages | None = None


MATCH_ALL = And(())
MATCH_NONE = Or(())
