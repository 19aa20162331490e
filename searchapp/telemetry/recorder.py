"""Writes the logs behind the back of the requests; the log of requests is one of them."""

import atexit
import hashlib
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from queue import Empty, Full, Queue
from select import PIPE_BUF
from threading import Lock, Thread
from typing import Final, Protocol

from index import VIETNAM_TIME

from ..documents.json_text import json_text
from ..http.shared_memory import DailySalt
from ..private_files import append_private
from ..text.formatting import terminal_json
from .events import RequestEvent

__all__ = ["STANDARD_ERROR", "EventLog", "Pseudonyms", "Recorder", "RequestLog"]

#: In place of a file name.
STANDARD_ERROR: Final = "-"
_LOGGER: Final = logging.getLogger(__name__)
_MOST_WAITING: Final = 10_000
_LARGEST_BATCH: Final = 500
_IDLE_SECONDS: Final = 3600


class EventLog(Protocol):
    """Where events are kept.

    Every method may raise OSError, sqlite3.Error, or ValueError for text that cannot be written.
    """

    def write(self, events: Sequence[tuple[RequestEvent, str]]) -> None:
        """Add events with the pseudonyms of their callers; is called at least once an hour."""

    def salt_of(self, day: date) -> bytes:
        """What the pseudonyms of a day are made with."""


class Recorder:
    """A queue and the thread that empties it into the logs.

    A request only puts its event into the queue. What cannot be written is dropped and counted:
    a full disk, a locked or a read-only file never makes a search slow or fail.

    Args:
        dropped: told how many entries are in no log each time that some are not.
    """

    def __init__(
        self, logs: Sequence[EventLog], dropped: Callable[[int], object] = lambda _: None
    ) -> None:
        self.has_logs = bool(logs)
        """Whether anything comes of an event."""
        self._note_dropped = dropped
        self._outlets = tuple(_Outlet(log, dropped) for log in logs)
        self._queue: Queue[RequestEvent] = Queue(_MOST_WAITING)
        self._lock = Lock()
        self._thread: Thread | None = None
        self._overflow = 0

    @property
    def dropped(self) -> int:
        """How many entries are in no log, because it could not be written."""
        return self._overflow + sum(outlet.dropped for outlet in self._outlets)

    def record(self, event: RequestEvent) -> None:
        """Have an event written; never waits, never raises."""
        self._start()
        try:
            self._queue.put_nowait(event)
        except Full:
            self._overflow += 1
            self._note_dropped(1)

    def flush(self) -> None:
        """Return when everything so far was written or dropped."""
        if self._thread is not None:
            self._queue.join()

    def _start(self) -> None:
        # With the first event, not before: a server that forks afterwards would lose the thread.
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="timbao-recorder", daemon=True)
                self._thread.start()
                atexit.register(self.flush)

    def _run(self) -> None:
        while True:
            batch = self._next_batch()
            for outlet in self._outlets:
                outlet.write(batch)
            for _ in batch:
                self._queue.task_done()

    def _next_batch(self) -> list[RequestEvent]:
        try:
            batch = [self._queue.get(timeout=_IDLE_SECONDS)]
        except Empty:
            return []
        while len(batch) < _LARGEST_BATCH:
            try:
                batch.append(self._queue.get_nowait())
            except Empty:
                break
        return batch


class _Outlet:
    """One log, and what of it is lost."""

    def __init__(self, log: EventLog, note_dropped: Callable[[int], object]) -> None:
        self._log = log
        self._note_dropped = note_dropped
        self._pseudonyms = Pseudonyms(log.salt_of)
        self._failing = False
        self.dropped = 0

    def write(self, batch: Sequence[RequestEvent]) -> None:
        try:
            self._log.write([(event, self._pseudonym(event)) for event in batch])
        except (OSError, sqlite3.Error, ValueError) as error:
            self.dropped += len(batch)
            self._note_dropped(len(batch))
            if not self._failing:
                _LOGGER.warning("a log cannot be written, searches go on: %s", error)
            self._failing = True
        else:
            if self._failing:
                _LOGGER.warning("the log is written again; %d entries are lost", self.dropped)
            self._failing = False

    def _pseudonym(self, event: RequestEvent) -> str:
        return self._pseudonyms.of(event.address, event.at.astimezone(VIETNAM_TIME).date())


_DIGITS: Final = 16


class Pseudonyms:
    """Hashes addresses with a salt that is thrown away with its day."""

    def __init__(self, salt_of: Callable[[date], bytes]) -> None:
        self._salt_of = salt_of
        self._day: date | None = None
        self._salt = b""

    def of(self, address: str, day: date) -> str:
        """Sixteen hex digits, the same for the same address on the same day."""
        if day != self._day:
            self._day, self._salt = day, self._salt_of(day)
        return hashlib.blake2b(
            address.encode("utf-8", "replace"), key=self._salt, digest_size=_DIGITS // 2
        ).hexdigest()


class RequestLog:
    """Appends to a file that is opened anew each time, so that it may be moved away meanwhile."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._salt = DailySalt()

    def write(self, events: Sequence[tuple[RequestEvent, str]]) -> None:
        """Append the events, each with the pseudonym of its caller; raises OSError."""
        written = _whole_lines(terminal_json(json_text(_document(*event))) for event in events)
        if self._place == STANDARD_ERROR:
            for lines in written:
                sys.stderr.write(lines.decode())
                sys.stderr.flush()
            return
        with append_private(Path(self._place)) as file:
            for lines in written:
                os.write(file.fileno(), lines)

    def salt_of(self, day: date) -> bytes:
        """A salt that no file keeps, the same for every process of a server."""
        return self._salt.of(day)


def _whole_lines(lines: Iterable[str]) -> Iterator[bytes]:
    """The lines in pieces that are written at once, whoever else writes: as long as a pipe allows.

    A longer line is a piece of its own.
    """
    piece = b""
    for line in lines:
        # Half a surrogate pair in an address is no reason to log nothing.
        encoded = f"{line}\n".encode("utf-8", "replace")
        if piece and len(piece) + len(encoded) > PIPE_BUF:
            yield piece
            piece = b""
        piece += encoded
    if piece:
        yield piece


def _document(event: RequestEvent, client: str) -> dict[str, object]:
    search = event.search
    return {
        "time": event.at.isoformat(timespec="milliseconds"),
        "request_id": event.request_id,
        "method": event.method,
        "path": event.path,
        "query": None if search is None else search.query,
        "hits": None if search is None else search.hits,
        "status": event.status,
        "ms": round(event.ms, 1),
        "client": client,
        "key": event.key_id,
    }
