"""Pages of results, and all the values of a facet."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from index import QueryError

from ..http import context
from ..http.problems import problem_kind, query_problem
from ..query.composed_query import COMPOSED, compose
from ..query.options import ON_PAGES
from ..query.parameter_reader import ParameterProblem, ReadParams, read_params
from ..query.pasted_article import pasted_article
from ..query.urls import search_path
from ..telemetry.hooks import note_search
from ..text.i18n import translate
from .views.facet_page import FACET_FIELDS, facet_page
from .views.notices import Link, Notice
from .views.results import problem_view, results_view

__all__ = ["blueprint"]

blueprint = Blueprint("search_pages", __name__)

#: What the website takes as it can: the last of repeated values, nothing of unknown names.
_FORGIVEN = frozenset({"unknown-parameter", "repeated-parameter"})


@blueprint.get("/search")
def search() -> Response | str | tuple[str, int]:
    """A page of results, or the form with what is wrong in it."""
    read = read_search()
    if read.problems:
        notices = tuple(Notice(_advice(problem)) for problem in read.problems)
        return _problem_page(read, translate(problem_kind(read.problems[0].code).title), notices)
    engine = context.engine()
    path = pasted_article(engine, read.params.query, context.own_hosts())
    if path is not None:
        return redirect(path, 302)
    if _sent() != read.params.pairs():
        return redirect(search_path(read.params), 301)
    try:
        view = results_view(engine, read, context.stats(), context.today(), context.within_budgets)
    except QueryError as error:
        problem = query_problem(error, read.params)
        link = Link(translate("Tìm như từ thường"), problem.plain_href)
        notice = Notice(f"{problem.worded()} ", (link,))
        return _problem_page(read, translate(problem_kind("query-syntax").title), (notice,))
    note_search(read.params.query, view.total, read.params.page)
    return render_template("results.html", view=view)


@blueprint.get("/facet/<field>")
def facet(field: str) -> str | tuple[str, int]:
    """Every value of a facet among the hits of a search."""
    if field not in FACET_FIELDS:
        abort(404)
    read = read_search()
    page = request.args.get("facet_page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    try:
        view = facet_page(
            context.engine(),
            read.params,
            field,
            prefix=request.args.get("prefix", "").strip(),
            by_count=request.args.get("facet_sort") == "count",
            number=max(number, 1),
        )
    except QueryError as error:
        problem = query_problem(error, read.params)
        link = Link(translate("Tìm như từ thường"), problem.plain_href)
        return _problem_page(read, problem.worded(), (Notice("", (link,)),))
    return render_template("facet.html", view=view)


def read_search() -> ReadParams:
    """The search of the address, its words put together where the advanced form sent them."""
    values = request.args.to_dict(flat=False)
    if any(name in values for name in COMPOSED):
        values["q"] = [compose(request.args)]
    read = read_params(values, ON_PAGES)
    problems = tuple(p for p in read.problems if p.code not in _FORGIVEN)
    return ReadParams(read.params, problems)


def _sent() -> list[tuple[str, str]]:
    """The parameters as they came in, but for the language, which is no part of a search."""
    return [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]


def _advice(problem: ParameterProblem) -> str:
    # What is wrong with a day is said beside its field.
    if problem.code == "bad-date":
        return translate("Hãy sửa ngày trong bộ lọc rồi chọn “Áp dụng”.")
    return translate(problem.text)


def _problem_page(read: ReadParams, title: str, notices: tuple[Notice, ...]) -> tuple[str, int]:
    too_long = any(problem.code == "query-too-long" for problem in read.problems)
    typed_days = (request.args.get("from", "").strip(), request.args.get("to", "").strip())
    view = problem_view(read, typed_days, context.stats(), title, notices, context.today())
    return render_template("results.html", view=view), 413 if too_long else 400
