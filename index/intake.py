"""From the queue into the index: one process at a time takes in what was accepted."""

import fcntl
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic
from typing import Final

from .article import Article, kept_id
from .engines import open_engine
from .errors import IndexLocked, SearchError
from .intake_queue import Action, IntakeQueue, Outcome, QueuedRecord, RecordResult, queue_path
from .model import IndexWriter
from .readers import BadRecord, FieldNotice, IgnoredKeys, Notice
from .reading_worker import read_in_worker

__all__ = ["Intake"]

_log = logging.getLogger(__name__)

#: Seconds: how often the queue is looked at, how long the first record waits for others that come
#: with it, how long a place among the index's writers is kept, and after an error.
_POLL: Final = 0.05
_GATHER: Final = 0.1
_TURN: Final = 3.0
_PAUSE: Final = 5.0
#: Records and bytes that become visible together.
_BATCH: Final = 2_000
_BATCH_BYTES: Final = 32_000_000
#: Messages about one record that are kept.
_MESSAGES: Final = 20
_PLACE: Final = "api"


class Intake:
    """Takes records out of an index's queue and commits them, until it is told to stop.

    It may run in any number of processes: the one that has the lock of the queue works, the others
    wait for it to end. The index is locked only while a batch is written. What was committed but
    not noted, because the process was killed in between, is taken in once more: it is there as it
    was then, and stays so.
    """

    def __init__(self, address: str) -> None:
        """For the index at this address; nothing is read yet."""
        self._engine = open_engine(address)
        self._queue = IntakeQueue(queue_path(address))
        self._lock = self._queue.path.with_suffix(".lock")

    def run(self, stop: Event) -> None:
        """Work until `stop` is set, which is noticed within seconds."""
        with self._alone(stop) as alone:
            while alone and not stop.is_set():
                try:
                    pause = _POLL if self.take_batch(stop) is None else 0.0
                except SearchError as error:
                    _log.warning("what was accepted waits: %s", error)
                    pause = _PAUSE
                stop.wait(pause)
        self._queue.close()
        self._engine.close()

    def take_batch(self, stop: Event) -> int | None:
        """Take in the records that came first; how many, None where none waits.

        Raises:
            SearchError: the index cannot be written now; they wait on.
        """
        if not self._queue.exists() or not self._queue.waiting(1):
            return None
        stop.wait(_GATHER)
        batch = self._queue.waiting(_BATCH, _BATCH_BYTES)
        try:
            results = self._written(batch, stop)
        except SearchError:
            raise
        except Exception as error:  # a record that nobody foresaw must not stop all others
            _log.exception("a batch of %d accepted records fails", len(batch))
            results = self._one_by_one(batch, stop, error)
        self._queue.finish(results)
        return len(results)

    def _one_by_one(
        self, batch: Sequence[QueuedRecord], stop: Event, error: Exception
    ) -> list[tuple[int, RecordResult]]:
        results: list[tuple[int, RecordResult]] = []
        for record in batch:
            try:
                results += self._written([record], stop)
            except SearchError:
                raise
            except Exception:  # it is told to whoever sent it
                _log.exception("an accepted record fails: %s", record.id)
                messages = (f"it cannot be indexed: {error}",)
                results.append((record.number, RecordResult(record.id, Outcome.REFUSED, messages)))
        return results

    def _written(
        self, batch: Sequence[QueuedRecord], stop: Event
    ) -> list[tuple[int, RecordResult]]:
        """Read and write records in their order; empty where it is to stop before its turn."""
        read = _Read(batch)
        results: dict[int, RecordResult] = dict(read.refused)
        waiting_since = monotonic()
        while not stop.is_set():
            try:
                with self._engine.writer(wait=_TURN) as writer:
                    for number, result in _write(writer, batch, read):
                        results[number] = result
                break
            except IndexLocked:
                _log.info("%d s behind another writer", round(monotonic() - waiting_since))
        else:
            return []
        withdrawn = self._engine.withdrawals()
        for number, article in read.articles.items():
            if withdrawn.of(article.id, article.url) is not None:
                messages = ("it is withdrawn: `timbao withdraw --undo` would end that",)
                results[number] = RecordResult(article.id, Outcome.WITHDRAWN, messages)
        return [
            (number, replace(result, messages=read.messages(number) + result.messages))
            for number, result in results.items()
        ]

    @contextmanager
    def _alone(self, stop: Event) -> Iterator[bool]:
        """Have the lock of the queue, as soon as nobody else has it; False where it is to stop."""
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(self._lock, flags, 0o640)
        try:
            while not stop.is_set():
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    stop.wait(10 * _POLL)
                else:
                    yield True
                    return
            yield False
        finally:
            os.close(descriptor)


