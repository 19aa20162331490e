"""Suggestions while somebody types: for our own box and widget, and for browsers' search fields."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Final

from flask import Blueprint, Response, request

from index import Completion, Filters, SuggestionKind, Suggestions, SuggestRequest

from ..documents.contract.endpoints import SUGGEST_LIMIT
from ..documents.contract.suggestions import CompletionDocument, SuggestAnswer
from ..documents.serialize import json_text
from ..documents.standards import SUGGESTIONS_TYPE
from ..http import context
from ..query.archive_labels import label_key
from ..query.options import QUERY
from ..query.parameter_reader import ParameterReader
from ..query.params import SearchParams, with_values
from ..query.urls import article_path, search_path
from ..telemetry.hooks import shared_queries
from .answers import api_values, insist, json_answer
from .revalidation import suggestions_revalidated

__all__ = ["blueprint"]

_SEARCHES: Final = frozenset({SuggestionKind.QUERY, SuggestionKind.DID_YOU_MEAN})
_LABEL_FILTERS: Final = {
    SuggestionKind.SECTION: "sections",
    SuggestionKind.SOURCE: "sources",
    SuggestionKind.AUTHOR: "authors",
}

blueprint = Blueprint("suggest", __name__)


@blueprint.get("/api/v1/suggest")
@suggestions_revalidated
def suggest() -> Response:
    """What the text typed so far may become; every parameter must be right."""
    started = perf_counter()
    found = _suggestions(api_values())
    document: SuggestAnswer = {
        "query": found.text,
        "suggestions": [_document(item) for item in found.items],
        "meta": {
            "took_ms": round(1000 * (perf_counter() - started)),
            "generation": found.generation,
        },
    }
    return json_answer(document)


@blueprint.get("/opensearch/suggest")
@suggestions_revalidated
def opensearch_suggest() -> Response:
    """Queries only, in the form that browsers ask for: the typed text, then the suggestions."""
    found = _suggestions(request.args.to_dict(flat=False))
    body = json_text([found.text, _queries(found)])
    return Response(body, mimetype=SUGGESTIONS_TYPE)


def _queries(found: Suggestions) -> list[str]:
    return [item.text for item in found.items if item.kind in _SEARCHES]


def _document(item: Completion) -> CompletionDocument:
    document: CompletionDocument = {
        "text": item.text,
        "kind": item.kind.value,
        "parts": [(part.text, int(part.typed)) for part in item.parts],
        "url": _address(item),
    }
    if item.how is not None:
        document["how"] = item.how
    if item.total is not None:
        document["total"] = item.total
    if item.doc_id is not None:
        document["id"] = item.doc_id
    return document


def _address(item: Completion) -> str:
    if item.doc_id is not None:
        return article_path(item.doc_id, item.text)
    if item.kind in _LABEL_FILTERS:
        filters = with_values(Filters(), _LABEL_FILTERS[item.kind], (label_key(item.text),))
        return search_path(SearchParams(filters=filters))
    return search_path(SearchParams(query=item.text))


def _suggestions(values: Mapping[str, Sequence[str]]) -> Suggestions:
    """What the engine suggests; raises BadParameters with everything that is wrong."""
    reader = ParameterReader(values, (QUERY, SUGGEST_LIMIT))
    params, limit = reader.params((QUERY,)), reader.take(SUGGEST_LIMIT)
    insist(reader.problems)
    asked = SuggestRequest(text=params.query, limit=limit, logged=shared_queries())
    return context.engine().suggest(asked)
