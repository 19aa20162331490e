"""`timbao pull`: new articles of one's own site, from its feeds and sitemaps."""

import io
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final
from urllib.parse import urljoin, urlsplit

import click
import msgspec
from lxml import etree
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from index import Article, BadRecord, SearchEngine, SearchError, open_engine, read_in_worker

from ..text.formatting import terminal_text
from .command_options import index_option, json_option, print_json, waiting_writer
from .site_fetching import (
    Answer,
    FetchError,
    Seen,
    fetch,
    is_same_site,
    local_name,
    places_in,
    unpacked_xml,
    xml_tree,
)

__all__ = ["pull_command"]

_SITEMAP_DEPTH: Final = 3
_FAILED: Final = 4


@dataclass(slots=True)
class _Summary:
    """What a round has done."""

    indexed: int = 0
    unchanged: int = 0
    pages: int = 0
    """Pages that were fetched."""
    failed: int = 0
    """Addresses that could not be fetched."""
    bad: list[BadRecord] = field(default_factory=list)


@click.command("pull", short_help="Take in new articles of one's own site.")
@click.argument("addresses", metavar="ADDRESS...", nargs=-1, required=True)
@click.option(
    "--every",
    type=click.FloatRange(0, min_open=True),
    metavar="MINUTES",
    help="Go on until interrupted, and ask again so many minutes after each round.",
)
@click.option(
    "--pause",
    type=click.FloatRange(0),
    default=0.5,
    show_default=True,
    metavar="SECONDS",
    help="Wait so long between two pages.",
)
@click.option(
    "--most",
    type=click.IntRange(1),
    default=1_000,
    show_default=True,
    metavar="PAGES",
    help="Fetch no more pages in a round; the next one goes on.",
)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to remember what is taken in; by default beside the folder of the index.",
)
@json_option
@index_option
def pull_command(
    addresses: tuple[str, ...],
    every: float | None,
    pause: float,
    most: int,
    state: Path | None,
    as_json: bool,
    index_address: str,
) -> None:
    """Take in what is new in the feeds (RSS, Atom) and sitemaps at the ADDRESSes.

    It is made for one's own site: pages are fetched from the host of the ADDRESS only, one after
    the other. An article that a feed holds whole is taken from it; of others, and of those in a
    sitemap, the page is fetched, once, and again when the sitemap says that it has changed. Feeds
    and sitemaps are sent only if they have changed, where the server can tell (ETag,
    Last-Modified). The exit code is 4 if an ADDRESS cannot be read.
    """
    for address in addresses:
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
            raise click.BadParameter(f"{address!r} is no http or https address.")
    path = state or _beside(index_address)
    while True:
        try:
            summary = _round(addresses, open_engine(index_address), path, pause, most)
        except SearchError as error:
            if every is None:
                raise
            # Such as another writer: the next round finds all of it.
            click.echo(terminal_text(str(error)), err=True)
        else:
            if as_json:
                print_json(_document(summary))
            else:
                click.echo(_text(summary))
            if every is None:
                raise click.exceptions.Exit(_FAILED if summary.failed else 0)
        time.sleep(60 * every)


def _beside(index_address: str) -> Path:
    scheme, _, folder = index_address.partition(":")
    if scheme != "whoosh":
        raise click.UsageError("This index has no folder: name a file with --state.")
    path = Path(folder)
    return path.with_name(f"{path.name}.pull.json")


def _round(
    addresses: Iterable[str], engine: SearchEngine, path: Path, pause: float, most: int
) -> _Summary:
    with TemporaryDirectory(prefix="timbao-pull-") as folder:
        taken = _Round(Path(folder), _read_state(path), pause, most)
        for address in addresses:
            taken.source(address)
        articles = taken.articles()
        if (first := next(articles, None)) is not None:
            with waiting_writer(engine, inf) as writer:
                for changed in writer.put_all(chain([first], articles)):
                    writer.give_way()
                    taken.summary.indexed += changed
                    taken.summary.unchanged += not changed
        # Only now: what was not committed is fetched once more.
        _write_state(path, taken.state)
        return taken.summary


def _read_state(path: Path) -> dict[str, Seen]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Seen])
    except FileNotFoundError:
        return {}
    except msgspec.DecodeError as error:
        raise click.ClickException(
            f"{path} cannot be read ({error}): remove it, and everything is fetched once more."
        ) from error


def _write_state(path: Path, state: dict[str, Seen]) -> None:
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    new.write_bytes(msgspec.json.encode(state))
    new.replace(path)


