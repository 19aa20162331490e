"""Text into raw pieces by one regular expression, and pieces into tokens.

A piece is what no separator interrupts: a word, a number with its points, a hyphenated name, a
URL, an e-mail address. `expand_piece` turns it into tokens. Every repeat is possessive or
bounded (a URL gives back its closing punctuation only), so the work is linear in the length.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence, Set
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from .normalize import IGNORABLE, drop_ignorable, exact_key, fold, romanized
from .numerals import date_key, fraction_key, number_key, time_key
from .syllables import is_syllable


class TokenKind(StrEnum):
    """What a token was written as."""

    WORD = "word"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    URL = "url"
    EMAIL = "email"
    JOINED = "joined"


class Token(Struct, frozen=True, gc=False):
    """One term of a text, with its place.

    `start` and `end` are code points of the original text. `position` counts the tokens of the
    stream from 0; a date and a joined form share the position of their first part.
    """

    exact: str
    folded: str
    start: int
    end: int
    position: int
    kind: TokenKind


class PieceToken(Struct, frozen=True, gc=False):
    """A token of one piece: `start` and `end` count from the piece's first code point.

    `offset` is the position relative to the position of the piece.
    """

    exact: str
    folded: str
    start: int
    end: int
    offset: int
    kind: TokenKind

    def placed(self, start: int, position: int) -> Token:
        """The token in a text whose piece begins at this code point and position."""
        return Token(
            self.exact,
            self.folded,
            start + self.start,
            start + self.end,
            position + self.offset,
            self.kind,
        )


class Piece(Struct, frozen=True):
    """All tokens of one raw match; `width` is the number of positions it takes (0 for a mark)."""

    tokens: tuple[PieceToken, ...]
    width: int


HYPHENS = "-\u2010\u2011"
APOSTROPHES = "'\u2019\u02bb\u02bc"

# Where the basic plane has combining marks; scanning it takes two milliseconds. One mark beyond
# that plane would keep `re` from making a bit map of the class and halve the speed.
_MARK_BLOCKS = (range(0x0300, 0x3100), range(0xA66F, 0xAC00), range(0xFB1E, 0xFE30))


def _combining_marks() -> str:
    """The marks for a character class: `re` has no escape for them, and to it they are no \\w."""
    codes = (code for block in _MARK_BLOCKS for code in block)
    return "".join(chr(c) for c in codes if unicodedata.category(chr(c)) in ("Mn", "Mc"))


_MARKS = _combining_marks()
# Letters and digits to Python, but an ordinal sign stands for ° and the others for apostrophes.
NO_LETTERS = "_ªº\u02bb\u02bc"
_ALNUM = rf"[^\W{NO_LETTERS}]"
_RUN = rf"{_ALNUM}++(?:[{_MARKS}{IGNORABLE}]++{_ALNUM}*+)*+"
_NO_URL = r"\s<>\"\u201c\u201d"
_URL_TAIL = (
    r"(?:(?<=http)|(?<=https)|(?<=ftp)|(?<=HTTP)|(?<=HTTPS)|(?<=Http)|(?<=Https))"
    rf"://[^{_NO_URL}]*[^{_NO_URL}.,;:!?'\u2019\u2026)\]}}]"
    rf"|(?:(?<=www)|(?<=WWW)|(?<=Www))\.[^{_NO_URL}]*[^{_NO_URL}.,;:!?'\u2019\u2026)\]}}]"
)
_EMAIL_TAIL = (
    r"(?:[.+_-][A-Za-z0-9]{1,32}+){0,4}+@[A-Za-z0-9-]{1,63}+(?:\.[A-Za-z0-9-]{1,63}+){1,6}+"
)
# 15/2014/NĐ-CP: the slash belongs to the piece, for it tells that 15/2014 is no date.
_COMPOUND_TAIL = (
    rf"(?:(?:[{HYPHENS}{APOSTROPHES}]|(?<=\d)[.,/:](?=\d)){_RUN})*+(?:(?<=\d)/(?=[^\W\d_]))?+"
)
# One look at the next character spares most words the attempts at a tail.
_TAIL = rf"(?=[{HYPHENS}{APOSTROPHES}.,/:@+_])(?:{_URL_TAIL}|{_EMAIL_TAIL}|{_COMPOUND_TAIL})"
_PUNCTUATION = rf"[^\s\w\x00-\x1f\x7f-\x9f\ud800-\udfff{_MARKS}{IGNORABLE}]|[{NO_LETTERS}]"

PIECE = re.compile(rf"{_RUN}(?:{_TAIL})?+|{_PUNCTUATION}")


def raw_pieces(text: str) -> list[str]:
    """The pieces of a text in order, single punctuation marks included."""
    return PIECE.findall(text)


def piece_starts(text: str, pieces: Iterable[str]) -> list[int]:
    """The code points at which the pieces of `raw_pieces(text)` start.

    Looking for them is faster than matching anew, and exact: what lies between two pieces has no
    character that a piece can begin with.
    """
    starts = []
    at = 0
    for piece in pieces:
        at = text.index(piece, at)
        starts.append(at)
        at += len(piece)
    return starts


_MOST_KNOWN_KEYS = 1 << 15
#: A plain dictionary: asked for thousands of words a search, it takes a fifth of the time.
_known_keys: dict[str, str] = {}


def expand_word(word: str) -> Piece:
    """The tokens of all pieces of a word; results are cached, bounded.

    `start` and `end` count from the first code point of the word, `offset` from the position of
    its first piece.
    """
    if word in _known_keys:
        return _expand_cached(word)
    if word.isalnum() or len(word) > LONGEST_CACHED:
        return _expand_word(word)
    return _expand_word_cached(word)


def words_with(words: set[str], keys: Set[str]) -> tuple[list[str], set[str]]:
    """Those of the words that are known to be one token with one of the exact keys; the unknown.

    Nearly all words are known to have none, which is found out without a loop.
    """
    known = _known_keys
    found = []
    if not keys.isdisjoint(map(known.get, words)):
        found = [word for word in words if known.get(word) in keys]
    return found, words.difference(known)


@lru_cache(maxsize=1 << 13)
def _expand_word_cached(word: str) -> Piece:
    return _expand_word(word)


def _expand_word(word: str) -> Piece:
    pieces = raw_pieces(word)
    if pieces == [word]:
        piece = expand_piece(word)
        if piece.width == len(piece.tokens) == 1 and len(word) <= LONGEST_CACHED:
            _remember(word, piece.tokens[0].exact)
        return piece
    tokens: list[PieceToken] = []
    width = 0
    for raw, start in zip(pieces, piece_starts(word, pieces), strict=True):
        piece = expand_piece(raw)
        tokens += (
            PieceToken(t.exact, t.folded, start + t.start, start + t.end, width + t.offset, t.kind)
            for t in piece.tokens
        )
        width += piece.width
    return Piece(tuple(tokens), width)


def _remember(word: str, key: str) -> None:
    global _known_keys  # another one, as somebody may read this one
    if len(_known_keys) >= _MOST_KNOWN_KEYS:
        _known_keys = {}
    # Most words are their own key: one string serves for both.
    _known_keys[word] = word if key == word else key


_JOINED_PARTS = range(2, 5)
_LONGEST_JOINED = 24
_ROMANIZED = range(3, _LONGEST_JOINED + 1)
# Longer pieces come from attacks and broken pages: they are not worth a place in the cache.
LONGEST_CACHED = 64

_NOTHING = Piece((), 0)
_SEGMENT = re.compile(f"[^{HYPHENS}{APOSTROPHES}]+")
# Marks and invisible characters behind a chain belong to its last digit, not to what follows.
_CHAIN_OR_RUN = re.compile(rf"(\d+(?:[.,/:]\d+)++)[{_MARKS}{IGNORABLE}]*+|[^.,/:]+")
_DASHED_DATE = re.compile(r"\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d{1,2}-\d{1,2}")


def expand_piece(raw: str) -> Piece:
    """The tokens of one raw piece; none for a punctuation mark. Results are cached, bounded."""
    return _expand_cached(raw) if len(raw) <= LONGEST_CACHED else _expand(raw)


def joined_key(parts: Sequence[PieceToken] | Sequence[Token]) -> str | None:
    """The exact key of the parts written as one (pu tin -> putin, covid 19 -> covid19).

    None unless they are two to four words and whole numbers, at least one a word, of at most 24
    characters in all.
    """
    if len(parts) not in _JOINED_PARTS:
        return None
    words = [part for part in parts if part.kind is TokenKind.WORD]
    numbers = [part for part in parts if part.kind is TokenKind.NUMBER and part.exact.isdecimal()]
    joined = "".join(part.exact for part in parts)
    if not words or len(words) + len(numbers) < len(parts) or len(joined) > _LONGEST_JOINED:
        return None
    return exact_key(joined)


class _PieceBuilder:
    """Collects the tokens of one piece, position by position."""

    def __init__(self) -> None:
        self.tokens: list[PieceToken] = []
        self.width = 0

    def add(self, exact: str, kind: TokenKind, start: int, end: int) -> None:
        self.add_beside_next(exact, kind, start, end)
        self.width += 1

    def add_beside_next(self, exact: str, kind: TokenKind, start: int, end: int) -> None:
        """Put a token on the position of the token that follows it."""
        self.tokens.append(PieceToken(exact, fold(exact), start, end, self.width, kind))

    def piece(self) -> Piece:
        return Piece(tuple(self.tokens), self.width)


@lru_cache(maxsize=1 << 15)
def _expand_cached(raw: str) -> Piece:
    return _expand(raw)


def _expand(raw: str) -> Piece:
    if not raw[:1].isalnum() or raw[0] in NO_LETTERS:
        return _NOTHING
    builder = _PieceBuilder()
    end = len(raw.rstrip(IGNORABLE))
    if "://" in raw or raw[:4].lower() == "www.":
        builder.add(exact_key(raw), TokenKind.URL, 0, end)
    elif "@" in raw:
        builder.add(exact_key(raw), TokenKind.EMAIL, 0, end)
    elif _DASHED_DATE.fullmatch(raw) and (date := date_key(raw)):
        _add_date(builder, date, raw, 0)
    else:
        _add_compound(builder, raw)
    return builder.piece()


def _add_compound(builder: _PieceBuilder, raw: str) -> None:
    """Add the parts between hyphens and apostrophes, and before them their joined form."""
    is_number_of_a_law = raw.endswith("/")
    segments = list(_SEGMENT.finditer(raw))
    for segment in segments:
        _add_segment(builder, segment[0], segment.start(), dated=not is_number_of_a_law)
    parts = [token for token in builder.tokens if token.kind is not TokenKind.JOINED]
    if len(parts) == len(segments) and (joined := joined_key(parts)):
        start, end = parts[0].start, parts[-1].end
        folded = fold(joined)
        builder.tokens.insert(0, PieceToken(joined, folded, start, end, 0, TokenKind.JOINED))


def _add_segment(builder: _PieceBuilder, segment: str, start: int, *, dated: bool) -> None:
    for match in _CHAIN_OR_RUN.finditer(segment):
        at = start + match.start()
        if match[1] is None:
            _add_run(builder, match[0], at)
        else:
            _add_chain(builder, match[1], at, dated=dated)


def _add_run(builder: _PieceBuilder, run: str, start: int) -> None:
    """Add one run of letters and digits."""
    end = start + len(run.rstrip(IGNORABLE))
    visible = drop_ignorable(run)
    if visible.isdecimal() and (number := number_key(visible)):
        builder.add(number, TokenKind.NUMBER, start, end)
    elif fraction := fraction_key(visible):
        builder.add(fraction, TokenKind.NUMBER, start, end)
    elif time := time_key(visible):
        builder.add(time, TokenKind.TIME, start, end)
    else:
        exact = exact_key(visible)
        latin = romanized(exact)
        # One that reads as a syllable (马, ma) would be found by everybody who means that syllable.
        if latin is not None and len(latin) in _ROMANIZED and not is_syllable(latin):
            builder.add_beside_next(latin, TokenKind.JOINED, start, end)
        builder.add(exact, TokenKind.WORD, start, end)


def _add_chain(builder: _PieceBuilder, chain: str, start: int, *, dated: bool) -> None:
    """Add digits that points, commas, slashes or colons connect."""
    if dated and (date := date_key(chain)):
        _add_date(builder, date, chain, start)
    elif time := time_key(chain):
        builder.add(time, TokenKind.TIME, start, start + len(chain))
    else:
        for match in re.finditer(r"[^/:]+", chain):
            _add_number(builder, match[0], start + match.start())


def _add_date(builder: _PieceBuilder, date: str, written: str, start: int) -> None:
    """Add the whole date on the position of its first part, then the parts."""
    builder.add_beside_next(date, TokenKind.DATE, start, start + len(written))
    for match in re.finditer(r"\d+", written):
        part = str(int(match[0]))
        builder.add(part, TokenKind.NUMBER, start + match.start(), start + match.end())


def _add_number(builder: _PieceBuilder, written: str, start: int) -> None:
    number = number_key(written)
    if number is not None:
        builder.add(number, TokenKind.NUMBER, start, start + len(written))
        return
    for match in re.finditer(r"[^,]+", written):
        part = number_key(match[0]) or match[0]
        builder.add(part, TokenKind.NUMBER, start + match.start(), start + match.end())
