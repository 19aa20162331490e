"""The shortcut finds what tokenizing the whole text finds, wherever words and marks meet."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from analyzers import Token, expand_word, index_tokens, words_with
from index.results.wanted_words import WantedWords

_FRAGMENTS = (
    *("Hà", "nội", "NỘI", "ha", "TP.HCM", "covid-19", "15/2014/NĐ-CP", "10.5", "1,", "25/8/2026"),
    *("http://x.vn/a", "www.", "a@b.vn", "bão_lũ", "lu\u0303", "đắk", "d'Or", "ʻa", "2/", "HTTPS"),
    *("4Hà", "10/4Hà", "Hà4", "hòa", "HOÀ", "thuỷ", "thủy", "Pu-tin", "putin", "Thuỵ’s"),
    *(",", ".", "–", "(", ")", "“", "…", "*", "/", ":", "-", "'", "\u0301", "\u200b", "😀"),
    *(" ", " ", " ", " ", "  ", ", ", ". ", "\u00a0", "\n", "\t", "\u3000"),
)
_TEXTS = st.lists(st.sampled_from(_FRAGMENTS) | st.characters(codec="utf-8"), max_size=30).map(
    "".join
)


def _apart(tokens: list[Token]) -> list[int]:
    """Steps of position from token to token, 2 for any longer one."""
    return [min(after.position - before.position, 2) for before, after in pairwise(tokens)]


@given(_TEXTS, st.sets(st.integers(0, 40)), st.booleans())
@example("Hà Nội, Hà – Nội. Hà * * Nội", {0, 1}, False)
@example("HTTPS://x.vn/a, b. c", {0, 2}, False)
def test_wanted_tokens_are_those_of_the_whole_text(
    text: str, numbers: set[int], bare: bool
) -> None:
    everything = index_tokens(text)
    chosen = [everything[number] for number in numbers if number < len(everything)]
    exact = {token.exact for token in chosen}
    folded = {token.folded for token in chosen} if bare else set()
    expected = [t for t in everything if t.exact in exact or t.folded in folded]
    finder = WantedWords(exact, folded)
    for found in finder.tokens([text, text, text]) + finder.tokens([text]):
        assert [(t.exact, t.folded, t.start, t.end, t.kind) for t in found] == [
            (t.exact, t.folded, t.start, t.end, t.kind) for t in expected
        ]
        assert _apart(list(found)) == _apart(expected)


def test_words_are_known_once_they_were_seen() -> None:
    words = ["Thuỷ-lợi", "THUỶ", "…", "10.5"]
    assert [expand_word(word).width for word in words] == [2, 1, 0, 1]
    asked = {*words, "chưagặpbaogiờ"}
    unknown = {"Thuỷ-lợi", "…", "chưagặpbaogiờ"}
    assert words_with(asked, {"thuỷ"}) == (["THUỶ"], unknown)
    assert words_with(asked, {"10.5"}) == (["10.5"], unknown)
    assert words_with(asked, {"lợi"}) == ([], unknown)


def test_long_words_are_not_kept() -> None:
    word = "dài" * 40
    assert expand_word(word).width == 1
    assert words_with({word}, {word}) == ([], {word})
