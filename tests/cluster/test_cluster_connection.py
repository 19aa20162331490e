"""How a cluster is reached: addresses, settings, TLS, passwords, and what is said when it is not.

A small server on loopback stands for whatever stands in front of a cluster and refuses.
"""

import shutil
import ssl
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import ClassVar

import pytest
from answering import JsonHandler, answered_by

from index import EngineUnavailable, IndexNotFound, open_engine
from index.engines.cluster.address import ClusterAddress
from index.engines.cluster.cluster_settings import ClusterSettings
from index.engines.cluster.connection import Cluster


class _Front(JsonHandler):
    """Answers with one status, 404 of an index where that is asked, and remembers who asked."""

    status: ClassVar[int] = 401
    seen: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        self.seen.append(self.headers["Authorization"])
        kind = "index_not_found_exception" if self.status == 404 else "security_exception"
        error = {"type": kind, "reason": "no"}
        self.answer(self.status, {"error": error, "status": self.status})


@contextmanager
def _front(status: int, certificate: Path | None = None) -> Iterator[tuple[str, list[str | None]]]:
    """The hosts of an address, and the Authorization headers that arrive."""
    seen: list[str | None] = []
    handler = type("Front", (_Front,), {"status": status, "seen": seen})
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with answered_by(handler, context) as (host, port):
        yield f"{host}:{port}", seen


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that signs itself, with its key."""
    openssl = shutil.which("openssl")
    assert openssl is not None, "install the Debian package openssl"
    key, found = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(  # noqa: S603 -- a fixed command
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(found)),
        ],
        check=True,
        capture_output=True,
    )
    found.write_bytes(found.read_bytes() + key.read_bytes())
    return found


def test_addresses_have_hosts_and_a_name() -> None:
    address = ClusterAddress.parse("opensearch://a,b:9201,[::1]:9202/tin-tuc")
    assert address.hosts == (("a", 9200), ("b", 9201), ("[::1]", 9202))
    assert address.name == "tin-tuc"
    assert str(address) == "opensearch://a:9200,b:9201,[::1]:9202/tin-tuc"


def test_settings_come_from_the_environment() -> None:
    environ = {
        "TIMBAO_OPENSEARCH_CA": "/etc/ca.pem",
        "TIMBAO_OPENSEARCH_USER": "timbao",
        "TIMBAO_OPENSEARCH_PASSWORD": "bí mật",
        "TIMBAO_OPENSEARCH_SHARDS": "3",
        "TIMBAO_OPENSEARCH_REPLICAS": "0",
    }
    settings = ClusterSettings.from_env("opensearch://a/b", environ)
    assert (settings.tls, settings.ca, settings.user) == (True, "/etc/ca.pem", "timbao")
    assert (settings.shards, settings.replicas, settings.timeout) == (3, 0, 30)
    assert ClusterSettings.from_env("", {}) == ClusterSettings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TIMEOUT", "soon"),
        ("TIMEOUT", "0"),
        ("SHARDS", "0"),
        ("REPLICAS", "-1"),
        ("TLS", "perhaps"),
        ("USER", "alone"),
    ],
)
def test_odd_settings_are_refused_by_name(variable: str, value: str) -> None:
    name = f"TIMBAO_OPENSEARCH_{variable}"
    with pytest.raises(EngineUnavailable, match=name):
        ClusterSettings.from_env("opensearch://a/b", {name: value})


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMBAO_OPENSEARCH_PASSWORD", "bí mật")
    monkeypatch.setenv("TIMBAO_OPENSEARCH_USER", "timbao")
    with pytest.raises(EngineUnavailable, match=r"does not answer .*no connection") as caught:
        open_engine("opensearch://127.0.0.1:1/news").count()
    assert "bí mật" not in str(caught.value)


def test_refused_users_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMBAO_OPENSEARCH_USER", "timbao")
    monkeypatch.setenv("TIMBAO_OPENSEARCH_PASSWORD", "wrong")
    for status in (401, 403):
        with _front(status) as (hosts, seen):
            with pytest.raises(EngineUnavailable, match="check the user and password or API key"):
                open_engine(f"opensearch://{hosts}/news").count()
            assert set(seen) == {"Basic " + b64encode(b"timbao:wrong").decode()}


def test_api_keys_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMBAO_OPENSEARCH_API_KEY", "abc")
    with _front(404) as (hosts, seen):
        with pytest.raises(IndexNotFound, match=hosts):
            open_engine(f"opensearch://{hosts}/news").count()
        assert set(seen) == {"ApiKey abc"}


def test_tls_trusts_the_named_certificate_only(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _front(404, certificate) as (hosts, seen):
        monkeypatch.setenv("TIMBAO_OPENSEARCH_TLS", "1")
        with pytest.raises(EngineUnavailable, match="no connection, SSLError"):
            open_engine(f"opensearch://{hosts}/news").count()
        assert not seen
        monkeypatch.setenv("TIMBAO_OPENSEARCH_CA", str(certificate))
        with pytest.raises(IndexNotFound):
            open_engine(f"opensearch://{hosts}/news").count()
        assert seen


class _Losing(JsonHandler):
    """Answers once that a node was lost, or fails for a reason of its own; then as it should."""

    causes: ClassVar[dict[str, object]]
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if len(self.asked) > 1:
            self.answer(200, {"fine": True})
            return
        error = {"type": "search_phase_execution_exception", "reason": "", **self.causes}
        self.answer(500, {"error": error, "status": 500})


@pytest.mark.parametrize(
    ("causes", "asked", "outcome"),
    [
        ({"root_cause": [{"type": "node_disconnected_exception"}]}, 2, nullcontext()),
        (
            {
                "root_cause": [],
                "failed_shards": [],
                "caused_by": {"type": "node_not_connected_exception", "reason": "[node-1]"},
            },
            2,
            nullcontext(),
        ),
        (
            {"root_cause": [{"type": "illegal_state_exception"}]},
            1,
            pytest.raises(EngineUnavailable, match="search_phase"),
        ),
    ],
)
def test_a_shard_whose_node_was_just_lost_is_asked_again(
    causes: dict[str, object], asked: int, outcome: AbstractContextManager[object]
) -> None:
    requests: list[str] = []
    handler = type("Losing", (_Losing,), {"causes": causes, "asked": requests})
    with answered_by(handler) as host, closing(_cluster(host)) as cluster, outcome:
        assert cluster.ask(lambda client: client.info()) == {"fine": True}
    assert len(requests) == asked


class _Recovering(_Losing):
    """Answers one item of two with an error at first."""

    def do_GET(self) -> None:
        self.asked.append(self.path)
        items: list[dict[str, object]] = [{"_id": "a"}, {"_id": "b"}]
        if len(self.asked) < 3:
            items[1]["error"] = {"type": "no_shard_available_action_exception"}
        self.answer(200, {"docs": items})


def test_items_of_a_lost_shard_are_asked_for_again() -> None:
    requests: list[str] = []
    handler = type("Recovering", (_Recovering,), {"asked": requests})
    with answered_by(handler) as host, closing(_cluster(host)) as cluster:
        items = cluster.ask_each(lambda client: client.info())
    assert items == [{"_id": "a"}, {"_id": "b"}]
    assert len(requests) == 3


def _cluster(host: tuple[str, int]) -> Cluster:
    return Cluster(ClusterAddress((host,), "news"), ClusterSettings())


def test_another_host_answers_where_one_does_not() -> None:
    with _front(404) as (hosts, seen):
        with pytest.raises(IndexNotFound):
            open_engine(f"opensearch://127.0.0.1:1,{hosts}/news").count()
        assert seen
