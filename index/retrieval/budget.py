"""A time budget around one search; what is left undone when it is spent makes the page partial."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic


class Budget:
    """Seconds on the clock that a search may take; None is no limit."""

    def __init__(self, seconds: float | None) -> None:
        self._ends = None if seconds is None else monotonic() + seconds
        self.cut_short = False
        """Whether anything was left undone."""

    def is_spent(self) -> bool:
        """Whether to leave the next piece of work undone."""
        if self._ends is not None and monotonic() >= self._ends:
            self.cut_short = True
        return self.cut_short


_BUDGET: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def time_budget(seconds: float | None) -> Iterator[Budget]:
    """The budget of everything that runs inside, in this thread."""
    budget = Budget(seconds)
    token = _BUDGET.set(budget)
    try:
        yield budget
    finally:
        _BUDGET.reset(token)


def out_of_time() -> bool:
    """Whether the budget of the search that runs is spent; False outside of a search."""
    budget = _BUDGET.get()
    return budget is not None and budget.is_spent()
