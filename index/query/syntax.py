"""Query text → syntax tree, with the position of every error or a notice of every repair.

query  = and-part { OR and-part }          OR: OR, HOẶC in capitals, ||
and    = unary { [AND] unary }             AND: AND, VÀ in capitals, &&
unary  = NOT unary | -unary | atom         NOT: NOT, KHÔNG in capitals
atom   = ( query ) | field:unary | "phrase"[~n] | word[*] | words

In advanced mode what does not follow this is a QueryError. In simple mode it is repaired: brackets
and quotes are closed, signs that mean nothing are left out, and a notice speaks of each.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from analyzers import analyze

from ..errors import QueryError
from ..query_model import (
    All,
    Any,
    FieldValue,
    InField,
    Node,
    Prefix,
    QueryNotice,
    Quoted,
    Without,
    Words,
)
from ..segments.inversion import PARAGRAPH_GAP
from .dates import date_spans
from .lexemes import MINUSES, QUOTES, SIGNS, VALUE_FIELDS, Lexeme, has_operator, lexemes

#: White space to Python, but letters in text of an old encoding (TCVN3, mojibake) → space.
LEGACY_LETTERS = str.maketrans("\x85\xa0", "  ")
_SPACES = re.compile(r"[^\S\x85\xa0]+")
_MAX_DEPTH = 32
#: The widest window of a phrase, in syllables: no further than to the next paragraph.
MOST_WINDOW = PARAGRAPH_GAP
#: So many words are prose rather than somebody's operators.
_PROSE_WORDS = 6
_WINDOW = re.compile(rf"[{QUOTES}]~(\d*)\Z")
#: Signs of other query languages, at the end or beginning of a word.
_ODD = re.compile(r"(?<=\w)[\^~]\d*\Z|\A\+(?=\w)")
#: Signs that are nothing between quotation marks, and operators that are words there.
_IN_PHRASE = re.compile(r"\w\*|[()]|(?<!\S)-\w|\b(?:AND|OR|NOT)\b")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A syntax tree and what of the query is not in it as it was typed.

    A query without anything to search for is `Any(())`, an empty one `Words("")`.
    """

    tree: Node
    notices: tuple[QueryNotice, ...] = ()


