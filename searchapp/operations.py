"""What those who run the site ask it: is it there, can it answer."""

from flask import Blueprint, Response

from . import context
from .serialize import json_text

__all__ = ["blueprint"]

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
@blueprint.get("/readyz")
def health() -> Response:
    """Whether the index can be searched: 200, or 503 with the reason."""
    document = {"status": "ok", "articles": context.engine().count()}
    response = Response(json_text(document), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
