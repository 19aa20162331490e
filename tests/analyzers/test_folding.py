"""Every Vietnamese letter folds to its base letter; other scripts stay."""

import unicodedata
from itertools import product
from typing import Literal

import pytest

from analyzers import compatible, exact_key, fold, has_marks

BASES = dict(zip("aăâeêioôơuưyđ", "aaaeeiooouuyd", strict=True))
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def vietnamese_letters() -> list[str]:
    """All 146 letters with or without marks, both cases, in NFC."""
    lower = [
        unicodedata.normalize("NFC", base + tone)
        for base, tone in product(BASES, TONES)
        if base != "đ" or not tone
    ]
    return [letter for pair in zip(lower, map(str.upper, lower), strict=True) for letter in pair]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("letter", vietnamese_letters(), ids=unicodedata.name)
def test_vietnamese_letter(letter: str, form: Literal["NFC", "NFD"]) -> None:
    quality = unicodedata.normalize("NFD", letter.lower())
    toneless = unicodedata.normalize("NFC", "".join(c for c in quality if c not in TONES))
    exact = exact_key(unicodedata.normalize(form, letter))
    assert exact == unicodedata.normalize("NFC", letter.lower())
    assert fold(exact) == BASES[toneless]
    assert has_marks(exact) == (exact != BASES[toneless])
    assert compatible(BASES[toneless], exact)


def test_all_letters_are_there() -> None:
    assert len(set(vietnamese_letters())) == 146


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Łódź", "lodz"),
        ("Strauß", "strauss"),
        ("Søren", "soren"),
        ("Ærø", "aero"),
        ("œuvre", "oeuvre"),
        ("Þór", "thor"),
        ("Ħal", "hal"),
        ("Ŋuyen", "nguyen"),
        ("ﬁlm", "film"),
        ("diyarbakır", "diyarbakir"),
        ("São", "sao"),
        ("Çanakkale", "canakkale"),
        ("Ǌegoš", "njegos"),
    ],
)
def test_foreign_latin_letters(word: str, folded: str) -> None:
    assert fold(exact_key(word)) == folded


@pytest.mark.parametrize(
    "word", ["北京", "москвай", "ελλάδα", "한국", "العربية", "ไทย", "कि", "が"]
)
def test_other_scripts_stay(word: str) -> None:
    assert fold(exact_key(word)) == word


@pytest.mark.parametrize("letter", ["đ", "Đ", "ð", "Ð", "Ɖ", "ɖ"], ids=unicodedata.name)
def test_look_alikes_of_dj(letter: str) -> None:
    assert exact_key(letter) == "đ"


@pytest.mark.parametrize("sign", ["30°", "₫", "½"])
def test_signs_are_not_spelled_out(sign: str) -> None:
    assert fold(sign) == sign
