"""Texts of exports that hold HTML: their paragraphs and captions, entities read."""

import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree
from lxml.html import HTMLParser, fromstring

__all__ = ["MarkedText", "plain_text", "read_markup", "unescape"]

_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
#: How often a text can have been escaped, one time over another.
_ROUNDS: Final = 4


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLOCKS: Final = _names(
    "address article aside blockquote body br caption center dd details dialog div dl dt figure "
    "footer h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody tfoot "
    "thead tr ul"
)
_INLINE: Final = _names(
    "a abbr amp-img b big cite code del em font i img ins mark q s small span strike strong sub "
    "sup td th time tt u var wbr"
)
_LEFT_OUT: Final = _names(
    "audio button embed form head iframe input nav noscript object script select style svg "
    "template textarea title video"
)
_KNOWN: Final = "|".join(sorted({*_BLOCKS, *_INLINE, *_LEFT_OUT, "figcaption"}))
# A known name and nothing else, or attributes: "a <b và c> d" is no markup.
_TAG: Final = re.compile(
    rf"<!--|<!\[CDATA\[|</(?:{_KNOWN})\s*>|<(?:{_KNOWN})(?:\s+[\w:@.-]+\s*=[^<>]*|\s+[\w-]+)?\s*/?>",
    re.IGNORECASE,
)
_BLOCK_TAG: Final = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS))})\b[^<>]*>", re.IGNORECASE)
_CDATA: Final = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# libxml2 passes a closed <br> over, browsers break the line.
_CLOSED_BREAK: Final = re.compile(r"</br\s*>", re.IGNORECASE)


class MarkedText(NamedTuple):
    """The paragraphs of a text, and the captions of the pictures in it."""

    paragraphs: list[str]
    captions: list[str]


def unescape(text: str) -> str:
    """The text with its entities read, also those that were escaped more than once.

    >>> unescape("Giá &amp;#7871; &amp;amp; R&D")
    'Giá ế & R&D'
    """
    for _ in range(_ROUNDS):
        read = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text
        if read == text:
            break
        text = read
    return text


def read_markup(text: str) -> MarkedText:
    """The paragraphs of a text that may hold HTML, or be escaped HTML.

    A text without markup is one paragraph, its lines as they are.
    """
    if "<" not in text and "&" not in text:
        return MarkedText([text], [])
    if not _TAG.search(text):
        text = unescape(text)
        # What was escaped and has no blocks may be the text itself: "thẻ <b> của HTML".
        if not _BLOCK_TAG.search(text):
            return MarkedText([text], [])
    text = _CLOSED_BREAK.sub("<br>", _CDATA.sub(r"\1", text)).replace("\0", "")
    if not _BLOCK_TAG.search(text):
        text = text.replace("\n", "<br>")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = fromstring(f"<div>{text}</div>".encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return MarkedText([unescape(_TAG.sub(" ", text))], [])
    found = MarkedText([], [])
    line: list[str] = []
    target = found.paragraphs
    for event in _events(tree):
        if isinstance(event, str):
            line.append(event)
            continue
        if joined := " ".join(unescape("".join(line)).split()):
            target.append(joined)
        line.clear()
        target = found.captions if event else found.paragraphs
    return found


def plain_text(text: str) -> str:
    """The text on one line, without markup and entities: of headlines and names.

    >>> plain_text("<b>Khánh thành</b> cầu &amp; đường")
    'Khánh thành cầu & đường'
    """
    return " ".join(read_markup(text).paragraphs) if "<" in text or "&" in text else text


def _events(tree: etree._Element) -> Iterator[str | bool]:
    """The pieces of text in order; at each break a bool: whether a caption follows."""
    captions = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else "script"
        if event == "start":
            if name in _BLOCKS or name == "figcaption":
                captions += name == "figcaption"
                yield captions > 0
            if name in ("td", "th"):
                yield " "
            if name in _LEFT_OUT:
                element.clear(keep_tail=True)
            elif element.text:
                yield element.text
        else:
            if name in _BLOCKS or name == "figcaption":
                captions -= name == "figcaption"
                yield captions > 0
            if element.tail and element is not tree:
                yield element.tail
    yield False
