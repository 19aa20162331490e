"""A Whoosh codec whose segments are one file of memory-mapped arrays.

Whoosh numbers documents, keeps the write lock and calls the codec; a document comes as one
value, its analysed tokens, and the posting pool hands whole documents on instead of sorting
single postings.
"""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
from whoosh import fields, formats
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage
from whoosh.util import random_name

from ...errors import IndexCorrupt
from ...segments.analyzed import AnalyzedDocument, BatchVocabulary
from ...segments.array_file import Array, open_arrays, write_arrays
from ...segments.build import SegmentBuilder
from ...segments.segment import STORED_TEXTS, Segment
from .disk import sync_file

SEGMENT_SUFFIX = ".arrays"
ARTICLE_FIELD = "article"
AnalyzedArticle: TypeAlias = tuple[BatchVocabulary, AnalyzedDocument]
PoolItem: TypeAlias = tuple[str, bytes, int, float, AnalyzedArticle]


class AnalyzedField(fields.FieldType):
    """A field whose value is one analysed article; it is indexed as a single item."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)

    def index(
        self, value: AnalyzedArticle, **_: object
    ) -> Iterator[tuple[bytes, int, float, AnalyzedArticle]]:
        """The whole article as the posting of one empty term."""
        yield b"", 1, 1.0, value


SCHEMA = fields.Schema(**{ARTICLE_FIELD: AnalyzedField()})


class ArraySegment(base.Segment):
    """What the table of contents knows of a segment: its name, size and deleted documents."""

    def __init__(self, indexname: str, segid: str | None = None) -> None:
        super().__init__(indexname)
        # Short: a name stands in every table of contents, and the lock makes it unique enough.
        self.segid = segid or random_name(size=12)
        self.documents = 0
        self.deleted: set[int] = set()

    def codec(self) -> "ArrayCodec":
        return ArrayCodec()

    def should_assemble(self) -> bool:
        return False

    def doc_count_all(self) -> int:
        return self.documents

    def set_doc_count(self, doccount: int) -> None:
        self.documents = doccount

    def deleted_count(self) -> int:
        return len(self.deleted)

    def deleted_docs(self) -> set[int]:
        return self.deleted

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self.deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if delete:
            self.deleted.add(docnum)
        else:
            self.deleted.discard(docnum)

    def live(self) -> Array:
        """One bool a document: alive."""
        mask = np.ones(self.documents, bool)
        mask[list(self.deleted)] = False
        return mask

    def path(self, folder: Path) -> Path:
        """The file of its arrays."""
        return folder / str(self.make_filename(SEGMENT_SUFFIX))

    def entry(self) -> list[object]:
        """Its line in the table of contents."""
        deleted = base64.b64encode(np.packbits(~self.live()).tobytes()).decode()
        return [self.segid, self.documents, deleted if self.deleted else ""]

    @classmethod
    def of_entry(cls, indexname: str, entry: list[object]) -> "ArraySegment":
        """The segment of such a line; ValueError where it is malformed."""
        segid, documents, deleted = entry
        if not (isinstance(segid, str) and segid.isalnum() and isinstance(documents, int)):
            raise ValueError("malformed segment entry")
        segment = cls(indexname, segid)
        segment.documents = documents
        if deleted:
            bits = np.frombuffer(base64.b64decode(str(deleted), validate=True), np.uint8)
            segment.deleted = set(np.flatnonzero(np.unpackbits(bits)[:documents]).tolist())
        return segment


def open_segment(folder: Path, info: ArraySegment) -> Segment:
    """Map a segment's file and verify everything in it but the stored texts.

    Each stored text has a checksum of its own, which is compared when it is read.

    Raises:
        IndexCorrupt: it is damaged.
        FileNotFoundError: it is gone.
    """
    path = info.path(folder)
    file = open_arrays(path)
    file.verify(name for name in file.arrays if name != STORED_TEXTS)
    try:
        segment = Segment(file)
    except KeyError as error:
        raise IndexCorrupt(str(path), f"the array {error} is missing") from error
    if segment.doc_count != info.documents:
        raise IndexCorrupt(str(path), "it holds another number of documents than recorded")
    return segment


def write_segment(folder: Path, info: ArraySegment, arrays: dict[str, Array]) -> None:
    """Write a segment's file and force it to the disk."""
    path = info.path(folder)
    with path.open("wb") as stream:
        write_arrays(stream, arrays)
        sync_file(stream)


class DocumentPool:
    """Keeps whole documents in the order in which they were added."""

    def __init__(self) -> None:
        self._items: list[PoolItem] = []

    def add(self, item: PoolItem) -> None:
        self._items.append(item)

    def iter_postings(self) -> Iterator[PoolItem]:
        yield from self._items

    def cleanup(self) -> None:
        self._items.clear()


class _DocumentWriter(base.PerDocumentWriter):
    """Whoosh's per-document protocol; the analysed document carries its stored values itself."""

    is_closed = False

    def start_doc(self, docnum: int) -> None:
        pass

    def add_field(self, fieldname: str, fieldobj: object, value: object, length: int) -> None:
        pass

    def cancel_doc(self) -> None:
        pass

    def close(self) -> None:
        self.is_closed = True


class _ArticleWriter(base.FieldWriter):
    """Inverts the pooled documents and writes the segment's file."""

    def __init__(self, storage: FileStorage, segment: ArraySegment) -> None:
        self._folder = Path(storage.folder)
        self._segment = segment
        self.is_closed = False

    def add_postings(
        self, schema: fields.Schema, lengths: object, items: Iterator[PoolItem]
    ) -> None:
        builder = SegmentBuilder()
        for _, _, _, _, (vocabulary, document) in items:
            builder.add(vocabulary, document)
        write_segment(self._folder, self._segment, builder.arrays())

    def close(self) -> None:
        self.is_closed = True


class ArrayCodec(base.Codec):
    """The codec; reading goes through `open_segment`, not through Whoosh's matchers."""

    length_stats = False

    def per_document_writer(self, storage: FileStorage, segment: ArraySegment) -> _DocumentWriter:
        return _DocumentWriter()

    def field_writer(self, storage: FileStorage, segment: ArraySegment) -> _ArticleWriter:
        return _ArticleWriter(storage, segment)

    def new_segment(self, storage: FileStorage, indexname: str) -> ArraySegment:
        return ArraySegment(indexname)
