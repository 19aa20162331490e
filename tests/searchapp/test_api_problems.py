"""Every error of the API has the one form, and every kind of error has a page."""

import pytest
from asking import links_of, page_of, problem_of
from flask.testing import FlaskClient

from searchapp.app import create_app
from searchapp.http.problems import PROBLEM_KINDS
from searchapp.settings import RateMode, Settings


def _asked(client: FlaskClient, path: str, status: int, code: str, **sent: object) -> None:
    """Ask and assert the problem, its page and its number."""
    response = client.open(path, **sent)  # type: ignore[arg-type]  # what werkzeug's builder takes
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.headers["Content-Language"] == "vi"
    document = response.json
    assert document is not None
    assert document["type"] == f"http://localhost/problems/{code}"
    assert document["status"] == status
    assert document["title"] == PROBLEM_KINDS[code].title
    assert document["request_id"] == response.headers["X-Request-Id"]
    assert document["instance"].startswith(path.partition("?")[0])
    assert document["detail"]
    page_of(client, f"/problems/{code}")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/khong-co", 404, "not-found"),
        ("/api/khong-co", 404, "not-found"),
        ("/api/v1/articles/khong-co", 404, "not-found"),
        ("/api/v1/articles//related", 404, "not-found"),
        ("/api/v1/search?page=0", 400, "invalid-parameter"),
        ("/api/v1/search?page=1000", 400, "page-too-deep"),
        ("/api/v1/search?from=2026-13", 400, "bad-date"),
        ("/api/v1/search?q=a&q=b", 400, "repeated-parameter"),
        ("/api/v1/search?mode=advanced&q=(a", 400, "query-syntax"),
        ("/api/v1/stats?q=a", 400, "unknown-parameter"),
        (f"/api/v1/analyze?q={'a' * 501}", 413, "query-too-long"),
        ("/opensearch/suggest?x=1", 400, "unknown-parameter"),
    ],
)
def test_a_refused_request_is_a_problem(
    client: FlaskClient, path: str, status: int, code: str
) -> None:
    _asked(client, path, status, code)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_another_method_is_a_problem(client: FlaskClient, method: str) -> None:
    for path in ("/api/v1/search", "/api/v1/articles/ngap/related", "/api/v1/suggest"):
        _asked(client, path, 405, "method-not-allowed", method=method)


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("application/*;q=0.5, text/html", 200),
        ("*/*", 200),
        ("", 200),
        ("text/html", 406),
        ("application/xml, application/json;q=0", 406),
    ],
)
def test_only_json_can_be_had(client: FlaskClient, accept: str, status: int) -> None:
    headers = {"Accept": accept}
    if status == 406:
        _asked(client, "/api/v1/search?q=a", 406, "not-acceptable", headers=headers)
    else:
        assert client.get("/api/v1/search?q=a", headers=headers).status_code == 200


def test_a_body_that_is_too_large_is_a_problem(client: FlaskClient) -> None:
    too_much = {"method": "POST", "data": b"x" * 300_000}
    _asked(client, "/api/v1/search", 405, "method-not-allowed", **too_much)


def test_a_query_that_is_too_long_says_how_long_it_may_be(client: FlaskClient) -> None:
    assert problem_of(client, f"/api/v1/search?q={'a' * 501}", 413)["limit"] == 500


def test_a_problem_is_told_in_the_language_of_the_caller(client: FlaskClient) -> None:
    response = client.get(
        "/api/v1/search?mode=advanced&q=(a", headers={"Accept-Language": "en-GB,en"}
    )
    document = response.json
    assert document is not None
    assert document["title"] == "Invalid search"
    assert document["detail"] == document["errors"][0]["message"]
    assert document["detail"].isascii()
    assert response.headers["Content-Language"] == "en"
    assert "Accept-Language" in response.vary


@pytest.mark.parametrize("code", PROBLEM_KINDS)
def test_every_kind_has_a_page_in_both_languages(client: FlaskClient, code: str) -> None:
    vietnamese = page_of(client, f"/problems/{code}?lang=vi")
    english = page_of(client, f"/problems/{code}?lang=en")
    kind = PROBLEM_KINDS[code]
    assert kind.title in vietnamese
    assert f"{kind.status} {code}" in vietnamese
    assert kind.title not in english


def test_an_unknown_kind_has_no_page(client: FlaskClient) -> None:
    page_of(client, "/problems/khong-co", 404)


def test_too_many_requests_for_people(archive: str) -> None:
    settings = Settings(index=archive, rate_search=1, rate_mode=RateMode.ALL)
    client = create_app(settings).test_client()
    page_of(client, "/search?q=ngap")
    html = page_of(client, "/search?q=ngap", 429)
    assert "Bạn tìm hơi nhanh. Vui lòng thử lại sau 60 giây." in html
    assert 'action="/search"' in html


@pytest.mark.parametrize("path", ["/api/docs", "/problems/rate-limited"])
def test_the_documents_lead_somewhere(demo_archive: str, path: str) -> None:
    client = create_app(Settings(index=demo_archive)).test_client()
    links = [link for link in links_of(page_of(client, path)) if "#" not in link]
    assert len(links) > 5
    for link in links:
        with client.get(link, follow_redirects=True) as response:
            assert response.status_code == 200, link
