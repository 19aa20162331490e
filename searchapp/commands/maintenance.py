"""`timbao verify`, `reindex`, `rollback` and `copy`: looking after an index."""

from collections.abc import Iterator
from contextlib import ExitStack
from time import perf_counter

import click

from index import Article, SearchEngine, open_engine

from .command_options import index_option, wait_option
from .progress import Progress, duration_text, show_progress

__all__ = ["copy_command", "reindex_command", "rollback_command", "verify_command"]

_ARTICLES_A_COMMIT = 16_384


@click.command("verify", short_help="Check the index for damage.")
@click.option(
    "--deep",
    is_flag=True,
    help="Also analyse every article anew and compare; takes as long as indexing in one process.",
)
@index_option
def verify_command(deep: bool, index_address: str) -> None:
    """Read the whole index and compare it with its checksums.

    The exit code is 0 if all of it is sound, and 1, with the file that is not, if it is damaged.
    With --deep every array that holds something else than the articles give is named, also where
    the checksums are right; on a cluster it makes no difference.
    """
    report = open_engine(index_address).verify(deep=deep)
    for fault in report.faults:
        click.echo(f"{fault.path}: {fault.reason}", err=True)
    if report.faults:
        files = len({str(fault.path) for fault in report.faults})
        raise click.ClickException(
            f"{len(report.faults):,} faults in {files:,} files: bring a backup back, or delete the "
            "folder and build it again with `timbao index`."
        )
    compared = f", {report.compared:,} compared with their articles" if deep else ""
    click.echo(
        f"sound: {report.articles:,} articles, {report.segments:,} segments{compared}, "
        f"{report.bytes / 1_000_000:.1f} MB"
    )


@click.command("reindex", short_help="Analyse every article anew.")
@index_option
@wait_option
def reindex_command(index_address: str, wait: int) -> None:
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

        count = open_engine(index_address).reindex(show, wait=wait)
    seconds = perf_counter() - started
    rate = f"{round(count / seconds):,} a second"
    click.echo(f"{count:,} articles reindexed in {duration_text(seconds)} ({rate})")


@click.command("rollback", short_help="Bring back what a reindex replaced.")
@index_option
@wait_option
def rollback_command(index_address: str, wait: int) -> None:
    """Bring back the index that `timbao reindex` replaced, if nothing was changed since.

    A second rollback takes the first one back.
    """
    engine = open_engine(index_address)
    engine.rollback(wait=wait)
    stats = engine.stats()
    click.echo(f"rolled back to {stats.articles:,} articles, generation {stats.generation}")


@click.command("copy", short_help="Copy the index to another address.")
@click.argument("target", metavar="TARGET")
@index_option
@wait_option
def copy_command(target: str, index_address: str, wait: int) -> None:
    """Copy every article and every withdrawal to the index at the address TARGET.

    What TARGET has besides stays there; an article that it has unchanged is passed over, so that an
    interrupted copy goes on where it was. This is how an archive moves to a cluster
    (opensearch://host:9200/news), and back.
    """
    started = perf_counter()
    source, copy = open_engine(index_address), open_engine(target)
    total = source.count()
    with show_progress(total) as progress:
        copied = _copy(source, copy, progress, wait)
    withdrawn = _copy_withdrawals(source, copy, wait)
    seconds = duration_text(perf_counter() - started)
    click.echo(
        f"{copied:,} articles and {withdrawn:,} withdrawals copied, "
        f"{total - copied:,} articles were there ({seconds})"
    )


def _copy(source: SearchEngine, copy: SearchEngine, progress: Progress, wait: int) -> int:
    """Write the articles that the copy lacks; how many."""
    copied = 0
    with copy.writer(wait=wait) as writer:
        for changed in writer.put_all(_read(source, progress)):
            copied += changed
            if changed and copied % _ARTICLES_A_COMMIT == 0:
                writer.checkpoint()
    return copied


def _read(source: SearchEngine, progress: Progress) -> Iterator[Article]:
    for article in source.articles():
        yield article
        progress.read(1)
        progress.done()


def _copy_withdrawals(source: SearchEngine, copy: SearchEngine, wait: int) -> int:
    """Withdraw in the copy what the source has withdrawn; how many articles."""
    there = copy.withdrawals()
    missing = {doc_id: on for doc_id, on in source.withdrawals().items() if doc_id not in there}
    if missing:
        with copy.writer(wait=wait) as writer:
            for doc_id, on in missing.items():
                # Only what an index has can be withdrawn from it.
                writer.put(Article(id=doc_id, headline=doc_id))
                writer.withdraw(doc_id, on)
    return len(missing)
