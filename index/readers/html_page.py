"""HTML news pages: what they say of themselves, and their text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from ..article import Article, Provenance
from .agency import split_agency
from .bad_record import BadRecord, FieldNotice, Listener, RecordError
from .bylines import signed_names
from .draft import Draft
from .html_elements import text_of
from .html_metadata import PageMetadata, read_metadata
from .html_related import take_inline, take_related
from .markup import read_markup
from .page_body import find_body, lines_below, load_extractor, page_body
from .page_boxes import take_boxes, take_captions, take_shown_captions
from .record_names import FieldNames
from .scanned_page import is_hocr, read_hocr
from .source_file import SourceFile
from .text_repair import convert_legacy, one_line

__all__ = ["parse_html_page", "read_html_page", "read_page"]

_TAGS: Final = 200_000
_ATTRIBUTES: Final = 2_000
# Every attribute takes two characters.
_LONG_TAG: Final = re.compile(rf"<[^<>]{{{2 * _ATTRIBUTES},}}")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_BETWEEN_ATTRIBUTES: Final = re.compile(r"(?<![\s/])[\s/]++[^\s/=]")


def read_html_page(source: SourceFile, told: Listener, _: FieldNames) -> Iterator[Article]:
    """The one article of the file."""
    return read_page(source, told)


def read_page(
    source: SourceFile, told: Listener, *, line: int | None = None, address: str = ""
) -> Iterator[Article]:
    """The article of a page, which may be one of several in a file.

    Args:
        line: its 1-based place among the records of the file.
        address: where it was fetched.
    """
    path = str(source.path)
    load_extractor()  # the first page does not have to wait for it
    try:
        text, broken = source.read_text()
        if is_hocr(text):
            yield from read_hocr(source, told, text)
            return
        if not source.begins(line):
            return
        provenance = Provenance(reader="html_page", path=path, line=line)
        article, notices = _article_of(text, provenance, address)
    except RecordError as error:
        reason = f"{address}: {error.reason}" if address else error.reason
        told.bad(BadRecord(path, line, reason))
        return
    for notice in (*([broken] if broken else []), *notices):
        told.notice(FieldNotice(path, line, notice))
    yield article


def parse_html_page(text: str, provenance: Provenance) -> Article:
    """The article of the page; nothing in it is run or fetched.

    Raises:
        RecordError: no page, one without headline and body, one of too many tags, or one that is
            no article.
    """
    return _article_of(text, provenance, "")[0]


def _article_of(text: str, provenance: Provenance, address: str) -> tuple[Article, list[str]]:
    """The article of the page, and what is wrong with single fields of it."""
    _check_structure(text)
    try:
        # Bytes, because lxml refuses text with an encoding declaration in it.
        parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        tree = document_fromstring(text.replace("\0", "").encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise RecordError("no HTML page in it") from error
    # trafilatura would drop soft hyphens and control characters, letters of old encodings.
    provenance = _convert_tree(tree, provenance)
    page = read_metadata(tree, text, address)
    if reason := _no_article(tree, page):
        raise RecordError(reason)
    related = take_related(tree, page.headline_element, page.url)
    pictures = [
        image for box in tree.iter("article", "figure") for image in box.iter("img", "amp-img")
    ]
    alternatives = list(dict.fromkeys(image.get("alt") or "" for image in pictures))
    take_boxes(tree, page.headline_element)
    captions, captioned = take_captions(tree)
    agency, lead = split_agency(page.lead)
    said_before = {one_line(part).casefold() for part in (page.headline, page.lead, lead)}
    element, lines = find_body(tree, said_before)
    below: list[str] = []
    if element is not None:
        below = lines_below(element)
        related += take_inline(element, page.url)
        captions += take_shown_captions(element, captioned, page.authors)
    body = page_body(element, lines, said_before, page.authors)
    if 2 * sum(map(len, body)) < len(page.body):
        body = [line for part in read_markup(page.body).paragraphs for line in part.split("\n")]
    if page.live:
        shown = " ".join(body)
        body += [update for update in page.live if update.partition(" ")[2] not in shown]
    body = [line for line in body if one_line(line).casefold() not in said_before]
    authors = page.authors
    body, signed = _signed(body, below, page)
    if not body and not captions:
        captions = alternatives
    draft = Draft(
        headline=page.headline,
        lead=lead,
        body=body,
        captions=captions,
        url=page.url,
        source=page.source or agency,
        authors=authors or signed,
        section=page.section,
        tags=page.tags,
        published=page.published,
        updated=page.updated,
        related=related,
        notices=list(page.notices),
    )
    return draft.to_article(provenance), draft.notices


def _check_structure(text: str) -> None:
    """Refuse what would take longer the more there is of it, before there is a tree."""
    if text.count("<") > _TAGS:
        raise RecordError(f"more than {_TAGS:,} tags, the limit for one page")
    # libxml2 compares each attribute with those before it.
    for tag in _LONG_TAG.finditer(text):
        unquoted = _QUOTED.sub(" ", tag[0])  # without pictures in base64
        if len(_BETWEEN_ATTRIBUTES.findall(unquoted)) > _ATTRIBUTES:
            raise RecordError(f"a tag with more than {_ATTRIBUTES:,} attributes, the limit for one")


_SIGNATURE_WORDS: Final = 8
#: Where it came from: "Theo Reuters", "Nguồn: TTXVN".
_THEO: Final = re.compile(
    r"\(?(?:(?i:nguồn|ảnh|tin|bài)\s*:|(?i:theo)\s+(?=[A-ZÀ-ỸĐ\d]))[^.!?]{2,60}"
)


def _no_article(tree: HtmlElement, page: PageMetadata) -> str:
    """Why the page is no article; "" where it can be one."""
    if page.is_article:
        return ""
    entries = _entries(tree)
    if (
        len(entries) > (2 if not page.may_be_article else 4)
        and _prose_beside(tree, entries, page.headline_element) < _ARTICLE_WORDS
    ):
        return "a front page: it lists articles and is none"
    if page.may_be_article:
        return ""
    text = text_of(tree.body) if tree.body is not None else ""
    links = [text_of(link) for link in tree.iter("a")]
    words = len(text.split())
    if words and sum(len(link.split()) for link in links) > _LINK_WORDS * words:
        return "a page of links: hardly any text of its own"
    if words < _SMALLEST and not page.lead and next(tree.iter("h1", "h2", "p"), None) is None:
        return "no article: no headline, date or text of one"
    return ""


def _entries(tree: HtmlElement) -> list[HtmlElement]:
    """The lines and headings that are links to other articles."""
    return [
        line
        for line in tree.iter("h2", "h3", "h4", "h5", "h6", "p", "div", "li", "span", "a")
        if _is_link(line)
        and 3 < len(text_of(line).split()) < _HEADLINE_WORDS
        and not (line.tag == "a" and _is_link(line.getparent()))
        and not line.xpath("ancestor::nav | ancestor::footer")
    ]


def _is_link(line: HtmlElement) -> bool:
    """Whether the line is nothing but one link, or the heading in a link around an entry."""
    if line.tag == "a":
        return not (line.tail or "").strip() and not (line.getparent().text or "").strip()
    if line.tag[0] == "h" and next(line.iterancestors("a"), None) is not None:
        return True
    children = list(islice(line, 2))  # len() would count them all
    if len(children) != 1 or (line.text or "").strip():
        return False
    inner = children[0]
    if inner.tag in ("b", "strong", "span") and len(inner) == 1 and not (inner.text or "").strip():
        inner = inner[0]
    return inner.tag == "a" and not (inner.tail or "").strip()


def _prose_beside(
    tree: HtmlElement, entries: Sequence[HtmlElement], headline: HtmlElement | None
) -> int:
    """The words of the paragraphs that stand in no entry of a list of articles."""
    beside = {entry.getparent() for entry in entries}
    around = {*beside, *(parent.getparent() for parent in beside)}
    if headline is not None:
        around -= {headline.getparent()}
    return sum(
        len(text_of(part).split())
        for part in tree.iter("p", "figcaption")
        if not part.xpath("ancestor::footer") and part.getparent() not in around
    )


#: A front page has links for so many of its words, and so few of its own.
_LINK_WORDS: Final = 0.5
_ARTICLE_WORDS: Final = 80
_HEADLINE_WORDS: Final = 30
_SMALLEST: Final = 12
"""Words of a page that says nothing of itself."""


def _signed(
    body: list[str], below: Sequence[str], page: PageMetadata
) -> tuple[list[str], Sequence[str]]:
    """The body without the names below it, and these names.

    Args:
        body: the paragraphs.
        below: lines right below the body that look like signatures.
        page: the page's metadata.
    """
    known = {one_line(name).casefold() for name in page.authors}
    signed: Sequence[str] = ()
    while body:
        last = one_line(body[-1])
        names = signed_names(last, page.source, page.url)
        if last.endswith((".", "!", "?")) or (len(names) == 1 and " " not in names[0]):
            names = [name for name in names if name.casefold() in known]
        short = len(last.split()) <= _SIGNATURE_WORDS
        if len(body) == 1 and names and not known:
            break  # all that there is
        if not names and not (short and _THEO.fullmatch(last)):
            break
        signed = [*names, *signed]
        body = body[:-1]
    for line in below if not signed else ():
        names = signed_names(line, page.source, page.url)
        if names and " " in names[0]:
            return body, names
    return body, signed


_NO_PROSE = ("script", "style")


def _convert_tree(tree: HtmlElement, provenance: Provenance) -> Provenance:
    """The page's provenance, after its text and <meta> contents were turned into Unicode.

    The original that it keeps are the pieces of text that changed, one a line.
    """
    elements = list(tree.iter(etree.Element))
    texts = [
        *("" if element.tag in _NO_PROSE else element.text or "" for element in elements),
        *(element.tail or "" for element in elements),
        *(_meta_content(element) for element in elements),
    ]
    converted, provenance = convert_legacy(texts, provenance, ())
    if provenance.encoding is None:
        return provenance
    changed = []
    for at, (before, after) in enumerate(zip(texts, converted, strict=True)):
        if before != after:
            changed.append(before.strip("\n"))
            _set_text(elements[at % len(elements)], at // len(elements), after)
    return replace(provenance, original="\n".join(changed))


def _meta_content(element: HtmlElement) -> str:
    return element.get("content") or "" if element.tag == "meta" else ""


def _set_text(element: HtmlElement, place: int, text: str) -> None:
    """Set the element's text (place 0), its tail (1) or its content attribute (2)."""
    if place == 0:
        element.text = text
    elif place == 1:
        element.tail = text
    else:
        element.set("content", text)
