"""What is counted and logged of requests, and that nobody suffers from it."""

import json
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from searchapp.app import create_app
from searchapp.cli import main
from searchapp.keys import KeyStore
from searchapp.settings import Settings
from searchapp.telemetry import QueryLog, query_log
from searchapp.telemetry.events import RequestEvent, SearchNote
from searchapp.telemetry.hooks import recorder
from searchapp.telemetry.query_log import KEPT_DAYS
from searchapp.telemetry.recorder import Pseudonyms

_ADDRESS = "192.0.2.77"
_SESSION = ("ngap", "NGAP", "khong co dau", "hà nội", "khong co dau", "xyzzy")


def _ask(client: FlaskClient, *queries: str, address: str = _ADDRESS) -> None:
    for query in queries:
        found = client.get(
            "/search",
            query_string={"q": query},
            follow_redirects=True,
            environ_base={"REMOTE_ADDR": address},
        )
        assert found.status_code == 200


def _flush(app: Flask) -> None:
    with app.app_context():
        recorder().flush()


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _report(place: Path, *args: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(main, ["queries", "--log", str(place), "--json", *args])
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.output)["queries"]
    return found


def test_a_request_is_one_line_without_an_address(archive: str, tmp_path: Path) -> None:
    place = tmp_path / "log" / "requests.ndjson"
    app = create_app(Settings(index=archive, request_log=str(place)))
    client = app.test_client()
    answer = client.get(
        "/api/v1/search?q=ha+noi&per_page=10", environ_base={"REMOTE_ADDR": _ADDRESS}
    )
    client.get("/khong-co?bi-mat=1", environ_base={"REMOTE_ADDR": _ADDRESS})
    client.get("/healthz", environ_base={"REMOTE_ADDR": "192.0.2.78"})
    _flush(app)
    first, second, third = _lines(place)
    assert answer.json is not None
    assert first["query"] == "ha noi"
    assert first["hits"] == answer.json["total"]
    assert (
        first["request_id"] == answer.json["meta"]["request_id"] == answer.headers["X-Request-Id"]
    )
    assert (first["method"], first["path"], first["status"]) == ("GET", "/api/v1/search", 200)
    assert 0 < first["ms"] < 60_000
    assert datetime.fromisoformat(first["time"]).tzinfo is not None
    assert (second["path"], second["status"], second["query"]) == ("/khong-co", 404, None)
    assert first["client"] == second["client"] != third["client"]
    text = place.read_text(encoding="utf-8")
    assert _ADDRESS not in text
    assert "bi-mat" not in text


def test_an_unpublished_text_stays_out_of_both_logs(archive: str, tmp_path: Path) -> None:
    requests, queries = tmp_path / "requests.ndjson", tmp_path / "queries.sqlite"
    settings = Settings(index=archive, request_log=str(requests), query_log=str(queries))
    app = create_app(settings)
    client = app.test_client()
    for path in ("/api/v1/search", "/search.json"):
        draft = client.get(f"{path}?q=ngap+duong&log=0").get_json()
        told = client.get(f"{path}?q=ngap+duong").get_json()
        assert draft["results"] == told["results"]
        client.get(f"{path}?q=pho&log=1")
    _flush(app)
    logged = [line["query"] for line in _lines(requests)]
    assert logged == [None, "ngap duong", "pho"] * 2
    shown = CliRunner().invoke(main, ["queries", "--json"], env={"TIMBAO_QUERY_LOG": str(queries)})
    assert [entry["times"] for entry in json.loads(shown.output)["queries"]] == [2, 2]


def test_a_household_is_one_caller(archive: str, tmp_path: Path) -> None:
    place = tmp_path / "requests.ndjson"
    app = create_app(Settings(index=archive, request_log=str(place)))
    for address in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "không phải địa chỉ", ""):
        app.test_client().get("/healthz", environ_base={"REMOTE_ADDR": address})
    _flush(app)
    first, second, neighbour, *odd = [line["client"] for line in _lines(place)]
    assert first == second != neighbour
    assert odd[0] == odd[1]


