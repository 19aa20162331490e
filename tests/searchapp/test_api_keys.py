"""Keys: where they are kept, who may use them, and for what."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from searchapp.app import create_app
from searchapp.cli import main
from searchapp.documents.saved_lists import list_token
from searchapp.keys import KeyStore, KeyStoreError
from searchapp.settings import RateMode, Settings

_NEWSROOM = "https://cms.bao.example"
_TODAY = date(2026, 10, 5)
_SEARCH = "/api/v1/search?q=ngap"


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    """No keys yet."""
    return KeyStore(tmp_path / "kho" / "keys.sqlite")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where `store` keeps its keys."""
    return tmp_path / "kho" / "keys.sqlite"


def _add(store: KeyStore, *origins: str, scopes: tuple[str, ...] = ("search", "suggest")) -> str:
    key, text = store.add(
        "tòa soạn", public=bool(origins), origins=origins, scopes=scopes, on=_TODAY
    )
    assert key.public == bool(origins)
    return text


def _client(archive: str, place: Path, *, require_key: bool = False) -> FlaskClient:
    settings = Settings(
        index=archive, keys=str(place), require_key=require_key, cors_origins=_NEWSROOM
    )
    return create_app(settings).test_client()


def _problem(response: TestResponse, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    assert response.json is not None
    assert response.json["type"].endswith(f"/problems/{code}")
    assert response.mimetype == "application/problem+json"
    if status == 401:
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_the_file_has_no_secret(store: KeyStore, place: Path) -> None:
    secret, public = _add(store), _add(store, _NEWSROOM)
    assert secret.startswith("sk_")
    assert public.startswith("pk_")
    kept = place.read_bytes()
    assert secret.encode() not in kept
    assert secret[7:].encode() not in kept
    assert place.stat().st_mode & 0o077 == 0
    assert [key.shown for key in store.all() if not key.public] == [f"{secret[:7]}…"]
    assert store.find(secret) == next(key for key in store.all() if not key.public)
    assert store.find(secret[:-1]) is None


def test_a_file_of_keys_that_everybody_could_read_is_closed(store: KeyStore, place: Path) -> None:
    _add(store)
    for mode, kept in ((0o777, 0o640), (0o664, 0o640), (0o640, 0o640), (0o600, 0o600)):
        place.chmod(mode)
        store.all()
        assert place.stat().st_mode & 0o777 == kept


def test_a_revoked_key_opens_nothing(store: KeyStore) -> None:
    text = _add(store)
    key = store.find(text)
    assert key is not None
    assert store.revoke(key.id, _TODAY)
    assert not store.revoke(key.id, _TODAY)
    assert store.find(text) is None
    assert [kept.revoked for kept in store.all()] == [_TODAY]


def test_a_damaged_file_is_named(store: KeyStore, place: Path) -> None:
    place.parent.mkdir()
    place.write_text("không phải cơ sở dữ liệu " * 50, encoding="utf-8")
    with pytest.raises(KeyStoreError, match="TIMBAO_KEYS"):
        store.find("sk_x")


def test_no_key_is_needed_unless_that_is_configured(archive: str, place: Path) -> None:
    assert _client(archive, place).get(_SEARCH).status_code == 200
    strict = _client(archive, place, require_key=True)
    for path in (_SEARCH, "/api/v1/khong-co", "/api/v1/stats"):
        _problem(strict.get(path), 401, "key-required")
    for path in ("/", "/search?q=ngap", "/healthz", "/openapi.json", "/api/docs"):
        assert strict.get(path).status_code == 200


def test_a_public_key_opens_the_api_on_pages_of_its_origins_only(
    archive: str, store: KeyStore, place: Path
) -> None:
    text = _add(store, _NEWSROOM, "http://localhost:9000")
    client = _client(archive, place, require_key=True)
    path = f"{_SEARCH}&key={text}"
    for origin in (_NEWSROOM, "http://localhost:9000"):
        assert client.get(path, headers={"Origin": origin}).status_code == 200
    for headers in ({"Origin": "https://khac.example"}, {"Origin": "null"}, {}):
        _problem(client.get(path, headers=headers), 403, "origin-not-allowed")
    wrong = client.get(path, headers={"Origin": _NEWSROOM + ".khac.example"})
    _problem(wrong, 403, "origin-not-allowed")


def test_a_wrong_origin_can_read_why(archive: str, store: KeyStore, place: Path) -> None:
    text = _add(store, "https://khac.example")
    response = _client(archive, place).get(f"{_SEARCH}&key={text}", headers={"Origin": _NEWSROOM})
    _problem(response, 403, "origin-not-allowed")
    assert response.headers["Access-Control-Allow-Origin"] == _NEWSROOM


def test_a_secret_key_opens_the_api_from_a_header_only(
    archive: str, store: KeyStore, place: Path
) -> None:
    text = _add(store)
    client = _client(archive, place, require_key=True)
    sent = {"Authorization": f"Bearer {text}"}
    assert client.get(_SEARCH, headers=sent).status_code == 200
    _problem(client.get(f"{_SEARCH}&key={text}"), 401, "key-invalid")
    basic = {"Authorization": "Basic YTpi"}
    _problem(client.get(f"{_SEARCH}&key={text}", headers=basic), 401, "key-invalid")


@pytest.mark.parametrize("text", ["pk_khong-co", "sk_khong-co", "x", "pk_ế", " "])
@pytest.mark.parametrize("require_key", [False, True])
def test_an_unknown_key_is_refused(archive: str, place: Path, text: str, require_key: bool) -> None:
    client = _client(archive, place, require_key=require_key)
    _problem(client.get("/api/v1/search", query_string={"key": text}), 401, "key-invalid")


def test_a_revoked_key_is_refused_at_once(archive: str, store: KeyStore, place: Path) -> None:
    sent = {"Authorization": f"Bearer {_add(store)}"}
    client = _client(archive, place)
    assert client.get(_SEARCH, headers=sent).status_code == 200
    store.revoke(store.all()[0].id, _TODAY)
    _problem(client.get(_SEARCH, headers=sent), 401, "key-invalid")


def test_a_key_opens_what_its_scopes_name(archive: str, store: KeyStore, place: Path) -> None:
    client = _client(archive, place)
    sent = {"Authorization": f"Bearer {_add(store, scopes=('suggest',))}"}
    assert client.get("/api/v1/suggest?q=ng", headers=sent).status_code == 200
    for path in (_SEARCH, "/api/v1/analyze?q=a", "/api/v1/articles/ngap"):
        _problem(client.get(path, headers=sent), 403, "scope-not-allowed")
    sent = {"Authorization": f"Bearer {_add(store, scopes=('debug',))}"}
    assert client.get("/api/v1/analyze?q=a", headers=sent).status_code == 200


def test_the_box_of_the_site_itself_needs_no_key(archive: str, place: Path) -> None:
    client = _client(archive, place, require_key=True)
    own = {"Sec-Fetch-Site": "same-origin"}
    assert client.get("/api/v1/suggest?q=ng", headers=own).status_code == 200
    _problem(client.get(_SEARCH, headers=own), 401, "key-required")


#: The same articles under other spellings than the API's, and what is open at every level.
_FILES = (
    *(f"/search.{fmt}?q=ngap" for fmt in ("json", "csv", "ndjson", "ris", "bib", "csl.json")),
    *("/search.atom?q=ngap", "/search.rss?q=ngap", "/feed.atom", "/opensearch/suggest?q=ng"),
    *(f"/article/ngap.{fmt}" for fmt in ("json", "ris", "bib", "csl.json", "txt")),
    *(f"/list/{list_token(['ngap'])}.{fmt}" for fmt in ("csv", "ndjson", "ris", "txt")),
)
_OPEN = (
    *("/", "/search?q=ngap", "/article/ngap", "/help", "/healthz", "/readyz", "/robots.txt"),
    *("/sitemap.xml", "/sitemap-1.xml", "/opensearch.xml", "/openapi.json", "/api/docs"),
)


@pytest.mark.parametrize("level", ["0", "api", "1", "exports", "all"])
def test_a_level_says_what_needs_a_key(
    archive: str, store: KeyStore, place: Path, level: str
) -> None:
    settings = Settings(index=archive, keys=str(place), require_key=level)
    client = create_app(settings).test_client()
    api, files = level != "0", level in ("exports", "all")
    for path in _OPEN:
        assert client.get(path).status_code in (200, 301), path
    assert client.get(_SEARCH).status_code == (401 if api else 200)
    own = {"Sec-Fetch-Site": "same-origin"}
    assert client.get("/api/v1/suggest?q=ng", headers=own).status_code == 200
    form = {"id": "ngap", "format": "ris"}
    assert client.post("/export", data=form).status_code == (401 if files else 200)
    sent = {"Authorization": f"Bearer {_add(store)}"}
    for path in _FILES:
        for headers in ({}, own):
            response = client.get(path, headers=headers)
            assert response.status_code == (401 if files else 200), path
            assert ("WWW-Authenticate" in response.headers) is files
            assert client.head(path, headers=headers).status_code == response.status_code
        answer = client.get(path, headers=sent)
        assert answer.status_code == 200, path
        if files:
            assert "public" not in answer.headers.get("Cache-Control", "")
    if files:
        assert client.post("/export", data=form, headers=sent).status_code == 200


def test_at_the_highest_level_every_address_but_pages_needs_a_key(
    archive: str, place: Path
) -> None:
    """No list says which: what answers without a key must be a page, or name no article's text."""
    settings = Settings(index=archive, keys=str(place), require_key="all")
    app = create_app(settings)
    client = app.test_client()
    parts = {"doc_id": "ngap", "token": list_token(["ngap"]), "field": "section", "number": "1"}
    others = {"code": "bad-date", "digest": "0", "filename": "timbao.css", "slug": "x"}
    others["task_id"] = "x"
    for rule in app.url_map.iter_rules():
        fmt = re.search(r"any\(\"?([\w.]+)", rule.rule)
        path = re.sub(r"<any\([^)]+\):fmt>", fmt[1] if fmt else "", rule.rule)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: (parts | others)[part[1]], path)
        response = client.get(f"{path}?q=ngap&id=ngap", buffered=True)
        if response.mimetype != "text/html" and not rule.rule.startswith("/static"):
            assert "Hà Nội ngập" not in response.text or response.status_code == 401, path


