"""Results that are the same for one generation of an index, kept until there are too many."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

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