def test_a_log_that_was_moved_away_is_begun_anew(archive: str, tmp_path: Path) -> None:
    place = tmp_path / "requests.ndjson"
    app = create_app(Settings(index=archive, request_log=str(place)))
    client = app.test_client()
    client.get("/healthz")
    _flush(app)
    place.rename(tmp_path / "old")
    client.get("/healthz")
    _flush(app)
    assert len(_lines(place)) == len(_lines(tmp_path / "old")) == 1


@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_logs_are_not_for_everybody(archive: str, tmp_path: Path, mask: int) -> None:
    places = tmp_path / "requests.ndjson", tmp_path / "queries.sqlite"
    before = os.umask(mask)
    try:
        for made_by_another_version in (False, True):
            app = create_app(
                Settings(index=archive, request_log=str(places[0]), query_log=str(places[1]))
            )
            app.test_client().get("/search?q=ha+noi")
            _flush(app)
            for place in places:
                assert stat.S_IMODE(place.stat().st_mode) & ~0o640 == 0, place
                if not made_by_another_version:
                    place.chmod(0o755)
    finally:
        os.umask(before)


def test_standard_error_can_be_the_log(archive: str, capsys: pytest.CaptureFixture[str]) -> None:
    app = create_app(Settings(index=archive, request_log="-"))
    path = "/khong-co/\x1b[31m\x9b\u202e\u2028"
    app.test_client().get(quote(path))
    _flush(app)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    assert json.loads(line)["path"] == path


def test_a_log_that_nobody_reads_keeps_nobody_waiting(archive: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "requests")
    app = create_app(Settings(index=archive, request_log=str(tmp_path / "requests")))
    app.test_client().get("/healthz")
    _flush(app)
    with app.app_context():
        assert recorder().dropped == 1


def test_pseudonyms_lead_nowhere_and_last_a_day() -> None:
    salts = {date(2026, 10, 5): b"a" * 32, date(2026, 10, 6): b"b" * 32}
    names = Pseudonyms(salts.__getitem__)
    first = names.of(_ADDRESS, date(2026, 10, 5))
    assert first == names.of(_ADDRESS, date(2026, 10, 5))
    assert first != names.of("192.0.2.78", date(2026, 10, 5))
    assert first != names.of(_ADDRESS, date(2026, 10, 6))
    assert len(first) == 16


def test_the_zero_hit_report_of_a_session_is_exact(archive: str, tmp_path: Path) -> None:
    place = tmp_path / "queries.sqlite"
    app = create_app(Settings(index=archive, query_log=str(place)))
    client = app.test_client()
    _ask(client, *_SESSION)
    client.get("/search")  # no query
    client.get("/search?q=ngap&page=2")  # the same search, further on
    client.get("/search?mode=advanced&q=(a")  # a mistake
    client.get("/api/v1/suggest?q=nga")
    client.get("/api/v1/search?q=xyzzy")
    _flush(app)
    zero = {query["query"]: query["times"] for query in _report(place, "--zero")}
    hits = {query["query"]: query["times"] for query in _report(place)}
    totals = {
        query.lower(): client.get("/api/v1/search", query_string={"q": query}).json["total"]  # type: ignore[index]  # every answer is an object
        for query in _SESSION
    }
    assert hits == {"ngap": 2, "khong co dau": 2, "hà nội": 1, "xyzzy": 2}
    assert zero == {q: n for q, n in hits.items() if not totals[q]}
    assert zero["xyzzy"] == 2
    assert _ADDRESS.encode() not in place.read_bytes()


def test_the_report_is_cut_and_sorted(archive: str, tmp_path: Path) -> None:
    place = tmp_path / "queries.sqlite"
    log = QueryLog(place)
    now = datetime.now(UTC)
    for query, ms, days in (("a", 5, 0), ("a", 7, 1), ("b", 900, 2), ("c", 1, 20)):
        log.write([(_event(query, at=now - timedelta(days=days), ms=ms), "x")])
    assert [q["query"] for q in _report(place)] == ["a", "b", "c"]
    assert [q["query"] for q in _report(place, "--slow")] == ["b", "a", "c"]
    assert [q["query"] for q in _report(place, "--limit", "1")] == ["a"]
    since = (now - timedelta(days=5)).date().isoformat()
    assert [q["query"] for q in _report(place, "--since", since)] == ["a", "b"]
    assert _report(place)[0]["ms"] == 6
    shown = CliRunner().invoke(main, ["queries"], env={"TIMBAO_QUERY_LOG": str(place)})
    assert shown.output.splitlines()[0].split()[:2] == ["2", "×"]


