"""Commands that are ended from outside: by a signal, by kill -9, by a lack of memory."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from generated_news import numbered_article
from profiles import by_profile
from running import PROGRAM

from index import open_engine

pytestmark = pytest.mark.serial

#: Enough for worker processes of every kind.
_ARTICLES = by_profile(quick=4_000, deep=12_000)
#: Seconds after which the parent is killed: while it starts, reads, analyses, writes.
_MOMENTS = by_profile(quick=[1.5], deep=[0.3, 0.8, 1.2, 1.6, 2.0, 2.5, 3.0, 4.0, 5.0])


@pytest.fixture
def news_file(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl"
    articles = map(numbered_article, range(_ARTICLES))
    records = [{"id": a.id, "title": a.headline, "body": a.body[0]} for a in articles]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


@contextmanager
def indexing(news_file: Path, *before: str) -> Iterator[subprocess.Popen[str]]:
    """`timbao index` as the leader of a group, all of which is ended at the end."""
    address = f"whoosh:{news_file.parent / 'index'}"
    with subprocess.Popen(  # noqa: S603  # our own interpreter and program
        [*before, *PROGRAM, "index", str(news_file), "--index", address],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def members(group: int) -> list[int]:
    """The living processes of a group, by Linux's table."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, pgrp = entry.read_text("utf-8").rpartition(")")[2].split()[:3]
            if int(pgrp) == group and state != "Z":
                found.append(int(entry.parent.name))
    return found


def wait_for_workers(group: int, count: int) -> None:
    """Until the group has so many processes."""
    for _ in range(600):
        if len(members(group)) >= count:
            return
        time.sleep(0.05)
    pytest.fail(f"only {members(group)} have started")


def gone(group: int, seconds: float) -> bool:
    """Whether nobody is left in the group after so many seconds at the most."""
    # A fork server that has just started imports first, half a second of a processor of its own.
    until = time.monotonic() + seconds * max(1, os.getloadavg()[0] / (os.cpu_count() or 1))
    while members(group):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.deep
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("seconds", _MOMENTS)
def test_no_worker_outlives_a_killed_parent(news_file: Path, seconds: float) -> None:
    with indexing(news_file) as process:
        time.sleep(seconds)
        process.kill()
        process.wait()
        assert gone(process.pid, 2), members(process.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.deep
@pytest.mark.parametrize("group", by_profile(quick=[True], deep=[False, True]))
def test_a_signal_ends_a_run_in_order(news_file: Path, group: bool) -> None:
    engine = open_engine(f"whoosh:{news_file.parent / 'index'}")
    with engine.writer() as writer:
        writer.put(numbered_article(1))
    number = signal.SIGTERM if group else signal.SIGHUP
    with indexing(news_file) as process:
        wait_for_workers(process.pid, 4)  # itself, the tracker, the fork server, the reader
        if group:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 128 + number
        assert errors.splitlines() == [f"Ended by {number.name}: what was committed stays."]
        assert gone(process.pid, 2), members(process.pid)
    assert engine.count() == 1
    assert engine.verify().articles == 1
    with engine.writer() as writer:  # the lock is free
        writer.put(numbered_article(2))


def test_control_c_and_nohup(archive: str) -> None:
    program = (
        "import os, signal, sys\n"
        "from searchapp.cli import main\n"
        "import searchapp.commands.maintenance as room\n"
        "room.open_engine = lambda address: os.kill(os.getpid(), int(sys.argv[1])) or exit(9)\n"
        "main(['verify'])\n"
    )
    for number, ignored, status in (
        (signal.SIGINT, False, 130),
        (signal.SIGHUP, True, 9),
    ):
        done = subprocess.run(  # noqa: S603  # our own interpreter and program
            [sys.executable, "-c", program, str(int(number))],
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) if ignored else None,
        )
        assert done.returncode == status, done.stderr
        assert ("Ended by" in done.stderr) is not ignored


@pytest.mark.slow
@pytest.mark.parametrize("megabytes", [150, 220, 300, 450, 600])
def test_too_little_memory_is_one_line(archive: str, tmp_path: Path, megabytes: int) -> None:
    folder = tmp_path / "index"
    shutil.copytree(archive.removeprefix("whoosh:"), folder)
    news = tmp_path / "tin.txt"
    news.write_text("Tin\n\nChợ họp.\n", encoding="utf-8")
    limit = megabytes * 1_000_000
    for command in (["search", "chợ"], ["index", str(news)]):
        done = subprocess.run(  # noqa: S603  # our own interpreter and program
            [*PROGRAM, *command, "--index", f"whoosh:{folder}"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode in (0, 1, 4)
        if done.returncode == 1:
            assert done.stderr.count("\n") == 1
            assert "memory" in done.stderr
    assert open_engine(f"whoosh:{folder}").verify().articles
