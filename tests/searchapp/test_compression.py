"""How answers are packed, what of them may be kept, and that each is what it was before."""

import gzip
import re
import sys
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from searchapp.app import create_app
from searchapp.settings import RateMode, Settings

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_TEXTS = ("/search?q=ngap", "/api/v1/search?q=ngap", "/search.csv?q=ngap", "/openapi.json", "/help")
_UNPACK: dict[str | None, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "zstd": zstd.decompress,
    None: bytes,
}


@pytest.fixture
def client(archive: str) -> FlaskClient:
    settings = Settings(index=archive, rate_mode=RateMode.OFF, now="2026-10-05T09:00")
    return create_app(settings).test_client()


def _get(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers=named)


def _without_what_differs(body: bytes) -> bytes:
    return re.sub(rb'"(took_ms|request_id)": ?[^,}]*', b"", body)


@pytest.mark.parametrize("path", _TEXTS)
@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP;q=0.5", "gzip"),
        ("gzip;q=0, zstd;q=0", None),
        ("br", None),
        ("*", None),
        ("identity", None),
    ],
)
def test_texts_are_packed_as_the_reader_likes(
    client: FlaskClient, path: str, accepted: str, coding: str | None
) -> None:
    plain, answer = _get(client, path), _get(client, path, Accept_Encoding=accepted)
    if path.startswith("/search.csv"):  # made while it is sent
        coding = None
    else:
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert len(plain.data) >= 1024
        assert "Accept-Encoding" in answer.vary
        assert "Accept-Encoding" in plain.vary
    assert answer.headers.get("Content-Encoding") == coding
    unpacked = _UNPACK[coding](answer.data)
    assert _without_what_differs(unpacked) == _without_what_differs(plain.data)


def test_what_is_short_or_streamed_stays_as_it_is(client: FlaskClient) -> None:
    for path in ("/healthz", "/api/v1/suggest?q=zzzz", "/search.ndjson?q=ngap"):
        assert "Content-Encoding" not in _get(client, path, Accept_Encoding="gzip, zstd").headers


@pytest.mark.parametrize("path", ["/", "/search?q=ngap", "/article/ngap", "/help", "/search?q="])
def test_a_page_is_sent_once(client: FlaskClient, path: str) -> None:
    found = client.get(path, follow_redirects=True)
    tag, at = found.headers["ETag"], found.request.full_path.rstrip("?")
    assert tag.startswith("W/")
    packed = _get(client, at, Accept_Encoding="gzip")
    assert packed.headers["ETag"] == tag
    for coding in ("", "gzip", "zstd"):
        again = _get(client, at, If_None_Match=tag, Accept_Encoding=coding)
        assert (again.status_code, again.data) == (304, b"")
        assert "Content-Encoding" not in again.headers
        assert again.headers["ETag"] == tag
        assert {"Accept-Encoding", "Accept-Language", "Cookie"} <= set(again.vary)
    assert _get(client, at, If_None_Match='"else"').status_code == 200
    english = _get(client, at, If_None_Match=tag, Accept_Language="en")
    assert english.status_code == 200
    head = client.head(at, headers={"Accept-Encoding": "gzip"})
    assert (head.data, head.headers["Content-Length"]) == (b"", packed.headers["Content-Length"])


def test_an_error_has_no_tag(client: FlaskClient) -> None:
    for path in ("/khong-co", "/article/khong-co", "/search?q=a&from=x"):
        answer = _get(client, path, Accept_Encoding="gzip")
        assert answer.status_code >= 400
        assert "ETag" not in answer.headers


def test_an_article_of_the_api_keeps_its_tag_however_it_is_packed(client: FlaskClient) -> None:
    plain = _get(client, "/api/v1/articles/ngap")
    packed = _get(client, "/api/v1/articles/ngap", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    strong, weak = plain.headers["ETag"], packed.headers["ETag"]
    assert weak == f"W/{strong}"
    for tag in (strong, weak):
        for coding in ("", "gzip"):
            path = "/api/v1/articles/ngap"
            again = _get(client, path, If_None_Match=tag, Accept_Encoding=coding)
            assert again.status_code == 304


@pytest.mark.parametrize(("page", "count"), [("/", 6), ("/advanced", 7)])
def test_files_of_a_page_may_be_kept_for_good(client: FlaskClient, page: str, count: int) -> None:
    html = client.get(page).text
    files = re.findall(r'(?:href|src)="(/static[^"]+)"', html)
    assert len(files) == count
    for path in files:
        assert re.match(r"/static-[0-9a-f]{12}/\w+\.", path)
        plain, packed = client.get(path), _get(client, path, Accept_Encoding="gzip")
        assert plain.status_code == 200
        assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        unpacked = _UNPACK[packed.headers.get("Content-Encoding")](packed.data)
        assert unpacked == plain.data
        former = re.sub(r"-[0-9a-f]{12}/", "-000000000000/", path)
        assert client.get(former).data == plain.data
        assert "immutable" not in client.get(former).headers["Cache-Control"]
        # What imports another file finds it beside itself.
        for name in re.findall(r'from "\./([^"]+)"', plain.text):
            assert client.get(f"{path.rpartition('/')[0]}/{name}").status_code == 200
    assert client.get("/static-000000000000/../app.py").status_code == 404
    assert client.get("/static-000000000000/khong-co.css").status_code == 404
