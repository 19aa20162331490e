"""How often somebody may ask within a minute."""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import ceil
from threading import Lock
from time import monotonic
from typing import Final, cast

from flask import Flask, Response, current_app, g, request

from ..settings import RateMode
from ..text.messages import lazy_gettext
from . import context
from .access import key_id
from .addresses import is_this_machine, network_of
from .problems import ApiError

__all__ = ["WINDOW", "RateCount", "RateLimiter", "limit_rates"]

#: Seconds.
WINDOW: Final = 60
_MOST_CALLERS: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCount:
    """Where a caller stands; `reset` is in seconds until one more request fits in."""

    allowed: bool
    limit: int
    remaining: int
    reset: int


class RateLimiter:
    """Counts the requests of each caller within the last minute, in the memory of one process.

    Any minute counts, not the one on the clock. Refused requests do not count, so that who waits
    as long as `reset` says is served. Of more than 50,000 callers the longest silent are forgotten.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._times: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def count(self, caller: Hashable, limit: int) -> RateCount:
        """Count a request, if it is one of the first `limit` (at least 1) within the minute."""
        with self._lock:
            now = self._clock()
            times = self._times.setdefault(caller, deque())
            self._times.move_to_end(caller)
            if len(self._times) > _MOST_CALLERS:
                self._times.popitem(last=False)
            while times and times[0] <= now - WINDOW:
                times.popleft()
            allowed = len(times) < limit
            if allowed:
                times.append(now)
            return RateCount(
                allowed=allowed,
                limit=limit,
                remaining=limit - len(times),
                reset=max(1, ceil(times[0] + WINDOW - now)),
            )


_LIMITER: Final = "timbao.rate_limiter"
_SUGGESTIONS: Final = ("/api/v1/suggest", "/opensearch/suggest")
#: What is counted, each apart: a box that suggests while one types must not stop the search.
_COUNTED: Final = (
    ("suggest", _SUGGESTIONS),
    ("api", ("/api/v1/",)),
    ("pages", ("/search", "/facet/", "/export")),
)


def limit_rates(app: Flask) -> None:
    """Answer 429 to callers that ask more often than the settings allow."""
    app.extensions[_LIMITER] = RateLimiter()
    app.before_request(_count)
    app.after_request(_announce)


def _count() -> None:
    mode = RateMode(context.settings().rate_mode)
    group = _group()
    if mode is RateMode.OFF or group is None or request.method == "OPTIONS":
        return
    if mode is RateMode.REMOTE and is_this_machine(request.remote_addr):
        return
    limit = _limit(group)
    if not limit:
        return
    limiter = cast(RateLimiter, current_app.extensions[_LIMITER])
    count = limiter.count((group, key_id(), network_of(request.remote_addr)), limit)
    if not count.allowed and mode is RateMode.REPORT:
        message = "request %s: more than %d a minute (%s), answered all the same"
        current_app.logger.warning(message, context.request_id(), limit, group)
        return
    g.rate_count = count
    if not count.allowed:
        raise ApiError(
            "rate-limited",
            lazy_gettext(
                "Bạn tìm hơi nhanh. Vui lòng thử lại sau %(seconds)s giây.", seconds=count.reset
            ),
            (("Retry-After", str(count.reset)),),
            retry_after=count.reset,
        )


def _group() -> str | None:
    path = request.path
    return next((name for name, starts in _COUNTED if path.startswith(starts)), None)


def _limit(group: str) -> int:
    settings = context.settings()
    return settings.rate_suggest if group == "suggest" else settings.rate_search


def _announce(response: Response) -> Response:
    count: RateCount | None = g.get("rate_count")
    if count is not None:
        response.headers["RateLimit-Limit"] = str(count.limit)
        response.headers["RateLimit-Remaining"] = str(count.remaining)
        response.headers["RateLimit-Reset"] = str(count.reset)
    return response
