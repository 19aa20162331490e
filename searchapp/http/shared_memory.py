"""What the processes of a server hold in common: they are forks of one that has made it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from mmap import mmap
from secrets import token_bytes
from tempfile import TemporaryFile
from threading import Lock
from typing import Final
from weakref import finalize

__all__ = ["DailySalt", "SharedMemory"]

_SALT_BYTES: Final = 32


class SharedMemory:
    """Bytes, all 0 at first, that this process and those it forks see alike.

    `locked` keeps the other threads and processes out. A process that dies within gives the lock
    back.
    """

    def __init__(self, size: int) -> None:
        self.bytes: Final = mmap(-1, size)
        self._threads = Lock()
        self._processes = TemporaryFile()  # noqa: SIM115  # open for as long as this is there
        finalize(self, self._processes.close)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else is within."""
        with self._threads:
            fcntl.lockf(self._processes, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._processes, fcntl.LOCK_UN)


class DailySalt:
    """A salt that is thrown away with its day, the same for every process."""

    def __init__(self) -> None:
        self._memory = SharedMemory(len(date.min.isoformat()) + _SALT_BYTES)

    def of(self, day: date) -> bytes:
        """The salt of the day; once that of a later one was asked for, a new one."""
        name, memory = day.isoformat().encode(), self._memory
        with memory.locked():
            if memory.bytes[: len(name)] != name:
                memory.bytes[:] = name + token_bytes(_SALT_BYTES)
            return memory.bytes[len(name) :]
