"""Suggestions while somebody types: for our own box and widget, and for browsers' search fields."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Final

from flask import Blueprint, Response, g

from index import SuggestionKind, Suggestions, SuggestRequest

from ..documents.endpoints import SUGGEST_LIMIT, endpoint_of
from ..documents.json_text import json_bytes
from ..documents.query_documents import CompletionDocument, SuggestAnswer, SuggestMeta
from ..documents.standards import SUGGESTIONS_TYPE
from ..http import access
from ..query.options import QUERY
from ..query.parameter_reader import ParameterReader
from ..telemetry.hooks import shared_queries
from .answers import api_values, json_answer, require_valid
from .revalidation import suggestions_revalidated

__all__ = ["blueprint"]

_SEARCHES: Final = frozenset({SuggestionKind.QUERY, SuggestionKind.DID_YOU_MEAN})

blueprint = Blueprint("suggest", __name__)


@blueprint.get("/api/v1/suggest")
@suggestions_revalidated
def suggest() -> Response:
    """What the text typed so far may become; every parameter must be right."""
    found = _suggestions(api_values())
    took_ms = round(1000 * (perf_counter() - g.started))
    document = SuggestAnswer(
        query=found.text,
        suggestions=[CompletionDocument.of(item) for item in found.items],
        meta=SuggestMeta(took_ms, found.generation),
    )
    return json_answer(document)


@blueprint.get("/opensearch/suggest")
@suggestions_revalidated
def opensearch_suggest() -> Response:
    """Queries only, in the form that browsers ask for: the typed text, then the suggestions."""
    found = _suggestions(api_values())
    return Response(json_bytes([found.text, _queries(found)]), mimetype=SUGGESTIONS_TYPE)


def _queries(found: Suggestions) -> list[str]:
    return [item.text for item in found.items if item.kind in _SEARCHES]


def _suggestions(values: Mapping[str, Sequence[str]]) -> Suggestions:
    """What the engine suggests; raises BadParameters with everything that is wrong."""
    reader = ParameterReader(values, endpoint_of("/api/v1/suggest").parameters)
    params, limit = reader.params((QUERY,)), reader.take(SUGGEST_LIMIT)
    require_valid(reader.problems)
    asked = SuggestRequest(text=params.query, limit=limit, logged=shared_queries())
    return access.engine(access.Group.SUGGEST).suggest(asked)
