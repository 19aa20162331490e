"""ScoringClause by the span of the query that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ..plan import ScoredQuery, ScoringClause


@dataclass(frozen=True, slots=True)
class ClauseGroup:
    """What is said of one span of a query: clauses and its weights, kept together."""

    weighted: tuple[tuple[ScoredQuery, float], ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.weighted))

    def __hash__(self) -> int:
        return self._hash


def clause_groups(clauses: Sequence[ScoringClause]) -> tuple[ClauseGroup, ...]:
    """Each run of clauses about one span, in order; what names none stands alone."""
    return tuple(
        ClauseGroup(tuple((item.query, item.boost) for _, item in run))
        for _, run in groupby(enumerate(clauses), _span_of)
    )


def _span_of(numbered: tuple[int, ScoringClause]) -> tuple[int, int] | int:
    number, item = numbered
    return number if item.span is None else item.span
