"""The queue before the writer: nothing that was accepted is lost, whoever writes or is killed."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from archives import FORK, in_memory, small_index, total
from generated_news import numbered_article

from index import (
    Action,
    Incoming,
    Intake,
    IntakeQueue,
    Outcome,
    QueueUnavailable,
    TaskState,
    back_up,
    queue_path,
    restore,
)
from index.engines.embedded.disk import write_lock
from index.engines.embedded.engine import WhooshEngine

_LONG = 30.0


@pytest.fixture
def folder() -> Iterator[Path]:
    """An index of two segments with the articles 1 to 7."""
    with in_memory() as parent:
        yield small_index(parent / "index")


def queue_of(folder: Path) -> IntakeQueue:
    return IntakeQueue(queue_path(f"whoosh:{folder}"))


def record(number: int, title: str = "Bản tin") -> Incoming:
    body = json.dumps({"title": f"{title} số {number}", "body": "Nội dung."}).encode()
    return Incoming(action=Action.PUT, id=f"n{number}", body=body)


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that happens soon."""
    ends = time.monotonic() + _LONG
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def run_intake(folder: Path) -> None:
    Intake(f"whoosh:{folder}").run(Event())


def test_of_several_processes_one_works_and_another_follows_it(folder: Path) -> None:
    queue = queue_of(folder)
    processes = [FORK.Process(target=run_intake, args=(folder,)) for _ in range(3)]
    for process in processes:
        process.start()
    try:
        for round_ in range(3):
            for number in range(20):
                queue.accept([record(100 + 20 * round_ + number)])
            until(lambda: not queue.waiting(1))
            assert total(folder) == 7 + 20 * (round_ + 1)
            if round_ < 2:  # whichever has the lock, in the end only one is left
                processes[round_].kill()
                processes[round_].join()
    finally:
        for process in processes:
            process.kill()
            process.join()


def test_what_was_committed_and_not_noted_is_taken_in_once_more(folder: Path) -> None:
    queue, address = queue_of(folder), f"whoosh:{folder}"
    queue.accept([record(20), record(21), Incoming(action=Action.DELETE, id="n1")])
    batch = queue.waiting(9)
    assert Intake(address)._written(batch, Event())  # and now it is killed
    before = WhooshEngine(folder).get("n20")
    assert before is not None
    task = queue.accept([record(22)])
    assert Intake(address).take_batch(Event()) == 4
    after = WhooshEngine(folder).get("n20")
    assert after is not None
    assert (after, after.changed) == (before, before.changed)
    assert total(folder) == 9
    found = queue.task(task)
    assert found is not None
    assert found.state is TaskState.DONE


def test_while_another_one_writes_they_wait_and_come_after(folder: Path) -> None:
    queue, stop = queue_of(folder), Event()
    working = Thread(target=Intake(f"whoosh:{folder}").run, args=(stop,))
    working.start()
    reindexed: list[int] = []

    def accept(done: int, _: int) -> None:
        queue.accept([record(30 + done)])
        reindexed.append(done)

    assert WhooshEngine(folder).reindex(accept) == 7
    until(lambda: not queue.waiting(1))
    stop.set()
    working.join()
    assert total(folder) == 7 + len(reindexed)


def test_a_long_run_lets_the_queue_go_first(folder: Path) -> None:
    queue, stop = queue_of(folder), Event()
    working = Thread(target=Intake(f"whoosh:{folder}").run, args=(stop,))
    working.start()
    engine, seen = WhooshEngine(folder), []

    def articles() -> Iterator[object]:
        queue.accept([record(50)])
        ends = time.monotonic() + _LONG
        number = 1000
        while engine.get("n50") is None and time.monotonic() < ends:
            yield numbered_article(number)
            number += 1
            time.sleep(0.02)
        seen.append(number)
        yield numbered_article(5000)

    with WhooshEngine(folder).writer() as writer:
        for _ in writer.put_all(articles()):  # type: ignore[arg-type]
            writer.give_way()
    stop.set()
    working.join()
    assert engine.get("n50") is not None
    assert engine.get("n5000") is not None
    assert total(folder) == 7 + 1 + (seen[0] - 1000) + 1
    assert engine.verify(deep=True).faults == ()


