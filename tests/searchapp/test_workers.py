"""`timbao serve` in several processes: what one does not survive, and what all count together."""

import os
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from http.client import HTTPConnection
from json import loads
from pathlib import Path
from time import monotonic, sleep

import pytest
from prometheus_client.parser import text_string_to_metric_families
from running import serving, workers_of

from searchapp.http.listening import ConnectionCounts, Share
from searchapp.http.rate_limits import RateLimiter
from searchapp.http.shared_memory import DailySalt
from searchapp.keys import KeyStore

_SEARCH = "/api/v1/search?q=ngap"


class _Site:
    """A server of two workers."""

    def __init__(self, process: "subprocess.Popen[str]", line: str, folder: Path) -> None:
        self.process = process
        self.port = int(line.strip().rstrip("/").rpartition(":")[2])
        self.folder = folder

    @property
    def workers(self) -> list[int]:
        return workers_of(self.process.pid)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body, over a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def statuses(self, path: str, times: int, **headers: str) -> Counter[int]:
        """How often each status came, for requests at the same time."""
        with ThreadPoolExecutor(8) as pool:
            found = pool.map(lambda _: self.get(path, **headers)[0], range(times))
            return Counter(found)

    def requests_counted(self, route: str) -> float:
        """What the metrics say of a route."""
        families = text_string_to_metric_families(self.get("/metrics")[1].decode())
        return sum(
            sample.value
            for family in families
            for sample in family.samples
            if sample.name == "timbao_requests_total" and sample.labels["route"] == route
        )


@pytest.fixture
def site(archive: str, repository: Path, tmp_path: Path) -> Iterator[_Site]:
    env = {
        "TIMBAO_WORKERS": "2",
        "TIMBAO_METRICS": "1",
        "TIMBAO_WRITE": "0",  # else there is a process more
        "TIMBAO_RATE_MODE": "all",
        "TIMBAO_RATE_SEARCH": "20",
        "TIMBAO_REQUEST_LOG": str(tmp_path / "requests.ndjson"),
        "TIMBAO_KEYS": str(tmp_path / "keys.sqlite"),
        "TMPDIR": str(tmp_path),
    }
    with serving(repository, "--port", "0", "--index", archive, env=env) as (line, process):
        started = _Site(process, line, tmp_path)
        _until(lambda: len(started.workers) == 2 and all(map(_has_threads, started.workers)))
        yield started


def _until(holds: Callable[[], bool]) -> None:
    deadline = monotonic() + 15
    while not holds():
        assert monotonic() < deadline
        sleep(0.02)


def _has_threads(process: int) -> bool:
    return len(list(Path(f"/proc/{process}/task").iterdir())) > 4


def _is_running(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2]
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGBUS, signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_ends_is_replaced_while_the_other_answers(
    site: _Site, number: signal.Signals
) -> None:
    first, second = site.workers
    os.kill(first, number)
    assert site.statuses("/healthz", 10) == {200: 10}
    _until(lambda: len({*site.workers} - {first}) == 2)
    assert second in site.workers
    assert site.statuses("/readyz", 10) == {200: 10}
    site.process.terminate()
    assert site.process.wait(10) == 0
    assert site.process.stderr is not None
    how = "exit code 0" if number == signal.SIGTERM else f"killed by {number.name}"
    logged = site.process.stderr.read()
    assert logged == f"process {first} ended ({how}): another takes its place\n"


def test_a_worker_that_keeps_dying_does_not_stop_the_other(site: _Site) -> None:
    known = {stays := site.workers[1]}
    for _ in range(4):
        _until(lambda: not known.issuperset(site.workers))
        known.add(other := next(each for each in site.workers if each not in known))
        os.kill(other, signal.SIGKILL)
    assert site.statuses("/healthz", 10) == {200: 10}
    assert stays in site.workers


