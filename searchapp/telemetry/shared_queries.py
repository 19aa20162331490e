"""Queries that so many readers typed that they name none of them."""

import logging
from threading import Lock, Thread
from time import monotonic
from typing import Final

from index import MIN_CLIENTS, LoggedQuery

from .query_log import QueryLog, QueryLogError

__all__ = ["SharedQueries"]

_LOGGER: Final = logging.getLogger(__name__)
_SECONDS: Final = 300
_MOST: Final = 5_000


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
            stale = self._begun is None or now - self._begun >= _SECONDS
            if self._log is not None and stale:
                self._begun = now
                Thread(target=self._read, args=(self._log,), daemon=True).start()
        return self._found

    def _read(self, log: QueryLog) -> None:
        try:
            found = log.shared_queries(MIN_CLIENTS, _MOST)
        except QueryLogError as error:
            _LOGGER.warning("logged queries are suggested as before: %s", error)
        else:
            self._found = tuple(LoggedQuery(text, clients) for text, clients in found)
