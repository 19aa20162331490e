"""Telex and VNI keystrokes become syllables, and what is none stays."""

import unicodedata
from itertools import product

import pytest

from analyzers import decode_telex, decode_vni, exact_key, fold

TELEX_TONES = dict(zip("\u0301\u0300\u0309\u0303\u0323", "sfrxj", strict=True))
VNI_TONES = dict(zip("\u0301\u0300\u0309\u0303\u0323", "12345", strict=True))
TELEX_QUALITY = {"\u0302": None, "\u0306": "w", "\u031b": "w"}
VNI_QUALITY = {"\u0302": "6", "\u0306": "8", "\u031b": "7"}
SYLLABLES = (
    "tiếng việt đại hội đảng nghị quyết chủ tịch nước quốc hoà bình người đường giữa giếng gì "
    "khuỷu ngoèo thuở hươu cửa lưu hoặc chuyện luật ngoằn quỹ uỷ yếu đã là bảy trẻ mưa rượu"
)


def telex_keys(syllable: str) -> tuple[str, str]:
    """The keys without the tone's, and the tone's key."""
    keys, tone = "", ""
    for char in unicodedata.normalize("NFD", syllable.replace("đ", "dd")):
        if char in TELEX_TONES:
            tone = TELEX_TONES[char]
        elif char in TELEX_QUALITY:
            keys += TELEX_QUALITY[char] or keys[-1]
        else:
            keys += char
    return keys, tone


def vni_keys(syllable: str) -> tuple[str, str]:
    keys, tone = "", ""
    for char in unicodedata.normalize("NFD", syllable.replace("đ", "d9")):
        if char in VNI_TONES:
            tone = VNI_TONES[char]
        else:
            keys += VNI_QUALITY.get(char, char)
    return keys, tone


def vowel_ends(keys: str) -> list[int]:
    """The places behind the last vowel and at the end, where people press the tone's key."""
    last = max(i for i, key in enumerate(keys) if fold(key) in "aeiouyw6789")
    return sorted({last + 1, len(keys)})


@pytest.mark.parametrize("syllable", SYLLABLES.split())
def test_telex_round_trip(syllable: str) -> None:
    keys, tone = telex_keys(syllable)
    for place in vowel_ends(keys):
        typed = keys[:place] + tone + keys[place:]
        assert decode_telex(typed) == (syllable,)
        assert decode_telex(typed.upper()) == (syllable,)


@pytest.mark.parametrize("syllable", SYLLABLES.split())
def test_vni_round_trip(syllable: str) -> None:
    keys, tone = vni_keys(syllable)
    for place in vowel_ends(keys):
        assert decode_vni(keys[:place] + tone + keys[place:]) == (syllable,)


@pytest.mark.parametrize(
    ("typed", "syllable"),
    [
        ("tieesng", "tiếng"),
        ("vieejt", "việt"),
        ("viejet", "việt"),
        ("vietej", "việt"),
        ("ddarng", "đảng"),
        ("darngd", "đảng"),
        ("nuowcs", "nước"),
        ("nuwowcs", "nước"),
        ("nuwocs", "nước"),
        ("nuocws", "nước"),
        ("nwowcs", "nước"),
        ("thuowr", "thuở"),
        ("muaw", "mưa"),
        ("mooocs", "moóc"),
        ("hoaf", "hoà"),
        ("hofa", "hoà"),
    ],
)
def test_telex_orders(typed: str, syllable: str) -> None:
    assert decode_telex(typed) == (syllable,)


@pytest.mark.parametrize(
    ("typed", "syllable"),
    [
        ("tie6ng1", "tiếng"),
        ("tie61ng", "tiếng"),
        ("vie6t5", "việt"),
        ("d9a5i", "đại"),
        ("dai95", "đại"),
        ("ho65i", "hội"),
        ("la2", "là"),
        ("ne62n", "nền"),
        ("nu7o7c1", "nước"),
        ("nuo7c1", "nước"),
        ("ca81t", "cắt"),
    ],
)
def test_vni_orders(typed: str, syllable: str) -> None:
    assert decode_vni(typed) == (syllable,)


@pytest.mark.parametrize(
    "typed",
    [
        *("lai", "trong", "trang", "tre", "dd", "ddd", "s", "", "vieet", "hojs", "hoazf"),
        *("tests", "taxis", "netflix", "facebook", "pfizer", "covid-19", "tiếng", "tie6ng1"),
        "aes" * 5,
    ],
)
def test_not_telex(typed: str) -> None:
    assert decode_telex(typed) == ()


@pytest.mark.parametrize(
    "typed",
    ["U23", "A380", "h5n1", "5g", "g7", "2014", "t1", "mp3", "d9", "co22", "lai", "tiếng1", ""],
)
def test_not_vni(typed: str) -> None:
    assert decode_vni(typed) == ()


@pytest.mark.parametrize(
    ("typed", "syllable"),
    [("max", "mã"), ("bus", "bú"), ("is", "í"), ("xoong", "xông"), ("tw", "tư"), ("lais", "lái")],
)
def test_look_alikes_decode_and_are_left_to_the_vocabulary(typed: str, syllable: str) -> None:
    assert decode_telex(typed) == (syllable,)


def test_what_comes_out_is_an_exact_key_with_marks() -> None:
    typed = [
        "".join(keys)
        for keys in product("hqgd", ("", "u", "i"), "aeow", ("", "a", "w", "o"), "sfj")
    ]
    decoded = [syllable for keys in typed for syllable in decode_telex(keys)]
    assert len(decoded) > 100
    assert all(exact_key(syllable) == syllable != fold(syllable) for syllable in decoded)
