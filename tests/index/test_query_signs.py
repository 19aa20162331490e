"""No sign of a query is dropped in silence, and its hits are told in tiers."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_index import SmallIndex, small_index

from index import (
    QueryError,
    QueryMode,
    SearchPage,
    SearchRequest,
    SortOrder,
    TierScope,
    Words,
    parse_query,
)

DOCUMENTS = {
    "storm": "Bão ở Quảng Nam",
    "travel": "Lữ hành Quảng Nam",
    "flood": "Lũ ở Quảng Nam",
    "both": "Bão và lũ ở Đà Nẵng",
    "jet": "Máy bay Su -57 bay thử",
}


def ids(page: SearchPage, tier: int = 1) -> set[str]:
    return {hit.id for hit in page.hits if hit.tier == tier}


def kinds(page: SearchPage) -> list[str]:
    return [notice.kind for notice in page.query.notices]


SIGNS = [
    # what is typed, what is found, what is said of it
    ('bão -"quảng nam"', "both", []),
    ('bão –"quảng nam"', "both", []),
    ("bão −quảng", "both", []),
    ("bão -(quảng OR xa)", "both", []),
    ("bão -quảng nẵng", "both", []),
    ("bão NOT quảng nam", "both", []),
    ("BÃO OR LŨ", "storm flood both", []),
    ("BÃO AND NOT LŨ", "storm", []),
    ("BÃO NOT LŨ", "storm", []),
    ("BÃO HOẶC LŨ", "", ["capital-words"]),
    ("bão && lũ", "both", []),
    ('"quảng nam', "storm travel flood", ["unclosed-quote"]),
    ('quảng nam"', "storm travel flood", ["stray-quote"]),
    ("(bão OR lũ", "storm flood both", ["unclosed-group"]),
    ("bão) -lũ", "storm", ["unexpected-close"]),
    ("bão OR", "storm both", ["missing-operand"]),
    ("AND bão", "storm both", ["missing-operand"]),
    ('bão OR ""', "storm both", ["ignored-sign"]),
    ("bão OR 😀", "storm both", ["ignored-sign"]),
    ("Su -57", "jet", ["minus-number"]),
    ('"bão" - lũ', "both", ["loose-minus"]),
    ('"quảng nam"~0', "storm travel flood", ["no-window"]),
    ('"quảng nam"~99', "storm travel flood", ["wide-window"]),
    ('"~0:0" bão', "", []),
    ("*bão", "storm both", ["leading-wildcard"]),
    ("bão^", "storm both", ["ignored-sign"]),
    ('"bão OR lũ"', "", ["sign-in-phrase"]),
    ("bão ngay:abc", "storm both", ["bad-date"]),
    ("nguon:abc", "", ["no-source"]),
    ("tieude: AND bão", "storm both", ["missing-operand"]),
    ("?", "", ["nothing-to-search"]),
    ("👍 😀", "", ["nothing-to-search"]),
    ('""', "", ["nothing-to-search", "ignored-sign"]),
    ("()", "", ["nothing-to-search"]),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    with small_index(tmp_path_factory.mktemp("signs"), DOCUMENTS) as made:
        return made


@pytest.mark.parametrize(("query", "found", "said"), SIGNS)
def test_a_sign_means_what_it_says_or_is_spoken_of(
    index: SmallIndex, query: str, found: str, said: list[str]
) -> None:
    page = index.search(query)
    assert ids(page) == set(found.split())
    assert kinds(page) == said


@given(st.text('bãolũ "()-–*~:^&|ANDORNOT?', max_size=24))
def test_whatever_is_typed_has_a_tree_that_the_strict_reading_agrees_with(text: str) -> None:
    repaired = parse_query(text, strict=False)
    # Brackets around words alone say nothing.
    is_plain = isinstance(repaired.tree, Words)
    try:
        strict = parse_query(text)
    except QueryError:
        assert repaired.notices or is_plain
    else:
        assert strict.tree == repaired.tree or is_plain


def test_capitals_that_may_be_operators_are_offered_as_such(index: SmallIndex) -> None:
    (offer,) = index.search("BÃO HOẶC LŨ").suggestions
    assert (offer.kind, offer.text, offer.total) == ("operators", "BÃO OR LŨ", 3)


def test_a_boolean_query_finds_what_it_says_and_nothing_beside(index: SmallIndex) -> None:
    page = index.search('(bão OR lũ) "quảng nam"')
    assert ids(page) == {hit.id for hit in page.hits} == {"storm", "flood"}
    for request in (
        SearchRequest(query="lũ miền trung", sort=SortOrder.OLDEST),
        SearchRequest(query="lũ miền trung", mode=QueryMode.ADVANCED),
        SearchRequest(query='"lũ" xa'),
        SearchRequest(query="tieude:lũ xa"),
    ):
        page = index.search(request)
        assert (page.total, ids(page, 2)) == (0, set()), request


def test_hits_come_tier_by_tier_and_count_apart(tmp_path: Path) -> None:
    documents = {
        "all": "Lũ lớn ở Quảng Nam",
        "other": "Lụ lớn ở Quảng Nam",
        "most": "Mưa lớn ở Quảng Nam",
        "none": "Giá vàng hôm nay",
    }
    with small_index(tmp_path, documents) as made:
        page = made.search("lũ lớn quảng nam")
        assert (page.hits[0].id, page.hits[0].tier) == ("all", 1)
        assert ids(page, 3) >= {"most"}
        assert "none" not in {hit.id for hit in page.hits}
        assert page.total == 1
        assert page.near_total == len(page.hits) - 1
        first = made.search(SearchRequest(query="lũ lớn quảng nam", tiers=TierScope.FIRST))
        assert [hit.id for hit in first.hits] == ["all"]
        assert (first.total, first.paged_total) == (1, 1)
        every = SearchRequest(query="lũ lớn quảng nam", tiers=TierScope.ALL, limit=1)
        walked = [
            made.search(SearchRequest(query=every.query, tiers=every.tiers, limit=1, offset=at))
            for at in range(page.total + page.near_total)
        ]
        assert [each.hits[0].id for each in walked] == [hit.id for hit in page.hits]


PASTED = "Chủ tịch nói: “không để dân đói” – bão số 3 gây “thiệt hại lớn” ở Quảng Nam"


def test_a_pasted_text_is_not_left_without_its_article(tmp_path: Path) -> None:
    documents = {
        "own": "Bão số 3 gây thiệt hại rất lớn ở Quảng Nam, chủ tịch nói không để cho dân đói",
        "other": "Giá vàng hôm nay",
    }
    with small_index(tmp_path, documents) as made:
        page = made.search(PASTED)
        assert page.total == 0
        assert ids(page, 3) == {"own"}
        assert [rewrite.kind for rewrite in page.query.rewrites] == ["signs_softened"]
        assert made.search('bão -"quảng nam"').near_total == 0


def test_a_day_of_every_year_and_open_spans(index: SmallIndex) -> None:
    for query in ("ngay:15/1", "ngay:2024..", "ngay:..01/2025", "ngay:29/2"):
        page = index.search(query)
        assert kinds(page) == [], query
    assert kinds(index.search("ngay:03/2025..01/2025")) == ["date-order"]
    assert kinds(index.search("ngay:31/2 bão")) == ["bad-date"]


def test_another_spelling_is_named_only_where_hits_come_from_it(tmp_path: Path) -> None:
    documents = {"apart": "Khách đến Nha Trang", "joined": "Nhatrang đón khách"}
    with small_index(tmp_path, documents) as made:
        (named,) = made.search("nha trang khách").query.rewrites
        assert (named.kind, named.target) == ("joined", "nhatrang")
        assert made.search("nha trang đến").query.rewrites == ()
    with small_index(tmp_path / "without", {"other": "Khách đến Huế", **documents}) as made:
        page = made.search("khách NOT nha trang")
        assert ids(page) == {"other"}
        assert [rewrite.target for rewrite in page.query.rewrites] == ["nhatrang"]
