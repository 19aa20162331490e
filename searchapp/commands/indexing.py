"""`timbao index`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import click

from index import BadRecord, SearchEngine, estimate_bytes, open_engine, read_paths

from ..documents.json_text import Json, json_text
from .command_options import index_option, json_option, wait_option
from .progress import duration_text, show_progress

__all__ = ["index_command"]

#: So many new articles become visible together; an interrupted run goes on behind them.
_ARTICLES_A_COMMIT = 16_384


@dataclass(slots=True)
class _Summary:
    """What a run has done so far."""

    indexed: int = 0
    unchanged: int = 0
    bad_records: list[BadRecord] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Articles a second."""
        return (self.indexed + self.unchanged) / self.seconds if self.seconds else 0.0


@click.command("index", short_help="Read news files into the index.")
@click.argument(
    "paths",
    metavar="PATH...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)
@json_option
@index_option
@wait_option
def index_command(paths: tuple[Path, ...], as_json: bool, index_address: str, wait: int) -> None:
    """Read every news file at the PATHs into the index, folders with all that is below them.

    Read are scraped pages (.txt), .html, .jsonl, .ndjson, .json, .csv and .tsv, each also as .gz.
    An article with an ID that the index has replaces it. A record that cannot be read is reported
    with its file and line and never stops the rest; the exit code is 1 only if nothing was read.

    What is read becomes visible step by step. A run that was interrupted goes on where it was when
    it is started again: articles that the index has as they are take little time.
    """
    summary = _index(open_engine(index_address), paths, wait)
    if as_json:
        click.echo(json_text(_document(summary), indent=2))
    else:
        click.echo(_text(summary))
    if not summary.indexed + summary.unchanged:
        raise click.exceptions.Exit(1)


def _index(engine: SearchEngine, paths: Sequence[Path], wait: int) -> _Summary:
    summary = _Summary()

    def report(bad: BadRecord) -> None:
        summary.bad_records.append(bad)
        click.echo(f"left out: {bad}", err=True)

    started = perf_counter()
    with show_progress(estimate_bytes(paths)) as progress, engine.writer(wait=wait) as writer:
        articles = read_paths(paths, on_bad=report, on_bytes=progress.read)
        for changed in writer.put_all(articles):
            summary.indexed += changed
            summary.unchanged += not changed
            progress.done()
            if changed and summary.indexed % _ARTICLES_A_COMMIT == 0:
                writer.checkpoint()
    summary.seconds = perf_counter() - started
    return summary


def _document(summary: _Summary) -> Json:
    return {
        "indexed": summary.indexed,
        "unchanged": summary.unchanged,
        "bad": len(summary.bad_records),
        "seconds": round(summary.seconds, 3),
        "rate": round(summary.rate, 1),
        "bad_records": summary.bad_records,
    }


def _text(summary: _Summary) -> str:
    parts = [f"{summary.indexed:,} articles indexed"]
    if summary.unchanged:
        parts.append(f"{summary.unchanged:,} unchanged")
    if summary.bad_records:
        parts.append(f"{len(summary.bad_records):,} records left out")
    time = f"{duration_text(summary.seconds)} ({round(summary.rate):,} a second)"
    return f"{', '.join(parts)} in {time}"
