"""The related links of a news page, told by the heading above them."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from .draft import RawLink
from .html_elements import text_of
from .related_block import is_related_marker

__all__ = ["take_related"]

_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "strong", "b", "a")
# How far above the heading's text the element may be that the links follow.
_LEVELS: Final = 3
_MIN_WORDS: Final = 2
#: Of a link that does not look like an article's, so many words have to.
_HEADLINE_WORDS: Final = 4
# An entry with more of them is no entry.
_ENTRY_PARAGRAPHS: Final = 5
#: Where no related news stands, whatever it is called there.
_MENUS: Final = (
    "ancestor-or-self::header[not(ancestor::article)] | ancestor-or-self::nav | "
    "ancestor-or-self::footer | ancestor-or-self::*[contains(@class, 'menu') or "
    "contains(@class, 'navbar') or contains(@id, 'menu')]"
)
_BOXES: Final = "//*[starts-with(@type, 'Related')]"
#: The end of an address that leads to an article: a number, or a long name with a suffix.
_ARTICLE_ADDRESS: Final = re.compile(
    r"\d{4,}|[\w-]{16,}\.(?:html?|chn|vov|ldo|tpo|vnp|epi|aspx|php)"
)
_ARROWS: Final = re.compile(r"^(?:>>|»|>)\s*")


def take_related(tree: HtmlElement, page_url: str) -> list[RawLink]:
    """The links under each heading like "Tin liên quan", which are taken out of the tree.

    So are boxes with one article in the text, and lines that are only a link behind ">>".
    """
    headline = next(tree.iter("h1"), None)
    above = set(headline.xpath("preceding::*")) if headline is not None else set()
    links: dict[str, RawLink] = {}

    def take(found: Iterable[RawLink]) -> None:
        for link in found:
            links.setdefault(link.url or link.headline, link)

    for box in tree.xpath(_BOXES):
        if box.getparent() is not None:
            take(_links(box, page_url))
            box.drop_tree()
    for line in tree.xpath("//p | //li | //div[not(*[not(self::a or self::strong or self::b)])]"):
        if _ARROWS.match(text_of(line)) and _is_link_only(line) and line.getparent() is not None:
            take(_links(line, page_url))
            line.drop_tree()
    headings = [
        element
        for element in tree.iter(*_HEADINGS)
        if len(element) <= 1 and element not in above and is_related_marker(text_of(element))
    ]
    for heading in headings:
        if heading.xpath(_MENUS):
            continue
        for element in _list_below(heading):
            take(_links(element, page_url))
            element.drop_tree()
        if heading.getparent() is not None:
            heading.drop_tree()
    return list(links.values())


def _list_below(heading: HtmlElement) -> list[HtmlElement]:
    """The elements with links that follow the heading, or the element it stands in."""
    element: HtmlElement | None = heading
    for _ in range(_LEVELS):
        if element is None or element.tag in ("body", "article", "main"):
            return []
        following = element.getnext()
        if following is not None and (
            following.tag == "a" or following.find(".//a[@href]") is not None
        ):
            found = [following]
            # Without a list element around them: <h3/><p><a/></p><p><a/></p>.
            while (following := following.getnext()) is not None and _is_link_only(following):
                found.append(following)
            return found
        element = element.getparent()
    return []


def _is_link_only(element: HtmlElement) -> bool:
    text = _ARROWS.sub("", text_of(element))
    return any(_ARROWS.sub("", text_of(link)) == text != "" for link in element.iter("a"))


def _links(element: HtmlElement, page_url: str) -> Iterator[RawLink]:
    for link in element.iter("a"):
        headline = _ARROWS.sub("", text_of(link))
        words = len(headline.split())
        if not link.get("href") or words < _MIN_WORDS:
            continue
        if words < _HEADLINE_WORDS and not _ARTICLE_ADDRESS.search(link.get("href") or ""):
            continue
        try:
            url = urljoin(page_url, link.get("href"))
        except ValueError:
            url = ""
        yield RawLink(headline, _snippet(link, element), url)


def _snippet(link: HtmlElement, within: HtmlElement) -> str:
    """The first paragraph beside the link in its entry of the list."""
    for entry in link.iterancestors():
        if entry is within and entry.get("type") is None:
            break
        if entry.tag in ("li", "article") or entry.get("type") is not None:
            paragraphs = islice(entry.iter("p"), _ENTRY_PARAGRAPHS)
            texts = (text_of(part) for part in paragraphs if part.find(".//a") is None)
            return next(filter(None, texts), "")
    return ""
