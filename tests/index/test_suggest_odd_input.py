"""Suggestions for odd text: nothing breaks, and what can be understood is."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legacy_texts import encoded
from small_index import SmallIndex, small_index

from index import SearchEngine, SuggestionKind, SuggestRequest, open_engine


@pytest.fixture(scope="module")
def demo(demo_archive: str) -> Iterator[SearchEngine]:
    engine = open_engine(demo_archive)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    "typed",
    ["", " ", "\t\n", "\u200b", "…", "?!", "--", '"', "“”", "😀", "(", "~", "*", "\x00", "\ud800"],
)
def test_text_without_words_has_no_suggestions(demo: SearchEngine, typed: str) -> None:
    assert demo.suggest(SuggestRequest(text=typed)).items == ()


@pytest.mark.parametrize(
    "typed",
    ["ha -noi", "ha OR n", "tieude:ha n", "muc:thoi", "ha n*", "(ha AND n)", "NOT ha", "ngay:2026"],
)
def test_operators_and_fields_have_no_suggestions(demo: SearchEngine, typed: str) -> None:
    assert demo.suggest(SuggestRequest(text=typed)).items == ()


@pytest.mark.parametrize(
    "typed", ['"hà n', '"hà n"', "“hà n", "hà n.", "hà, n", "hà\xa0n", "hà\tn"]
)
def test_punctuation_does_not_count(demo: SearchEngine, typed: str) -> None:
    assert demo.suggest(SuggestRequest(text=typed)).items[0].text == "hà nội"


def test_decomposed_letters_are_composed(demo: SearchEngine) -> None:
    found = demo.suggest(SuggestRequest(text=unicodedata.normalize("NFD", "Hà nộ")))
    assert found.text == "Hà nộ"
    assert found.items[0].text == "hà nội"


def test_pasted_tcvn3_is_read(demo: SearchEngine) -> None:
    found = demo.suggest(SuggestRequest(text=encoded("thời tiết hà nội", "tcvn3")))
    assert found.text == "thời tiết hà nội"
    assert any(item.kind is SuggestionKind.TITLE for item in found.items)


@pytest.mark.parametrize("typed", ["a" * 500, "ha " * 166, "hà nội " * 71, "ế" * 500, "1" * 500])
def test_the_longest_texts_are_answered(demo: SearchEngine, typed: str) -> None:
    assert len(demo.suggest(SuggestRequest(text=typed)).items) <= 8


def test_beyond_the_longest_query_there_is_nothing(demo: SearchEngine) -> None:
    assert demo.suggest(SuggestRequest(text="hà " * 400)).items == ()


def test_an_empty_index_has_no_suggestions(tmp_path: Path) -> None:
    with small_index(tmp_path, {}) as index:
        found = index.engine.suggest(SuggestRequest(text="ha n"))
        assert found.items == ()


def test_text_without_marks_is_found_and_shown(tmp_path: Path) -> None:
    with small_index(tmp_path, {"a": "Ha Noi traffic", "b": "Hà Nội mưa"}) as index:
        found = index.engine.suggest(SuggestRequest(text="ha noi")).items
        titles = {item.text for item in found if item.kind is SuggestionKind.TITLE}
        assert titles == {"Ha Noi traffic", "Hà Nội mưa"}
        assert all("\x1f" not in item.text for item in found)
        marked = index.engine.suggest(SuggestRequest(text="hà nội")).items
        assert [i.text for i in marked if i.kind is SuggestionKind.TITLE] == ["Hà Nội mưa"]


def test_joined_names_and_dates_stand_in_headlines(tmp_path: Path) -> None:
    with small_index(tmp_path, {"a": "Ông Pu-tin thăm Hà Nội ngày 20/11/2014"}) as index:
        for typed in ("pu-t", "pu-tin th", "nội ng", "ngày 20"):
            found = index.engine.suggest(SuggestRequest(text=typed)).items
            assert "a" in [item.doc_id for item in found], typed


def test_parts_add_up_to_the_text_with_markup_as_it_is(tmp_path: Path) -> None:
    with small_index(tmp_path, {"a": '<b>Hà "Nội"</b> & 3 < 5 😀'}) as index:
        title = index.engine.suggest(SuggestRequest(text="ha n")).items[-1]
    assert title.doc_id == "a"
    assert "".join(part.text for part in title.parts) == title.text


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallIndex]:
    documents = {"a": "Hà Nội xả lũ", "b": "Ma túy và má", "c": "Ha Noi OR <b>", "d": "Đường 5"}
    with small_index(tmp_path_factory.mktemp("odd"), documents) as index:
        yield index


@given(
    typed=st.text(max_size=40)
    | st.lists(
        st.sampled_from(["hà", "ha", "ma", "n", "OR", "-", '"', "đ", "ddu", "vi6", " ", "5", ":"]),
        max_size=8,
    ).map("".join)
)
def test_any_text_is_answered_alike_twice(small: SmallIndex, typed: str) -> None:
    found = small.engine.suggest(SuggestRequest(text=typed))
    assert found == small.engine.suggest(SuggestRequest(text=typed))
    for item in found.items:
        assert "".join(part.text for part in item.parts) == item.text
        assert item.total is None or item.total > 0