def normalized_query(typed: str) -> str:
    """The text in NFC, white space folded and taken off both ends.

    >>> normalized_query(" ha  noi ")
    'ha noi'
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", typed)).strip(" ")


def parse(query: str, *, strict: bool = True) -> Parsed:
    """The syntax tree.

    Args:
        strict: whether what does not follow the syntax is an error, rather than repaired.

    Raises:
        QueryError: only if strict.
    """
    if not SIGNS.search(query) and not has_operator(words := query.split()):
        # Most queries are nothing but words.
        start = query.find(words[0]) if words else 0
        return Parsed(Words(query[start:].rstrip() if words else "", start, len(query.rstrip())))
    parser = _Parser(query, strict)
    try:
        return parser.parse()
    except QueryError:
        if strict:
            raise
    # What is nested too deep is the one fault without a repair.
    return Parsed(plain_words(query), (QueryNotice(kind="too-deep"),))


def plain_words(query: str) -> Node:
    """The query as plain words only, whatever signs it has."""
    return Words(query, 0, len(query))


def softened(query: str) -> str | None:
    """The words of a query whose only signs are those of prose: quotation marks and dashes.

    None where somebody meant an operator, a bracket or a field, or where there is nothing to leave
    out. In a query of a few words a dash is an operator; "Tiêu đề: …" of a pasted text is no field,
    since a space follows.
    """
    found, _ = lexemes(query)
    words = []
    for lexeme in found:
        is_prose = lexeme.kind in ("word", "phrase", "quote") or lexeme.text[0] in MINUSES
        if not is_prose and (lexeme.kind != "field" or not query[lexeme.end :].startswith(" ")):
            return None
        if lexeme.kind == "phrase":
            words.append(lexeme.text.rstrip("~0123456789").strip(QUOTES))
        elif lexeme.kind in ("word", "field"):
            words.append(lexeme.text)
    text = " ".join(" ".join(words).split())
    if any(each.kind == "not" for each in found) and len(text.split()) < _PROSE_WORDS:
        return None
    return text if text and len(found) > sum(each.kind == "word" for each in found) else None


class _Parser:
    def __init__(self, query: str, strict: bool) -> None:
        self._query = query
        self._strict = strict
        self._lexemes, self._notices = lexemes(query)
        self._at = 0
        self._depth = 0
        if not strict:
            self._lexemes = self._without_strays()

    def parse(self) -> Parsed:
        kinds = {lexeme.kind for lexeme in self._lexemes}
        words = [lexeme.text for lexeme in self._lexemes if lexeme.kind == "word"]
        if not self._lexemes:
            tree = None
        elif self._strict or not kinds <= {"word", "open", "close"} or "*" in "".join(words):
            tree = self._any()
            if (left := self._peek()) is not None:
                reason = "there is no bracket to close here"
                raise QueryError(left.start, "unexpected-close", reason)
        else:
            tree = self._plain(words)
        if tree is None:
            if not self._query.strip():
                return Parsed(Words("", 0, 0))
            nothing = QueryNotice(kind="nothing-to-search", text=self._query)
            return Parsed(Any(()), (nothing, *self._notices))
        return Parsed(tree, tuple(dict.fromkeys(self._notices)))

    def _plain(self, words: Sequence[str]) -> Node | None:
        """Brackets around words alone say nothing."""
        self._notices = [note for note in self._notices if note.kind != "unexpected-close"]
        if not any(self._is_word(word) for word in words):
            return None
        first, last = self._lexemes[0].start, self._lexemes[-1].end
        return Words(self._query[first:last], first, last)

    def _without_strays(self) -> list[Lexeme]:
        """Without brackets that nothing opened and quotation marks behind a word or a number."""
        kept: list[Lexeme] = []
        opened = 0
        for lexeme in self._lexemes:
            opened += lexeme.kind == "open"
            if lexeme.kind == "close":
                if not opened:
                    self._note("unexpected-close")
                    continue
                opened -= 1
            if lexeme.kind == "quote" and (
                self._query[: lexeme.start][-1:].isalnum() or not self._query[lexeme.end :].strip()
            ):
                self._note("stray-quote")
                continue
            kept.append(lexeme)
        return kept

    def _note(self, kind: str, text: str = "", offer: str = "") -> None:
        self._notices.append(QueryNotice(kind=kind, text=text, offer=offer))

    def _wrong(self, position: int, code: str, reason: str, text: str = "") -> None:
        """An error, or in simple mode a notice."""
        if self._strict:
            raise QueryError(position, code, reason)
        self._note(code, text)

    def _peek(self) -> Lexeme | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _next_is(self, *kinds: str) -> bool:
        lexeme = self._peek()
        return lexeme is not None and lexeme.kind in kinds

    def _take(self) -> Lexeme:
        lexeme = self._lexemes[self._at]
        self._at += 1
        return lexeme

    def _any(self) -> Node | None:
        children = [self._all()]
        while self._next_is("or"):
            operator = self._take()
            if not self._strict and (children[-1] is None or self._ends()):
                self._note("missing-operand", operator.text)
            children.append(self._all())
        found = [child for child in children if child is not None]
        if len(found) < 2:
            return found[0] if found else None
        return Any(tuple(found))

    def _ends(self) -> bool:
        """Whether nothing follows that an operator could be about."""
        return self._peek() is None or self._next_is("or", "and", "close")

    def _all(self) -> Node | None:
        children: list[Node] = []
        explicit = False
        begun = False
        while not self._next_is("or", "close") and self._peek() is not None:
            if self._next_is("and"):
                operator = self._take()
                if not begun or self._ends():
                    if self._strict:
                        raise self._missing(operator if not begun else self._peek())
                    self._note("missing-operand", operator.text)
                    continue
                explicit = True
            begun = True
            if (child := self._unary()) is not None:
                children.append(child)
        if not begun and self._strict:
            raise self._missing(self._peek())
        if len(children) < 2:
            return children[0] if children else None
        return All(tuple(children), explicit)

    def _missing(self, lexeme: Lexeme | None) -> QueryError:
        if lexeme is None:
            # A group that is still open is the likelier slip than the missing word.
            code = "unclosed-group" if self._depth else "missing-operand"
            reason = "a closing bracket is missing" if self._depth else "a word is missing"
            return QueryError(len(self._query), code, reason)
        return QueryError(lexeme.start, "missing-operand", "a word is missing")

    def _unary(self) -> Node | None:
        if not self._next_is("not"):
            return self._atom()
        operator = self._take()
        if self._ends():
            if self._strict:
                raise self._missing(self._peek())
            self._note("missing-operand", operator.text)
            return None
        if operator.text[0] in MINUSES and self._next_is("word"):
            # What is joined to one word is about that word, NOT about all that follow.
            child = self._word(self._take())
        else:
            child = self._nested(self._unary)
        return None if child is None else Without(child)

    def _nested(self, rule: Callable[[], Node | None]) -> Node | None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise QueryError(self._lexemes[self._at - 1].start, "too-deep", "it is nested too deep")
        try:
            return rule()
        finally:
            self._depth -= 1

    def _atom(self) -> Node | None:
        lexeme = self._peek()
        if lexeme is None or lexeme.kind in ("or", "and", "close"):
            raise self._missing(lexeme)
        if lexeme.kind == "open":
            return self._group()
        if lexeme.kind == "field":
            return self._field()
        if lexeme.kind == "phrase":
            return self._quoted(self._take())
        if lexeme.kind == "quote":
            return self._open_quote(self._take())
        return self._words()

    def _group(self) -> Node | None:
        opened = self._take()
        if self._next_is("close"):
            self._wrong(opened.start, "empty-group", "there is nothing between the brackets")
            self._take()
            return None
        node = self._nested(self._any)
        if self._next_is("close"):
            self._take()
        else:
            self._wrong(len(self._query), "unclosed-group", "a closing bracket is missing")
        return node

    def _open_quote(self, quote: Lexeme) -> Node | None:
        """A phrase that ends with the query."""
        self._wrong(quote.start, "unclosed-quote", "a closing quotation mark is missing")
        self._at = len(self._lexemes)
        rest = self._query[quote.end :].strip()
        return self._phrase(rest, quote.start, len(self._query))

    def _quoted(self, lexeme: Lexeme) -> Node | None:
        window = _WINDOW.search(lexeme.text)
        if window is None:
            return self._phrase(lexeme.text[1:-1], lexeme.start, lexeme.end)
        most = int(window[1][:4] or 0)
        if not most:
            self._note("no-window", lexeme.text)
        elif most > MOST_WINDOW:
            self._note("wide-window", lexeme.text)
        text = lexeme.text[1 : window.start()]
        return self._phrase(text, lexeme.start, lexeme.end, most or None)

    def _phrase(self, text: str, start: int, end: int, window: int | None = None) -> Node | None:
        if not analyze(text):
            self._note("ignored-sign", self._query[start:end])
            return None
        if sign := _IN_PHRASE.search(text):
            self._note("sign-in-phrase", sign[0])
        return Quoted(text, start, end, window)

    def _field(self) -> Node | None:
        field = self._take()
        name = field.text[:-1].lower()
        following = self._peek()
        if following is None or following.kind in ("close", "and", "or"):
            self._wrong(
                field.end, "missing-operand", "a word is missing after the field name", field.text
            )
            return None
        if name in VALUE_FIELDS:
            if following.kind not in ("word", "phrase"):
                self._wrong(following.start, "missing-operand", "a value is missing", field.text)
                return None
            value = self._take()
            text = value.text.strip(QUOTES) if value.kind == "phrase" else value.text
            node = FieldValue(VALUE_FIELDS[name], text, value.start, value.end)
            return self._date(node) if node.field == "date" else node
        is_word = following.kind == "word"
        child = self._word(self._take()) if is_word else self._nested(self._unary)
        return None if child is None else InField(name, child)

    def _date(self, node: FieldValue) -> Node | None:
        """The node if its value is a span of days; one that ends before it begins is turned."""
        try:
            date_spans(node.text, range(0), node.start)
        except QueryError as error:
            if self._strict:
                raise
            first, _, last = node.text.partition("..")
            turned = f"{last}..{first}" if error.code == "date-order" else ""
            self._note(error.code, node.text, turned)
            return replace(node, text=turned) if turned else None
        return node

    def _is_word(self, text: str) -> bool:
        """Whether there is anything to search for in it; signs that mean nothing are noted."""
        if not analyze(text):
            self._note("ignored-sign", text)
            return False
        if odd := _ODD.search(text):
            self._note("ignored-sign", odd[0][0])
        return True

    def _word(self, lexeme: Lexeme) -> Node | None:
        """A word or prefix; None for signs alone."""
        text = lexeme.text
        if not self._is_word(text):
            return None
        if text.startswith("*"):
            reason = "a star can stand only at the end of a word"
            self._wrong(lexeme.start, "leading-wildcard", reason, text)
        if "*" in text.strip("*"):
            self._note("inner-wildcard", text)
        if text.endswith("*"):
            return Prefix(text.strip("*"), lexeme.start, lexeme.end)
        return Words(text, lexeme.start, lexeme.end)

    def _words(self) -> Node | None:
        """A run of plain words as one node, so that they are understood together."""
        first = self._take()
        node = self._word(first)
        if isinstance(node, Prefix):
            return node
        kept = [first] if node is not None else []
        while self._next_is("word") and "*" not in self._lexemes[self._at].text:
            lexeme = self._take()
            if self._is_word(lexeme.text):
                kept.append(lexeme)
        if not kept:
            return None
        start, end = kept[0].start, kept[-1].end
        return Words(self._query[start:end], start, end)
