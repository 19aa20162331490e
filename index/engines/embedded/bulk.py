"""Writing many articles: analysis in worker processes, one writer, bounded memory."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Thread
from time import monotonic
from typing import Protocol

from ...article import LARGEST_RECORD, Article, with_times, without_times
from ...errors import DocumentError, WorkerLost
from ...processes import end_with_parent, signals_wait, worker_context
from ...segments.analyzed import AnalyzedBatch, AnalyzedDocument, BatchVocabulary
from ...segments.inversion import Inverter, content_digest


class PendingDigests:
    """The digests of articles on their way to the writer: the newest of each id."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[int, int]] = {}

    def digest(self, doc_id: str) -> int | None:
        """The digest of the newest one under this id."""
        newest = self._newest.get(doc_id)
        return None if newest is None else newest[0]

    def sent(self, doc_id: str, digest: int) -> None:
        """One more is on its way."""
        _, under_way = self._newest.get(doc_id, (0, 0))
        self._newest[doc_id] = digest, under_way + 1

    def arrived(self, doc_id: str) -> None:
        """The oldest one under this id has reached the writer."""
        digest, under_way = self._newest.pop(doc_id)
        if under_way > 1:
            self._newest[doc_id] = digest, under_way - 1


#: Articles that travel to a worker together.
BATCH_ARTICLES = 128
#: Bytes of articles that travel together; one that is larger travels alone.
_BATCH_BYTES = 8_000_000
#: Articles in memory before they become a segment.
SEGMENT_ARTICLES = 16_384
#: From so many batches on, starting processes is worth it.
_PARALLEL_FROM = 4
#: Batches under way for each process: they have enough to do while the writer makes a segment.
_BATCHES_AHEAD = 16

_LEAST_APART = timedelta(seconds=1)
#: How often a long run looks whether others wait.
_LOOK_SECONDS = 0.3

_inverter: Inverter | None = None


class DocumentWriter(Protocol):
    """The writer of an engine, which takes analysed documents."""

    def refuses(self, article: Article) -> bool:
        """Whether an article is withdrawn, by its id or its address."""

    def put(self, vocabulary: BatchVocabulary, document: AnalyzedDocument) -> None:
        """Insert or replace one document."""

    def remove(self, doc_id: str) -> bool:
        """Delete an article; False where there is none."""

    def digest(self, doc_id: str) -> int | None:
        """The digest of the newest article with this id."""

    def article(self, doc_id: str) -> Article | None:
        """The newest article with this id."""

    def flush(self) -> None:
        """Let go of the documents in memory."""

    def checkpoint(self) -> None:
        """Make everything so far visible."""

    def give_way(self) -> None:
        """Where others wait, let them write before this one goes on."""

    def commit_generation(self) -> None:
        """Make everything visible and end."""

    def abandon(self) -> None:
        """Forget everything since the last generation and end."""


def _shared_inverter() -> Inverter:
    global _inverter
    if _inverter is None:
        _inverter = Inverter()
    return _inverter


def _invert(records: list[bytes]) -> AnalyzedBatch:
    return _shared_inverter().invert(records)


def _record(article: Article) -> bytes:
    """The JSON of an article; raises DocumentError where it could not be read again."""
    record = article.to_json()
    if len(record) > LARGEST_RECORD:
        raise DocumentError(article.id, None, f"it is above {LARGEST_RECORD >> 20} MiB")
    return record


