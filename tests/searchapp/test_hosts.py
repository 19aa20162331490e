"""Which hosts the site answers as, what a stranger gets, and that nothing of it stays behind."""

import logging
import re
import socket
from functools import cache

import pytest
from asking import page_of, problem_of
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from searchapp.app import create_app
from searchapp.http.problems import SECURITY_HEADERS
from searchapp.settings import Settings

_EVIL = "xau.example"
_PATHS = (
    "/",
    "/feed.atom",
    "/search.json?q=ngap",
    "/api/v1/articles/ngap",
    "/embed/demo",
    "/khong-co",
    "/static/timbao.css",
    "/healthz",
)
_STRANGERS = (
    _EVIL,
    "xn--",
    "xn--a",
    "",
    " ",
    "localhost ",
    "local host",
    "local\x00host",
    "localhost\x7f",
    "localhost\r\nX-A: b",
    f"localhost,{_EVIL}",
    f"localhost, {_EVIL}",
    f"localhost@{_EVIL}",
    f"{_EVIL}@localhost",
    "user:pass@localhost",
    "::1",
    "[::1",
    "[::1%25lo]",
    "[::1]x",
    "localhost:99999",
    "localhost:0",
    "localhost:",
    "localhost:http",
    "localhost:80:80",
    "localhost.",
    "local..host",
    ".localhost",
    "*.localhost",
    "XAU.EXAMPLE",
    "b\xc3\xa1o.example",
    "báo.example",
    "localhost/a",
    "localhost?a",
    "localhost#a",
    "localhost\\a",
    f"localhost.{_EVIL}",
    "127.0.0.1.nip.io",
    "0x7f.1",
    "2130706433",
    "128.0.0.1",
    "192.168.1.5",
    "[2001:db8::1]",
    "-localhost",
    "a" * 64 + ".localhost",
    "a." * 130 + "localhost",
)


def _ask(app: Flask, path: str, **environ: str) -> TestResponse:
    """The answer to a request whose headers are what they are, however odd."""
    built = EnvironBuilder(path).get_environ()
    body, status, headers = run_wsgi_app(app.wsgi_app, {**built, **environ}, buffered=True)
    return TestResponse(body, status, headers, EnvironBuilder(path).get_request())


@cache
def _app(archive: str, **settings: object) -> Flask:
    return create_app(Settings(index=archive, **settings))  # type: ignore[arg-type]  # fields of several types


@pytest.fixture(scope="module")
def app(archive: str) -> Flask:
    """A site of which nothing is said, listening on this machine only."""
    return _app(archive)


@pytest.mark.parametrize("host", _STRANGERS)
def test_a_host_that_is_none_of_the_sites_is_refused_everywhere(app: Flask, host: str) -> None:
    for path in _PATHS if host == _EVIL else ("/feed.atom", "/api/v1/articles/ngap"):
        response = _ask(app, path, HTTP_HOST=host)
        assert response.status_code == 400, path
        for name, value in SECURITY_HEADERS.items():
            assert response.headers[name] == value
        assert response.headers["Cache-Control"] == "no-store"
        everything = str(response.headers) + response.text
        assert not host.strip() or host == "::1" or host not in everything
        assert _EVIL not in everything.lower()
        if path.startswith(("/api/", "/search.", "/healthz")):
            assert response.json is not None
            assert response.json["type"].endswith("/problems/unknown-host")
        else:
            assert "Kho không dùng tên miền này." in response.text


def test_it_is_logged_on_one_line(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        _ask(app, "/feed.atom", HTTP_HOST="a\nb" + "c" * 1000)
    assert len(caplog.records) == 1
    message = caplog.records[0].getMessage()
    assert "is no host of this site; TIMBAO_ALLOWED_HOSTS" in message
    assert "\n" not in message
    assert len(message) < 300


def test_a_request_without_a_host_is_for_old_clients_only(app: Flask) -> None:
    def status(protocol: str) -> int:
        environ = EnvironBuilder("/feed.atom").get_environ()
        del environ["HTTP_HOST"]
        environ["SERVER_PROTOCOL"] = protocol
        environ["SERVER_NAME"] = _EVIL
        body, line, _ = run_wsgi_app(app.wsgi_app, environ, buffered=True)
        assert _EVIL.encode() not in b"".join(body)
        return int(line.split()[0])

    assert (status("HTTP/1.1"), status("HTTP/1.0")) == (400, 200)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:8000",
        "kho.localhost:5000",
        "127.0.0.1",
        "127.3.4.5:65535",
        "[::1]:8000",
        "[0:0:0:0:0:0:0:1]",
    ],
)
def test_this_machine_is_always_one_of_them(app: Flask, host: str) -> None:
    for path in _PATHS[:5]:
        assert _ask(app, path, HTTP_HOST=host).status_code == 200