@pytest.mark.parametrize("make", [False, True])
def test_a_log_that_cannot_be_read_is_named(tmp_path: Path, make: bool) -> None:
    place = tmp_path / "queries.sqlite"
    if make:
        place.write_text("hỏng " * 300, encoding="utf-8")
    done = CliRunner().invoke(main, ["queries", "--log", str(place)])
    assert done.exit_code == 1
    assert "TIMBAO_QUERY_LOG" in done.output
    assert place.exists() == make


def test_nothing_older_than_thirty_days_is_kept(tmp_path: Path) -> None:
    place = tmp_path / "queries.sqlite"
    log = QueryLog(place)
    now = datetime.now(UTC)
    salt = log.salt_of(date(2020, 1, 1))
    assert log.salt_of(date(2020, 1, 1)) == salt
    log.write(
        [(_event(str(days), at=now - timedelta(days=days, hours=12)), "x") for days in range(40)]
    )
    log.purge(now)
    with closing(sqlite3.connect(place)) as database:
        kept = {int(row[0]) for row in database.execute("SELECT query FROM searches")}
        assert kept == set(range(KEPT_DAYS))
        assert database.execute("SELECT COUNT(*) FROM salts").fetchone() == (0,)
    assert log.salt_of(date(2020, 1, 1)) != salt


def test_old_queries_go_while_the_server_runs(archive: str, tmp_path: Path) -> None:
    place = tmp_path / "queries.sqlite"
    old = datetime.now(UTC) - timedelta(days=31)
    QueryLog(place).write([(_event("cũ", at=datetime.now(UTC)), "x")])
    with closing(sqlite3.connect(place)) as database, database:
        database.execute("UPDATE searches SET at = ?", (old.isoformat(),))
    app = create_app(Settings(index=archive, query_log=str(place)))
    app.test_client().get("/healthz")
    _flush(app)
    assert _report(place, "--since", "2020") == []


