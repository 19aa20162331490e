"""The two kinds of cache: values by key until there are too many, or until they take too much room.

A cache lives on a snapshot or segment, so that it ends with what its values depend on, or is
handed on from one snapshot to the next with values that say which one they belong to;
docs/performance.md says what each is worth.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar

Value = TypeVar("Value")


class Memo(Generic[Value]):
    """Values by key, emptied when full; threads may share it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: dict[Hashable, Value] = {}

    def get(
        self, key: Hashable, make: Callable[[], Value], *, unless: Callable[[], bool] = bool
    ) -> Value:
        """The value under the key, made where it is missing.

        Args:
            unless: whether a value that was just made is not to be kept.
        """
        found = self._values.get(key)
        if found is None:
            found = make()
            if not unless():
                if len(self._values) >= self._limit:
                    self._values.clear()
                self._values[key] = found
        return found

    def handed_on(self, still_holds: Callable[[Hashable], bool]) -> "Memo[Value]":
        """Another memo with the values of those keys that still hold."""
        other: Memo[Value] = Memo(self._limit)
        values = list(self._values.items())  # at once: other threads go on
        other._values = {key: value for key, value in values if still_holds(key)}
        return other


#: What a cache may hold by default: so much an article, within bounds.
_BYTES_AN_ARTICLE = 4_200
_LEAST_BYTES, _MOST_BYTES = 64 << 20, 1 << 30
#: After so many requests all counts are halved, so that what was popular once makes room.
_AGED_AFTER = 100_000


def default_cache_bytes(articles: int) -> int:
    """What the cache of so many articles may hold: the rows in it are as long as the archive."""
    return min(max(articles * _BYTES_AN_ARTICLE, _LEAST_BYTES), _MOST_BYTES)


class Sized(Protocol):
    """What the cache holds."""

    @property
    def nbytes(self) -> int:
        """Memory that the value takes."""


SizedValue = TypeVar("SizedValue", bound=Sized)


class ByteCache:
    """Keeps values up to a number of bytes: those that are asked for most often a byte.

    A new value takes the place of the values used longest ago, unless it was asked for less often
    a byte than those (the admission of TinyLFU: Einziger, Friedman, Manes, 2017); thus a row of
    many different queries does not push out what all of them need.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._size = 0
        self._values: OrderedDict[Hashable, Sized] = OrderedDict()
        self._asked: dict[int, int] = {}
        """Hash of a key → how often it was asked for lately."""
        self._requests = 0
        self._lock = Lock()

    @property
    def size(self) -> int:
        """Bytes held now."""
        return self._size

    def get(
        self, key: Hashable, kind: type[SizedValue], make: Callable[[], SizedValue]
    ) -> SizedValue:
        """The value under the key, made where it is missing.

        Two threads may make the same value at the same time; one of them is kept.
        """
        number = hash(key)
        with self._lock:
            self._asked[number] = self._asked.get(number, 0) + 1
            self._requests += 1
            if self._requests >= _AGED_AFTER:
                self._age()
            found = self._values.get(key)
            if found is not None:
                self._values.move_to_end(key)
        if isinstance(found, kind):
            return found
        value = make()
        with self._lock:
            self._drop(key)
            if self._make_room(key, value.nbytes):
                self._values[key] = value
                self._size += value.nbytes
        return value

    def replace(self, key: Hashable, value: Sized) -> None:
        """Put a newer value in the place of one that is held, if it still is and there is room."""
        size = value.nbytes
        with self._lock:
            held = self._values.get(key)
            if held is None:
                return
            grown = self._size + size - held.nbytes
            if grown > self.limit:
                self._drop(key)
            else:
                self._values[key] = value
                self._size = grown

    def most_asked(self) -> list[Hashable]:
        """The keys of all values, those that are asked for most first."""
        with self._lock:
            asked = self._asked
            return sorted(self._values, key=lambda key: -asked.get(hash(key), 0))

    def _age(self) -> None:
        self._requests = 0
        self._asked = {number: n // 2 for number, n in self._asked.items() if n > 1}

    def _make_room(self, key: Hashable, size: int) -> bool:
        """Whether there is room for so many bytes, after others had to go where that is fair."""
        asked, freed = 0, 0
        leaving: list[Hashable] = []
        for other, value in self._values.items():
            if self._size - freed + size <= self.limit:
                break
            leaving.append(other)
            freed += value.nbytes
            asked += self._asked.get(hash(other), 0)
        if self._size - freed + size > self.limit:
            return False
        if leaving and self._asked.get(hash(key), 0) * freed <= asked * size:
            # Next time the comparison is with others.
            for other in leaving:
                self._values.move_to_end(other)
            return False
        for other in leaving:
            self._drop(other)
        return True

    def _drop(self, key: Hashable) -> None:
        dropped = self._values.pop(key, None)
        if dropped is not None:
            self._size -= dropped.nbytes
