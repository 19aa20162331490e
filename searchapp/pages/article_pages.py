"""The page of an article, alone or as a hit of a search."""

from typing import NoReturn

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from ..documents.citations import citations
from ..http import context
from ..http.problems import Withdrawn
from ..query.urls import article_path, with_query
from .views.article import article_view
from .views.neighbours import read_place

__all__ = ["blueprint"]

blueprint = Blueprint("article_pages", __name__)

_RELATED_SHOWN = 6


@blueprint.get("/article/<doc_id>", defaults={"slug": ""})
@blueprint.get("/article/<doc_id>/<slug>")
def article(doc_id: str, slug: str) -> Response | str:
    """An article under the one address that it has; 410 once it was withdrawn."""
    engine = context.engine()
    found = engine.get(doc_id)
    if found is None:
        _missing(doc_id)
    path = article_path(found.id, found.headline)
    if not path.endswith(f"/{slug}") or not slug:
        pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
        return redirect(with_query(path, pairs), 301)
    place = read_place(engine, found, request.args.to_dict(flat=False))
    view = article_view(
        found,
        place,
        related=engine.related(doc_id, _RELATED_SHOWN),
        citations=citations(found, context.site(), context.today()),
        site=context.site(),
        site_name=context.settings().site_name,
    )
    return render_template("article.html", view=view)


def _missing(doc_id: str) -> NoReturn:
    day = context.engine().withdrawn(doc_id)
    if day is None:
        abort(404)
    raise Withdrawn(day)
