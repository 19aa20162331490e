"""The rows of the advanced form and the one query that says the same.

Vietnamese words have blanks in them, so what stands between commas, or in quotation marks, is one
word or phrase: "đà nẵng, quảng nam" are two.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict

from index import (
    FIELD_ZONES,
    MINUSES,
    MOST_WINDOW,
    QUOTES,
    All,
    Any,
    InField,
    Node,
    QueryError,
    Quoted,
    Without,
    Words,
    parse_query,
)

__all__ = ["COMPOSED", "ROWS", "QueryRow", "compose", "composed", "rows_of"]

ROWS: Final = ("q", "phrase", "any", "none", "near")
"""The parameters of the texts of the rows; `q` holds what must all be there."""
COMPOSED: Final = (*ROWS[1:], *(f"{row}_in" for row in ROWS), "within")
"""Parameters that only the form sends: other rows, the fields of all rows, a distance."""
_FIELDS: Final = {"title": "tieude", "lead": "sapo", "body": "noidung", "caption": "chuthich"}
_NAMES: Final = {FIELD_ZONES[name]: name for name in _FIELDS}
_ITEM: Final = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]|([^,;{QUOTES}]+)")
_SIGNS: Final = re.compile(rf"[()*:~]|(?<!\S)[{MINUSES}]+|\b(?:OR|HOẶC|AND|VÀ|NOT|KHÔNG)\b")
_EITHER: Final = re.compile(r"\b(?:OR|HOẶC)\b|\|\|")
_USUAL_WINDOW: Final = "10"


@dataclass(frozen=True, slots=True)
class QueryRow:
    """What a row of the form holds: its text, the field that it is searched in, a distance."""

    text: str = ""
    field: str = ""
    within: str = _USUAL_WINDOW


def compose(values: Mapping[str, str]) -> str:
    """The query of a form that was filled in.

    >>> compose({"q": "ngập", "phrase": "hà nội", "any": "mưa, bão lớn", "none": "thể thao"})
    'ngập "hà nội" (mưa OR "bão lớn") -"thể thao"'
    """
    texts = {row: values.get(row, "").strip() for row in ROWS}
    fields = {row: _FIELDS.get(values.get(f"{row}_in", ""), "") for row in ROWS}
    if _SIGNS.search(texts["q"]) or not (fields["q"] or "," in texts["q"] or ";" in texts["q"]):
        others = any(texts[row] for row in ROWS[1:])
        parts = [f"({texts['q']})" if others and _EITHER.search(texts["q"]) else texts["q"]]
    else:
        parts = [_said(item, fields["q"]) for item in _items(texts["q"], by_word=True)]
    parts += [_said(item, fields["phrase"], phrase=True) for item in _items(texts["phrase"])]
    either = [_said(item, fields["any"]) for item in _items(texts["any"])]
    parts.append(f"({' OR '.join(either)})" if len(either) > 1 else "".join(either))
    parts += [f"-{_said(item, fields['none'])}" for item in _items(texts["none"])]
    near = " ".join(_items(texts["near"]))
    if near:
        typed = values.get("within", "").strip()
        within = typed if typed.isascii() and typed.isdecimal() else _USUAL_WINDOW
        within = str(min(max(int(within[:4]), 1), MOST_WINDOW))
        parts.append(f"{_said(near, fields['near'], phrase=True)}~{within}")
    return " ".join(part for part in parts if part)


def composed(values: MultiDict[str, str]) -> dict[str, list[str]]:
    """The parameters of a search, its words put together where the form sent them apart."""
    sent = values.to_dict(flat=False)
    if any(name in sent for name in COMPOSED):
        sent["q"] = [compose(values)]
    return {name: found for name, found in sent.items() if name not in COMPOSED}


def _items(text: str, *, by_word: bool = False) -> Iterator[str]:
    """The words and phrases of a box, without the signs that would be operators.

    Args:
        by_word: whether what is not in quotation marks is taken word by word, if it has no comma.
    """
    has_commas = "," in text or ";" in text
    for quoted, plain in _ITEM.findall(text):
        item = " ".join(_SIGNS.sub(" ", quoted or plain).split())
        if by_word and plain and not has_commas:
            yield from item.split()
        elif item:
            yield item


def _said(item: str, field: str, *, phrase: bool = False) -> str:
    """A word as it is, several as a phrase, behind the name of a field."""
    text = f'"{item}"' if phrase or " " in item else item
    return f"{field}:{text}" if field else text


def rows_of(query: str) -> dict[str, QueryRow]:
    """The rows that `compose` makes this query of; all of it in the first where it cannot be.

    >>> rows_of('ngập "hà nội" -"thể thao"')["none"]
    QueryRow(text='thể thao', field='', within='10')
    """
    try:
        found = _rows(parse_query(query).tree)
    except QueryError:
        found = None
    if found is None or compose(_sent(found)) != query:
        found = {"q": QueryRow(query)}
    return {row: found.get(row, QueryRow()) for row in ROWS}


def _sent(rows: Mapping[str, QueryRow]) -> dict[str, str]:
    """What the form sends when it holds these rows."""
    sent = {row: each.text for row, each in rows.items()}
    sent |= {f"{row}_in": each.field for row, each in rows.items()}
    return sent | ({"within": rows["near"].within} if "near" in rows else {})


def _rows(tree: Node) -> dict[str, QueryRow] | None:
    """The rows of a tree without operators other than those of the form."""
    if isinstance(tree, All) and tree.explicit:
        return None
    texts: dict[str, list[str]] = {}
    fields: dict[str, set[str]] = {}
    within = _USUAL_WINDOW
    for node in tree.children if isinstance(tree, All) else (tree,):
        row = "q"
        children: tuple[Node, ...] = (node,)
        if isinstance(node, Without):
            row, children = "none", (node.child,)
        elif isinstance(node, Any):
            row, children = "any", node.children
        for child in children:
            field, leaf = ("", child)
            if isinstance(child, InField):
                field, leaf = _NAMES.get(FIELD_ZONES[child.field], "?"), child.child
            if isinstance(leaf, Quoted) and row == "q":
                row = "phrase" if leaf.window is None else "near"
                within = str(leaf.window or within)
            if not isinstance(leaf, Words | Quoted):
                return None
            texts.setdefault(row, []).append(leaf.text)
            fields.setdefault(row, set()).add(field)
    if any(len(found) > 1 or "?" in found for found in fields.values()):
        return None
    rows = {}
    for row, items in texts.items():
        rows[row] = QueryRow((" " if row == "q" else ", ").join(items), min(fields[row]), within)
    return rows
