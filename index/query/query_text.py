"""The plain text inside a query, and the query with some of it spelled anew.

Whatever is read differently (keystrokes, accents, slips) is put back in its place, so that fields,
quotes, operators, numbers and the case of letters stay as they were typed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from analyzers import Token, TokenKind, has_marks

from ..query_model import All, Any, InField, Node, Quoted, Without, Words
from .clauses import query_tokens


@dataclass(frozen=True, slots=True)
class TextRun:
    """Neighbouring words of a query; offsets of the tokens are code points of the whole query."""

    tokens: tuple[Token, ...]
    quoted: bool
    beside: tuple[bool, ...]
    """Of each token but the last: whether it and the next are words with only blanks between."""

    def is_beside(self, index: int) -> bool:
        """Whether a token and the next one are words with nothing but blanks between them."""
        return 0 <= index < len(self.beside) and self.beside[index]

    @property
    def is_bare(self) -> bool:
        """Whether nothing in it carries a mark."""
        return not any(has_marks(token.exact) for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Respelling:
    """Other words for a part of a query; `start` and `end` are code points of the query."""

    start: int
    end: int
    words: tuple[str, ...]


def text_runs(query: str, tree: Node) -> tuple[TextRun, ...]:
    """The words and phrases of a tree in order; values of fields and prefixes are left out."""
    return tuple(run for run in _runs(query, tree) if run.tokens)


def respelled(query: str, changes: Iterable[Respelling], *, keep_case: bool = True) -> str:
    """The query with some parts replaced, which must not overlap.

    Args:
        keep_case: whether the new words begin with capitals where the old ones did.

    >>> respelled('"Hanoi" -HUE 01', [Respelling(1, 6, ("hà", "nội")), Respelling(9, 12, ("huế",))])
    '"Hà Nội" -HUẾ 01'
    """
    text, at = "", 0
    for change in sorted(changes, key=lambda change: change.start):
        typed = query[change.start : change.end]
        words = _in_case_of(typed, change.words) if keep_case else change.words
        text += query[at : change.start] + " ".join(words)
        at = change.end
    return text + query[at:]


def _runs(query: str, node: Node) -> Iterator[TextRun]:
    match node:
        case Words(text, start) | Quoted(text, start):
            start = max(start, query.find(text, start))
            tokens = query_tokens(text)
            placed = (replace(t, start=t.start + start, end=t.end + start) for t in tokens)
            beside = (
                first.kind is second.kind is TokenKind.WORD
                and text[first.end : second.start].isspace()
                for first, second in pairwise(tokens)
            )
            yield TextRun(tuple(placed), isinstance(node, Quoted), tuple(beside))
        case InField(_, child) | Without(child):
            yield from _runs(query, child)
        case All(children) | Any(children):
            for child in children:
                yield from _runs(query, child)


def _in_case_of(typed: str, words: tuple[str, ...]) -> tuple[str, ...]:
    old = typed.split()
    if len(old) != len(words):
        old = [typed] * len(words)
    return tuple(map(_cased, old, words))


def _cased(typed: str, word: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word
