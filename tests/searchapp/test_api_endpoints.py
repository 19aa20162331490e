"""The endpoints of the API beside the search: articles, related ones, facets, insights."""

import re
from pathlib import Path
from typing import cast

import pytest
from asking import Json, problem_of, search
from flask.testing import FlaskClient
from small_archive import ODD_ID, small_archive
from small_index import small_index

from index import Article, SearchRequest, collation_key, open_engine
from searchapp.app import create_app
from searchapp.documents.endpoints import ENDPOINTS, Endpoint
from searchapp.query.urls import api_article_url
from searchapp.settings import Settings


def _get(client: FlaskClient, path: str, **params: object) -> Json:
    response = client.get(path, query_string=params or None)
    assert response.status_code == 200, response.text
    assert response.mimetype == "application/json"
    return cast(Json, response.json)


def test_an_article_is_that_of_its_file_with_citations_and_links(client: FlaskClient) -> None:
    document = _get(client, "/api/v1/articles/ngap")
    links = document.pop("links")
    citations = document.pop("citations")
    assert set(citations) == {"apa", "mla", "chicago", "moet"}
    assert all("Hà Nội ngập nhiều tuyến phố sau mưa lớn" in text for text in citations.values())
    assert document == client.get("/article/ngap.json").json
    assert links == {
        "self": "/api/v1/articles/ngap",
        "html": "/article/ngap/ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon",
        "related": "/api/v1/articles/ngap/related",
    }
    for path in links.values():
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("doc_id", [ODD_ID, "related", "Tin-số-5", "a..b", "100%", "😀"])
def test_an_article_of_any_id_is_found_under_its_link(tmp_path: Path, doc_id: str) -> None:
    with small_index(tmp_path, {doc_id: Article(id=doc_id, headline="Lũ về ngập đồng")}):
        client = create_app(Settings(index=f"whoosh:{tmp_path}")).test_client()
        explained = _get(client, "/api/v1/explain", q="lũ", id=doc_id)
        article = _get(client, api_article_url(doc_id))
        assert explained["id"] == article["id"] == doc_id
        for link in (explained["links"]["self"], *article["links"].values()):
            assert client.get(link).status_code == 200, link


def test_related_articles_say_why(client: FlaskClient) -> None:
    document = _get(client, "/api/v1/articles/ngap/related")
    assert document["results"][0]["id"] == "ngap2"
    assert document["results"][0]["reason"].startswith("cùng ")
    assert document["links"]["html"].startswith("/article/ngap/")
    assert "ngap" not in [hit["id"] for hit in document["results"]]
    problem_of(client, "/api/v1/articles/ngap/related?limit=21", 400)


@pytest.mark.parametrize("part", ["", "/related"])
def test_an_article_that_is_not_there_is_a_problem(client: FlaskClient, part: str) -> None:
    problem = problem_of(client, f"/api/v1/articles/khong-co{part}", 404)
    assert problem["type"].endswith("/problems/not-found")
    problem_of(client, f"/api/v1/articles/ngap{part}?q=a", 400)


def test_no_more_related_articles_come_than_asked_for(demo_archive: str) -> None:
    client = create_app(Settings(index=demo_archive)).test_client()
    found = [hit["id"] for hit in _get(client, "/api/v1/articles/d24/related")["results"]]
    assert len(found) == 6
    few = _get(client, "/api/v1/articles/d24/related", limit=3)
    assert [hit["id"] for hit in few["results"]] == found[:3]


def test_a_withdrawn_article_says_since_when(demo_archive: str) -> None:
    client = create_app(Settings(index=demo_archive)).test_client()
    for path in (
        "/api/v1/articles/d22",
        "/api/v1/articles/d22/related",
        "/api/v1/explain?q=a&id=d22",
    ):
        problem = problem_of(client, path, 410)
        assert problem["type"].endswith("/problems/withdrawn")
        assert problem["withdrawn_at"] == "2026-10-01"
        assert "01/10/2026" in problem["detail"]


def test_a_withdrawn_article_is_nowhere_else(demo_archive: str) -> None:
    client = create_app(Settings(index=demo_archive)).test_client()
    for path in (
        "/api/v1/search?per_page=100&page=1",
        "/api/v1/search?per_page=100&page=2",
        "/feed.atom?per_page=500",
        "/sitemap-1.xml",
    ):
        response = client.get(path)
        assert response.status_code == 200
        assert "d21" in response.text or "page=2" in path
        assert "/d22/" not in response.text
        assert '"d22"' not in response.text


def test_a_facet_is_counted_and_paged_like_the_search(client: FlaskClient) -> None:
    document = _get(client, "/api/v1/facets/section")
    expected = search(client, facets="section")["facets"]["section"]["values"]
    assert document["values"] == expected
    assert document["total"] == len(expected)
    assert [value["count"] for value in document["values"]] == sorted(
        (value["count"] for value in expected), reverse=True
    )


def test_a_facet_is_sorted_as_vietnamese_is_and_begins_as_typed(client: FlaskClient) -> None:
    labels = [v["label"] for v in _get(client, "/api/v1/facets/section", sort="name")["values"]]
    assert labels == sorted(labels, key=collation_key)
    found = _get(client, "/api/v1/facets/section", prefix="thoi")
    assert {value["label"] for value in found["values"]} == {"Thời sự", "Thời tiết"}
    assert _get(client, "/api/v1/facets/section", prefix="hoi")["values"] == []


