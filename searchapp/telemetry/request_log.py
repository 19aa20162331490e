"""The log of requests: one JSON document a line."""

import secrets
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from ..documents.json_text import json_text
from .events import RequestEvent

__all__ = ["STANDARD_ERROR", "RequestLog"]

#: In place of a file name.
STANDARD_ERROR: Final = "-"
_SALT_BYTES: Final = 32


class RequestLog:
    """Appends to a file that is opened anew each time, so that it may be moved away meanwhile."""

    def __init__(self, place: str) -> None:
        self._place = place

    def write(self, events: Sequence[tuple[RequestEvent, str]]) -> None:
        """Append the events, each with the pseudonym of its caller; raises OSError."""
        lines = "".join(f"{json_text(_document(*event))}\n" for event in events)
        if self._place == STANDARD_ERROR:
            sys.stderr.write(lines)
            sys.stderr.flush()
            return
        path = Path(self._place)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Half a surrogate pair in an address is no reason to log nothing.
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(lines)

    def salt_of(self, day: date) -> bytes:
        """A salt that nobody keeps."""
        return secrets.token_bytes(_SALT_BYTES)


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
