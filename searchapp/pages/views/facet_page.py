"""All the values of a facet, in alphabetical order, a page at a time."""

from dataclasses import dataclass, replace
from typing import Final

from index import SearchEngine

from ...query.facet_values import facet_labels
from ...query.params import SearchParams
from ...query.urls import search_path, with_query
from ...text.i18n import translate, translate_count
from .facets import FACET_TITLES, FacetLink, facet_link
from .pager import Pager, pager_of

__all__ = ["FACET_FIELDS", "FacetPage", "facet_page"]

FACET_FIELDS: Final = tuple(FACET_TITLES)
_PER_PAGE: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetPage:
    """The values whose words begin as was typed; `hidden` carries the search through the form."""

    name: str
    title: str
    heading: str
    prefix: str
    links: tuple[FacetLink, ...]
    count_text: str
    by_count: bool
    order_href: str
    pager: Pager | None
    back_href: str
    hidden: tuple[tuple[str, str], ...]


def facet_page(
    engine: SearchEngine,
    params: SearchParams,
    name: str,
    *,
    prefix: str,
    by_count: bool,
    number: int,
) -> FacetPage:
    """One page of a facet's values; raises QueryError in advanced mode."""
    labels = facet_labels(engine, params, name, prefix=prefix, by_count=by_count)
    last = max(1, -(-len(labels) // _PER_PAGE))
    number = min(number, last)
    search = replace(params, page=1)
    shown = labels[(number - 1) * _PER_PAGE : number * _PER_PAGE]

    def path(page: int, *, count: bool = by_count) -> str:
        pairs = [("facet_page", str(page))] if page > 1 else []
        pairs += [("facet_sort", "count")] if count else []
        pairs += [("prefix", prefix)] if prefix else []
        return with_query(f"/facet/{name}", sorted([*pairs, *search.pairs()]))

    title = translate(FACET_TITLES[name])
    return FacetPage(
        name=name,
        title=title,
        heading=translate("%(facet)s trong các tin tìm được", facet=title),
        prefix=prefix,
        links=tuple(facet_link(name, label, params) for label in shown),
        count_text=translate_count("%(count)s mục", "%(count)s mục", len(labels)),
        by_count=by_count,
        order_href=path(1, count=not by_count),
        pager=pager_of(number, last, path),
        back_href=search_path(search),
        hidden=(*search.pairs(), *((("facet_sort", "count"),) if by_count else ())),
    )
