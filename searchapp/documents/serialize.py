"""Search results as the JSON documents of the API."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from index import (
    FacetValue,
    Fragment,
    Hit,
    QueryToken,
    Rewrite,
    SearchPage,
    Suggestion,
    UnderstoodQuery,
    Zone,
)

from ..query.archive_labels import ArchiveLabels, Label, merged_labels
from ..query.facet_counts import FacetCounts
from ..query.filtering import has_label, has_span, toggled, toggled_span
from ..query.options import DATE_FACETS, FILTER_NAMES
from ..query.params import SearchParams
from ..query.rewrites import without_rewrite
from ..query.urls import Site, api_search_path, search_path
from ..text.wording import Wording, in_vietnamese
from .article_documents import article_head
from .contract import API_VERSION
from .contract.queries import QueryDocument, RewriteDocument, SuggestionDocument
from .contract.queries import Token as TokenDocument
from .contract.searches import (
    AnswerMeta,
    FacetCountsDocument,
    FacetDocument,
    FacetValueDocument,
    Result,
    SearchAnswer,
)
from .contract.texts import Links
from .contract.texts import Segment as SegmentDocument
from .explanation import explain_text

__all__ = [
    "Answer",
    "Json",
    "date_value",
    "facet_value",
    "json_text",
    "query_document",
    "search_document",
    "suggestion_document",
    "token_document",
]

Json = dict[str, object]

_ZONE_NAMES = {
    Zone.HEADLINE: "title",
    Zone.LEAD: "lead",
    Zone.BODY: "body",
    Zone.CAPTIONS: "caption",
    Zone.RELATED: "related",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page of results with what its document needs besides."""

    params: SearchParams
    page: SearchPage
    labels: ArchiveLabels
    site: Site
    took_ms: int
    facets: FacetCounts | None = None
    request_id: str | None = None
    wording: Wording = in_vietnamese


def search_document(answer: Answer) -> SearchAnswer:
    """The document of /api/v1/search and of `timbao search --json`."""
    page, params = answer.page, answer.params
    document: SearchAnswer = {
        "query": query_document(page.query, params, answer.labels, answer.wording),
        "suggestions": [suggestion_document(item, params) for item in page.suggestions],
        "total": page.total,
        "total_relation": "eq",
        "relaxed": page.relaxed,
        "partial": page.partial,
        "collapsed": page.collapsed,
        "page": params.page,
        "per_page": params.per_page,
        "pages": params.page_count(page.total),
        "results": [_hit(hit, answer.site) for hit in page.hits],
        "links": _links(params, page.total),
        "meta": _meta(answer),
    }
    if answer.facets is not None:
        document["facets"] = _facets(answer.facets, params)
    return document


def json_text(document: Mapping[str, object] | Sequence[object], indent: int | None = None) -> str:
    """JSON with Vietnamese letters as they are."""
    return json.dumps(document, ensure_ascii=False, indent=indent)


def query_document(
    understood: UnderstoodQuery, params: SearchParams, labels: ArchiveLabels, wording: Wording
) -> QueryDocument:
    """How a query was read."""
    return {
        "raw": understood.raw,
        "normalized": understood.normalized,
        "mode": understood.mode,
        "accents": understood.accents,
        "explain_text": explain_text(params, understood, labels, wording),
        "tokens": [token_document(token) for token in understood.tokens],
        "rewrites": [_rewrite(rewrite, params) for rewrite in understood.rewrites],
        "warnings": list(understood.warnings),
    }


def token_document(token: QueryToken) -> TokenDocument:
    """A token of a query as typed, with its accented readings."""
    return {
        "text": token.text,
        "start": token.start,
        "end": token.end,
        "kind": token.kind,
        "typed_marks": token.typed_marks,
        "readings": [{"text": r.text, "count": r.count} for r in token.readings],
    }


def _rewrite(rewrite: Rewrite, params: SearchParams) -> RewriteDocument:
    return {
        "kind": rewrite.kind,
        "from": rewrite.source,
        "to": rewrite.target,
        "remove_url": _page_path(without_rewrite(params, rewrite)),
    }


def suggestion_document(suggestion: Suggestion, params: SearchParams) -> SuggestionDocument:
    """Another query that has hits, with the page of its search."""
    return {
        "kind": suggestion.kind,
        "text": suggestion.text,
        "total": suggestion.total,
        "url": _page_path(replace(params, query=suggestion.text, page=1)),
        "confidence": round(suggestion.confidence, 4),
    }


def _hit(hit: Hit, site: Site) -> Result:
    marked = hit.highlights
    return {
        **article_head(hit.article, site),
        "score": round(hit.score, 6),
        "highlights": {
            "title": _segments(marked.title),
            "lead": _segments(marked.lead),
            "body": [_segments(snippet) for snippet in marked.snippets],
            "related": [_segments(text) for text in marked.related],
        },
        "matched": [
            {
                "typed": word.typed,
                "found": word.found,
                "field": _ZONE_NAMES[word.zone],
                "how": word.how,
            }
            for word in hit.matched
        ],
        "related_only": hit.related_only,
        "duplicates": hit.copy_count,
        "copies": [article_head(article, site) for article in hit.copies],
    }


def _segments(segments: Sequence[Fragment]) -> list[SegmentDocument]:
    return [{"t": s.text, "m": True} if s.marked else {"t": s.text} for s in segments]


def _facets(counts: FacetCounts, params: SearchParams) -> FacetCountsDocument:
    facets: Json = {name: _facet(name, v, params) for name, v in counts.values.items()}
    # The names are those of params.FACETS, and the type's: no checker can follow that.
    return cast(FacetCountsDocument, {**facets, "timed_out": list(counts.timed_out)})


def _facet(name: str, values: Sequence[FacetValue], params: SearchParams) -> FacetDocument:
    if name in DATE_FACETS:
        return {"values": [date_value(v.value, v.count, params) for v in values]}
    if name not in FILTER_NAMES:
        return {"values": [{"value": v.value, "label": v.value, "count": v.count} for v in values]}
    return {"values": [facet_value(name, label, params) for label in merged_labels(values)]}


def facet_value(name: str, label: Label, params: SearchParams) -> FacetValueDocument:
    """A label that a search can be filtered by, and the search that adds it or takes it off."""
    return {
        "value": label.key,
        "label": label.name,
        "count": label.count,
        "selected": has_label(params, FILTER_NAMES[name], label.key),
        "toggle_url": search_path(toggled(replace(params, facets=()), name, label.key)),
    }


def date_value(text: str, count: int, params: SearchParams) -> FacetValueDocument:
    """A year, month or day, and the search that is limited to it or no longer is."""
    return {
        "value": text,
        "label": text,
        "count": count,
        "selected": has_span(params, text),
        "toggle_url": search_path(toggled_span(replace(params, facets=()), text)),
    }


def _meta(answer: Answer) -> AnswerMeta:
    return {
        "took_ms": answer.took_ms,
        "generation": answer.page.generation,
        "api": API_VERSION,
        "request_id": answer.request_id,
    }


def _links(params: SearchParams, total: int) -> Links:
    links: Links = {"self": api_search_path(params)}
    if params.page < params.page_count(total):
        links["next"] = api_search_path(replace(params, page=params.page + 1))
    if 1 < params.page <= params.page_count(total) + 1:
        links["prev"] = api_search_path(replace(params, page=params.page - 1))
    links["html"] = _page_path(params)
    return links


def _page_path(params: SearchParams) -> str:
    """The page of a search, which shows its facets and marks in any case."""
    return search_path(replace(params, facets=(), highlight=True))
