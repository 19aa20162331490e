"""`timbao copy`: one index into another, of the same or of another kind."""

from collections.abc import Iterator
from time import perf_counter

import click

from index import Article, SearchEngine, open_engine

from .command_options import index_option
from .progress import Progress, duration_text, show_progress

__all__ = ["copy_command"]

_ARTICLES_A_COMMIT = 16_384


@click.command("copy", short_help="Copy the index to another address.")
@click.argument("target", metavar="TARGET")
@index_option
def copy_command(target: str, index_address: str) -> None:
    """Copy every article and every withdrawal to the index at the address TARGET.

    What TARGET has besides stays there; an article that it has unchanged is passed over, so that an
    interrupted copy goes on where it was. This is how an archive moves to a cluster
    (opensearch://host:9200/news), and back.
    """
    started = perf_counter()
    source, copy = open_engine(index_address), open_engine(target)
    total = source.count()
    with show_progress(total) as progress:
        copied = _copy(source, copy, progress)
    withdrawn = _copy_withdrawals(source, copy)
    seconds = duration_text(perf_counter() - started)
    click.echo(
        f"{copied:,} articles and {withdrawn:,} withdrawals copied, "
        f"{total - copied:,} articles were there ({seconds})"
    )


def _copy(source: SearchEngine, copy: SearchEngine, progress: Progress) -> int:
    """Write the articles that the copy lacks; how many."""
    copied = 0
    with copy.writer() as writer:
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


def _copy_withdrawals(source: SearchEngine, copy: SearchEngine) -> int:
    """Withdraw in the copy what the source has withdrawn; how many articles."""
    there = copy.withdrawals()
    missing = {doc_id: on for doc_id, on in source.withdrawals().items() if doc_id not in there}
    if missing:
        with copy.writer() as writer:
            for doc_id, on in missing.items():
                # Only what an index has can be withdrawn from it.
                writer.put(Article(id=doc_id, headline=doc_id))
                writer.withdraw(doc_id, on)
    return len(missing)
