"""What reading a query and searching ask of one generation of an index, whatever engine has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from .article import Article
from .model import FacetValue, SearchRequest, SortOrder
from .plan import Passages, Query, ScoredQuery, ScoringClause, TermSet
from .query.feedback import FeedbackStats
from .ranking import RankingConstants

#: A set of documents as the engine has it: a mask, or the match that describes it.
Docs = TypeVar("Docs")


@dataclass(frozen=True, slots=True)
class Found:
    """An article among the hits, with its score."""

    article: Article
    score: float
    copies: tuple[Article, ...] = ()
    """Its near copies among the hits, or the first of them, where they are collapsed."""
    copy_count: int = 0
    tier: int = 1
    """In how many of the tiers it is not, counted from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRange(Generic[Docs]):
    """Which of the documents are wanted: those from `offset` on, `limit` at most."""

    docs: Docs
    clauses: tuple[ScoringClause, ...]
    order: SortOrder
    limit: int
    offset: int = 0
    tiers: tuple[Docs, ...] = ()
    """Sets, each within the next, whose documents come before all others, in this order."""
    collapse: bool = False
    """Whether of near copies only the first one is an article of the range."""
    passages: Passages | None = None
    """What lifts the best documents of each tier in the order of relevance."""
    recency: int | None = None
    """Days in which what newer articles gain halves."""


class Archive(Protocol[Docs]):
    """One generation of an index; threads may share it."""

    @property
    def generation(self) -> int:
        """Its number."""

    @property
    def constants(self) -> RankingConstants:
        """What its ranking is computed with."""

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""

    def matching(self, match: Query) -> Docs:
        """The documents that match."""

    def both(self, first: Docs, second: Docs) -> Docs:
        """The documents in both sets."""

    def either(self, first: Docs, second: Docs) -> Docs:
        """The documents in any of the sets."""

    def count(self, docs: Docs, *, collapse: bool = False) -> tuple[int, int]:
        """How many documents a set has, and how many near copies of others in it are not counted.

        Args:
            collapse: whether near copies are told from others; else none is one.
        """

    def hits(self, wanted: HitRange[Docs]) -> Sequence[Found]:
        """The articles of a range, in its order."""

    def rarities(self, scored: Sequence[ScoredQuery]) -> list[float]:
        """The idf of each clause, 0 for one without documents."""

    def feedback_stats(
        self, docs: Docs, clauses: tuple[ScoringClause, ...], asked: Sequence[TermSet]
    ) -> FeedbackStats | None:
        """Which of the best documents of a set hold which of the terms; None if it is empty."""

    def facets(self, matched: Docs, request: SearchRequest) -> Mapping[str, tuple[FacetValue, ...]]:
        """For each facet asked for its values, as they would be without its own filter.

        Args:
            matched: what the query matches, filters left aside.
        """
