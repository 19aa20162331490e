"""Vietnamese analysis for any Whoosh index: a tokenizer, three filters, two analyzers of them.

Not imported by this project's own index, so `import analyzers` does not load Whoosh.

>>> from whoosh.fields import TEXT, Schema
>>> schema = Schema(body=TEXT(analyzer=VietnameseAnalyzer(), stored=True))
>>> [token.text for token in VietnameseAnalyzer()("Công an HÒA BÌNH")]
['công_an', 'công', 'an', 'hoà_bình', 'hoà', 'bình']
>>> [token.text for token in VietnameseFoldingAnalyzer(words=False)("Đường Hoà Bình")]
['duong', 'hoa', 'binh']

Two modes, which Whoosh sets: text that is indexed also gets the tokens that stand on the first
position of others (words, joined forms, whole dates), a query is syllables only, so that phrases
and positions agree. A query asks for a word as one term with underscores: `công_an`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from whoosh.analysis import CompositeAnalyzer, Filter, Token, Tokenizer

from .date_context import in_context
from .normalize import exact_key, fold
from .segmentation import segmenter
from .tokenizer import PIECE, expand_piece
from .tokens import STACKED, TokenKind

__all__ = [
    "VietnameseAnalyzer",
    "VietnameseFoldingAnalyzer",
    "VietnameseFoldingFilter",
    "VietnameseNormalizeFilter",
    "VietnameseTokenizer",
    "VietnameseWordFilter",
]

_JOINT = "_"


class VietnameseTokenizer(Tokenizer):
    """Syllables, numbers, dates and names of a text, each as it was written.

    Offsets are code points of the text as given, whatever its normal form. Two attributes of a
    token are for `VietnameseWordFilter`: `before`, the punctuation marks and line breaks between
    the token and the one before it, and `stacked`, whether it stands on the position of the next.
    """

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        tokenize: bool = True,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[Token]:
        """The tokens of a text: one object, changed for each, as everywhere in Whoosh.

        Args:
            positions: set `pos`, which counts from `start_pos`.
            chars: set `startchar` and `endchar`, code points that count from `start_char`.
            keeporiginal: set `original`, the text before any filter.
            removestops: whether a filter of stop words removes them, or marks them.
            tokenize: False gives the whole text as one token.
            mode: "query" leaves out stacked tokens and keeps words_with_underscores whole.
        """
        token = Token(positions, chars, removestops=removestops, mode=mode, **kwargs)
        place = start_pos
        for text, start, end, offset, stacked, before in (
            _cut(value, mode) if tokenize else [(value, 0, len(value), 0, False, ())]
        ):
            token.text = text
            token.boost = 1.0
            token.stopped = False
            token.stacked = stacked
            token.before = before
            if keeporiginal:
                token.original = text
            if positions:
                token.pos = place + offset
            if chars:
                token.startchar = start_char + start
                token.endchar = start_char + end
            yield token


class VietnameseNormalizeFilter(Filter):
    """Makes a token's text its exact key: NFC, one tone placement, lower case, plain numbers."""

    def __call__(self, tokens: Iterable[Token]) -> Iterator[Token]:
        """The same tokens with other texts."""
        for token in tokens:
            token.text = _key(token.text)
            yield token


class VietnameseFoldingFilter(Filter):
    """Drops every mark, đ as d; goes behind `VietnameseNormalizeFilter`."""

    def __call__(self, tokens: Iterable[Token]) -> Iterator[Token]:
        """The same tokens with other texts."""
        for token in tokens:
            token.text = fold(token.text)
            yield token


