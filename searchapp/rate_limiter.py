"""How often somebody may ask within a minute."""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import ceil
from threading import Lock
from time import monotonic
from typing import Final

__all__ = ["WINDOW", "RateCount", "RateLimiter"]

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
