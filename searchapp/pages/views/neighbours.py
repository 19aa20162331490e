"""An article as one hit of a search: what is marked in it, which hits stand beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from index import MAX_RESULT_DEPTH, Article, ArticleMarks, QueryError, SearchEngine

from ...query.parameter_reader import read_params
from ...query.params import SearchParams
from ...query.urls import article_path, search_path
from ...text.i18n import number_text, translate
from .cards import hit_path
from .notices import Link

__all__ = ["Place", "read_place"]

_OUTSIDE: Final = frozenset({"hit", "hl", "lang"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Texts and addresses are empty, and links None, where the article was not reached by search.

    `unmark_href` is the same page without marks.
    """

    marks: ArticleMarks | None = None
    unmark_href: str = ""
    back_href: str = ""
    place_text: str = ""
    previous: Link | None = None
    next: Link | None = None


def read_place(
    engine: SearchEngine, article: Article, values: Mapping[str, Sequence[str]]
) -> Place:
    """The place that an address gives an article: `hl` are words to mark, `hit` counts from 1.

    An address that makes no sense gives it none: the article is what was asked for.
    """
    search = read_params({name: v for name, v in values.items() if name not in _OUTSIDE}).params
    hit = values.get("hit", [""])[-1]
    number = int(hit) if hit.isascii() and hit.isdecimal() and len(hit) < 6 else 0
    words = values.get("hl", [""])[-1]
    try:
        if not search.query or not 1 <= number <= MAX_RESULT_DEPTH:
            marked = read_params({"q": [words]}).params
            return _marked(engine, article, marked, article_path(article.id, article.headline))
        unmarked = hit_path(article, replace(search, highlight=False), number)
        place = _marked(engine, article, search, unmarked)
        return _among_hits(engine, article, search, number, place)
    except QueryError:
        return Place()


def _marked(
    engine: SearchEngine, article: Article, search: SearchParams, unmark_href: str
) -> Place:
    if not search.query or not search.highlight:
        return Place()
    marks = engine.highlight(replace(search, page=1).request(), article.id)
    return Place(marks=marks, unmark_href=unmark_href) if _has_mark(marks) else Place()


def _has_mark(marks: ArticleMarks | None) -> bool:
    if marks is None:
        return False
    texts = (marks.headline, marks.lead, *marks.body, *marks.captions)
    return any(segment.marked for text in texts for segment in text)


def _among_hits(
    engine: SearchEngine, article: Article, search: SearchParams, number: int, place: Place
) -> Place:
    """The neighbours, where the article still is that hit; the search alone where it is not."""
    page = replace(search, page=-(-number // search.per_page))
    back = replace(place, back_href=search_path(replace(page, highlight=True)))
    first = max(number - 1, 1)
    request = replace(search, page=1, highlight=False).request()
    found = engine.search(replace(request, offset=first - 1, limit=number - first + 2))
    hits = dict(enumerate(found.hits, first))
    if number not in hits or hits[number].id != article.id:
        return back
    place_text = translate(
        "Kết quả %(number)s/%(total)s",
        number=number_text(number),
        total=number_text(found.total),
    )
    links = {
        beside: Link(hits[beside].article.headline, hit_path(hits[beside].article, search, beside))
        for beside in (number - 1, number + 1)
        if beside in hits
    }
    return replace(
        back,
        place_text=place_text,
        previous=links.get(number - 1),
        next=links.get(number + 1),
    )
