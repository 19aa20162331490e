"""The log of queries: an SQLite file that forgets everything after thirty days."""

import logging
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import Final

from index import MIN_CLIENTS, VIETNAM_TIME, LoggedQuery

from ..private_files import keep_private
from .events import RequestEvent

__all__ = ["KEPT_DAYS", "QueryCount", "QueryLog", "QueryLogError", "SharedQueries"]

KEPT_DAYS: Final = 30
_LOGGER: Final = logging.getLogger(__name__)
#: Seconds.
_READ_EVERY: Final = 300
_MOST_SHARED: Final = 5_000
_PURGE_EVERY: Final = timedelta(hours=1)
_SALT_BYTES: Final = 32
_WAIT_SECONDS: Final = 2
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS searches (
    at TEXT NOT NULL, day TEXT NOT NULL, query TEXT NOT NULL, hits INTEGER NOT NULL,
    ms REAL NOT NULL, client TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS searches_by_time ON searches (at);
CREATE TABLE IF NOT EXISTS salts (day TEXT PRIMARY KEY, salt BLOB NOT NULL);
"""
_REPORT: Final = """
SELECT query, COUNT(*) AS times, MIN(hits), AVG(ms), MAX(at) FROM searches
WHERE at >= ? AND (? = 0 OR hits = 0) GROUP BY query
ORDER BY CASE WHEN ? THEN AVG(ms) ELSE times END DESC, query LIMIT ?
"""
# A caller has another name on every day, so callers can be told apart within a day only.
_SHARED: Final = """
SELECT query, MAX(clients) FROM (
    SELECT query, COUNT(DISTINCT client) AS clients FROM searches WHERE hits > 0
    GROUP BY query, day
) GROUP BY query HAVING MAX(clients) >= ? ORDER BY MAX(clients) DESC, query LIMIT ?
"""


class QueryLogError(Exception):
    """The log of queries cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"The log of queries {self.path} cannot be read ({self.reason}): "
            "name the one that the server writes, with TIMBAO_QUERY_LOG."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryCount:
    """A query, how often it was asked, its fewest hits, its mean time, and when it came last."""

    query: str
    times: int
    hits: int
    ms: float
    last: datetime


class QueryLog:
    """Searches with the day's pseudonyms of their callers."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._purged: datetime | None = None

    def write(self, events: Sequence[tuple[RequestEvent, str]]) -> None:
        """Add the searches among the events, the first page of each only; raises sqlite3.Error."""
        rows = [
            (
                event.at.astimezone(UTC).isoformat(),
                _day_of(event.at),
                event.search.query.lower(),
                event.search.hits,
                event.ms,
                client,
            )
            for event, client in events
            if event.search is not None and event.search.first_page and event.search.query
        ]
        if rows:
            with self._database() as database, database:
                database.executemany("INSERT INTO searches VALUES (?, ?, ?, ?, ?, ?)", rows)
        now = datetime.now(UTC)
        if self._purged is None or now - self._purged >= _PURGE_EVERY:
            self.purge(now)
            self._purged = now

    def purge(self, now: datetime) -> None:
        """Forget searches older than thirty days and the salts of other days."""
        if not self._path.exists():
            return
        oldest = (now.astimezone(UTC) - timedelta(days=KEPT_DAYS)).isoformat()
        with self._database() as database, database:
            database.execute("DELETE FROM searches WHERE at < ?", (oldest,))
            database.execute("DELETE FROM salts WHERE day <> ?", (_day_of(now),))

    def salt_of(self, day: date) -> bytes:
        """The salt of that day, the same for every process that writes to this file."""
        with self._database() as database, database:
            values = (day.isoformat(), secrets.token_bytes(_SALT_BYTES))
            database.execute("INSERT OR IGNORE INTO salts VALUES (?, ?)", values)
            found = database.execute("SELECT salt FROM salts WHERE day = ?", values[:1])
            return bytes(found.fetchone()[0])

    def report(
        self, since: datetime, *, limit: int, zero: bool = False, slow: bool = False
    ) -> list[QueryCount]:
        """The most frequent queries since then, or the slowest; raises QueryLogError.

        Args:
            zero: only those searches that found nothing.
        """
        if not self._path.exists():
            raise QueryLogError(self._path, "there is no such file")
        values = (since.astimezone(UTC).isoformat(), int(zero), int(slow), limit)
        return [
            QueryCount(
                query=row[0],
                times=row[1],
                hits=row[2],
                ms=row[3],
                last=datetime.fromisoformat(row[4]),
            )
            for row in self._read(_REPORT, values)
        ]

    def shared_queries(self, clients: int, limit: int) -> list[tuple[str, int]]:
        """Queries with hits that so many callers had on one day, with the number of callers.

        A log that was not begun has none; raises QueryLogError for one that cannot be read.
        """
        if not self._path.exists():
            return []
        return [(row[0], row[1]) for row in self._read(_SHARED, (clients, limit))]

    def _read(self, query: str, values: Sequence[object]) -> list[tuple[str, int, int, float, str]]:
        try:
            with self._database() as database:
                return database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise QueryLogError(self._path, str(error)) from error

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        keep_private(self._path, create=True)
        with closing(sqlite3.connect(self._path, timeout=_WAIT_SECONDS)) as database:
            database.executescript(_TABLES)
            yield database


class SharedQueries:
    """Has the log read every five minutes; nobody who asks waits for that."""

    def __init__(self, place: str) -> None:
        self._log = QueryLog(place) if place else None
        self._lock = Lock()
        self._found: tuple[LoggedQuery, ...] = ()
        self._begun: float | None = None

    def get(self) -> tuple[LoggedQuery, ...]:
        """Queries with hits that at least five callers had on one day, as last read."""
        with self._lock:
            now = monotonic()
            stale = self._begun is None or now - self._begun >= _READ_EVERY
            if self._log is not None and stale:
                self._begun = now
                Thread(target=self._read, args=(self._log,), daemon=True).start()
        return self._found

    def _read(self, log: QueryLog) -> None:
        try:
            found = log.shared_queries(MIN_CLIENTS, _MOST_SHARED)
        except QueryLogError as error:
            _LOGGER.warning("logged queries are suggested as before: %s", error)
        else:
            self._found = tuple(LoggedQuery(text, clients) for text, clients in found)


def _day_of(time: datetime) -> str:
    return time.astimezone(VIETNAM_TIME).date().isoformat()
