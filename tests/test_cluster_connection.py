"""How a cluster is reached: addresses, settings, TLS, passwords, and what is said when it is not.

A small server on loopback stands for whatever stands in front of a cluster and refuses.
"""

import shutil
import ssl
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from answering import JsonHandler

from index import EngineUnavailable, IndexNotFound, open_engine
from index.engines.opensearch.address import ClusterAddress
from index.engines.opensearch.connection import Cluster
from index.engines.opensearch.settings import ClusterSettings


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
    handler = type("Front", (_Front,), {"status": status, "seen": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}", handler.seen  # type: ignore[attr-defined]  # of _Front
        finally:
            server.shutdown()
            thread.join()


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

    cause: ClassVar[str]
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if len(self.asked) > 1:
            self.answer(200, {"fine": True})
            return
        causes = [{"type": self.cause, "reason": "disconnected"}]
        error = {"type": "search_phase_execution_exception", "root_cause": causes}
        self.answer(500, {"error": error, "status": 500})


@pytest.mark.parametrize(
    ("cause", "asked"), [("node_disconnected_exception", 2), ("illegal_state_exception", 1)]
)
def test_a_shard_whose_node_was_just_lost_is_asked_again(cause: str, asked: int) -> None:
    handler = type("Losing", (_Losing,), {"cause": cause, "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            address = ClusterAddress.parse(f"opensearch://127.0.0.1:{server.server_address[1]}/n")
            with closing(Cluster(address, ClusterSettings.from_env(str(address)))) as cluster:
                if asked > 1:
                    assert cluster.ask(lambda client: client.info()) == {"fine": True}
                else:
                    with pytest.raises(EngineUnavailable, match="search_phase"):
                        cluster.ask(lambda client: client.info())
        finally:
            server.shutdown()
            thread.join()
    assert len(handler.asked) == asked  # type: ignore[attr-defined]  # of _Losing


def test_another_host_answers_where_one_does_not() -> None:
    with _front(404) as (hosts, seen):
        with pytest.raises(IndexNotFound):
            open_engine(f"opensearch://127.0.0.1:1,{hosts}/news").count()
        assert seen
