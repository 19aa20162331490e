"""The pages for people."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from index import QueryError

from . import context
from .parameter_reader import ParameterProblem, ReadParams, is_untidy, read_params
from .problems import problem_title, query_problem
from .urls import article_path, search_path
from .views.article import article_view
from .views.home import home_view
from .views.notices import Link, Notice
from .views.results import problem_view, results_view

__all__ = ["blueprint"]

blueprint = Blueprint("pages", __name__)

#: What the website takes as it can: the last of repeated values, nothing of unknown names.
_FORGIVEN = frozenset({"unknown-parameter", "repeated-parameter"})
_RELATED_SHOWN = 6


@blueprint.get("/")
def home() -> str:
    """The first page."""
    engine = context.engine()
    return render_template("home.html", view=home_view(engine, engine.stats()))


@blueprint.get("/search")
def search() -> Response | str | tuple[str, int]:
    """A page of results, or the form with what is wrong in it."""
    values = request.args.to_dict(flat=False)
    read = read_params(values)
    problems = tuple(p for p in read.problems if p.code not in _FORGIVEN)
    read = ReadParams(read.params, problems)
    if problems:
        notices = tuple(Notice(_advice(problem)) for problem in problems)
        return _problem_page(read, problem_title(problems[0].code), notices)
    if is_untidy(values):
        return redirect(search_path(read.params), 301)
    engine = context.engine()
    try:
        view = results_view(engine, read, _typed_days(), engine.stats())
    except QueryError as error:
        problem = query_problem(error, read.params)
        link = Link("Tìm như từ thường", problem.plain_href)
        notice = Notice(f"{problem.message} ", (link,))
        return _problem_page(read, problem_title("query-syntax"), (notice,))
    return render_template("results.html", view=view)


@blueprint.get("/article/<doc_id>", defaults={"slug": ""})
@blueprint.get("/article/<doc_id>/<slug>")
def article(doc_id: str, slug: str) -> Response | str:
    """An article under the one address that it has."""
    engine = context.engine()
    found = engine.get(doc_id)
    if found is None:
        abort(404)
    path = article_path(found.id, found.headline)
    if not path.endswith(f"/{slug}") or not slug:
        return redirect(path, 301)
    related = engine.related(doc_id, _RELATED_SHOWN)
    return render_template("article.html", view=article_view(found, related))


def _advice(problem: ParameterProblem) -> str:
    # What is wrong with a day is said beside its field.
    if problem.code == "bad-date":
        return "Hãy sửa ngày trong bộ lọc rồi chọn “Áp dụng”."
    return problem.message


def _typed_days() -> tuple[str, str]:
    return request.args.get("from", "").strip(), request.args.get("to", "").strip()


def _problem_page(read: ReadParams, title: str, notices: tuple[Notice, ...]) -> tuple[str, int]:
    too_long = any(problem.code == "query-too-long" for problem in read.problems)
    view = problem_view(read, _typed_days(), context.engine().stats(), title, notices)
    return render_template("results.html", view=view), 413 if too_long else 400
