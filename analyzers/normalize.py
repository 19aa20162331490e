"""The exact key of a token: repaired Unicode, one tone placement, lower case, accents kept."""

import re
import unicodedata
from typing import Final

from unidecode import unidecode

from .syllables import QUALITY_MARKS, TONE_MARKS, place_tone

# Zero-width characters, soft hyphen, joiners, directional controls, variation selectors.
_IGNORABLE_CODES = (
    *(0x00AD, 0x034F, 0x061C, 0x2060, 0xFEFF),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *range(0xFE00, 0xFE10),
)
IGNORABLE = "".join(map(chr, _IGNORABLE_CODES))

_IGNORABLE = re.compile(f"[{IGNORABLE}]+")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LOOK_ALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"}) | _FULL_WIDTH
_SMALL_DIGITS = "²³¹⁰⁴-⁹₀-₉"
_UNIT_EXPONENT = re.compile(rf"(?<=[^\W\d_{_SMALL_DIGITS}])[{_SMALL_DIGITS}]+")
_MARK_CLUSTER = re.compile(f"[{TONE_MARKS}{QUALITY_MARKS}]{{2,}}")


def exact_key(raw: str) -> str:
    """The key that an accent-sensitive field stores for one raw token.

    >>> exact_key("HÒA")
    'hoà'
    """
    if raw.isascii():
        return raw.lower()
    lowered = unicodedata.normalize("NFC", _lower(repair(raw)))
    return place_tone(lowered)


def drop_ignorable(raw: str) -> str:
    """The token without the characters that nobody sees."""
    return raw if raw.isascii() else _IGNORABLE.sub("", raw)


def repair(raw: str) -> str:
    """The text in NFC, case kept: no ignorables, no look-alikes of đ, marks in order and once.

    Raised and lowered digits after a letter become plain (km², CO₂); after a digit they stay (10²).
    """
    visible = _IGNORABLE.sub("", raw).translate(_LOOK_ALIKES)
    decomposed = unicodedata.normalize("NFD", visible)
    composed = unicodedata.normalize("NFC", _MARK_CLUSTER.sub(_in_order, decomposed))
    return _UNIT_EXPONENT.sub(_plain_digits, composed)


def _in_order(cluster: re.Match[str]) -> str:
    """Quality marks before tone marks, each once: NFC composes ế from no other order."""
    marks = dict.fromkeys(cluster[0])
    return "".join(sorted(marks, key=lambda mark: mark in TONE_MARKS))


def _plain_digits(raised: re.Match[str]) -> str:
    return "".join(str(unicodedata.digit(char)) for char in raised[0])


def _lower(text: str) -> str:
    # str.lower makes two code points of İ.
    return text.replace("İ", "i").lower()


# Letters that the tables here do not know are Unidecode's: Latin ones are folded as it spells them,
# words of other scripts keep their key and get a second one.
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


def has_marks(exact: str) -> bool:
    """True when an exact key carries at least one mark; đ counts as one."""
    return exact != fold(exact)


def romanized(exact: str) -> str | None:
    """The exact key of another script in Latin letters; None for one that holds Latin letters.

    >>> romanized("горбачёв"), romanized("习近平"), romanized("łódź")
    ('gorbachev', 'xijinping', None)
    """
    folded = fold(exact)
    letters = [char for char in folded if char.isalpha()]
    if not letters or any(map(str.isascii, letters)):
        return None
    bases = (char for char in unicodedata.normalize("NFD", exact) if ord(char) not in _COMBINING)
    spelled = unidecode("".join(bases)).lower()
    return "".join(filter(str.isalnum, spelled)) or None


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
