"""The files of an index folder: made anew, forced to the disk, and only regular ones removed.

Nothing here opens, follows or removes a link, a folder or a FIFO, whatever it is called. A commit
has three outcomes: an OSError before the rename (StorageError: nothing has changed), an error of
the disk after it (CommitNotDurable: visible), and success, after which what cannot be cleaned away
is only logged.
"""

import fcntl
import logging
import os
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from ...errors import CommitNotDurable, IndexCorrupt, IndexLocked, StorageError
from ...segments.array_file import open_regular
from ...withdrawals import sync_folder
from . import write_queue
from .write_queue import take_turn

INDEX_NAME = "NEWS"
SEGMENT_SUFFIX = ".arrays"
#: The file that Whoosh locks too, in the same way.
LOCK_NAME = f"{INDEX_NAME}_WRITELOCK"
QUEUE_NAME = f"{INDEX_NAME}_QUEUE"
_TEMPORARY_SUFFIX = ".tmp"
_MODE = 0o640
#: Segments are never rewritten: nobody but their owner, by force, copies something over one.
_SEGMENT_MODE = 0o440
#: What recovery renames ends so. No commit removes it.
_ASIDE_SUFFIX = ".aside"
_SAFELY = os.O_NOFOLLOW | os.O_CLOEXEC
_MANIFEST = re.compile(rf"_{INDEX_NAME}_(0|[1-9][0-9]*)\.toc")
#: Numbers from here on are no count of commits, and not every client can hold them.
_GENERATIONS = 1 << 53
_OURS = re.compile(
    rf"_{INDEX_NAME}_[0-9]+\.toc(\.new)?"
    rf"|{INDEX_NAME}_[0-9a-z]+({re.escape(SEGMENT_SUFFIX)}|{re.escape(_TEMPORARY_SUFFIX)})"
)
#: A generation and its CRC-32: of one length, so that it is never half overwritten.
_NOTE = "{:020} {:08x}\n"

_log = logging.getLogger(__name__)


def manifest_name(generation: int) -> str:
    """The file that says what a generation is."""
    return f"_{INDEX_NAME}_{generation}.toc"


def segment_name(segid: str) -> str:
    """The file with the arrays of a segment."""
    return f"{INDEX_NAME}_{segid}{SEGMENT_SUFFIX}"


