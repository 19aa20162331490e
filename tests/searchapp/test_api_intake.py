"""Writing over HTTP: who may, what is accepted, and what becomes of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from archives import in_memory
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from index import Article, Intake, IntakeQueue, open_engine, queue_path
from index.engines.embedded.disk import write_lock
from searchapp.app import create_app
from searchapp.documents.endpoints import WRITING
from searchapp.keys import KeyStore
from searchapp.settings import RateMode, Settings

_DAY = date(2026, 12, 1)


@dataclass
class Room:
    """An empty archive, and keys to write to it."""

    folder: Path
    client: FlaskClient
    key: str
    other_key: str

    def ask(self, method: str, path: str, body: object = None, **more: Any) -> TestResponse:
        """Ask with the good key."""
        more.setdefault("headers", {"Authorization": f"Bearer {self.key}"})
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        return self.client.open(path, method=method, data=data, **more)

    def take_in(self) -> None:
        """What the process beside the server does."""
        intake = Intake(f"whoosh:{self.folder}")
        while intake.take_batch(Event()) is not None:
            pass

    def outcome(self, answer: TestResponse) -> list[tuple[str, str]]:
        """What became of a task that was accepted."""
        assert answer.status_code == 202, answer.text
        path = answer.headers["Location"]
        assert answer.json is not None
        assert answer.json["links"] == {"task": path}
        self.take_in()
        document = self.ask("GET", path).json
        assert document is not None
        assert document["finished_at"] is not None
        return [(record["id"], record["outcome"]) for record in document["records"]]

    def get(self, doc_id: str) -> Article | None:
        """The article in the index."""
        return open_engine(f"whoosh:{self.folder}").get(doc_id)


@pytest.fixture
def room() -> Iterator[Room]:
    """An archive without an index yet."""
    with in_memory() as folder:
        settings = Settings(
            index=f"whoosh:{folder}/index",
            keys=str(folder / "keys.sqlite"),
            rate_mode=RateMode.ALL,
            rate_search=5,
        )
        store = KeyStore(settings.keys)
        made = [
            store.add(scope, public=False, origins=(), scopes=(scope,), on=_DAY)[1]
            for scope in ("ingest", "search")
        ]
        yield Room(folder / "index", create_app(settings).test_client(), *made)


def test_an_article_is_added_changed_and_removed(room: Room) -> None:
    record = {"title": "Hà Nội mưa lớn", "body": ["Phố ngập."], "published": "2026-10-05T08:00"}
    answer = room.ask("PUT", "/api/v1/articles/a1", record)
    assert answer.json is not None
    assert answer.json["state"] == "queued"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert room.outcome(answer) == [("a1", "indexed")]
    found = room.get("a1")
    assert found is not None
    assert (found.headline, found.body) == ("Hà Nội mưa lớn", ("Phố ngập.",))
    assert room.outcome(room.ask("PUT", "/api/v1/articles/a1", record)) == [("a1", "unchanged")]
    record["title"] = "Hà Nội hết mưa"
    assert room.outcome(room.ask("PUT", "/api/v1/articles/a1", record)) == [("a1", "indexed")]
    assert room.outcome(room.ask("DELETE", "/api/v1/articles/a1")) == [("a1", "deleted")]
    assert room.outcome(room.ask("DELETE", "/api/v1/articles/a1")) == [("a1", "absent")]
    assert room.get("a1") is None


def test_the_last_word_counts_in_whatever_batch_it_came(room: Room) -> None:
    for number in range(5):
        room.ask("PUT", "/api/v1/articles/a1", {"title": f"Bản {number}"})
        room.ask("PUT", f"/api/v1/articles/b{number}", {"title": "Tin"})
        room.ask("DELETE", f"/api/v1/articles/b{number}")
    room.take_in()
    found = room.get("a1")
    assert found is not None
    assert found.headline == "Bản 4"
    assert open_engine(f"whoosh:{room.folder}").count() == 1


def test_the_same_again_while_it_waits_is_the_same_task(room: Room) -> None:
    first, again = (room.ask("PUT", "/api/v1/articles/a1", {"title": "Tin"}) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    other = room.ask("PUT", "/api/v1/articles/a1", {"title": "Tin khác"})
    back = room.ask("PUT", "/api/v1/articles/a1", {"title": "Tin"})
    assert len({answer.headers["Location"] for answer in (first, other, back)}) == 3
    room.take_in()
    found = room.get("a1")
    assert found is not None
    assert found.headline == "Tin"


def test_many_at_once_each_with_its_notices(room: Room) -> None:
    lines = [
        '{"id": "a1", "title": "Tin một", "published": "hôm kia", "khoa": "la"}',
        "not json",
        "[1]",
        '{"id": "a2"}',
        "",
        '{"title": "Không mã", "url": "https://bao.example/1", "body": "Có bài."}',
        '{"id": "x y/z?", "title": "Mã lạ"}',
    ]
    answer = room.ask("POST", "/api/v1/articles", "\n".join(lines).encode())
    room.take_in()
    document = room.ask("GET", answer.headers["Location"]).json
    assert document is not None
    assert (document["state"], document["counts"]) == (
        "failed",
        {"queued": 0, "done": 3, "failed": 3},
    )
    said = {number: record["messages"] for number, record in enumerate(document["records"])}
    assert any("published" in message and "hôm kia" in message for message in said[0])
    assert "belongs to no field: khoa" in said[0]
    assert all(said[number] for number in (1, 2, 3))
    ids = [record["id"] for record in document["records"] if record["state"] == "done"]
    assert ids[0] == "a1"
    assert all(room.get(doc_id) is not None for doc_id in ids)


def test_a_withdrawal_counts_at_once_before_and_after(room: Room) -> None:
    room.outcome(room.ask("PUT", "/api/v1/articles/a1", {"title": "Tin sai", "source": "Báo A"}))
    room.ask("PUT", "/api/v1/articles/a2", {"title": "Chờ"})
    with write_lock(room.folder):  # as while a reindex runs
        for doc_id in ("a1", "a2", "a3"):
            path = f"/api/v1/articles/{doc_id}/withdraw"
            answer = room.ask("POST", path, {"reason": "sai tên người."})
            assert answer.status_code == 202
            assert answer.json is not None
            assert answer.json["state"] == "done"
        gone = room.ask("GET", "/api/v1/articles/a1", headers={})
    assert gone.status_code == 410
    assert gone.json is not None
    assert gone.json["withdrawn_reason"] == "sai tên người."
    assert gone.json["withdrawn_headline"] == "Tin sai"
    page = room.client.get("/article/a1")
    assert page.status_code == 410
    assert "Lý do: sai tên người." in page.text
    assert "“Tin sai” (Báo A)" in page.text
    again = [room.ask("PUT", f"/api/v1/articles/{d}", {"title": "x"}) for d in ("a2", "a3")]
    outcomes = [room.outcome(answer) for answer in again]
    assert outcomes == [[("a2", "withdrawn")], [("a3", "withdrawn")]]
    assert open_engine(f"whoosh:{room.folder}").withdrawals().by_id["a3"].by == "ingest"


def test_nobody_writes_without_a_key_that_may(room: Room) -> None:
    for endpoint in WRITING:
        path = endpoint.path.replace("{id}", "a1")
        for headers, status, code in (
            ({}, 401, "key-required"),
            ({"Authorization": "Bearer sk_x"}, 401, "key-invalid"),
            ({"Authorization": f"Bearer {room.other_key}"}, 403, "scope-not-allowed"),
        ):
            answer = room.ask(endpoint.method.upper(), path, {"title": "x"}, headers=headers)
            assert answer.status_code == status, path
            assert answer.json is not None
            assert answer.json["type"].endswith(code)
        in_address = room.ask(
            endpoint.method.upper(), f"{path}?key={room.key}", {"title": "x"}, headers={}
        )
        assert in_address.status_code == 401
    assert not queue_path(f"whoosh:{room.folder}").exists()


def test_pages_of_other_sites_cannot_write(room: Room) -> None:
    headers = {"Authorization": f"Bearer {room.key}", "Origin": "https://evil.example"}
    answer = room.ask("PUT", "/api/v1/articles/a1", {"title": "x"}, headers=headers)
    assert answer.status_code == 403


def test_writers_are_not_counted_as_readers_are(room: Room) -> None:
    for number in range(20):
        answer = room.ask("PUT", f"/api/v1/articles/a{number}", {"title": "Tin"})
        assert answer.status_code == 202
        assert "RateLimit-Limit" not in answer.headers
    assert {room.ask("GET", "/api/v1/stats", headers={}).status_code for _ in range(7)} == {
        503,
        429,
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b"\xff", 400),
        (b'{"title": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"title": "' + b"x" * 1_000_000 + b'"}', 413),
    ],
)
def test_what_is_no_article_is_refused_at_once(room: Room, body: bytes, status: int) -> None:
    assert room.ask("PUT", "/api/v1/articles/a1", body).status_code == status
    assert room.ask("POST", "/api/v1/articles", body).status_code in (202, status)
    packed = {"Authorization": f"Bearer {room.key}", "Content-Encoding": "gzip"}
    assert room.ask("PUT", "/api/v1/articles/a1", b"x", headers=packed).status_code == 415


def test_bounds(room: Room) -> None:
    lines = b'{"title": "x"}\n' * 1001
    assert room.ask("POST", "/api/v1/articles", lines).status_code == 413
    assert room.ask("PUT", "/api/v1/articles/%20", {"title": "x"}).status_code == 404
    assert room.ask("GET", "/api/v1/tasks/none").status_code == 404
    for body in (b"[]", b'{"resaon": "x"}', b'{"on": "2026-02-30"}', b'{"reason": 7}'):
        path = "/api/v1/articles/a1/withdraw"
        assert room.ask("POST", path, body).status_code == 400, body
    assert room.ask("PUT", "/api/v1/articles/a1?x=1", {"title": "x"}).status_code == 400


def test_writing_can_be_switched_off(room: Room) -> None:
    settings = Settings(
        index=f"whoosh:{room.folder}", keys=str(room.folder.parent / "keys.sqlite"), write=False
    )
    room.client = create_app(settings).test_client()
    answer = room.ask("PUT", "/api/v1/articles/a1", {"title": "x"})
    assert answer.status_code == 403
    assert answer.json is not None
    assert answer.json["type"].endswith("writing-off")


def test_a_full_queue_says_when_to_come_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.intake_queue._MOST_WAITING", 3)
    answers = [
        room.ask("PUT", f"/api/v1/articles/a{number}", {"title": "Tin"}) for number in range(5)
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 503, 503]
    assert answers[-1].headers["Retry-After"] == "5"
    room.take_in()
    assert room.ask("PUT", "/api/v1/articles/a9", {"title": "Tin"}).status_code == 202


def test_a_queue_that_cannot_be_written_accepts_nothing(room: Room) -> None:
    path = queue_path(f"whoosh:{room.folder}")
    path.mkdir()
    answer = room.ask("PUT", "/api/v1/articles/a1", {"title": "Tin"})
    assert answer.status_code == 503
    path.rmdir()
    assert room.ask("PUT", "/api/v1/articles/a1", {"title": "Tin"}).status_code == 202
    assert len(IntakeQueue(path).waiting(9)) == 1
    assert path.stat().st_mode & 0o777 in (0o600, 0o640)
