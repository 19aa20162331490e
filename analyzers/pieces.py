"""One raw piece into its tokens, whatever stands around it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from .folding import fold
from .normalize import IGNORABLE, drop_ignorable, exact_key
from .numerals import date_key, fraction_key, number_key, time_key
from .tokenizer import APOSTROPHES, HYPHENS, NO_LETTERS
from .tokens import Piece, PieceToken, Token, TokenKind

_JOINED_PARTS = range(2, 5)
_LONGEST_JOINED = 24
# Longer pieces come from attacks and broken pages: they are not worth a place in the cache.
LONGEST_CACHED = 64

_NOTHING = Piece((), 0)
_SEGMENT = re.compile(f"[^{HYPHENS}{APOSTROPHES}]+")
_CHAIN_OR_RUN = re.compile(r"(\d+(?:[.,/:]\d+)++)|[^.,/:]+")
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
    parts = builder.tokens
    if len(parts) == len(segments) and (joined := joined_key(parts)):
        start, end = parts[0].start, parts[-1].end
        folded = fold(joined)
        parts.insert(0, PieceToken(joined, folded, start, end, 0, TokenKind.JOINED))


def _add_segment(builder: _PieceBuilder, segment: str, start: int, *, dated: bool) -> None:
    for match in _CHAIN_OR_RUN.finditer(segment):
        at = start + match.start()
        if match[1] is None:
            _add_run(builder, match[0], at)
        else:
            _add_chain(builder, match[0], at, dated=dated)


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
        builder.add(exact_key(visible), TokenKind.WORD, start, end)


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
