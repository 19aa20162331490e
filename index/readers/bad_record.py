"""What a reader says about records that it cannot turn into an article, or not wholly."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

__all__ = [
    "BadRecord",
    "FieldNotice",
    "IgnoredKeys",
    "Listener",
    "Notice",
    "OnBad",
    "OnNotice",
    "OtherFiles",
    "RecordError",
    "pass_over",
]


@dataclass(frozen=True, slots=True)
class _Remark:
    """What is said of a file or of its 1-based line (None: the whole file)."""

    path: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.reason}"


class BadRecord(_Remark):
    """A record left out, and why."""

    __slots__ = ()


class FieldNotice(_Remark):
    """A field that was left out or mended, of an article that was taken in, and why."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class IgnoredKeys:
    """The keys of a file's records that belong to no field, each with the number of records."""

    path: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class OtherFiles:
    """Files of a folder that are not read, counted by kind: how their names end, or why."""

    path: str
    counts: tuple[tuple[str, int], ...]


Notice = FieldNotice | IgnoredKeys | OtherFiles
OnBad = Callable[[BadRecord], None]
OnNotice = Callable[[Notice], None]


def pass_over(_: Notice) -> None:
    """Hear a notice and do nothing."""


class Listener(NamedTuple):
    """Who hears what a reader says."""

    bad: OnBad
    notice: OnNotice


class RecordError(ValueError):
    """One record cannot be read; readers turn it into a BadRecord and go on with the next."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
