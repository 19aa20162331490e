"""Search results and articles as the JSON documents of the API."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from index import (
    VIETNAM_TIME,
    Article,
    FacetValue,
    Hit,
    Rewrite,
    SearchPage,
    Segment,
    Suggestion,
    UnderstoodQuery,
    Zone,
)

from .explain import explain_text
from .facet_counts import FacetCounts
from .filtering import has_label, toggled
from .labels import ArchiveLabels, label_key, merged_labels
from .params import FILTER_NAMES, SearchParams
from .rewrites import without_rewrite
from .urls import Site, api_search_path, article_path, search_path

__all__ = ["API_VERSION", "Answer", "Json", "article_document", "json_text", "search_document"]

API_VERSION = "1.0"

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


def search_document(answer: Answer) -> Json:
    """The document of /api/v1/search and of `timbao search --json`."""
    page, params = answer.page, answer.params
    return {
        "query": _query(page.query, params, answer.labels),
        "suggestions": [_suggestion(item, params) for item in page.suggestions],
        "total": page.total,
        "total_relation": "eq",
        "relaxed": page.relaxed,
        "partial": False,
        "page": params.page,
        "per_page": params.per_page,
        "pages": params.page_count(page.total),
        "results": [_hit(hit, answer.site) for hit in page.hits],
        **_facets(answer.facets, params),
        "links": _links(params, page.total),
        "meta": {
            "took_ms": answer.took_ms,
            "generation": page.generation,
            "api": API_VERSION,
            "request_id": answer.request_id,
        },
    }


def article_document(article: Article, site: Site) -> Json:
    """A whole article: the fields of a result, its text and the related news of its page."""
    return {
        **_head(article, site),
        "body": list(article.body),
        "captions": list(article.captions),
        "tags": list(article.tags),
        "related_items": [
            {"headline": item.headline, "snippet": item.snippet, "url": item.url or None}
            for item in article.related
        ],
    }


def json_text(document: Json | Sequence[object], indent: int | None = None) -> str:
    """JSON with Vietnamese letters as they are."""
    return json.dumps(document, ensure_ascii=False, indent=indent)


def _query(understood: UnderstoodQuery, params: SearchParams, labels: ArchiveLabels) -> Json:
    return {
        "raw": understood.raw,
        "normalized": understood.normalized,
        "mode": understood.mode,
        "accents": understood.accents,
        "explain_text": explain_text(params, understood, labels),
        "tokens": [
            {
                "text": token.text,
                "start": token.start,
                "end": token.end,
                "kind": token.kind,
                "typed_marks": token.typed_marks,
                "readings": [{"text": r.text, "count": r.count} for r in token.readings],
            }
            for token in understood.tokens
        ],
        "rewrites": [_rewrite(rewrite, params) for rewrite in understood.rewrites],
        "warnings": list(understood.warnings),
    }


def _rewrite(rewrite: Rewrite, params: SearchParams) -> Json:
    return {
        "kind": rewrite.kind,
        "from": rewrite.source,
        "to": rewrite.target,
        "applied": rewrite.applied,
        "remove_url": search_path(without_rewrite(params, rewrite)),
    }


def _suggestion(suggestion: Suggestion, params: SearchParams) -> Json:
    return {
        "kind": suggestion.kind,
        "text": suggestion.text,
        "total": suggestion.total,
        "url": search_path(replace(params, query=suggestion.text, page=1)),
        "applied": suggestion.applied,
        "confidence": round(suggestion.confidence, 4),
    }


def _hit(hit: Hit, site: Site) -> Json:
    marked = hit.highlights
    return {
        **_head(hit.article, site),
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
    }


def _head(article: Article, site: Site) -> Json:
    return {
        "id": article.id,
        "url": site.absolute(article_path(article.id, article.headline)),
        "source_url": article.url or None,
        "title": article.headline,
        "lead": article.lead,
        "source": _label(article.source),
        "section": _label(article.section),
        "authors": list(article.authors),
        "published_at": _time(article.published),
        "published_precision": article.published_precision,
        "updated_at": _time(article.updated),
    }


def _label(name: str) -> Json | None:
    return {"slug": label_key(name), "name": name} if name else None


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.astimezone(VIETNAM_TIME).isoformat()


def _segments(segments: Sequence[Segment]) -> list[Json]:
    return [{"t": s.text, "m": True} if s.marked else {"t": s.text} for s in segments]


def _facets(counts: FacetCounts | None, params: SearchParams) -> Json:
    """The facets that were asked for; nothing where none was."""
    if counts is None:
        return {}
    facets: Json = {name: _facet(name, v, params) for name, v in counts.values.items()}
    facets["timed_out"] = list(counts.timed_out)
    return {"facets": facets}


def _facet(name: str, values: Sequence[FacetValue], params: SearchParams) -> Json:
    """The values of a facet; those that a search can be filtered by say how."""
    attribute = FILTER_NAMES.get(name)
    if attribute is None:
        return {"values": [{"value": v.value, "label": v.value, "count": v.count} for v in values]}
    plain = replace(params, facets=())
    listed = [
        {
            "value": label.key,
            "label": label.name,
            "count": label.count,
            "selected": has_label(params, attribute, label.key),
            "toggle_url": search_path(toggled(plain, name, label.key)),
        }
        for label in merged_labels(values)
    ]
    return {"values": listed}


def _links(params: SearchParams, total: int) -> Json:
    links: Json = {"self": api_search_path(params)}
    if params.page < params.page_count(total):
        links["next"] = api_search_path(replace(params, page=params.page + 1))
    if 1 < params.page <= params.page_count(total) + 1:
        links["prev"] = api_search_path(replace(params, page=params.page - 1))
    links["html"] = search_path(params)
    return links
