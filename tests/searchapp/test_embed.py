"""What other sites load: the script in one piece and small, the frame for known origins only."""

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from searchapp.app import create_app
from searchapp.settings import Settings

_LARGEST = 12 * 1024


def _hashed(client: FlaskClient) -> str:
    match = re.search(
        r'<script src="(/embed/timbao\.\w+\.js)" defer>', client.get("/embed/frame").text
    )
    assert match is not None
    return match[1]


def test_the_script_is_small(client: FlaskClient) -> None:
    response = client.get("/embed/timbao.js", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.data) <= _LARGEST
    plain = client.get("/embed/timbao.js")
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(response.data) == plain.data
    assert {"Accept-Encoding"} <= set(response.vary)


def test_the_script_is_one_piece_and_needs_no_other(client: FlaskClient) -> None:
    code = client.get("/embed/timbao.js").text
    assert re.search(r"^\s*(import|export)\b", code, re.MULTILINE) is None
    assert re.search(r"\b(eval|Function)\(|innerHTML|document\.cookie|localStorage", code) is None
    for text in ("Chèn trích dẫn", "Insert citation", "Không có gợi ý.", "No suggestions."):
        assert text in code


def test_the_script_may_be_kept_and_is_asked_for_changes(client: FlaskClient) -> None:
    response = client.get("/embed/timbao.js")
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"].startswith("public, max-age=3600")
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    known = {"If-None-Match": response.headers["ETag"]}
    assert client.get("/embed/timbao.js", headers=known).status_code == 304


def test_a_hashed_name_never_changes_its_contents(client: FlaskClient) -> None:
    path = _hashed(client)
    response = client.get(path)
    assert response.data == client.get("/embed/timbao.js").data
    assert "immutable" in response.headers["Cache-Control"]
    former = client.get("/embed/timbao.000000000000.js")
    assert former.status_code == 302
    assert former.location == "/embed/timbao.js"


@pytest.mark.parametrize(
    ("origins", "framed_by"),
    [
        ("", "'none'"),
        ("https://bao.example, http://localhost:8080", "http://localhost:8080 https://bao.example"),
        ("*", "*"),
    ],
)
def test_the_frame_names_who_may_show_it(archive: str, origins: str, framed_by: str) -> None:
    client = create_app(Settings(index=archive, embed_origins=origins)).test_client()
    policy = client.get("/embed/frame").headers["Content-Security-Policy"]
    assert policy.endswith(f"; frame-ancestors {framed_by}")
    for path in ("/", "/search?q=ngap", "/embed/demo", "/embed/timbao.js"):
        other = client.get(path).headers["Content-Security-Policy"]
        assert other.endswith("; frame-ancestors 'none'"), path


def test_the_address_of_the_frame_sets_attributes_and_nothing_else(client: FlaskClient) -> None:
    asked = "lang=en&limit=5&placeholder=%22%3E%3Cscript%3E&onclick=x&server=https://else.example"
    response = client.get(f"/embed/frame?{asked}")
    widget = re.search("<tim-bao[^\n]*", response.text)
    assert widget is not None
    assert widget[0] == (
        '<tim-bao mode="insert" limit="5" placeholder="&#34;&gt;&lt;script&gt;"></tim-bao>'
    )
    assert '<html lang="en">' in response.text
    assert "Set-Cookie" not in response.headers
    assert '<tim-bao mode="search"' in client.get("/embed/frame?mode=search").text


def test_the_demonstration_loads_the_widget_from_the_public_address(archive: str) -> None:
    settings = Settings(index=archive, public_url="https://kho.example")
    response = create_app(settings).test_client().get("/embed/demo")
    assert '<script src="https://kho.example/embed/timbao.js" defer></script>' in response.text
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self' https://kho.example;" in policy
    assert "connect-src 'self' https://kho.example;" in policy


def test_the_modules_are_readable_files(repository: Path) -> None:
    folder = repository / "searchapp" / "static"
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in folder.rglob("*.js")}
    assert {"combobox.js", "client.js", "widget.js"} <= set(lines)
    assert all(count <= 400 for count in lines.values()), lines
