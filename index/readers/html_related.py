"""The related links of a news page, told by the heading above them."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from .draft import RawLink
from .html_elements import by_class, text_of
from .related_block import is_related_marker

__all__ = ["take_inline", "take_related"]

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
_BOXES: Final = (
    "//*[starts-with(@type, 'Related') or starts-with(@type, 'link-content')] | //*[self::div or "
    "self::section or self::ul or self::article or self::table or self::aside or self::p]["
    + by_class(
        *(
            "relat",
            "lien-quan",
            "lienquan",
            "tin-lq",
            "tinlq",
            "-lq",
            "cung-chuyen-muc",
            "also-read",
        ),
        *("doc-them", "xem-them", "read-more", "recommend", "inner-article", "see-also"),
    )
    + "]"
)
#: Of a list of articles, so many words at most stand beside each link: its snippet.
_SNIPPET_WORDS: Final = 45
#: More links than that are a menu or a front page.
_MOST_LINKS: Final = 100
#: The end of an address that leads to an article: a number, or a long name with a suffix.
_ARTICLE_ADDRESS: Final = re.compile(
    r"\d{4,}|[\w-]{16,}\.(?:html?|chn|vov|ldo|tpo|vnp|epi|aspx|php)"
)
_ARROWS: Final = re.compile(r"^(?:[>»→►▶➤☞]+\s*|[-–•*+]+\s+)+")
_INLINE: Final = ("div", "table", "ul", "ol", "section", "aside", "article", "p", "li", "h3", "h4")


def take_related(tree: HtmlElement, headline: HtmlElement | None, page_url: str) -> list[RawLink]:
    """The links under each heading like "Tin liên quan", which are taken out of the tree.

    So are boxes called related, and lines that are only a link behind ">>".

    Args:
        tree: the page.
        headline: where it prints its headline: above it is no related news.
        page_url: its address, or "".
    """
    above = set(headline.xpath("preceding::*")) if headline is not None else set()
    order = {element: at for at, element in enumerate(tree.iter())}
    taken: list[tuple[int, list[RawLink]]] = []

    def take(element: HtmlElement) -> None:
        taken.append((order[element], list(_links(element, page_url))))
        element.drop_tree()

    for box in tree.xpath(_BOXES):
        if box.getparent() is None or box in above or _holds(box, headline) or box.xpath(_MENUS):
            continue
        if _is_list_of_links(box):
            take(box)
    for line in tree.xpath("//p | //li | //div[not(*[not(self::a or self::strong or self::b)])]"):
        if _ARROWS.match(text_of(line)) and _is_link_only(line) and line.getparent() is not None:
            take(line)
    headings = [
        element
        for element in tree.iter(*_HEADINGS)
        if len(element) <= 1 and element not in above and is_related_marker(text_of(element))
    ]
    for heading in headings:
        if heading.xpath(_MENUS):
            continue
        below = _list_below(heading)
        for element in below:
            take(element)
        # Without links below it may be a heading of the text.
        if heading.getparent() is not None and (below or heading.tag[0] != "h"):
            heading.drop_tree()
    links: dict[str, RawLink] = {}
    for _, found in sorted(taken):
        for link in found:
            links.setdefault(link.url or link.headline, link)
    return list(links.values())


def take_inline(body: HtmlElement, page_url: str) -> list[RawLink]:
    """The links to other articles that stand between the paragraphs, or right below the text.

    They are taken out of the tree. Such a box begins with the link, alone on its line, and has
    little text beside it; a paragraph is one where it is nothing but the link.
    """
    links: dict[str, RawLink] = {}
    below = body.getnext()
    boxes = [below] if below is not None and below.tag in ("ul", "ol") else []
    for box in [*body.iterdescendants(*_INLINE), *boxes]:
        if (
            box.getparent() is None
            or not 0 < len(list(islice(box.iter("a"), _MOST_LINKS))) < _MOST_LINKS
        ):
            continue
        found = [link for link in _links(box, page_url) if _ARTICLE_ADDRESS.search(link.url)]
        whole = box.tag in ("p", "li", "h3", "h4", "ul", "ol")
        if found and (
            _is_link_only(box) if box.tag in ("p", "li") else _is_list_of_links(box, whole)
        ):
            for link in found:
                links.setdefault(link.url or link.headline, link)
            box.drop_tree()
    return list(links.values())


def _holds(box: HtmlElement, element: HtmlElement | None) -> bool:
    return element is not None and box in (element, *element.iterancestors())


def _is_list_of_links(box: HtmlElement, only_links: bool = False) -> bool:
    """Whether the box holds links on lines of their own, and little beside them."""
    links = list(islice(box.iter("a"), _MOST_LINKS + 1))
    if not 0 < len(links) <= _MOST_LINKS:
        return False
    links = [link for link in links if len(_headline(link).split()) >= _MIN_WORDS]
    alone = [link for link in links if _stands_alone(link, box)]
    if not alone or len(alone) < len({text_of(link) for link in links}):
        return False
    words = len(text_of(box).split()) - sum(len(_headline(link).split()) for link in alone)
    return words <= (3 if only_links else _SNIPPET_WORDS) * len({text_of(link) for link in alone})


def _stands_alone(link: HtmlElement, box: HtmlElement) -> bool:
    """Whether nothing else stands on the line of the link."""
    before, after = link.getprevious(), link.tail or ""
    text = (before.tail if before is not None else link.getparent().text) or ""
    inline = before is not None and before.tag in ("strong", "b", "em", "i", "span")
    return not (text + after).strip(" \n\t\r|>»-•") and (
        not inline or is_related_marker(text_of(before)) or link.getparent() is not box
    )


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
    """Whether the element is a link, behind an arrow or "Xem thêm:" or nothing."""
    text = text_of(element)
    for link in element.iter("a"):
        if not (name := text_of(link)):
            continue
        before, found, after = text.partition(name)
        before = before.strip(" >»→►▶➤☞-–•*+")
        if found and not after.strip(" .") and (not before or is_related_marker(before)):
            return True
    return False


def _links(element: HtmlElement, page_url: str) -> Iterator[RawLink]:
    links = [link for link in element.iter("a") if text_of(link)]
    if any(_is_menu_entry(link) for link in links):
        return
    for link in links:
        headline = _headline(link)
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


def _is_menu_entry(link: HtmlElement) -> bool:
    """Whether it is a short link to no article, alone in its entry."""
    return (
        len(text_of(link).split()) < _HEADLINE_WORDS
        and not _ARTICLE_ADDRESS.search(link.get("href") or "")
        and link.getparent().tag == "li"
        and len(list(link.getparent().iter("a"))) == 1
    )


def _headline(link: HtmlElement) -> str:
    """The link's text; of one around a whole entry, its heading."""
    heading = next(link.iter("h2", "h3", "h4", "h5"), None)
    return _ARROWS.sub("", text_of(link if heading is None else heading))


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
