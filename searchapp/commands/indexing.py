"""`timbao index`."""

import shutil
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

import click

from index import (
    Article,
    BadRecord,
    FieldNames,
    IgnoredKeys,
    Notice,
    OtherFiles,
    SearchEngine,
    UnknownFieldError,
    estimate_bytes,
    open_engine,
    read_in_worker,
)

from ..text.formatting import terminal_text, time_text
from .command_options import index_option, json_option, print_json, wait_option, waiting_writer
from .index_summary import IndexSummary, hollow_text, summary_document, summary_text
from .progress import show_progress

__all__ = ["index_command"]

#: So many new articles become visible together; an interrupted run goes on behind them.
_ARTICLES_A_COMMIT = 16_384
#: So many messages about each file are printed, and so many bad records of a run are kept.
_SHOWN_A_FILE: Final = 20
_KEPT: Final = 1_000
_TOO_MANY_BAD: Final = 4
_INPUT: Final = Path("-")
#: So many articles are shown by --dry-run, and so many characters of each text.
_SHOWN_ARTICLES: Final = 5
_SHOWN_CHARACTERS: Final = 160


@click.command("index", short_help="Read news files into the index.")
@click.argument(
    "paths",
    metavar="PATH...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, allow_dash=True, path_type=Path),
)
@click.option("--follow-links", is_flag=True, help="Follow links that lead out of a folder, too.")
@click.option(
    "--record-seconds",
    type=click.FloatRange(0, min_open=True),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="The most time of a processor for one record; by the clock, six times that.",
)
@click.option(
    "--max-bad",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    metavar="SHARE",
    help="End with exit code 4 where more than this share of the records is left out.",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="FIELD=KEY",
    callback=lambda _, __, values: _field_names(values),
    help="Take a field of the articles from this key of the records, before all others; may be "
    "given several times. A key inside another is written a.b.",
)
@click.option(
    "--map-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of such pairs, one a line.",
)
@click.option(
    "--without-body",
    is_flag=True,
    help="The files hold headlines and leads only, so that it is no fault that bodies are missing.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show the first five articles as they would be, and what would be ignored; index nothing.",
)
@json_option
@index_option
@wait_option
def index_command(
    paths: tuple[Path, ...],
    follow_links: bool,
    record_seconds: float,
    max_bad: float,
    mapped: FieldNames,
    map_file: Path | None,
    without_body: bool,
    dry_run: bool,
    as_json: bool,
    index_address: str,
    wait: float,
) -> None:
    """Read every news file at the PATHs into the index, folders with all that is below them.

    The PATH - is standard input: JSON records, one a line.

    What kinds of files are read is told in docs/input.md, also packed as .gz, .zst, .zip or .tar.
    Links that lead out of a folder, and what is no regular file, are left out.

    An article with an ID that the index has replaces it. A record that cannot be read, or takes too
    long or too much memory, is left out and never stops the rest; a field that cannot be read costs
    the field. The first twenty of each file are reported with file and line, keys of records that
    belong to no field with their number. The exit code is 4 if too many are left out, or all, or if
    most articles have no body. What the fields are called is told in docs/input.md.

    What is read becomes visible step by step. A run that was interrupted goes on where it was when
    it is started again: articles that the index has as they are take little time.
    """
    if map_file is not None:
        try:
            lines = map_file.read_text("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise click.BadParameter(f"{map_file} is not UTF-8 text; save it as such.") from error
        pairs = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
        mapped = FieldNames(mapped.mapped + _field_names(pairs).mapped)
    started = perf_counter()
    summary = IndexSummary()
    report = _Report(summary)
    with ExitStack() as opened:
        paths, named = opened.enter_context(_with_input(paths))
        total = estimate_bytes(paths, follow_links=follow_links)
        progress = opened.enter_context(show_progress(total))
        articles = read_in_worker(
            paths,
            on_bad=lambda bad: report.bad(replace(bad, path=named(bad.path))),
            on_notice=lambda notice: report.notice(replace(notice, path=named(notice.path))),
            on_bytes=progress.read,
            names=mapped,
            record_seconds=record_seconds,
            follow_links=follow_links,
        )
        articles = map(partial(_named, named), articles)
        if dry_run:
            for article in report.shown(articles):
                _show(article, err=as_json)
        else:
            for _ in _indexed(open_engine(index_address), articles, report, wait):
                progress.done()
        report.end()
    summary.seconds = perf_counter() - started
    if as_json:
        print_json(summary_document(summary))
    else:
        click.echo(summary_text(summary, dry_run=dry_run))
    hollow = not without_body and 2 * summary.without_body > summary.read
    if hollow:
        click.echo(hollow_text(summary), err=True)
    if not summary.read or summary.bad > max_bad * (summary.read + summary.bad) or hollow:
        raise click.exceptions.Exit(_TOO_MANY_BAD)


@contextmanager
def _with_input(
    paths: tuple[Path, ...],
) -> Iterator[tuple[tuple[Path, ...], Callable[[str], str]]]:
    """The paths, standard input as a file, and what reports and articles call that: "-"."""
    if _INPUT not in paths:
        yield paths, str
        return
    with TemporaryDirectory(prefix="timbao-input-") as folder:
        kept = Path(folder) / "input.jsonl"
        with kept.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        read = tuple(kept if path == _INPUT else path for path in paths)

        def named(path: str) -> str:
            return "-" if path == str(kept) else path

        yield read, named


def _named(named: Callable[[str], str], article: Article) -> Article:
    origin = article.provenance
    if origin is None or (path := named(origin.path)) == origin.path:
        return article
    return replace(article, provenance=replace(origin, path=path))


def _field_names(pairs: Iterable[str]) -> FieldNames:
    """The names in texts "FIELD=KEY"; raises BadParameter."""
    mapped = []
    for pair in pairs:
        name, found, key = map(str.strip, pair.partition("="))
        if not (name and found and key):
            raise click.BadParameter(f"{pair!r} is not written as FIELD=KEY.")
        mapped.append((_OTHER_NAMES.get(name, name), key))
    try:
        return FieldNames(tuple(mapped))
    except UnknownFieldError as error:
        raise click.BadParameter(f"{error}.") from error


#: As records and the API call them.
_OTHER_NAMES: Final = {"title": "headline", "author": "authors", "category": "section"}


def _show(article: Article, *, err: bool) -> None:
    """Print an article field by field, beside the output where that is JSON."""
    texts = {
        "headline": article.headline,
        "lead": article.lead,
        "body": " ¶ ".join(article.body),
        "authors": ", ".join(article.authors),
        "section": article.section,
        "tags": ", ".join(article.tags),
        "source": article.source,
        "published": "" if article.published is None else _time(article),
        "url": article.url,
        "related": " ¶ ".join(item.headline for item in article.related),
    }
    click.echo(terminal_text(f"{article.id}"), err=err)
    for name, text in texts.items():
        shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
        click.echo(terminal_text(f"  {name:<10}{shown or '–'}"), err=err)


def _time(article: Article) -> str:
    time = article.published
    return "" if time is None else time_text(time, article.published_precision)


def _indexed(
    engine: SearchEngine, articles: Iterable[Article], report: "_Report", wait: float
) -> Iterator[None]:
    """Write the articles; yields after each."""
    written = 0
    # The writer may read ahead.
    under_way: deque[Article] = deque()

    def noted() -> Iterator[Article]:
        for article in articles:
            under_way.append(article)
            yield article

    with waiting_writer(engine, wait) as writer:
        for changed in writer.put_all(noted()):
            report.written(under_way.popleft(), changed)
            written += changed
            if changed and written % _ARTICLES_A_COMMIT == 0:
                writer.checkpoint()
            writer.give_way()
            yield


class _Report:
    """Counts, and prints what went wrong, the first of each file."""

    def __init__(self, summary: IndexSummary) -> None:
        self._summary = summary
        self._paths: list[str] = []
        self._places: dict[int, tuple[int, int]] = {}
        """Hash of an id → where its article was read: the number of the path, the line."""
        self._file = ""
        self._messages = 0

    def bad(self, record: BadRecord) -> None:
        """A record is left out."""
        self._summary.bad += 1
        if len(self._summary.bad_records) < _KEPT:
            self._summary.bad_records.append(record)
        self._print(record.path, f"left out: {record}")

    def notice(self, notice: Notice) -> None:
        """Something of a file, or of an article that is taken in, is not as it should be."""
        if isinstance(notice, IgnoredKeys):
            self._summary.ignored.update(dict(notice.counts))
        elif isinstance(notice, OtherFiles):
            self._summary.other_files.update(dict(notice.counts))
        else:
            self._summary.notices += 1
            self._print(notice.path, f"note: {notice}")

    def shown(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The first articles, when all have been counted as they would be in a run."""
        first: list[Article] = []
        for article in articles:
            self._count(article)
            self._summary.indexed += 1
            if len(first) < _SHOWN_ARTICLES:
                first.append(article)
        return iter(first)

    def _count(self, article: Article) -> None:
        self._summary.without_body += not article.body
        if article.provenance is not None and article.provenance.encoding is not None:
            self._summary.encodings[article.provenance.encoding] += 1

    def written(self, article: Article, changed: bool) -> None:
        """An article is indexed, or was there unchanged."""
        self._count(article)
        origin = article.provenance
        if origin is None:
            raise ValueError("every reader says where an article is from")
        if not self._paths or self._paths[-1] != origin.path:
            self._paths.append(origin.path)
        key = hash(article.id)
        before = self._places.get(key)
        self._places[key] = len(self._paths) - 1, origin.line or 0
        if not changed:
            self._summary.unchanged += 1
        elif before is None:
            self._summary.indexed += 1
        else:
            self._summary.replaced += 1
            here = _place(origin.path, origin.line or 0)
            there = _place(self._paths[before[0]], before[1])
            self._print(origin.path, f"replaced in this run: {article.id} of {there} by {here}")

    def end(self) -> None:
        """Nothing more comes of this file."""
        more = self._messages - _SHOWN_A_FILE
        if more > 0:
            click.echo(f"{terminal_text(self._file)}: and {more:,} more", err=True)
        self._messages = 0

    def _print(self, path: str, message: str) -> None:
        if path != self._file:
            self.end()
            self._file = path
        self._messages += 1
        if self._messages <= _SHOWN_A_FILE:
            click.echo(terminal_text(message), err=True)


def _place(path: str, line: int) -> str:
    return f"{path}:{line}" if line else path
