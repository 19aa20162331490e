"""/api/v1/analyze and /api/v1/explain, for people who wonder why."""

from typing import Final

from flask import Blueprint, Response

from index import DocumentError

from ..documents.article_documents import Links
from ..documents.endpoints import DOC_ID
from ..documents.query_documents import (
    AnalysisAnswer,
    EvidenceDocument,
    ExplainAnswer,
    ExplanationDocument,
    QueryDocument,
    SuggestionDocument,
)
from ..http import access, context
from ..http.problems import ApiError
from ..query.archive_labels import ArchiveLabels
from ..query.options import MATCHING
from ..query.urls import article_url, url
from ..text.i18n import translate
from ..text.messages import lazy_gettext
from .answers import json_answer, meta, request_reader, require_valid
from .article_api import existing_article
from .revalidation import revalidated

__all__ = ["blueprint"]

blueprint = Blueprint("api_queries", __name__)

_ANALYZE: Final = "/api/v1/analyze"
_EXPLAIN: Final = "/api/v1/explain"


@blueprint.get(_ANALYZE)
@revalidated
def analyze() -> Response:
    """Every step from a query to what ranks its hits."""
    reader = request_reader(_ANALYZE)
    params = reader.params(MATCHING)
    require_valid(reader.problems)
    engine = access.engine()
    analysis, stats = engine.analyze(params.request()), context.stats()
    labels = ArchiveLabels.of(stats)
    document = AnalysisAnswer(
        query=QueryDocument.of(analysis.understood, params, labels, translate),
        reading=analysis.reading,
        words=analysis.words,
        restored=analysis.restored,
        evidence=[EvidenceDocument(label, round(w, 6)) for label, w in analysis.evidence],
        total=analysis.total,
        near_total=analysis.near_total,
        relaxed=analysis.relaxed,
        suggestions=[SuggestionDocument.of(s, params) for s in analysis.suggestions],
        links=Links(this=url(params, _ANALYZE), html=url(params)),
        meta=meta(stats.generation),
    )
    return json_answer(document)


@blueprint.get(_EXPLAIN)
@revalidated
def explain() -> Response:
    """The score of an article in a search, as a tree whose leaves add up to it."""
    reader = request_reader(_EXPLAIN)
    params, doc_id = reader.params(MATCHING), reader.take(DOC_ID)
    require_valid(reader.problems)
    engine = access.engine()
    found = existing_article(doc_id)
    try:
        explanation = engine.explain(params.request(), doc_id)
    except DocumentError as error:
        message = lazy_gettext("Tin này không khớp câu tìm, nên không có điểm.")
        raise ApiError("not-found", message) from error
    document = ExplainAnswer(
        id=found.id,
        score=explanation.value,
        explanation=ExplanationDocument.of(explanation),
        links=Links(this=url(params, _EXPLAIN, more=DOC_ID.pairs(doc_id)), html=article_url(found)),
        meta=meta(context.stats().generation),
    )
    return json_answer(document)
