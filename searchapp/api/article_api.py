"""/api/v1/articles/…, and /api/v1/stats."""

from flask import Blueprint, Response, abort
from werkzeug.wrappers import Response as BaseResponse

from index import Article

from ..documents.article_documents import ApiArticle, Citations, Links, RelatedAnswer, RelatedResult
from ..documents.endpoints import RELATED_LIMIT
from ..documents.related_reasons import related_reason
from ..documents.search_documents import StatsAnswer
from ..http import access, context
from ..http.withdrawn import Withdrawn
from ..query.urls import api_article_url, article_url, mounted, with_query
from .answers import json_answer, meta, reject_parameters, request_reader, require_valid
from .revalidation import conditional, revalidated

__all__ = ["blueprint", "existing_article"]

blueprint = Blueprint("api_archive", __name__)


# No id has a slash: //related is nothing, rather than the article "related".
@blueprint.get("/api/v1/articles/<doc_id>", merge_slashes=False)
def article(doc_id: str) -> BaseResponse:
    """A whole article."""
    found = existing_article(doc_id)
    reject_parameters()
    document = ApiArticle.of(
        found,
        context.site(),
        citations=Citations.of(found, context.site()),
        links=Links(
            this=api_article_url(found.id),
            html=article_url(found),
            related=api_article_url(found.id, "/related"),
        ),
    )
    return conditional(json_answer(document), found)


@blueprint.get("/api/v1/articles/<doc_id>/related", merge_slashes=False)
@revalidated
def related(doc_id: str) -> Response:
    """Articles about the same subject, the nearest first."""
    found = existing_article(doc_id)
    reader = request_reader("/api/v1/articles/{id}/related")
    limit = reader.take(RELATED_LIMIT)
    require_valid(reader.problems)
    engine = access.engine()
    document = RelatedAnswer(
        id=found.id,
        results=[
            RelatedResult.of(
                hit.article,
                context.site(),
                score=round(hit.score, 6),
                reason=related_reason(found, hit.article),
            )
            for hit in engine.related(found.id, limit)
        ],
        links=Links(
            this=with_query(api_article_url(found.id, "/related"), RELATED_LIMIT.pairs(limit)),
            html=article_url(found),
        ),
        meta=meta(context.stats().generation),
    )
    return json_answer(document)


@blueprint.get("/api/v1/stats")
@revalidated
def stats() -> Response:
    """What the archive holds."""
    reject_parameters()
    held = context.stats()
    links = Links(this=mounted("/api/v1/stats"), html=mounted("/"))
    document = StatsAnswer.of(held, links, meta(held.generation))
    return json_answer(document)


def existing_article(doc_id: str) -> Article:
    """The article with this id; raises Withdrawn, or NotFound where there never was one."""
    engine = access.engine()
    found = engine.get(doc_id)
    if found is None:
        withdrawal = engine.withdrawn(doc_id)
        if withdrawal is not None:
            raise Withdrawn(withdrawal)
        abort(404, "article")
    return found
