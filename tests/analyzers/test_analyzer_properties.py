"""What holds for any text at all: odd Unicode, long lines, several threads."""

import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import pytest
from helpers import assert_sound, terms_of
from hypothesis import example, given
from hypothesis import strategies as st

from analyzers import (
    PieceToken,
    TokenKind,
    analyze,
    exact_key,
    expand_piece,
    fold,
    index_tokens,
    raw_pieces,
)

VIETNAMESE = "aAăâbcđĐeêghiklmnoôơpqrstuưvxyệộừẵớýòạ"
SEPARATORS = " .,;:/-–_'’\"“”()@&%\n\t\r"
ODD = "\u200b\u00ad\ufeff\u0301\u0323\u0302\u031b\u0300İŁßÐ½²₂١०１Ａº한ก็が🇻\x00\ud800\u2028"

news_like = st.text(alphabet=VIETNAMESE + SEPARATORS + "0123456789" + ODD, max_size=80)
anything = st.text(alphabet=st.characters(), max_size=40)
texts = st.one_of(news_like, anything)


@given(texts)
@example("I\u0307J\u030c")
@example("10²³ km²³")
@example("ΑΣ ς")
def test_keys_are_idempotent(text: str) -> None:
    exact = exact_key(text)
    assert exact_key(exact) == exact
    assert fold(fold(exact)) == fold(exact)
    for token in index_tokens(text):
        assert unicodedata.is_normalized("NFC", token.exact)
        assert fold(token.folded) == token.folded == fold(token.exact)
        if token.kind is TokenKind.WORD:
            assert exact_key(token.exact) == token.exact


@given(texts)
@example("http://a.vn/\u200b.")
@example("1\u200b0 a\u200b-\u200bb")
@example("0/0\u0300 1.5\u0301b-c 9:30\u0300")
@example("1.500\u200b 1,5\u00ada 1/1/2014\ufe0f")
def test_any_text_is_sound(text: str) -> None:
    assert_sound(text, analyze(text))
    text.encode("utf-8", "surrogatepass")


@given(news_like)
def test_unicode_form_does_not_matter(text: str) -> None:
    assert terms_of(unicodedata.normalize("NFC", text)) == terms_of(text)
    assert terms_of(unicodedata.normalize("NFD", text)) == terms_of(text)


@given(texts)
def test_case_does_not_matter(text: str) -> None:
    lowered = text.replace("İ", "i").lower()
    assert [fold(term) for term in terms_of(lowered)] == [fold(term) for term in terms_of(text)]


@given(texts)
def test_pieces_are_the_text_in_order(text: str) -> None:
    at = 0
    for raw in raw_pieces(text):
        skipped, at = text[at : text.index(raw, at)], text.index(raw, at) + len(raw)
        assert not any(char.isalnum() for char in skipped)
    assert not any(char.isalnum() for char in text[at:])


@given(texts)
def test_pieces_expand_to_the_tokens_of_the_index(text: str) -> None:
    pieces = [expand_piece(raw) for raw in raw_pieces(text)]
    expanded: list[PieceToken] = [token for piece in pieces for token in piece.tokens]
    assert [token.exact for token in expanded] == [token.exact for token in index_tokens(text)]
    for piece in pieces:
        offsets = {token.offset for token in piece.tokens}
        assert offsets == set(range(piece.width))


@given(texts)
def test_joined_forms_are_the_only_difference(text: str) -> None:
    without = [token for token in index_tokens(text) if token.kind is not TokenKind.JOINED]
    assert without == analyze(text)


def test_every_letter_stays_one_token_when_decomposed() -> None:
    letters = [chr(code) for code in range(0x10000) if chr(code).isalpha()]
    composed = [c for c in letters if unicodedata.normalize("NFD", c) != c]
    assert len(composed) > 10_000
    broken = [c for c in composed if len(analyze(f"x{unicodedata.normalize('NFD', c)}x")) != 1]
    assert broken == []


def test_four_threads_agree() -> None:
    text = " ".join(
        f"Đường-{n} số {n}.{n:03d} ngày {n % 28 + 1}/12/20{n % 90 + 10}" for n in range(3000)
    )
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(index_tokens, [text] * 4))
    assert results[0] == results[1] == results[2] == results[3]
    assert len(results[0]) > 20_000


# Each would take hours if its work grew with the square of its length.
HOSTILE: dict[str, tuple[str, int]] = {
    "sentence of letters": ("a." * 200_000, 200_000),
    "one word": ("a" * 1_000_000, 1),
    "marks": ("e" + "\u0301" * 1_000_000, 1),
    "zero-width spaces": ("a\u200b" * 500_000, 1),
    "zero-width spaces only": ("\u200b" * 1_000_000, 0),
    "NUL": ("\x00" * 1_000_000, 0),
    "lone surrogates": ("\ud800" * 500_000 + "a", 1),
    "digits": ("1" * 1_000_000, 1),
    "points and digits": ("1." * 500_000, 1),
    "hyphens": ("a-" * 100_000, 100_000),
    "slashes": ("1/" * 100_000, 100_000),
    "commas": ("1," * 100_000, 100_000),
    "addresses": ("http://" * 100_000, 1),
    "an address of points": ("http://" + "." * 500_000, 1),
    "addresses of points": ("http://... " * 50_000, 50_000),
    "at signs": ("a@" * 100_000, 100_000),
    "plus signs": ("a+" * 100_000, 100_000),
    "underscores": ("a_" * 100_000, 100_000),
}


@pytest.mark.parametrize(("text", "count"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text(text: str, count: int) -> None:
    tokens = analyze(text)
    assert len(tokens) == count
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)


@pytest.mark.parametrize(
    "unit", ["Quốc hội ", "a.", "Pu-tin,", "20/11/2014 ", "x@y.vn ", "\u200ba", "1,"]
)
def test_calls_grow_with_the_length_only(unit: str) -> None:
    once = calls_of(lambda: analyze(unit * 2_000))
    assert calls_of(lambda: analyze(unit * 4_000)) <= 2 * once + 1_000


def calls_of(work: Callable[[], object]) -> int:
    """How many calls of Python and C functions the work makes."""
    count = 0

    def on_event(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(on_event)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
