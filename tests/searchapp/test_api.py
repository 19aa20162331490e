"""The API's documents, and what it refuses."""

import json
from typing import cast
from urllib.parse import urlencode

import pytest
from asking import Json, page_of, problem_of, search
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from small_archive import small_archive

from searchapp.app import create_app
from searchapp.settings import Settings

PARAMETERS = (
    *("q", "mode", "accents", "field", "source", "section", "author", "not_source", "from", "to"),
    *("sort", "page", "per_page", "expand", "nofix", "highlight", "other"),
)


def test_the_search_document_has_the_documented_shape(client: FlaskClient) -> None:
    document = search(client, q="ha noi ngap", section="thoi-su", per_page=10)
    assert document.keys() == {
        "query",
        "suggestions",
        "total",
        "total_relation",
        "near_total",
        "relaxed",
        "partial",
        "collapsed",
        "page",
        "per_page",
        "pages",
        "results",
        "links",
        "meta",
    }
    assert document["query"].keys() == {
        "raw",
        "normalized",
        "mode",
        "accents",
        "explain_text",
        "tokens",
        "reading",
        "rewrites",
        "warnings",
    }
    assert document["query"]["explain_text"] == (
        "Tìm tin có “ha”, “noi”, “ngap” (không phân biệt dấu), chuyên mục Thời sự"
    )
    result = next(hit for hit in document["results"] if hit["id"] == "ngap")
    assert result["url"].endswith("/article/ngap/ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon")
    assert result["source_url"] == "https://songhong.example/thoi-su/ngap.html"
    assert result["source"] == {"slug": "bao-song-hong", "name": "Báo Sông Hồng"}
    assert result["section"] == {"slug": "thoi-su", "name": "Thời sự"}
    assert result["authors"] == ["Nguyễn Văn An", "Lưu Hải Yến"]
    assert result["published_at"] == "2026-10-05T06:40:00+07:00"
    assert result["updated_at"] == "2026-10-05T09:15:00+07:00"
    assert result["score"] > 0
    assert result["highlights"].keys() == {"title", "lead", "body", "related"}
    found = {"typed": "ngap", "found": "ngập", "field": "title", "how": "accents_ignored"}
    assert found in result["matched"]
    assert document["links"] == {
        "self": "/api/v1/search?per_page=10&q=ha+noi+ngap&section=thoi-su",
        "html": "/search?per_page=10&q=ha+noi+ngap&section=thoi-su",
    }


def test_highlights_can_be_left_out(client: FlaskClient) -> None:
    result = search(client, q="ha noi", highlight=0)["results"][0]
    assert result["highlights"] == {"title": [], "lead": [], "body": [], "related": []}


def test_addresses_use_the_public_url(archive: str) -> None:
    app = create_app(
        Settings(index=archive, public_url="https://kho.example/", site_name="Kho báo")
    )
    client = app.test_client()
    assert search(client, q="ngap")["results"][0]["url"].startswith("https://kho.example/article/")
    assert "<title>Kho báo</title>" in page_of(client, "/")


def test_following_the_next_page_visits_every_hit_once(client: FlaskClient) -> None:
    path: str | None = "/api/v1/search?per_page=10"
    ids: list[str] = []
    while path:
        document = cast(Json, client.get(path).json)
        ids += [hit["id"] for hit in document["results"]]
        path = document["links"].get("next")
    assert len(ids) == document["total"]
    assert sorted(ids) == sorted(article.id for article in small_archive())


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("page=0", "invalid-parameter"),
        ("page=abc", "invalid-parameter"),
        ("page=-1", "invalid-parameter"),
        ("page=%D9%A3", "invalid-parameter"),
        ("page=501", "page-too-deep"),
        ("page=99999999", "page-too-deep"),
        ("per_page=33", "invalid-parameter"),
        ("accents=none", "invalid-parameter"),
        ("sort=random", "invalid-parameter"),
        ("field=tag", "invalid-parameter"),
        ("mode=expert", "invalid-parameter"),
        ("nofix=2", "invalid-parameter"),
    ],
)
def test_wrong_parameters_are_refused(client: FlaskClient, query: str, code: str) -> None:
    problem = problem_of(client, f"/api/v1/search?q=a&{query}", 400)
    assert problem["type"].endswith(f"/problems/{code}")
    assert problem["errors"][0]["code"] == code
    html = page_of(client, f"/search?q=a&{query}", 400)
    assert problem["errors"][0]["message"].replace("“", "“") in html


