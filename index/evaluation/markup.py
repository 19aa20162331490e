"""HTML and XML as trees, so that every text and attribute is escaped in one place."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final
from xml.etree.ElementTree import Element, tostring

__all__ = ["Element", "element", "html_text", "table", "xml_text"]

_ALLOWED_CONTROLS: Final = "\t\n"


def element(tag: str, *children: "Element | str", **attributes: object) -> Element:
    """An element; `class_` stands for class, other underscores for hyphens, True for a bare name.

    An attribute that is None is left out.
    """
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(
                name.rstrip("_").replace("_", "-"), "" if value is True else _clean(str(value))
            )
    last: Element | None = None
    for child in children:
        if isinstance(child, str):
            text = _clean(child)
            if last is None:
                made.text = (made.text or "") + text
            else:
                last.tail = (last.tail or "") + text
        else:
            made.append(child)
            last = child
    return made


def table(
    header: Sequence[str], rows: Iterable[Sequence[Element | str]], *, caption: str
) -> Element:
    """A table whose rows are headed by their first cell; a wide one scrolls by itself."""
    titles = [element("th", name, scope="col") if name else element("td") for name in header]
    body = [
        element(
            "tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:])
        )
        for row in rows
    ]
    made = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *titles)),
        element("tbody", *body),
    )
    return element("div", made, class_="scroll", tabindex="0", role="region", aria_label=caption)


def html_text(root: Element) -> str:
    """The tree as an HTML document."""
    return "<!doctype html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def xml_text(root: Element) -> str:
    """The tree as an XML document."""
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return declaration + tostring(root, encoding="unicode", method="xml") + "\n"


def _clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return "".join(
        char
        for char in text
        if char in _ALLOWED_CONTROLS or unicodedata.category(char) not in ("Cc", "Cs", "Cn")
    )
