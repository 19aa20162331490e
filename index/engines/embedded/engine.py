"""The embedded engine: our segments and plans on Whoosh's storage."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import numpy as np

from analyzers import ANALYSIS_VERSION

from ...article import Article
from ...errors import DocumentError, IndexMismatch
from ...model import (
    ArticleMarks,
    EngineStats,
    Explanation,
    Hit,
    IndexWriter,
    SearchPage,
    SearchRequest,
    VerifyReport,
)
from ...query_model import QueryAnalysis
from ...ranking import DEFAULT_RANKING, RankingConstants
from ...results.explain import explain_document
from ...results.related import related_hits
from ...retrieval.snapshot import Snapshot
from ...segments.segment import Segment
from ...segments.soundness import damage_as_corrupt
from ...suggest_model import Suggestions, SuggestRequest
from ...withdrawals import Withdrawal, Withdrawals
from .disk import missing_as_corrupt
from .manifest import Commit, kept_segments
from .segment_file import live_articles, verify_segment
from .snapshot_searcher import SnapshotSearcher
from .store import NewestFile, NewsIndex

#: After so many searches the mapped pages are given back: what is decoded stays in the cache.
_RELEASED_AFTER = 8


class WhooshEngine:
    """One index folder; threads may share it. Every call sees one generation."""

    def __init__(
        self,
        folder: Path,
        *,
        constants: RankingConstants = DEFAULT_RANKING,
        cache_bytes: int | None = None,
    ) -> None:
        """Nothing is read yet.

        Args:
            cache_bytes: what a generation keeps ready; None: 4,200 an article, 64 MiB to 1 GiB.
        """
        self._folder = folder
        self._index = NewsIndex(folder, ANALYSIS_VERSION)
        self._constants = constants
        self._cache_bytes = cache_bytes
        self._lock = Lock()
        self._searcher: SnapshotSearcher | None = None
        self._newest: NewestFile | None = None
        """Whose generation the searcher has, or a newer one."""

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits of the newest generation."""
        with self._reading() as searcher:
            page = searcher.search(request)
            if next(searcher.searches) % _RELEASED_AFTER == 0:
                searcher.snapshot.release()
        return page

    def total(self, request: SearchRequest) -> int:
        """Hits of the first tier, and nothing of a page."""
        with self._reading() as searcher:
            return searcher.total(request)

    def explain(self, request: SearchRequest, doc_id: str) -> Explanation:
        """How an article gets its score."""
        with self._reading() as searcher:
            doc = searcher.snapshot.find(doc_id)
            if doc is None:
                raise DocumentError(doc_id, None, "there is no such article")
            interpretation = searcher.interpret(request)
            if not interpretation.near.docs[doc]:
                raise DocumentError(doc_id, None, "it does not match this query")
            lift = searcher.lift(request, interpretation, doc)
            return explain_document(
                searcher.snapshot, interpretation.plan, doc, lift, request.recency
            )

    def analyze(self, request: SearchRequest) -> QueryAnalysis:
        """How a query is understood, step by step."""
        with self._reading() as searcher:
            return searcher.analyze(request)

    def suggest(self, request: SuggestRequest) -> Suggestions:
        """What a text that is still being typed may become."""
        with self._reading() as searcher:
            return searcher.suggest(request)

    def get(self, doc_id: str) -> Article | None:
        """The article with this id."""
        with self._reading() as searcher:
            doc = searcher.snapshot.find(doc_id)
            return None if doc is None else searcher.snapshot.article(doc)

    def highlight(self, request: SearchRequest, doc_id: str) -> ArticleMarks | None:
        """The article with everything marked that the request finds."""
        with self._reading() as searcher:
            doc = searcher.snapshot.find(doc_id)
            return None if doc is None else searcher.mark(request, searcher.snapshot.article(doc))

    def articles(self) -> Iterator[Article]:
        """Every article of one generation, segment by segment."""
        for part in self._current().snapshot.parts:
            live = np.ones(part.segment.doc_count, bool) if part.live is None else part.live
            yield from live_articles(part.segment, live)

    def withdrawals(self) -> Withdrawals:
        """What is withdrawn."""
        return self._current().snapshot.withdrawn

    def withdrawn(self, doc_id: str) -> Withdrawal | None:
        """The withdrawal of the article with this id."""
        return self._current().snapshot.withdrawn.of(doc_id)

    def withdraw(self, entries: Sequence[Withdrawal], *, wait: float = 0.0) -> None:
        """Note articles in the register: they are shown no longer, from the next call on."""
        if not self._index.register.exists():
            self._index.any_manifest()  # a wrong address is to be noticed
        self._index.register.withdraw(entries)

    def give_back(self, key: str, *, by: str = "", wait: float = 0.0) -> bool:
        """End the withdrawal of an id or an address."""
        return self._index.give_back(key, by)

    def related(self, doc_id: str, limit: int = 6) -> tuple[Hit, ...]:
        """Articles about the same subject."""
        with self._reading() as searcher:
            return related_hits(searcher.snapshot, doc_id, limit)

    def count(self) -> int:
        """Articles in the index."""
        return self._current().snapshot.document_count

    def stats(self) -> EngineStats:
        """What the index holds."""
        with self._reading() as searcher:
            return searcher.stats

    @contextmanager
    def writer(self, *, wait: float = 0.0) -> Iterator[IndexWriter]:
        """Commits on a clean exit; an error leaves the last generation as it was."""
        # Here, not above, as below: who only searches starts sooner without what writes.
        from .bulk import BulkWriter, committing
        from .segment_writer import NewsWriter

        self._index.prepare(wait)
        with committing(BulkWriter(lambda: NewsWriter.open(self._index, wait=wait))) as writer:
            yield writer

    def verify(self, *, deep: bool = False) -> VerifyReport:
        """Read everything; raises IndexCorrupt with the first file that is damaged."""
        from .deep_verify import deep_verify

        return deep_verify(self._index) if deep else verify(self._index)

    def reindex(
        self, on_progress: Callable[[int, int], None] | None = None, *, wait: float = 0.0
    ) -> int:
        """Analyse every article anew and swap the index; the number of articles."""
        return reindex(self._index, on_progress, wait)

    def rollback(self, *, wait: float = 0.0) -> None:
        """Bring back what a reindex replaced."""
        from .segment_writer import NewsWriter

        NewsWriter.open(self._index, any_analysis=True, wait=wait).roll_back()

    def close(self) -> None:
        """Let go of the segments."""
        with self._lock:
            self._searcher = None

    @contextmanager
    def _reading(self) -> Iterator[SnapshotSearcher]:
        """The searcher of the newest generation; damage that it meets is IndexCorrupt."""
        searcher = self._current()
        with damage_as_corrupt(lambda: (part.segment for part in searcher.snapshot.parts)):
            yield searcher

    def _current(self) -> SnapshotSearcher:
        """The searcher of the newest generation, none of whose files has shrunk."""
        while True:
            searcher, newest = self._searcher, self._index.newest()
            shrunk = searcher is not None and any(
                part.segment.file.has_shrunk for part in searcher.snapshot.parts
            )
            if searcher is not None and self._newest == newest and not shrunk:
                return searcher
            # While another thread opens it, and may warm it, what is open goes on.
            if searcher is None or shrunk:
                self._lock.acquire()
            elif not self._lock.acquire(blocking=False):
                return searcher
            try:
                if self._searcher is not searcher:
                    continue  # another thread has just opened it
                try:
                    # What is open stays so until then: its sound segments are not read again.
                    snapshot = self._open()
                except IndexMismatch:
                    # A newer program has reindexed: go on with what is open until the restart.
                    if searcher is None or shrunk:
                        raise
                    return searcher
                before = None if shrunk else searcher
                opened = SnapshotSearcher(snapshot, self._folder, before)
                if before is not None:
                    opened.warm(before)
                self._searcher = opened
                self._newest = newest
                return opened
            finally:
                self._lock.release()

    def _open(self) -> Snapshot:
        """Open the newest generation."""
        # The index knows segments only as long as they are in use: these are, even when a commit
        # takes the files of others away and everything is read again.
        opened: dict[str, Segment] = {}

        def snapshot() -> Snapshot:
            register = self._index.register.read()
            contents = self._index.contents()
            for info in contents.segments:
                opened[info.segid] = self._index.segment(info)
            withdrawn = self._index.mark_withdrawn(contents.commit, register)
            return Snapshot(
                contents.generation,
                [(opened[info.segid], info.live()) for info in contents.segments],
                constants=self._constants,
                cache_bytes=self._cache_bytes,
                withdrawn=withdrawn,
                average_lengths=contents.commit.average_lengths,
                before=None if self._searcher is None else self._searcher.snapshot,
            )

        return self._index.read(snapshot)


