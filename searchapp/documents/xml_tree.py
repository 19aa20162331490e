"""Small XML documents that are always well-formed."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from .record import plain_lines

__all__ = ["add", "document"]


def add(
    parent: Element, tag: str, text: str = "", attributes: Mapping[str, str] | None = None
) -> Element:
    """A new last child, its text without the characters that XML cannot hold."""
    cleaned = {name: plain_lines(value) for name, value in (attributes or {}).items()}
    child = SubElement(parent, tag, cleaned)
    if text:
        child.text = plain_lines(text)
    return child


def document(root: Element) -> bytes:
    """The tree as UTF-8 with an XML declaration, the same bytes for the same tree."""
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
