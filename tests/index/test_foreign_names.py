"""Names of other languages in Vietnamese news: what the folding table lacks is Unidecode's."""

import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator

import pytest
from small_index import SmallIndex, small_index

from analyzers import exact_key, fold, index_tokens
from analyzers.normalize import romanized

NEWS = {
    "czech": "Cố tổng thống Václav Havel và đạo diễn Jiří Menzel được vinh danh ở Praha",
    "polish": "Đoàn tàu Łódź chở nhà văn Stanisław Żeromski rời Kraków sáng nay",
    "turkish": "Tổng thống Erdoğan gặp Kılıçdaroğlu ở Diyarbakır, theo báo Işık",
    "russian": "Ông Михаил Горбачёв từng thăm thành phố Санкт-Петербург",
    "chinese": "Chủ tịch Tập Cận Bình (习近平) rời Bắc Kinh (北京), cưỡi ngựa (马)",
    "maltese": "Người Ħamrun và người Þórshöfn dự hội chợ",
    "azeri": "Nhà thơ Əhməd Cavad sinh ở Gəncə",
    "kazakh": "Ca sĩ Әлия Мәмбетова hát ở Алматы",
    "horse": "Mã đáo thành công, má và mạ",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallIndex]:
    with small_index(tmp_path_factory.mktemp("names"), NEWS) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("vaclav havel", "czech"),
        ("Václav Havel", "czech"),
        ("jiri", "czech"),
        ("lodz", "polish"),
        ("Łódź", "polish"),
        ("stanislaw zeromski", "polish"),
        ("erdogan", "turkish"),
        ("Erdoğan kilicdaroglu", "turkish"),
        ("diyarbakir isik", "turkish"),
        ("gorbachev", "russian"),
        ("mikhail gorbachev", "russian"),
        ('"ông mikhail gorbachev"', "russian"),
        ("Горбачёв", "russian"),
        ("sankt peterburg", "russian"),
        ("xi jinping", "chinese"),
        ("xijinping", "chinese"),
        ("习近平", "chinese"),
        ("beijing", "chinese"),
        ("hamrun", "maltese"),
        ("thorshofn", "maltese"),
        ("ehmed gence", "azeri"),
        ("Əhməd", "azeri"),
        ("aliia mambetova", "kazakh"),
        ("ma", "horse"),  # 马 spells a syllable: it would stand beside every má
    ],
)
def test_a_name_is_found_without_its_letters(index: SmallIndex, query: str, expected: str) -> None:
    assert index.names(query) == {expected}


@pytest.mark.parametrize(
    ("query", "marked"), [("gorbachev", "Горбачёв"), ("xi jinping", "习近平"), ("lodz", "Łódź")]
)
def test_what_was_found_is_marked_as_written(index: SmallIndex, query: str, marked: str) -> None:
    [hit] = index.search(query).hits
    assert hit.highlights is not None
    assert [part.text for part in hit.highlights.title if part.marked] == [marked]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Горбачёв", ["gorbachev", "горбачёв"]),
        ("北京", ["beijing", "北京"]),
        ("β", ["β"]),  # a sign, no name
        ("µm", ["µm"]),
        ("马", ["马"]),
        # The whole run is stacked on its first two letters; its spelling is too long for that.
        (
            "北京大学的学生在图书馆",
            [
                "北京大学的学生在图书馆",
                "北京",
                "京大",
                "大学",
                "学的",
                "的学",
                "学生",
                "生在",
                "在图",
                "图书",
                "书馆",
            ],
        ),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert [token.exact for token in index_tokens(text)] == terms


def test_no_vietnamese_letter_reaches_unidecode() -> None:
    """Unidecode loads its table of 256 letters, `x01e` and so on, when it first spells one."""
    program = """
import sys, unicodedata
from itertools import product
from analyzers import exact_key, fold, index_tokens
def tables(): return {n for n in sys.modules if n.startswith("unidecode.x")}
bases, tones = "aăâeêioôơuưyđbcghklmnpqrstvx", ("", *"\\u0300\\u0301\\u0303\\u0309\\u0323")
letters = [unicodedata.normalize("NFC", b + t) for b, t in product(bases, tones)]
for text in [*letters, *map(str.upper, letters), "".join(letters)]:
    index_tokens(text), index_tokens(unicodedata.normalize("NFD", text))
print(tables())
fold("ħ")
print(tables())
"""
    run = subprocess.run(  # noqa: S603  # this interpreter, the fixed program above
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == ["set()", "{'unidecode.x001'}"]


def test_latin_letters_keep_their_key_where_unidecode_spells_no_letters() -> None:
    letters = {exact_key(chr(code)) for code in range(0xC0, 0x250)}
    kept = {letter for letter in letters if letter.isalpha() and not fold(letter).isascii()}
    assert kept == set("ǀǁǂǃɂʌ")


def _letters(*scripts: str) -> set[str]:
    """The exact keys of all letters of these scripts."""
    letters = filter(str.isalpha, map(chr, range(sys.maxunicode + 1)))
    return {exact_key(char) for char in letters if unicodedata.name(char, "").startswith(scripts)}


def test_a_folded_letter_is_made_of_letters_and_digits() -> None:
    for letter in _letters("LATIN", "GREEK", "CYRILLIC"):
        assert fold(letter).isalnum(), letter
        assert fold(fold(letter)) == fold(letter), letter


def test_no_letter_of_a_name_is_lost_where_it_is_spelled_in_latin_letters() -> None:
    lost = set()
    for letter in _letters("GREEK", "CYRILLIC"):
        spelled = romanized(f"пе{letter}то")
        assert spelled is None or (spelled.isascii() and spelled.isalnum()), letter
        if spelled == "peto":
            lost.add(letter)
    assert lost == set("ъьҍʹϗ")  # the hard and the soft sign, a numeral's mark, "and"


@pytest.mark.parametrize(
    ("name", "spelled"),
    [("김이", "gimi"), ("ӏ", None), ("пӷто", None), ("объект", "obekt"), ("қазақ", "kazak")],
)
def test_spellings(name: str, spelled: str | None) -> None:
    assert romanized(name) == spelled