def verify(index: NewsIndex) -> VerifyReport:
    """What of an index was read and is sound; raises IndexCorrupt."""

    def read() -> VerifyReport:
        contents = index.any_manifest()
        kept = kept_segments(contents.commit, contents.previous)
        sizes = [verify_segment(index.folder, info) for info in kept]
        index.mark_withdrawn(contents.commit)
        return VerifyReport(
            segments=len(sizes), bytes=sum(sizes), articles=contents.commit.documents
        )

    return index.read(read)


def reindex(index: NewsIndex, on_progress: Callable[[int, int], None] | None, wait: float) -> int:
    """Write every live article anew as one new generation; how many there are."""
    from .bulk import BulkWriter
    from .segment_writer import NewsWriter

    news = NewsWriter.open(index, any_analysis=True, wait=wait)
    writer = BulkWriter(lambda: news)
    done = 0
    try:
        replaced = news.drop_committed()
        with missing_as_corrupt():
            index.mark_withdrawn(replaced)
        for done, _ in enumerate(writer.rewrite(_articles(index, replaced)), 1):
            if on_progress is not None:
                on_progress(done, replaced.documents)
    except BaseException:
        writer.abandon()
        raise
    writer.commit()
    return done


def _articles(index: NewsIndex, commit: Commit) -> Iterator[Article]:
    for info in commit.segments:
        with missing_as_corrupt():
            segment = index.segment(info)
        yield from live_articles(segment, info.live())
