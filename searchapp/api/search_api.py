"""/api/v1/search and /api/v1/facets/{field}."""

from flask import Blueprint, Response, abort

from ..documents.article_documents import Links
from ..documents.endpoints import FACET_SORT, LOG, PREFIX, endpoint_of
from ..documents.search_documents import FacetAnswer, FacetValueDocument, SearchAnswer
from ..http import access, context
from ..query.archive_labels import ArchiveLabels
from ..query.facet_values import facet_labels
from ..query.options import FACETS, MATCHING, PAGE, PER_PAGE, SEARCH
from ..query.parameter_reader import ParameterReader
from ..query.urls import url
from ..telemetry.hooks import note_search
from ..text.i18n import translate
from .answers import api_values, json_answer, meta, request_reader, require_valid
from .revalidation import not_to_keep, revalidated

__all__ = ["blueprint", "search_answer"]

blueprint = Blueprint("api_searches", __name__)


@blueprint.get("/api/v1/search")
@revalidated
def search() -> Response:
    """One page of results; every parameter must be right."""
    return search_answer(api_values())


def search_answer(values: dict[str, list[str]]) -> Response:
    """The answer to a search with these values of its parameters; raises BadParameters."""
    reader = ParameterReader(values, endpoint_of("/api/v1/search").parameters)
    params, logged = reader.params(SEARCH), reader.take(LOG)
    require_valid(tuple(reader.problems))
    engine = access.engine()
    page = engine.search(context.within_budgets(params))
    if logged:
        note_search(params.query, page.total, params.page)
    document = SearchAnswer.of(
        page,
        params,
        labels=ArchiveLabels.of(context.stats()),
        site=context.site(),
        meta=meta(page.generation),
        translate=translate,
    )
    response = json_answer(document, document.links)
    return not_to_keep(response) if page.partial else response


@blueprint.get("/api/v1/facets/<field>")
@revalidated
def facet(field: str) -> Response:
    """A page of the values of a facet among the hits of a search."""
    if field not in FACETS:
        abort(404)
    reader = request_reader("/api/v1/facets/{field}")
    params = reader.params(MATCHING)
    # These mean the list of values here, not the list of hits.
    prefix, sort = reader.take(PREFIX), reader.take(FACET_SORT)
    number, per_page = reader.take(PAGE), reader.take(PER_PAGE)
    require_valid(reader.problems)
    engine = access.engine()
    labels = facet_labels(engine, params, field, prefix=prefix, by_count=sort == FACET_SORT.default)
    pages = -(-len(labels) // per_page)
    own = [*PREFIX.pairs(prefix), *FACET_SORT.pairs(sort), *PER_PAGE.pairs(per_page)]

    def path(page: int) -> str:
        return url(params, f"/api/v1/facets/{field}", more=[*own, *PAGE.pairs(page)])

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
        links=Links.of_page(path, number, pages, url(params)),
        meta=meta(context.stats().generation),
    )
    return json_answer(document, document.links)
