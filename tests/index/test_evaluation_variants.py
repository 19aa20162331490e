"""The ways in which one query is typed."""

import re
import unicodedata
from pathlib import Path

import pytest

from analyzers import analyze, decode_telex, has_marks, is_syllable
from index.evaluation import QueryVariant, typed

QUERY = 'Nước ở đập "Hòa Bình" -thủy'


@pytest.fixture(scope="module")
def syllables(repository: Path) -> list[str]:
    """Every well-formed syllable with marks that the sample documents have."""
    texts = [path.read_text(encoding="utf-8") for path in (repository / "sample_docs").rglob("*.*")]
    words = {token.exact for text in texts for token in analyze(text)}
    found = sorted(word for word in words if is_syllable(word) and has_marks(word))
    assert len(found) > 1000
    return found


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        (QueryVariant.AS_WRITTEN, QUERY),
        (QueryVariant.NO_ACCENTS, 'Nuoc o dap "Hoa Binh" -thuy'),
        (QueryVariant.HALF, 'Nước o đập "Hoa Bình" -thuy'),
        (QueryVariant.TELEX, 'Nuowcs owr ddaapj "Hoaf Binhf" -thuyr'),
    ],
)
def test_a_query_is_typed_in_other_ways(variant: QueryVariant, expected: str) -> None:
    assert typed(QUERY, variant) == expected
    assert typed(unicodedata.normalize("NFD", QUERY), variant) == expected


def test_the_other_tone_placement_is_decomposed_too() -> None:
    expected = 'Nước ở đập "Hoà Bình" -thuỷ'
    assert typed(QUERY, QueryVariant.OTHER_TONE) == unicodedata.normalize("NFD", expected)


@pytest.mark.parametrize(
    ("old", "new"),
    [("HÒA", "HOÀ"), ("Khỏe", "Khoẻ"), ("lũy", "luỹ"), ("họa,", "hoạ,"), ("Úy", "Uý")],
)
def test_tones_move_both_ways(old: str, new: str) -> None:
    assert unicodedata.normalize("NFC", typed(old, QueryVariant.OTHER_TONE)) == new
    assert unicodedata.normalize("NFC", typed(new, QueryVariant.OTHER_TONE)) == old


@pytest.mark.parametrize("word", ["quý", "hoàn", "toán", "khuỷu", "thuở", "của", "mía"])
def test_tones_stay_where_there_is_one_place_only(word: str) -> None:
    assert unicodedata.normalize("NFC", typed(word, QueryVariant.OTHER_TONE)) == word


def test_every_syllable_is_the_same_term_with_its_tone_elsewhere(syllables: list[str]) -> None:
    for word in syllables:
        assert [token.exact for token in analyze(typed(word, QueryVariant.OTHER_TONE))] == [word]


def test_every_syllable_comes_back_from_its_keys(syllables: list[str]) -> None:
    for word in syllables:
        assert word in decode_telex(typed(word, QueryVariant.TELEX))


def test_without_accents_only_plain_letters_remain(syllables: list[str]) -> None:
    assert all(re.fullmatch("[a-z]+", typed(word, QueryVariant.NO_ACCENTS)) for word in syllables)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("ĐƯỜNG SẮT", "DDUOWNGF SAWTS"),
        ("Đường", "Dduowngf"),
        ("UỶ BAN ở TP.HCM", "UYR BAN owr TP.HCM"),
        ("Ở Đà Nẵng", "Owr Ddaf Nawngx"),
        ("NGƯỜI ĐÔNG", "NGUOWIF DDOONG"),
    ],
)
def test_capitals_are_typed_with_the_shift_key_held_down(query: str, keys: str) -> None:
    assert typed(query, QueryVariant.TELEX) == keys
