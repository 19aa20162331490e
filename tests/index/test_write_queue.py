"""Writers that wait: in the order in which they came, whatever becomes of the others."""

import errno
import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import nan
from multiprocessing.sharedctypes import SynchronizedArray
from pathlib import Path
from typing import TypeAlias

import pytest
from archives import FORK, in_memory, small_index, total
from click.testing import CliRunner, Result
from generated_news import numbered_article
from whoosh.util.filelock import FileLock  # noqa: TID251  # the lock that ours excludes

from index import IndexLocked, StorageError
from index.engines.embedded.disk import LOCK_NAME, QUEUE_NAME, write_lock
from index.engines.embedded.engine import WhooshEngine
from searchapp.cli import main

_LONG = 30.0
Shares: TypeAlias = "SynchronizedArray[int]"


@pytest.fixture
def folder() -> Iterator[Path]:
    """An index of two segments with seven articles."""
    with in_memory() as parent:
        yield small_index(parent / "index")


def write(folder: Path, number: int, wait: float) -> None:
    """Add an article as soon as it is this one's turn."""
    with WhooshEngine(folder).writer(wait=wait) as writer:
        writer.put(numbered_article(number))


def waiting(folder: Path) -> int:
    """How many wait, as the system lists their locks."""
    queue = folder / QUEUE_NAME
    if not queue.exists():
        return 0
    inode = f":{queue.stat().st_ino} "
    return sum(inode in line for line in Path("/proc/locks").read_text().splitlines())


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    ends = time.monotonic() + _LONG
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.005)


def test_who_came_first_is_next(folder: Path) -> None:
    served: list[int] = []

    def take(number: int) -> None:
        with write_lock(folder, _LONG):
            served.append(number)

    with ThreadPoolExecutor(6) as threads, write_lock(folder):
        for number in range(6):
            threads.submit(take, number)
            until(lambda: waiting(folder) > number)  # noqa: B023  # asked at once
    assert served == list(range(6))
    assert waiting(folder) == 0


def test_nobody_waits_without_being_told_to(folder: Path) -> None:
    for wait in (0.0, -1.0, nan):
        with write_lock(folder), pytest.raises(IndexLocked):
            write(folder, 8, wait)
    assert not (folder / QUEUE_NAME).exists()
    started = time.monotonic()
    with write_lock(folder), pytest.raises(IndexLocked):
        write(folder, 8, 0.1)
    assert time.monotonic() - started >= 0.1
    assert total(folder) == 7


@pytest.mark.serial
@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP])
def test_a_waiter_that_ends_or_stops_is_in_nobodys_way(
    folder: Path, signal_number: signal.Signals
) -> None:
    process = FORK.Process(target=write, args=(folder, 8, _LONG))
    # Unlike ours it is unlocked before it is closed: the process has inherited it.
    lock = FileLock(str(folder / LOCK_NAME))
    assert lock.acquire()
    try:
        process.start()
        until(lambda: waiting(folder) > 0)
        os.kill(process.pid or 0, signal_number)
        if signal_number != signal.SIGSTOP:
            process.join()
        lock.release()
        started = time.monotonic()
        write(folder, 9, _LONG)
        write(folder, 10, 0)
        assert time.monotonic() - started < _LONG / 2
        assert total(folder) == 9
    finally:
        process.kill()
        process.join()


def write_for(folder: Path, seconds: float, number: int, counts: Shares) -> None:
    """Commit again and again."""
    ends, made = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        made += 1
        write(folder, 1000 * (number + 1) + made, _LONG)
    counts[number] = made


@pytest.mark.serial
def test_four_writers_have_equal_shares(folder: Path) -> None:
    counts = FORK.Array("i", 4)
    processes = [
        FORK.Process(target=write_for, args=(folder, 1, number, counts)) for number in range(4)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    shares = counts[:]
    assert min(shares) > 0
    assert max(shares) - min(shares) <= 3
    assert total(folder) == 7 + sum(shares)


def test_whooshs_lock_is_waited_for(folder: Path) -> None:
    whooshs = FileLock(str(folder / LOCK_NAME))
    assert whooshs.acquire()
    with pytest.raises(IndexLocked):
        write(folder, 8, 0.05)
    with ThreadPoolExecutor(1) as threads:
        written = threads.submit(write, folder, 8, _LONG)
        until(lambda: waiting(folder) > 0)
        whooshs.release()
        written.result()
    assert total(folder) == 8


@pytest.mark.parametrize("refused", [errno.EACCES, errno.EAGAIN], ids=errno.errorcode.get)
def test_a_queue_that_cannot_be_locked_is_told(
    folder: Path, refused: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(refused, os.strerror(refused))

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    with pytest.raises(StorageError):
        write(folder, 8, _LONG)
    monkeypatch.undo()
    write(folder, 8, 0)


@pytest.mark.parametrize("kind", ["link", "dangling", "folder", "fifo"])
def test_a_queue_that_is_no_file_is_refused(folder: Path, tmp_path: Path, kind: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    queue = folder / QUEUE_NAME
    match kind:
        case "link":
            queue.symlink_to(victim)
        case "dangling":
            queue.symlink_to(tmp_path / "nothing")
        case "folder":
            queue.mkdir()
        case _:
            os.mkfifo(queue)
    for wait in (0, 1):
        with pytest.raises(StorageError, match=QUEUE_NAME):
            write(folder, 8, wait)
    assert victim.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["victim"]
    assert total(folder) == 7


# -- the commands


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--index", f"whoosh:{folder}"])


@pytest.mark.parametrize(
    "arguments",
    [
        *(("delete", "n1"), ("reindex",), ("index",), ("copy",)),
        *(("restore",), ("recover",)),
    ],
)
def test_a_command_that_writes_waits(
    folder: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    source = tmp_path / "tin.jsonl"
    source.write_bytes(numbered_article(8).to_json())
    target = folder
    if arguments == ("index",):
        arguments = ("index", str(source))
    elif arguments == ("copy",):
        arguments, target = ("copy", f"whoosh:{folder}"), small_index(tmp_path / "other")
    elif arguments == ("restore",):
        assert run(folder, "backup", str(tmp_path / "backup")).exit_code == 0
        arguments = ("restore", str(tmp_path / "backup"))
    with ThreadPoolExecutor(1) as threads:
        with write_lock(folder):
            refused = run(target, *arguments, "--wait", "0")
            assert refused.exit_code == 1
            assert "--wait" in refused.stderr
            done = threads.submit(run, target, *arguments, "--wait", "30")
            until(lambda: waiting(folder) > 0)
        assert done.result().exit_code == 0, done.result().output


def test_a_rollback_waits(folder: Path) -> None:
    WhooshEngine(folder).reindex()
    with ThreadPoolExecutor(1) as threads:
        with write_lock(folder):
            done = threads.submit(run, folder, "rollback", "--wait", "30")
            until(lambda: waiting(folder) > 0)
        assert done.result().exit_code == 0


def test_seconds_to_wait_are_a_whole_number(folder: Path) -> None:
    for text in ("-1", "nan", "inf", "1.5", "x"):
        assert run(folder, "delete", "n1", "--wait", text).exit_code == 2
    assert total(folder) == 7
