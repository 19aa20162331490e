"""Queries that so many readers typed that they name none of them."""

import logging
from threading import Lock
from time import monotonic
from typing import Final

from index import LoggedQuery

from .query_log import QueryLog, QueryLogError

__all__ = ["SharedQueries"]

_LOGGER: Final = logging.getLogger(__name__)
_SECONDS: Final = 300
_MOST: Final = 5_000


class SharedQueries:
    """Reads the log every five minutes; without a log there is nothing to share."""

    def __init__(self, place: str) -> None:
        self._log = QueryLog(place) if place else None
        self._lock = Lock()
        self._found: tuple[LoggedQuery, ...] = ()
        self._read_at: float | None = None

    def get(self, clients: int) -> tuple[LoggedQuery, ...]:
        """Queries with hits that so many callers had on one day, the most frequent first."""
        if self._log is None:
            return ()
        with self._lock:
            now = monotonic()
            if self._read_at is None or now - self._read_at >= _SECONDS:
                self._read_at = now
                self._found = self._read(self._log, clients)
            return self._found

    def _read(self, log: QueryLog, clients: int) -> tuple[LoggedQuery, ...]:
        try:
            found = log.shared_queries(clients, _MOST)
        except QueryLogError as error:
            _LOGGER.warning("no logged queries are suggested: %s", error)
            return self._found
        return tuple(LoggedQuery(text, number) for text, number in found)
