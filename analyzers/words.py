"""What stands between two spaces into its tokens: no piece spans a space."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from .pieces import LONGEST_CACHED, expand_piece
from .tokenizer import piece_starts, raw_pieces
from .tokens import Piece, PieceToken

_MOST_KNOWN_KEYS = 1 << 15
#: A plain dictionary: asked for thousands of words a search, it takes a fifth of the time.
_known_keys: dict[str, str] = {}


def expand_word(word: str) -> Piece:
    """The tokens of all pieces of a word; results are cached, bounded.

    `start` and `end` count from the first code point of the word, `offset` from the position of
    its first piece.
    """
    if word in _known_keys:
        return expand_piece(word)
    if word.isalnum() or len(word) > LONGEST_CACHED:
        return _expand(word)
    return _expand_cached(word)


def known_keys(words: Iterable[str]) -> Iterator[str | None]:
    """The exact key of each word that is one token of one position, as far as it is known.

    None of a word that is more or less, and of one that `expand_word` has not seen lately.
    """
    return map(_known_keys.get, words)


@lru_cache(maxsize=1 << 13)
def _expand_cached(word: str) -> Piece:
    return _expand(word)


def _expand(word: str) -> Piece:
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
            replace(t, start=start + t.start, end=start + t.end, offset=width + t.offset)
            for t in piece.tokens
        )
        width += piece.width
    return Piece(tuple(tokens), width)


def _remember(word: str, key: str) -> None:
    if len(_known_keys) >= _MOST_KNOWN_KEYS:
        _known_keys.clear()
    # Most words are their own key: one string serves for both.
    _known_keys[word] = word if key == word else key
