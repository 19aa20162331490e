"""What is marked in a hit: whole syllables of the source's own spelling, as data."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from small_index import small_index, story

from index import Article, Fragment, Highlights, MatchKind, Zone
from searchapp.app import create_app
from searchapp.settings import Settings


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def marked(segments: Sequence[Fragment]) -> list[str]:
    return [segment.text for segment in segments if segment.marked]


def written(segments: Sequence[Fragment]) -> str:
    return "".join(segment.text for segment in segments)


def highlights(folder: Path, headline: str, query: str, *body: str) -> Highlights:
    """What is marked in the one article that the query finds."""
    with small_index(folder, {"hit": story(headline, *body), "other": "42"}) as index:
        (hit,) = index.search(query).hits
    assert written(hit.highlights.title) == headline
    return hit.highlights


@pytest.mark.parametrize(
    ("headline", "query", "expected"),
    [
        pytest.param("Đảng bộ xã họp", "dang", ["Đảng"], id="D7"),
        pytest.param("Làng Đảngbộ và Đảng", "dang", ["Đảng"], id="D7-whole"),
        pytest.param(nfd("Dạy tiếng Việt"), "tiếng việt", [nfd("tiếng Việt")], id="O1"),
        pytest.param(nfd("Dạy tiếng Việt"), "tieng viet", [nfd("tiếng Việt")], id="O1-bare"),
        pytest.param("Dạy tie\u0301\u0302ng hay", "tiếng", ["tie\u0301\u0302ng"], id="O1-order"),
        pytest.param(
            "Qu\u200bốc h\u00adội họp", "quốc hội", ["Qu\u200bốc h\u00adội"], id="O1-zero"
        ),
        pytest.param("<b>Đại hội</b> xã", "đại hội", ["Đại hội"], id="O2"),
        pytest.param("Bàn về đại hội xã", "đại hội", ["đại hội"], id="O3"),
        pytest.param("Bàn về đại hội xã", '"đại hội"', ["đại hội"], id="O3-quoted"),
        pytest.param("Đảng bộ họp, đang bỏ phiếu", "dang bo", ["Đảng bộ", "đang bỏ"], id="O4"),
        pytest.param("Hà Nội nói về hạ giá", "ha noi", ["Hà Nội"], id="O4-apart"),
        pytest.param("Chuyện ở ủy ban nhân dân", "UBND", ["ủy ban nhân dân"], id="O6"),
        pytest.param("Chuyện ở UBND xã", "ủy ban nhân dân", ["UBND"], id="O6-back"),
        pytest.param("Hội thi kĩ thuật", "kỹ thuật", ["kĩ thuật"], id="O7"),
    ],
)
def test_marks_in_a_headline(
    tmp_path: Path, headline: str, query: str, expected: list[str]
) -> None:
    assert marked(highlights(tmp_path, headline, query).title) == expected


def test_a_phrase_is_marked_where_it_stands_whole_and_its_window_comes_first(
    tmp_path: Path,
) -> None:
    body = (
        "Đến cùng thời điểm đó, vụ việc được theo dõi.",
        "Ông nói sẽ theo đuổi vụ án đến cùng, không bỏ dở.",
        "Theo bà, vụ án còn dài, đuổi theo đến cùng cũng khó.",
    )
    found = highlights(tmp_path, "Tin vắn", '"theo đuổi vụ án đến cùng"', *body)
    assert [marked(snippet) for snippet in found.snippets] == [["theo đuổi vụ án đến cùng"]]
    assert written(found.snippets[0]) == body[1]


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ('"nghỉ lễ 30/4"', "Lễ hội. Dịp nghỉ lễ 30-4 và 30/4 khác.", ["nghỉ lễ 30-4"]),
        ('"gọi 0912345678"', "Gọi 0912.345.678 hoặc 0912 345 678.", ["Gọi 0912.345.678"]),
        ("0912345678", "Gọi 0912.345.678 hoặc 0912 345 678.", ["0912.345.678", "0912 345 678"]),
        ("29A-12345", "Xe 29A-123.45, xe 29A 12345 và 29A khác.", ["29A-123.45", "29A 12345"]),
        ("U23", "Đội U.23 và đội U-23", ["U.23", "U-23"]),
        ("nghỉ lễ 30/4", "Nghỉ lễ ngày 30 tháng 4 năm nay", ["Nghỉ lễ", "30 tháng 4"]),
        ('"hôn nhân và gia đình"', "Luật Hôn nhân & gia đình", ["Hôn nhân & gia đình"]),
        ("C++", "Vitamin C, lập trình C++", ["C++"]),
        ("bao-mau.example", "Xem https://bao-mau.example/tin.", ["https://bao-mau.example/tin"]),
        ("viec tu te", "Chiến dịch #ViecTuTe", ["#ViecTuTe"]),
        ("東京", "Triển lãm 東京都", ["東京"]),
        ('"liên hợp"', "Nhà máy liên-\nhợp", ["liên-\nhợp"]),
    ],
)
def test_house_styles_are_marked_as_written(
    tmp_path: Path, query: str, body: str, expected: list[str]
) -> None:
    found = highlights(tmp_path, "Tin vắn", query, body)
    assert [text for snippet in found.snippets for text in marked(snippet)] == expected


def test_a_bare_query_marks_what_its_reading_means(tmp_path: Path) -> None:
    documents: dict[str, str | Article] = {
        "hit": story("Bão lũ ở Quảng Bình", "Học sinh nghỉ học, trong năm học phải học bù."),
        **{f"n{number}": f"Bão lũ Quảng Nam lần {number}" for number in range(5)},
    }
    with small_index(tmp_path, documents) as index:
        page = index.search("bao lu quang nam")
    (hit,) = [hit for hit in page.hits if hit.id == "hit"]
    assert marked(hit.highlights.title) == ["Bão lũ", "Quảng"]
    assert hit.highlights.snippets == ()
    (other,) = [hit for hit in page.hits if hit.id == "n1"]
    assert marked(other.highlights.title) == ["Bão lũ Quảng Nam"]


@pytest.mark.parametrize("row", ["O1"])
def test_marks_of_decomposed_text_count_its_own_code_points(tmp_path: Path, row: str) -> None:
    found = highlights(tmp_path, nfd("Tiếng – Việt"), "tiếng việt")
    assert [len(text) for text in marked(found.title)] == [7, 6]


@pytest.mark.parametrize("row", ["O2"])
def test_a_page_escapes_text_before_it_marks_it(tmp_path: Path, row: str) -> None:
    with small_index(tmp_path, {"hit": "<b>Đại hội</b> xã"}):
        client = create_app(Settings(index=f"whoosh:{tmp_path}")).test_client()
        page = client.get("/search", query_string={"q": "đại hội"}).text
    assert re.search(r"&lt;b&gt;<mark[^>]*>Đại hội</mark>&lt;/b&gt; xã", page)
    assert "<b>Đại" not in page


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("Bàn về\r\nĐại\r\nhội\r\nxã", id="O5-lines"),
        pytest.param("Bàn\tvề\tĐại\thội\txã", id="O5-tabs"),
        pytest.param("Bàn  về  Đại  hội  xã", id="O5-spaces"),
        pytest.param("\r\n \t Bàn về  \r\n\tĐại \t\r\n hội  xã\r\n", id="O5-all"),
    ],
)
def test_white_space_does_not_move_marks(tmp_path: Path, body: str) -> None:
    (snippet,) = highlights(tmp_path, "Tin vắn", "đại hội", body).snippets
    assert written(snippet) == body
    (span,) = marked(snippet)
    assert span.split() == ["Đại", "hội"]
    assert span == span.strip()


@pytest.mark.parametrize(
    ("headline", "query", "expected"),
    [
        pytest.param(
            "Ủy ban nhân dân xã họp",
            "UBND",
            {("UBND", "Ủy ban nhân dân", MatchKind.ABBREVIATION)},
            id="O6",
        ),
        pytest.param(
            "Hội thi kĩ thuật",
            "kỹ thuật",
            {("kỹ", "kĩ", MatchKind.I_Y), ("thuật", "thuật", MatchKind.EXACT)},
            id="O7",
        ),
        pytest.param(
            "Đảng bộ họp, đang bỏ phiếu",
            "đang bo",
            {
                ("đang", "Đảng", MatchKind.ACCENTS_IGNORED),
                ("bo", "bộ", MatchKind.ACCENTS_IGNORED),
                ("đang", "đang", MatchKind.EXACT),
                ("bo", "bỏ", MatchKind.ACCENTS_IGNORED),
            },
            id="O4",
        ),
        pytest.param(
            "Hoà giải ở xã",
            "hòa giải",
            {("hòa", "Hoà", MatchKind.TONE_PLACEMENT), ("giải", "giải", MatchKind.EXACT)},
            id="S21",
        ),
        pytest.param(
            "Tổng thống Pu-tin thăm Lào",
            "putin",
            {("putin", "Pu-tin", MatchKind.JOINED)},
            id="H2",
        ),
    ],
)
def test_a_hit_says_how_each_word_was_found(
    tmp_path: Path, headline: str, query: str, expected: set[tuple[str, str, MatchKind]]
) -> None:
    with small_index(tmp_path, {"hit": headline, "other": "42"}) as index:
        (hit,) = index.search(query).hits
    assert {(word.typed, word.found, word.how) for word in hit.matched} == expected
    assert {word.zone for word in hit.matched} == {Zone.HEADLINE}