class BulkWriter:
    """The writer that the engine hands out.

    Articles are gathered in batches, which worker processes analyse; everything else that is asked
    waits until they have reached the writer.
    """

    def __init__(
        self, open_writer: Callable[[], DocumentWriter], workers: int | None = None
    ) -> None:
        self._writer = open_writer()
        self._workers = (os.cpu_count() or 1) if workers is None else workers
        self._pool: ProcessPoolExecutor | None = None
        self._batch: list[bytes] = []
        self._batch_bytes = 0
        self._held: list[list[bytes]] = []
        """The first batches, until there are enough to start processes for."""
        self._waiting: deque[Future[AnalyzedBatch]] = deque()
        self._received = False
        """Whether a worker has finished a batch."""
        self._coming = PendingDigests()
        self._since_flush = 0
        self._look_at = monotonic() + _LOOK_SECONDS

    def put(self, article: Article) -> None:
        """Insert or replace one article; a withdrawn one stays withdrawn."""
        self._settle()
        if not self._writer.refuses(article):
            record = _record(article)
            digest = content_digest(record)
            is_new = self._digest(article.id) is None
            record = self._dated(article, record, digest, is_new=is_new)
            self._coming.sent(article.id, digest)
            self._add(_invert([record]))

    def put_all(self, articles: Iterable[Article]) -> Iterator[bool]:
        """Insert or replace many; False for one that was there unchanged."""
        for article in articles:
            changed = False
            if not self._writer.refuses(article):
                record = _record(article)
                digest = content_digest(record)
                before = self._digest(article.id)
                changed = before != digest
                if changed:
                    record = self._dated(article, record, digest, is_new=before is None)
                    self._gather(article.id, record, digest)
            yield changed
        self._settle()

    def rewrite(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Insert or replace many, whether they have changed or not; each one as it is taken."""
        for article in articles:
            record = _record(article)
            self._gather(article.id, record, content_digest(record))
            yield article
        self._settle()

    def delete(self, doc_id: str) -> bool:
        """Remove an article."""
        self._settle()
        return self._writer.remove(doc_id)

    def checkpoint(self) -> None:
        """Make everything so far visible, and go on."""
        self._settle()
        self._writer.checkpoint()
        self._since_flush = 0

    def give_way(self) -> None:
        """Let others write who wait, before whom all that has reached the writer becomes visible.

        They are looked for a few times a second; what worker processes are at goes on meanwhile.
        """
        if monotonic() >= self._look_at:
            self._writer.give_way()
            self._look_at = monotonic() + _LOOK_SECONDS

    def commit(self) -> None:
        """Make everything visible; an error leaves the last generation as it was."""
        try:
            self._settle()
            with self._stopping_pool():
                self._writer.commit_generation()
        except BaseException:
            self._stop_pool()
            self._writer.abandon()
            raise

    def abandon(self) -> None:
        """Forget everything since the last generation."""
        self._stop_pool()
        self._writer.abandon()

    def _digest(self, doc_id: str) -> int | None:
        pending = self._coming.digest(doc_id)
        return self._writer.digest(doc_id) if pending is None else pending

    def _dated(self, article: Article, record: bytes, digest: int, *, is_new: bool) -> bytes:
        """The record with the times at which it was taken in and changed.

        Those that an article brings from an index stay, unless it was altered on the way. The time
        of a change is a second later than that of the one before, at least: in whole seconds, as
        HTTP has them, the two must differ.
        """
        known = None if is_new else self._writer.article(article.id)
        is_copy = article.changed is not None or article.taken is not None
        if is_copy and (known is None or known.changed != article.changed):
            return record
        now = datetime.now(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        if known is None:
            return with_times(without_times(record), now, now)
        # Not the digest that is kept: the first versions' is of more than the content.
        if content_digest(known.to_json()) == digest:
            return with_times(without_times(record), known.taken, known.changed)
        changed = now
        if known.changed is not None:
            changed = max(now, known.changed.replace(microsecond=0) + _LEAST_APART)
        return with_times(without_times(record), known.taken, changed)

    def _gather(self, doc_id: str, record: bytes, digest: int) -> None:
        self._coming.sent(doc_id, digest)
        self._batch.append(record)
        self._batch_bytes += len(record)
        if len(self._batch) == BATCH_ARTICLES or self._batch_bytes >= _BATCH_BYTES:
            self._schedule()

    def _schedule(self) -> None:
        self._held.append(self._batch)
        self._batch = []
        self._batch_bytes = 0
        if self._workers < 2:
            self._invert_held()
            return
        if self._pool is None:
            if len(self._held) < _PARALLEL_FROM:
                return
            self._pool = ProcessPoolExecutor(
                self._workers, mp_context=worker_context(__name__), initializer=end_with_parent
            )
        try:
            with signals_wait():
                self._waiting += [self._pool.submit(_invert, batch) for batch in self._held]
        except BrokenProcessPool as error:
            raise WorkerLost(at_start=not self._received) from error
        self._held.clear()
        self._drain(_BATCHES_AHEAD * self._workers)

    def _invert_held(self) -> None:
        for batch in self._held:
            self._add(_invert(batch))
        self._held.clear()

    def _settle(self) -> None:
        """Take everything that is under way into the writer."""
        if self._batch:
            self._schedule()
        self._invert_held()
        self._drain(0)

    def _drain(self, keep: int) -> None:
        """Take batches, in order: all that are finished, and until at most `keep` are under way."""
        while self._waiting and (len(self._waiting) > keep or self._waiting[0].done()):
            try:
                batch = self._waiting.popleft().result()
                self._received = True
            except BrokenProcessPool as error:
                raise WorkerLost(at_start=not self._received) from error
            self._add(batch)

    def _add(self, batch: AnalyzedBatch) -> None:
        for document in batch.documents:
            self._writer.put(batch.vocabulary, document)
            self._coming.arrived(document.doc_id)
        self._since_flush += len(batch.documents)
        if self._since_flush >= SEGMENT_ARTICLES:
            self._writer.flush()
            self._since_flush = 0

    @contextmanager
    def _stopping_pool(self) -> Iterator[None]:
        """The processes end beside what is done inside."""
        stopping = Thread(target=self._stop_pool)
        stopping.start()
        try:
            yield
        finally:
            stopping.join()

    def _stop_pool(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        self._waiting.clear()


@contextmanager
def committing(writer: BulkWriter) -> Iterator[BulkWriter]:
    """The writer, committed on a clean exit and abandoned after an error."""
    try:
        yield writer
    except BaseException:
        writer.abandon()
        raise
    writer.commit()
