"""/api/v1/facets/{field}."""

from time import perf_counter
from typing import Final

from flask import Blueprint, Response, abort

from ..documents.contract.endpoints import endpoint_of
from ..documents.contract.parameters import FACET_SORTS
from ..documents.contract.searches import FacetAnswer, FacetValueDocument
from ..documents.contract.texts import Links
from ..documents.serialize import date_value, facet_value
from ..http import context
from ..query.archive_labels import Label
from ..query.facet_values import facet_labels
from ..query.parameter_reader import normalized_query, read_params
from ..query.params import (
    DATE_FACETS,
    DEFAULT_PER_PAGE,
    FACETS,
    FILTER_NAMES,
    PER_PAGE_CHOICES,
    SearchParams,
)
from ..query.urls import search_path, with_query
from ..query.value_reader import ValueReader
from .answers import api_values, insist, json_answer, meta
from .revalidation import revalidated

__all__ = ["blueprint"]

blueprint = Blueprint("api_facets", __name__)

_ENDPOINT: Final = endpoint_of("/api/v1/facets/{field}")
#: Parameters that mean the list of values here, not the list of hits.
_OWN: Final = frozenset({"prefix", "sort", "page", "per_page"})
_PER_PAGE_TEXTS: Final = tuple(str(number) for number in PER_PAGE_CHOICES)


@blueprint.get("/api/v1/facets/<field>")
@revalidated
def facet(field: str) -> Response:
    """A page of the values of a facet among the hits of a search."""
    started = perf_counter()
    if field not in FACETS:
        abort(404)
    values = api_values()
    read = read_params(
        {name: texts for name, texts in values.items() if name not in _OWN}, _ENDPOINT.names
    )
    reader = ValueReader({n: t for n, t in values.items() if n in _OWN}, _OWN)
    prefix = normalized_query(reader.single("prefix"))
    sort = reader.one_of("sort", FACET_SORTS, FACET_SORTS[0])
    number = reader.number("page", 1)
    per_page = int(reader.one_of("per_page", _PER_PAGE_TEXTS, str(DEFAULT_PER_PAGE)))
    insist((*read.problems, *reader.problems))
    engine = context.engine()
    labels = facet_labels(
        engine, read.params, field, prefix=prefix, by_count=sort == FACET_SORTS[0]
    )
    pages = -(-len(labels) // per_page)
    own = _own_pairs(prefix, sort, per_page)
    document: FacetAnswer = {
        "field": field,
        "total": len(labels),
        "page": number,
        "per_page": per_page,
        "pages": pages,
        "values": [
            _value(field, label, read.params)
            for label in labels[(number - 1) * per_page : number * per_page]
        ],
        "links": _links(field, read.params, own, number, pages),
        "meta": meta(started, engine.stats().generation),
    }
    return json_answer(document, document["links"])


def _value(field: str, label: Label, params: SearchParams) -> FacetValueDocument:
    if field in FILTER_NAMES:
        return facet_value(field, label, params)
    if field in DATE_FACETS:
        return date_value(label.key, label.count, params)
    return {"value": label.key, "label": label.name, "count": label.count}


def _own_pairs(prefix: str, sort: str, per_page: int) -> list[tuple[str, str]]:
    pairs = [("prefix", prefix)] if prefix else []
    pairs += [("sort", sort)] if sort != FACET_SORTS[0] else []
    return pairs + ([("per_page", str(per_page))] if per_page != DEFAULT_PER_PAGE else [])


def _links(
    field: str, params: SearchParams, own: list[tuple[str, str]], number: int, pages: int
) -> Links:
    def path(page: int) -> str:
        pairs = [("page", str(page))] if page > 1 else []
        return with_query(f"/api/v1/facets/{field}", sorted([*params.pairs(), *own, *pairs]))

    links: Links = {"self": path(number)}
    if number < pages:
        links["next"] = path(number + 1)
    if 1 < number <= pages + 1:
        links["prev"] = path(number - 1)
    links["html"] = search_path(params)
    return links
