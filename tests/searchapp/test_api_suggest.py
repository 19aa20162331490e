"""The suggestions of the API: their document, what it refuses, and how long it may be kept."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs, urlsplit

import pytest
from asking import Json, problem_of, search
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from small_index import small_index

from index import Article
from searchapp.app import create_app
from searchapp.settings import Settings

PATHS = ("/api/v1/suggest?q=ha+n", "/opensearch/suggest?q=ha+n")
KINDS = {"query", "title", "section", "source", "author", "did_you_mean"}


@pytest.fixture(scope="module")
def demo(demo_archive: str) -> FlaskClient:
    return create_app(Settings(index=demo_archive)).test_client()


def suggest(client: FlaskClient, **params: object) -> Json:
    response = client.get("/api/v1/suggest", query_string=params)
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/json"
    return cast(Json, response.json)


def test_the_first_suggestion_for_ha_n_is_ha_noi(demo: FlaskClient) -> None:
    document = suggest(demo, q="ha n")
    assert document.keys() == {"query", "suggestions", "meta"}
    assert document["suggestions"][0] == {
        "text": "hà nội",
        "kind": "query",
        "parts": [["hà n", 1], ["ội", 0]],
        "url": "/search?q=h%C3%A0+n%E1%BB%99i",
        "total": search(demo, q="hà nội")["total"],
    }
    assert document["query"] == "ha n"
    assert document["meta"].keys() == {"took_ms", "generation"}
    assert document["meta"]["generation"] == search(demo, q="a")["meta"]["generation"]


@pytest.mark.parametrize("typed", ["ha n", "thoi", "bao s", "nguyen", "tieengs vi", "hanoi", "lu"])
def test_every_address_leads_to_what_was_promised(demo: FlaskClient, typed: str) -> None:
    found = suggest(demo, q=typed, limit=20)["suggestions"]
    assert found
    for item in found:
        assert item["kind"] in KINDS
        assert ("how" in item) == (item["kind"] == "did_you_mean")
        assert "".join(text for text, _ in item["parts"]) == item["text"]
        assert {typed for _, typed in item["parts"]} <= {0, 1}
        assert demo.get(item["url"]).status_code == 200
        if item["kind"] == "title":
            assert item["url"].startswith(f"/article/{item['id']}/")
            continue
        asked = parse_qs(urlsplit(item["url"]).query)
        assert search(demo, **asked)["total"] == item["total"] >= 1


def test_labels_are_found_by_their_slug(demo: FlaskClient) -> None:
    found = suggest(demo, q="thoi s")["suggestions"]
    section = next(item for item in found if item["kind"] == "section")
    assert section["url"] == "/search?section=thoi-su"
    assert section["text"] == "Thời sự"


def test_a_withdrawn_article_is_not_suggested(demo: FlaskClient) -> None:
    for item in suggest(demo, q="ha noi", limit=20)["suggestions"]:
        assert item.get("id") != "d22"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("q=ha&page=2", 400, "unknown-parameter"),
        ("q=ha&mode=simple", 400, "unknown-parameter"),
        ("q=ha&q=no", 400, "repeated-parameter"),
        ("q=ha&limit=2&limit=3", 400, "repeated-parameter"),
        ("q=ha&limit=0", 400, "invalid-parameter"),
        ("q=ha&limit=21", 400, "invalid-parameter"),
        ("q=ha&limit=-1", 400, "invalid-parameter"),
        ("q=ha&limit=abc", 400, "invalid-parameter"),
        ("q=ha&limit=%D9%A3", 400, "invalid-parameter"),
        ("q=ha&limit=1e1", 400, "invalid-parameter"),
        (f"q={'a' * 501}", 413, "query-too-long"),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/suggest", "/opensearch/suggest"])
def test_wrong_parameters_are_refused(
    client: FlaskClient, path: str, query: str, status: int, code: str
) -> None:
    problem = problem_of(client, f"{path}?{query}", status)
    assert problem["type"].endswith(f"/problems/{code}")
    assert problem["errors"][0]["code"] == code
    assert problem["errors"][0]["message"]


@pytest.mark.parametrize("query", ["", "q=", "q=+", "limit=5", "q=%F0%9F%98%80"])
def test_nothing_typed_has_no_suggestions(client: FlaskClient, query: str) -> None:
    assert cast(Json, client.get(f"/api/v1/suggest?{query}").json)["suggestions"] == []


def test_a_limit_is_kept(demo: FlaskClient) -> None:
    assert len(suggest(demo, q="ha")["suggestions"]) <= 8
    assert len(suggest(demo, q="ha", limit=2)["suggestions"]) == 2


@pytest.mark.parametrize("path", PATHS)
def test_the_same_suggestions_are_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["ETag"].startswith('W/"1-')
    assert first.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=300"
    assert all(name in first.vary for name in ("Accept-Encoding", "Accept-Language", "Origin"))
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    other = client.get(f"{path}&limit=3", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_errors_are_not_kept(client: FlaskClient) -> None:
    response = client.get("/api/v1/suggest?q=a&limit=0", headers={"If-None-Match": "*"})
    assert response.status_code == 400
    assert "Cache-Control" not in response.headers


def test_a_commit_changes_tag_and_suggestions(tmp_path: Path) -> None:
    with small_index(tmp_path, {"a": "Nắng lên"}) as index:
        client = create_app(Settings(index=f"whoosh:{tmp_path}")).test_client()
        first = client.get("/api/v1/suggest?q=mua+l")
        assert cast(Json, first.json)["suggestions"] == []
        with index.engine.writer() as writer:
            writer.put(Article(id="b", headline="Mưa lớn"))
        second = client.get(
            "/api/v1/suggest?q=mua+l", headers={"If-None-Match": first.headers["ETag"]}
        )
        assert second.status_code == 200
        assert [item["id"] for item in cast(Json, second.json)["suggestions"] if "id" in item] == [
            "b"
        ]
        with index.engine.writer() as writer:
            assert writer.delete("b")
        assert suggest(client, q="mua l")["suggestions"] == []


def test_a_missing_index_is_unavailable(tmp_path: Path) -> None:
    client = create_app(Settings(index=f"whoosh:{tmp_path / 'none'}")).test_client()
    problem = problem_of(client, "/api/v1/suggest?q=ha", 503)
    assert problem["type"].endswith("/problems/index-unavailable")


def test_browsers_get_queries_only(demo: FlaskClient) -> None:
    response = demo.get("/opensearch/suggest?q=ha")
    assert response.mimetype == "application/x-suggestions+json"
    typed, found = cast(list[object], response.get_json(force=True))
    assert typed == "ha"
    assert isinstance(found, list)
    assert found
    kinds = {item["text"]: item["kind"] for item in suggest(demo, q="ha")["suggestions"]}
    assert {kinds[text] for text in found} <= {"query", "did_you_mean"}


def test_the_description_names_the_suggestions(client: FlaskClient) -> None:
    root = ET.fromstring(client.get("/opensearch.xml").data)  # noqa: S314  # our own
    urls = root.findall("{http://a9.com/-/spec/opensearch/1.1/}Url")
    [template] = [
        url.attrib["template"]
        for url in urls
        if url.attrib["type"] == "application/x-suggestions+json"
    ]
    path = template.removeprefix("http://localhost").replace("{searchTerms}", "ha")
    assert client.get(path).status_code == 200


@given(typed=st.text(max_size=60), limit=st.integers(1, 20))
def test_any_text_is_answered(demo: FlaskClient, typed: str, limit: int) -> None:
    assert len(suggest(demo, q=typed, limit=limit)["suggestions"]) <= limit