def test_an_unknown_parameter_stops_the_api_and_not_the_page(client: FlaskClient) -> None:
    problem = problem_of(client, "/api/v1/search?q=a&fbclid=1", 400)
    assert problem["errors"] == [
        {"param": "fbclid", "code": "unknown-parameter", "message": "Không có tham số “fbclid”."}
    ]
    html = page_of(client, "/search?q=ha+noi&fbclid=1")
    assert '<link rel="canonical" href="/search?q=ha+noi">' in html


def test_a_repeated_parameter_stops_the_api_and_the_page_takes_the_last(
    client: FlaskClient,
) -> None:
    problem = problem_of(client, "/api/v1/search?q=a&q=b", 400)
    assert problem["errors"][0]["code"] == "repeated-parameter"
    assert "cho “xả lũ”" in page_of(client, "/search?q=a&q=x%E1%BA%A3+l%C5%A9")


def test_a_query_of_501_characters_is_too_long(client: FlaskClient) -> None:
    assert client.get("/api/v1/search", query_string={"q": "a" * 500}).status_code == 200
    problem = problem_of(client, f"/api/v1/search?q={'a' * 501}", 413)
    assert problem["type"].endswith("/problems/query-too-long")
    assert "Câu tìm quá dài (tối đa 500 ký tự)." in page_of(client, f"/search?q={'a' * 501}", 413)


def test_a_syntax_error_has_its_position_and_a_way_on(client: FlaskClient) -> None:
    problem = problem_of(client, "/api/v1/search?mode=advanced&q=(h%C3%A0+OR", 400)
    assert problem["type"].endswith("/problems/query-syntax")
    assert problem["errors"][0]["code"] == "unclosed-group"
    assert problem["errors"][0]["position"] == 7
    assert client.get(problem["links"]["as_plain_words"]).status_code == 200
    html = page_of(client, "/search?mode=advanced&q=(h%C3%A0+OR", 400)
    assert "Câu tìm chưa đúng ở vị trí 7: thiếu dấu ngoặc đóng." in html
    assert '<a href="/search?q=%28h%C3%A0+OR">Tìm như từ thường</a>' in html


@pytest.fixture(scope="module")
def shared_client(archive: str) -> FlaskClient:
    return create_app(Settings(index=archive)).test_client()


@given(
    query=st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["hà", "ma", "OR", "AND", "-", "(", ")", '"', "*", "~3", "tieude:", "ngay:2026", "muc:"]
        ),
        max_size=8,
    ).map(" ".join)
)
def test_any_text_is_answered(shared_client: FlaskClient, query: str) -> None:
    document = search(shared_client, q=query)
    assert len(document["results"]) == min(document["total"] + document["near_total"], 20)
    response = shared_client.get("/search", query_string={"q": query}, follow_redirects=True)
    assert response.status_code == 200
    advanced = shared_client.get("/api/v1/search", query_string={"q": query, "mode": "advanced"})
    assert advanced.status_code in (200, 400)


@given(values=st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=12), max_size=4))
def test_any_parameters_are_answered(shared_client: FlaskClient, values: dict[str, str]) -> None:
    assert shared_client.get("/api/v1/search", query_string=values).status_code in (200, 400)
    assert shared_client.get("/search", query_string=values).status_code in (200, 301, 400)


@pytest.mark.parametrize("query", ["hà nội", "ha noi", '"hà nội" OR mưa', "", "thue va phi"])
@pytest.mark.parametrize("accents", ["auto", "exact", "fold"])
def test_the_reading_of_a_query_is_worded_in_both_languages(
    client: FlaskClient, query: str, accents: str
) -> None:
    asked = {"q": query, "accents": accents, "section": "thoi-su", "from": "2026", "sort": "title"}
    address = f"/api/v1/search?{urlencode(asked)}"
    queries = [
        json.loads(client.get(address, headers={"Accept-Language": code}).text)["query"]
        for code in ("vi", "en")
    ]
    texts = [query["explain_text"] for query in queries]
    assert texts[0].endswith("chuyên mục Thời sự, từ 01/01/2026, xếp theo tiêu đề")
    assert texts[1].endswith("section Thời sự, from 01/01/2026, by title")
    assert texts[0].startswith(("Tìm tin ", "Tin mới nhất"))
    assert texts[1].startswith(("Articles ", "Latest "))