def test_following_the_next_page_visits_every_value_once(client: FlaskClient) -> None:
    path: str | None = "/api/v1/facets/day?per_page=10&sort=name"
    seen: list[str] = []
    while path:
        response = client.get(path)
        document = cast(Json, response.json)
        seen += [value["value"] for value in document["values"]]
        path = document["links"].get("next")
        if path:
            assert f'<{path}>; rel="next"' in response.headers["Link"]
    days = {
        article.published.date().isoformat()
        for article in small_archive()
        if article.published is not None
    }
    assert seen == sorted(days)
    assert seen == sorted(set(seen))


def test_following_the_link_header_visits_every_hit_once(client: FlaskClient) -> None:
    ids: list[str] = []
    path: str | None = "/api/v1/search?per_page=10"
    back: str | None = None
    while path:
        response = client.get(path)
        ids += [hit["id"] for hit in cast(Json, response.json)["results"]]
        links = _links(response.headers.get("Link", ""))
        assert links.get("prev") == back
        path, back = links.get("next"), path
    assert sorted(ids) == sorted(article.id for article in small_archive())


def _links(header: str) -> dict[str, str]:
    """Addresses by what they are to the page."""
    return {rel: path for path, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', header)}


@pytest.mark.parametrize(
    "query", ["page=0", "sort=newest", "per_page=7", "highlight=0", "facets=1", "prefix=a&prefix=b"]
)
def test_a_facet_takes_its_own_parameters_only(client: FlaskClient, query: str) -> None:
    problem_of(client, f"/api/v1/facets/section?{query}", 400)
    problem_of(client, "/api/v1/facets/title", 404)


def test_an_analysis_is_that_of_the_engine(client: FlaskClient, archive: str) -> None:
    document = _get(client, "/api/v1/analyze", q="ha noi")
    analysis = open_engine(archive).analyze(SearchRequest(query="ha noi"))
    assert document["query"] == search(client, q="ha noi")["query"]
    assert document["restored"] == analysis.restored == "hà nội"
    assert document["total"] == search(client, q="ha noi")["total"]
    assert len(document["evidence"]) == len(analysis.evidence)


def test_an_explanation_adds_up_to_the_score_of_the_search(client: FlaskClient) -> None:
    hit = next(hit for hit in search(client, q="ha noi ngap")["results"] if hit["id"] == "ngap")
    document = _get(client, "/api/v1/explain", q="ha noi ngap", id="ngap")
    assert document["score"] == pytest.approx(hit["score"], abs=1e-6)
    assert _leaves(document["explanation"]) == pytest.approx(document["score"], abs=1e-6)


def _leaves(node: Json) -> float:
    children = node["children"]
    return sum(map(_leaves, children)) if children else float(node["value"])


def test_an_explanation_needs_an_article_that_matches(client: FlaskClient) -> None:
    assert "không khớp" in problem_of(client, "/api/v1/explain?q=lua&id=ngap", 404)["detail"]
    problem_of(client, "/api/v1/explain?q=ngap&id=khong-co", 404)
    problem = problem_of(client, "/api/v1/explain?q=ngap", 400)
    assert problem["errors"] == [
        {"param": "id", "code": "invalid-parameter", "message": "Thiếu “id”."}
    ]


def test_the_statistics_are_those_of_the_archive(client: FlaskClient) -> None:
    document = _get(client, "/api/v1/stats")
    assert document["articles"] == len(small_archive())
    assert (document["first_published"], document["last_published"]) == ("2023-03-01", "2026-10-06")
    assert document["sources"][0] == {"slug": "dai-ban-mai", "name": "Đài Ban Mai", "articles": 25}
    assert sum(label["articles"] for label in document["sections"]) == len(small_archive()) - 1


def test_an_empty_archive_is_described(tmp_path: Path) -> None:
    with small_index(tmp_path, {"a": "Lũ về"}) as index:
        with index.engine.writer() as writer:
            writer.delete("a")
        client = create_app(Settings(index=f"whoosh:{tmp_path}")).test_client()
        assert _get(client, "/api/v1/stats")["first_published"] is None
        assert _get(client, "/api/v1/facets/section")["values"] == []
        assert _get(client, "/api/v1/analyze", q="lũ")["total"] == 0


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.anchor)
def test_the_same_request_again_is_not_sent_again(demo_archive: str, endpoint: Endpoint) -> None:
    client = create_app(Settings(index=demo_archive)).test_client()
    first = client.get(endpoint.example)
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    assert {"Accept-Encoding", "Accept-Language", "Origin"} <= set(first.vary)
    again = client.get(endpoint.example, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_commit_changes_the_tag_of_every_endpoint(tmp_path: Path) -> None:
    paths = (
        "/api/v1/articles/a/related",
        "/api/v1/facets/section",
        "/api/v1/analyze?q=lũ",
        "/api/v1/explain?q=lũ&id=a",
        "/api/v1/stats",
        "/api/v1/suggest?q=lu",
    )
    with small_index(tmp_path, {"a": "Lũ về ngập đồng"}) as index:
        client = create_app(Settings(index=f"whoosh:{tmp_path}")).test_client()
        tags = {path: client.get(path).headers["ETag"] for path in paths}
        with index.engine.writer() as writer:
            writer.put(Article(id="b", headline="Nước lũ lên nhanh"))
        for path, tag in tags.items():
            assert client.get(path, headers={"If-None-Match": tag}).status_code == 200, path
