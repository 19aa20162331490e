"""Errors, health, headers and the serving process."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from asking import ids_on, inline_scripts, page_of, problem_of
from flask import Flask
from flask.testing import FlaskClient
from small_archive import small_archive

from index import open_engine
from searchapp.app import create_app
from searchapp.settings import Settings


def test_an_unknown_page_has_a_search_box(client: FlaskClient) -> None:
    html = page_of(client, "/khong/co", 404)
    assert "Không có trang này. Tìm trong kho?" in html
    assert 'action="/search"' in html
    assert "Không có trang này." in page_of(client, "/article/khong-co/khong-co", 404)
    assert problem_of(client, "/api/v1/khong-co", 404)["type"].endswith("/problems/not-found")


def test_another_method_is_refused(client: FlaskClient) -> None:
    response = client.post("/api/v1/search")
    assert response.status_code == 405
    assert response.mimetype == "application/problem+json"
    assert "GET" in response.headers["Allow"]


def _broken_app(archive: str) -> Flask:
    app = create_app(Settings(index=archive))

    def fail() -> str:
        raise RuntimeError("secret detail")

    app.add_url_rule("/hong", "hong", fail)
    app.add_url_rule("/api/v1/hong", "api_hong", fail)
    return app


def test_a_defect_shows_a_number_and_no_traceback(
    archive: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = _broken_app(archive).test_client()
    html = page_of(client, "/hong", 500)
    match = re.search(r"Mã tra cứu: ([0-9a-f]{6})\.", html)
    assert match is not None
    assert f"request {match[1]} failed" in caplog.text
    assert "secret detail" in caplog.text
    assert "secret detail" not in html
    assert "Traceback" not in html
    problem = problem_of(client, "/api/v1/hong", 500)
    assert problem["request_id"] in problem["detail"]
    assert "secret" not in str(problem)


def test_without_an_index_the_site_says_so_and_recovers(tmp_path: Path) -> None:
    address = f"whoosh:{tmp_path / 'later'}"
    client = create_app(Settings(index=address)).test_client()
    assert "Người quản trị hãy nạp dữ liệu: timbao index" in page_of(client, "/", 503)
    problem = problem_of(client, "/api/v1/search?q=a", 503)
    assert problem["type"].endswith("/problems/index-unavailable")
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").headers["Retry-After"] == "60"
    assert client.get("/healthz").json == {"status": "ok"}
    with open_engine(address).writer() as writer:
        writer.put(small_archive()[0])
    assert client.get("/readyz").json == {"status": "ok", "articles": 1}
    assert client.get("/healthz").json == {"status": "ok"}
    assert ids_on(page_of(client, "/search?q=ngap")) == ["ngap"]


def test_a_wrong_index_address_is_unavailable() -> None:
    client = create_app(Settings(index="nowhere:x")).test_client()
    html = page_of(client, "/", 503)
    assert "Kho tin đang được cập nhật. Vui lòng thử lại sau ít phút." in html


@pytest.mark.parametrize(
    "path",
    ["/", "/search?q=a", "/khong-co", "/api/v1/search?q=a", "/static/timbao.css", "/healthz"],
)
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not any("unsafe" in rule for rule in policy)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Permissions-Policy" in headers


@pytest.mark.parametrize("path", ["/", "/search?q=ha+noi", "/article/ngap/x", "/khong-co"])
def test_pages_have_nothing_that_the_policy_forbids(client: FlaskClient, path: str) -> None:
    html = client.get(path, follow_redirects=True).text
    assert " style=" not in html
    assert "<style" not in html
    assert inline_scripts(html) == []
    assert not re.search(r"\son\w+=", html)


def test_serving_imports_no_segmenter_training_library(archive: str, repository: Path) -> None:
    program = f"""
import sys
from searchapp.app import create_app
from searchapp.settings import Settings
client = create_app(Settings(index={archive!r})).test_client()
for path in ("/", "/search?q=ha+noi", "/search?q=h%C3%A0+n%E1%BB%99i", "/article/ngap/x",
             "/article/ngap/ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon", "/api/v1/search?q=ma"):
    assert client.get(path).status_code in (200, 301), path
print(sorted(name for name in sys.modules if name.split(".")[0] in ("sklearn", "pyvi", "scipy")))
"""
    done = subprocess.run(  # noqa: S603  # our own interpreter and program
        [sys.executable, "-c", program], cwd=repository, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout == "[]\n"
