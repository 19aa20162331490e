"""Which pages of other sites may read what."""

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from searchapp.app import create_app
from searchapp.settings import Settings

_NEWSROOM = "https://cms.bao.example"
_STRANGER = "https://khac.example"
_PREFLIGHT = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x"}
#: An answer, an answer without a body, errors of several kinds, a script that may not be there.
PATHS = ("/api/v1/search?q=ngap", "/api/v1/search?page=0", "/api/v1/khong-co", "/embed/x.js")


def test_all_subdomains_may_be_allowed_and_no_look_alike(archive: str) -> None:
    settings = Settings(
        index=archive, cors_origins="https://*.bao.example", embed_origins="https://*.bao.example"
    )
    client = create_app(settings).test_client()

    def told(origin: str) -> str | None:
        answer = client.get("/api/v1/stats", headers={"Origin": origin})
        return answer.headers.get("Access-Control-Allow-Origin")

    for origin in (_NEWSROOM, "https://a.cms.bao.example"):
        assert told(origin) == origin
    for origin in (
        *("https://bao.example", "http://cms.bao.example", "https://evilbao.example", "null"),
        *("https://cms.bao.example.khac.example", "https://cms.bao.example:81", "*"),
        *("https://*.bao.example", "https://khac.example?.bao.example", "https://.bao.example"),
        "https://CMS.bao.example",
    ):
        assert told(origin) is None, origin
    policy = client.get("/embed/frame").headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://*.bao.example")


@pytest.fixture
def newsroom_client(archive: str) -> FlaskClient:
    """Asks a site that lets two origins read its API."""
    origins = f"{_NEWSROOM}, http://localhost:9000"
    return create_app(Settings(index=archive, cors_origins=origins)).test_client()


@pytest.mark.parametrize("path", PATHS)
def test_an_allowed_origin_is_named_and_no_other(newsroom_client: FlaskClient, path: str) -> None:
    named = newsroom_client.get(path, headers={"Origin": _NEWSROOM})
    assert named.headers["Access-Control-Allow-Origin"] == _NEWSROOM
    assert "Retry-After" in named.headers["Access-Control-Expose-Headers"]
    for origin in (_STRANGER, "null", f"{_NEWSROOM}.khac.example", "https://cms.bao.exampl", ""):
        other = newsroom_client.get(path, headers={"Origin": origin})
        assert other.status_code == named.status_code
        assert not _cors_headers(other.headers)
        assert "Origin" in other.vary
    assert "Origin" in newsroom_client.get(path).vary


def test_an_unchanged_answer_may_be_read_too(newsroom_client: FlaskClient) -> None:
    sent = {"Origin": _NEWSROOM}
    tag = newsroom_client.get(PATHS[0], headers=sent).headers["ETag"]
    again = newsroom_client.get(PATHS[0], headers={**sent, "If-None-Match": tag})
    assert again.status_code == 304
    assert again.headers["Access-Control-Allow-Origin"] == _NEWSROOM


@pytest.mark.parametrize("path", PATHS)
def test_a_preflight_is_answered_and_may_be_kept(newsroom_client: FlaskClient, path: str) -> None:
    allowed = newsroom_client.options(path, headers={"Origin": _NEWSROOM, **_PREFLIGHT})
    assert (allowed.status_code, allowed.data) == (204, b"")
    assert allowed.headers["Access-Control-Allow-Origin"] == _NEWSROOM
    assert allowed.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Authorization" in allowed.headers["Access-Control-Allow-Headers"]
    assert int(allowed.headers["Access-Control-Max-Age"]) >= 3600
    refused = newsroom_client.options(path, headers={"Origin": _STRANGER, **_PREFLIGHT})
    assert not _cors_headers(refused.headers)
    assert "Origin" in refused.vary


@pytest.mark.parametrize("path", PATHS)
def test_credentials_are_never_allowed(newsroom_client: FlaskClient, path: str) -> None:
    for method in ("GET", "OPTIONS"):
        headers = {"Origin": _NEWSROOM, "Cookie": "lang=en", **_PREFLIGHT}
        response = newsroom_client.open(path, method=method, headers=headers)
        assert "Access-Control-Allow-Credentials" not in response.headers


def test_all_origins_are_allowed_only_where_that_is_configured(
    archive: str, client: FlaskClient
) -> None:
    headers = {"Origin": _STRANGER}
    assert not _cors_headers(client.get(PATHS[0], headers=headers).headers)
    open_client = create_app(Settings(index=archive, cors_origins="*")).test_client()
    assert open_client.get(PATHS[0], headers=headers).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/", "/search?q=ngap", "/search.json?q=ngap", "/healthz"])
def test_what_is_not_for_other_sites_is_not_opened(newsroom_client: FlaskClient, path: str) -> None:
    response = newsroom_client.get(path, headers={"Origin": _NEWSROOM})
    assert response.status_code == 200
    assert not _cors_headers(response.headers)


def _cors_headers(headers: Headers) -> list[str]:
    return [name for name, _ in headers if name.startswith("Access-Control-")]
