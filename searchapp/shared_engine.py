"""The one engine of a serving process."""

from threading import Lock

from index import SearchEngine, open_engine

__all__ = ["SharedEngine"]


class SharedEngine:
    """Opens the index when it is first needed; every thread gets the same engine."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = Lock()
        self._engine: SearchEngine | None = None

    def get(self) -> SearchEngine:
        """The engine; raises what opening it raises, and tries again the next time."""
        with self._lock:
            if self._engine is None:
                self._engine = open_engine(self._url)
            return self._engine
