"""`timbao verify`, `reindex`, `backup`, `recover` and others: looking after an index."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

import click

from index import (
    Article,
    LostGeneration,
    RecoveryReport,
    SearchEngine,
    SearchError,
    back_up,
    open_engine,
    recover,
    restore,
)

from ..text.formatting import terminal_text, time_text
from .command_options import index_option, wait_option, waiting_writer
from .progress import Progress, duration_text, show_progress

__all__ = [
    "backup_command",
    "copy_command",
    "recover_command",
    "reindex_command",
    "restore_command",
    "rollback_command",
    "verify_command",
]

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
def reindex_command(index_address: str, wait: float) -> None:
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
def rollback_command(index_address: str, wait: float) -> None:
    """Bring back the index that `timbao reindex` replaced, if nothing was changed since.

    A second rollback takes the first one back.
    """
    engine = open_engine(index_address)
    engine.rollback(wait=wait)
    try:
        stats = engine.stats()
    except SearchError as error:
        # It is done: an error of reading what there is now must not sound as if it were not.
        click.echo("rolled back")
        click.echo(f"What it was rolled back to cannot be read: {error}", err=True)
    else:
        click.echo(f"rolled back to {stats.articles:,} articles, generation {stats.generation}")


@click.command("backup", short_help="Make a backup of the index.")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@index_option
def backup_command(folder: Path, index_address: str) -> None:
    """Copy the newest generation of the index to FOLDER, which must not be there or be empty.

    Others may search and write meanwhile. FOLDER appears when the backup is whole and verified:
    the index in FOLDER/index, and backup.json with a checksum for each file.
    """
    report = back_up(index_address, folder)
    click.echo(
        f"{folder}: generation {report.generation}, {report.articles:,} articles, "
        f"{report.withdrawn:,} withdrawn, {report.bytes / 1_000_000:.1f} MB"
    )


@click.command("restore", short_help="Bring back a backup.")
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@index_option
@wait_option
def restore_command(folder: Path, index_address: str, wait: float) -> None:
    """Make the backup in FOLDER the newest generation of the index.

    Nothing is overwritten, running servers change over as for any other commit, and the index may
    be damaged or missing. What it withdrew since the backup stays withdrawn.
    """
    report = restore(index_address, folder, wait=wait)
    click.echo(
        f"restored {report.articles - len(report.kept_withdrawn):,} articles of generation "
        f"{report.generation}, backed up on {time_text(report.time)}"
    )
    _print_kept_withdrawn(report.kept_withdrawn)


@click.command("recover", short_help="Go back to what is whole of a damaged index.")
@click.option(
    "--without-damaged",
    is_flag=True,
    help="Where no generation is whole, give up the articles in damaged files.",
)
@index_option
@wait_option
def recover_command(without_damaged: bool, index_address: str, wait: float) -> None:
    """Make the newest generation that is whole the newest one again, and say what is lost.

    The files of what is lost are renamed, never removed. Nothing is done to a sound index. The exit
    code is 1 if no generation is whole.
    """
    report = recover(index_address, without_damaged=without_damaged, wait=wait)
    if report.generation == report.basis:
        click.echo(f"sound: generation {report.generation}, nothing is to be done")
    else:
        _print_recovery(report)


def _print_recovery(report: RecoveryReport) -> None:
    for lost in report.lost:
        click.echo(_lost_text(lost, report.articles))
        for damage in lost.damage:
            click.echo(f"  damaged: {terminal_text(damage)}")
    for damage in report.damage:
        click.echo(f"left out: {terminal_text(damage)}")
    if report.lost_articles:
        unknown = report.lost_articles - len(report.lost_ids)
        known = f", the ids of {unknown:,} cannot be read" if unknown else ""
        click.echo(f"lost: {report.lost_articles:,} articles{known}; index them again")
    for doc_id in report.lost_ids:
        click.echo(f"  lost {doc_id}")
    _print_kept_withdrawn(report.kept_withdrawn)
    for path in report.aside:
        click.echo(f"set aside: {path}")
    click.echo(
        f"recovered {report.articles:,} articles of generation {report.basis} as generation "
        f"{report.generation}"
    )


def _lost_text(lost: LostGeneration, articles: int) -> str:
    when = "" if lost.committed is None else f" of {time_text(lost.committed)}"
    if lost.articles is None:
        what = "what it changed, and what it withdrew, cannot be read"
    else:
        difference = lost.articles - articles
        what = f"it had {abs(difference):,} articles {'fewer' if difference < 0 else 'more'}"
    return f"lost: generation {lost.generation}{when}, {what}"


def _print_kept_withdrawn(doc_ids: tuple[str, ...]) -> None:
    for doc_id in doc_ids:
        click.echo(f"{doc_id} was withdrawn since and stays so")


@click.command("copy", short_help="Copy the index to another address.")
@click.argument("target", metavar="TARGET")
@index_option
@wait_option
def copy_command(target: str, index_address: str, wait: float) -> None:
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
    on_cluster = target.startswith("opensearch:")
    withdrawn = _copy_withdrawals(source, copy, wait, on_cluster=on_cluster)
    seconds = duration_text(perf_counter() - started)
    click.echo(
        f"{copied:,} articles and {withdrawn:,} withdrawals copied, "
        f"{total - copied:,} articles were there ({seconds})"
    )


def _copy(source: SearchEngine, copy: SearchEngine, progress: Progress, wait: float) -> int:
    """Write the articles that the copy lacks; how many."""
    copied = 0
    with waiting_writer(copy, wait) as writer:
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


def _copy_withdrawals(
    source: SearchEngine, copy: SearchEngine, wait: float, *, on_cluster: bool
) -> int:
    """Withdraw in the copy what the source has withdrawn; how many articles."""
    there, found = copy.withdrawals(), source.withdrawals()
    missing = [each for doc_id, each in found.by_id.items() if doc_id not in there.by_id]
    if not on_cluster:  # which knows no addresses
        new = (key for key in found.addresses if key not in there.addresses)
        missing += [found.addresses[key] for key in new]
    if missing:
        copy.withdraw(missing, wait=wait)
    return len(missing)
