"""Writing many articles: analysis in worker processes, one writer, bounded memory."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import TYPE_CHECKING

from ..documents import Article
from ..inversion import Inverter, article_digest
from ..segments.tokens import AnalyzedBatch

if TYPE_CHECKING:
    from .whoosh_store import NewsWriter

#: Articles that travel to a worker together.
BATCH_ARTICLES = 128
#: Articles in memory before they become a segment.
SEGMENT_ARTICLES = 16_384
#: From so many articles on, starting processes is worth it.
_PARALLEL_FROM = 4 * BATCH_ARTICLES

_inverter: Inverter | None = None


def _shared_inverter() -> Inverter:
    global _inverter
    if _inverter is None:
        _inverter = Inverter()
    return _inverter


def _invert(articles: list[Article]) -> AnalyzedBatch:
    return _shared_inverter().invert(articles)


class BulkWriter:
    """The writer that the engine hands out; opened lazily, so that reading errors cost nothing."""

    def __init__(self, open_writer: "Callable[[], NewsWriter]", workers: int | None = None) -> None:
        self._open_writer = open_writer
        self._writer = open_writer()
        self._workers = (os.cpu_count() or 1) if workers is None else workers
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[Future[AnalyzedBatch]] = deque()
        self._since_flush = 0
        self._scheduled = 0

    def put(self, article: Article) -> None:
        """Insert or replace one article; a withdrawn one stays withdrawn."""
        self._drain(0)
        if article.id not in self._writer.withdrawn:
            self._add(_invert([article]))

    def put_all(self, articles: Iterable[Article]) -> Iterator[bool]:
        """Insert or replace many; False for one that was there unchanged."""
        batch: list[Article] = []
        for article in articles:
            changed = article.id not in self._writer.withdrawn and self._writer.digest(
                article.id
            ) != article_digest(article)
            if changed:
                batch.append(article)
            if len(batch) == BATCH_ARTICLES:
                self._schedule(batch)
                batch = []
            yield changed
        if batch:
            self._schedule(batch)
        self._drain(0)

    def delete(self, doc_id: str) -> bool:
        """Remove an article."""
        self._drain(0)
        return self._writer.remove(doc_id)

    def withdraw(self, doc_id: str, on: date) -> bool:
        """Remove an article for good."""
        self._drain(0)
        return self._writer.withdraw(doc_id, on)

    def checkpoint(self) -> None:
        """Make everything so far visible, and go on."""
        self._drain(0)
        self._writer.commit_generation()
        self._writer = self._open_writer()
        self._since_flush = 0

    def commit(self) -> None:
        """Make everything visible."""
        try:
            self._drain(0)
            self._writer.commit_generation()
        finally:
            self._stop_pool()

    def abandon(self) -> None:
        """Forget everything."""
        self._stop_pool()
        self._writer.abandon()

    def _schedule(self, batch: list[Article]) -> None:
        self._scheduled += len(batch)
        if self._workers < 2 or self._scheduled < _PARALLEL_FROM:
            self._drain(0)
            self._add(_invert(batch))
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"))
        self._waiting.append(self._pool.submit(_invert, batch))
        self._drain(2 * self._workers)

    def _drain(self, keep: int) -> None:
        """Take finished batches, in order, until at most `keep` are under way."""
        while len(self._waiting) > keep:
            self._add(self._waiting.popleft().result())

    def _add(self, batch: AnalyzedBatch) -> None:
        for document in batch.documents:
            self._writer.put(batch.vocabulary, document)
        self._since_flush += len(batch.documents)
        if self._since_flush >= SEGMENT_ARTICLES:
            self._writer.flush()
            self._since_flush = 0

    def _stop_pool(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        self._waiting.clear()
