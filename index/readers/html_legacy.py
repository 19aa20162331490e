"""HTML pages in encodings from before Unicode."""

from dataclasses import replace

from lxml import etree
from lxml.html import HtmlElement

from ..article import Provenance
from .text_repair import convert_legacy

__all__ = ["convert_tree"]

_NO_PROSE = ("script", "style")


def convert_tree(tree: HtmlElement, provenance: Provenance) -> Provenance:
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
