"""The progress bar of a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

__all__ = ["progress_bar"]


@contextmanager
def progress_bar(total_bytes: int) -> Iterator["_Bar"]:
    """A bar on standard error that goes by bytes read and counts articles."""
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[articles]} articles, {task.fields[rate]} a second"),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=Console(stderr=True)) as rich:
        yield _Bar(rich, total_bytes)


class _Bar:
    def __init__(self, rich: RichProgress, total_bytes: int) -> None:
        self._rich = rich
        self._task = rich.add_task("", total=total_bytes, articles="0", rate="0")
        self._articles = 0
        self._started = monotonic()

    def read(self, count: int) -> None:
        self._rich.advance(self._task, count)

    def done(self) -> None:
        self._articles += 1
        rate = self._articles / max(monotonic() - self._started, 0.001)
        self._rich.update(self._task, articles=f"{self._articles:,}", rate=f"{rate:,.0f}")
