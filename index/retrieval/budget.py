"""A time budget around one search; what is left undone when it is spent makes the page partial."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic


@dataclass(slots=True)
class Budget:
    """When a search ends, on the clock of `monotonic`; None: when all is done."""

    ends: float | None
    cut_short: bool = False
    """Whether anything was left undone."""


_BUDGET: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def time_budget(seconds: float | None) -> Iterator[Budget]:
    """The budget of everything that runs inside, in this thread; None is no limit."""
    budget = Budget(None if seconds is None else monotonic() + seconds)
    token = _BUDGET.set(budget)
    try:
        yield budget
    finally:
        _BUDGET.reset(token)


def out_of_time() -> bool:
    """Whether to leave the next piece of work of a search undone; False outside of a search."""
    budget = _BUDGET.get()
    if budget is None:
        return False
    if budget.ends is not None and monotonic() >= budget.ends:
        budget.cut_short = True
    return budget.cut_short
