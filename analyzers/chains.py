"""The chain that index and query share.

1. `tokenizer.PIECE` cuts the text into raw pieces (words, numbers, hyphenated names, addresses);
   `date_context` tells which figures are dates.
2. `tokenizer.expand_piece` makes tokens of a piece: parts of compounds, dates and their parts.
3. `normalize.exact_key` repairs Unicode, places the tone and lowers the case of every word.
4. `normalize.fold` drops all marks.

The text itself never changes, so offsets are code points of what was given.
"""

from collections.abc import Iterator

from .date_context import in_context
from .tokenizer import expand_piece, piece_starts, raw_pieces
from .tokens import Token, TokenKind

# Part of every index's fingerprint: change it whenever the same text may give other tokens.
ANALYSIS_VERSION = "vi-2"


def analyze(text: str) -> list[Token]:
    """The tokens of a text as written, without joined forms; positions count from 0.

    >>> [token.exact for token in analyze("TP.HCM: 1.000.000 đồng")]
    ['tp', 'hcm', '1000000', 'đồng']
    """
    return [token for token in _tokens(text) if token.kind is not TokenKind.JOINED]


def index_tokens(text: str) -> list[Token]:
    """The tokens of a text with joined forms: Pu-tin also as putin, on its first position."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    pieces = raw_pieces(text)
    starts = piece_starts(text, pieces)
    for raw, start in zip(in_context(text, pieces), starts, strict=True):
        piece = expand_piece(raw)
        for token in piece.tokens:
            yield token.placed(start, position)
        position += piece.width
