"""How far reading has come: a bar on a terminal, now and then a line elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol

import click

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

__all__ = ["Progress", "duration_text", "show_progress"]

_SECONDS_BETWEEN_LINES: Final = 5.0


class Progress(Protocol):
    """Hears what was done; bytes are those of the files on disk."""

    def read(self, count: int) -> None:
        """So many more bytes are read."""

    def done(self) -> None:
        """One more article is done."""


@contextmanager
def show_progress(total_bytes: int) -> Iterator[Progress]:
    """Show progress on standard error until the block ends."""
    if not sys.stderr.isatty():
        yield _Lines(total_bytes)
        return
    # rich takes a tenth of a second to import, and only a terminal needs it.
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[articles]} articles, {task.fields[rate]} a second"),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=Console(stderr=True)) as rich:
        yield _Bar(rich, total_bytes)


def duration_text(seconds: float) -> str:
    """Minutes and seconds, or hours and minutes.

    >>> duration_text(75)
    '1 min 15 s'
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


class _Lines:
    """A line every few seconds, none for what is done at once."""

    def __init__(self, total_bytes: int) -> None:
        self._total = total_bytes
        self._bytes = 0
        self._articles = 0
        self._started = self._last = monotonic()

    def read(self, count: int) -> None:
        self._bytes += count

    def done(self) -> None:
        self._articles += 1
        now = monotonic()
        if now - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = now
            click.echo(self._line(now - self._started), err=True)

    def _line(self, seconds: float) -> str:
        line = f"{self._articles:,} articles, {self._articles / seconds:.0f} a second"
        if 0 < self._bytes <= self._total:
            share = self._bytes / self._total
            left = duration_text(seconds * (1 - share) / share)
            line += f", {100 * share:.0f} % read, {left} left"
        return line


class _Bar:
    def __init__(self, rich: "RichProgress", total_bytes: int) -> None:
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