class VietnameseWordFilter(Filter):
    """Adds the words of several syllables (công_an), found with pyvi's model."""

    def __init__(self, syllables: bool = True) -> None:
        """
        Args:
            syllables: keep the syllables, with each word on the position of its first; words are
                then added to indexed text only. False: words instead of syllables, in queries
                too, with positions that count words.
        """
        self.syllables = syllables

    def __call__(self, tokens: Iterable[Token]) -> Iterator[Token]:
        """The tokens, with words before their first syllable or in place of them all."""
        place: int | None = None
        for token in self._worded(tokens):
            if token.positions and not self.syllables:
                token.pos = place = token.pos if place is None else place
                place += not _is_stacked(token)
            yield token

    def _worded(self, tokens: Iterable[Token]) -> Iterator[Token]:
        line: list[Token] = []
        for token in tokens:
            if token.mode == "query" and self.syllables:
                yield token
                continue
            if "\n" in _before(token):
                yield from self._line(line)
                line = []
            line.append(token.copy())
        yield from self._line(line)

    def _line(self, tokens: list[Token]) -> Iterator[Token]:
        """One line, which no word crosses."""
        parts: list[str] = []
        owners: list[int | None] = []
        """For each part the number of its token; None for a punctuation mark."""
        for number, token in enumerate(tokens):
            marks = [mark for mark in _before(token) if mark != "\n"]
            parts += marks
            owners += [None] * len(marks)
            if not _is_stacked(token):
                parts.append(token.text)
                owners.append(number)
        done = 0
        for first, last in segmenter().words(parts):
            members = [owner for owner in owners[first:last] if owner is not None]
            if len(members) < 2:
                continue
            yield from tokens[done : members[0]]
            done = members[0] if self.syllables else members[-1] + 1
            yield _joined([tokens[member] for member in members], stacked=self.syllables)
        yield from tokens[done:]


class VietnameseAnalyzer(CompositeAnalyzer):
    """Accented terms: hòa and hoà are one, má and mà are two."""

    def __init__(self, words: bool = True) -> None:
        """
        Args:
            words: also index words of several syllables, as `công_an`.
        """
        super().__init__(*_chain(words))


class VietnameseFoldingAnalyzer(CompositeAnalyzer):
    """Terms without marks, for text that people search without typing them."""

    def __init__(self, words: bool = True) -> None:
        """
        Args:
            words: also index words of several syllables, as `cong_an`.
        """
        super().__init__(*_chain(words), VietnameseFoldingFilter())


def _chain(words: bool) -> list[Tokenizer | Filter]:
    chain = [VietnameseTokenizer(), VietnameseNormalizeFilter()]
    return [*chain, VietnameseWordFilter()] if words else chain


_Cut = tuple[str, int, int, int, bool, tuple[str, ...]]


def _cut(value: str, mode: str) -> Iterator[_Cut]:
    """Text, start, end, position, stacked, and what stands before, of every token."""
    position = 0
    before: list[str] = []
    end = 0
    for start, stop, raw in _pieces(value, mode):
        if "\n" in value[end:start]:
            before.append("\n")
        end = stop
        if not raw:
            yield value[start:stop], start, stop, position, False, tuple(before)
            position += 1
            before.clear()
            continue
        piece = expand_piece(raw)
        if not piece.tokens:
            before.append(value[start:stop])
        for token in piece.tokens:
            stacked = token.kind in STACKED
            if stacked and mode == "query":
                continue
            first, last = start + token.start, start + token.end
            text = token.exact if stacked else value[first:last]
            yield text, first, last, position + token.offset, stacked, tuple(before)
            before.clear()
        position += piece.width


def _pieces(value: str, mode: str) -> Iterator[tuple[int, int, str]]:
    """Where the raw pieces lie, and each in its context; "" for words_with_underscores of a query,
    which are one."""
    spans = [match.span() for match in PIECE.finditer(value)]
    pieces = in_context(value, [value[start:end] for start, end in spans])
    index = 0
    while index < len(spans):
        start, end = spans[index]
        last = index
        while (
            mode == "query"
            and last + 2 < len(spans)
            and value[end : spans[last + 2][0]] == _JOINT
            and value[start].isalnum()
            and value[spans[last + 2][0]].isalnum()
        ):
            last += 2
            end = spans[last][1]
        yield start, end, "" if last > index else pieces[index]
        index = last + 1


def _key(text: str) -> str:
    """The exact key of one token, or of a word with underscores."""
    if _JOINT in text:
        return _JOINT.join(map(_key, text.split(_JOINT)))
    for token in expand_piece(text).tokens:
        if token.kind is not TokenKind.JOINED and token.end - token.start == len(text):
            return token.exact
    return exact_key(text)


def _before(token: Token) -> tuple[str, ...]:
    return getattr(token, "before", ())


def _is_stacked(token: Token) -> bool:
    return getattr(token, "stacked", False)


def _joined(members: list[Token], *, stacked: bool) -> Token:
    """The word of several tokens."""
    word = members[0].copy()
    word.text = _JOINT.join(member.text for member in members)
    word.stacked = stacked
    if hasattr(word, "original"):
        word.original = " ".join(member.original for member in members)
    if word.chars:
        word.endchar = members[-1].endchar
    return word
