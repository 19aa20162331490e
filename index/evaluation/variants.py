"""The ways in which people type one query: with accents, without, with some, with raw keys."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final


class QueryVariant(StrEnum):
    """A way of typing; the value is its name in files and options."""

    AS_WRITTEN = "accented"
    NO_ACCENTS = "none"
    HALF = "half"
    OTHER_TONE = "tone_nfd"
    TELEX = "telex"


#: The four ways that are compared with the query as it was written.
OTHER_VARIANTS: Final = tuple(
    variant for variant in QueryVariant if variant is not QueryVariant.AS_WRITTEN
)


def typed(query: str, variant: QueryVariant) -> str:
    """The query as typed in one of the ways; quotes, operators and spacing stay.

    >>> typed("lũ lụt ở Hòa Bình", QueryVariant.HALF), typed("Hòa Bình", QueryVariant.TELEX)
    ('lũ lut ở Hoa Bình', 'Hoaf Binhf')
    """
    return _TYPISTS[variant](unicodedata.normalize("NFC", query))


def _as_written(query: str) -> str:
    return query


def _without_accents(text: str) -> str:
    letters = text.translate(_PLAIN_D)
    kept = [
        char for char in unicodedata.normalize("NFD", letters) if not unicodedata.combining(char)
    ]
    return unicodedata.normalize("NFC", "".join(kept))


def _with_half(query: str) -> str:
    """Every second word that carries marks loses them, the first keeps its own."""
    marked = 0

    def strip(match: re.Match[str]) -> str:
        nonlocal marked
        word = match[0]
        plain = _without_accents(word)
        marked += plain != word
        return word if marked % 2 else plain

    return _WORD.sub(strip, query)


def _other_tone_places(query: str) -> str:
    return unicodedata.normalize("NFD", _MOVABLE_TONE.sub(lambda m: _MOVED[m[0]], query))


def _as_keys(query: str) -> str:
    return _WORD.sub(lambda match: _keys(match[0]), query)


def _keys(word: str) -> str:
    """Telex keys of a word, its tone last; characters without a key stay as they are.

    A word of capitals is typed with the shift key held down: ĐƯỜNG is DDUOWNGF.
    """
    keys: list[str] = []
    tone = ""
    for char in unicodedata.normalize("NFD", word.replace("đ", "dd").replace("Đ", "Dd")):
        if char in _TONE_KEYS:
            tone = _TONE_KEYS[char]
        elif char == _CIRCUMFLEX and keys:
            keys.append(keys[-1].lower())
        elif char in _HOOKS:
            keys.append("w")
        else:
            keys.append(char)
    text = unicodedata.normalize("NFC", "".join(keys))
    # One key gives both horns: people type nuowcs, not nuwowcs.
    typed = _TWO_HORNS.sub(r"\1\2w", text) + tone
    return typed.upper() if len(word) > 1 and word.isupper() else typed


_PLAIN_D: Final = str.maketrans("đĐ", "dD")
_WORD: Final = re.compile(r"[^\W\d_]+")
_CIRCUMFLEX: Final = "\u0302"
_HOOKS: Final = frozenset("\u0306\u031b")
_TONE_KEYS: Final = dict(zip("\u0301\u0300\u0309\u0303\u0323", "sfrxj", strict=True))
_TWO_HORNS: Final = re.compile(r"([uU])w([oO])w")


def _tone_places() -> dict[str, str]:
    """òa ↔ oà and its like, in every case."""
    moved: dict[str, str] = {}
    for first, second in ("oa", "oe", "uy"):
        for tone in _TONE_KEYS:
            old, new = first + tone + second, first + second + tone
            for cased in (str.lower, str.upper, str.capitalize):
                pair = [unicodedata.normalize("NFC", cased(form)) for form in (old, new)]
                moved |= {pair[0]: pair[1], pair[1]: pair[0]}
    return moved


_MOVED: Final = _tone_places()
# Only at the end of a syllable, where both places are in use; the u of quý is not a vowel.
_MOVABLE_TONE: Final = re.compile(rf"(?<![qQ])(?:{'|'.join(_MOVED)})(?![^\W\d_])")

_TYPISTS: Final[Mapping[QueryVariant, Callable[[str], str]]] = {
    QueryVariant.AS_WRITTEN: _as_written,
    QueryVariant.NO_ACCENTS: _without_accents,
    QueryVariant.HALF: _with_half,
    QueryVariant.OTHER_TONE: _other_tone_places,
    QueryVariant.TELEX: _as_keys,
}
