"""Forcing files to the disk, so that a commit survives a loss of power."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ...errors import IndexCorrupt, StorageError


def sync_file(stream: BinaryIO) -> None:
    """Flush an open file down to the disk."""
    stream.flush()
    os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Force renames in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old or the new content, never a mixture."""
    temporary = path.with_name(path.name + ".new")
    try:
        with temporary.open("wb") as stream:
            stream.write(data)
            sync_file(stream)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn what the system refuses in the folder of an index into StorageError."""
    try:
        yield
    except OSError as error:
        raise StorageError(str(folder), error.strerror or str(error)) from error


def missing_file(error: FileNotFoundError) -> IndexCorrupt:
    """What a file means that a table of contents names and that is not there."""
    return IndexCorrupt(str(error.filename), "it is missing")
