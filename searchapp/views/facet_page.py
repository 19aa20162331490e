"""All the values of a facet, in alphabetical order, a page at a time."""

from dataclasses import dataclass, replace
from typing import Final

from analyzers import exact_key, fold
from index import SearchEngine, collation_key

from ..i18n import translate, translate_count
from ..labels import merged_labels
from ..params import SearchParams
from ..urls import search_path, with_query
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
    request = replace(params, page=1, highlight=False, facets=(name,)).request()
    values = engine.search(replace(request, limit=0)).facets[name]
    labels = [label for label in merged_labels(values) if _begins(label.name, prefix)]
    if not by_count:
        labels.sort(key=lambda label: collation_key(label.name))
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


def _begins(name: str, prefix: str) -> bool:
    """Whether a word of the name, or several, begin as typed; accents and case do not count."""
    return f" {_plain(prefix)}" in f" {_plain(name)}"


def _plain(text: str) -> str:
    return " ".join(fold(exact_key(text)).split())
