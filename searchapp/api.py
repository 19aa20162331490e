"""The JSON API."""

from dataclasses import replace
from time import perf_counter

from flask import Blueprint, Response, request

from . import context
from .caching import revalidated
from .facet_counts import count_facets
from .labels import ArchiveLabels
from .parameter_reader import read_params
from .problems import BadParameters
from .serialize import Answer, Json, json_text, search_document

__all__ = ["blueprint"]

blueprint = Blueprint("api", __name__)


@blueprint.get("/api/v1/search")
@revalidated
def search() -> Response:
    """One page of results; every parameter must be right."""
    started = perf_counter()
    read = read_params(request.args.to_dict(flat=False))
    if read.problems:
        raise BadParameters(read.problems)
    engine = context.engine()
    asked = replace(read.params, facets=()).request()
    page = engine.search(asked)
    facets = None
    if names := read.params.facets:
        facets = count_facets(engine, asked, names, context.settings().facet_budget)
    answer = Answer(
        params=read.params,
        page=page,
        labels=ArchiveLabels.of(engine.stats()),
        site=context.site(),
        facets=facets,
        took_ms=round(1000 * (perf_counter() - started)),
        request_id=context.request_id(),
    )
    return _json(search_document(answer))


@blueprint.get("/healthz")
def health() -> Response:
    """Whether the index can be searched: 200, or 503 with the reason."""
    return _json({"status": "ok", "articles": context.engine().count()})


def _json(document: Json) -> Response:
    return Response(json_text(document), mimetype="application/json")
