"""Query text → syntax tree, with the position of every error.

query  = and-part { OR and-part }          OR: OR, HOẶC, in capitals
and    = unary { [AND] unary }             AND: AND, VÀ, in capitals
unary  = NOT unary | -unary | atom         NOT: NOT, KHÔNG, in capitals
atom   = ( query ) | field:atom | "phrase"[~n] | word[*] | words
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ..errors import QueryError
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
#: White space to Python, but letters in text of an old encoding (TCVN3, mojibake) → space.
LEGACY_LETTERS = str.maketrans("\x85\xa0", "  ")
_SPACES = re.compile(r"[^\S\x85\xa0]+")
QUOTES = '"“”„'
_OPERATORS = {"AND": "and", "VÀ": "and", "OR": "or", "HOẶC": "or", "NOT": "not", "KHÔNG": "not"}
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<open>\()|(?P<close>\))"
    r'|(?P<phrase>["“”„][^"“”„]*["“”„](?:~\d{1,3})?)'
    r'|(?P<badquote>["“”„])|(?P<word>[^\s()"“”„]+)'
)
_FIELD = re.compile(r"([A-Za-z]{2,12}):")
_SIGNS = re.compile(r'[()"“”„*:-]')
_MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Words:
    """Neighbouring plain words, understood together; start and end in the query."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word with a star at its end; `text` comes without it."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A phrase; with `window`, its words may stand within that many syllables."""

    text: str
    start: int
    end: int
    window: int | None = None


@dataclass(frozen=True, slots=True)
class FieldValue:
    """`field:value` for a field with labels or dates; `field` is a value of VALUE_FIELDS."""

    field: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class InField:
    """A subtree that is searched in one zone only; `field` is a key of FIELD_ZONES."""

    field: str
    child: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Every child must match; `explicit` where AND was written."""

    children: tuple["Node", ...]
    explicit: bool = False


@dataclass(frozen=True, slots=True)
class Any:
    """At least one child must match."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The child must not match."""

    child: "Node"


