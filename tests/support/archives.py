"""An engine and the oracle with the same articles, for tests that compare them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from generated_news import Change, numbered_article, random_articles
from oracle import Oracle

from analyzers import ANALYSIS_VERSION
from index import Article, SearchRequest
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.segment_writer import NewsWriter
from index.engines.embedded.store import NewsIndex

#: A file system in memory: forcing thousands of small commits to a disk takes minutes.
_MEMORY = Path("/dev/shm")  # noqa: S108 -- a fresh folder is made in it
#: Finds every numbered article.
EVERYTHING = SearchRequest(query="bản tin", limit=10_000)
FORK = get_context("fork")


@dataclass(frozen=True, slots=True)
class Archive:
    """The same articles in an engine and in the oracle."""

    folder: Path
    engine: WhooshEngine
    oracle: Oracle

    def apply(self, change: Change) -> None:
        """Write and delete in one batch."""
        with self.engine.writer() as writer:
            articles = iter(change.articles)
            for article, changed in zip(articles, writer.put_all(change.articles), strict=True):
                before = self.oracle.documents.get(article.id)
                assert changed or (before is not None and before.article == article)
                self.oracle.put(article)
            for doc_id in change.deleted:
                assert writer.delete(doc_id) == (doc_id in self.oracle.documents)
                self.oracle.delete(doc_id)
        if change.merge:
            merge_all(self.folder)


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder for a while, in memory where the system has such a place."""
    with TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        yield Path(name)


@contextmanager
def archive(history: Iterable[Change] = ()) -> Iterator[Archive]:
    """An archive in a folder of its own, with these changes applied one after the other."""
    with in_memory() as folder:
        NewsIndex.create(folder, ANALYSIS_VERSION)
        made = Archive(folder, WhooshEngine(folder), Oracle())
        for change in history:
            made.apply(change)
        yield made
        made.engine.close()


@contextmanager
def archive_of(*batches: Iterable[Article]) -> Iterator[Archive]:
    """An archive with each batch of articles in a segment of its own."""
    changes = [Change(tuple(batch), deleted=(), merge=False) for batch in batches]
    with archive(changes) as made:
        yield made


@contextmanager
def large_archive() -> Iterator[Archive]:
    """Posting lists that are stored in other ways than short ones, in segments of several sizes."""
    written = random_articles(480)
    changes = [
        Change(tuple(written[first:last]), tuple(f"a{n}" for n in range(first, last, 19)), False)
        for first, last in ((0, 380), (380, 450), (450, 480))
    ]
    with archive(changes) as made:
        snapshot = made.engine._current().snapshot
        assert len(snapshot.parts) == 3
        assert not snapshot.live.all()
        segment = snapshot.parts[0].segment
        assert max(len(segment.term_list(n)) for n in range(len(segment.terms.text))) > 255
        yield made


def merge_all(folder: Path) -> None:
    """Merge everything into as few segments as can be."""
    NewsWriter.open(NewsIndex(folder, ANALYSIS_VERSION)).commit_generation(merge_all=True)


def end_epoch(folder: Path) -> None:
    """Publish the same generation without an epoch: its averages are those of its articles."""
    index = NewsIndex(folder, ANALYSIS_VERSION)
    contents = index.contents()
    index.publish(replace(contents.commit, average_lengths=None), contents.previous)


def small_index(folder: Path) -> Path:
    """An index of two segments with the articles 1 to 7; article 0 is deleted in the first one."""
    engine = WhooshEngine(folder)
    with engine.writer() as writer:
        for number in range(7):
            writer.put(numbered_article(number))
    with engine.writer() as writer:
        writer.put(numbered_article(7))
        writer.delete("n0")
    return folder


def total(folder: Path) -> int:
    """How many articles a newly opened engine finds."""
    return WhooshEngine(folder).search(EVERYTHING).total


def exit_code(target: Callable[..., None], *args: object) -> int | None:
    """Run a function in a process of its own; how that process ended."""
    process = FORK.Process(target=target, args=args)
    process.start()
    process.join()
    return process.exitcode
