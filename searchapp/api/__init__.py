"""The JSON API under /api/v1/, and its contract for programs and for people."""

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response as BaseResponse

from ..documents.endpoints import ENDPOINTS, WRITING
from ..documents.openapi import openapi_document
from ..http import context
from ..http.problems import PROBLEM_KINDS
from . import article_api, intake_api, query_api, search_api, suggest_api
from .answers import json_answer
from .revalidation import conditional

__all__ = ["BLUEPRINTS"]

_contract = Blueprint("api_contract", __name__)
BLUEPRINTS = (
    search_api.blueprint,
    article_api.blueprint,
    intake_api.blueprint,
    query_api.blueprint,
    suggest_api.blueprint,
    _contract,
)


@_contract.get("/openapi.json")
def openapi() -> BaseResponse:
    """The OpenAPI document."""
    site_name = context.settings().site_name
    return conditional(json_answer(openapi_document(context.site(), site_name)))


@_contract.get("/api/docs")
def docs() -> str:
    """The same for people."""
    return render_template("api_docs.html", endpoints=ENDPOINTS, writing=WRITING)


@_contract.get("/problems/<code>")
def problem(code: str) -> str:
    """What a kind of error means, and what to do about it."""
    if code not in PROBLEM_KINDS:
        abort(404)
    return render_template("problem.html", kind=PROBLEM_KINDS[code])
