"""Labels to filter by, each with the number of hits that choosing it leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from index import FacetValue

from ...query.archive_labels import Label, merged_labels
from ...query.filtering import has_label, toggled
from ...query.options import FILTER_NAMES
from ...query.params import SearchParams
from ...query.urls import search_path, with_query
from ...text.i18n import number_text, translate
from ...text.messages import N_

__all__ = ["FACET_TITLES", "FacetLink", "FacetList", "facet_link", "facet_lists"]

FACET_TITLES: Final = {
    "section": N_("Chuyên mục"),
    "source": N_("Nguồn"),
    "author": N_("Tác giả"),
}
_SHOWN: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetLink:
    """One label; `href` adds it to the filters or takes it off, `exclude_href` leaves it out."""

    name: str
    count: str
    chosen: bool
    excluded: bool
    href: str
    exclude_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetList:
    """The most frequent labels and the chosen ones; `more_href` lists all, empty: all are here."""

    name: str
    title: str
    links: tuple[FacetLink, ...]
    more_href: str
    open: bool


def facet_lists(
    counts: Mapping[str, Sequence[FacetValue]], params: SearchParams
) -> tuple[FacetList, ...]:
    """The facets of a page of results that have anything to choose from."""
    lists = (_facet_list(name, counts.get(name, ()), params) for name in FACET_TITLES)
    return tuple(facet for facet in lists if facet.links)


def facet_link(name: str, label: Label, params: SearchParams) -> FacetLink:
    """A label of a facet as a link."""
    chosen = has_label(params, FILTER_NAMES[name], label.key)
    excluded = has_label(params, FILTER_NAMES[f"not_{name}"], label.key)
    return FacetLink(
        name=label.name,
        count=number_text(label.count),
        chosen=chosen,
        excluded=excluded,
        href=search_path(toggled(params, name, label.key)),
        exclude_href=search_path(_excluding(params, name, label.key)),
    )


def _excluding(params: SearchParams, name: str, key: str) -> SearchParams:
    """The search that leaves the label out and does not ask for it any more."""
    if has_label(params, FILTER_NAMES[name], key):
        params = toggled(params, name, key)
    return toggled(params, f"not_{name}", key)


def _facet_list(name: str, values: Sequence[FacetValue], params: SearchParams) -> FacetList:
    labels = merged_labels(values)
    links = [facet_link(name, label, params) for label in labels]
    shown = [link for n, link in enumerate(links) if n < _SHOWN or link.chosen or link.excluded]
    return FacetList(
        name=name,
        title=translate(FACET_TITLES[name]),
        links=tuple(shown),
        more_href=_more(name, params) if len(shown) < len(links) else "",
        open=name == "section" or any(link.chosen or link.excluded for link in links),
    )


def _more(name: str, params: SearchParams) -> str:
    return with_query(f"/facet/{name}", replace(params, page=1).pairs())
