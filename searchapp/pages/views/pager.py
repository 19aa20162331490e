"""Links to the other pages of a search."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from ...query.params import SearchParams
from ...query.urls import search_path
from ...text.i18n import number_text

__all__ = ["PageLink", "Pager", "pager", "pager_of"]

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
    """The pages of a search; None where everything is on one."""
    return pager_of(
        params.page,
        params.page_count(total),
        lambda number: search_path(replace(params, page=number)),
    )


def pager_of(current: int, count: int, path: Callable[[int], str]) -> Pager | None:
    """Links around the current page; None where there is only one."""
    if count < 2:
        return None
    shown = sorted({1, count, *range(current - _AROUND, current + _AROUND + 1)})
    pages: list[PageLink] = []
    before = 0
    for number in (number for number in shown if 1 <= number <= count):
        if number > before + 1:
            pages.append(PageLink())
        href = "" if number == current else path(number)
        pages.append(PageLink(number_text(number), href))
        before = number
    return Pager(
        path(min(current - 1, count)) if current > 1 else "",
        path(current + 1) if current < count else "",
        tuple(pages),
    )
