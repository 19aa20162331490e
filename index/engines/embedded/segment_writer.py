"""The one writer: segments, merging, generations."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from whoosh.writing import SegmentWriter

from ...errors import RollbackUnavailable
from ...segments.analyzed import AnalyzedDocument, BatchVocabulary
from ...segments.merge import LiveSegment, merge_arrays
from ...segments.segment import Segment
from .codec import ARTICLE_FIELD, ArrayCodec, ArraySegment, DocumentPool, write_segment
from .disk import missing_file, storage_errors
from .manifest import Commit, kept_segments
from .merge_policy import merge_groups
from .verify_segments import verify_segment

if TYPE_CHECKING:
    from .store import NewsIndex


class NewsWriter(SegmentWriter):
    """Whoosh's segment writer with our pool, table of contents and merging."""

    segments: list[ArraySegment]

    def __init__(self, ix: "NewsIndex") -> None:
        super().__init__(ix, codec=ArrayCodec())
        self.pool = DocumentPool()
        self._index = ix
        self._opened: dict[str, Segment] = {}
        self._pending: dict[str, tuple[int, int]] = {}
        self._committed = ix.any_manifest()
        self._previous: Commit | None = None
        self._changed = False
        self.withdrawn = dict(self._committed.commit.withdrawn)

    def put(self, vocabulary: BatchVocabulary, document: AnalyzedDocument) -> None:
        """Insert or replace one analysed article by its id."""
        self.remove(document.doc_id)
        self._changed = True
        self._pending[document.doc_id] = self.docnum, document.digest
        self.add_document(**{ARTICLE_FIELD: (vocabulary, document)})

    def remove(self, doc_id: str) -> bool:
        """Delete an article by its id; False where there is none."""
        pending = self._pending.pop(doc_id, None)
        if pending is not None:
            self.newsegment.delete_document(pending[0])
        places = list(self._live_places(doc_id))
        for info, doc in places:
            info.delete_document(doc)
            self._changed = True
        return pending is not None or bool(places)

    def withdraw(self, doc_id: str, on: date) -> bool:
        """Delete an article and remember its id; False where there is no such article."""
        found = self.remove(doc_id)
        if found:
            self.withdrawn[doc_id] = on
        return found

    def digest(self, doc_id: str) -> int | None:
        """The digest of the newest article with this id."""
        pending = self._pending.get(doc_id)
        if pending is not None:
            return pending[1]
        for info, doc in self._live_places(doc_id):
            return int(self._segment(info).digests[doc])
        return None

    def flush(self) -> None:
        """Write the documents added so far as a segment of the pending generation."""
        if self._added:
            with storage_errors(self._index.folder):
                self.segments.append(self._finalize_segment())
            self._start_segment()

    def drop_committed(self) -> Commit:
        """Leave everything committed out of the pending generation, which can be rolled back.

        Returns:
            What is left out.
        """
        self._previous = self._committed.commit
        self._changed = True
        self.segments.clear()
        return self._previous

    def commit_generation(self, *, merge_all: bool = False) -> None:
        """Make everything written so far the newest generation and release the lock."""
        self.checkpoint(merge_all=merge_all)
        self._close_segment()
        self._finish()

    def checkpoint(self, *, merge_all: bool = False) -> None:
        """Make everything written so far the newest generation, and keep the lock.

        Without a change the generation before stays, and what it keeps for a rollback. An error
        leaves the generation before as it was, and releases the lock.
        """
        if not self._changed and not merge_all:
            self._clean_leftovers()
            return
        try:
            self.flush()
            with storage_errors(self._index.folder):
                for group in merge_groups(self.segments, everything=merge_all):
                    self._merge(group)
                self.segments = [info for info in self.segments if info.doc_count()]
                self._publish()
        except BaseException:
            self.abandon()
            raise

    def roll_back(self) -> None:
        """Make the previous commit the newest generation, and release the lock.

        The commit that it takes the place of becomes the previous one.

        Raises:
            RollbackUnavailable: there is none, or another analysis wrote it.
        """
        previous = self._committed.previous
        folder = self._index.folder
        try:
            if previous is None:
                raise RollbackUnavailable(folder, "no edition before a reindex is kept")
            if previous.fingerprint != self._index.fingerprint:
                reason = f"{previous.fingerprint} wrote the earlier edition"
                raise RollbackUnavailable(folder, f"{reason}, this is {self._index.fingerprint}")
            self.segments = previous.segments
            self.withdrawn = previous.withdrawn
            self._previous = self._committed.commit
            with storage_errors(folder):
                self._publish()
        except BaseException:
            self.abandon()
            raise
        self._close_segment()
        self._finish()

    def abandon(self) -> None:
        """Forget everything since the last commit and release the lock."""
        if self.is_closed:
            return
        try:
            self._clean_leftovers()
        finally:
            self.cancel()

    def _clean_leftovers(self) -> None:
        """Remove files of writers that were killed, and this one's that are not committed."""
        contents = self._index.any_manifest()
        kept = kept_segments(contents.commit, contents.previous)
        # Under the lock: another writer's new files are not to be cleaned away.
        self._index.clean(contents.generation, kept)

    def _start_segment(self) -> None:
        self.newsegment = self.codec.new_segment(self.storage, self.indexname)
        self.perdocwriter = self.codec.per_document_writer(self.storage, self.newsegment)
        self.fieldwriter = self.codec.field_writer(self.storage, self.newsegment)
        self.docnum = 0
        self._added = False
        self._pending = {}

    def _publish(self) -> None:
        """Make the segments the newest generation; all are verified where they replace others."""
        commit = Commit(
            fingerprint=self._index.fingerprint, segments=self.segments, withdrawn=self.withdrawn
        )
        if self._previous is not None:
            for info in self.segments:
                verify_segment(self._index.folder, info)
        self._index.write_manifest(self.generation, commit, self._previous)
        self._index.clean(self.generation, kept_segments(commit, self._previous))
        self._previous = None
        self._changed = False
        self.generation += 1
        kept = {info.segid for info in self.segments}
        self._opened = {name: opened for name, opened in self._opened.items() if name in kept}

    def _merge(self, group: Sequence[ArraySegment]) -> None:
        parts = [LiveSegment(self._segment(info), info.live()) for info in group]
        merged = self.codec.new_segment(self.storage, self.indexname)
        merged.set_doc_count(sum(info.doc_count() for info in group))
        if merged.documents:
            write_segment(self._index.folder, merged, merge_arrays(parts))
        place = self.segments.index(group[0])
        self.segments = [info for info in self.segments if info not in group]
        self.segments.insert(place, merged)

    def _segment(self, info: ArraySegment) -> Segment:
        segment = self._opened.get(info.segid)
        if segment is None:
            try:
                segment = self._opened[info.segid] = self._index.segment(info)
            except FileNotFoundError as error:
                raise missing_file(error) from error
        return segment

    def _live_places(self, doc_id: str) -> Iterator[tuple[ArraySegment, int]]:
        for info in self.segments:
            for doc in self._segment(info).find_docs(doc_id):
                if not info.is_deleted(doc):
                    yield info, doc
