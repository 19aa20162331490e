"""The related links of a news page, told by the heading above them."""

from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from .draft import RawLink
from .html_metadata import text_of
from .related_block import is_related_marker

__all__ = ["take_related"]

_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "strong", "b", "a")
# How far above the heading's text the element may be that the links follow.
_LEVELS: Final = 3
_MIN_WORDS: Final = 2
# An entry with more of them is no entry.
_ENTRY_PARAGRAPHS: Final = 5


def take_related(tree: HtmlElement, page_url: str) -> list[RawLink]:
    """The links under each heading like "Tin liên quan", which are taken out of the tree."""
    headings = [
        element
        for element in tree.iter(*_HEADINGS)
        if len(element) <= 1 and is_related_marker(text_of(element))
    ]
    links: dict[str, RawLink] = {}
    for heading in headings:
        for element in _list_below(heading):
            for link in _links(element, page_url):
                links.setdefault(link.url or link.headline, link)
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
        if following is not None and following.find(".//a[@href]") is not None:
            found = [following]
            # Without a list element around them: <h3/><p><a/></p><p><a/></p>.
            while (following := following.getnext()) is not None and _is_link_only(following):
                found.append(following)
            return found
        element = element.getparent()
    return []


def _is_link_only(element: HtmlElement) -> bool:
    return any(text_of(link) == text_of(element) != "" for link in element.iter("a"))


def _links(element: HtmlElement, page_url: str) -> Iterator[RawLink]:
    for link in element.iter("a"):
        headline = text_of(link)
        if not link.get("href") or len(headline.split()) < _MIN_WORDS:
            continue
        try:
            url = urljoin(page_url, link.get("href"))
        except ValueError:
            url = ""
        yield RawLink(headline, _snippet(link, element), url)


def _snippet(link: HtmlElement, within: HtmlElement) -> str:
    """The first paragraph beside the link in its entry of the list."""
    for entry in link.iterancestors():
        if entry is within:
            break
        if entry.tag in ("li", "article"):
            paragraphs = islice(entry.iter("p"), _ENTRY_PARAGRAPHS)
            texts = (text_of(part) for part in paragraphs if part.find(".//a") is None)
            return next(filter(None, texts), "")
    return ""
