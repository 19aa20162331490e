"""Sockets on which several processes wait for connections, and which of them takes the next one."""

import socket
from struct import Struct
from time import monotonic
from typing import Final

from waitress.adjustments import Adjustments

from ..settings import Settings
from .shared_memory import SharedMemory

__all__ = ["ConnectionCounts", "Share", "listen"]

#: Connections that wait to be accepted.
_BACKLOG: Final = 1024
#: Seconds for which a new connection is left to another process, and for how long in all.
_TURN: Final = 0.001
_LONGEST_TURN: Final = 0.02
_COUNT: Final = Struct("=i")
_NOT_YET: Final = -1


def listen(settings: Settings) -> list[socket.socket]:
    """The sockets on which servers in several processes may wait for connections; raises OSError.

    They are the addresses of the host's name, all with one port.
    """
    port, sockets = settings.port, []
    for family, kind, number, address in Adjustments(host=settings.host, port=port).listen:
        listening = socket.socket(family, kind, number)
        sockets.append(listening)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address[0], port, *address[2:]))
        port = listening.getsockname()[1]
        listening.listen(_BACKLOG)
    return sockets


class ConnectionCounts:
    """How many connections each of the processes has that listen on the same sockets."""

    def __init__(self, processes: int) -> None:
        self._memory = SharedMemory(_COUNT.size * processes)
        self._numbers = range(processes)
        for number in self._numbers:
            self.set(number, _NOT_YET)

    def set(self, number: int, count: int) -> None:
        """Say how many a process has."""
        _COUNT.pack_into(self._memory.bytes, _COUNT.size * number, count)

    def has_served(self, number: int) -> bool:
        """Whether a process with this number has ever said so."""
        return self._get(number) != _NOT_YET

    def least_of_others(self, number: int) -> int | None:
        """The fewest connections that another one has; None without another one."""
        counts = [self._get(other) for other in self._numbers if other != number]
        return min((count for count in counts if count != _NOT_YET), default=None)

    def _get(self, number: int) -> int:
        count: int = _COUNT.unpack_from(self._memory.bytes, _COUNT.size * number)[0]
        return count


class Share:
    """The part of the new connections that one process takes, so that each has as many.

    The system wakes every process that waits on a socket, and the first one would take all that
    wait there: sixteen clients that came together would have one processor of many. So whoever has
    more connections than another leaves the next one to it. Not for long, as the other may have
    much to do, or be dead.
    """

    def __init__(self, counts: ConnectionCounts, number: int) -> None:
        self._counts = counts
        self._number = number
        self._began = self._last = 0.0
        self.is_waiting = False
        """Whether this process does not look for new connections at the moment."""

    def patience(self, mine: int, usual: float) -> float:
        """How many seconds to wait for events; `mine` is how many connections there are now."""
        self._counts.set(self._number, mine)
        self.is_waiting &= monotonic() < self._last + _TURN
        return _TURN if self.is_waiting else usual

    def takes_one(self, mine: int) -> bool:
        """Whether this process takes the connection that waits."""
        self._counts.set(self._number, mine)
        fewest, now = self._counts.least_of_others(self._number), monotonic()
        if fewest is None or mine <= fewest:
            return True
        if now > self._last + _LONGEST_TURN:
            self._began = now
        if now > self._began + _LONGEST_TURN:
            self._last = 0.0
            return True
        self.is_waiting, self._last = True, now
        return False
