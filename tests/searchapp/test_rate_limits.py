"""How often somebody may ask, and what is said to those who ask too often."""

import logging

import pytest
from flask.testing import FlaskClient

from searchapp.app import create_app
from searchapp.http.rate_limits import RateLimiter
from searchapp.settings import RateMode, Settings

_SEARCH = "/api/v1/search?q=ngap"
_ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def _client(archive: str, mode: RateMode = RateMode.ALL, **settings: int) -> FlaskClient:
    return create_app(Settings(index=archive, rate_mode=mode, **settings)).test_client()  # type: ignore[arg-type]  # names and types of two settings


class _Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_any_sixty_seconds_count() -> None:
    clock = _Clock()
    limiter = RateLimiter(clock)
    for _ in range(3):
        assert limiter.count("a", 3).allowed
        clock.now += 10
    refused = limiter.count("a", 3)
    assert (refused.allowed, refused.remaining, refused.reset) == (False, 0, 30)
    assert limiter.count("b", 3).allowed
    clock.now += refused.reset
    assert limiter.count("a", 3).allowed
    assert not limiter.count("a", 3).allowed
    clock.now += 3600
    assert limiter.count("a", 3).remaining == 2


def test_the_61st_call_in_a_minute_is_refused(archive: str) -> None:
    client = _client(archive)
    answers = [client.get(_SEARCH) for _ in range(60)]
    assert {answer.status_code for answer in answers} == {200}
    remaining = [int(answer.headers["RateLimit-Remaining"]) for answer in answers]
    assert remaining == list(range(59, -1, -1))
    refused = client.get(_SEARCH)
    assert refused.status_code == 429
    assert refused.mimetype == "application/problem+json"
    assert refused.json is not None
    assert refused.json["type"].endswith("/problems/rate-limited")
    wait = int(refused.headers["Retry-After"])
    assert 1 <= wait <= 60
    assert refused.json["retry_after"] == wait == int(refused.headers["RateLimit-Reset"])
    assert refused.json["detail"] == f"Bạn tìm hơi nhanh. Vui lòng thử lại sau {wait} giây."
    assert refused.headers["RateLimit-Limit"] == "60"
    assert "ETag" not in refused.headers


def test_suggestions_pages_and_api_are_counted_apart(archive: str) -> None:
    client = _client(archive, rate_search=1, rate_suggest=2)
    groups = [
        ("/api/v1/search?q=a", "/api/v1/stats"),
        ("/search?q=a", "/facet/section"),
        ("/api/v1/suggest?q=ng", "/opensearch/suggest?q=ng", "/api/v1/suggest?q=nga"),
    ]
    for paths in groups:
        statuses = [client.get(path).status_code for path in paths]
        assert statuses == [200] * (len(paths) - 1) + [429]


def test_what_reads_no_index_is_not_counted(archive: str) -> None:
    client = _client(archive, rate_search=1)
    for path in ("/", "/healthz", "/openapi.json", "/api/docs", "/article/ngap.json") * 2:
        assert client.get(path).status_code == 200
    preflight = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    for _ in range(3):
        assert client.options(_SEARCH, headers=preflight).status_code == 204
    assert client.get(_SEARCH).status_code == 200


def test_every_address_has_its_own_count(archive: str) -> None:
    client = _client(archive, rate_search=1)
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1"):
        environ = {"REMOTE_ADDR": address}
        assert client.get(_SEARCH, environ_base=environ).status_code == 200
        assert client.get(_SEARCH, environ_base=environ).status_code == 429
    # The same household under another of its addresses.
    neighbour = {"REMOTE_ADDR": "2001:db8::2"}
    assert client.get(_SEARCH, environ_base=neighbour).status_code == 429


def test_by_default_only_other_machines_are_limited(archive: str) -> None:
    client = create_app(Settings(index=archive, rate_search=1)).test_client()
    for address, expected in (("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 429)):
        statuses = [
            client.get(_SEARCH, environ_base={"REMOTE_ADDR": address}).status_code for _ in range(3)
        ]
        assert statuses == [200, expected, expected]


def test_report_only_logs(archive: str, caplog: pytest.LogCaptureFixture) -> None:
    client = _client(archive, RateMode.REPORT, rate_search=1)
    with caplog.at_level(logging.WARNING):
        answers = [client.get(_SEARCH, environ_base=_ELSEWHERE) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert caplog.text.count("more than 1 a minute (api)") == 2
    assert "192.0.2.7" not in caplog.text


@pytest.mark.parametrize(("mode", "limit"), [(RateMode.OFF, 1), (RateMode.ALL, 0)])
def test_limits_can_be_switched_off(archive: str, mode: RateMode, limit: int) -> None:
    client = _client(archive, mode, rate_search=limit)
    answers = [client.get(_SEARCH, environ_base=_ELSEWHERE) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "RateLimit-Limit" not in answers[0].headers


def test_a_proxy_that_is_named_says_who_asks(archive: str) -> None:
    def statuses(proxies: int, *callers: str) -> list[int]:
        client = _client(archive, rate_search=1, proxies=proxies)
        return [
            client.get(_SEARCH, headers={"X-Forwarded-For": caller}).status_code
            for caller in callers
        ]

    assert statuses(1, "192.0.2.1", "192.0.2.2", "192.0.2.1") == [200, 200, 429]
    # Whoever is not known to be a proxy is not believed.
    assert statuses(0, "192.0.2.1", "192.0.2.2", "192.0.2.3") == [200, 429, 429]
    assert statuses(1, "10.0.0.1, 192.0.2.9", "10.0.0.2, 192.0.2.9") == [200, 429]


def test_a_problem_can_be_read_by_pages_of_other_sites(archive: str) -> None:
    settings = Settings(
        index=archive, rate_mode=RateMode.ALL, rate_search=1, cors_origins="https://cms.example"
    )
    client = create_app(settings).test_client()
    origin = {"Origin": "https://cms.example"}
    client.get(_SEARCH, headers=origin)
    refused = client.get(_SEARCH, headers=origin)
    assert refused.status_code == 429
    assert refused.headers["Access-Control-Allow-Origin"] == "https://cms.example"
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]
