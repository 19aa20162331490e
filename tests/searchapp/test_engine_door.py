"""Whatever asks the engine is counted, ends in time, and never passes a part off as the whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from searchapp.app import create_app
from searchapp.documents.saved_lists import list_token
from searchapp.settings import RateMode, Settings

#: What stands for the parts of an address; a new part needs a value here.
_PARTS = {
    "code": "bad-date",
    "digest": "000000000000",
    "doc_id": "ngap",
    "field": "section",
    "filename": "timbao.css",
    "number": "1",
    "task_id": "0" * 32,
    "slug": "ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon",
    "token": list_token(["ngap", "ngap2"]),
}
_SENT = "q=ngap&id=ngap"
#: What those who run the server ask, as often as they like.
_OPERATIONS = frozenset({"/readyz"})
_NOTHING = Path("/khong/co")


@dataclass(frozen=True)
class _Address:
    """A way to ask one rule of the application."""

    rule: str
    method: str
    path: str

    def ask(self, client: FlaskClient) -> TestResponse:
        form = {"id": ["ngap", "ngap2"], "format": "ris"} if self.method == "POST" else None
        return client.open(self.path, method=self.method, data=form, buffered=True)


def _addresses(app: Flask) -> Iterator[_Address]:
    """Every rule with every method and format that it takes, without parameters and with some."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for path in _paths(rule):
                yield _Address(rule.rule, method, f"{path}?{_SENT}&hit=1")
                yield _Address(rule.rule, method, path)


def _paths(rule: Rule) -> Iterator[str]:
    formats = re.search(r"<any\(([^)]+)\):fmt>", rule.rule)
    path = re.sub(r"<any\(([^)]+)\):fmt>", "{fmt}", rule.rule)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: _PARTS[match[1]], path)
    for fmt in re.findall(r"[\w.]+", formats[1]) if formats else [""]:
        yield path.replace("{fmt}", fmt)


def _client(index: str, **settings: int) -> FlaskClient:
    limited = Settings(index=index, rate_mode=RateMode.ALL, **settings)  # type: ignore[arg-type]  # the names of numbers
    return create_app(limited).test_client()


@pytest.fixture(scope="module")
def addresses(archive: str) -> list[_Address]:
    """Everything that can be asked."""
    found = list(_addresses(create_app(Settings(index=archive))))
    assert len(found) > 80
    return found


def test_every_address_that_asks_the_engine_is_counted(
    archive: str, addresses: list[_Address]
) -> None:
    """What cannot be answered without an index asks the engine, and so is refused the second time.

    No list says which they are: a new address is found by what it does.
    """
    without = create_app(Settings(index=f"whoosh:{_NOTHING}")).test_client()
    full = [each for each in addresses if "?" in each.path]
    asking = [each for each in full if each.ask(without).status_code == 503]
    app = create_app(Settings(index=archive, rate_mode=RateMode.ALL, rate_search=1, rate_suggest=1))
    uncounted = []
    for number, each in enumerate(asking):
        client = app.test_client()
        # A caller of its own for every address.
        client.environ_base["REMOTE_ADDR"] = f"10.0.{number // 250}.{number % 250}"
        first, second = each.ask(client).status_code, each.ask(client).status_code
        assert first != 429, each
        if second != 429:
            uncounted.append(each.rule)
    assert set(uncounted) == _OPERATIONS
    searching = {each.rule for each in asking}
    assert {"/feed.atom", "/sitemap-<int:number>.xml", "/export", "/facet/<field>"} <= searching
    assert {"/api/v1/explain", "/opensearch/suggest", "/article/<doc_id>/<slug>"} <= searching
    files = {"/static/<path:filename>", "/static-<digest>/<path:filename>"}
    assert not searching & {"/healthz", "/api/docs", "/robots.txt", *files}


def test_no_time_at_all_is_said_and_never_kept(archive: str, addresses: list[_Address]) -> None:
    """Each answer is the one that it is with time enough, or says that it is not.

    Pages of results say it themselves, everything else fails.
    """
    hurried = create_app(Settings(index=archive, search_budget=0)).test_client()
    patient = create_app(Settings(index=archive, search_budget=60_000)).test_client()
    told = set()
    for each in addresses:
        if each.rule in ("/metrics", "/problems/<code>") or each.rule.startswith("/static"):
            continue
        answer, whole = each.ask(hurried), each.ask(patient)
        if answer.status_code == 503:
            told.add(each.rule)
            assert whole.status_code == 200, each
            assert answer.headers["Retry-After"] == "60"
            assert answer.headers["Cache-Control"] == "no-store"
        elif _plain(answer) != _plain(whole):
            told.add(each.rule)
            assert "public" not in answer.headers.get("Cache-Control", ""), each
            assert answer.status_code == whole.status_code, each
    assert {
        '/search.<any(json,atom,rss,csv,ndjson,ris,bib,"csl.json"):fmt>',
        "/feed.atom",
        "/sitemap-<int:number>.xml",
        "/facet/<field>",
        "/api/v1/facets/<field>",
    } <= told


def _plain(answer: TestResponse) -> str:
    """The answer without what differs between any two."""
    return re.sub(r'"(took_ms|request_id)": ?("\w+"|\d+)', "", answer.text)


def test_reading_is_counted_apart_and_far_less_strictly(archive: str) -> None:
    client = _client(archive, rate_search=3)
    page = client.get("/article/ngap").headers["Location"]
    answers = [client.get(path) for path in (page, "/", "/article/ngap.ris", page, "/")]
    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].headers["RateLimit-Limit"] == "600"
    assert client.get("/search?q=ngap").headers["RateLimit-Remaining"] == "2"
    assert client.get(f"{page}?hit=1&q=ngap").headers["RateLimit-Remaining"] == "1"
    assert client.get("/api/v1/search?q=ngap").headers["RateLimit-Remaining"] == "2"


def test_what_has_not_changed_is_counted_too(archive: str) -> None:
    client = _client(archive, rate_search=2)
    tag = client.get("/feed.atom").headers["ETag"]
    again = [client.get("/feed.atom", headers={"If-None-Match": tag}) for _ in range(2)]
    assert [answer.status_code for answer in again] == [304, 429]


def test_a_request_counts_once_however_often_it_searches(archive: str) -> None:
    client = _client(archive)
    for path in ("/help", "/search?q=khongcogi&section=thoi-su", "/search.ndjson?q=ngap"):
        before = int(client.get("/search?q=a").headers["RateLimit-Remaining"])
        assert int(client.get(path).headers["RateLimit-Remaining"]) == before - 1
