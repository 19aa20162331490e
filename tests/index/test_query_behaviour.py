"""The query language: all words first, phrases, operators, fields, dates, distances."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from small_index import Row, SmallIndex, each_row, small_index, story

from index import VIETNAM_TIME, Article, Filters, QueryError, QueryMode, SearchRequest


@pytest.mark.parametrize("row", ["B1"])
def test_all_words_first_then_most_of_them(tmp_path: Path, row: str) -> None:
    documents = {
        "four": "Lũ quét ở bản Nậm",
        "three": "Lũ quét bản xa",
        "one": "Bản nhạc mùa thu",
        "none": "Chợ phiên đông khách",
    }
    with small_index(tmp_path, documents) as index:
        page = index.search("lũ quét bản nậm pồ")
        assert page.relaxed
        assert [hit.id for hit in page.hits] == ["four", "three"]

        page = index.search("lũ quét bản")
        assert not page.relaxed
        assert {hit.id for hit in page.hits if hit.tier == 1} == {"four", "three"}

        page = index.search("kính thiên văn đỉnh đồi")
        assert (page.relaxed, page.total) == (False, 0)


OPERATORS = [
    Row(
        "B6",
        {
            "and": "Tiền thuế và phí qua cầu",
            "both": "Phí cầu cao hơn thuế đất",
            "tax": "Miễn thuế cho hộ nghèo",
            "fee": "Giảm phí qua cầu",
        },
        {
            "thuế và phí": "and",
            "thuế or phí": "",
            "thuế VÀ phí": "and both",
            "thuế AND phí": "and both",
            "thuế HOẶC phí": "and both tax fee",
            "thuế OR phí": "and both tax fee",
            "thuế KHÔNG phí": "tax",
            "thuế NOT phí": "tax",
            "thuế -phí": "tax",
            "thuế -phí đất": "",
            "thuế NOT phí đất": "and tax",
            "(thuế HOẶC phí) -đất": "and tax fee",
        },
    ),
    Row(
        "B10",
        {
            "beside": "Lũ Quảng Nam rút chậm",
            "near": "Lũ dâng ở Quảng Nam",
            "far": "Lũ dâng cao rồi rút rất chậm ở miền núi Quảng Nam",
        },
        {
            '"lũ quảng nam"': "beside",
            '"lũ quảng nam"~5': "beside near",
            '"lu quang nam"~5': "beside near",
            '"lũ quảng nam"~20': "beside near far",
        },
    ),
    Row(
        "B10-paragraphs",
        {
            "one": story("Tin vắn", "Lũ dâng ở Quảng Nam"),
            "two": story("Tin vắn", "Đêm qua có lũ", "Quảng Nam nắng"),
            "headline": story("Tin lũ", "Quảng Nam nắng"),
        },
        {'"lũ quảng nam"~5': "one", '"lũ quảng nam"': ""},
    ),
]


@each_row(OPERATORS)
def test_operators(row: Row, tmp_path: Path) -> None:
    with small_index(tmp_path, row.documents) as index:
        for query, expected in row.asks.items():
            page = index.search(query)
            found = {hit.id for hit in page.hits if hit.tier == 1}
            assert found == set(expected.split()), query


ARCHIVE = {
    "headline": Article(
        id="unnamed",
        headline="Bão vào biển Đông",
        body=("Tàu thuyền về bến.",),
        authors=("Nguyễn Văn An", "Lưu Hải Yến"),
        section="Thời sự",
        source="Báo Sông Hồng",
        published=datetime(2026, 10, 5, 23, 59, tzinfo=VIETNAM_TIME),
    ),
    "body": Article(
        id="unnamed",
        headline="Tàu thuyền về bến",
        lead="Ngư dân tránh bão từ sớm.",
        body=("Cơn bão số 6 đổi hướng.",),
        authors=("Nguyễn Thị Bình",),
        section="Thời sự",
        source="Tin Tức Phố",
        published=datetime(2026, 10, 6, 0, 0, tzinfo=VIETNAM_TIME),
    ),
    "old": Article(
        id="unnamed",
        headline="Bão tan, chợ họp lại",
        authors=("Trần An",),
        section="Đời sống",
        source="Báo Sông Hồng",
        published=datetime(2026, 9, 30, 8, 0, tzinfo=VIETNAM_TIME),
    ),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallIndex]:
    with small_index(tmp_path_factory.mktemp("archive"), ARCHIVE) as built:
        yield built


def ranking(index: SmallIndex, request: str | SearchRequest) -> list[tuple[str, float]]:
    return [(hit.id, hit.score) for hit in index.search(request).hits]


@pytest.mark.parametrize(
    ("queries", "parameters", "expected"),
    [
        pytest.param(
            ["tieude:bão", "title:bão", "TIEUDE:bão"],
            SearchRequest(query="bão", field="title"),
            {"headline", "old"},
            id="B7-title",
        ),
        pytest.param(
            ["sapo:bão", "lead:bão"],
            SearchRequest(query="bão", field="lead"),
            {"body"},
            id="B7-lead",
        ),
        pytest.param(
            ["noidung:bão", "body:bão"],
            SearchRequest(query="bão", field="body"),
            {"body"},
            id="B7-body",
        ),
        pytest.param(
            ['bão tacgia:"Nguyễn Văn An"', 'bão author:"nguyen van an"'],
            SearchRequest(query="bão", filters=Filters(authors=("Nguyễn Văn An",))),
            {"headline"},
            id="B7-author",
        ),
        pytest.param(
            ["bão muc:thoi-su", 'bão section:"Thời sự"', 'bão chuyenmuc:"thoi su"'],
            SearchRequest(query="bão", filters=Filters(sections=("Thời sự",))),
            {"headline", "body"},
            id="B7-section",
        ),
        pytest.param(
            ['bão nguon:"Báo Sông Hồng"', "bão source:bao-song-hong"],
            SearchRequest(query="bão", filters=Filters(sources=("Báo Sông Hồng",))),
            {"headline", "old"},
            id="B7-source",
        ),
        pytest.param(
            ["bão ngay:05/10/2026", "bão ngay:2026-10-05", "bão date:5/10/2026"],
            SearchRequest(
                query="bão",
                filters=Filters(published_from=date(2026, 10, 5), published_to=date(2026, 10, 5)),
            ),
            {"headline"},
            id="B8-day",
        ),
        pytest.param(
            ["bão ngay:10/2026", "bão ngay:2026-10"],
            SearchRequest(
                query="bão",
                filters=Filters(published_from=date(2026, 10, 1), published_to=date(2026, 10, 31)),
            ),
            {"headline", "body"},
            id="B8-month",
        ),
        pytest.param(
            ["bão ngay:09/2026..10/2026", "bão ngay:30/09/2026..06/10/2026", "bão ngay:2026"],
            SearchRequest(
                query="bão",
                filters=Filters(published_from=date(2026, 9, 1), published_to=date(2026, 10, 31)),
            ),
            {"headline", "body", "old"},
            id="B8-range",
        ),
    ],
)
def test_a_field_in_the_query_is_the_same_as_a_parameter(
    archive: SmallIndex, queries: list[str], parameters: SearchRequest, expected: set[str]
) -> None:
    ranked = ranking(archive, parameters)
    assert {doc_id for doc_id, _ in ranked} == expected
    for query in queries:
        assert ranking(archive, query) == ranked, query


@pytest.mark.parametrize(
    ("query", "code", "position"),
    [
        pytest.param("bão ngay:31/02/2026", "bad-date", 9, id="B8-no-such-day"),
        pytest.param("bão ngay:hômqua", "bad-date", 9, id="B8-no-date"),
        pytest.param("bão ngay:09/2026..13/2026", "bad-date", 18, id="B8-second"),
    ],
)
def test_a_bad_date_is_reported_with_its_place(
    archive: SmallIndex, query: str, code: str, position: int
) -> None:
    with pytest.raises(QueryError) as caught:
        archive.search(SearchRequest(query=query, mode=QueryMode.ADVANCED))
    assert (caught.value.code, caught.value.position) == (code, position)
    archive.search(SearchRequest(query=query, mode=QueryMode.SIMPLE))
