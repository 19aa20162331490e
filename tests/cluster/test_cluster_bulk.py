"""Bulk requests to a busy cluster, for which a small server on loopback stands."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import ClassVar

import pytest
from answering import JsonHandler, answered_by

from index import EngineUnavailable
from index.engines.cluster.address import ClusterAddress
from index.engines.cluster.cluster_settings import ClusterSettings
from index.engines.cluster.connection import Cluster
from index.engines.cluster.sending import REQUEST_BYTES, Action, BulkSender


class _Busy(JsonHandler):
    """Refuses keys with the statuses named for them, one status an attempt."""

    refusals: ClassVar[dict[str, list[int]]] = {}
    requests: ClassVar[list[list[str]]] = []

    def do_POST(self) -> None:
        lines = self.rfile.read(int(self.headers["Content-Length"])).splitlines()
        heads = [json.loads(line) for line in lines if b'"_id"' in line[:90]]
        items, keys, errors = [], [], False
        for head in heads:
            ((kind, target),) = head.items()
            keys.append(target["_id"])
            left = self.refusals.get(target["_id"])
            status = left.pop(0) if left else 201
            items.append({kind: {"status": status, "error": {"reason": "no room"}}})
            errors = errors or status >= 300
        self.requests.append(keys)
        self.answer(200, {"errors": errors, "items": items})


@contextmanager
def _busy(refusals: dict[str, list[int]]) -> Iterator[tuple[BulkSender, list[list[str]]]]:
    """A sender, and the keys of each request that arrives."""
    requests: list[list[str]] = []
    handler = type("Busy", (_Busy,), {"refusals": refusals, "requests": requests})
    with (
        answered_by(handler) as host,
        closing(Cluster(ClusterAddress((host,), "news"), ClusterSettings())) as cluster,
    ):
        yield BulkSender(cluster), requests


def _actions(*keys: str, text: str = "") -> list[tuple[Action, bytes]]:
    actions = [Action("index", "news", key, {"text": text}) for key in keys]
    return [(action, action.lines()) for action in actions]


def test_only_what_was_refused_is_sent_again() -> None:
    with _busy({"b": [429, 503]}) as (sender, requests):
        sender.send(_actions("a", "b", "c"))
    assert requests == [["a", "b", "c"], ["b"], ["b"]]


def test_requests_have_a_bounded_size() -> None:
    text = "x" * (REQUEST_BYTES // 3)
    with _busy({}) as (sender, requests):
        sender.send(_actions("a", "b", "c", "d", "e", text=text))
    assert requests == [["a", "b"], ["c", "d"], ["e"]]


def test_what_is_there_or_gone_already_is_no_error() -> None:
    create, delete = Action("create", "news", "a", {}), Action("delete", "news", "b")
    with _busy({"a": [409], "b": [404]}) as (sender, requests):
        sender.send([(create, create.lines()), (delete, delete.lines())])
    assert len(requests) == 1


def test_an_article_that_the_cluster_cannot_take_is_named() -> None:
    with (
        _busy({"b": [400]}) as (sender, _),
        pytest.raises(EngineUnavailable, match="refuses b: no room"),
    ):
        sender.send(_actions("a", "b"))
