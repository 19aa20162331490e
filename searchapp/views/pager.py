"""Links to the other pages of a search."""

from dataclasses import dataclass, replace
from typing import Final

from ..formatting import number_text
from ..params import SearchParams
from ..urls import search_path

__all__ = ["PageLink", "Pager", "pager"]

_AROUND: Final = 1


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page; without `href` it is the one being shown, without `number` a gap."""

    number: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """The neighbours (empty where there is none) and the pages to jump to."""

    previous: str
    next: str
    pages: tuple[PageLink, ...]


def pager(params: SearchParams, total: int) -> Pager | None:
    """None where everything is on one page."""
    count = params.page_count(total)
    if count < 2:
        return None
    shown = sorted({1, count, *range(params.page - _AROUND, params.page + _AROUND + 1)})
    pages: list[PageLink] = []
    before = 0
    for number in (number for number in shown if 1 <= number <= count):
        if number > before + 1:
            pages.append(PageLink())
        href = "" if number == params.page else _path(params, number)
        pages.append(PageLink(number_text(number), href))
        before = number
    return Pager(
        _path(params, min(params.page - 1, count)) if params.page > 1 else "",
        _path(params, params.page + 1) if params.page < count else "",
        tuple(pages),
    )


def _path(params: SearchParams, number: int) -> str:
    return search_path(replace(params, page=number))
