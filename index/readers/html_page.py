"""HTML news pages: metadata from JSON-LD and Open Graph, the text by trafilatura."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from ..article import Article, Provenance
from .agency import split_agency
from .bad_record import BadRecord, Listener, RecordError
from .draft import Draft
from .html_metadata import read_metadata, text_of
from .html_related import take_related
from .record_names import FieldNames
from .source_file import SourceFile
from .text_repair import convert_legacy, one_line

__all__ = ["parse_html_page", "read_html_page"]

_CAPTION_CLASS: Final = re.compile(r"caption|chu-?thich", re.IGNORECASE)
_CAPTION_WORDS: Final = 80


def read_html_page(source: SourceFile, told: Listener, _: FieldNames) -> Iterator[Article]:
    """The one article of the file."""
    path = str(source.path)
    try:
        text = source.read_whole().decode()
        yield parse_html_page(text, Provenance(reader="html_page", path=path))
    except RecordError as error:
        told.bad(BadRecord(path, None, error.reason))


def parse_html_page(text: str, provenance: Provenance) -> Article:
    """The article of the page; nothing in it is run or fetched.

    Raises:
        RecordError: no page, or one without headline and body.
    """
    try:
        # Bytes, because lxml refuses text with an encoding declaration in it.
        parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        tree = document_fromstring(text.replace("\0", "").encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise RecordError("no HTML page in it") from error
    # trafilatura would drop soft hyphens and control characters, letters of old encodings.
    provenance = _convert_tree(tree, provenance)
    page = read_metadata(tree)
    related = take_related(tree, page.url)
    captions = _take_captions(tree)
    agency, lead = split_agency(page.lead)
    body = _main_text(tree)
    if 2 * sum(map(len, body)) < len(page.body):
        body = page.body.split("\n")
    said_before = {one_line(part).casefold() for part in (page.headline, page.lead, lead)}
    draft = Draft(
        headline=page.headline,
        lead=lead,
        body=[line for line in body if one_line(line).casefold() not in said_before],
        captions=captions,
        url=page.url,
        source=page.source or agency,
        authors=page.authors,
        section=page.section,
        tags=page.tags,
        published=page.published,
        updated=page.updated,
        related=related,
    )
    return draft.to_article(provenance)


def _take_captions(tree: HtmlElement) -> list[str]:
    """The captions of the page's pictures, which are taken out of the tree."""
    captions = []
    for element in list(tree.iter(etree.Element)):
        if element.tag != "figcaption" and not _CAPTION_CLASS.search(element.get("class") or ""):
            continue
        text = text_of(element)
        inside = element.tag not in ("html", "body", "main", "article", "head")
        if inside and len(text.split()) <= _CAPTION_WORDS and element.getparent() is not None:
            captions.append(text)
            element.drop_tree()
    return captions


def _main_text(tree: HtmlElement) -> list[str]:
    """The paragraphs of the article, without navigation, links and comments."""
    # Here, not above: it takes a tenth of a second and 20 MB, and only HTML needs it.
    import trafilatura

    text = trafilatura.extract(tree, include_comments=False, include_tables=True)
    if text:
        return text.split("\n")
    return [text_of(paragraph) for paragraph in tree.xpath("//article//p | //main//p")]


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
