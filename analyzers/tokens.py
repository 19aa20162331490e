"""Tokens: the terms of a text with their places, and those of one piece of it."""

from dataclasses import dataclass
from enum import StrEnum


class TokenKind(StrEnum):
    """What a token was written as."""

    WORD = "word"
    CODE = "code"
    """A name or identifier with signs in it: U.23, A.I., C++, 29A-123.45."""
    SIGN = "sign"
    """& between words."""
    NUMBER = "number"
    DATE = "date"
    FRACTION = "fraction"
    """Figures with a slash that are no date: vòng 1/8, số nhà 12/5."""
    TIME = "time"
    URL = "url"
    EMAIL = "email"
    JOINED = "joined"


#: Kinds of tokens that stand on the position of another one, and take none themselves.
STACKED = frozenset({TokenKind.DATE, TokenKind.FRACTION, TokenKind.JOINED})


@dataclass(frozen=True, slots=True)
class Token:
    """One term of a text, with its place.

    `start` and `end` are code points of the original text. `position` counts the tokens of the
    stream from 0; tokens of a kind in STACKED share the position of their first part.
    """

    exact: str
    folded: str
    start: int
    end: int
    position: int
    kind: TokenKind


@dataclass(frozen=True, slots=True)
class PieceToken:
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


@dataclass(frozen=True, slots=True)
class Piece:
    """All tokens of one raw match; `width` is the number of positions it takes (0 for a mark)."""

    tokens: tuple[PieceToken, ...]
    width: int
