"""The index on disk: Whoosh's storage, lock, generations and writer around our segments.

The table of contents is JSON with a checksum instead of Whoosh's pickles, so that opening an
index can never run code found in it.
"""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage
from whoosh.index import clean_files
from whoosh.writing import SegmentWriter

from ..errors import IndexCorrupt, IndexLocked, IndexMismatch, IndexNotFound, StorageError
from ..segments.merge import LiveSegment, merge_arrays
from ..segments.segment import Segment
from ..segments.tokens import AnalyzedDocument, BatchVocabulary
from .durable import replace_file
from .merging import merge_groups
from .whoosh_codec import (
    ARTICLE_FIELD,
    SCHEMA,
    ArrayCodec,
    ArraySegment,
    DocumentPool,
    open_segment,
    write_segment,
)

FORMAT_VERSION = 1
INDEX_NAME = "NEWS"


@dataclass(frozen=True, slots=True)
class Contents:
    """A table of contents: which segments make up one generation."""

    generation: int
    segments: list[ArraySegment]
    withdrawn: dict[str, date]

    @property
    def schema(self) -> object:
        """Whoosh asks for it; it is code, not data."""
        return SCHEMA


class NewsIndex(whoosh_index.FileIndex):
    """A Whoosh index whose table of contents is checked JSON."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        # FileIndex.__init__ would read the table of contents as a pickle.
        self.storage = FileStorage(str(folder), supports_mmap=False)
        self._schema = SCHEMA
        self.indexname = INDEX_NAME
        self.folder = folder
        self.fingerprint = fingerprint

    @classmethod
    def create(cls, folder: Path, fingerprint: str) -> "NewsIndex":
        """An empty index in a folder, which is made where it is missing."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            index = cls(folder, fingerprint)
            if index.latest_generation() < 0:
                index.write_contents(0, [], {})
        except OSError as error:
            raise StorageError(str(folder), error.strerror or str(error)) from error
        return index

    def contents(self) -> Contents:
        """The newest generation; raises IndexNotFound, IndexCorrupt, IndexMismatch."""
        generation = self.latest_generation()
        if generation < 0:
            raise IndexNotFound(str(self.folder))
        name = whoosh_index.TOC._filename(self.indexname, generation)
        data = (self.folder / name).read_bytes()
        try:
            checksum, _, body = data.partition(b"\n")
            if int(checksum, 16) != zlib.crc32(body):
                raise IndexCorrupt(str(self.folder / name), "it does not match its checksum")
            parsed = json.loads(body)
            found = f"format {parsed['format']}, {parsed['fingerprint']}"
            expected = f"format {FORMAT_VERSION}, {self.fingerprint}"
            if found != expected:
                raise IndexMismatch(expected, found)
            segments = [ArraySegment.of_entry(self.indexname, e) for e in parsed["segments"]]
            withdrawn = {i: date.fromisoformat(d) for i, d in parsed["withdrawn"].items()}
        except (ValueError, KeyError, TypeError) as error:
            reason = "its table of contents cannot be read"
            raise IndexCorrupt(str(self.folder / name), reason) from error
        return Contents(generation, segments, withdrawn)

    _read_toc = contents

    def write_contents(
        self,
        generation: int,
        segments: Sequence[ArraySegment],
        withdrawn: Mapping[str, date],
    ) -> None:
        """Make these segments the newest generation, atomically and durably."""
        record = {
            "format": FORMAT_VERSION,
            "fingerprint": self.fingerprint,
            "segments": [segment.entry() for segment in segments],
            "withdrawn": {doc_id: day.isoformat() for doc_id, day in withdrawn.items()},
        }
        body = json.dumps(record).encode()
        name = whoosh_index.TOC._filename(self.indexname, generation)
        replace_file(self.folder / name, b"%08x\n%s" % (zlib.crc32(body), body))

    def news_writer(self) -> "NewsWriter":
        """The one writer; raises IndexLocked while another one is open."""
        try:
            return NewsWriter(self)
        except whoosh_index.LockError as error:
            raise IndexLocked(str(self.folder)) from error
        except OSError as error:
            raise StorageError(str(self.folder), error.strerror or str(error)) from error


class NewsWriter(SegmentWriter):
    """Whoosh's segment writer with our pool, table of contents and merging."""

    segments: list[ArraySegment]

    def __init__(self, ix: NewsIndex) -> None:
        super().__init__(ix, codec=ArrayCodec())
        self.pool = DocumentPool()
        self._index = ix
        self._opened: dict[str, Segment] = {}
        self._pending: dict[str, int] = {}
        self.withdrawn = ix.contents().withdrawn

    def put(self, vocabulary: BatchVocabulary, document: AnalyzedDocument) -> None:
        """Insert or replace one analysed article by its id."""
        self.remove(document.doc_id)
        self._pending[document.doc_id] = self.docnum
        self.add_document(**{ARTICLE_FIELD: (vocabulary, document)})

    def remove(self, doc_id: str) -> bool:
        """Delete an article by its id; False where there is none."""
        pending = self._pending.pop(doc_id, None)
        if pending is not None:
            self.newsegment.delete_document(pending)
        places = list(self._live_places(doc_id))
        for info, doc in places:
            info.delete_document(doc)
        return pending is not None or bool(places)

    def withdraw(self, doc_id: str, on: date) -> bool:
        """Delete an article and remember its id; False where there is no such article."""
        found = self.remove(doc_id)
        if found:
            self.withdrawn[doc_id] = on
        return found

    def digest(self, doc_id: str) -> int | None:
        """The digest of the committed or flushed article with this id."""
        for info, doc in self._live_places(doc_id):
            return int(self._segment(info).digests[doc])
        return None

    def flush(self) -> None:
        """Write the documents added so far as a segment of the coming generation."""
        if self._added:
            self.segments.append(self._finalize_segment())
            self._start_segment()

    def drop_committed(self) -> None:
        """Leave every segment of the current generation out of the coming one."""
        self.segments.clear()

    def commit_generation(self, *, merge_all: bool = False) -> None:
        """Make everything written so far the newest generation and release the lock."""
        try:
            self.flush()
            for group in merge_groups(self.segments, everything=merge_all):
                self._merge(group)
            self.segments = [info for info in self.segments if info.doc_count()]
            self._close_segment()
            self._commit_toc(self.segments)
        except BaseException:
            self.abandon()
            raise
        self._finish()

    def abandon(self) -> None:
        """Forget everything since the last commit and release the lock."""
        if self.is_closed:
            return
        self.cancel()
        contents = self._index.contents()
        clean_files(self.storage, self.indexname, contents.generation, contents.segments)

    def _start_segment(self) -> None:
        self.newsegment = self.codec.new_segment(self.storage, self.indexname)
        self.perdocwriter = self.codec.per_document_writer(self.storage, self.newsegment)
        self.fieldwriter = self.codec.field_writer(self.storage, self.newsegment)
        self.docnum = 0
        self._added = False
        self._pending = {}

    def _commit_toc(self, segments: Sequence[ArraySegment]) -> None:
        self._index.write_contents(self.generation, segments, self.withdrawn)
        clean_files(self.storage, self.indexname, self.generation, segments)

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
            segment = self._opened[info.segid] = open_segment(self._index.folder, info)
        return segment

    def _live_places(self, doc_id: str) -> Iterator[tuple[ArraySegment, int]]:
        for info in self.segments:
            for doc in self._segment(info).find_docs(doc_id):
                if not info.is_deleted(doc):
                    yield info, doc
