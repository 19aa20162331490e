"""Accent modes, equal spellings of one query, readings to choose from, and what a page admits."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_index import Documents, SmallIndex, small_index

from index import AccentMode, MatchKind, SearchPage, SearchRequest, Variant

SYLLABLES: Documents = {
    "bare": ("Con ma trong chuyện cổ", 2),
    "bare-article": "Ma nau com chieu",
    "acute": ("Má nấu cơm chiều", 3),
    "grave": ("Việc mà ai cũng làm", 5),
    "tilde": "Ngựa mã hồi",
    "old": "Hòa Bình xả lũ",
    "new": "Hoà Bình xả lũ",
    "capitals": "HÒA BÌNH XẢ LŨ",
    "flower": "Hoa nở trên bình gốm",
    "province": "Lai Châu vào xuân",
    "family": "Ông lại cháu nội",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallIndex]:
    with small_index(tmp_path_factory.mktemp("syllables"), SYLLABLES) as built:
        yield built


def in_mode(query: str, accents: AccentMode) -> SearchRequest:
    return SearchRequest(query=query, accents=accents, limit=1000)


def ranking(page: SearchPage) -> list[tuple[str, float]]:
    return [(hit.id, hit.score) for hit in page.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ma", "bare bare-article"),
        ("MA", "bare bare-article"),
        ("má", "acute"),
        ("hòa bình", "old new capitals"),
        ("lai châu", "province"),
        ('"lai chau"', ""),
        ('"hoa bình"', ""),
    ],
    ids=[
        "S17-bare",
        "S17-capitals",
        "S17-acute",
        "S17-old",
        "S17-accented",
        "S17-phrase",
        "S17-half",
    ],
)
def test_exact_mode_takes_every_syllable_as_typed(
    index: SmallIndex, query: str, expected: str
) -> None:
    page = index.search(in_mode(query, AccentMode.EXACT))
    matched = {hit.id.partition("#")[0] for hit in page.hits if hit.tier == 1}
    assert matched == set(expected.split())


@pytest.mark.parametrize("row", ["B3"])
def test_modes_widen_what_is_found(index: SmallIndex, row: str) -> None:
    def total(query: str, accents: AccentMode) -> int:
        return index.search(in_mode(query, accents)).total

    assert total("ma", AccentMode.EXACT) == 3
    assert total("ma", AccentMode.AUTO) == 12
    assert total("ma", AccentMode.FOLD) == 12
    assert total("má", AccentMode.EXACT) == 3
    assert total("má", AccentMode.AUTO) == 4
    assert total("má", AccentMode.FOLD) == 12


@pytest.mark.parametrize("mode", AccentMode, ids=lambda mode: f"S21-{mode}")
@pytest.mark.parametrize("query", ["{}", '"{}"', "tieude:{}", "{} xả"])
def test_tone_placement_changes_nothing(index: SmallIndex, mode: AccentMode, query: str) -> None:
    spellings = [query.format(name) for name in ("hoà bình", "hòa bình", "Hòa Bình")]
    first, *others = [ranking(index.search(in_mode(text, mode))) for text in spellings]
    assert {"old", "new", "capitals"} <= {doc_id for doc_id, _ in first}
    assert others == [first, first]


@pytest.mark.parametrize("mode", AccentMode, ids=lambda mode: f"S22-{mode}")
def test_capitals_without_marks_are_bare(index: SmallIndex, mode: AccentMode) -> None:
    small, capitals = (index.search(in_mode(text, mode)) for text in ("hoa binh", "HOA BINH"))
    assert ranking(small) == ranking(capitals)
    assert small.relaxed == capitals.relaxed == (mode is AccentMode.EXACT)


@pytest.mark.parametrize("row", ["Y11"])
def test_spaces_change_nothing(index: SmallIndex, row: str) -> None:
    one, *others = [
        ranking(index.search(text))
        for text in ("hoà bình", "hoà  bình", "  hoà\tbình ", "hoà\u00a0\nbình")
    ]
    assert one
    assert others == [one] * 3


@pytest.mark.parametrize("row", ["S1"])
def test_the_readings_of_a_bare_syllable_are_choices(index: SmallIndex, row: str) -> None:
    (token,) = index.search("ma").query.tokens
    assert not token.typed_marks
    assert token.readings == (
        Variant("mà", 5),
        Variant("má", 3),
        Variant("ma", 2),
        Variant("mã", 1),
    )


@pytest.mark.parametrize("row", ["S20"])
def test_both_tone_placements_are_one_reading(index: SmallIndex, row: str) -> None:
    (token,) = index.search("hoa").query.tokens
    assert token.readings == (Variant("hoà", 3), Variant("hoa", 1))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("d*", "plain"),
        ("đ*", "stroke"),
        ("da*", "plain stroke"),
        ("đa*", "stroke"),
        ("D*", "plain"),
    ],
    ids=["S24-plain", "S24-stroke", "S24-two-plain", "S24-two-stroke", "S24-capital"],
)
def test_one_letter_is_not_folded(tmp_path: Path, query: str, expected: str) -> None:
    documents = {"plain": "Dạy nghề ở xã", "stroke": "Đảng bộ xã họp", "other": "Tin trong ngày"}
    with small_index(tmp_path, documents) as index:
        assert index.names(query) == set(expected.split())


@pytest.mark.parametrize(
    "query",
    ["kỹ luật", "kỷ luất", "kỳ luất"],
    ids=["S25-first", "S25-second", "S25-both"],
)
def test_accents_are_never_ignored_silently(tmp_path: Path, query: str) -> None:
    documents = {"right": "Kỷ luật một cán bộ", "other": "Khen thưởng một cán bộ"}
    with small_index(tmp_path, documents) as index:
        page = index.search(query)
        assert [hit.id for hit in page.hits] == ["right"]
        (rewrite,) = page.query.rewrites
        assert (rewrite.kind, rewrite.source) == ("accents_ignored", query)
        assert index.search(SearchRequest(query=query, fix=False)).query.rewrites == ()


@pytest.mark.parametrize("row", ["S25-partial"])
def test_a_missing_mark_is_named_in_the_hit(tmp_path: Path, row: str) -> None:
    documents = {"right": "Kỷ luật một cán bộ", "other": "Khen thưởng một cán bộ"}
    with small_index(tmp_path, documents) as index:
        (hit,) = index.search("kỷ luât").hits
        found = {(word.typed, word.found, word.how) for word in hit.matched}
        assert found == {
            ("kỷ", "Kỷ", MatchKind.EXACT),
            ("luât", "luật", MatchKind.ACCENTS_IGNORED),
        }
