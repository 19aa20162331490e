"""Text into raw pieces by one regular expression, and pieces into tokens.

A piece is what no separator interrupts: a word, a number with its points, a hyphenated name, a
URL, an e-mail address. `expand_piece` turns it into tokens. Every repeat is possessive or
bounded (a URL gives back its closing punctuation only), so the work is linear in the length.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from .addresses import EMAIL_TAIL, HOST_TAIL, URL_TAIL, address_key, host_keys, is_address
from .date_context import DATED, UNDATED, in_context
from .identifiers import (
    SIGNED_TAIL,
    bigram_spans,
    code_key,
    hashtag_parts,
    is_unspaced,
    points_in_names,
)
from .normalize import IGNORABLE, drop_ignorable, exact_key, fold, romanized
from .numerals import date_key, day_key, fraction_key, number_key, share_key, time_key
from .syllables import is_syllable
from .tokens import Piece, PieceToken, Token, TokenKind

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
# 15/2014/NĐ-CP: the slash belongs to the piece, for it tells that 15/2014 is no date.
_COMPOUND_TAIL = (
    rf"(?:(?:[{HYPHENS}{APOSTROPHES}&]|(?<=\d)[.,/:](?=\d)|{points_in_names(_MARKS + IGNORABLE)}"
    rf"|(?<!\d)[{HYPHENS}]\r?\n[ \t]{{0,8}}+(?=[^\W\d_])){_RUN})*+(?:(?<=\d)/(?=[^\W\d_]))?+"
)
# One look at the next character spares most words the attempts at a tail.
_TAIL = (
    rf"(?=[{HYPHENS}{APOSTROPHES}.,/:@+_&#])"
    rf"(?:{URL_TAIL}|{EMAIL_TAIL}|{HOST_TAIL}|{SIGNED_TAIL}|{_COMPOUND_TAIL})"
)
_HASHTAG = rf"[#＃]{_RUN}(?:_{_RUN})*+"
_NET = r"(?<![\w.])\.[Nn][Ee][Tt](?![^\W_])"
_PUNCTUATION = rf"[^\s\w\x00-\x1f\x7f-\x9f\ud800-\udfff{_MARKS}{IGNORABLE}]|[{NO_LETTERS}]"

PIECE = re.compile(rf"{_RUN}(?:{_TAIL})?+|{_HASHTAG}|{_NET}|{_PUNCTUATION}")


def raw_pieces(text: str) -> list[str]:
    """The pieces of a text in order, single punctuation marks included."""
    return PIECE.findall(text)


def pieces_in_context(text: str) -> Sequence[str]:
    """The same for `expand_piece`: a last character says which figures are a date, which none."""
    return in_context(text, PIECE.findall(text))


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
_AMPERSANDS = "&＆"
_SEGMENT = re.compile(rf"[^{HYPHENS}{APOSTROPHES}&\s]+")
# Marks and invisible characters behind a chain belong to its last digit, not to what follows.
_CHAIN_OR_RUN = re.compile(rf"(\d+(?:[.,/:]\d+)++)[{_MARKS}{IGNORABLE}]*+|[^.,/:]+")
_DASHED_DATE = re.compile(r"\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d{1,2}-\d{1,2}")
_VISIBLE = re.compile(rf"[^{IGNORABLE}]+")
# Decomposed Hangul has two or three letters a syllable.
_LETTER = re.compile(
    rf"(?:[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?|{_ALNUM})[{_MARKS}{IGNORABLE}]*+"
)
_BIGRAMS_FROM = 3


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
    sign = raw[-1:] if raw.endswith((DATED, UNDATED)) else ""
    raw = raw.removesuffix(sign)
    if not raw:
        return _NOTHING
    builder = _PieceBuilder()
    end = len(raw.rstrip(IGNORABLE))
    if (code := code_key(raw)) is not None:
        builder.add(code, TokenKind.CODE, 0, end)
    elif raw in _AMPERSANDS:
        builder.add("&", TokenKind.SIGN, 0, 1)
    elif raw[0] in "#＃" and len(raw) > 1:
        _add_hashtag(builder, raw)
    elif not raw[:1].isalnum() or raw[0] in NO_LETTERS:
        return _NOTHING
    elif is_address(raw) or "@" in raw:
        kind = TokenKind.EMAIL if "@" in raw and "://" not in raw else TokenKind.URL
        _add_address(builder, raw, kind, end)
    elif _DASHED_DATE.fullmatch(raw) and (date := date_key(raw)):
        _add_date(builder, date, raw, 0)
    elif sign == DATED and (day := day_key(raw)):
        _add_day(builder, day, raw)
    elif sign == UNDATED:
        if day_key(raw):
            builder.add_beside_next(share_key(raw), TokenKind.FRACTION, 0, end)
        _add_compound(builder, raw, dated=False)
    else:
        _add_compound(builder, raw)
    return builder.piece()


def _add_day(builder: _PieceBuilder, day: str, raw: str) -> None:
    """Add a day without its year, told by the words around it: 30/4, 30-4 or 30.4."""
    builder.add_beside_next(day, TokenKind.DATE, 0, len(raw))
    _add_compound(builder, raw, dated=False)


def _add_hashtag(builder: _PieceBuilder, raw: str) -> None:
    """Add the words of a hashtag, and before them all of it."""
    visible = raw[1:].rstrip(IGNORABLE)
    parts = list(hashtag_parts(visible))
    joined = exact_key("".join(part for _, part in parts))
    if len(parts) > 1:
        builder.add_beside_next(joined, TokenKind.JOINED, 0, 1 + len(visible))
    for start, part in parts:
        _add_run(builder, part, 1 + start)


def _add_address(builder: _PieceBuilder, raw: str, kind: TokenKind, end: int) -> None:
    """Add an address, and before it the shorter forms that find it."""
    exact = exact_key(raw)
    for key in dict.fromkeys((address_key(raw), *host_keys(raw))):
        if key != exact:
            builder.add_beside_next(exact_key(key), TokenKind.JOINED, 0, end)
    builder.add(exact, kind, 0, end)


def _add_compound(builder: _PieceBuilder, raw: str, *, dated: bool = True) -> None:
    """Add the parts between hyphens and apostrophes, and before them their joined form."""
    is_number_of_a_law = raw.endswith("/")
    segments = list(_SEGMENT.finditer(raw))
    before = ""
    for segment in segments:
        start = segment.start()
        # Of GD&ĐT and R&D the sign is a part, in "nhân&gia" it is a word.
        if raw[start - 1 : start] == "&" and _is_word(before) and _is_word(segment[0]):
            builder.add("&", TokenKind.SIGN, start - 1, start)
        _add_segment(builder, segment[0], start, dated=dated and not is_number_of_a_law)
        before = segment[0]
    parts = [token for token in builder.tokens if token.kind is not TokenKind.JOINED]
    joined = joined_key(parts) if len(parts) == len(segments) else None
    # M&A is not "ma", though Pu-tin is Putin.
    if joined is not None and not ("&" in raw and is_syllable(joined)):
        start, end = parts[0].start, parts[-1].end
        folded = fold(joined)
        builder.tokens.insert(0, PieceToken(joined, folded, start, end, 0, TokenKind.JOINED))


def _is_word(segment: str) -> bool:
    return is_syllable(exact_key(segment))


def _add_segment(builder: _PieceBuilder, segment: str, start: int, *, dated: bool) -> None:
    if (code := code_key(segment)) is not None:
        builder.add(code, TokenKind.CODE, start, start + len(segment))
        return
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
    elif len(visible) < end - start and (syllables := _apart(run)):
        exact = exact_key(visible)
        builder.add_beside_next(exact, TokenKind.JOINED, start, end)
        for first, last in syllables:
            builder.add(exact_key(run[first:last]), TokenKind.WORD, start + first, start + last)
    else:
        exact = exact_key(visible)
        latin = romanized(exact)
        # One that reads as a syllable (马, ma) would be found by everybody who means that syllable.
        if latin is not None and len(latin) in _ROMANIZED and not is_syllable(latin):
            builder.add_beside_next(latin, TokenKind.JOINED, start, end)
        letters = [letter.span() for letter in _LETTER.finditer(run)] if latin else []
        if len(letters) < _BIGRAMS_FROM or not is_unspaced(exact):
            builder.add(exact, TokenKind.WORD, start, end)
            return
        if len(exact) <= _LONGEST_JOINED:
            builder.add_beside_next(exact, TokenKind.JOINED, start, end)
        for first, last in bigram_spans(letters):
            builder.add(exact_key(run[first:last]), TokenKind.WORD, start + first, start + last)


def _apart(run: str) -> list[tuple[int, int]]:
    """The syllables of a run that only invisible characters keep apart (xăng\u200bdầu)."""
    spans = [part.span() for part in _VISIBLE.finditer(run)]
    if len(spans) not in _JOINED_PARTS or is_syllable(exact_key(drop_ignorable(run))):
        return []
    return spans if all(is_syllable(exact_key(run[a:b])) for a, b in spans) else []


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
    end = start + len(written)
    if len(date) == len("2014-11-20"):
        builder.add_beside_next(f"-{date[4:]}", TokenKind.JOINED, start, end)
    builder.add_beside_next(date, TokenKind.DATE, start, end)
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
