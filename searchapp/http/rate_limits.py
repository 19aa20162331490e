"""How often each caller has asked within the last minute, whichever process answered."""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from struct import Struct
from time import monotonic
from typing import Final

from .shared_memory import SharedMemory

__all__ = ["WINDOW", "RateCount", "RateLimiter"]

#: Seconds.
WINDOW: Final = 60
_MOST_CALLERS: Final = 50_000
#: Requests that a process may miss before it reads what the others have counted.
_KEPT: Final = 1 << 16
_WRITTEN: Final = Struct("=Q")
#: The time of a counted request, and its caller.
_ENTRY: Final = Struct("=dQ")


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCount:
    """Where a caller stands; `reset` is in seconds until one more request fits in."""

    allowed: bool
    limit: int
    remaining: int
    reset: int


class RateLimiter:
    """Counts the requests of each caller within the last minute, to this process and its forks.

    Any minute counts, not the one on the clock. Refused requests do not count, so that who waits
    as long as `reset` says is served. Of more than 50,000 callers the longest silent are forgotten.

    The counted requests are a ring in shared memory. Each process reads what the others have
    written since it last looked, so that all of them have counted the same; a new one begins with
    the last 65,536.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._times: OrderedDict[int, deque[float]] = OrderedDict()
        self._memory = SharedMemory(_WRITTEN.size + _KEPT * _ENTRY.size)
        self._read = 0
        """How many entries of the ring this process has read."""

    def count(self, caller: Hashable, limit: int) -> RateCount:
        """Count a request, if it is one of the first `limit` (at least 1) within the minute."""
        number = int.from_bytes(blake2b(repr(caller).encode(), digest_size=8).digest())
        with self._memory.locked():
            now = self._clock()
            self._catch_up(now)
            times = self._times_of(number)
            while times and times[0] <= now - WINDOW:
                times.popleft()
            allowed = len(times) < limit
            if allowed:
                times.append(now)
                self._write(now, number)
            return RateCount(
                allowed=allowed,
                limit=limit,
                remaining=max(0, limit - len(times)),
                reset=max(1, ceil(times[0] + WINDOW - now)),
            )

    def _times_of(self, number: int) -> deque[float]:
        times = self._times.setdefault(number, deque())
        self._times.move_to_end(number)
        if len(self._times) > _MOST_CALLERS:
            self._times.popitem(last=False)
        return times

    def _catch_up(self, now: float) -> None:
        memory = self._memory.bytes
        written: int = _WRITTEN.unpack_from(memory)[0]
        for place in range(max(self._read, written - _KEPT), written):
            time, number = _ENTRY.unpack_from(memory, _place(place))
            if time > now - WINDOW:
                self._times_of(number).append(time)
        self._read = written

    def _write(self, now: float, number: int) -> None:
        memory = self._memory.bytes
        # The entry first: whoever dies between the two has counted nothing.
        _ENTRY.pack_into(memory, _place(self._read), now, number)
        self._read += 1
        _WRITTEN.pack_into(memory, 0, self._read)


def _place(entry: int) -> int:
    return _WRITTEN.size + entry % _KEPT * _ENTRY.size
