"""News files read in a process of its own, where one record can neither hang nor fill memory.

The process that asks only lists the files. The worker opens, reads and parses them and hands over
articles in batches. A record that takes too long or too much memory ends the worker, and another
one goes on behind that record.
"""

import os
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from .article import Article
from .errors import WorkerLost
from .processes import end_with_parent, signals_wait, worker_context
from .readers import (
    DEFAULT_NAMES,
    BadRecord,
    FieldNames,
    Listener,
    NewsFile,
    Notice,
    OnBad,
    OnBytes,
    OnNotice,
    ReadWatch,
    list_files,
    pass_over,
    read_file,
)
from .segments.inversion import Inverter
from .stored_article import trusted_article

if TYPE_CHECKING:
    from ctypes import Array
    from ctypes import c_int64 as Int64

__all__ = ["RECORD_SECONDS", "read_in_worker"]

#: Seconds of a processor that one record may take; by the clock six times that.
RECORD_SECONDS: Final = 10.0
_CLOCK_FACTOR: Final = 6
#: Bytes of address space that a worker may take for its records, beside what it starts with.
_MEMORY: Final = 600_000_000
#: From so many bytes on an article is analysed here, too: in an indexing process it has no limits.
_ANALYSED_FROM: Final = 200_000
_FILES_A_TASK: Final = 512
#: When a batch is handed over: so many records, bytes or seconds.
_BATCH_RECORDS: Final = 128
_BATCH_BYTES: Final = 4_000_000
_BATCH_SECONDS: Final = 1.0

_TOO_MUCH_MEMORY: Final = "takes too much memory"
#: What a worker writes where the other process sees it, even after it was killed.
_FILE, _RECORDS, _INSIDE = range(3)


def read_in_worker(
    paths: Iterable[Path],
    *,
    on_bad: OnBad,
    on_notice: OnNotice = pass_over,
    on_bytes: OnBytes | None = None,
    names: FieldNames = DEFAULT_NAMES,
    record_seconds: float = RECORD_SECONDS,
    follow_links: bool = False,
) -> Iterator[Article]:
    """The articles of files and folders, as `read_paths` has them.

    A record that takes longer than `record_seconds`, or too much memory, goes to `on_bad`.

    Raises:
        WorkerLost: a worker ended before it had done anything.
    """
    files = list_files(paths, on_bad=on_bad, on_notice=on_notice, follow_links=follow_links)
    with closing(_Workers(record_seconds)) as workers:
        while chosen := list(islice(files, _FILES_A_TASK)):
            for batch in workers.read(_Task(chosen, names)):
                if on_bytes is not None and batch.read:
                    on_bytes(batch.read)
                for record in batch.records:
                    if isinstance(record, bytes):
                        yield trusted_article(record)
                    elif isinstance(record, BadRecord):
                        on_bad(record)
                    else:
                        on_notice(record)


@dataclass(slots=True)
class _Task:
    """Files to read, and where to go on in them.

    Records are counted from 0 in each file, and so is what is bad without being a record.
    """

    files: list[NewsFile]
    names: FieldNames
    file: int = 0
    records: int = 0
    """How many of the first file are handed over already."""
    left_out: dict[tuple[int, int], str] = field(default_factory=dict)
    """(File, record) → why the record is passed over."""
    given_up: dict[int, tuple[int, str]] = field(default_factory=dict)
    """File → how many of its records are read, and why not the rest."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Articles as JSON and what is said, in order; up to where that is; bytes on disk read."""

    records: list[bytes | BadRecord | Notice]
    file: int
    count: int
    read: int


class _Workers:
    """One worker process at a time."""

    def __init__(self, record_seconds: float) -> None:
        self._seconds = record_seconds
        self._context = worker_context(__name__)
        self._place: Array[Int64] = self._context.RawArray("q", 3)
        self._running = False

    def read(self, task: _Task) -> Iterator[_Batch]:
        """What is in the files of the task; where a worker ends on the way, others go on."""
        while True:
            self._start()
            self._place[:] = [-1, 0, 0]  # it waits for the task, and writes nothing meanwhile
            try:
                self._connection.send(task)
            except BrokenPipeError as error:
                raise WorkerLost(at_start=True) from error
            reason = ""
            while message := self._received():
                if isinstance(message, str):
                    reason = message
                elif isinstance(message, _Batch):
                    task.file, task.records = message.file, message.count
                    yield message
                else:
                    return
            self._leave_out(task, reason)

    def close(self) -> None:
        """End the worker."""
        if self._running:
            self._running = False
            self._process.kill()
            self._process.join()
            self._process.close()
            self._connection.close()

    def _start(self) -> None:
        if not self._running:
            self._connection, theirs = self._context.Pipe()
            # A worker begins where this process did, and relative paths are meant from here.
            arguments = (theirs, self._place, self._seconds, os.getcwd())
            self._process = self._context.Process(target=_work, args=arguments, daemon=True)
            with signals_wait():
                self._process.start()
                self._running = True
            theirs.close()

    def _received(self) -> object:
        """The next message; None where the worker has ended."""
        try:
            return self._connection.recv()
        except (EOFError, OSError):
            return None

    def _leave_out(self, task: _Task, reason: str) -> None:
        """Pass over what the worker was at when it ended, when the task is read on."""
        file, count, inside = self._place
        self._process.join()
        reason = reason or self._why()
        self.close()
        if file < 0:
            raise WorkerLost(at_start=True)
        if inside:
            task.left_out[file, count - 1] = reason
        else:
            # Between records: what comes next cannot be found. A second time, nothing can.
            task.given_up[file] = 0 if file in task.given_up else count, reason

    def _why(self) -> str:
        code = self._process.exitcode
        if code in (-signal.SIGPROF, -signal.SIGALRM):
            return f"takes too long (more than {self._seconds:g} seconds)"
        if code == -signal.SIGKILL:
            return f"its process was killed: perhaps it {_TOO_MUCH_MEMORY}"
        return f"its process ended with {code}"


