"""The queue before the one writer: what was accepted is on the disk, and waits there for a commit.

One SQLite file beside the index, which any number of processes add to. An answer that something is
accepted is given when it is forced to the disk; how it comes into the index is told in `intake`.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from threading import RLock
from typing import Final

from .errors import QueueFull, QueueUnavailable

__all__ = [
    "Action",
    "Incoming",
    "IntakeQueue",
    "Outcome",
    "QueuedRecord",
    "RecordResult",
    "Task",
    "TaskState",
    "queue_path",
]


class Action(StrEnum):
    """What is to be done."""

    PUT = "put"
    """`body` is a record as the readers of JSON take it, in one line."""
    PUT_ARTICLE = "put-article"
    """`body` is what `Article.to_json` made."""
    DELETE = "delete"
    NOTHING = "nothing"
    """Done, or refused, when it was accepted."""


class TaskState(StrEnum):
    """Where a task or one of its records stands."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


class Outcome(StrEnum):
    """What became of a record."""

    INDEXED = "indexed"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A record to be accepted; `id` is "" where the record itself has to say it."""

    action: Action
    id: str = ""
    body: bytes = b""
    outcome: Outcome | None = None
    """Of NOTHING: what there is to say of it at once."""
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueuedRecord:
    """A record that waits, under its number in the order of arrival."""

    number: int
    action: Action
    id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class RecordResult:
    """What became of a record, or None where it waits, and what its reader said about it."""

    id: str
    outcome: Outcome | None
    messages: tuple[str, ...] = ()

    @property
    def state(self) -> TaskState:
        """Failed are those that the index does not hold as they were sent."""
        if self.outcome is None:
            return TaskState.QUEUED
        failed = self.outcome in (Outcome.REFUSED, Outcome.WITHDRAWN)
        return TaskState.FAILED if failed else TaskState.DONE


@dataclass(frozen=True, slots=True)
class Task:
    """What was accepted together; its records in the order in which they came."""

    id: str
    accepted: datetime
    finished: datetime | None
    records: tuple[RecordResult, ...]

    @property
    def state(self) -> TaskState:
        """Queued as long as a record waits; failed if one of them is."""
        states = {record.state for record in self.records}
        for state in (TaskState.QUEUED, TaskState.FAILED):
            if state in states:
                return state
        return TaskState.DONE


def queue_path(address: str) -> Path:
    """The queue of an index: `var/index.queue.sqlite` beside `var/index`.

    That of a cluster's is in `var/`, under the name of the archive.
    """
    scheme, _, rest = address.partition(":")
    whole = Path(os.path.abspath(rest if scheme == "whoosh" else f"var/{rest.rpartition('/')[2]}"))
    return whole.parent / f"{whole.name}.queue.sqlite"


_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS tasks (id TEXT PRIMARY KEY, accepted TEXT NOT NULL, finished TEXT)",
    "CREATE TABLE IF NOT EXISTS records (number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " task TEXT NOT NULL REFERENCES tasks, action TEXT NOT NULL, id TEXT NOT NULL, body BLOB,"
    " digest BLOB, outcome TEXT, messages TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS by_task ON records (task, number)",
    "CREATE INDEX IF NOT EXISTS by_id ON records (id, number) WHERE outcome IS NULL",
    "CREATE INDEX IF NOT EXISTS waiting ON records (number) WHERE outcome IS NULL",
    "CREATE INDEX IF NOT EXISTS finished ON tasks (finished)",
)
_SAME: Final = "SELECT task, digest FROM records WHERE id = ? AND outcome IS NULL"
#: What may wait: beyond it nothing is accepted until some of it is committed.
_MOST_WAITING: Final = 100_000
_MOST_BYTES: Final = 1 << 30
#: How long it can be asked what became of a task.
_KEPT: Final = timedelta(days=7)
_MODE: Final = 0o640
_BUSY_SECONDS: Final = 30


class IntakeQueue:
    """The file; threads and processes may share it, also after a fork."""

    def __init__(self, path: Path) -> None:
        """Nothing is made or read yet."""
        self.path = path
        self._lock = RLock()
        self._opened: sqlite3.Connection | None = None
        self._process = 0
        self._inode = 0

    def accept(self, records: Sequence[Incoming]) -> str:
        """The id of a task with these records, which are on the disk; nothing is lost from now on.

        A lone record that waits already, as the last word on its id, is accepted once: the task is
        the one that there is.

        Raises:
            QueueFull: too much waits already.
            QueueUnavailable: the file cannot be written; nothing is accepted.
        """
        now, task = _text(datetime.now(UTC)), token_hex(8)
        with self._database(create=True) as database, self._transaction(database):
            if len(records) == 1 and (found := _waiting_already(database, records[0])):
                return found
            count, size = database.execute(
                "SELECT count(*), total(length(body)) FROM records WHERE outcome IS NULL"
            ).fetchone()
            if count + len(records) > _MOST_WAITING or size > _MOST_BYTES:
                raise QueueFull(self.path)
            done = all(each.outcome is not None for each in records)
            database.execute(
                "INSERT INTO tasks VALUES (?, ?, ?)", (task, now, now if done else None)
            )
            database.executemany(
                "INSERT INTO records (task, action, id, body, digest, outcome, messages)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        *(task, each.action, each.id, each.body or None, _digest(each)),
                        *(each.outcome, json.dumps(each.messages)),
                    )
                    for each in records
                ],
            )
        return task

    def task(self, task_id: str) -> Task | None:
        """What became of a task; None where there is none, or was long ago."""
        with self._database() as database:
            row = database.execute(
                "SELECT accepted, finished FROM tasks WHERE id = ?", (task_id,)
            ).fetchone()
            if row is None:
                return None
            records = database.execute(
                "SELECT id, outcome, messages FROM records WHERE task = ? ORDER BY number",
                (task_id,),
            ).fetchall()
        return Task(
            task_id,
            datetime.fromisoformat(row[0]),
            None if row[1] is None else datetime.fromisoformat(row[1]),
            tuple(
                RecordResult(doc_id, outcome and Outcome(outcome), tuple(json.loads(messages)))
                for doc_id, outcome, messages in records
            ),
        )

    def waiting(self, limit: int, most_bytes: int = _MOST_BYTES) -> list[QueuedRecord]:
        """The first records that wait, in the order in which they came."""
        found: list[QueuedRecord] = []
        size = 0
        with self._database() as database:
            rows = database.execute(
                "SELECT number, action, id, body FROM records WHERE outcome IS NULL"
                " ORDER BY number LIMIT ?",
                (limit,),
            )
            for number, action, doc_id, body in rows:
                found.append(QueuedRecord(number, Action(action), doc_id, body or b""))
                size += len(body or b"")
                if size > most_bytes:
                    break
        return found

    def finish(self, results: Iterable[tuple[int, RecordResult]]) -> None:
        """Note what became of records; their bodies, and old tasks, are let go of."""
        now = datetime.now(UTC)
        with self._database(create=True) as database, self._transaction(database):
            database.executemany(
                "UPDATE records SET id = ?, outcome = ?, messages = ?, body = NULL"
                " WHERE number = ?",
                [
                    (each.id, each.outcome, json.dumps(each.messages), number)
                    for number, each in results
                ],
            )
            database.execute(
                "UPDATE tasks SET finished = ? WHERE finished IS NULL AND NOT EXISTS"
                " (SELECT 1 FROM records WHERE task = tasks.id AND outcome IS NULL)",
                (_text(now),),
            )
            old = (_text(now - _KEPT),)
            database.execute(
                "DELETE FROM records WHERE task IN (SELECT id FROM tasks WHERE finished < ?)", old
            )
            database.execute("DELETE FROM tasks WHERE finished < ?", old)

    def exists(self) -> bool:
        """Whether anything was ever accepted; raises QueueUnavailable."""
        try:
            return self.path.exists()
        except OSError as error:
            raise QueueUnavailable(self.path, str(error)) from error

    def supersede(self, doc_ids: Iterable[str]) -> None:
        """Drop what waits for these articles: whoever removes them came later."""
        if not self.exists():
            return
        with self._database() as database, self._transaction(database):
            found = [
                (number, RecordResult(doc_id, Outcome.DELETED))
                for doc_id in doc_ids
                for (number,) in database.execute(
                    "SELECT number FROM records WHERE id = ? AND outcome IS NULL", (doc_id,)
                ).fetchall()
            ]
            self.finish(found)

    def packed(self) -> bytes:
        """What waits, for a backup; JSON, as `unpack` takes it."""
        with self._database() as database:
            rows = database.execute(
                "SELECT tasks.id, accepted, action, records.id, hex(body), messages"
                " FROM records JOIN tasks ON task = tasks.id WHERE outcome IS NULL"
                " ORDER BY number"
            ).fetchall()
        return json.dumps(rows).encode() + b"\n"

    def unpack(self, data: bytes) -> None:
        """Let wait again what waited once, but for articles on which something newer waits.

        Raises:
            ValueError: the bytes are no such list.
        """
        rows = [(*map(str, row[:4]), str(row[4] or ""), str(row[5])) for row in json.loads(data)]
        if not rows:
            return
        with self._database(create=True) as database, self._transaction(database):
            for task, accepted, action, doc_id, body, messages in rows:
                if doc_id and database.execute(_SAME, (doc_id,)).fetchone():
                    continue
                record = Incoming(action=Action(action), id=doc_id, body=bytes.fromhex(body))
                database.execute(
                    "INSERT INTO tasks VALUES (?, ?, NULL)"
                    " ON CONFLICT (id) DO UPDATE SET finished = NULL",
                    (task, accepted),
                )
                database.execute(
                    "INSERT INTO records (task, action, id, body, digest, messages)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    (task, action, doc_id, record.body or None, _digest(record), messages),
                )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._opened is not None and self._process == os.getpid():
                self._opened.close()
            self._opened = None

    @contextmanager
    def _transaction(self, database: sqlite3.Connection) -> Iterator[None]:
        """Everything inside or nothing; other processes write before or after it."""
        if database.in_transaction:
            yield
            return
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")

    @contextmanager
    def _database(self, *, create: bool = False) -> Iterator[sqlite3.Connection]:
        """The file; one in memory where there is none and none is made."""
        with self._lock:
            try:
                if not create and not self.path.exists():
                    with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
                        _make_tables(empty)
                        yield empty
                    return
                yield self._connection()
            except (sqlite3.Error, OSError) as error:
                self.close()
                raise QueueUnavailable(self.path, str(error)) from error

    def _connection(self) -> sqlite3.Connection:
        is_ours = self._opened is not None and self._process == os.getpid()
        if is_ours and (not self.path.exists() or self.path.stat().st_ino != self._inode):
            self.close()  # somebody has taken the file away
        if self._opened is None or not is_ours or self._process != os.getpid():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Who may read it is decided here: it has articles that are not published yet. Only
            # where it is missing: closing a file gives up the locks that SQLite has on it.
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, _MODE))
            # A connection of the process that this one was forked from is left alone.
            database = sqlite3.connect(
                self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            _make_tables(database)
            self._opened, self._process = database, os.getpid()
            self._inode = self.path.stat().st_ino
        return self._opened


def _make_tables(database: sqlite3.Connection) -> None:
    for table in _TABLES:
        database.execute(table)


def _waiting_already(database: sqlite3.Connection, record: Incoming) -> str:
    """The task of the same record, where nothing that came later is about its article."""
    if not record.id or record.outcome is not None:
        return ""
    rows = database.execute(f"{_SAME} ORDER BY number DESC LIMIT 1", (record.id,)).fetchall()
    for task, digest in rows:
        if digest == _digest(record):
            return str(task)
    return ""


def _digest(record: Incoming) -> bytes:
    return hashlib.sha256(f"{record.action} ".encode() + record.body).digest()


def _text(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")