def test_a_host_has_one_spelling_in_every_address(app: Flask) -> None:
    feed = _ask(app, "/feed.atom", HTTP_HOST="LOCALHOST:80").text
    assert set(re.findall(r"http://local[^/]*", feed, re.IGNORECASE)) == {"http://localhost"}
    assert "http://[::1]:8000/feed.atom" in _ask(app, "/feed.atom", HTTP_HOST="[0::1]:8000").text


@pytest.mark.parametrize(
    ("allowed", "host", "status"),
    [
        ("kho.example", "kho.example", 200),
        ("kho.example", "KHO.example:9999", 200),
        ("Kho.Example", "kho.example", 200),
        ("kho.example:8443", "kho.example:8443", 200),
        ("kho.example:8443", "kho.example", 400),
        ("kho.example:8443", "kho.example:8444", 400),
        ("kho.example:443", "kho.example", 200),
        ("kho.example", "a.kho.example", 400),
        ("kho.example", "akho.example", 400),
        ("kho.example", "kho.example.xau.example", 400),
        ("a.example, kho.example", "kho.example", 200),
        ("*.bao.example", "kho.bao.example", 200),
        ("*.bao.example", "a.kho.bao.example:8000", 200),
        ("*.bao.example", "bao.example", 400),
        ("*.bao.example", ".bao.example", 400),
        ("*.bao.example", "evilbao.example", 400),
        ("*.bao.example", "*.bao.example", 400),
        ("*.bao.example", "bao.example.xau.example", 400),
        ("*.bao.example", "xn--.bao.example", 400),
        ("*.bao.example", "xn--99999999.bao.example", 200),
        ("*.bao.example:8443", "kho.bao.example:8443", 200),
        ("*.bao.example:8443", "kho.bao.example:1", 400),
        ("xn--bo-jia.example", "xn--bo-jia.example", 200),
        ("192.0.2.7", "192.0.2.7:8000", 200),
        ("[2001:DB8::0:1]", "[2001:db8::1]:8000", 200),
        ("kho.example", "localhost", 200),
    ],
)
def test_further_hosts_are_named_with_or_without_a_port(
    archive: str, allowed: str, host: str, status: int
) -> None:
    app = _app(archive, allowed_hosts=allowed)
    assert _ask(app, "/feed.atom", HTTP_HOST=host).status_code == status


