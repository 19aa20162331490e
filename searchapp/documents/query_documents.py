"""Documents about a query: how it was read, what it may become, why its hits rank as they do."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, convert, field

from index import (
    Completion,
    Explanation,
    Filters,
    QueryToken,
    Rewrite,
    Suggestion,
    SuggestionKind,
    UnderstoodQuery,
)

from ..query.archive_labels import ArchiveLabels, label_key
from ..query.params import SearchParams, without_rewrite
from ..query.urls import article_path, mounted, url
from ..text.messages import Gettext
from .article_documents import AnswerMeta, Count, Links, Path
from .explanation import explain_text
from .query_reading import notice_text, reading_text

__all__ = [
    "AnalysisAnswer",
    "CompletionDocument",
    "EvidenceDocument",
    "ExplainAnswer",
    "ExplanationDocument",
    "QueryDocument",
    "SuggestAnswer",
    "SuggestMeta",
    "SuggestionDocument",
    "TokenDocument",
]


class ReadingDocument(Struct, frozen=True):
    """An accented form, and how many articles hold it."""

    text: str
    count: Count


class TokenDocument(Struct, frozen=True):
    """A token of the query; `start` and `end` count code points of `raw`."""

    text: str
    start: Count
    end: Count
    kind: str
    typed_marks: bool
    readings: list[ReadingDocument]

    @classmethod
    def of(cls, token: QueryToken) -> "TokenDocument":
        """A token as typed, with its accented readings."""
        return convert(token, cls, from_attributes=True)


class RewriteDocument(Struct, frozen=True):
    """A way in which the query was read differently."""

    kind: str
    source: str = field(name="from")
    target: str = field(name="to")
    remove_url: Annotated[str, Meta(description="The page of the search without it.")]

    @classmethod
    def of(cls, rewrite: Rewrite, params: SearchParams) -> "RewriteDocument":
        """A rewrite, with the page of the search that undoes it."""
        without = url(without_rewrite(params, rewrite), facets=(), highlight=True)
        return cls(rewrite.kind, rewrite.source, rewrite.target, without)


class QueryDocument(Struct, frozen=True, kw_only=True):
    """How the query was read."""

    raw: str
    normalized: str
    mode: str
    accents: str
    explain_text: Annotated[str, Meta(description="One Vietnamese sentence for people.")]
    tokens: list[TokenDocument]
    rewrites: list[RewriteDocument]
    reading: Annotated[
        str | None, Meta(description="What a query with signs means, in words; null: plain words.")
    ]
    warnings: Annotated[
        tuple[str, ...],
        Meta(description="What is not searched as it was typed, a sentence each."),
    ]

    @classmethod
    def of(
        cls,
        understood: UnderstoodQuery,
        params: SearchParams,
        labels: ArchiveLabels,
        translate: Gettext,
    ) -> "QueryDocument":
        """What the engine understood of a search."""
        return cls(
            raw=understood.raw,
            normalized=understood.normalized,
            mode=understood.mode,
            accents=understood.accents,
            explain_text=explain_text(params, understood, labels, translate),
            tokens=[TokenDocument.of(token) for token in understood.tokens],
            reading=None if understood.tree is None else reading_text(understood.tree, translate),
            rewrites=[RewriteDocument.of(rewrite, params) for rewrite in understood.rewrites],
            warnings=tuple(notice_text(notice, translate) for notice in understood.notices),
        )


class SuggestionDocument(Struct, frozen=True):
    """Another query that has hits."""

    kind: str
    text: str
    total: Count
    url: Path
    confidence: Annotated[float, Meta(ge=0, le=1)]

    @classmethod
    def of(cls, suggestion: Suggestion, params: SearchParams) -> "SuggestionDocument":
        """A suggestion, with the page of its search."""
        return cls(
            suggestion.kind,
            suggestion.text,
            suggestion.total,
            url(params, query=suggestion.text, facets=(), highlight=True),
            round(suggestion.confidence, 4),
        )


class EvidenceDocument(Struct, frozen=True):
    """Something that ranks the hits, and its weight."""

    label: str
    weight: float


class AnalysisAnswer(Struct, frozen=True, kw_only=True):
    """Every step from a query to what ranks its hits."""

    query: QueryDocument
    reading: Annotated[str, Meta(description="How accents were read.")]
    words: Annotated[tuple[str, ...], Meta(description='Likely words, syllables joined by "_".')]
    restored: Annotated[str, Meta(description="The likeliest accented reading.")]
    evidence: list[EvidenceDocument]
    total: Count
    near_total: Count
    relaxed: bool
    suggestions: list[SuggestionDocument]
    links: Links
    meta: AnswerMeta


class ExplanationDocument(Struct, frozen=True):
    """A part of a score: the sum of its own parts, where it has any."""

    description: str
    value: float
    children: list["ExplanationDocument"]

    @classmethod
    def of(cls, node: Explanation) -> "ExplanationDocument":
        """A score as a tree."""
        children = [cls.of(child) for child in node.children]
        return cls(node.description, node.value, children)


class ExplainAnswer(Struct, frozen=True, kw_only=True):
    """How an article gets its score in a search."""

    id: str
    score: float
    explanation: ExplanationDocument
    links: Links
    meta: AnswerMeta


class CompletionDocument(Struct, frozen=True, kw_only=True):
    """A suggestion: `total` for a query, `id` for a headline, `how` for did_you_mean."""

    text: str
    kind: Annotated[str, Meta(description="query, title, section, source, author or did_you_mean.")]
    parts: Annotated[
        list[tuple[str, int]], Meta(description="Stretches of the text; 1: typed already.")
    ]
    url: Path
    how: str | UnsetType = UNSET
    total: Count | UnsetType = UNSET
    id: str | UnsetType = UNSET

    @classmethod
    def of(cls, item: Completion) -> "CompletionDocument":
        """A suggestion with the page that it leads to."""
        return cls(
            text=item.text,
            kind=item.kind,
            parts=[(part.text, int(part.typed)) for part in item.parts],
            url=_completed_page(item),
            how=UNSET if item.how is None else item.how,
            total=UNSET if item.total is None else item.total,
            id=UNSET if item.doc_id is None else item.doc_id,
        )


class SuggestMeta(Struct, frozen=True):
    """About the answer itself."""

    took_ms: Count
    generation: Count


class SuggestAnswer(Struct, frozen=True):
    """What the typed text may become."""

    query: str
    suggestions: list[CompletionDocument]
    meta: SuggestMeta


def _completed_page(item: Completion) -> str:
    if item.doc_id is not None:
        return mounted(article_path(item.doc_id, item.text))
    if item.kind in _LABEL_FILTERS:
        chosen: dict[str, Any] = {_LABEL_FILTERS[item.kind]: (item.key or label_key(item.text),)}
        return url(SearchParams(filters=Filters(**chosen)))
    return url(SearchParams(query=item.text))


_LABEL_FILTERS = {
    SuggestionKind.SECTION: "sections",
    SuggestionKind.SOURCE: "sources",
    SuggestionKind.AUTHOR: "authors",
}