def _write(
    writer: IndexWriter, batch: Sequence[QueuedRecord], read: "_Read"
) -> Iterator[tuple[int, RecordResult]]:
    """Write records in their order; what became of each."""
    # What is refused in between does not part what can be written together.
    wanted = [each for each in batch if each.number not in read.refused]
    for action, group in groupby(wanted, lambda record: record.action is Action.DELETE):
        if action:
            for record in group:
                there = writer.delete(record.id)
                outcome = Outcome.DELETED if there else Outcome.ABSENT
                yield record.number, RecordResult(record.id, outcome)
        else:
            numbers = [record.number for record in group]
            articles = [read.articles[number] for number in numbers]
            for number, changed in zip(numbers, writer.put_all(articles), strict=True):
                outcome = Outcome.INDEXED if changed else Outcome.UNCHANGED
                yield number, RecordResult(read.articles[number].id, outcome)


class _Read:
    """The articles of a batch by the numbers of their records, and what is said of each."""

    def __init__(self, batch: Sequence[QueuedRecord]) -> None:
        self.articles: dict[int, Article] = {}
        self.refused: dict[int, RecordResult] = {}
        self._messages: dict[int, list[str]] = {}
        self._ids = {record.number: record.id for record in batch}
        records = [record for record in batch if record.action is Action.PUT]
        if records:
            with TemporaryDirectory(prefix="timbao-intake-") as folder:
                self._read(records, Path(folder))
        for record in batch:
            if record.action is Action.PUT_ARTICLE:
                self.articles[record.number] = Article.from_json(record.body)

    def messages(self, number: int) -> tuple[str, ...]:
        """What its reader said about a record."""
        said = self._messages.get(number, [])
        more = len(said) - _MESSAGES
        return (*said[:_MESSAGES], f"and {more} more") if more > 0 else tuple(said)

    def _read(self, records: Sequence[QueuedRecord], folder: Path) -> None:
        # A file each, so that everything that is said of it has its path.
        paths = []
        for record in records:
            paths.append(folder / f"{record.number}.jsonl")
            paths[-1].write_bytes(record.body + b"\n")
        for article in read_in_worker(paths, on_bad=self._bad, on_notice=self._notice):
            origin = article.provenance
            if origin is None:
                raise ValueError("every reader says where an article is from")
            number = int(Path(origin.path).stem)
            if number in self.articles:
                self._say(number, "it holds several articles, of which the first counts")
                continue
            doc_id = kept_id(self._ids[number]) if self._ids[number] else article.id
            self.articles[number] = replace(
                article, id=doc_id, provenance=replace(origin, path=_PLACE, line=None)
            )
        for record in records:
            if record.number not in self.articles:
                if not self._messages.get(record.number):
                    self._say(record.number, "no article in it")
                self.refused[record.number] = RecordResult(record.id, Outcome.REFUSED)

    def _bad(self, bad: BadRecord) -> None:
        self._say(int(Path(bad.path).stem), bad.reason)

    def _notice(self, notice: Notice) -> None:
        number = int(Path(notice.path).stem)
        if isinstance(notice, FieldNotice):
            self._say(number, notice.reason)
        elif isinstance(notice, IgnoredKeys):
            self._say(number, f"belongs to no field: {', '.join(key for key, _ in notice.counts)}")

    def _say(self, number: int, message: str) -> None:
        self._messages.setdefault(number, []).append(message)