class _Round:
    """One round: feeds and pages are kept in a folder, from which they are read like files."""

    def __init__(self, folder: Path, state: dict[str, Seen], pause: float, most: int) -> None:
        self.state = dict(state)
        self.summary = _Summary()
        self._folder = folder
        self._pause = pause
        self._most = most
        self._feeds: dict[str, str] = {}
        """File of a feed → its address."""
        self._sources: list[str] = []
        """Feeds and sitemaps that have changed."""
        self._wanted: dict[str, str] = {}
        """Address of a page → when it changed, as a sitemap says."""
        self._is_complete = True
        self._later: dict[str, Article] = {}
        """Address of a page → what the feed says of it."""

    def source(self, address: str, home: str = "", lastmod: str = "", depth: int = 0) -> None:
        """Fetch a feed, a sitemap or an index of sitemaps, and note what is new in it."""
        home = home or address
        try:
            answer = fetch(address, home, self.state.get(address, Seen()))
            if answer is None:
                return
            tree = xml_tree(answer.data)
            if local_name(tree) in ("rss", "feed", "RDF"):
                file = self._folder / f"feed-{len(self._feeds)}.xml"
                file.write_bytes(unpacked_xml(answer.data))
                self._feeds[str(file)] = address
            elif local_name(tree) in ("urlset", "sitemapindex"):
                self._sitemap(tree, answer.address, home, depth)
            else:
                raise FetchError("neither a feed nor a sitemap")
            self._sources.append(address)
            self.state[address] = Seen(answer.seen.etag, answer.seen.modified, lastmod)
        except FetchError as error:
            self._is_complete = False
            self.summary.failed += 1
            click.echo(terminal_text(f"not read: {address}: {error}"), err=True)

    def articles(self) -> Iterator[Article]:
        """The articles of the feeds and pages that are new."""
        places: dict[object, str] = {}
        places.update(self._feeds)
        for article in self._read([Path(file) for file in self._feeds], places):
            page = article.url
            if article.body or not page or not self._is_of_a_feed(page):
                if page:
                    self.state.setdefault(page, Seen(lastmod=self._wanted.pop(page, "")))
                yield article
            elif page not in self.state:
                self._wanted.setdefault(page, "")
                self._later[page] = article
        pages = self._fetch_pages()
        kept = [self._folder / "pages.warc"] if pages else []
        for article in self._read(kept, dict(enumerate(pages, 1))):
            if article.provenance is not None:
                self._later.pop(article.provenance.path, None)
            yield article
        # What a feed says of pages that hold no article.
        yield from self._later.values()
        if not self._is_complete:
            for address in self._sources:
                self.state.pop(address, None)

    def _is_of_a_feed(self, page: str) -> bool:
        return any(is_same_site(page, address) for address in self._feeds.values())

    def _sitemap(self, tree: etree._Element, address: str, home: str, depth: int) -> None:
        for place, lastmod in places_in(tree):
            found = urljoin(address, place)
            if not is_same_site(found, home):
                continue
            seen = self.state.get(found)
            if local_name(tree) == "urlset":
                if seen is None or seen.lastmod != lastmod:
                    self._wanted[found] = lastmod
            elif depth < _SITEMAP_DEPTH and (not lastmod or not seen or seen.lastmod != lastmod):
                self.source(found, home, lastmod, depth + 1)

    def _fetch_pages(self) -> list[str]:
        """Keep the pages that are wanted in a WARC file; the addresses of its records in order."""
        pages = []
        with (self._folder / "pages.warc").open("wb") as file:
            for address, lastmod in self._wanted.items():
                if self.summary.pages >= self._most:
                    self._is_complete = False
                    self._later.pop(address, None)
                    continue
                if self.summary.pages:
                    time.sleep(self._pause)
                self.summary.pages += 1
                seen = self.state.get(address, Seen())
                try:
                    answer = fetch(address, address, seen)
                except FetchError as error:
                    click.echo(terminal_text(f"not fetched: {address}: {error}"), err=True)
                    self._is_complete = False
                    self._later.pop(address, None)
                    continue
                if answer is not None:
                    _keep(file, answer)
                    pages.append(address)
                    seen = answer.seen
                self.state[address] = Seen(seen.etag, seen.modified, lastmod)
        return pages

    def _read(self, files: list[Path], places: dict[object, str]) -> Iterator[Article]:
        """The articles of files of this round, as if they had been read at their addresses.

        `places` are those by path or, of pages, by number.
        """

        def bad(record: BadRecord) -> None:
            place = places.get(record.path) or places.get(record.line) or record.path
            found = BadRecord(place, None, record.reason.removeprefix(f"{place}: "))
            self.summary.bad.append(found)
            click.echo(terminal_text(f"left out: {found}"), err=True)

        for article in read_in_worker(files, on_bad=bad):
            origin = article.provenance
            if origin is None:
                raise ValueError("every reader says where an article is from")
            place = places.get(origin.path) or places[origin.line]
            yield replace(article, provenance=replace(origin, path=place, line=None))


def _keep(file: IO[bytes], answer: Answer) -> None:
    headers = StatusAndHeaders("200 OK", [("Content-Type", answer.content_type)], "HTTP/1.1")
    writer = WARCWriter(file, gzip=False)
    record = writer.create_warc_record(
        answer.address,
        "response",
        payload=io.BytesIO(answer.data),
        length=len(answer.data),
        http_headers=headers,
    )
    writer.write_record(record)


def _document(summary: _Summary) -> dict[str, object]:
    return {
        "indexed": summary.indexed,
        "unchanged": summary.unchanged,
        "pages": summary.pages,
        "failed": summary.failed,
        "bad_records": summary.bad,
    }


def _text(summary: _Summary) -> str:
    parts = [f"{summary.indexed:,} articles indexed", f"{summary.pages:,} pages fetched"]
    if summary.unchanged:
        parts.insert(1, f"{summary.unchanged:,} unchanged")
    if summary.bad:
        parts.append(f"{len(summary.bad):,} left out")
    if summary.failed:
        parts.append(f"{summary.failed:,} addresses not read")
    return ", ".join(parts)