def test_a_public_key_in_the_address_opens_files_and_is_no_parameter(
    archive: str, store: KeyStore, place: Path
) -> None:
    text = _add(store, "*")
    client = create_app(
        Settings(index=archive, keys=str(place), require_key="all", cors_origins=_NEWSROOM)
    ).test_client()
    for path in _FILES:
        joined = f"{path}{'&' if '?' in path else '?'}key={text}"
        answer = client.get(joined)
        assert answer.status_code == 200, path
        assert text not in answer.text + str(answer.headers)
    narrow = _add(store, "*", scopes=("suggest",))
    assert client.get(f"/opensearch/suggest?q=ng&key={narrow}").status_code == 200
    assert client.get(f"/search.csv?q=ng&key={narrow}").status_code == 403


def test_a_key_may_be_for_all_subdomains(archive: str, store: KeyStore, place: Path) -> None:
    text = _add(store, "https://*.bao.example")
    client = _client(archive, place, require_key=True)
    path = f"{_SEARCH}&key={text}"
    for origin in (_NEWSROOM, "https://a.b.bao.example"):
        assert client.get(path, headers={"Origin": origin}).status_code == 200
    for origin in (
        *("https://bao.example", "http://cms.bao.example", "https://evilbao.example"),
        *("https://cms.bao.example:8443", "https://cms.bao.example.khac.example", "null"),
        *("https://*.bao.example", "https://khac.example/.bao.example", "https://.bao.example"),
        *("https://khac.example#.bao.example", "https://a@b.bao.example", ""),
    ):
        _problem(client.get(path, headers={"Origin": origin}), 403, "origin-not-allowed")


