"""The documents of searches: a page of results, the values of facets, what the archive holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Final, TypedDict, cast

from msgspec import UNSET, Meta, Struct, UnsetType

from index import EngineStats, FacetValue, Fragment, Hit, MatchedWord, SearchPage, Zone

from ..query.archive_labels import ArchiveLabels, Label, keys_of, merged_labels
from ..query.options import DATE_FACETS, FILTER_NAMES
from ..query.params import SearchParams, has_span, toggled, toggled_span
from ..query.urls import Site, url
from ..text.messages import Gettext, in_vietnamese
from .article_documents import AnswerMeta, ArticleHead, Count, Links, Path
from .query_documents import QueryDocument, SuggestionDocument

__all__ = ["FacetAnswer", "FacetValueDocument", "SearchAnswer", "StatsAnswer"]

_OptionalDay = Annotated[str | None, Meta(description="yyyy-mm-dd; null: no article has a date.")]

_ZONE_NAMES: Final = {
    Zone.HEADLINE: "title",
    Zone.LEAD: "lead",
    Zone.BODY: "body",
    Zone.CAPTIONS: "caption",
    Zone.RELATED: "related",
}


class FragmentDocument(Struct, frozen=True):
    """A stretch of text; `m` is there, and true, where the query matches it."""

    t: Annotated[str, Meta(description="Text in the article's own spelling.")]
    m: bool | UnsetType = UNSET


class HighlightsDocument(Struct, frozen=True, kw_only=True):
    """Texts with what the query matches marked; `body` holds the best windows."""

    title: list[FragmentDocument]
    lead: list[FragmentDocument]
    body: list[list[FragmentDocument]]
    related: list[list[FragmentDocument]]


class MatchedWordDocument(Struct, frozen=True):
    """A word as typed, as found, where, and how."""

    typed: str
    found: str
    field: str
    how: str

    @classmethod
    def of(cls, word: MatchedWord) -> "MatchedWordDocument":
        """A word that a query and an article share."""
        return cls(word.typed, word.found, _ZONE_NAMES[word.zone], word.how)


class Result(ArticleHead, frozen=True, kw_only=True):
    """A hit."""

    score: float
    tier: Annotated[
        int,
        Meta(ge=1, le=3, description="1: all that is said; 2: other accents; 3: most words."),
    ]
    highlights: HighlightsDocument
    matched: list[MatchedWordDocument]
    related_only: Annotated[
        bool, Meta(description="The query matches only in the related news of its page.")
    ]
    duplicates: Annotated[int, Meta(ge=0, description="Hits that are nearly the same text.")]
    copies: Annotated[list[ArticleHead], Meta(description="The first ten of them.")]

    @classmethod
    def of_hit(cls, hit: Hit, site: Site) -> "Result":
        """A hit of a page of results."""
        marked = hit.highlights
        return cls.of(
            hit.article,
            site,
            score=round(hit.score, 6),
            tier=hit.tier,
            highlights=HighlightsDocument(
                title=_segments(marked.title),
                lead=_segments(marked.lead),
                body=[_segments(snippet) for snippet in marked.snippets],
                related=[_segments(text) for text in marked.related],
            ),
            matched=[MatchedWordDocument.of(word) for word in hit.matched],
            related_only=hit.related_only,
            duplicates=hit.copy_count,
            copies=[ArticleHead.of(article, site) for article in hit.copies],
        )


class FacetValueDocument(Struct, frozen=True):
    """A label and its hits; a tag lacks the last two, since no filter takes it."""

    value: Annotated[str, Meta(description="What the filter takes.")]
    label: str
    count: Count
    selected: bool | UnsetType = UNSET
    toggle_url: Path | UnsetType = UNSET

    @classmethod
    def of(cls, facet: str, label: Label, params: SearchParams) -> "FacetValueDocument":
        """A value of a facet, with the search that it is added to or taken off."""
        found = replace(params, facets=())
        selected: bool | UnsetType = UNSET
        address: str | UnsetType = UNSET
        if facet in FILTER_NAMES:
            asked = getattr(params.filters, FILTER_NAMES[facet])
            selected = any(label.key in keys_of(value) for value in asked)
            address = url(toggled(found, facet, label.key))
        elif facet in DATE_FACETS:
            selected = has_span(params, label.key)
            address = url(toggled_span(found, label.key))
        return cls(label.key, label.name, label.count, selected, address)


class FacetDocument(Struct, frozen=True):
    """The values of a facet."""

    values: list[FacetValueDocument]

    @classmethod
    def of(cls, facet: str, values: Sequence[FacetValue], params: SearchParams) -> "FacetDocument":
        """The values of a facet among the hits of a search."""
        labels: Sequence[Label] = (
            merged_labels(values)
            if facet in FILTER_NAMES
            else [Label(value.value, value.value, value.count) for value in values]
        )
        return cls([FacetValueDocument.of(facet, label, params) for label in labels])


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


class SearchAnswer(Struct, frozen=True, kw_only=True):
    """A page of results; `facets` is there where some were asked for."""

    query: QueryDocument
    suggestions: list[SuggestionDocument]
    total: Annotated[int, Meta(ge=0, description="Hits that have all that the query says.")]
    near_total: Annotated[
        int, Meta(ge=0, description="Hits of the other tiers: other accents, most of the words.")
    ]
    total_relation: Annotated[str, Meta(description="`eq`: the total is exact.")]
    relaxed: Annotated[bool, Meta(description="`total` is 0, `near_total` is not.")]
    partial: Annotated[bool, Meta(description="Time ran out: there may be more.")]
    collapsed: Annotated[int, Meta(ge=0, description="Near copies that do not count in total.")]
    page: Annotated[int, Meta(ge=1)]
    per_page: Annotated[int, Meta(ge=1)]
    pages: Count
    results: list[Result]
    links: Links
    meta: AnswerMeta
    facets: FacetCountsDocument | UnsetType = UNSET

    @classmethod
    def of(
        cls,
        page: SearchPage,
        params: SearchParams,
        *,
        labels: ArchiveLabels,
        site: Site,
        meta: AnswerMeta,
        translate: Gettext = in_vietnamese,
    ) -> "SearchAnswer":
        """The document of /api/v1/search and of `timbao search --json`."""
        return cls(
            query=QueryDocument.of(page.query, params, labels, translate),
            suggestions=[SuggestionDocument.of(item, params) for item in page.suggestions],
            total=page.total,
            near_total=page.near_total,
            total_relation="eq",
            relaxed=page.relaxed,
            partial=page.partial,
            collapsed=page.collapsed,
            page=params.page,
            per_page=params.per_page,
            pages=params.page_count(page.paged_total),
            results=[Result.of_hit(hit, site) for hit in page.hits],
            links=Links.of_page(
                lambda number: url(params, "/api/v1/search", page=number),
                params.page,
                params.page_count(page.paged_total),
                url(params, page=params.page, facets=(), highlight=True),
            ),
            meta=meta,
            facets=_facets(page, params) if params.facets else UNSET,
        )


class FacetAnswer(Struct, frozen=True, kw_only=True):
    """A page of the values of one facet among the hits of a search."""

    field: str
    total: Annotated[int, Meta(ge=0, description="Values on all pages.")]
    page: Annotated[int, Meta(ge=1)]
    per_page: Annotated[int, Meta(ge=1)]
    pages: Count
    values: list[FacetValueDocument]
    links: Links
    meta: AnswerMeta


class LabelCount(Struct, frozen=True):
    """A source or section, and its articles."""

    slug: str
    name: str
    articles: Count


class StatsAnswer(Struct, frozen=True, kw_only=True):
    """What the archive holds."""

    articles: Count
    first_published: _OptionalDay
    last_published: _OptionalDay
    sources: list[LabelCount]
    sections: list[LabelCount]
    segments: Count
    terms: Count
    bytes_on_disk: Count
    links: Links
    meta: AnswerMeta

    @classmethod
    def of(cls, stats: EngineStats, links: Links, meta: AnswerMeta) -> "StatsAnswer":
        """The document of what an index holds."""
        return cls(
            articles=stats.articles,
            first_published=_day(stats.first_published),
            last_published=_day(stats.last_published),
            sources=_label_counts(stats.sources),
            sections=_label_counts(stats.sections),
            segments=stats.segments,
            terms=stats.terms,
            bytes_on_disk=stats.bytes_on_disk,
            links=links,
            meta=meta,
        )


def _segments(fragments: Sequence[Fragment]) -> list[FragmentDocument]:
    return [
        FragmentDocument(f.text, True) if f.marked else FragmentDocument(f.text) for f in fragments
    ]


def _facets(page: SearchPage, params: SearchParams) -> FacetCountsDocument:
    found: dict[str, object] = {
        name: FacetDocument.of(name, values, params) for name, values in page.facets.items()
    }
    found["timed_out"] = [name for name in params.facets if name not in page.facets]
    # The names are those of options.FACETS, and the type's: no checker can follow that.
    return cast(FacetCountsDocument, found)


def _label_counts(values: Sequence[FacetValue]) -> list[LabelCount]:
    return [LabelCount(label.key, label.name, label.count) for label in merged_labels(values)]


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
