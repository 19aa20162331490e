"""The index on disk: Whoosh's storage, lock and generations around our segments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from weakref import WeakValueDictionary

from whoosh import index as whoosh_index
from whoosh.filedb.filestore import FileStorage
from whoosh.index import clean_files

from ...errors import IndexLocked, IndexMismatch, IndexNotFound, SearchError
from ...segments.segment import Segment
from .codec import SCHEMA, ArraySegment, open_segment
from .disk import missing_file, replace_file, storage_errors
from .manifest import FORMAT_VERSION, INDEX_NAME, Commit, Manifest, decode_manifest, encode_manifest
from .segment_writer import NewsWriter

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class NewestFile:
    """The table of contents of the newest generation, told from others of the same number."""

    generation: int
    inode: int
    changed_ns: int


class NewsIndex(whoosh_index.FileIndex):
    """A Whoosh index whose table of contents is checked JSON; threads may share it."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        # FileIndex.__init__ would read the table of contents as a pickle.
        self.storage = FileStorage(str(folder), supports_mmap=False)
        self._schema = SCHEMA
        self.indexname = INDEX_NAME
        self.folder = folder
        self.fingerprint = fingerprint
        self._opened: WeakValueDictionary[str, Segment] = WeakValueDictionary()

    @classmethod
    def create(cls, folder: Path, fingerprint: str) -> "NewsIndex":
        """An empty index in a folder, which is made where it is missing."""
        index = cls(folder, fingerprint)
        index.prepare()
        return index

    def prepare(self) -> None:
        """Make the folder and an empty generation, where they are missing."""
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            if self.latest_generation() < 0:
                self.write_manifest(0, Commit(fingerprint=self.fingerprint))

    def contents(self) -> Manifest:
        """The newest generation; raises IndexNotFound, IndexCorrupt, IndexMismatch."""
        contents = self.any_manifest()
        if contents.commit.fingerprint != self.fingerprint:
            raise IndexMismatch(
                f"format {FORMAT_VERSION}, {self.fingerprint}",
                f"format {FORMAT_VERSION}, {contents.commit.fingerprint}",
            )
        return contents

    def any_manifest(self) -> Manifest:
        """The newest generation, whatever analysis wrote it."""
        generation = self.latest_generation()
        if generation < 0:
            raise IndexNotFound(str(self.folder))
        path = self._contents_path(generation)
        return decode_manifest(generation, path.read_bytes(), str(path))

    _read_toc = any_manifest

    def newest(self) -> NewestFile:
        """Which file says what the newest generation is: also a folder made anew tells."""
        while True:
            generation = self.latest_generation()
            if generation < 0:
                return NewestFile(generation, 0, 0)
            try:
                status = self._contents_path(generation).stat()
            except FileNotFoundError:
                continue  # a commit has just taken it away
            return NewestFile(generation, status.st_ino, status.st_mtime_ns)

    def read(self, function: Callable[[], _T]) -> _T:
        """What a function reads; again where a commit took its files away meanwhile.

        Raises:
            IndexCorrupt: a file is missing, and no commit is the reason.
        """
        while True:
            generation = self.latest_generation()
            try:
                return function()
            except FileNotFoundError as error:
                if self.latest_generation() == generation:
                    raise missing_file(error) from error

    def segment(self, info: ArraySegment) -> Segment:
        """An opened segment: the one that is in use already, or a newly verified one."""
        segment = self._opened.get(info.segid)
        if segment is None:
            segment = self._opened[info.segid] = open_segment(self.folder, info)
        return segment

    def write_manifest(
        self, generation: int, commit: Commit, previous: Commit | None = None
    ) -> None:
        """Make an commit the newest generation, atomically and durably."""
        replace_file(self._contents_path(generation), encode_manifest(commit, previous))

    def clean(self, generation: int, segments: Sequence[ArraySegment]) -> None:
        """Remove the files of other generations and of segments that are not named."""
        clean_files(self.storage, self.indexname, generation, segments)

    def news_writer(self, *, any_analysis: bool = False) -> NewsWriter:
        """The one writer; raises IndexLocked while another one is open.

        Args:
            any_analysis: also where another analysis wrote the index, all of which must then be
                replaced.
        """
        check = self.any_manifest if any_analysis else self.contents
        check()  # before the lock: Whoosh's writer would keep it after an error
        try:
            with storage_errors(self.folder):
                writer = NewsWriter(self)
        except whoosh_index.LockError as error:
            raise IndexLocked(str(self.folder)) from error
        try:
            check()  # and after it: now nobody can change it
        except SearchError:
            writer.abandon()
            raise
        return writer

    def _contents_path(self, generation: int) -> Path:
        return self.folder / str(whoosh_index.TOC._filename(self.indexname, generation))
