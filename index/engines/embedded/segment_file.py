"""What Whoosh and the table of contents know of a segment, and the file of its arrays."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import numpy as np
from whoosh.codec import base

from ...article import Article
from ...errors import IndexCorrupt
from ...segments.array_file import Array, open_arrays, write_arrays
from ...segments.layout import check_layout
from ...segments.segment import STORED_TEXTS, Segment
from ...segments.soundness import damage_as_corrupt
from ...stored_article import load_article
from ...withdrawals import storage_errors
from .disk import INDEX_NAME, new_file, segment_name

_SEGMENT_ID = re.compile("[0-9a-z]{1,64}")
#: Numbers of documents have four bytes in a segment.
_MOST_DOCUMENTS = (1 << 32) - 1


class ArraySegment(base.Segment):
    """A segment of Whoosh's index: its name, size and deleted documents."""

    def __init__(self, segid: str | None = None, documents: int = 0) -> None:
        super().__init__(INDEX_NAME)
        # Short: it stands in every table of contents, and the lock makes it unique enough.
        self.segid = segid or token_hex(6)
        self.documents = documents
        self.deleted: set[int] = set()

    def doc_count_all(self) -> int:
        return self.documents

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
        return folder / segment_name(self.segid)

    def entry(self) -> list[object]:
        """Its line in the table of contents."""
        deleted = base64.b64encode(np.packbits(~self.live()).tobytes()).decode()
        return [self.segid, self.documents, deleted if self.deleted else ""]

    @classmethod
    def of_entry(cls, entry: list[object]) -> "ArraySegment":
        """The segment of such a line; ValueError where it is malformed."""
        segid, documents, deleted = entry
        if not (
            isinstance(segid, str)
            and _SEGMENT_ID.fullmatch(segid)
            and type(documents) is int
            and 0 <= documents <= _MOST_DOCUMENTS
            and isinstance(deleted, str)
        ):
            raise ValueError("malformed segment entry")
        segment = cls(segid, documents)
        if deleted:
            bits = np.unpackbits(np.frombuffer(base64.b64decode(deleted, validate=True), np.uint8))
            if len(bits) != -(-documents // 8) * 8 or bits[documents:].any():
                raise ValueError("deleted documents of another segment")
            segment.deleted = set(np.flatnonzero(bits).tolist())
        return segment


def open_segment(folder: Path, info: ArraySegment) -> Segment:
    """Map a segment's file and verify everything in it but the stored texts.

    Each stored text has a checksum of its own, which is compared when it is read.

    Raises:
        IndexCorrupt: it is damaged.
        FileNotFoundError: it is gone.
        StorageError: it cannot be read.
    """
    path = info.path(folder)
    with storage_errors(folder, FileNotFoundError):
        file = open_arrays(path)
    check_layout(file)
    file.verify(name for name in file.arrays if name != STORED_TEXTS)
    segment = Segment(file)
    if segment.doc_count != info.documents:
        raise IndexCorrupt(str(path), "it holds another number of documents than recorded")
    return segment


def write_segment(folder: Path, info: ArraySegment, arrays: dict[str, Array]) -> None:
    """Write a segment's file and force it to the disk."""
    with new_file(info.path(folder)) as stream:
        write_arrays(stream, arrays)


def live_articles(segment: Segment, live: Array) -> Iterator[Article]:
    """Every live article in order; raises IndexCorrupt where it is not the one of its id.

    Args:
        live: one bool a document.
    """
    path = segment.file.path
    for doc in np.flatnonzero(live).tolist():
        segment.file.check_size()
        with damage_as_corrupt(lambda: (segment,)):
            doc_id, stored = segment.ids[doc], segment.stored.raw(doc)
        article = load_article(path, stored, trusted=False)
        if article.id != doc_id:
            raise IndexCorrupt(path, f"a stored article is {article.id}, not {doc_id}")
        yield article


def verify_segment(folder: Path, info: ArraySegment) -> int:
    """The bytes of a segment's file, newly read; raises IndexCorrupt, FileNotFoundError."""
    segment = open_segment(folder, info)
    segment.file.verify((STORED_TEXTS,))
    for _ in live_articles(segment, info.live()):
        pass
    with storage_errors(folder, FileNotFoundError):
        return info.path(folder).stat().st_size
