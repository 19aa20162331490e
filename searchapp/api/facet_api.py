"""/api/v1/facets/{field}."""

from time import perf_counter

from flask import Blueprint, Response, abort

from ..documents.contract.endpoints import FACET_SORT, PREFIX
from ..documents.contract.searches import FacetAnswer, FacetValueDocument
from ..documents.contract.texts import Links
from ..documents.serialize import date_value, facet_value
from ..http import context
from ..query.archive_labels import Label
from ..query.facet_values import facet_labels
from ..query.options import (
    DATE_FACETS,
    FACETS,
    FILTER_NAMES,
    FILTERS,
    PAGE,
    PAGING,
    PER_PAGE,
    READING,
)
from ..query.parameter_reader import ParameterReader
from ..query.params import SearchParams
from ..query.urls import search_path, with_query
from .answers import api_values, insist, json_answer, meta
from .revalidation import revalidated

__all__ = ["blueprint"]

blueprint = Blueprint("api_facets", __name__)


@blueprint.get("/api/v1/facets/<field>")
@revalidated
def facet(field: str) -> Response:
    """A page of the values of a facet among the hits of a search."""
    started = perf_counter()
    if field not in FACETS:
        abort(404)
    searched = (*READING, *FILTERS)
    reader = ParameterReader(api_values(), (*searched, PREFIX, FACET_SORT, *PAGING))
    params = reader.params(searched)
    # These mean the list of values here, not the list of hits.
    prefix, sort = reader.take(PREFIX), reader.take(FACET_SORT)
    number, per_page = reader.take(PAGE), reader.take(PER_PAGE)
    insist(reader.problems)
    engine = context.engine()
    labels = facet_labels(engine, params, field, prefix=prefix, by_count=sort == FACET_SORT.default)
    pages = -(-len(labels) // per_page)
    own = [*PREFIX.pairs(prefix), *FACET_SORT.pairs(sort), *PER_PAGE.pairs(per_page)]
    document: FacetAnswer = {
        "field": field,
        "total": len(labels),
        "page": number,
        "per_page": per_page,
        "pages": pages,
        "values": [
            _value(field, label, params)
            for label in labels[(number - 1) * per_page : number * per_page]
        ],
        "links": _links(field, params, own, number, pages),
        "meta": meta(started, engine.stats().generation),
    }
    return json_answer(document, document["links"])


def _value(field: str, label: Label, params: SearchParams) -> FacetValueDocument:
    if field in FILTER_NAMES:
        return facet_value(field, label, params)
    if field in DATE_FACETS:
        return date_value(label.key, label.count, params)
    return {"value": label.key, "label": label.name, "count": label.count}


def _links(
    field: str, params: SearchParams, own: list[tuple[str, str]], number: int, pages: int
) -> Links:
    def path(page: int) -> str:
        pairs = sorted([*params.pairs(), *own, *PAGE.pairs(page)])
        return with_query(f"/api/v1/facets/{field}", pairs)

    links: Links = {"self": path(number)}
    if number < pages:
        links["next"] = path(number + 1)
    if 1 < number <= pages + 1:
        links["prev"] = path(number - 1)
    links["html"] = search_path(params)
    return links
