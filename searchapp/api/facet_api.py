"""/api/v1/facets/{field}."""

from time import perf_counter

from flask import Blueprint, Response, abort

from ..documents.article_documents import Links
from ..documents.endpoints import FACET_SORT, PREFIX
from ..documents.search_documents import FacetAnswer, FacetValueDocument
from ..http import context
from ..query.facet_values import facet_labels
from ..query.options import (
    FACETS,
    FILTERS,
    PAGE,
    PAGING,
    PER_PAGE,
    READING,
)
from ..query.parameter_reader import ParameterReader
from ..query.urls import search_path, with_query
from .answers import api_values, json_answer, meta, require_valid
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
    require_valid(reader.problems)
    engine = context.engine()
    labels = facet_labels(engine, params, field, prefix=prefix, by_count=sort == FACET_SORT.default)
    pages = -(-len(labels) // per_page)
    own = [*PREFIX.pairs(prefix), *FACET_SORT.pairs(sort), *PER_PAGE.pairs(per_page)]

    def path(page: int) -> str:
        pairs = sorted([*params.pairs(), *own, *PAGE.pairs(page)])
        return with_query(f"/api/v1/facets/{field}", pairs)

    document = FacetAnswer(
        field=field,
        total=len(labels),
        page=number,
        per_page=per_page,
        pages=pages,
        values=[
            FacetValueDocument.of(field, label, params)
            for label in labels[(number - 1) * per_page : number * per_page]
        ],
        links=Links.of_page(path, number, pages, search_path(params)),
        meta=meta(started, context.stats().generation),
    )
    return json_answer(document, document.links)
