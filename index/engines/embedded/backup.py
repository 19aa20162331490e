"""Backups of an index folder: one generation, made and brought back while others search and write.

A backup is a folder with `backup.json`, which says what it is and has a checksum for each file, and
`index/`, which is an index by itself, with its register beside it. Further files, and keys of
`backup.json`, are left alone.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

import msgspec

from ...errors import BackupUnusable, CommitNotDurable, IndexCorrupt, IndexMismatch, IndexNotFound
from ...intake_queue import IntakeQueue, queue_path
from ...segments.array_file import open_regular
from ...upkeep_model import BackupReport
from ...withdrawals import (
    WithdrawalRegister,
    Withdrawals,
    register_path,
    storage_errors,
    sync_folder,
)
from .disk import manifest_name, new_file, segment_name, write_lock
from .manifest import Manifest, decode_manifest, encode_manifest
from .recovery import keep_withdrawn
from .segment_file import ArraySegment, verify_segment
from .store import NewsIndex

_VERSION = 1
_DESCRIPTION = "backup.json"
_INDEX = "index"
_QUEUE = "queue.json"
_FOLDER_MODE = 0o750
_BLOCK = 1 << 20


class _File(msgspec.Struct):
    size: int
    sha256: str


class _Description(msgspec.Struct, kw_only=True):
    """backup.json; `files` by their path in the backup."""

    version: int
    time: datetime
    generation: int
    articles: int
    withdrawn: int
    files: dict[str, _File]

    def report(self, kept_withdrawn: tuple[str, ...] = ()) -> BackupReport:
        """What a caller is told."""
        return BackupReport(
            generation=self.generation,
            time=self.time,
            articles=self.articles,
            withdrawn=self.withdrawn,
            bytes=sum(file.size for file in self.files.values()),
            kept_withdrawn=kept_withdrawn,
        )


def back_up(index: NewsIndex, folder: Path) -> BackupReport:
    """Copy the newest generation into a folder, which appears when it is whole and verified.

    No lock is taken: the files are opened together, and stay readable when commits remove them.

    Raises:
        IndexNotFound, IndexMismatch: there is no index, or one of another format.
        IndexCorrupt: it is damaged.
        BackupUnusable: the folder has something in it, or cannot be written.
        CommitNotDurable: the backup is made.
    """
    folder = Path(os.path.abspath(folder))
    with _using(folder), ExitStack() as opened:
        if os.path.lexists(folder) and (folder.is_symlink() or any(folder.iterdir())):
            raise BackupUnusable(folder, "it is there already")
        manifest, files = index.read(lambda: _open_all(index, opened))
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = folder.with_name(f".{folder.name}.{token_hex(6)}.tmp")
        temporary.mkdir(_FOLDER_MODE)
        try:
            description = _copy_all(index, manifest, files, temporary)
            _verify(index.folder, temporary)
            opened.close()  # its errors may not come when the backup is made
            os.rename(temporary, folder)  # refused where something is in it by now
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        try:
            sync_folder(folder.parent)
        except OSError as error:
            raise CommitNotDurable(folder, error.strerror or str(error)) from error
    return description.report()


def restore(index: NewsIndex, folder: Path, *, wait: float = 0.0) -> BackupReport:
    """Make a backup the newest generation; nothing that is there is overwritten.

    What the index has withdrawn since stays withdrawn. What was there is the generation before,
    until the next change; where it is damaged, its files stay as long.

    Raises:
        BackupUnusable: it is none, or damaged.
        IndexMismatch: it was made by a program with another format.
        IndexLocked, StorageError, CommitNotDurable: as for every writer.
    """
    description = _describe(folder)
    manifest = _manifest(folder, description)
    there, waiting = _register(folder, description), _waiting(folder, description)
    with storage_errors(index.folder):
        index.folder.mkdir(parents=True, exist_ok=True)
        with write_lock(index.folder, wait):
            segments = [ArraySegment(documents=info.documents) for info in manifest.segments]
            try:
                for info, copy in zip(manifest.segments, segments, strict=True):
                    copy.deleted = set(info.deleted)
                    _copy_checked(folder, description, info, copy.path(index.folder))
                    verify_segment(index.folder, copy)
                newest = index.before(index.latest_generation() + 1)
                if newest is not None:
                    index.take_over(newest.commit)
                index.register.merge(there)
                withdrawn = index.withdrawals(manifest.commit).days
                kept = keep_withdrawn(index.folder, segments, withdrawn)
                is_damaged = _is_damaged(index)
                published = index.publish(
                    replace(manifest.commit, segments=segments, withdrawn=withdrawn)
                )
            except CommitNotDurable:
                raise
            except BaseException:
                for copy in segments:
                    copy.path(index.folder).unlink(missing_ok=True)
                raise
            if not is_damaged:
                index.clean(published)
    with closing(_queue_of(index)) as queue:
        queue.unpack(waiting)
    return description.report(kept)


@contextmanager
def _using(folder: Path) -> Iterator[None]:
    """Turn what the system refuses in the folder of a backup into BackupUnusable."""
    try:
        yield
    except OSError as error:
        raise BackupUnusable(folder, error.strerror or str(error)) from error


def _is_damaged(index: NewsIndex) -> bool:
    try:
        index.any_manifest()
    except (IndexCorrupt, IndexMismatch):
        return True
    except IndexNotFound:
        pass
    return False


def _open_all(index: NewsIndex, opened: ExitStack) -> tuple[Manifest, list[BinaryIO]]:
    """The newest generation and the files of its segments, in order."""
    manifest = index.any_manifest()
    withdrawn = index.mark_withdrawn(manifest.commit).days
    manifest = replace(manifest, commit=replace(manifest.commit, withdrawn=withdrawn))
    with storage_errors(index.folder, FileNotFoundError):
        return manifest, [
            opened.enter_context(open_regular(info.path(index.folder)))
            for info in manifest.segments
        ]


def _copy_all(
    index: NewsIndex, manifest: Manifest, files: Sequence[BinaryIO], folder: Path
) -> _Description:
    """Fill the folder of a backup."""
    inner = folder / _INDEX
    inner.mkdir(_FOLDER_MODE)
    commit = manifest.commit
    copied = {
        segment_name(info.segid): _copy(file, inner / segment_name(info.segid))
        for info, file in zip(commit.segments, files, strict=True)
    }
    register = b""
    with suppress(FileNotFoundError), open_regular(index.register.path) as stream:
        register = stream.read()
    with new_file(register_path(inner)) as stream:
        stream.write(register)
    with closing(_queue_of(index)) as queue:
        waiting = queue.packed()
    with new_file(folder / _QUEUE) as stream:
        stream.write(waiting)
    table = encode_manifest(commit, None)  # what a rollback would bring back is not copied
    name = manifest_name(manifest.generation)
    with new_file(inner / name) as stream:
        stream.write(table)
    copied[name] = _checked(table)
    description = _Description(
        version=_VERSION,
        time=datetime.now(UTC).replace(microsecond=0),
        generation=manifest.generation,
        articles=commit.documents,
        withdrawn=len(commit.withdrawn),
        files={
            **{f"{_INDEX}/{name}": file for name, file in copied.items()},
            register_path(inner).name: _checked(register),
            _QUEUE: _checked(waiting),
        },
    )
    with new_file(folder / _DESCRIPTION) as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(description), indent=2) + b"\n")
    sync_folder(inner)
    sync_folder(folder)
    return description


def _verify(source: Path, folder: Path) -> None:
    """Read a backup that was just made; raises IndexCorrupt with the file that it was made of."""
    description = _describe(folder)
    for info in _manifest(folder, description).segments:
        try:
            verify_segment(folder / _INDEX, info)
        except IndexCorrupt as error:
            path = source / segment_name(info.segid)
            raise IndexCorrupt(str(path), error.reason, recoverable=True) from error


def _describe(folder: Path) -> _Description:
    """What the folder says it is; raises BackupUnusable."""
    with _using(folder), open_regular(folder / _DESCRIPTION) as stream:
        data = stream.read()
    try:
        description = msgspec.json.decode(data, type=_Description)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise BackupUnusable(folder, f"its {_DESCRIPTION} cannot be read: {error}") from error
    if description.version != _VERSION:
        reason = f"its version is {description.version}, this program reads {_VERSION}"
        raise BackupUnusable(folder, reason)
    return description


def _manifest(folder: Path, description: _Description) -> Manifest:
    """The generation in a backup; raises BackupUnusable, IndexMismatch."""
    name = manifest_name(description.generation)
    path = folder / _INDEX / name
    with _using(folder), open_regular(path) as stream:
        data = stream.read()
    _compare(folder, description, f"{_INDEX}/{name}", _checked(data))
    try:
        return decode_manifest(description.generation, data, str(path))
    except IndexCorrupt as error:
        raise BackupUnusable(folder, f"{name}: {error.reason}") from error


def _register(folder: Path, description: _Description) -> Withdrawals:
    """The register in a backup, empty in those of older programs; raises BackupUnusable."""
    path = register_path(folder / _INDEX)
    if path.name not in description.files:
        return Withdrawals()
    with _using(folder), open_regular(path) as stream:
        _compare(folder, description, path.name, _checked(stream.read()))
    return WithdrawalRegister(path).read()


def _queue_of(index: NewsIndex) -> IntakeQueue:
    return IntakeQueue(queue_path(f"whoosh:{index.folder}"))


def _waiting(folder: Path, description: _Description) -> bytes:
    """What waited when the backup was made, none in those of older programs."""
    if _QUEUE not in description.files:
        return b"[]"
    with _using(folder), open_regular(folder / _QUEUE) as stream:
        data = stream.read()
    _compare(folder, description, _QUEUE, _checked(data))
    return data


def _copy_checked(
    folder: Path, description: _Description, info: ArraySegment, target: Path
) -> None:
    """Bring a segment out of a backup; raises BackupUnusable, or OSError for the target."""
    name = segment_name(info.segid)
    with _using(folder):
        source = open_regular(folder / _INDEX / name)
    with source:
        copied = _copy(source, target)
    _compare(folder, description, f"{_INDEX}/{name}", copied)


def _compare(folder: Path, description: _Description, name: str, found: _File) -> None:
    if description.files.get(name) != found:
        raise BackupUnusable(folder, f"{name} does not match its checksum in {_DESCRIPTION}")


def _checked(data: bytes) -> _File:
    return _File(len(data), hashlib.sha256(data).hexdigest())


def _copy(source: BinaryIO, target: Path) -> _File:
    """Copy into a new file, which is on the disk then; raises OSError."""
    size, digest = 0, hashlib.sha256()
    with new_file(target) as stream:
        while block := source.read(_BLOCK):
            stream.write(block)
            digest.update(block)
            size += len(block)
    return _File(size, digest.hexdigest())
