"""Text into raw pieces: the one regular expression, applied without a look at the context.

A piece is what no separator interrupts: a word, a number with its points, a hyphenated name, a
URL, an e-mail address. `pieces.expand_piece` turns it into tokens. Every repeat is possessive or
bounded (a URL gives back its closing punctuation only), so the work is linear in the length.
"""

import re
import unicodedata
from collections.abc import Iterable

from .normalize import IGNORABLE

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