def test_nobody_outlives_the_supervisor(site: _Site) -> None:
    workers = site.workers
    site.process.kill()
    _until(lambda: not any(map(_is_running, workers)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_signal_ends_all_and_leaves_nothing_behind(site: _Site, number: signal.Signals) -> None:
    workers = site.workers
    assert site.get("/healthz")[0] == 200
    for process in (site.process.pid, *workers):  # as systemd or a terminal does
        os.kill(process, number)
    assert site.process.wait(10) == 0
    assert not any(map(_is_running, workers))
    assert not list(site.folder.glob("timbao-metrics-*"))


def test_a_port_that_is_taken_is_one_line(site: _Site, repository: Path, archive: str) -> None:
    port = str(site.port)
    with serving(repository, "--port", port, "--index", archive) as (line, process):
        assert line == ""
        assert process.wait(20) == 1
        assert process.stderr is not None
        assert process.stderr.read().count("\n") == 1


def test_connections_are_shared_out_evenly(site: _Site) -> None:
    def sockets(process: int) -> int:
        opened = Path(f"/proc/{process}/fd").iterdir()
        return sum(os.readlink(each).startswith("socket:") for each in opened)

    before = [sockets(each) for each in site.workers]
    with ExitStack() as stack:
        for _ in range(16):
            address = ("127.0.0.1", site.port)
            stack.enter_context(socket.create_connection(address, timeout=20))
        _until(lambda: sum(map(sockets, site.workers)) == sum(before) + 16)
        taken = [sockets(each) - old for each, old in zip(site.workers, before, strict=True)]
        assert min(taken) >= 4, taken


def test_limits_hold_for_all_workers_together_and_outlive_one(site: _Site) -> None:
    assert site.statuses(_SEARCH, 60) == {200: 20, 429: 40}
    counted = {each.name for each in site.folder.glob("timbao-metrics-*/counter_*.db")}
    assert {f"counter_{each}.db" for each in site.workers} <= counted, "one answered everything"
    for worker in site.workers:
        os.kill(worker, signal.SIGKILL)
    assert site.statuses(_SEARCH, 4) == {429: 4}


def test_metrics_are_sums_that_never_shrink(site: _Site) -> None:
    assert site.statuses("/api/docs", 24) == {200: 24}
    for _ in range(6):
        assert site.requests_counted("/api/docs") == 24
    os.kill(site.workers[0], signal.SIGKILL)
    for _ in range(6):
        assert site.requests_counted("/api/docs") == 24


def test_a_caller_has_one_name_in_the_log_and_every_line_is_whole(site: _Site) -> None:
    padding = 300 * "x"
    assert site.statuses(f"/healthz?{padding}", 200) == {200: 200}
    site.process.terminate()
    assert site.process.wait(10) == 0
    lines = (site.folder / "requests.ndjson").read_text("utf-8").splitlines()
    assert len(lines) == 200
    assert len({loads(line)["client"] for line in lines}) == 1


def test_a_revoked_key_opens_nothing_at_any_worker(site: _Site) -> None:
    store = KeyStore(site.folder / "keys.sqlite")
    today = datetime.now(UTC).date()
    key, text = store.add("a", public=False, origins=(), scopes=("search",), on=today)
    sent = {"Authorization": f"Bearer {text}"}
    assert site.statuses(_SEARCH, 10, **sent) == {200: 10}
    assert store.revoke(key.id, today)
    assert site.statuses(_SEARCH, 10, **sent) == {401: 10}


def _in_a_fork(work: Callable[[], object]) -> str:
    """What a forked process got."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.write(writer, repr(work()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    found = os.read(reader, 65_536).decode()
    os.close(reader)
    os.close(writer)
    return found


def test_a_fork_counts_on_where_another_stood() -> None:
    now = 1000.0
    limiter = RateLimiter(lambda: now)
    assert limiter.count("a", 5).remaining == 4
    assert _in_a_fork(lambda: [limiter.count("a", 5).remaining for _ in range(2)]) == "[3, 2]"
    assert _in_a_fork(lambda: limiter.count("b", 5).remaining) == "4"
    assert limiter.count("a", 5).remaining == 1
    now += 60
    assert _in_a_fork(lambda: limiter.count("a", 5).remaining) == "4"
    # More than the ring holds, and from many callers.
    for number in range(70_000):
        limiter.count(number % 7, 100_000)
    assert _in_a_fork(lambda: limiter.count("c", 5).remaining) == "4"
    assert limiter.count("c", 5).remaining == 3


def test_the_salt_of_a_day_is_one_and_goes_with_it() -> None:
    salt = DailySalt()
    monday, tuesday = datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    first = salt.of(monday.date())
    assert _in_a_fork(lambda: salt.of(monday.date())) == repr(first)
    second = _in_a_fork(lambda: salt.of(tuesday.date()))
    assert second == repr(salt.of(tuesday.date()))
    assert second != repr(first)
    assert salt.of(monday.date()) != first


def test_who_has_most_connections_waits_for_the_others_a_moment() -> None:
    counts = ConnectionCounts(3)
    share = Share(counts, 0)
    assert share.takes_one(5), "alone"
    counts.set(1, 5)
    counts.set(2, 6)
    assert share.takes_one(5)
    assert not share.takes_one(6)
    assert share.is_waiting
    assert share.patience(6, 1.0) < 1.0
    deadline = monotonic() + 5
    while not share.takes_one(6):  # the others do not come
        share.patience(6, 1.0)
        assert monotonic() < deadline
