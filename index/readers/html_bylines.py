"""Who wrote a news page and in which section it stands, as several witnesses say it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from .bylines import author_names, is_person, split_names
from .html_elements import ELSEWHERE, by_class, nearest, text_of, texts_at
from .outlets import site_domain
from .text_repair import one_line

__all__ = ["page_authors", "page_section"]

_BYLINE: Final = (
    "//*[@rel='author'] | //*[@itemprop='author'] | //*["
    + by_class(
        "author", "byline", "tacgia", "tac-gia", "writer", "journalist", "but-danh", "nguontin"
    )
    + "]"
)
_BYLINE_WORDS: Final = 14
_BYLINES: Final = 50
_SECTION_WORDS: Final = 6
_MENU_LINKS: Final = 300
_MENU: Final = "//nav//a | //header//a | //*[" + by_class("menu", "nav") + "]//a"
_IN_MENU: Final = (
    "ancestor::nav | ancestor::footer | ancestor::aside | ancestor::*["
    + by_class("menu", "navbar", "main-nav", "footer", "sidebar", "tag", "social", "share")
    + "]"
)
#: The entry of a menu that the page stands under.
_CHOSEN: Final = (
    "self::*[contains(concat(' ', @class, ' '), ' active ')] | "
    "parent::*[contains(concat(' ', @class, ' '), ' active ')]"
)
_SECTION_LINKS: Final = (
    "//a["
    + by_class("cate", "chuyen-muc", "section")
    + "] | //*["
    + by_class("cate", "chuyen-muc", "section-name", "breadcrumb", "bread-crumb")
    + "]//a"
)
_TRAIL: Final = (
    f"//*[{by_class('breadcrumb', 'bread-crumb')} or contains(@itemtype, 'BreadcrumbList') or "
    "contains(translate(@aria-label, 'B', 'b'), 'breadcrumb')]//a"
)
_HOME: Final = frozenset(
    (
        *("trang chủ", "trang nhất", "trang chu", "tin tức", "báo", "tất cả", "xem thêm"),
        *("đăng nhập", "home", "homepage", "start", "startseite", "accueil", "inicio"),
    )
)


def page_authors(
    tree: HtmlElement,
    told: Sequence[Sequence[str]],
    site: Iterable[str],
    url: str,
    times: Callable[[], Sequence[HtmlElement]],
) -> tuple[str, ...]:
    """The people whom the first witness names that names any.

    Args:
        tree: the page.
        told: the names that data of the page give, by witness.
        site: what the paper is called, none of which is an author.
        url: of the article, or "".
        times: gives the elements that show when it was published, beside which names may stand.
    """
    site = list(site)
    for witness in _witnesses(tree, told, times):
        names = [
            name
            for text in witness
            for name in ([text] if site_domain(text) else split_names(text))
        ]
        kept: Sequence[str] = names
        for name in site:
            kept, _ = author_names(kept, name, url)
        if kept := [name for name in kept if is_person(name) or witness in told[:1]]:
            return tuple(dict.fromkeys(kept))
    return ()


def _witnesses(
    tree: HtmlElement,
    told: Sequence[Sequence[str]],
    times: Callable[[], Sequence[HtmlElement]],
) -> Iterator[Sequence[str]]:
    yield from told
    yield [
        text
        for element in tree.xpath(_BYLINE)[:_BYLINES]
        if 0 < len((text := element.get("content") or text_of(element)).split()) <= _BYLINE_WORDS
        and not element.xpath(ELSEWHERE)
    ]
    yield _beside(times())


def _beside(times: Sequence[HtmlElement]) -> list[str]:
    """What stands on one line with the time nearest to the headline: "Lê An - 7/3/2026"."""
    for element in times[:1]:
        line = element.getparent()
        rest = text_of(line).replace(text_of(element), " ") if line is not None else ""
        parts = [part.strip() for part in split_names(re.sub(r"[|•–-]", ",", rest))]
        names = [part for part in parts if 1 < len(part.split()) < 5 and is_person(part)]
        if names and len(rest.split()) <= _BYLINE_WORDS and not _of_links(line, names):
            return names
    return []


def _of_links(line: HtmlElement, names: Sequence[str]) -> bool:
    """Whether one of the names leads to a list of articles as sections do."""
    return any(
        text_of(link) in names and "tac-gia" not in (link.get("href") or "")
        for link in line.iter("a")
    )


def page_section(
    tree: HtmlElement,
    headline: HtmlElement | None,
    told: tuple[Sequence[str], Sequence[str]],
    site: Iterable[str],
    title: str,
    url: str,
) -> str:
    """The first of the page's sections, or "".

    It is what data say; else the first step of the breadcrumb; else a link above the headline that
    is called a section or is one of the menu's; else the menu's name for the address.

    Args:
        tree: the page.
        headline: where it prints its headline.
        told: the sections that data name, and the steps to the page.
        site: what the paper is called.
        title: the headline.
        url: of the article, or "".
    """
    said, steps = told
    none = _HOME | {one_line(name).casefold() for name in (*site, title)}

    def witnesses() -> Iterator[Iterable[str]]:
        yield (text.partition(",")[0] for text in said)
        yield steps
        yield texts_at(tree, _TRAIL)
        yield _above(tree, headline)
        yield _by_address(tree, url)

    for text in chain.from_iterable(witnesses()):
        name = one_line(text).strip("/>»› |")
        key = name.casefold()
        if key and key not in none and "://" not in name and len(key.split()) <= _SECTION_WORDS:
            return name
    return ""


def _above(tree: HtmlElement, headline: HtmlElement | None) -> list[str]:
    """The links between the menus and the headline that are called a section or stand in a menu."""
    if headline is None:
        return []
    entries = [link for link in tree.xpath(_MENU)[:_MENU_LINKS] if link.xpath(_IN_MENU)]
    menu = {text_of(link).casefold() for link in entries}
    before = headline.xpath("preceding::a")[-_MENU_LINKS:]
    before = [link for link in before if not link.xpath(_IN_MENU)]
    called = set(tree.xpath(_SECTION_LINKS))
    links = nearest(tree, before[-10:], headline)
    chosen = {text_of(link) for link in entries if link.xpath(_CHOSEN)}
    return [
        *(text_of(link) for link in links if link in called),
        *(text_of(link) for link in links if text_of(link).casefold() in menu),
        *(chosen if len(chosen) == 1 else ()),
    ]


def _by_address(tree: HtmlElement, url: str) -> list[str]:
    """What the menu calls the first step of the address: "/kinh-doanh/…"."""
    step = urlsplit(url).path.strip("/").partition("/")
    if not step[2]:
        return []
    return [
        text_of(link)
        for link in tree.xpath(_MENU)[:_MENU_LINKS]
        if re.sub(r"\.\w+$", "", urlsplit(link.get("href") or "").path.strip("/")) == step[0]
    ]
