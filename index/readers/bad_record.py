"""What a reader says about a record that it cannot turn into an article."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["BadRecord", "OnBad", "RecordError"]


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record left out: its file, its 1-based line (None: the whole file) and why."""

    path: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.reason}"


OnBad = Callable[[BadRecord], None]


class RecordError(ValueError):
    """One record cannot be read; readers turn it into a BadRecord and go on with the next."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
