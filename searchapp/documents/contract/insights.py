"""Documents for people who wonder why: analysis, explanation, statistics."""

from typing import Annotated, TypedDict

from msgspec import Meta

from .queries import QueryDocument, SuggestionDocument
from .searches import AnswerMeta
from .texts import Count, Links, OptionalDay

__all__ = [
    "AnalysisAnswer",
    "EvidenceDocument",
    "ExplainAnswer",
    "ExplanationDocument",
    "LabelCount",
    "StatsAnswer",
]


class EvidenceDocument(TypedDict):
    """Something that ranks the hits, and its weight."""

    label: str
    weight: float


class AnalysisAnswer(TypedDict):
    """Every step from a query to what ranks its hits."""

    query: QueryDocument
    reading: Annotated[str, Meta(description="How accents were read.")]
    words: Annotated[list[str], Meta(description='Likely words, syllables joined by "_".')]
    restored: Annotated[str, Meta(description="The likeliest accented reading.")]
    evidence: list[EvidenceDocument]
    total: Count
    relaxed: bool
    suggestions: list[SuggestionDocument]
    links: Links
    meta: AnswerMeta


class ExplanationDocument(TypedDict):
    """A part of a score: the sum of its own parts, where it has any."""

    description: str
    value: float
    children: list["ExplanationDocument"]


class ExplainAnswer(TypedDict):
    """How an article gets its score in a search."""

    id: str
    score: float
    explanation: ExplanationDocument
    links: Links
    meta: AnswerMeta


class LabelCount(TypedDict):
    """A source or section, and its articles."""

    slug: str
    name: str
    articles: Count


class StatsAnswer(TypedDict):
    """What the archive holds."""

    articles: Count
    first_published: OptionalDay
    last_published: OptionalDay
    sources: list[LabelCount]
    sections: list[LabelCount]
    segments: Count
    terms: Count
    bytes_on_disk: Count
    links: Links
    meta: AnswerMeta