Node: TypeAlias = Words | Prefix | Quoted | FieldValue | InField | All | Any | Without


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def normalized_query(typed: str) -> str:
    """The text in NFC, white space folded and taken off both ends.

    >>> normalized_query(" ha  noi ")
    'ha noi'
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", typed)).strip(" ")


def parse(query: str) -> Node:
    """The syntax tree; raises QueryError."""
    if not _SIGNS.search(query) and _OPERATORS.keys().isdisjoint(words := query.split()):
        # Most queries are nothing but words.
        start = query.find(words[0]) if words else 0
        return Words(query[start:].rstrip() if words else "", start, len(query.rstrip()))
    return _Parser(query).parse()


def plain_words(query: str) -> Node:
    """The query as plain words only, whatever signs it has."""
    return Words(query, 0, len(query))


def _lexemes(query: str) -> Iterator[_Lexeme]:
    # In a query typed in capitals throughout, VÀ and OR are words like the others.
    has_operators = any(char.islower() for char in query)
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or "word"
        text = match[0]
        if kind == "space":
            continue
        if kind == "word" and has_operators and text in _OPERATORS:
            kind = _OPERATORS[text]
        if kind == "word":
            yield from _word_lexemes(text, match.start())
        else:
            yield _Lexeme(kind, text, match.start())


def _word_lexemes(text: str, start: int) -> Iterator[_Lexeme]:
    """A word, split from a minus sign and field names before it."""
    if (text.startswith("-") and len(text) > 1) or text == "-":
        if text.strip("-"):
            yield _Lexeme("not", "-", start)
            yield from _word_lexemes(text.lstrip("-"), start + len(text) - len(text.lstrip("-")))
        elif text == "-":
            yield _Lexeme("minus", text, start)
        return
    field = _FIELD.match(text)
    if field and field[1].lower() in FIELD_ZONES | VALUE_FIELDS:
        yield _Lexeme("field", field[0], start)
        if text[field.end() :]:
            yield from _word_lexemes(text[field.end() :], start + field.end())
        return
    yield _Lexeme("word", text, start)


class _Parser:
    def __init__(self, query: str) -> None:
        self._query = query
        self._lexemes = list(_lexemes(query))
        self._at = 0
        self._depth = 0

    def parse(self) -> Node:
        if not self._lexemes:
            return Words("", 0, 0)
        node = self._any()
        if (left := self._peek()) is not None:
            raise QueryError(left.start, "unexpected-close", "there is no bracket to close here")
        return node

    def _peek(self) -> _Lexeme | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _next_is(self, *kinds: str) -> bool:
        lexeme = self._peek()
        return lexeme is not None and lexeme.kind in kinds

    def _take(self) -> _Lexeme:
        lexeme = self._lexemes[self._at]
        self._at += 1
        return lexeme

    def _any(self) -> Node:
        children = [self._all()]
        while self._next_is("or"):
            self._take()
            children.append(self._all())
        return children[0] if len(children) == 1 else Any(tuple(children))

    def _all(self) -> Node:
        children = [self._unary()]
        explicit = False
        while not self._next_is("or", "close") and self._peek() is not None:
            if self._next_is("and"):
                self._take()
                explicit = True
                children.append(self._unary())
            else:
                children.append(self._unary())
        if len(children) == 1:
            return children[0]
        return All(tuple(children), explicit)

    def _unary(self) -> Node:
        lexeme = self._peek()
        if lexeme is not None and lexeme.kind == "minus":
            self._take()
            return self._unary()
        if lexeme is not None and lexeme.kind == "not":
            self._take()
            return Without(self._nested(self._unary))
        return self._atom()

    def _nested(self, rule: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise QueryError(self._lexemes[self._at - 1].start, "too-deep", "it is nested too deep")
        try:
            return rule()
        finally:
            self._depth -= 1

    def _atom(self) -> Node:
        lexeme = self._peek()
        if lexeme is None:
            # A group that is still open is the likelier slip than the missing word.
            code = "unclosed-group" if self._depth else "missing-operand"
            reason = "a closing bracket is missing" if self._depth else "a word is missing"
            raise QueryError(len(self._query), code, reason)
        if lexeme.kind == "open":
            return self._group()
        if lexeme.kind == "field":
            return self._field()
        if lexeme.kind == "phrase":
            return _quoted(self._take())
        if lexeme.kind == "badquote":
            raise QueryError(lexeme.start, "unclosed-quote", "a closing quotation mark is missing")
        if lexeme.kind == "word":
            return self._words()
        raise QueryError(lexeme.start, "missing-operand", "a word is missing")

    def _group(self) -> Node:
        opened = self._take()
        if self._next_is("close"):
            raise QueryError(opened.start, "empty-group", "there is nothing between the brackets")
        node = self._nested(self._any)
        if not self._next_is("close"):
            raise QueryError(len(self._query), "unclosed-group", "a closing bracket is missing")
        self._take()
        return node

    def _field(self) -> Node:
        field = self._take()
        name = field.text[:-1].lower()
        following = self._peek()
        if following is None or following.kind in ("close", "and", "or", "not", "minus"):
            raise QueryError(field.end, "missing-operand", "a word is missing after the field name")
        if name in VALUE_FIELDS:
            if following.kind not in ("word", "phrase"):
                raise QueryError(following.start, "missing-operand", "a value is missing")
            value = self._take()
            text = value.text.strip(QUOTES) if value.kind == "phrase" else value.text
            return FieldValue(VALUE_FIELDS[name], text, value.start, value.end)
        if following.kind == "word":
            lexeme = self._take()
            return InField(name, self._word(lexeme))
        return InField(name, self._nested(self._atom))

    def _word(self, lexeme: _Lexeme) -> Node:
        stars = len(lexeme.text) - len(lexeme.text.lstrip("*"))
        if stars and lexeme.text.strip("*"):
            raise QueryError(
                lexeme.start, "leading-wildcard", "a star can stand only at the end of a word"
            )
        if lexeme.text.endswith("*") and lexeme.text.strip("*"):
            return Prefix(lexeme.text.rstrip("*"), lexeme.start, lexeme.end)
        return Words(lexeme.text, lexeme.start, lexeme.end)

    def _words(self) -> Node:
        """A run of plain words as one node, so that they are understood together."""
        first = self._take()
        node = self._word(first)
        if not isinstance(node, Words):
            return node
        end = first.end
        while self._next_is("word"):
            lexeme = self._lexemes[self._at]
            if "*" in lexeme.text:
                break
            self._at += 1
            end = lexeme.end
        return Words(self._query[first.start : end], first.start, end)


def _quoted(lexeme: _Lexeme) -> Quoted:
    body, tilde, window = lexeme.text.rpartition("~")
    if tilde and window.isdigit():
        return Quoted(body.strip(QUOTES), lexeme.start, lexeme.end, int(window))
    return Quoted(lexeme.text.strip(QUOTES), lexeme.start, lexeme.end)
