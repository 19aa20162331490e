"""The documents of searches, facets and related articles."""

from typing import Annotated, TypedDict

from msgspec import Meta

from .articles import ArticleHead
from .queries import QueryDocument, SuggestionDocument
from .texts import Count, Links, Path, Segment

__all__ = [
    "AnswerMeta",
    "FacetAnswer",
    "FacetCountsDocument",
    "FacetDocument",
    "FacetValueDocument",
    "Highlights",
    "MatchedWordDocument",
    "RelatedAnswer",
    "RelatedResult",
    "Result",
    "SearchAnswer",
]


class AnswerMeta(TypedDict):
    """About the answer itself."""

    took_ms: Count
    generation: Annotated[int, Meta(ge=0, description="Grows with every change of the archive.")]
    api: Annotated[str, Meta(description="The version of this contract.")]
    request_id: str | None


class Highlights(TypedDict):
    """Texts with what the query matches marked; `body` holds the best windows."""

    title: list[Segment]
    lead: list[Segment]
    body: list[list[Segment]]
    related: list[list[Segment]]


class MatchedWordDocument(TypedDict):
    """A word as typed, as found, where, and how."""

    typed: str
    found: str
    field: str
    how: str


class Result(ArticleHead):
    """A hit."""

    score: float
    highlights: Highlights
    matched: list[MatchedWordDocument]
    related_only: Annotated[
        bool, Meta(description="The query matches only in the related news of its page.")
    ]
    duplicates: Annotated[int, Meta(ge=0, description="Hits that are nearly the same text.")]
    copies: Annotated[list[ArticleHead], Meta(description="The first ten of them.")]


class _FacetValue(TypedDict):
    value: Annotated[str, Meta(description="What the filter takes.")]
    label: str
    count: Count


class FacetValueDocument(_FacetValue, total=False):
    """A label and its hits; a tag lacks the last two, since no filter takes it."""

    selected: bool
    toggle_url: Path


class FacetDocument(TypedDict):
    """The values of a facet."""

    values: list[FacetValueDocument]


class _TimedOut(TypedDict):
    timed_out: Annotated[list[str], Meta(description="Facets that there was no time to count.")]


class FacetCountsDocument(_TimedOut, total=False):
    """The facets that were asked for."""

    section: FacetDocument
    source: FacetDocument
    author: FacetDocument
    tag: FacetDocument
    year: FacetDocument
    month: FacetDocument
    day: FacetDocument


class _SearchAnswer(TypedDict):
    query: QueryDocument
    suggestions: list[SuggestionDocument]
    total: Count
    total_relation: Annotated[str, Meta(description="`eq`: the total is exact.")]
    relaxed: Annotated[bool, Meta(description="No article has all the words.")]
    partial: Annotated[bool, Meta(description="Time ran out: there may be more.")]
    collapsed: Annotated[int, Meta(ge=0, description="Near copies that do not count in total.")]
    page: Annotated[int, Meta(ge=1)]
    per_page: Annotated[int, Meta(ge=1)]
    pages: Count
    results: list[Result]
    links: Links
    meta: AnswerMeta


class SearchAnswer(_SearchAnswer, total=False):
    """A page of results; `facets` is there where some were asked for."""

    facets: FacetCountsDocument


class FacetAnswer(TypedDict):
    """A page of the values of one facet among the hits of a search."""

    field: str
    total: Annotated[int, Meta(ge=0, description="Values on all pages.")]
    page: Annotated[int, Meta(ge=1)]
    per_page: Annotated[int, Meta(ge=1)]
    pages: Count
    values: list[FacetValueDocument]
    links: Links
    meta: AnswerMeta


class RelatedResult(ArticleHead):
    """An article about the same subject."""

    score: float
    reason: Annotated[str, Meta(description="What both share, for people.")]


class RelatedAnswer(TypedDict):
    """Articles about the same subject as one article."""

    id: str
    results: list[RelatedResult]
    links: Links
    meta: AnswerMeta
