"""Suggestions while somebody types: for our own box and widget, and for browsers' search fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from flask import Blueprint, Response, request

from index import MAX_SUGGESTIONS, Completion, Filters, SuggestionKind, Suggestions, SuggestRequest

from . import context
from .caching import suggestions_revalidated
from .labels import label_key
from .parameter_reader import ParameterProblem, read_params
from .params import SearchParams, with_values
from .problems import BadParameters
from .serialize import Json, json_text
from .standards import SUGGESTIONS_TYPE
from .urls import article_path, search_path
from .wording import text

__all__ = ["blueprint"]

DEFAULT_LIMIT: Final = 8

_SEARCHES: Final = frozenset({SuggestionKind.QUERY, SuggestionKind.DID_YOU_MEAN})
_LABEL_FILTERS: Final = {
    SuggestionKind.SECTION: "sections",
    SuggestionKind.SOURCE: "sources",
    SuggestionKind.AUTHOR: "authors",
}

blueprint = Blueprint("suggest", __name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The parameters of a request for suggestions."""

    text: str
    limit: int


@blueprint.get("/api/v1/suggest")
@suggestions_revalidated
def suggest() -> Response:
    """What the text typed so far may become; every parameter must be right."""
    started = perf_counter()
    asked = _read(request.args.to_dict(flat=False))
    found = context.engine().suggest(SuggestRequest(text=asked.text, limit=asked.limit))
    document: Json = {
        "query": found.text,
        "suggestions": [_document(item) for item in found.items],
        "meta": {
            "took_ms": round(1000 * (perf_counter() - started)),
            "generation": found.generation,
        },
    }
    return Response(json_text(document), mimetype="application/json")


@blueprint.get("/opensearch/suggest")
@suggestions_revalidated
def opensearch_suggest() -> Response:
    """Queries only, in the form that browsers ask for: the typed text, then the suggestions."""
    asked = _read(request.args.to_dict(flat=False))
    found = context.engine().suggest(SuggestRequest(text=asked.text, limit=asked.limit))
    body = json_text([asked.text, _queries(found)])
    return Response(body, mimetype=SUGGESTIONS_TYPE)


def _queries(found: Suggestions) -> list[str]:
    return [item.text for item in found.items if item.kind in _SEARCHES]


def _document(item: Completion) -> Json:
    document: Json = {
        "text": item.text,
        "kind": item.kind.value,
        "parts": [[part.text, int(part.typed)] for part in item.parts],
        "url": _address(item),
    }
    more = {"how": item.how, "total": item.total, "id": item.doc_id}
    return document | {name: value for name, value in more.items() if value is not None}


def _address(item: Completion) -> str:
    if item.doc_id is not None:
        return article_path(item.doc_id, item.text)
    if item.kind in _LABEL_FILTERS:
        filters = with_values(Filters(), _LABEL_FILTERS[item.kind], (label_key(item.text),))
        return search_path(SearchParams(filters=filters))
    return search_path(SearchParams(query=item.text))


def _read(values: Mapping[str, Sequence[str]]) -> _Asked:
    """The parameters; raises BadParameters with everything that is wrong."""
    problems: list[ParameterProblem] = []
    for name in values.keys() - {"q", "limit"}:
        message = text("Không có tham số “%(name)s”.", name=name[:40])
        problems.append(ParameterProblem(name, "unknown-parameter", message))
    query = read_params({"q": values.get("q", ())})
    problems += query.problems
    given = values.get("limit", ())
    if len(given) > 1:
        message = text("Tham số “%(name)s” chỉ được có một giá trị.", name="limit")
        problems.append(ParameterProblem("limit", "repeated-parameter", message))
    limit = _limit(given[-1].strip() if given else "")
    if limit is None:
        message = text(
            "“%(name)s” phải là số từ 1 đến %(most)s.", name="limit", most=MAX_SUGGESTIONS
        )
        problems.append(ParameterProblem("limit", "invalid-parameter", message))
    if problems or limit is None:
        raise BadParameters(tuple(problems))
    return _Asked(query.params.query, limit)


def _limit(value: str) -> int | None:
    if not value:
        return DEFAULT_LIMIT
    if value.isascii() and value.isdecimal() and len(value) < 4:
        number = int(value)
        return number if 1 <= number <= MAX_SUGGESTIONS else None
    return None
