"""The folded key: the exact key without any mark, đ as d."""

import unicodedata
from typing import Final

from unidecode import unidecode

_COMBINING: Final = range(0x0300, 0x0370)
_LETTERS: Final = {
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ø": "o",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
}


class _FoldTable(dict[int, str]):
    """A table for str.translate that works each character out when it is first seen."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def fold(exact: str) -> str:
    """The key that an accent-blind field stores for an exact key.

    >>> fold("đường")
    'duong'
    """
    return exact if exact.isascii() else exact.translate(_TABLE)


def _fold_character(char: str) -> str:
    if ord(char) in _COMBINING:
        return ""
    if not unicodedata.name(char, "").startswith("LATIN"):
        return char
    base = unicodedata.normalize("NFD", char)[0]
    known = base if base.isascii() else _LETTERS.get(base)
    if known is not None:
        return known
    spelled = unidecode(base).lower()
    return spelled if spelled.isascii() and spelled.isalnum() else char


_TABLE: Final = _FoldTable()
