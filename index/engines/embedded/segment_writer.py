"""The one writer: segments, merging, generations."""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from math import inf

from ...article import Article, canonical_url
from ...errors import CommitNotDurable, RollbackUnavailable, SearchError
from ...retrieval.snapshot import mean_lengths
from ...segments.analyzed import AnalyzedDocument, BatchVocabulary
from ...segments.build import SegmentBuilder
from ...segments.merge import LiveSegment, merge_arrays
from ...segments.segment import Segment
from ...segments.soundness import damage_as_corrupt
from ...stored_article import load_article
from ...withdrawals import storage_errors
from .disk import is_waited_for, missing_as_corrupt, write_lock
from .manifest import Commit, Manifest
from .merge_policy import merge_groups
from .segment_file import ArraySegment, verify_segment, write_segment
from .store import NewsIndex

_log = logging.getLogger(__name__)

#: An epoch ends when an average length has moved by more than this share.
_EPOCH_SHARE = 0.01


class NewsWriter:
    """Gathers documents into segments, and makes them generations.

    It has the write lock from `open` until it ends: with a commit, a rollback, `abandon`, or an
    error of any of these.
    """

    def __init__(self, index: NewsIndex, committed: Manifest) -> None:
        """For `open`, which hands over the lock."""
        self._index = index
        self._committed = committed
        self._lock = ExitStack()
        self._ended = False
        self._segments = list(committed.segments)
        self._opened: dict[str, Segment] = {}
        self._previous: Commit | None = None
        self._changed = False
        self._withdrawn = index.withdrawals(committed.commit)
        self._addresses: dict[str, list[str]] = {}
        """Addresses of the articles that came since the last commit → their ids."""
        self._average_lengths = committed.commit.average_lengths
        self._start_segment()

    @classmethod
    def open(
        cls, index: NewsIndex, *, any_analysis: bool = False, wait: float = 0.0
    ) -> "NewsWriter":
        """The one writer of an index.

        Args:
            wait: seconds to wait for other writers, in the order in which they came.
            any_analysis: also where another analysis wrote the index, all of which must then be
                replaced.

        Raises:
            IndexLocked: another one is open.
            StorageError: the lock cannot be had.
        """
        check = index.any_manifest if any_analysis else index.contents
        # Before the lock, for a folder without an index gets no file of ours; a commit may take the
        # table of contents away meanwhile.
        index.read(check)
        with ExitStack() as lock:
            with storage_errors(index.folder):
                lock.enter_context(write_lock(index.folder, wait))
            writer = cls(index, check())  # and after it: now nobody can change it
            writer._lock = lock.pop_all()
        return writer

    def put(self, vocabulary: BatchVocabulary, document: AnalyzedDocument) -> None:
        """Insert or replace one analysed article by its id."""
        self.remove(document.doc_id)
        self._changed = True
        self._pending[document.doc_id] = len(self._builder), document.digest
        self._builder.add(vocabulary, document)

    def remove(self, doc_id: str) -> bool:
        """Delete an article by its id; False where there is none."""
        pending = self._pending.pop(doc_id, None)
        if pending is not None:
            self._new_segment.delete_document(pending[0])
        places = list(self._live_places(doc_id))
        for info, doc in places:
            info.delete_document(doc)
            self._changed = True
        return pending is not None or bool(places)

    def refuses(self, article: Article) -> bool:
        """Whether an article is withdrawn; one that is not is noted as coming."""
        if article.url:
            self._addresses.setdefault(canonical_url(article.url), []).append(article.id)
        return self._withdrawn.of(article.id, article.url) is not None

    def digest(self, doc_id: str) -> int | None:
        """The digest of the newest article with this id."""
        pending = self._pending.get(doc_id)
        if pending is not None:
            return pending[1]
        for info, doc in self._live_places(doc_id):
            return int(self._segment(info).digests[doc])
        return None

    def article(self, doc_id: str) -> Article | None:
        """The newest article with this id."""
        pending = self._pending.get(doc_id)
        if pending is not None:
            return load_article("", self._builder.stored(pending[0]))
        for info, doc in self._live_places(doc_id):
            segment = self._segment(info)
            return load_article(segment.file.path, segment.stored.raw(doc))
        return None

    def flush(self) -> None:
        """Write the documents added so far as a segment of the pending generation."""
        if len(self._builder):
            self._new_segment.documents = len(self._builder)
            with storage_errors(self._index.folder):
                write_segment(self._index.folder, self._new_segment, self._builder.arrays())
            self._segments.append(self._new_segment)
            self._start_segment()

    def drop_committed(self) -> Commit:
        """Leave everything committed out of the pending generation, which can be rolled back.

        Returns:
            What is left out.
        """
        self._previous = self._committed.commit
        self._changed = True
        self._segments.clear()
        self._average_lengths = None
        return self._previous

    def commit_generation(self, *, merge_all: bool = False) -> None:
        """Make everything written so far the newest generation and release the lock."""
        self.checkpoint(merge_all=merge_all)
        self._end()

    def checkpoint(self, *, merge_all: bool = False) -> None:
        """Make everything written so far the newest generation, and keep the lock.

        Without a change the generation before stays, and what it keeps for a rollback.

        Raises:
            StorageError: the generation before is as it was; the lock is released.
            CommitNotDurable: this generation is visible; the lock is released.
        """
        with self._ending_on_error():
            self._take_out_withdrawn()
            if not self._changed and not merge_all:
                self._clean_leftovers()
                return
            self.flush()
            with storage_errors(self._index.folder):
                for group in merge_groups(self._segments, everything=merge_all):
                    self._merge(group)
                self._segments = [info for info in self._segments if info.doc_count()]
                self._average_lengths = self._epoch()
                self._publish()

    def give_way(self) -> None:
        """Where others wait: make everything so far visible, let them write, and go on after them.

        Raises:
            IndexMismatch: one of them reindexed with another program.
        """
        folder = self._index.folder
        if self._previous is not None or not is_waited_for(folder):
            return  # what a reindex writes can only be shown as a whole
        self.checkpoint()
        self._end()  # until it has the lock again: it must not clean away what others write
        with storage_errors(folder):
            self._lock.enter_context(write_lock(folder, inf))
        self._ended = False
        with self._ending_on_error():
            self._committed = self._index.contents()
            self._segments = list(self._committed.segments)
            self._withdrawn = self._index.withdrawals(self._committed.commit)

    def roll_back(self) -> None:
        """Make the previous commit the newest generation, and release the lock.

        The commit that it takes the place of becomes the previous one.

        Raises:
            RollbackUnavailable: there is none, or another analysis wrote it.
            StorageError: nothing has changed.
            CommitNotDurable: it is done, and visible.
        """
        previous = self._committed.previous
        folder = self._index.folder
        with self._ending_on_error():
            if previous is None:
                raise RollbackUnavailable(folder, "no generation before a reindex is kept")
            if previous.fingerprint != self._index.fingerprint:
                reason = f"{previous.fingerprint} wrote the earlier generation"
                raise RollbackUnavailable(folder, f"{reason}, this is {self._index.fingerprint}")
            self._segments = previous.segments
            self._withdrawn = self._index.withdrawals(previous)
            self._average_lengths = previous.average_lengths
            self._previous = self._committed.commit
            with storage_errors(folder):
                self._take_out(self._withdrawn.by_id.keys() - previous.withdrawn.keys())
                self._publish()
        self._end()

    def abandon(self) -> None:
        """Forget everything since the last commit and release the lock."""
        if self._ended:
            return
        try:
            self._clean_leftovers()
        except (SearchError, OSError) as error:
            _log.warning("%s cannot be cleaned: %s", self._index.folder, error)
        finally:
            self._end()

    def _end(self) -> None:
        self._ended = True
        self._lock.close()

    @contextmanager
    def _ending_on_error(self) -> Iterator[None]:
        try:
            yield
        except CommitNotDurable:
            # Nothing is cleaned away: whichever generation survives a loss of power is whole.
            self._end()
            raise
        except BaseException:
            self.abandon()
            raise

    def _clean_leftovers(self) -> None:
        """Remove files of writers that were killed, and this one's that are not committed."""
        # Under the lock: another writer's new files are not to be cleaned away.
        self._index.clean(self._index.any_manifest())

    def _start_segment(self) -> None:
        self._builder = SegmentBuilder()
        self._new_segment = ArraySegment()
        self._pending: dict[str, tuple[int, int]] = {}
        """Id → document number and digest of the living documents of the new segment."""

    def _take_out_withdrawn(self) -> None:
        """Delete what was withdrawn since this writer began, or since its last commit."""
        self._index.take_over(self._committed.commit)
        self._withdraw_by_address()
        before, self._withdrawn = self._withdrawn, self._index.withdrawals(self._committed.commit)
        new = self._withdrawn.by_id.keys() - self._committed.commit.withdrawn.keys()
        self._take_out(new | (self._withdrawn.by_id.keys() - before.by_id.keys()))

    def _take_out(self, doc_ids: Collection[str]) -> None:
        for doc_id in doc_ids:
            self.remove(doc_id)

    def _withdraw_by_address(self) -> None:
        """Enter by its id what came under an address that was withdrawn meanwhile."""
        found = self._index.register.read()
        self._index.register.withdraw(
            replace(entry, id=doc_id, address=address)
            for address, entry in found.addresses.items()
            for doc_id in self._addresses.get(address, ())
            if doc_id not in found.by_id
        )

    def _withdraw_what_came_meanwhile(self) -> None:
        """The same for what is visible now; it cannot be asked for before it is there."""
        try:
            if self._addresses:
                self._withdraw_by_address()
                self._addresses.clear()
        except SearchError as error:  # the commit is made, whatever comes of this
            _log.warning("withdrawn addresses are not looked for: %s", error)

    def _publish(self) -> None:
        """Make the segments the newest generation; all are verified where they replace others."""
        commit = Commit(
            fingerprint=self._index.fingerprint,
            segments=list(self._segments),
            withdrawn=self._withdrawn.days,
            average_lengths=self._average_lengths,
        )
        if self._previous is not None:
            for info in self._segments:
                with missing_as_corrupt():
                    verify_segment(self._index.folder, info)
        self._committed = self._index.publish(commit, self._previous)
        self._index.clean(self._committed)
        self._withdraw_what_came_meanwhile()
        self._previous = None
        self._changed = False
        kept = {info.segid for info in self._segments}
        self._opened = {name: opened for name, opened in self._opened.items() if name in kept}

    def _epoch(self) -> tuple[float, ...]:
        """The average lengths that scores are computed with: those of the epoch, or of a new one.

        An epoch ends where caches are lost anyway, as most articles lie in new segments, or where
        an average has moved by more than a hundredth.
        """
        documents = sum(info.doc_count() for info in self._segments)
        living = [(self._segment(info), info.live()) for info in self._segments]
        averages = tuple(mean_lengths(living, documents).tolist())
        known = {info.segid for info in self._committed.segments}
        kept = sum(info.doc_count() for info in self._segments if info.segid in known)
        before = self._average_lengths
        if before is None or 2 * kept < documents or any(map(_has_moved, before, averages)):
            return averages
        return before

    def _merge(self, group: Sequence[ArraySegment]) -> None:
        parts = [LiveSegment(self._segment(info), info.live()) for info in group]
        merged = ArraySegment(documents=sum(info.doc_count() for info in group))
        if merged.documents:
            with damage_as_corrupt(lambda: (part.segment for part in parts)):
                arrays = merge_arrays(parts)
            write_segment(self._index.folder, merged, arrays)
        place = self._segments.index(group[0])
        self._segments = [info for info in self._segments if info not in group]
        self._segments.insert(place, merged)

    def _segment(self, info: ArraySegment) -> Segment:
        segment = self._opened.get(info.segid)
        if segment is None:
            with missing_as_corrupt():
                segment = self._opened[info.segid] = self._index.segment(info)
        segment.file.check_size()
        return segment

    def _live_places(self, doc_id: str) -> Iterator[tuple[ArraySegment, int]]:
        with damage_as_corrupt(self._opened.values):
            for info in self._segments:
                for doc in self._segment(info).find_docs(doc_id):
                    if not info.is_deleted(doc):
                        yield info, doc


def _has_moved(before: float, now: float) -> bool:
    return abs(now - before) > _EPOCH_SHARE * before
