"""The text of a news page: the element that holds most paragraphs, without the boxes in it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree
from lxml.html import HtmlElement

from .html_elements import text_of
from .text_repair import words_of

__all__ = ["PageBody", "load_extractor", "page_body", "take_boxes"]

_HEADINGS: Final = ("h2", "h3", "h4")
_PARAGRAPHS: Final = ("p", "blockquote", "pre", "li", "dd", "dt", *_HEADINGS)
_CONTAINERS: Final = ("div", "article", "section", "main", "td", "body", "center", "amp-story")
_BLOCKS: Final = frozenset(
    (*_PARAGRAPHS, *_CONTAINERS, "ul", "ol", "table", "figure", "dl", "aside")
)
_NO_TEXT: Final = (
    *("script", "style", "noscript", "template", "svg", "iframe", "object", "video", "audio"),
    *("button", "select", "textarea", "input", "form", "nav", "footer", "aside", "dialog"),
    *("amp-sidebar", "amp-ad", "amp-embed", "amp-iframe"),
)
#: Words in the class or id of what stands in a text without being of it.
_BOXES: Final = re.compile(
    r"(?:^|[\s_-])(?:comments?|cmt|binh-?luan|y-?kien|share|sharing|social|socials|related?|relate|"
    r"tin-?lien-?quan|tin-?lq|lien-?quan|cung-?chuyen-?muc|xem-?them|doc-?them|read-?more|most-?read|"
    r"popular|trending|recommend(?:ed|ation)?s?|newsletter|subscribe|subscription|ads?|advert\w*|banner|"
    r"quang-?cao|sponsor\w*|promo\w*|app|apps|download-?app|tai-?ung-?dung|breadcrumbs?|tags?|tag-?list|"
    r"tu-?khoa|keywords|menu|navbar|sidebar|footer|toolbar|rating|vote|cookie|consent|paywall|"
    r"box-?comment|fb-|zalo|print|rss|follow|google-?news|login|popup|modal)(?=$|[\s_-])",
    re.IGNORECASE,
)
_APP_LINE: Final = re.compile(
    r"(?:tải ứng dụng|tải app|theo dõi .{2,40} trên (?:google|facebook|zalo|youtube)|"
    r"mời (?:quý )?(?:độc giả|bạn đọc) (?:theo dõi|đón đọc|xem thêm)|chia sẻ|in bài viết|"
    r"copy link|link bài gốc|lấy link|trở lại|quay lại|xem bản gốc|bình luận|thích|lưu bài).{0,60}",
    re.IGNORECASE,
)
#: Of a paragraph that is only a link to elsewhere.
_LINK_SHARE: Final = 0.8
#: What the element must hold of the text that trafilatura finds, and the other way round.
_AGREES: Final = 0.7


@dataclass(frozen=True, slots=True)
class PageBody:
    """The paragraphs of a text, its headings among them, and the element that they stand in."""

    paragraphs: list[str]
    element: HtmlElement | None


def take_boxes(tree: HtmlElement) -> None:
    """Take what shows by its class or kind that it is not of the text out of the tree."""
    whole = len(str(tree.text_content()))
    for element in list(tree.iter(etree.Element)):
        if element.getparent() is None or element.tag in (
            "html",
            "head",
            "body",
            "main",
            "article",
        ):
            continue
        if element.tag in ("script", "style") and "ld+json" in (element.get("type") or ""):
            continue
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in _NO_TEXT or (
            _BOXES.search(name) and _is_small(element, whole) and element.find(".//h1") is None
        ):
            element.drop_tree()


def load_extractor() -> Callable[..., str | None]:
    """The function that finds the text of a page by general rules."""
    # Here, not above: it takes a tenth of a second and 20 MB, and only HTML needs it.
    import trafilatura

    return trafilatura.extract


def page_body(tree: HtmlElement) -> PageBody:
    """The paragraphs of the page's article."""
    found = load_extractor()(tree, include_comments=False, include_tables=True) or ""
    lines = found.split("\n") if found else []
    element = _densest(tree)
    if element is None:
        return PageBody(lines, None)
    own = list(_blocks(element))
    words, other = words_of(" ".join(own)), words_of(found)
    shared = len(words & other)
    if not found or shared >= _AGREES * len(other):
        return PageBody(own, element)
    return PageBody(lines, None)


def _densest(tree: HtmlElement) -> HtmlElement | None:
    """The element whose own paragraphs, or whose children's, hold most text that is no link."""
    scores: dict[HtmlElement, float] = {}
    for paragraph in tree.iter("p", "div", "h2", "h3"):
        if paragraph.tag == "div" and any(child.tag in _BLOCKS for child in paragraph):
            continue
        length = len(text_of(paragraph)) * (1 - _link_share(paragraph))
        if length < 20:
            continue
        parent = paragraph.getparent()
        share = 1.0
        for _ in range(3):
            if parent is None or parent.tag in ("html",):
                break
            scores[parent] = scores.get(parent, 0.0) + length * share
            share /= 2.5
            parent = parent.getparent()
    return max(scores, key=lambda element: scores[element], default=None)


def _blocks(element: HtmlElement) -> Iterator[str]:
    """The element's paragraphs in order: no captions, nor lines that only lead elsewhere."""
    inline: list[str] = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str) or child.tag in (*_NO_TEXT, "figure", "figcaption", "h1"):
            inline.append(child.tail or "")
            continue
        if child.tag == "br":
            yield from _paragraph(inline)
            inline = [child.tail or ""]
        elif child.tag in _BLOCKS or child.find(".//p") is not None:
            yield from _paragraph(inline)
            inline = [child.tail or ""]
            yield from _block(child)
        else:
            inline += [str(child.text_content()), child.tail or ""]
    yield from _paragraph(inline)


def _block(element: HtmlElement) -> Iterator[str]:
    if element.tag == "table":
        for row in element.iter("tr"):
            yield from _paragraph([" | ".join(filter(None, map(text_of, row)))])
    elif element.tag in _PARAGRAPHS and not any(child.tag in _BLOCKS for child in element):
        if _link_share(element) < _LINK_SHARE or element.tag in _HEADINGS:
            yield from _blocks_of_lines(element)
    else:
        yield from _blocks(element)


def _blocks_of_lines(element: HtmlElement) -> Iterator[str]:
    """A paragraph, parted where it breaks its lines."""
    inline = [element.text or ""]
    for child in element:
        if child.tag == "br":
            yield from _paragraph(inline)
            inline = [child.tail or ""]
        elif isinstance(child.tag, str) and child.tag not in _NO_TEXT:
            inline += [str(child.text_content()), child.tail or ""]
        else:
            inline.append(child.tail or "")
    yield from _paragraph(inline)


def _paragraph(parts: list[str]) -> Iterator[str]:
    text = " ".join("".join(parts).split())
    if text and not _APP_LINE.fullmatch(text):
        yield text


def _link_share(element: HtmlElement) -> float:
    """The share of the element's text that is links."""
    whole = len(text_of(element))
    if not whole:
        return 0.0
    return sum(len(text_of(link)) for link in element.iter("a")) / whole


def _is_small(element: HtmlElement, whole: int) -> bool:
    """Whether the element holds less than half of the page's text: a wrapper may be named oddly."""
    return 2 * len(str(element.text_content())) < whole