class _GivenUp(Exception):
    """The rest of the file at hand is not read."""


class _Reader(ReadWatch):
    """The worker: reads tasks, counts records, and sets the clock for each."""

    def __init__(self, connection: Connection, place: "Array[Int64]", seconds: float) -> None:
        super().__init__()
        self._connection = connection
        self._place = place
        self._seconds = seconds
        self._inverter: Inverter | None = None
        self._begin_batch()

    def run(self) -> None:
        """Read what is asked for, until nothing is, or until something goes wrong."""
        while True:
            try:
                self._task: _Task = self._connection.recv()
            except EOFError:
                return
            try:
                for number in range(self._task.file, len(self._task.files)):
                    self._read_file(number)
            except MemoryError:
                self._fail(_TOO_MUCH_MEMORY)
                return
            except Exception as error:  # it is reported: whatever a record does, the rest is read
                self._fail(f"cannot be read: {type(error).__name__}: {error}"[:300])
                return
            self._hand_over()
            self._connection.send(True)  # the task is done

    def read(self, count: int) -> None:
        """Bytes of the file on disk; between records, this is where the clock begins anew."""
        if self._place[_RECORDS] >= self._done:
            self._bytes += count
        if not self._place[_INSIDE]:
            self._set_clock(self._seconds)

    def begins(self, line: int | None) -> bool:
        """A record begins on this line; False where it is passed over."""
        number = self._count()
        reason = self._task.left_out.get((self._place[_FILE], number))
        self.is_left_out = reason is not None
        if number < self._done:
            return False
        if reason is not None:
            self._add(BadRecord(str(self._path), line, reason))
            return False
        self._place[_INSIDE] = 1
        self._set_clock(self._seconds)
        return True

    def enters(self, path: Path) -> None:
        """What comes now is this member of the file, which is an archive."""
        self._path = path

    def _read_file(self, number: int) -> None:
        file = self._task.files[number]
        self._path = file.path
        self._done = self._task.records if number == self._task.file else 0
        self._place[:] = [number, 0, 0]
        self._set_clock(self._seconds)
        try:
            self._check_given_up()
            told = Listener(self._bad, self._notice)
            with closing(read_file(file, told, self, self._task.names)) as articles:
                for article in articles:
                    record = article.to_json()
                    if len(record) > _ANALYSED_FROM:
                        self._analyse(record)
                    self._add(record)
        except _GivenUp as given_up:
            self._records.append(BadRecord(str(file.path), None, str(given_up)))

    def _analyse(self, record: bytes) -> None:
        if self._inverter is None:
            self._inverter = Inverter()
        self._inverter.invert([record])

    def _bad(self, bad: BadRecord) -> None:
        # What is no record, such as a line that is too long, is counted like one.
        if self._place[_INSIDE] or self._count() >= self._done:
            self._add(bad)

    def _notice(self, notice: Notice) -> None:
        # Of the file as a whole it was said when the first worker began.
        if self._place[_INSIDE] or not self._done:
            self._records.append(notice)

    def _count(self) -> int:
        """The number of what comes now."""
        number = self._place[_RECORDS]
        self._place[_INSIDE] = 0
        self._place[_RECORDS] = number + 1
        return number

    def _add(self, record: bytes | BadRecord) -> None:
        self._place[_INSIDE] = 0
        self._records.append(record)
        self._size += len(record) if isinstance(record, bytes) else 0
        if (
            len(self._records) >= _BATCH_RECORDS
            or self._size >= _BATCH_BYTES
            or monotonic() - self._since >= _BATCH_SECONDS
        ):
            self._hand_over()
        self._check_given_up()

    def _check_given_up(self) -> None:
        count, reason = self._task.given_up.get(self._place[_FILE], (None, ""))
        if count is not None and max(self._done, self._place[_RECORDS]) >= count:
            raise _GivenUp(reason)

    def _hand_over(self) -> None:
        self._set_clock(0)  # the other process may be at something else
        file, count, _ = self._place
        self._connection.send(_Batch(self._records, file, count, self._bytes))
        self._begin_batch()
        self._set_clock(self._seconds)

    def _begin_batch(self) -> None:
        self._records: list[bytes | BadRecord | Notice] = []
        self._size = self._bytes = 0
        self._since = monotonic()

    def _fail(self, reason: str) -> None:
        self._set_clock(0)
        self._connection.send(reason)

    def _set_clock(self, seconds: float) -> None:
        """In so many seconds the kernel ends this process, whatever it is at; 0: it does not."""
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, _CLOCK_FACTOR * seconds)


def _work(connection: Connection, place: "Array[Int64]", seconds: float, folder: str) -> None:
    end_with_parent()
    os.chdir(folder)
    _limit_memory()
    _Reader(connection, place, seconds).run()


def _limit_memory() -> None:
    if sys.platform != "linux":
        return  # elsewhere address space is not counted
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    limit = pages * os.sysconf("SC_PAGE_SIZE") + _MEMORY
    for least in resource.getrlimit(resource.RLIMIT_AS):
        limit = limit if least == resource.RLIM_INFINITY else min(limit, least)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
