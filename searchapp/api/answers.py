"""What every endpoint of the API does: take its parameters, answer JSON with links."""

from collections.abc import Mapping, Sequence
from time import perf_counter

from flask import Response, request

from ..documents.contract import API_VERSION
from ..documents.contract.searches import AnswerMeta
from ..documents.contract.texts import Links
from ..documents.serialize import json_text
from ..http import context
from ..http.access import KEY_NAME
from ..http.problems import BadParameters
from ..query.parameter_reader import ParameterProblem, ParameterReader

__all__ = ["api_values", "insist", "json_answer", "meta", "no_values"]


def api_values() -> dict[str, list[str]]:
    """The values of each parameter of the request, but for its key."""
    return {n: v for n, v in request.args.to_dict(flat=False).items() if n != KEY_NAME}


def insist(problems: Sequence[ParameterProblem]) -> None:
    """Go on only where nothing is wrong: raises BadParameters."""
    if problems:
        raise BadParameters(tuple(problems))


def no_values() -> None:
    """Raise BadParameters where a parameter was sent."""
    insist(ParameterReader(api_values(), ()).problems)


def json_answer(document: Mapping[str, object], links: Links | None = None) -> Response:
    """The document as an answer; the pages before and after are named in its header too."""
    # Half a surrogate pair, as broken pages have them, is no reason to answer nothing.
    body = json_text(document).encode("utf-8", "replace")
    response = Response(body, mimetype="application/json")
    if links is not None:
        found = {"prev": links.get("prev"), "next": links.get("next")}
        header = ", ".join(f'<{path}>; rel="{name}"' for name, path in found.items() if path)
        if header:
            response.headers["Link"] = header
    return response


def meta(started: float, generation: int) -> AnswerMeta:
    """About an answer that was begun at that time of perf_counter."""
    return {
        "took_ms": round(1000 * (perf_counter() - started)),
        "generation": generation,
        "api": API_VERSION,
        "request_id": context.request_id(),
    }
