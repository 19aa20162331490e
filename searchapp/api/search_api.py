"""/api/v1/search."""

from time import perf_counter

from flask import Blueprint, Response

from ..documents.search_documents import SearchAnswer
from ..http import context
from ..query.archive_labels import ArchiveLabels
from ..query.parameter_reader import read_params
from ..telemetry.hooks import note_search
from ..text.i18n import translate
from .answers import api_values, json_answer, meta, require_valid
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
    started = perf_counter()
    read = read_params(values)
    require_valid(read.problems)
    engine = context.engine()
    page = engine.search(context.within_budgets(read.params.request()))
    note_search(read.params.query, page.total, read.params.page)
    document = SearchAnswer.of(
        page,
        read.params,
        labels=ArchiveLabels.of(context.stats()),
        site=context.site(),
        meta=meta(started, page.generation),
        translate=translate,
    )
    response = json_answer(document, document.links)
    return not_to_keep(response) if page.partial else response
