"""What every endpoint of the API does: take its parameters, answer JSON with links."""

from collections.abc import Sequence

from flask import Response, g, request

from ..documents.article_documents import AnswerMeta, Links
from ..documents.endpoints import endpoint_of
from ..documents.json_text import json_bytes
from ..http import context
from ..http.access import KEY_NAME
from ..http.problems import BadParameters
from ..query.parameter_reader import ParameterProblem, ParameterReader

__all__ = [
    "api_values",
    "json_answer",
    "meta",
    "reject_parameters",
    "request_reader",
    "require_valid",
]


def api_values() -> dict[str, list[str]]:
    """The values of each parameter of the request, but for its key."""
    return {n: v for n, v in request.args.to_dict(flat=False).items() if n != KEY_NAME}


def request_reader(path: str) -> ParameterReader:
    """A reader of the request that knows the parameters of the endpoint with this path."""
    return ParameterReader(api_values(), endpoint_of(path).parameters)


def require_valid(problems: Sequence[ParameterProblem]) -> None:
    """Go on only where nothing is wrong: raises BadParameters."""
    if problems:
        raise BadParameters(problems)


def reject_parameters() -> None:
    """Raise BadParameters where a parameter was sent."""
    require_valid(ParameterReader(api_values(), ()).problems)


def json_answer(document: object, links: Links | None = None) -> Response:
    """The document as an answer; the pages before and after are named in its header too."""
    response = Response(json_bytes(document), mimetype="application/json")
    if links is not None:
        found = {"prev": links.prev, "next": links.next}
        header = ", ".join(f'<{path}>; rel="{name}"' for name, path in found.items() if path)
        if header:
            response.headers["Link"] = header
    return response


def meta(generation: int) -> AnswerMeta:
    """About the answer to the request, from an index of that generation."""
    return AnswerMeta.since(g.started, generation, context.request_id())
