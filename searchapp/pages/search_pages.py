"""Pages of results, and all the values of a facet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote, urlsplit

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from index import FacetValue, Hit, QueryError, SearchEngine, SearchPage, SortOrder

from ..documents.query_reading import notice_text, reading_text
from ..http import access, context
from ..http.problems import problem_kind, query_problem
from ..query.archive_labels import Label, keys_of, leading_labels
from ..query.composed_query import composed
from ..query.facet_values import facet_labels
from ..query.options import FILTER_NAMES, ON_PAGES
from ..query.parameter_reader import ParameterProblem, ParameterReader, ReadParams
from ..query.params import READ_ANEW, SIGNS_SOFTENED, SearchParams, is_expansion
from ..query.urls import article_path, is_followed, mounted, url
from ..telemetry.hooks import note_search
from ..text.i18n import translate
from ..text.messages import N_
from .alternatives import accented_readings, timeline, ways_out, whole_phrases, without_each
from .headings import heading

__all__ = ["blueprint", "pasted_article"]

blueprint = Blueprint("search_pages", __name__)

#: What the website takes as it can: the last of repeated values, nothing of unknown names.
_FORGIVEN: Final = frozenset({"unknown-parameter", "repeated-parameter"})
_FACET_TITLES: Final = {
    "section": N_("Chuyên mục"),
    "source": N_("Nguồn"),
    "author": N_("Tác giả"),
    "day": N_("Thời gian"),
}
#: Those of them that are lists of labels.
_LABEL_FACETS: Final = ("section", "source", "author")
_LABELS_SHOWN: Final = 8
_LABELS_PER_PAGE: Final = 60
_RELATED_SHOWN: Final = 4
_KEYBOARDS: Final = {"telex": "Telex", "vni": "VNI"}


@blueprint.get("/search")
def search() -> Response | str | tuple[str, int]:
    """A page of results, or the form with what is wrong in it."""
    engine, read = access.engine(), _read_search()
    params = read.params
    if read.problems:
        title = translate(problem_kind(read.problems[0].code).title)
        return _problem_page(read, title, [_advice(problem) for problem in read.problems])
    path = pasted_article(engine, params.query)
    if path is not None:
        return redirect(mounted(path), 302)
    # The language is no part of a search.
    sent = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    if sent != params.pairs() and is_followed(address := url(params, page=params.page)):
        return redirect(address, 301)
    asked = replace(params, facets=tuple(_FACET_TITLES))
    try:
        page = engine.search(context.within_budgets(asked))
    except QueryError as error:
        title = translate(problem_kind("query-syntax").title)
        problem = query_problem(error, params).worded()
        return _problem_page(read, title, [problem], as_plain_words=True)
    note_search(params.query, page.total, params.page)
    return _results_page(engine, params, page)


@blueprint.get("/facet/<field>")
def facet(field: str) -> str | tuple[str, int]:
    """Every value of a facet among the hits of a search, a page at a time."""
    if field not in _LABEL_FACETS:
        abort(404)
    engine, read = access.engine(), _read_search()
    params = read.params
    typed = request.args.get("facet_page", "1")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 1
    prefix = request.args.get("prefix", "").strip()
    by_count = request.args.get("facet_sort") == "count"
    try:
        labels = facet_labels(engine, params, field, prefix=prefix, by_count=by_count)
    except QueryError as error:
        problem = query_problem(error, params).worded()
        return _problem_page(read, problem, [""], as_plain_words=True)
    last = max(1, -(-len(labels) // _LABELS_PER_PAGE))
    number = min(max(number, 1), last)
    start = (number - 1) * _LABELS_PER_PAGE

    def address(page: int, by_count: bool = by_count) -> str:
        more = [("facet_page", str(page))] if page > 1 else []
        more += [("facet_sort", "count")] if by_count else []
        more += [("prefix", prefix)] if prefix else []
        return url(params, f"/facet/{field}", more=more)

    return render_template(
        "facet.html",
        params=params,
        facet=_facet(field, params, labels[start : start + _LABELS_PER_PAGE]),
        prefix=prefix,
        by_count=by_count,
        total=len(labels),
        current=number,
        last=last,
        shown_pages=_pages_around(number, last),
        address=address,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facet:
    """Labels to filter by; `chosen` and `excluded` are keys, which need not be among them."""

    name: str
    title: str
    labels: Sequence[Label]
    chosen: frozenset[str]
    excluded: frozenset[str]
    open: bool = True
    has_more: bool = False


def _read_search() -> ReadParams:
    """The search of the address, its words put together where the advanced form sent them."""
    reader = ParameterReader(composed(request.args), ON_PAGES)
    params = reader.params(ON_PAGES)
    return ReadParams(params, tuple(p for p in reader.problems if p.code not in _FORGIVEN))


def _advice(problem: ParameterProblem) -> str:
    # What is wrong with a day is said beside its field.
    if problem.code == "bad-date":
        return translate("Hãy sửa ngày trong bộ lọc rồi chọn “Áp dụng”.")
    return translate(problem.text)


def _results_page(engine: SearchEngine, params: SearchParams, page: SearchPage) -> str:
    restrictions = without_each(params)
    hits = list(enumerate(page.hits, params.offset + 1))
    pages = max(params.page_count(page.paged_total), 1 if page.hits else 0)
    without_time = [translate(t) for name, t in _FACET_TITLES.items() if name not in page.facets]
    nothing = not page.hits and not page.near_total and not page.partial
    plain = page.query.tree is None and not page.partial
    return render_template(
        "results.html",
        params=params,
        today=context.today(),
        heading=heading(params, page),
        notices=[notice_text(notice, translate) for notice in page.query.notices],
        reading=reading_text(page.query.tree, translate) if page.query.tree else "",
        problems=(),
        typed_days=("", ""),
        errors={},
        page=page,
        pages=pages,
        shown_pages=_pages_around(params.page, pages),
        address=lambda number: url(params, page=number),
        found=[(place, hit) for place, hit in hits if hit.tier == 1 and not hit.related_only],
        related_only=[(place, hit) for place, hit in hits if hit.tier == 1 and hit.related_only],
        wider=[(place, hit) for place, hit in hits if hit.tier == 2],
        near=[(place, hit) for place, hit in hits if hit.tier == 3],
        beyond=page.total + page.near_total - params.offset - len(page.hits),
        related=_related(engine, params, page),
        restrictions=restrictions,
        expansions=[r for r in page.query.rewrites if is_expansion(r)],
        rereadings=[r for r in page.query.rewrites if not is_expansion(r)],
        READ_ANEW=READ_ANEW,
        SIGNS_SOFTENED=SIGNS_SOFTENED,
        choosers=list(accented_readings(engine, params, page.query)) if plain else [],
        phrases=whole_phrases(engine, params, page.query) if plain else [],
        ways_out=ways_out(engine, params, restrictions) if nothing else [],
        stats=context.stats() if nothing else None,
        facets=_facets(page.facets, params),
        uncounted=", ".join(without_time),
        bars=timeline(page.facets.get("day", ()), params.filters),
        keyboards=_KEYBOARDS,
    )


def _problem_page(
    read: ReadParams, heading: str, problems: Sequence[str], *, as_plain_words: bool = False
) -> tuple[str, int]:
    """The form as it was filled in, with what is wrong and no results.

    Args:
        as_plain_words: whether to offer the search without syntax.
    """
    html = render_template(
        "results.html",
        params=read.params,
        today=context.today(),
        heading=heading,
        page=None,
        expansions=(),
        facets=(),
        uncounted="",
        bars=(),
        problems=problems,
        as_plain_words=as_plain_words,
        typed_days=(request.args.get("from", "").strip(), request.args.get("to", "").strip()),
        errors={problem.param: translate(problem.text) for problem in read.problems},
        restrictions=without_each(read.params),
    )
    too_long = any(problem.code == "query-too-long" for problem in read.problems)
    return html, 413 if too_long else 400


def _related(engine: SearchEngine, params: SearchParams, page: SearchPage) -> list[Hit]:
    """What is about the same as the first hit, where all hits are on this page."""
    by_relevance = params.sort in (None, SortOrder.RELEVANCE)
    if not params.query or not by_relevance or page.near_total or page.total != len(page.hits):
        return []
    first = page.hits[0] if page.hits else None
    if first is None or first.related_only:
        return []
    hits = {hit.id for hit in page.hits}
    near = engine.related(first.id, _RELATED_SHOWN + len(hits))
    return [hit for hit in near if hit.id not in hits][:_RELATED_SHOWN]


def _facets(counts: Mapping[str, Sequence[FacetValue]], params: SearchParams) -> list[_Facet]:
    """The facets that have anything to choose from: the most frequent and the chosen labels."""
    facets = []
    for name in _LABEL_FACETS:
        facet = _facet(name, params)
        kept = facet.chosen | facet.excluded
        labels, more = leading_labels(counts.get(name, ()), _LABELS_SHOWN, kept)
        if labels:
            opened = name == "section" or any(label.key in kept for label in labels)
            facets.append(replace(facet, labels=labels, has_more=more, open=opened))
    return facets


def _facet(name: str, params: SearchParams, labels: Sequence[Label] = ()) -> _Facet:
    asked = getattr(params.filters, FILTER_NAMES[name])
    left_out = getattr(params.filters, FILTER_NAMES[f"not_{name}"])
    return _Facet(
        name=name,
        title=translate(_FACET_TITLES[name]),
        labels=labels,
        chosen=frozenset().union(*map(keys_of, asked)),
        excluded=frozenset().union(*map(keys_of, left_out)),
    )


def _pages_around(current: int, last: int) -> list[int]:
    """The pages to jump to, with 0 for those left out: the first, the last, the neighbours."""
    pages: list[int] = []
    for number in sorted({1, last, current - 1, current, current + 1}):
        if 1 <= number <= last:
            pages += [0, number] if pages and number > pages[-1] + 1 else [number]
    return pages


_ARTICLES: Final = "/article/"
_ARTICLE: Final = re.compile(_ARTICLES + r"([^/?#\s]+)(?:/[^/?#\s]*)?/?")
_FILE_SUFFIX: Final = re.compile(r"\.(?:csl\.json|json|ris|bib|txt)\Z")
#: Letters and digits, or a hyphen and the like: no single word, and no number such as a year.
_LIKE_AN_ID: Final = re.compile(r"(?=\S*\d)(?=\S*[^\W\d])\S+|(?=\S*\w)(?=\S*[-_:./])\S+")


def pasted_article(engine: SearchEngine, query: str) -> str | None:
    """The path of an article's page if the query is its address on this site, or its id.

    An address of a withdrawn article counts too: its page says so. A query that may be a word or
    a number is searched for, whatever ids there are.
    """
    doc_id = _id_of_address(query) if _ARTICLES in query else None
    if doc_id is None:
        if not _LIKE_AN_ID.fullmatch(query):
            return None
        article = engine.get(query)
        return None if article is None else article_path(article.id, article.headline)
    for candidate in (doc_id, _FILE_SUFFIX.sub("", doc_id)):
        article = engine.get(candidate)
        if article is not None:
            return article_path(article.id, article.headline)
        if engine.withdrawn(candidate) is not None:
            return article_path(candidate, "")
    return None


def _id_of_address(query: str) -> str | None:
    try:
        parts = urlsplit(query)
    except ValueError:
        return None
    own = not parts.scheme and not parts.netloc
    is_web = parts.scheme in ("http", "https")
    if not own and not (is_web and parts.netloc in context.own_hosts()):
        return None
    match = _ARTICLE.fullmatch(parts.path.removeprefix(mounted("")))
    return None if match is None else unquote(match[1])