def generations(folder: Path, *, taken: bool = False) -> Iterator[int]:
    """The generations that have a file, in no order.

    Args:
        taken: also the numbers of names that belong to no regular file: no commit may use them.

    Raises:
        IndexCorrupt: one has a number that no index reaches.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            match = _MANIFEST.fullmatch(entry.name)
            if match and (taken or entry.is_file(follow_symlinks=False)):
                if (generation := int(match[1])) >= _GENERATIONS:
                    raise IndexCorrupt(folder / entry.name, "no index has so many generations")
                yield generation


def noted_generation(folder: Path) -> int:
    """The newest generation that a writer has noted in its lock; -1 where none can be read.

    Whoever lists the folder afterwards and finds only older ones knows that a table is lost.
    """
    try:
        with open_regular(folder / LOCK_NAME) as stream:
            noted = stream.read(64)
        generation = int(noted[:20])
    except (OSError, ValueError):  # a second witness only: each table of contents has a checksum
        return -1
    return generation if noted == _note(generation) else -1


def note_generation(folder: Path, generation: int) -> None:
    """Note in the lock, which the caller has, that a generation is published."""
    try:
        flags = os.O_WRONLY | os.O_NONBLOCK | _SAFELY
        descriptor = os.open(folder / LOCK_NAME, flags)
        try:
            os.pwrite(descriptor, _note(generation), 0)
        finally:
            os.close(descriptor)
    except OSError as error:
        _log.warning("generation %d is not noted in %s: %s", generation, folder, error)


def _note(generation: int) -> bytes:
    return _NOTE.format(generation, zlib.crc32(b"%d" % generation)).encode()


def set_aside(path: Path) -> Path:
    """Rename a file so that nothing reads or removes it; its new path. Raises OSError."""
    aside = path.with_name(path.name + _ASIDE_SUFFIX)
    while os.path.lexists(aside):
        aside = path.with_name(f"{path.name}.{token_hex(2)}{_ASIDE_SUFFIX}")
    os.rename(path, aside)
    return aside


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that did not exist, forced to the disk at the end; after an error it is gone."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFELY
    descriptor = os.open(path, flags, _mode(path.name))
    try:
        with open(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(descriptor)
    except BaseException:
        _remove(path)
        raise


def publish(path: Path, data: bytes) -> None:
    """Make a file visible, whole and durable, under a name that nothing has.

    Raises:
        OSError: it is not visible.
        CommitNotDurable: it is visible.
    """
    temporary = path.with_name(f"{INDEX_NAME}_{token_hex(6)}{_TEMPORARY_SUFFIX}")
    with new_file(temporary) as stream:
        stream.write(data)
    try:
        # First the names that it counts on: else a loss of power could leave it without them.
        sync_folder(path.parent)
        os.rename(temporary, path)
    except BaseException:
        _remove(temporary)
        raise
    try:
        sync_folder(path.parent)
    except OSError as error:
        raise CommitNotDurable(path.parent, error.strerror or str(error)) from error


def our_files(folder: Path) -> list[str]:
    """The names of the regular files that an index makes, but for the lock; raises OSError."""
    with os.scandir(folder) as entries:
        return [
            entry.name
            for entry in entries
            if _OURS.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
        ]


def clean(folder: Path, kept: set[str]) -> None:
    """Remove the regular files that an index makes, but for the names that are kept.

    What is kept loses the rights that an earlier version gave it and this one would not. What
    cannot be removed is logged, and tried again by the next commit; raises OSError where the
    folder cannot be listed.
    """
    for name in our_files(folder):
        if name in kept:
            _tighten(folder / name)
        else:
            _remove(folder / name)


@contextmanager
def write_lock(folder: Path, wait: float = 0.0) -> Iterator[None]:
    """The one writer's lock; raises IndexLocked, and OSError where it cannot be had.

    It belongs to the process and ends with it. The file stays: removing it could part two writers.
    So does the file of the queue, which the first one makes that is ready to wait.

    Args:
        wait: seconds that it may take; those who wait are served in the order in which they came.
    """
    with ExitStack() as opened:
        lock = opened.enter_context(_locking_file(folder / LOCK_NAME))
        with ExitStack() as waiting:
            queue = folder / QUEUE_NAME
            queued = wait > 0 or os.path.lexists(queue)
            turn = waiting.enter_context(_locking_file(queue)) if queued else None
            if not take_turn(turn, lambda: _try_lock(lock), lambda: _unlock(lock), wait):
                raise IndexLocked(folder)
        yield


def is_waited_for(folder: Path) -> bool:
    """Whether another writer waits for the lock."""
    if not os.path.lexists(folder / QUEUE_NAME):
        return False
    with _locking_file(folder / QUEUE_NAME) as queue:
        return write_queue.is_waited_for(queue)


@contextmanager
def _locking_file(path: Path) -> Iterator[int]:
    """A file that is only there to be locked, and made where it is missing: its descriptor."""
    # Without O_NONBLOCK, opening a FIFO would wait for another process.
    flags = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | _SAFELY
    descriptor = os.open(path, flags, _MODE)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise StorageError(path.parent, f"{path.name} is no regular file, remove it")
        _tighten(path)
        yield descriptor
    finally:
        # Closing is what releases it, and happens even where the system reports an error.
        try:
            os.close(descriptor)
        except OSError as error:
            _log.warning("%s was not closed well: %s", path, error)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _unlock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def missing_file(error: FileNotFoundError) -> IndexCorrupt:
    """What a file means that a table of contents names and that is not there."""
    return IndexCorrupt(str(error.filename), "it is missing")


@contextmanager
def missing_as_corrupt() -> Iterator[None]:
    """Under the lock a file that is missing is damage: no commit can have taken it away."""
    try:
        yield
    except FileNotFoundError as error:
        raise missing_file(error) from error


def _mode(name: str) -> int:
    return _SEGMENT_MODE if name.endswith(SEGMENT_SUFFIX) else _MODE


def _tighten(path: Path) -> None:
    """Take from a file the rights that a new one would not have."""
    try:
        with open_regular(path) as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            if mode & ~_mode(path.name):
                os.fchmod(stream.fileno(), mode & _mode(path.name))
    except OSError as error:
        _log.warning("the mode of %s cannot be set: %s", path, error)


def _remove(path: Path) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as error:
        _log.warning("%s cannot be removed: %s", path, error)
