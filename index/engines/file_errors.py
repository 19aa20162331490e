"""What it means for an index when the system refuses a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import IndexCorrupt, StorageError


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