@pytest.mark.parametrize("trouble", ["locked", "folder", "no folder", "damaged"])
def test_a_log_that_cannot_be_written_stops_no_search(
    archive: str,
    tmp_path: Path,
    trouble: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(query_log, "_WAIT_SECONDS", 0.1)
    place, requests = tmp_path / "queries.sqlite", tmp_path / "requests.ndjson"
    with _trouble(trouble, place):
        target = place / "x" if trouble == "no folder" else place
        app = create_app(Settings(index=archive, query_log=str(target), request_log=str(requests)))
        client = app.test_client()
        _ask(client, "ngap", "hà nội")
        _flush(app)
        with app.app_context():
            assert recorder().dropped >= 2
    assert caplog.text.count("a log cannot be written, searches go on") == 1
    # The other log does not suffer.
    assert [line["query"] for line in _lines(requests) if line["status"] == 200] == [
        "ngap",
        "hà nội",
    ]


@contextmanager
def _trouble(kind: str, place: Path) -> Iterator[None]:
    if kind == "folder":
        place.mkdir()
    elif kind in ("no folder", "damaged"):
        place.write_text("đây là một tệp thường " * 100, encoding="utf-8")
    if kind != "locked":
        yield
        return
    QueryLog(place).write([(_event("trước", at=datetime.now(UTC)), "x")])
    with closing(sqlite3.connect(place)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield
        database.rollback()


def test_a_log_that_is_freed_is_written_again(
    archive: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = tmp_path / "queries.sqlite"
    place.mkdir()
    app = create_app(Settings(index=archive, query_log=str(place)))
    client = app.test_client()
    _ask(client, "ngap")
    _flush(app)
    place.rmdir()
    _ask(client, "hà nội")
    _flush(app)
    assert [query["query"] for query in _report(place)] == ["hà nội"]
    assert "the log is written again" in caplog.text


def test_the_metrics_are_for_those_who_are_let_in(archive: str, tmp_path: Path) -> None:
    keys = tmp_path / "keys.sqlite"
    client = create_app(Settings(index=archive, keys=str(keys))).test_client()
    assert client.get("/metrics").status_code == 404
    _, admin = KeyStore(keys).add(
        "a", public=False, origins=(), scopes=("admin",), on=date(2026, 10, 5)
    )
    _, other = KeyStore(keys).add(
        "b", public=False, origins=(), scopes=("search",), on=date(2026, 10, 5)
    )
    sent = {"Authorization": f"Bearer {other}"}
    assert client.get("/metrics", headers=sent).status_code == 404
    assert client.get(f"/metrics?key={admin}").status_code == 404
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {admin}"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert (
        create_app(Settings(index=archive, metrics=True)).test_client().get("/metrics").status_code
        == 200
    )


def test_the_metrics_count_what_was_asked(archive: str) -> None:
    client = create_app(Settings(index=archive, metrics=True)).test_client()
    _ask(client, "ngap", "xyzzy", "ngap")
    for path in ("/khong-co-1", "/khong-co-2", "/article/ngap/x"):
        client.get(path)
    found = _metrics(client)
    assert found["timbao_requests_total", "/search", "200"] == 3
    assert found["timbao_requests_total", "none", "404"] == 2
    assert found["timbao_requests_total", "/article/<doc_id>/<slug>", "301"] == 1
    assert found["timbao_request_seconds_count", "/search", ""] == 3
    assert found["timbao_searches_total", "yes", ""] == 2
    assert found["timbao_searches_total", "no", ""] == 1
    assert found["timbao_ready", "", ""] == 1
    assert found["timbao_articles", "", ""] == 39


def _metrics(client: FlaskClient) -> dict[tuple[str, str, str], float]:
    text = client.get("/metrics").text
    return {
        (
            sample.name,
            sample.labels.get("route", sample.labels.get("found", "")),
            sample.labels.get("status", ""),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_without_an_index_the_metrics_say_so(tmp_path: Path) -> None:
    settings = Settings(index=f"whoosh:{tmp_path / 'none'}", metrics=True)
    client = create_app(settings).test_client()
    assert _metrics(client)["timbao_ready", "", ""] == 0
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").headers["Retry-After"] == "60"


@pytest.mark.parametrize(("clients", "shown"), [(4, False), (5, True)])
def test_a_logged_query_is_suggested_once_five_readers_had_it(
    archive: str, tmp_path: Path, clients: int, shown: bool
) -> None:
    query = "mưa lớn hà nội ngập"
    place = tmp_path / "queries.sqlite"
    app = create_app(Settings(index=archive, query_log=str(place)))
    for number in range(clients):
        _ask(app.test_client(), query, query, address=f"192.0.2.{number}")
    _flush(app)
    client = create_app(Settings(index=archive, query_log=str(place))).test_client()
    assert (query in _suggested(client, "mua lon ha", wait_for=query if shown else None)) == shown


def test_the_same_reader_on_five_days_is_one_reader(archive: str, tmp_path: Path) -> None:
    place = tmp_path / "queries.sqlite"
    log = QueryLog(place)
    for days in range(6):
        at = datetime.now(UTC) - timedelta(days=days)
        log.write([(_event("mưa lớn", at=at, hits=3), f"name-{days}")])
    assert log.shared_queries(2, 10) == []
    log.write([(_event("mưa lớn", at=datetime.now(UTC), hits=3), "another")])
    assert log.shared_queries(2, 10) == [("mưa lớn", 2)]


def _suggested(client: FlaskClient, typed: str, wait_for: str | None) -> list[str]:
    """The suggestions, once the log was read: that takes a moment, and nobody waits for it."""
    texts: list[str] = []
    for _ in range(100 if wait_for else 10):
        document = client.get("/api/v1/suggest", query_string={"q": typed, "limit": 20}).json
        assert document is not None
        texts = [suggestion["text"] for suggestion in document["suggestions"]]
        if wait_for in texts:
            break
        time.sleep(0.02)
    return texts


def _event(query: str, *, at: datetime, ms: float = 1.0, hits: int = 0) -> RequestEvent:
    return RequestEvent(
        at=at,
        request_id="abc123",
        method="GET",
        path="/search",
        status=200,
        ms=ms,
        address=_ADDRESS,
        search=SearchNote(query=query, hits=hits, first_page=True),
    )
