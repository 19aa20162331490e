"""Query text → lexemes: words, phrases, brackets, operators and field names, with their places.

What is told apart here by its neighbours: a minus that leaves out from one before a number or
between two words, and an operator from a word of a headline in capitals.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..query_model import QueryNotice
from ..schema import FIELD_ZONES

VALUE_FIELDS = {
    "tacgia": "authors",
    "author": "authors",
    "muc": "sections",
    "section": "sections",
    "chuyenmuc": "sections",
    "nguon": "sources",
    "source": "sources",
    "ngay": "date",
    "date": "date",
}
QUOTES = '"“”„«»'
#: The hyphen, and what programs of offices and telephones make of it before a word.
MINUSES = "-−–‐‑－"
_CONNECTIVES = {"AND": "and", "VÀ": "and", "&&": "and", "OR": "or", "HOẶC": "or", "||": "or"}
_OPERATORS = {**_CONNECTIVES, "NOT": "not", "KHÔNG": "not"}
#: In a query of capitals these are words; what would be said instead.
_VIETNAMESE = {"VÀ": "AND", "HOẶC": "OR", "KHÔNG": "NOT"}
_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<open>\()|(?P<close>\))"
    rf"|(?P<not>(?<![^\s(])[{MINUSES}]+(?=[{QUOTES}(]))"
    rf"|(?P<phrase>[{QUOTES}][^{QUOTES}]*[{QUOTES}](?:~\d*)?)"
    rf"|(?P<quote>[{QUOTES}])|(?P<word>[^\s(){QUOTES}]+)"
)
_FIELD = re.compile(r"([A-Za-z]{2,12}):")
#: Whatever may be more than a word.
SIGNS = re.compile(rf"[(){QUOTES}*:~^{MINUSES}]|&&|\|\|")
_OPERAND = frozenset({"word", "phrase", "open", "field", "not"})


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of the query; `kind` is word, phrase, quote, open, close, field, and, or, not."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        return self.start + len(self.text)


def has_operator(words: Sequence[str]) -> bool:
    """Whether any of the words is spelt as an operator is."""
    return not _OPERATORS.keys().isdisjoint(words)


def lexemes(query: str) -> tuple[list[Lexeme], list[QueryNotice]]:
    """The pieces in order, and what of the text is none of them."""
    notices: list[QueryNotice] = []
    found: list[Lexeme] = []
    for match in _TOKEN.finditer(query):
        kind, text, start = match.lastgroup or "word", match[0], match.start()
        if kind == "space":
            continue
        if kind == "word":
            found += _of_word(query, text, start, found, notices)
        else:
            found.append(Lexeme(kind, text, start))
    # In a query typed in capitals throughout, operators are told from words by what is beside them.
    if any(char.islower() for char in query):
        found = [
            replace(lexeme, kind=_OPERATORS[lexeme.text])
            if lexeme.kind == "word" and lexeme.text in _OPERATORS
            else lexeme
            for lexeme in found
        ]
    else:
        found = _in_capitals(query, found, notices)
    return found, notices


def _of_word(
    query: str, text: str, start: int, before: Sequence[Lexeme], notices: list[QueryNotice]
) -> Iterator[Lexeme]:
    """A word, split from a minus sign and field names before it."""
    bare = text.lstrip(MINUSES)
    if not bare:
        if any(sign in query for sign in f"(){QUOTES}"):
            notices.append(QueryNotice(kind="loose-minus", text=text))
        return
    if len(bare) < len(text):
        place = start + len(text) - len(bare)
        if bare[0].isdecimal() and (not before or before[-1].kind == "word"):
            # Su -57, giảm -5 độ: part of what stands there.
            notices.append(QueryNotice(kind="minus-number", text=text, offer=f"NOT {bare}"))
            yield Lexeme("word", text, start)
            return
        yield Lexeme("not", text[: len(text) - len(bare)], start)
        yield from _of_word(query, bare, place, (), notices)
        return
    field = _FIELD.match(text)
    if field and field[1].lower() in FIELD_ZONES | VALUE_FIELDS:
        yield Lexeme("field", field[0], start)
        if text[field.end() :]:
            yield from _of_word(query, text[field.end() :], start + field.end(), (), notices)
        return
    yield Lexeme("word", text, start)


def _in_capitals(query: str, found: Sequence[Lexeme], notices: list[QueryNotice]) -> list[Lexeme]:
    """OR, AND and NOT between operands are operators; the Vietnamese ones are words there."""
    read: list[Lexeme] = []
    offer = query
    for index, lexeme in enumerate(found):
        after = found[index + 1] if index + 1 < len(found) else None
        kind = _OPERATORS.get(lexeme.text) if lexeme.kind == "word" else None
        left = bool(read) and (
            read[-1].kind in ("word", "phrase", "close")
            or (kind == "not" and read[-1].kind in ("and", "or"))
        )
        right = after is not None and after.kind in _OPERAND
        if kind and left and right and lexeme.text not in _VIETNAMESE:
            read.append(replace(lexeme, kind=kind))
            continue
        if kind and left and right:
            shift = len(offer) - len(query)
            place = lexeme.start + shift
            offer = offer[:place] + _VIETNAMESE[lexeme.text] + offer[lexeme.end + shift :]
        read.append(lexeme)
    if offer != query:
        notices.append(QueryNotice(kind="capital-words", text=query, offer=offer))
    return read
