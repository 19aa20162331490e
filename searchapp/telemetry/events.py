"""What happened at a request, as it waits to be written."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["RequestEvent", "SearchNote"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchNote:
    """A search that was run for a request."""

    query: str
    hits: int
    first_page: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEvent:
    """A request and its answer; the address is in memory only, never written."""

    at: datetime
    request_id: str
    method: str
    path: str
    status: int
    ms: float
    address: str
    key_id: str | None = None
    search: SearchNote | None = None
