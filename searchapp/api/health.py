"""What those who run the site ask it: is it there, can it answer, how is it doing."""

from flask import Blueprint, Response, abort

from ..documents.json_text import json_text
from ..http import context
from ..http.access import has_scope
from ..keys.api_keys import ADMIN
from ..telemetry.hooks import metrics_text
from ..telemetry.metrics import METRICS_TYPE

__all__ = ["blueprint"]

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def health() -> Response:
    """That the process answers: a restart helps where this does not come, and only there."""
    return _unkept(Response(json_text({"status": "ok"}), mimetype="application/json"))


@blueprint.get("/readyz")
def readiness() -> Response:
    """Whether the index can be searched: 200, or 503 with the reason."""
    document = {"status": "ok", "articles": context.engine().count()}
    return _unkept(Response(json_text(document), mimetype="application/json"))


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counters for Prometheus; for nobody, unless a setting or an admin's key opens them."""
    if not (context.settings().metrics or has_scope(ADMIN)):
        abort(404)
    return _unkept(Response(metrics_text(), content_type=METRICS_TYPE))


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
