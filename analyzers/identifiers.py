"""Names and numbers with signs in them: U.23, A.I., C++, 29A-123.45, #ViecTuTe, 東京都.

Each function gives the key that all house styles of one thing share, or its parts.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

_LETTER: Final = "A-Za-zĐđ"
#: Before a point, behind a single letter: U.23, A.I.
_ALONE: Final = rf"(?<=[{_LETTER}])(?<![^\W_]{{2}})"
_TITLES: Final = r"(?<=[TtPp][Hh])(?<![^\W_]{3})"

#: What follows the letter of C++, F#, A+.
SIGNED_TAIL: Final = rf"{_ALONE}(?:\+\+?+|#)(?![\w+#])"


def points_in_names(marks: str) -> str:
    """The pattern of the points of U.23, A.I. and Th.S.

    Args:
        marks: characters that belong to the letter before them.
    """
    single = rf"[{_LETTER}](?![^\W_]|[{marks}])"
    return rf"{_ALONE}\.(?=\d|{single})|{_TITLES}\.(?=[SsDd](?![^\W_]|[{marks}]))"


_NET: Final = re.compile(r"\.net", re.IGNORECASE)
_SIGNED: Final = re.compile(rf"[{_LETTER}](?:\+\+?|#)")
_NUMBERED: Final = re.compile(rf"([{_LETTER}])[.-](\d{{1,4}}[A-Za-z]{{0,2}})")
_INITIALS: Final = re.compile(
    rf"(?:[{_LETTER}]\.){{1,5}}[{_LETTER}]|(?:th|ph)\.[sd]", re.IGNORECASE
)
_PLATE: Final = re.compile(
    rf"(\d{{2}})-?([{_LETTER}]{{1,2}}\d?)-?(?:(\d{{3}})\.(\d{{2}})|(\d{{4,5}}))"
)
_SEPARATORS: Final = re.compile(r"[.-]")


def code_key(piece: str) -> str | None:
    """One key of a name or identifier in all of its typings; None for other pieces.

    >>> [code_key(each) for each in ("U.23", "G-7", "A.I", "29A-123.45", "C++", "Pu-tin")]
    ['u23', 'g7', 'ai', '29a12345', 'c++', None]
    """
    if _SIGNED.fullmatch(piece) or _NET.fullmatch(piece):
        return piece.lower()
    if _NUMBERED.fullmatch(piece) or _INITIALS.fullmatch(piece) or _is_plate(piece):
        return _SEPARATORS.sub("", piece).lower()
    return None


def _is_plate(piece: str) -> bool:
    return piece[0].isdecimal() and _PLATE.fullmatch(piece) is not None


def hashtag_parts(body: str) -> Iterator[tuple[int, str]]:
    """The words of a hashtag, each with its place: at capitals, figures and underscores.

    >>> [part for _, part in hashtag_parts("BaoLuMienTrung_2024")]
    ['Bao', 'Lu', 'Mien', 'Trung', '2024']
    """
    for run in re.finditer(r"[^_]+", body):
        start = 0
        text = run[0]
        for at in range(1, len(text) + 1):
            if at == len(text) or _is_joint(text, at, start):
                yield run.start() + start, text[start:at]
                start = at


def _is_joint(text: str, at: int, start: int) -> bool:
    """Whether a word of a hashtag ends before a place: covid|19, Viec|Tu, VN|Express, not U|23."""
    before, here = text[at - 1], text[at]
    if before.isdecimal() != here.isdecimal():
        return (before.isdecimal() or at - start > 1) and (before + here).isalnum()
    if not here.isupper():
        return False
    return before.islower() or (at + 1 < len(text) and text[at + 1].islower())


#: Scripts that write without blanks, or glue endings on: Han, kana, Hangul, Thai, Lao, Khmer,
#: Burmese; with the marks that belong to their letters.
UNSPACED: Final = (
    "\u0e01-\u0e4e\u0e81-\u0ece\u1000-\u109f\u1780-\u17d3\u3005\u3041-\u3096\u3099\u309a"
    "\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
)
_UNSPACED: Final = re.compile(rf"[{UNSPACED}]+")


def bigram_spans(letters: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans of every two neighbouring letters, from the span of each letter."""
    for (start, _), (_, end) in pairwise(letters):
        yield start, end


def is_unspaced(run: str) -> bool:
    """Whether a run of letters is wholly in scripts without blanks."""
    return _UNSPACED.fullmatch(run) is not None