@pytest.mark.parametrize("public", ["https://kho.example", "https://kho.example:8443/tin"])
def test_the_public_address_is_one_and_names_everything(archive: str, public: str) -> None:
    app = _app(archive, public_url=public)
    answers = [
        _ask(app, "/feed.atom", HTTP_HOST=host)
        for host in ("kho.example", "KHO.example:8443", "kho.example:6666", "127.0.0.1:8000")
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert "Host" not in answers[0].vary
    assert _ask(app, "/feed.atom", HTTP_HOST="192.168.1.5").status_code == 400


def test_on_all_addresses_neighbours_may_use_any_name_of_the_machine(archive: str) -> None:
    machine = socket.gethostname()
    own = [machine, f"{machine}.local", "localhost", "127.0.0.2", "192.168.1.5:8000", "10.0.0.2"]
    own += ["172.20.0.2", "169.254.7.7", "100.64.0.9", "[fe80::1]", "[fd00::7]:8000"]
    for listening in ("0.0.0.0", "::"):  # noqa: S104  # nothing listens
        app = _app(archive, host=listening)
        for host in [*own, "[::]:8000" if listening == "::" else "0.0.0.0:8000"]:
            assert _ask(app, "/robots.txt", HTTP_HOST=host).status_code == 200, host
        for host in ("xau.example", "172.32.0.1", "8.8.8.8", "192.169.0.1", "[2001:4860::1]"):
            assert _ask(app, "/robots.txt", HTTP_HOST=host).status_code == 400, host
        for named in ({"public_url": "https://a.example"}, {"allowed_hosts": "a.example"}):
            app = _app(archive, host=listening, **named)
            assert _ask(app, "/robots.txt", HTTP_HOST="192.168.1.5").status_code == 400
            assert _ask(app, "/robots.txt", HTTP_HOST="a.example").status_code == 200


def test_the_listening_address_is_one_of_them(archive: str) -> None:
    for listening, host in (("192.0.2.7", "192.0.2.7:8000"), ("2001:db8::7", "[2001:db8::7]:80")):
        app = _app(archive, host=listening)
        assert _ask(app, "/", HTTP_HOST=host).status_code == 200
        assert _ask(app, "/", HTTP_HOST="192.0.2.8").status_code == 400


def test_proxies_that_are_believed_name_the_host_and_are_checked_alike(archive: str) -> None:
    app = _app(archive, proxies=1, allowed_hosts="kho.example")
    own = _ask(app, "/feed.atom", HTTP_HOST="backend", HTTP_X_FORWARDED_HOST="kho.example")
    assert "http://kho.example/feed.atom" in own.text
    for name, value in (("HOST", _EVIL), ("HOST", "a b"), ("PROTO", "javascript")):
        sent = {"HTTP_HOST": "kho.example", f"HTTP_X_FORWARDED_{name}": value}
        response = _ask(app, "/feed.atom", **sent)
        assert response.status_code == 400
        assert value not in response.text
    secure = _ask(app, "/feed.atom", HTTP_HOST="kho.example", HTTP_X_FORWARDED_PROTO="HTTPS")
    assert "https://kho.example/feed.atom" in secure.text
    assert {"Host", "X-Forwarded-Host", "X-Forwarded-Proto"} <= set(secure.vary.as_set(True))
    unbelieved = _app(archive, allowed_hosts="kho.example")
    sent = {"HTTP_HOST": "kho.example", "HTTP_X_FORWARDED_HOST": _EVIL}
    assert "http://kho.example/feed.atom" in _ask(unbelieved, "/feed.atom", **sent).text


@pytest.mark.parametrize(
    "path",
    ["/feed.atom", "/search.rss?q=ngap", "/sitemap.xml", "/opensearch.xml", "/robots.txt", "/"],
)
def test_a_cache_cannot_give_the_addresses_of_one_host_to_another(app: Flask, path: str) -> None:
    assert "host" in _ask(app, path, HTTP_HOST="localhost").vary.as_set()


def test_policies_name_no_host_of_a_request(app: Flask, archive: str) -> None:
    for path in _PATHS:
        policy = _ask(app, path, HTTP_HOST="kho.localhost:81").headers["Content-Security-Policy"]
        assert "kho" not in policy
        assert "http" not in policy
    public = _app(archive, public_url="https://kho.example/tin")
    policy = _ask(public, "/embed/demo").headers["Content-Security-Policy"]
    assert "script-src 'self' https://kho.example;" in policy


def test_believing_proxies_without_a_public_address_is_warned_of(
    archive: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        create_app(Settings(index=archive, proxies=1, public_url="https://kho.example"))
        create_app(Settings(index=archive))
        assert caplog.text == ""
        create_app(Settings(index=archive, proxies=1))
    assert "TIMBAO_PUBLIC_URL is not" in caplog.text


def _broken(archive: str, part: str) -> FlaskClient:
    app = create_app(Settings(index=archive))

    def fail(*_: object) -> str:
        raise RuntimeError("secret\ndetail")

    if part == "template":
        app.jinja_env.globals["mounted"] = fail
    elif part == "view":
        app.view_functions["pages.home"] = fail
        app.jinja_env.globals["language"] = fail
    else:
        app.after_request_funcs[None].append(fail)
    return app.test_client()


@pytest.mark.parametrize("part", ["template", "view", "hook"])
def test_an_error_page_that_fails_is_a_constant_answer(
    archive: str, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = _broken(archive, part)
    for path in ("/", "/khong-co", "/article/khong-co", "/search?page=0"):
        caplog.clear()
        response = client.get(path)
        assert response.status_code in (404, 500) if part == "hook" else 500
        assert "secret" not in response.text
        for name, value in SECURITY_HEADERS.items():
            assert response.headers[name] == value
        last = caplog.records[-1].getMessage()
        assert part == "hook" or last == "an error has no page: RuntimeError('secret\\ndetail')"


def test_what_fails_outside_of_every_handler_is_answered_too(archive: str) -> None:
    app = create_app(Settings(index=archive))
    app.request_class = None  # type: ignore[assignment]  # so that not even a request can be made
    response = _ask(app, "/api/v1/search")
    assert response.status_code == 500
    assert response.text == "Xin lỗi, hệ thống gặp lỗi. Sorry, something went wrong.\n"
    for name, value in SECURITY_HEADERS.items():
        assert response.headers[name] == value


def test_the_problem_of_a_stranger_is_explained(client: FlaskClient) -> None:
    assert "Hãy dùng địa chỉ chính thức của kho." in page_of(client, "/problems/unknown-host")
    assert problem_of(client, "/api/v1/khong-co", 404)["instance"] == "/api/v1/khong-co"


@pytest.mark.parametrize(
    ("public", "path", "leads_to"),
    [
        ("", "/article//ngap", "/article/ngap"),
        ("https://kho.example", "/list//a?b=c", "/list/a?b=c"),
        ("https://kho.example/tin", "/tin", "/tin/"),
        ("https://kho.example/tin", "/tin/article//ngap", "/tin/article/ngap"),
    ],
)
def test_no_redirect_names_the_scheme_or_port_of_a_request(
    archive: str, public: str, path: str, leads_to: str
) -> None:
    """Who gets it from a cache asked by https, or by another of the site's hosts."""
    answer = _ask(_app(archive, public_url=public), path, HTTP_HOST="localhost:81")
    assert (answer.status_code, answer.headers["Location"]) == (308, leads_to)
    assert "localhost" not in answer.text