def test_giving_way_goes_on_from_what_the_others_wrote(folder: Path) -> None:
    engine = WhooshEngine(folder)

    def other() -> None:
        with WhooshEngine(folder).writer(wait=_LONG) as writer:
            writer.delete("n2")
            writer.put(numbered_article(60))

    with engine.writer() as writer:
        writer.put(numbered_article(61))
        writer.delete("n3")
        waiting = Thread(target=other)
        waiting.start()
        while waiting.is_alive():
            time.sleep(0.05)
            writer.give_way()
        assert engine.get("n61") is not None
        writer.delete("n60")
        writer.put(numbered_article(62))
    assert {article.id for article in engine.articles()} == {
        *("n1", "n4", "n5", "n6", "n7", "n61", "n62")
    }
    assert engine.verify(deep=True).faults == ()


def test_a_backup_has_what_waits(folder: Path) -> None:
    address, backup = f"whoosh:{folder}", folder.parent / "backup"
    queue = queue_of(folder)
    queue.accept([record(70)])
    task = queue.accept([record(71)])
    back_up(address, backup)
    while Intake(address).take_batch(Event()) is not None:
        pass
    queue.accept([record(70, "Sửa")])
    assert total(folder) == 9
    restore(address, backup)
    assert total(folder) == 7
    while Intake(address).take_batch(Event()) is not None:
        pass
    found, again = WhooshEngine(folder).get("n70"), queue.task(task)
    assert found is not None
    assert found.headline == "Sửa số 70"
    assert WhooshEngine(folder).get("n71") is not None
    assert again is not None
    assert again.state is TaskState.DONE


def accept_many(folder: Path, first: int, output: int) -> None:
    queue = queue_of(folder)
    with os.fdopen(output, "wb", buffering=0) as stream:
        for number in range(first, first + 500):
            queue.accept([record(number)])
            stream.write(b"%d\n" % number)


def test_what_a_killed_process_accepted_is_there(folder: Path) -> None:
    reader, writer = os.pipe()
    processes = [
        FORK.Process(target=accept_many, args=(folder, first, writer)) for first in (1000, 2000)
    ]
    for process in processes:
        process.start()
    os.close(writer)
    time.sleep(0.5)
    for process in processes:
        process.kill()
        process.join()
    with os.fdopen(reader, "rb") as stream:
        accepted = {int(line) for line in stream.read().split()}
    assert accepted
    waiting = {int(each.id[1:]) for each in queue_of(folder).waiting(10_000)}
    assert accepted <= waiting
    assert len(waiting - accepted) <= 2  # accepted, and killed before it could be said


def test_a_record_that_fails_stops_no_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = queue_of(folder)
    bad = Incoming(action=Action.PUT_ARTICLE, id="n80", body=b'{"id": "n80"}')
    task = queue.accept([record(79), bad, record(81)])
    while Intake(f"whoosh:{folder}").take_batch(Event()) is not None:
        pass
    found = queue.task(task)
    assert found is not None
    outcomes = [each.outcome for each in found.records]
    assert outcomes == [Outcome.INDEXED, Outcome.REFUSED, Outcome.INDEXED]
    assert total(folder) == 9


def test_what_is_removed_by_hand_does_not_come_back_from_the_queue(folder: Path) -> None:
    queue = queue_of(folder)
    with write_lock(folder):
        queue.accept([record(90)])
        queue.supersede(["n90"])
        assert queue.waiting(1) == []


def test_a_queue_that_the_disk_cannot_name_is_told(tmp_path: Path) -> None:
    queue = IntakeQueue(tmp_path / ("x" * 300))
    for ask in (queue.exists, lambda: queue.supersede(["n1"]), lambda: queue.waiting(1)):
        with pytest.raises(QueueUnavailable, match="too long"):
            ask()


def test_one_that_is_ended_while_it_gives_way_takes_nothing_of_the_others(folder: Path) -> None:
    def write(output: int) -> None:
        with WhooshEngine(folder).writer() as writer:
            writer.put(numbered_article(95))
            os.write(output, b"x")
            while True:
                time.sleep(0.05)
                writer.give_way()

    reader, output = os.pipe()
    process = FORK.Process(target=write, args=(output,))
    process.start()
    os.read(reader, 1)
    with WhooshEngine(folder).writer(wait=_LONG) as writer:
        until(lambda: WhooshEngine(folder).get("n95") is not None)
        writer.put(numbered_article(96))
        process.terminate()
        process.join()
    assert process.exitcode is not None
    assert {"n95", "n96"} <= {article.id for article in WhooshEngine(folder).articles()}
    os.close(reader)
    os.close(output)
