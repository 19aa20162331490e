"""The index on disk: generations of segments, as a Whoosh index."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar
from weakref import WeakValueDictionary

from whoosh.index import Index

from ...errors import (
    CommitNotDurable,
    IndexCorrupt,
    IndexMismatch,
    IndexNotFound,
    StorageError,
)
from ...segments.array_file import open_regular
from ...segments.segment import Segment
from ...withdrawals import (
    RegisterState,
    WithdrawalRegister,
    Withdrawals,
    register_path,
    storage_errors,
    sync_folder,
)
from .disk import (
    clean,
    generations,
    manifest_name,
    missing_file,
    note_generation,
    noted_generation,
    publish,
    segment_name,
    write_lock,
)
from .manifest import (
    FORMAT_VERSION,
    Commit,
    Manifest,
    decode_manifest,
    encode_manifest,
    kept_segments,
)
from .segment_file import ArraySegment, open_segment

if TYPE_CHECKING:
    from whoosh.fields import Schema
    from whoosh.reading import IndexReader

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class NewestFile:
    """The table of contents of the newest generation, told from others of the same number."""

    generation: int
    inode: int
    changed_ns: int
    withdrawals: RegisterState
    """The state of the register: a withdrawal counts without a commit."""


class NewsIndex(Index):
    """A folder of generations; threads may share it."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.folder = folder
        self.fingerprint = fingerprint
        self.register = WithdrawalRegister(register_path(folder))
        self._opened: WeakValueDictionary[str, Segment] = WeakValueDictionary()

    @classmethod
    def create(cls, folder: Path, fingerprint: str) -> "NewsIndex":
        """An empty index in a folder, which is made where it is missing."""
        index = cls(folder, fingerprint)
        index.prepare()
        return index

    def prepare(self, wait: float = 0.0) -> None:
        """Make the folder and an empty generation, where they are missing.

        Args:
            wait: seconds to wait for another writer.

        Raises:
            IndexLocked: another process is at it.
            IndexCorrupt: a table of contents is there, but no regular file, or was there.
        """
        with storage_errors(self.folder):
            missing = [each for each in (self.folder, *self.folder.parents) if not each.exists()]
            self.folder.mkdir(parents=True, exist_ok=True)
            if self.latest_generation() >= 0:
                return
            for made in missing or [self.folder]:
                try:
                    sync_folder(made.parent)
                except PermissionError as error:
                    # A parent that may not be read: the index is no worse off than others in it.
                    _log.warning("%s: %s", made.parent, error.strerror)
            with write_lock(self.folder, wait):
                if self.latest_generation() >= 0:
                    return
                for taken in generations(self.folder, taken=True):
                    raise IndexCorrupt(self.folder, f"{manifest_name(taken)} is no regular file")
                if (noted := noted_generation(self.folder)) >= 0:
                    raise IndexCorrupt(self.folder, f"{manifest_name(noted)} is missing")
                try:
                    self.publish(Commit(fingerprint=self.fingerprint))
                except CommitNotDurable as error:
                    # The next commit forces the folder to the disk as well.
                    _log.warning("%s", error)

    def latest_generation(self) -> int:
        """The newest generation; -1 where there is none. Raises StorageError."""
        try:
            with storage_errors(self.folder, FileNotFoundError, NotADirectoryError):
                return max(generations(self.folder), default=-1)
        except (FileNotFoundError, NotADirectoryError):
            return -1

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
        """The newest generation, whatever analysis wrote it.

        An older one never takes its place by itself: an answer would silently be older.
        """
        noted = noted_generation(self.folder)
        generation = self.latest_generation()
        if max(generation, noted) < 0:
            raise IndexNotFound(str(self.folder))
        if generation < noted:
            if noted_generation(self.folder) != noted:
                return self.any_manifest()  # commits went on while the folder was listed
            path = self.folder / manifest_name(noted)
            raise self._recoverable(IndexCorrupt(str(path), "it is missing"), noted)
        try:
            return self.manifest(generation)
        except IndexCorrupt as error:
            raise self._recoverable(error, generation) from error

    def manifest(self, generation: int) -> Manifest:
        """One generation; raises FileNotFoundError, IndexCorrupt, IndexMismatch."""
        path = self.folder / manifest_name(generation)
        with storage_errors(self.folder, FileNotFoundError), open_regular(path) as stream:
            return decode_manifest(generation, stream.read(), str(path))

    def before(self, generation: int) -> Manifest | None:
        """The newest generation below this one whose table of contents can be read."""
        older: list[int] = []
        with suppress(FileNotFoundError), storage_errors(self.folder, FileNotFoundError):
            older = [each for each in generations(self.folder) if each < generation]
        for each in sorted(older, reverse=True):
            with suppress(IndexCorrupt, IndexMismatch, FileNotFoundError):
                return self.manifest(each)
        return None

    def _recoverable(self, error: IndexCorrupt, generation: int) -> IndexCorrupt:
        """The error of a generation, which says whether there is an older one."""
        recoverable = self.before(generation) is not None
        return IndexCorrupt(error.path, error.reason, recoverable=recoverable)

    def newest(self) -> NewestFile:
        """Which file says what the newest generation is: also a folder made anew tells."""
        withdrawals = self.register.state()
        while True:
            generation = self.latest_generation()
            if generation < 0:
                return NewestFile(generation, 0, 0, withdrawals)
            try:
                with storage_errors(self.folder, FileNotFoundError):
                    status = (self.folder / manifest_name(generation)).stat()
            except FileNotFoundError:
                continue  # a commit has just taken it away
            return NewestFile(generation, status.st_ino, status.st_mtime_ns, withdrawals)

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
                    raise self._recoverable(missing_file(error), generation + 1) from error
            except IndexCorrupt as error:
                if error.recoverable:
                    raise
                raise self._recoverable(error, generation + 1) from error

    def segment(self, info: ArraySegment) -> Segment:
        """An opened segment: the one that is in use already, or a newly verified one."""
        segment = self._opened.get(info.segid)
        if segment is None or segment.file.has_shrunk:
            segment = self._opened[info.segid] = open_segment(self.folder, info)
        return segment

    def withdrawals(self, commit: Commit) -> Withdrawals:
        """What is withdrawn: the register's word, and an older index's own where it has none."""
        return self.register.read().over(commit.withdrawn)

    def mark_withdrawn(self, commit: Commit, register: Withdrawals | None = None) -> Withdrawals:
        """Mark as deleted, in a commit that was read, what was withdrawn since it was made.

        Args:
            register: as it was read before the commit was: one that was read after it may be of a
                later time, and the two together of no time at all.
        """
        register = self.register.read() if register is None else register
        found = register.over(commit.withdrawn)
        for doc_id in found.by_id.keys() - commit.withdrawn.keys():
            for info in commit.segments:
                info.deleted.update(self.segment(info).find_docs(doc_id))
        return found

    def give_back(self, key: str, by: str) -> bool:
        """End a withdrawal, also one that only the index itself knows of."""
        with suppress(IndexNotFound, IndexCorrupt, IndexMismatch):
            self.take_over(self.any_manifest().commit)
        return self.register.give_back(key, by)

    def take_over(self, commit: Commit) -> None:
        """Enter in the register what an older program withdrew in the index itself."""
        register = self.register.read()
        entries = register.over(commit.withdrawn).entries
        self.register.withdraw(
            each
            for key, each in entries.items()
            if each is not None and key not in register.entries
        )

    # -- as Whoosh reads it; its modules for that are imported when asked for, searching needs none

    @property
    def schema(self) -> "Schema":
        """The fields that Whoosh's queries may name."""
        from .whoosh_fields import SCHEMA

        return SCHEMA

    def reader(self, reuse: "IndexReader | None" = None) -> "IndexReader":
        """Whoosh's reader of the newest generation; `searcher` is made of it.

        Raises:
            IndexNotFound, IndexCorrupt, IndexMismatch.
        """
        from .whoosh_reader import open_reader

        if reuse is not None:
            reuse.close()

        def read() -> "IndexReader":
            contents = self.contents()
            segments = [(info, self.segment(info)) for info in contents.segments]
            self.mark_withdrawn(contents.commit)
            return open_reader(contents.generation, segments)

        return self.read(read)

    def is_empty(self) -> bool:
        return not self.contents().segments

    def writer(self, **_: object) -> NoReturn:
        raise NotImplementedError("articles are written with open_engine(address).writer()")

    # -- for the one writer

    def publish(self, commit: Commit, previous: Commit | None = None) -> Manifest:
        """Make a commit the newest generation, atomically and durably.

        Raises:
            OSError: nothing has changed.
            CommitNotDurable: it is the newest generation.
        """
        taken = [noted_generation(self.folder), *generations(self.folder, taken=True)]
        generation = 1 + max(taken)
        publish(self.folder / manifest_name(generation), encode_manifest(commit, previous))
        note_generation(self.folder, generation)
        return Manifest(generation, commit, previous)

    def clean(self, manifest: Manifest) -> None:
        """Remove what neither this generation needs nor the one before it.

        What cannot be read or removed is logged, and tried again by the next commit.
        """
        names: set[str] = set()
        try:
            for each in (manifest, self.before(manifest.generation)):
                if each is not None:
                    segments = kept_segments(each.commit, each.previous)
                    names.update(segment_name(info.segid) for info in segments)
                    names.add(manifest_name(each.generation))
            with storage_errors(self.folder):
                clean(self.folder, names)
        except StorageError as error:
            _log.warning("%s cannot be cleaned: %s", self.folder, error.reason)
