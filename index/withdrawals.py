"""Withdrawn articles: a register of its own, beside the index, which outlives it.

It is a file of lines that only grows: each withdraws or gives back an id or an address, and begins
with the CRC-32 of the rest. What was written last counts.
"""

import errno
import fcntl
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from threading import Lock
from typing import Final

import msgspec

from .article import article_id, canonical_url
from .errors import CommitNotDurable, RegisterDamaged, StorageError

__all__ = ["RegisterState", "Withdrawal", "WithdrawalRegister", "Withdrawals", "register_path"]

_MODE: Final = 0o640
_SAFELY: Final = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NO_FILE: Final = (0, 0, 0)

#: A file's inode, size and time of change: it only grows, so that no two states have the same.
RegisterState = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """An article that must not be shown, by its id, its address or both.

    What is said of it is "" where nobody said it: a page must not make up a reason.
    """

    id: str = ""
    address: str = ""
    """As `canonical_url` writes it: every article with this address is meant."""
    on: date
    reason: str = ""
    by: str = ""
    headline: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if not self.id and not self.address:
            raise ValueError("a withdrawal needs an id or an address")


class _Line(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A line of the register."""

    at: datetime
    id: str = ""
    address: str = ""
    on: date | None = None
    """None gives the article back."""
    reason: str = ""
    by: str = ""
    headline: str = ""
    source: str = ""


@dataclass(frozen=True)
class Withdrawals:
    """What is withdrawn: what the register says, and what it does not know of an older index."""

    entries: Mapping[str, Withdrawal | None] = field(default_factory=dict)
    """By id or address in the order of the last word; None: given back."""

    @cached_property
    def by_id(self) -> Mapping[str, Withdrawal]:
        """Those of which the id is known; an address alone is the id of articles without one."""
        found = {key: entry for key, entry in self.entries.items() if entry is not None}
        implied = {
            article_id(None, key, ""): entry
            for key, entry in found.items()
            if not entry.id and self.entries.get(article_id(None, key, ""), entry) is not None
        }
        named = {key: entry for key, entry in found.items() if entry.id}
        return {
            **{doc_id: replace(entry, id=doc_id) for doc_id, entry in implied.items()},
            **named,
        }

    @property
    def days(self) -> dict[str, date]:
        """The ids with the day of each."""
        return {doc_id: entry.on for doc_id, entry in self.by_id.items()}

    @cached_property
    def addresses(self) -> Mapping[str, Withdrawal]:
        """Those that are meant by their address."""
        return {
            key: entry for key, entry in self.entries.items() if entry is not None and not entry.id
        }

    def of(self, doc_id: str, url: str = "") -> Withdrawal | None:
        """The withdrawal of an article with this id or address."""
        found = self.by_id.get(doc_id)
        if found is None and url and self.addresses:
            found = self.addresses.get(canonical_url(url))
        return found

    def over(self, older: Mapping[str, date]) -> "Withdrawals":
        """These and what an index names itself, where the register has no word on it."""
        unknown = {
            doc_id: Withdrawal(id=doc_id, on=day)
            for doc_id, day in older.items()
            if doc_id not in self.entries and doc_id not in self.by_id
        }
        return Withdrawals({**unknown, **self.entries}) if unknown else self


def register_path(folder: Path) -> Path:
    """The register of an index folder: `var/index.withdrawals` beside `var/index`."""
    whole = Path(os.path.abspath(folder))
    return whole.parent / f"{whole.name}.withdrawals"


class WithdrawalRegister:
    """The file; threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._state: RegisterState | None = None
        self._known = Withdrawals()

    def state(self) -> RegisterState:
        """Tells whether it has changed; raises StorageError."""
        try:
            with storage_errors(self.path.parent, FileNotFoundError, file=self.path.name):
                status = self.path.stat()
        except FileNotFoundError:
            return _NO_FILE
        return status.st_ino, status.st_size, status.st_mtime_ns

    def exists(self) -> bool:
        """Whether anything was ever withdrawn; raises StorageError."""
        return self.state() != _NO_FILE

    def read(self) -> Withdrawals:
        """What it says now; raises RegisterDamaged, StorageError."""
        state = self.state()
        with self._lock:
            if state != self._state:
                self._known = Withdrawals(self._entries())
                self._state = state
            return self._known

    def withdraw(self, entries: Iterable[Withdrawal]) -> None:
        """Add withdrawals, all or none, durably.

        Raises:
            StorageError: nothing has changed.
            CommitNotDurable: they count, but perhaps would not survive a loss of power.
        """
        now = datetime.now(UTC).replace(microsecond=0)
        self._append(
            _Line(
                at=now,
                id=each.id,
                address=each.address,
                on=each.on,
                reason=each.reason,
                by=each.by,
                headline=each.headline,
                source=each.source,
            )
            for each in entries
        )

    def give_back(self, key: str, by: str = "") -> bool:
        """Take back the withdrawal of an id or an address; False where there is none."""
        known = self.read()
        address = canonical_url(key)
        keys = {key} if known.by_id.get(key) else set()
        if address in known.addresses:
            # With it come the ids that were found under it.
            keys |= {each.id for each in known.by_id.values() if each.address == address}
            keys.add(address)
        now = datetime.now(UTC).replace(microsecond=0)
        self._append(
            _Line(at=now, by=by, address=each)
            if each in known.addresses
            else _Line(at=now, by=by, id=each)
            for each in sorted(keys)
        )
        return bool(keys)

    def merge(self, other: Withdrawals) -> None:
        """Add what another register knows and this one does not; this one has the last word."""
        known = self.read()
        new = {key: each for key, each in other.entries.items() if key not in known.entries}
        self.withdraw(each for each in new.values() if each is not None)

    def _entries(self) -> dict[str, Withdrawal | None]:
        entries: dict[str, Withdrawal | None] = {}
        for line in self._lines():
            key = line.id or line.address
            entries.pop(key, None)
            entries[key] = None
            if line.on is not None:
                entries[key] = Withdrawal(
                    id=line.id,
                    address=line.address,
                    on=line.on,
                    reason=line.reason,
                    by=line.by,
                    headline=line.headline,
                    source=line.source,
                )
        return entries

    def _lines(self) -> Iterator[_Line]:
        try:
            with (
                storage_errors(self.path.parent, FileNotFoundError, file=self.path.name),
                _opened(self.path, os.O_RDONLY) as descriptor,
            ):
                data = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
        except FileNotFoundError:
            return
        # What follows the last line end was never confirmed to anybody.
        for number, raw in enumerate(data.split(b"\n")[:-1], 1):
            checksum, _, body = raw.partition(b" ")
            try:
                if int(checksum, 16) != zlib.crc32(body):
                    raise ValueError("it does not match its checksum")
                line = msgspec.json.decode(body, type=_Line)
                if not line.id and not line.address:
                    raise ValueError("it names no article")
                yield line
            except (ValueError, RecursionError) as error:
                raise RegisterDamaged(self.path, f"line {number}: {error}") from error

    def _append(self, lines: Iterable[_Line]) -> None:
        data = b"".join(
            b"%08x %s\n" % (zlib.crc32(body), body) for body in map(msgspec.json.encode, lines)
        )
        if not data:
            return
        with storage_errors(self.path.parent, FileNotFoundError, file=self.path.name):
            is_new = not self.path.exists()
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _opened(self.path, os.O_RDWR | os.O_CREAT) as descriptor:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                _write_at_end(descriptor, data)
                try:
                    os.fsync(descriptor)
                    if is_new:
                        sync_folder(self.path.parent)
                except OSError as error:
                    reason = error.strerror or str(error)
                    raise CommitNotDurable(self.path, reason) from error


def _write_at_end(descriptor: int, data: bytes) -> None:
    """Append to whole lines; after an error the file is as it was."""
    size = os.fstat(descriptor).st_size
    kept = os.pread(descriptor, size, 0).rfind(b"\n") + 1
    if kept < size:  # half a line of a process that was killed
        os.ftruncate(descriptor, kept)
    try:
        written = 0
        while written < len(data):
            written += os.pwrite(descriptor, data[written:], kept + written)
    except BaseException:
        os.ftruncate(descriptor, kept)
        raise


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags | _SAFELY, _MODE)
    try:
        if not S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file, remove it")
        yield descriptor
    finally:
        # What is written is forced to the disk by then: an error here would say that it is not.
        with suppress(OSError):
            os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Force new names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def storage_errors(folder: Path, *kept: type[OSError], file: str = "") -> Iterator[None]:
    """Turn what the system refuses in a folder into StorageError.

    Args:
        kept: errors that stay what they are.
        file: the one that is meant where the system names none of the folder.
    """
    try:
        yield
    except kept:
        raise
    except OSError as error:
        if isinstance(error.filename, str) and Path(error.filename).parent == folder:
            file = Path(error.filename).name
        reason = error.strerror or str(error)
        raise StorageError(str(folder), f"{file}: {reason}" if file else reason) from error