def test_answers_to_keys_are_for_nobody_else(archive: str, store: KeyStore, place: Path) -> None:
    text = _add(store, "*")
    for require_key in (False, True):
        client = _client(archive, place, require_key=require_key)
        caching = client.get(f"{_SEARCH}&key={text}").headers["Cache-Control"]
        assert "private" in caching
        assert "public" not in caching
        assert "max-age=60" in caching


def test_links_do_not_carry_the_key(archive: str, store: KeyStore, place: Path) -> None:
    text = _add(store, "*")
    response = _client(archive, place).get(f"/api/v1/search?per_page=10&key={text}")
    assert text not in response.text
    assert text not in response.headers["Link"]


def test_every_key_has_its_own_count(archive: str, store: KeyStore, place: Path) -> None:
    settings = Settings(index=archive, keys=str(place), rate_mode=RateMode.ALL, rate_search=1)
    client = create_app(settings).test_client()
    for text in (_add(store), _add(store), None):
        sent = {} if text is None else {"Authorization": f"Bearer {text}"}
        statuses = [client.get(_SEARCH, headers=sent).status_code for _ in range(2)]
        assert statuses == [200, 429]


def test_unreadable_keys_are_an_error_with_a_number_and_one_line(
    archive: str, place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place.parent.mkdir()
    place.write_text("hỏng " * 300, encoding="utf-8")
    response = _client(archive, place).get(f"{_SEARCH}&key=pk_x")
    _problem(response, 500, "internal")
    (record,) = caplog.records
    assert record.exc_info is None
    assert f"The keys in {place} cannot be used" in record.getMessage()


def test_keys_are_managed_from_the_command_line(place: Path) -> None:
    def run(*args: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["keys", *args], env={"TIMBAO_KEYS": str(place)})
        assert done.exit_code == code, done.output
        return done.output

    public = run("add", "Tòa soạn", "--origin", _NEWSROOM).strip()
    secret = run("add", "Máy chủ", "--scope", "admin").splitlines()[0]
    listed = json.loads(run("list", "--json"))["keys"]
    assert {key["name"]: key["key"] for key in listed} == {
        "Tòa soạn": public,
        "Máy chủ": f"{secret[:7]}…",
    }
    assert secret not in run("list")
    assert public in run("list")
    key_id = next(key["id"] for key in listed if key["public"])
    assert run("revoke", key_id) == f"revoked {key_id}\n"
    assert "no open key" in run("revoke", key_id, code=1)
    assert "revoked" in run("list")
    assert "is no origin" in run("add", "x", "--origin", "cms.bao.example/", code=2)
    assert "is no origin" in run("add", "x", "--origin", "https://a*.bao.example", code=2)
    assert run("add", "x", "--origin", "https://*.bao.example").startswith("pk_")
    assert "cannot have the scope admin" in run(
        "add", "x", "--origin", _NEWSROOM, "--scope", "admin", code=2
    )
