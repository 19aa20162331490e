"""`timbao serve` beside peers that say nothing, read nothing, or do not speak HTTP."""

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import pytest
from peers import ask, get, peers_of, status_of
from running import PROGRAM, serving, workers_of

from index import Article, open_engine

EXPORT: Final = "/search.ndjson?q=lu"
WHOLE: Final = "/search.csv?q=lu&per_page=500"
SEARCH: Final = "/search?q=lu"
ARTICLES: Final = 500
#: Large in an export, and little to index.
PADDING: Final = tuple(f"{number}{1000 * 'x'}" for number in range(8))
HEALTHY: Final = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
SEND_SECONDS: Final = 1
LIMITS: Final = {
    "TIMBAO_CONNECTIONS": "64",
    "TIMBAO_SEND_SECONDS": str(SEND_SECONDS),
    "TIMBAO_WORKERS": "2",
    "TIMBAO_THREADS": "2",
    "TIMBAO_RATE_MODE": "off",
}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an index whose exports no buffer of the system holds."""
    address = f"whoosh:{tmp_path_factory.mktemp('large')}"
    engine = open_engine(address)
    with engine.writer() as writer:
        for number in range(ARTICLES):
            article = Article(id=f"t{number}", headline=f"Lũ về xã {number}", tags=PADDING)
            writer.put(article)
    engine.close()
    return address


Serving = tuple[int, "subprocess.Popen[str]"]


def port_of(line: str) -> int:
    return int(line.strip().rstrip("/").rpartition(":")[2])


@pytest.fixture(scope="module")
def server(large: str, repository: Path) -> Iterator[Serving]:
    """The port and the process of a server with narrow limits."""
    with serving(repository, "--port", "0", "--index", large, env=LIMITS) as (line, process):
        assert get(port_of(line), SEARCH)[0] == 200
        yield port_of(line), process


def assert_serves(port: int) -> None:
    """Health within a second, and a search."""
    status, taken = get(port, "/healthz")
    assert (status, taken < 1) == (200, True), f"{status} after {taken:.1f} s"
    assert get(port, SEARCH)[0] == 200


def read_all(peer: socket.socket, size: int, pause: float = 0.0) -> bytes:
    answer = bytearray()
    while piece := peer.recv(size):
        answer += piece
        sleep(pause)
    return bytes(answer)


def articles_in(answer: bytes) -> list[str]:
    """The ids of an export, whose chunks must be complete."""
    head, _, rest = answer.partition(b"\r\n\r\n")
    assert b"chunked" in head
    body = bytearray()
    while True:
        length, _, rest = rest.partition(b"\r\n")
        if not int(length, 16):
            assert rest == b"\r\n"
            return [json.loads(line)["id"] for line in body.splitlines()]
        body += rest[: int(length, 16)]
        rest = rest[int(length, 16) + 2 :]


HELD: Final = {
    "idle": lambda peers: peers.idle(200),
    "half a header": lambda peers: peers.half(100),
    "a header in drips": lambda peers: peers.dripping(20),
    "a body in drips": lambda peers: peers.dripping(20, "/export"),
    "unread exports": lambda peers: peers.unread(10, EXPORT),
    "exports read in drips": lambda peers: peers.slow(10, EXPORT),
}


@pytest.mark.parametrize("held", HELD)
def test_peers_that_hold_their_connections_hold_up_nobody(server: Serving, held: str) -> None:
    port, _ = server
    with peers_of(port) as peers:
        HELD[held](peers)
        sleep(0.2)
        assert_serves(port)


def test_who_reads_nothing_is_cut_off(server: Serving) -> None:
    port, _ = server
    with peers_of(port) as peers:
        peers.unread(3, EXPORT)
        peers.slow(3, EXPORT)
        sleep(SEND_SECONDS + 2.5)
        for peer in peers.held:
            peer.settimeout(2)
            with pytest.raises(ConnectionResetError):
                read_all(peer, 65_536)


def test_who_reads_slowly_gets_everything(server: Serving) -> None:
    port, _ = server
    with peers_of(port) as peers:
        peer, started = peers.unread(1, EXPORT, buffer=65_536)[0], monotonic()
        slow = articles_in(read_all(peer, 65_536, pause=0.04))
        assert monotonic() > started + 2 * SEND_SECONDS
    assert sorted(slow) == sorted(f"t{number}" for number in range(ARTICLES))
    assert slow == articles_in(
        ask(port, f"GET {EXPORT} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())[0]
    )


def test_an_export_over_http_1_0_is_whole(server: Serving) -> None:
    answer, closed = ask(server[0], f"GET {EXPORT} HTTP/1.0\r\n\r\n".encode())
    lines = answer.partition(b"\r\n\r\n")[2].splitlines()
    assert (len(lines), closed) == (ARTICLES, True)


@pytest.mark.slow
def test_who_asks_while_too_much_waits_for_its_readers_is_sent_away(
    large: str, repository: Path
) -> None:
    # Another worker would answer.
    narrow = {"TIMBAO_SPOOL": "1", "TIMBAO_WORKERS": "1"}
    with (
        serving(repository, "--port", "0", "--index", large, env=narrow) as (line, _),
        peers_of(port_of(line)) as peers,
    ):
        port = port_of(line)
        peer, begun = peers.unread(1, WHOLE)[0], b""
        while len(begun) < 2000:  # more than its header, which may come first
            begun += peer.recv(100)
        request = f"GET {SEARCH} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        # A busy machine takes its time to make as much as is too much.
        deadline = monotonic() + 15
        while status_of((asked := ask(port, request, 1))[0]) != 503:
            assert monotonic() < deadline
        answer, closed = asked
        assert closed
        head, _, body = answer.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        assert fields["Content-Type"] == "application/problem+json"
        assert int(fields["Retry-After"]) > 0
        assert json.loads(body)["type"] == "/problems/overloaded"
        assert get(port, "/healthz")[0] == 200
        # The one who reads nothing is cut off long before its time is over.
        deadline = monotonic() + 15
        while get(port, SEARCH)[0] != 200:
            assert monotonic() < deadline
            sleep(0.5)


def test_requests_that_no_thread_is_free_for_wait_in_a_bounded_queue(server: Serving) -> None:
    port, _ = server
    with peers_of(port) as peers:
        peers.unread(60, SEARCH)
        assert get(port, "/healthz")[1] < 1


def test_pipelined_requests_are_answered_in_order(server: Serving) -> None:
    port, _ = server
    page = b"GET /search?q=lu HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = HEALTHY.replace(b"Host", b"Connection: close\r\nHost")
    answer, closed = ask(port, (page + HEALTHY) * 5 + last)
    kinds = [part.partition(b"text/html")[1] for part in answer.split(b"HTTP/1.1 200 OK")[1:]]
    assert kinds == [b"text/html", b""] * 5 + [b""]
    assert closed


STYLE: Final = b"GET /static/timbao.css HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_what_is_sent_on_waits_until_the_last_answer_is_read(server: Serving) -> None:
    port, process = server

    def opened() -> int:
        folders = (Path(f"/proc/{worker}/fd") for worker in workers_of(process.pid))
        return sum(len(list(folder.iterdir())) for folder in folders)

    with peers_of(port) as peers:
        held = peers.unread(5, "/static/timbao.css")
        before = opened()
        for peer in held:
            peer.sendall(100 * STYLE)
        sleep(0.7)
        # A temporary file for each, not one for each request.
        assert opened() <= before + len(held)
    answer, _ = ask(port, 30 * STYLE + HEALTHY.replace(b"Host", b"Connection: close\r\nHost"))
    assert answer.count(b"HTTP/1.1 200 OK") == 31


def test_behind_the_header_of_a_head_comes_nothing(server: Serving) -> None:
    for path in (EXPORT, WHOLE, SEARCH, "/khong-co"):
        asked = f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        answer, _ = ask(server[0], asked.encode())
        assert answer.startswith(b"HTTP/1.1 ")
        assert answer.endswith(b"\r\n\r\n")
        assert answer.count(b"\r\n\r\n") == 1


CHUNKED: Final = b"0\r\n\r\n"
POST: Final = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\n"


def codings(*fields: bytes) -> bytes:
    return POST + b"".join(field + b"\r\n" for field in fields) + b"\r\n" + CHUNKED


LENGTH: Final = b"Content-Length: 5"
CODED: Final = b"Transfer-Encoding: chunked"
MALFORMED: Final = {
    "length, coding": codings(LENGTH, CODED),
    "coding, length": codings(CODED, LENGTH),
    "in capitals": codings(LENGTH.upper(), CODED.upper()),
    "in small letters": codings(LENGTH.lower(), CODED.lower()),
    "no length at all, coding": codings(b"Content-Length: 0", CODED),
    "empty length, coding": codings(b"Content-Length:", CODED),
    "length, empty coding": codings(LENGTH, b"Transfer-Encoding:"),
    "length, comma as coding": codings(LENGTH, b"Transfer-Encoding: ,"),
    "length, other coding": codings(LENGTH, b"Transfer-Encoding: identity"),
    "length, list of codings": codings(LENGTH, b"Transfer-Encoding: gzip, chunked"),
    "coding twice": codings(CODED, CODED),
    "coding twice in a list": codings(b"Transfer-Encoding: chunked, chunked"),
    "coding with a tab": codings(LENGTH, b"Transfer-Encoding:\tchunked"),
    "coding with a strange space": codings(LENGTH, b"Transfer-Encoding: \x0bchunked"),
    "coding in quotes": codings(LENGTH, b'Transfer-Encoding: "chunked"'),
    "space before the colon": codings(LENGTH, b"Transfer-Encoding : chunked"),
    "folded": codings(LENGTH, b"Transfer-Encoding:\r\n chunked"),
    "folded into another": codings(LENGTH, b"X: y\r\n Transfer-Encoding: chunked"),
    "folded first": POST.replace(b"Host", b" Host") + b"\r\n",
    "coding in 1.0": codings(CODED).replace(b"1.1", b"1.0"),
    "coding in 2.0": codings(CODED).replace(b"1.1", b"2.0"),
    "two lengths": codings(LENGTH, LENGTH),
    "other lengths": codings(LENGTH, b"Content-Length: 6"),
    "list of lengths": codings(b"Content-Length: 5, 5"),
    "length with a sign": codings(b"Content-Length: +5"),
    "length below 0": codings(b"Content-Length: -5"),
    "length in hexadecimal": codings(b"Content-Length: 0x5"),
    "length beyond counting": codings(b"Content-Length: " + 5000 * b"9"),
    "length in other digits": codings("Content-Length: ５".encode()),
    "chunk size with a prefix": POST + CODED + b"\r\n\r\n0x5\r\n01234\r\n" + CHUNKED,
    "chunk size below 0": POST + CODED + b"\r\n\r\n-5\r\n01234\r\n" + CHUNKED,
    "chunk size with an underscore": POST + CODED + b"\r\n\r\n1_0\r\n01234\r\n" + CHUNKED,
    "chunk that is too long": POST + CODED + b"\r\n\r\n2\r\n01234\r\n" + CHUNKED,
    "two hosts": HEALTHY.replace(b"\r\n\r\n", b"\r\nHost: b\r\n\r\n"),
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "HTTP/0.9": b"GET /healthz\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "half a bracket": b"GET http://[::1/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "too many fields": HEALTHY.replace(b"Host", 200 * b"X: y\r\n" + b"Host"),
    "no path": b"GET healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "bare line feed": b"GET /healthz HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
    "bare carriage return": b"GET /healthz HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n",
    "NUL": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: \0\r\n\r\n",
}


@pytest.mark.parametrize("sent", MALFORMED)
def test_a_request_that_can_be_read_in_two_ways_is_refused(server: Serving, sent: str) -> None:
    answer, closed = ask(server[0], MALFORMED[sent] + HEALTHY)
    assert (status_of(answer), closed) == (400, True)
    assert answer.count(b"HTTP/1.") == 1
    head, _, body = answer.partition(b"\r\n\r\n")
    assert json.loads(body)["status"] == 400
    for name in (b"Content-Security-Policy", b"X-Content-Type-Options: nosniff", b"X-Request-Id"):
        assert name in head


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (HEALTHY.replace(b"Host", b"X: " + 200_000 * b"y" + b"\r\nHost"), 431),
        (HEALTHY.replace(b"Host", 20_000 * b"X: y\r\n" + b"Host"), 431),
        (HEALTHY.replace(b"/healthz", b"/" + 200_000 * b"y"), 431),
        (POST + b"Content-Length: 99999999999\r\n\r\n", 413),
        (POST + CODED + b"\r\n\r\n" + 40 * (b"8000\r\n" + 0x8000 * b"y" + b"\r\n"), 413),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
    ],
)
def test_what_is_too_large_or_unknown_is_refused(server: Serving, sent: bytes, status: int) -> None:
    answer, closed = ask(server[0], sent)
    # Who still sends while the connection is closed may not see why.
    assert (status_of(answer) in (status, 0), closed) == (True, True)
    assert_serves(server[0])


def test_an_absolute_target_names_the_host(server: Serving) -> None:
    port, _ = server
    target = f"http://127.0.0.1:{port}/robots.txt".encode()
    answer, _ = ask(port, b"GET " + target + b" HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n")
    assert status_of(answer) == 200
    assert f"http://127.0.0.1:{port}/sitemap.xml".encode() in answer


def test_the_first_signal_lets_requests_finish(large: str, repository: Path) -> None:
    with serving(repository, "--port", "0", "--index", large) as (line, process):
        port = port_of(line)
        with peers_of(port) as peers:
            peers.idle(5)
            peer = peers.unread(1, EXPORT, buffer=65_536)[0]
            assert peer.recv(1000).startswith(b"HTTP/1.1 200 ")
            process.send_signal(signal.SIGTERM)
            deadline = monotonic() + 5
            while get(port, "/healthz")[0]:
                assert monotonic() < deadline
            assert process.poll() is None
            assert read_all(peer, 65_536).endswith(b"\r\n0\r\n\r\n")
        assert process.wait(5) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.slow
def test_the_second_signal_ends_at_once(large: str, repository: Path) -> None:
    with (
        serving(repository, "--port", "0", "--index", large) as (line, process),
        peers_of(port_of(line)) as peers,
    ):
        peer = peers.unread(1, EXPORT)[0]
        assert peer.recv(10) == b"HTTP/1.1 2"
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(2) == -signal.SIGINT


def test_sighup_ends_it_in_order_and_what_a_shell_ignores_stays_ignored() -> None:
    program = (
        "import os, signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from searchapp.http.server import Server\n"
        "from searchapp.settings import Settings\n"
        "server = Server(None, Settings(port=0))\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "os.kill(os.getpid(), signal.SIGHUP)\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "server.run()\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], check=False, timeout=30)  # noqa: S603  # our own program
    assert ended.returncode == 0


def pages_of(process: int) -> list[int]:
    """The size of a process, and what of it is resident, in pages of the system."""
    return list(map(int, Path(f"/proc/{process}/statm").read_text("ascii").split()))[:2]


def limit_memory(process: "subprocess.Popen[str]", *, now: bool) -> None:
    """Give the workers no more memory than they have now, or again as much as they like."""
    for worker in workers_of(process.pid):
        size = pages_of(worker)[0] * resource.getpagesize() if now else resource.RLIM_INFINITY
        resource.prlimit(worker, resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))


def test_a_request_without_memory_is_a_line_and_503(server: Serving) -> None:
    port, process = server
    assert [get(port, SEARCH)[0] for _ in range(8)] == 8 * [200]
    limit_memory(process, now=True)
    try:
        answer, _ = ask(port, f"GET {WHOLE} HTTP/1.0\r\n\r\n".encode())
        assert get(port, "/healthz")[0] == 200
    finally:
        limit_memory(process, now=False)
    assert status_of(answer) == 503
    assert b"\r\nRetry-After: " in answer
    assert b"/problems/overloaded" in answer
    assert_serves(port)
    assert process.stderr is not None
    logged = os.read(process.stderr.fileno(), 65_536).decode()
    assert logged.count(": out of memory\n") == 1, logged
    assert "Traceback" not in logged


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [60, 150, 200])
def test_a_start_without_memory_is_a_line(large: str, megabytes: int) -> None:
    shell = shutil.which("sh")
    assert shell is not None
    done = subprocess.run(  # noqa: S603  # our own program
        [shell, "-c", f'ulimit -v {megabytes * 1024}; exec "$@"', shell, *PROGRAM, "serve"],
        env={**os.environ, "TIMBAO_PORT": "0", "TIMBAO_INDEX": large, "TIMBAO_WORKERS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: There is not enough memory")
    assert done.stderr.count("\n") == 1


def megabytes_of(process: "subprocess.Popen[str]") -> float:
    pages = max(pages_of(worker)[1] for worker in workers_of(process.pid))
    return pages * resource.getpagesize() / 1024 / 1024


@pytest.mark.slow
@pytest.mark.serial
def test_a_thousand_idle_and_twenty_unread_under_the_usual_limits(
    large: str, repository: Path
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    with (
        serving(repository, "--port", "0", "--index", large) as (line, process),
        peers_of(port_of(line)) as peers,
    ):
        port = port_of(line)
        assert_serves(port)
        before = megabytes_of(process)
        peers.idle(1000)
        peers.half(100)
        peers.dripping(200)
        peers.dripping(20, "/export")
        peers.unread(20, EXPORT)
        peers.slow(20, EXPORT)
        for _ in range(40):
            assert_serves(port)
            assert megabytes_of(process) < before + 128
            sleep(1)
        # The deadlines are over: nobody is left.
        for peer in peers.held:
            peer.settimeout(5)
            with suppress(ConnectionResetError):
                read_all(peer, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
