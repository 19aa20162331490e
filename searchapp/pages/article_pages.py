"""The page of an article, alone or as a hit of a search, and lists of articles that were saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from index import (
    MAX_RESULT_DEPTH,
    Article,
    ArticleMarks,
    Fragment,
    QueryError,
    SearchEngine,
    TierScope,
)

from ..documents.citations import citations
from ..documents.related_reasons import related_reason
from ..documents.saved_lists import LARGEST_LIST, LONGEST_TOKEN, list_token, listed_ids, read_ids
from ..http import access, context
from ..http.problems import BadParameters
from ..http.withdrawn import Withdrawn
from ..query.archive_labels import label_key
from ..query.parameter_reader import ParameterProblem, read_params
from ..query.params import SearchParams
from ..query.urls import (
    article_file_path,
    article_path,
    article_url,
    is_followed,
    mounted,
    with_query,
)
from ..text.messages import lazy_gettext
from .structured_data import json_ld, meta_fields

__all__ = ["blueprint"]

blueprint = Blueprint("article_pages", __name__)

_RELATED_SHOWN: Final = 6
#: Suffixes of the formats that an article can be had in, what they are called and their types.
_FORMATS: Final = (
    ("ris", "RIS", "application/x-research-info-systems"),
    ("bib", "BibTeX", "application/x-bibtex"),
    ("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json"),
    ("json", "JSON", "application/json"),
    ("txt", "TXT", "text/plain"),
)
#: Parameters of an article's page that are none of a search.
_OUTSIDE: Final = frozenset({"hit", "hl", "lang"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where an article was reached from: without a search it was reached by itself.

    `total` is 0, and the neighbours are None, where the article is not that hit any more.
    """

    search: SearchParams | None = None
    hit: int = 0
    page: int = 1
    marks: ArticleMarks | None = None
    total: int = 0
    previous: Article | None = None
    next: Article | None = None


@blueprint.get("/article/<doc_id>", defaults={"slug": ""})
@blueprint.get("/article/<doc_id>/<slug>")
def article(doc_id: str, slug: str) -> Response | str:
    """An article under the one address that it has; 410 once it was withdrawn."""
    group = access.Group.PAGES if "hit" in request.args else access.Group.READING
    engine = access.engine(group)
    found = engine.get(doc_id)
    if found is None:
        withdrawal = engine.withdrawn(doc_id)
        if withdrawal is None:
            abort(404)
        raise Withdrawn(withdrawal)
    path = article_path(found.id, found.headline)
    if not path.endswith(f"/{slug}") or not slug:
        pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
        address = with_query(article_url(found), pairs)
        return redirect(address if is_followed(address) else article_url(found), 301)
    place = _read_place(engine, found, request.args.to_dict(flat=False))
    related = [hit.article for hit in engine.related(doc_id, _RELATED_SHOWN)]
    site, site_name = context.site(), context.settings().site_name
    return render_template(
        "article.html",
        article=found,
        place=place,
        marks=place.marks,
        first_marked=_first_marked(place.marks),
        related=[(other, related_reason(found, other)) for other in related],
        citations=citations(found, site, context.today()),
        formats=_FORMATS,
        article_file_path=article_file_path,
        everything=SearchParams(),
        label_key=label_key,
        canonical=site.absolute(path),
        json_ld=json_ld(found, site, site_name),
        meta_fields=meta_fields(found, site, site_name),
    )


@blueprint.get("/list")
def own_list() -> str:
    """Where the reader's browser, which alone knows what was saved, opens the list of it."""
    return render_template("list.html", articles=())


@blueprint.post("/list")
def make_list() -> Response:
    """To the list of the articles whose `id` was sent."""
    ids, problems = read_ids(request.form.getlist("id"), LARGEST_LIST)
    if problems:
        raise BadParameters(problems)
    token = list_token(ids)
    if len(token) > LONGEST_TOKEN:
        sentence = lazy_gettext("Danh sách này quá dài. Hãy bỏ bớt vài tin.")
        raise BadParameters((ParameterProblem("id", "invalid-parameter", sentence),))
    return redirect(mounted(f"/list/{token}"), 303)


@blueprint.get("/list/<token>")
def shared_list(token: str) -> str:
    """The articles of a list, for everybody who has its address."""
    ids, engine = listed_ids(token), access.engine(access.Group.READING)
    found = [article for article in map(engine.get, ids) if article is not None]
    if not found:
        abort(404)
    path = f"/list/{list_token(ids)}"
    return render_template(
        "list.html",
        articles=found,
        missing=len(ids) - len(found),
        path=path,
        canonical=context.site().absolute(path),
    )


def _read_place(
    engine: SearchEngine, article: Article, values: Mapping[str, Sequence[str]]
) -> _Place:
    """The place that an address gives an article: `hl` are words to mark, `hit` counts from 1.

    An address that makes no sense gives it none: the article is what was asked for.
    """
    search = read_params({name: v for name, v in values.items() if name not in _OUTSIDE}).params
    typed = values.get("hit", [""])[-1]
    hit = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0
    words = values.get("hl", [""])[-1]
    try:
        if not search.query or not 1 <= hit <= MAX_RESULT_DEPTH:
            return _Place(marks=_marks(engine, article, read_params({"q": [words]}).params))
        first = max(hit - 1, 1)
        marks = _marks(engine, article, search)
        request = replace(search, page=1, highlight=False).request()
        request = replace(request, offset=first - 1, limit=hit - first + 2)
        found = engine.search(context.within_budgets(request))
        if hit > found.paged_total and search.tiers is TierScope.PAGE:
            # One of those that filled the last page.
            request = replace(request, tiers=TierScope.ALL)
            found = engine.search(context.within_budgets(request))
    except QueryError:
        return _Place()
    place = _Place(search=search, hit=hit, page=-(-hit // search.per_page), marks=marks)
    hits = {number: each.article for number, each in enumerate(found.hits, first)}
    if found.partial or hit not in hits or hits[hit].id != article.id:
        return place
    return replace(
        place, total=found.paged_total, previous=hits.get(hit - 1), next=hits.get(hit + 1)
    )


def _marks(engine: SearchEngine, article: Article, search: SearchParams) -> ArticleMarks | None:
    """The article with the words of a search marked; None where none is to be marked."""
    if not search.query or not search.highlight:
        return None
    marks = engine.highlight(replace(search, page=1).request(), article.id)
    if marks is None:
        return None
    texts = (marks.headline, marks.lead, *marks.body, *marks.captions)
    return marks if any(map(_has_mark, texts)) else None


def _first_marked(marks: ArticleMarks | None) -> int | None:
    """Which paragraph of the body is the first with a mark, where the lead has none."""
    if marks is None or _has_mark(marks.lead):
        return None
    return next((number for number, text in enumerate(marks.body) if _has_mark(text)), None)


def _has_mark(text: Sequence[Fragment]) -> bool:
    """Whether something matches in a text."""
    return any(piece.marked for piece in text)
