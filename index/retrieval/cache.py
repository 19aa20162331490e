"""A cache bounded in bytes, shared between threads."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Protocol, TypeVar

DEFAULT_CACHE_BYTES = 128 << 20


class Sized(Protocol):
    """What the cache holds."""

    @property
    def nbytes(self) -> int:
        """Memory that the value takes."""


Value = TypeVar("Value", bound=Sized)


class ByteCache:
    """Keeps the values used last, up to a number of bytes."""

    def __init__(self, limit: int = DEFAULT_CACHE_BYTES) -> None:
        self._limit = limit
        self._size = 0
        self._values: OrderedDict[Hashable, Sized] = OrderedDict()
        self._lock = Lock()

    @property
    def size(self) -> int:
        """Bytes held now."""
        return self._size

    def discard(self, key: Hashable) -> None:
        """Forget the value under the key, if there is one."""
        with self._lock:
            dropped = self._values.pop(key, None)
            if dropped is not None:
                self._size -= dropped.nbytes

    def get(self, key: Hashable, kind: type[Value], make: Callable[[], Value]) -> Value:
        """The value under the key, made where it is missing.

        Two threads may make the same value at the same time; one of them is kept.
        """
        with self._lock:
            found = self._values.get(key)
            if found is not None:
                self._values.move_to_end(key)
        if isinstance(found, kind):
            return found
        value = make()
        with self._lock:
            replaced = self._values.pop(key, None)
            if replaced is not None:
                self._size -= replaced.nbytes
            self._values[key] = value
            self._size += value.nbytes
            while self._size > self._limit and len(self._values) > 1:
                _, dropped = self._values.popitem(last=False)
                self._size -= dropped.nbytes
        return value
