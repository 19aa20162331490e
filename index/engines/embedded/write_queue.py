"""The queue of writers that wait for the lock of an index: first come, first served."""

import fcntl
import struct
import sys
import time
from collections.abc import Callable

#: struct flock with offsets of 64 bits: type, whence, start, length, process.
_RANGE = struct.Struct("@hhqqi4x")
#: Locks that belong to one opening of a file, as those of flock do: two engines of one process
#: are told apart, and no forgotten copy of a descriptor gives one up. Linux has them.
_HAS_LOCKED_BYTES = sys.platform == "linux"
_POLL_SECONDS = 0.01
#: So many moments are tried that may be another writer's.
_ARRIVALS = 100
#: A lock that is free for so long is not wanted by those ahead, who are perhaps stopped.
_PASSED_OVER_AFTER = 0.5


def take_turn(
    queue: int | None, try_lock: Callable[[], bool], unlock: Callable[[], None], wait: float
) -> bool:
    """Take a lock when those who came before have had it; False where it takes too long.

    Each writer has one byte of the queue's file locked, at the nanosecond of its arrival on the
    clock that all processes of a machine share, and may have the lock while no byte before its own
    is locked. The bytes need not exist: nothing is ever written. The system lets go of the byte of
    a process that ends, however it ends, so nobody is to be cleaned up after. One that is stopped
    is passed over once the lock was free for half a second.

    Args:
        queue: the open file, which the caller closes; None where nobody waits.
        wait: seconds; 0 takes the lock if it is free and those who wait for it do not want it.
    """
    ends = time.monotonic() + wait
    is_next = _join(queue) if queue is not None and _HAS_LOCKED_BYTES else lambda: True
    free_since: float | None = None
    while True:
        now = time.monotonic()
        if try_lock():
            if is_next() or (free_since is not None and now - free_since > _PASSED_OVER_AFTER):
                return True
            unlock()
            free_since = free_since or now
        else:
            free_since = None
        # Not "now >= ends", by which no number (NaN) would wait for ever.
        if free_since is None and not now < ends:
            return False
        time.sleep(_POLL_SECONDS)


def is_waited_for(queue: int) -> bool:
    """Whether somebody waits in the open file of a queue."""
    if not _HAS_LOCKED_BYTES:
        return True
    found = fcntl.fcntl(queue, fcntl.F_OFD_GETLK, _range(0, 0))
    return bool(_RANGE.unpack(found)[0] != fcntl.F_UNLCK)


def _join(queue: int) -> Callable[[], bool]:
    """Lock the byte of this moment; the answer tells whether no byte before it is locked."""
    for left in reversed(range(_ARRIVALS)):
        came = time.monotonic_ns()
        try:
            fcntl.fcntl(queue, fcntl.F_OFD_SETLK, _range(came, 1))
            break
        except BlockingIOError:
            # Another one came in the same nanosecond; a program that locks all of them is none.
            if not left:
                raise

    def is_next() -> bool:
        found = fcntl.fcntl(queue, fcntl.F_OFD_GETLK, _range(0, came))
        return bool(_RANGE.unpack(found)[0] == fcntl.F_UNLCK)

    return is_next


def _range(start: int, length: int) -> bytes:
    return _RANGE.pack(fcntl.F_WRLCK, 0, start, length, 0)
