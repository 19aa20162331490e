"""Elements of a news page: their texts, and where they stand."""

from collections.abc import Iterable
from typing import Final

from lxml.html import HtmlElement

from .markup import unescape

__all__ = [
    "ELSEWHERE",
    "by_class",
    "headline_element",
    "is_printed",
    "meta_contents",
    "nearest",
    "properties",
    "text_of",
    "texts_at",
]


def text_of(element: HtmlElement) -> str:
    """The element's text, white space folded."""
    return " ".join(str(element.text_content()).split())


def by_class(*words: str) -> str:
    """An XPath test: one of the element's classes, or its id, is or holds one of the words."""
    tests = (
        f"contains(translate(concat(' ', @class, ' ', @id, ' '), '_', '-'), '{w}')" for w in words
    )
    return " or ".join(tests)


#: Where bylines and dates are not the article's own.
ELSEWHERE: Final = (
    "ancestor-or-self::nav | ancestor-or-self::footer | ancestor-or-self::aside | "
    "ancestor-or-self::header[not(ancestor::article)]"
    "[not(.//h1)] | ancestor::*["
    + by_class("comment", "relat", "binh-luan", "binhluan", "most-", "sidebar", "footer", "menu")
    + "]"
)


def meta_contents(tree: HtmlElement) -> dict[str, list[str]]:
    """What the <meta> elements say, by property or name in lower case."""
    contents: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or "").strip().lower()
        if content := unescape(element.get("content") or "").strip():
            contents.setdefault(name, []).append(content)
    return contents


def texts_at(tree: HtmlElement, path: str) -> list[str]:
    """The texts of the elements at an XPath."""
    return [text for element in tree.xpath(path) if (text := text_of(element))]


def properties(tree: HtmlElement, name: str) -> list[str]:
    """What the microdata of the page calls by a name."""
    return [
        value
        for element in tree.xpath("//*[@itemprop=$name]", name=name)
        if (value := element.get("content") or element.get("datetime") or text_of(element))
    ]


_PRINTED: Final = ("h1", "h2", "h3", "div", "p", "span", "strong", "td")


def headline_element(tree: HtmlElement, headline: str) -> HtmlElement | None:
    """Where the page prints its headline: an <h1>, else the first element that is it alone."""
    wanted = " ".join(headline.split()).casefold()
    for names in (("h1",), _PRINTED):
        for element in tree.iter(*names):
            if wanted and text_of(element).casefold() == wanted and not element.xpath(ELSEWHERE):
                return element
    return next(tree.iter("h1"), None)


def is_printed(tree: HtmlElement, headline: str) -> bool:
    """Whether the page has an element that is the headline alone."""
    element = headline_element(tree, headline)
    return element is not None and text_of(element) == " ".join(headline.split())


def nearest(
    tree: HtmlElement, elements: Iterable[HtmlElement], anchor: HtmlElement | None
) -> list[HtmlElement]:
    """The elements by the number of tags between them and the anchor, those behind it first."""
    if anchor is None:
        return list(elements)
    order = {element: at for at, element in enumerate(tree.iter())}

    def distance(element: HtmlElement) -> int:
        tags = order[element] - order[anchor]
        return tags if tags >= 0 else _BEFORE - tags

    return sorted(elements, key=distance)


#: What stands before the headline is so many tags farther: headers show the time of day.
_BEFORE: Final = 15
