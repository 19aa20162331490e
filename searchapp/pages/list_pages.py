"""Lists of saved articles: a reader's own, and those that were shared."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from ..documents.saved_lists import LARGEST_LIST, list_token, listed_ids
from ..http import context
from ..http.problems import BadParameters
from ..query.parameter_reader import ParameterProblem
from ..text.messages import lazy_gettext
from .views.saved_list import SavedList, saved_list

__all__ = ["blueprint"]

blueprint = Blueprint("list_pages", __name__)


@blueprint.get("/list")
def own_list() -> str:
    """Where the reader's browser, which alone knows what was saved, opens the list of it."""
    return render_template("list.html", view=SavedList())


@blueprint.post("/list")
def make_list() -> Response:
    """To the list of the articles whose `id` was sent."""
    ids = tuple(dict.fromkeys(request.form.getlist("id")))
    if not 0 < len(ids) <= LARGEST_LIST:
        sentence = lazy_gettext("Hãy chọn từ 1 đến %(limit)s tin.", limit=LARGEST_LIST)
        raise BadParameters((ParameterProblem("id", "invalid-parameter", sentence),))
    return redirect(f"/list/{list_token(ids)}", 303)


@blueprint.get("/list/<token>")
def shared_list(token: str) -> str:
    """The articles of a list, for everybody who has its address."""
    ids = listed_ids(token)
    found = [article for article in map(context.engine().get, ids) if article is not None]
    if not found:
        abort(404)
    return render_template(
        "list.html", view=saved_list(list_token(ids), found, len(ids), context.site())
    )
