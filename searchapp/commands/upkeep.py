"""`timbao verify`, `timbao reindex` and `timbao rollback`: looking after an index."""

from contextlib import ExitStack
from time import perf_counter

import click

from index import open_engine

from .command_options import index_option
from .progress import Progress, duration_text, show_progress

__all__ = ["reindex_command", "rollback_command", "verify_command"]


@click.command("verify", short_help="Check the index for damage.")
@index_option
def verify_command(index_address: str) -> None:
    """Read the whole index and compare it with its checksums.

    The exit code is 0 if all of it is sound, and 1, with the file that is not, if it is damaged.
    """
    report = open_engine(index_address).verify()
    click.echo(
        f"sound: {report.articles:,} articles, {report.segments:,} segments, "
        f"{report.bytes / 1_000_000:.1f} MB"
    )


@click.command("reindex", short_help="Analyse every article anew.")
@index_option
def reindex_command(index_address: str) -> None:
    """Write the whole index anew from the articles in it, after an update of this program.

    Searches go on with the old index until the new one is complete and verified. The old one is
    kept until the next change, so that `timbao rollback` can bring it back.
    """
    started = perf_counter()
    with ExitStack() as display:
        progress: Progress | None = None

        def show(done: int, total: int) -> None:
            nonlocal progress
            if progress is None:
                progress = display.enter_context(show_progress(total))
            progress.read(1)
            progress.done()

        count = open_engine(index_address).reindex(show)
    seconds = perf_counter() - started
    rate = f"{round(count / seconds):,} a second"
    click.echo(f"{count:,} articles reindexed in {duration_text(seconds)} ({rate})")


@click.command("rollback", short_help="Bring back what a reindex replaced.")
@index_option
def rollback_command(index_address: str) -> None:
    """Bring back the index that `timbao reindex` replaced, if nothing was changed since.

    A second rollback takes the first one back.
    """
    engine = open_engine(index_address)
    engine.rollback()
    stats = engine.stats()
    click.echo(f"rolled back to {stats.articles:,} articles, generation {stats.generation}")
