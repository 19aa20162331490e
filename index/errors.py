"""Errors that a caller of this package may see: fields, and one sentence with the remedy."""

from pathlib import Path

__all__ = [
    "BackupUnusable",
    "CommitNotDurable",
    "DocumentError",
    "EngineUnavailable",
    "FolderRequired",
    "IndexCorrupt",
    "IndexLocked",
    "IndexMismatch",
    "IndexNotFound",
    "NoWholeGeneration",
    "QueryError",
    "QueueFull",
    "QueueUnavailable",
    "RegisterDamaged",
    "RollbackUnavailable",
    "SearchError",
    "StorageError",
]


class SearchError(Exception):
    """Base of every error that this package raises on purpose."""


class IndexNotFound(SearchError):
    """There is no index in the folder."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"There is no index in {self.path}: build one with `timbao index sample_docs/`."


class IndexMismatch(SearchError):
    """The index was written by other analysis rules, or in another format, than this program's."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(expected, found)
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return (
            f"The index was written as {self.found}, this program reads {self.expected}: "
            "run `timbao reindex`, or, where the format differs, delete the folder and build it "
            "again with `timbao index`."
        )


class IndexLocked(SearchError):
    """Another process is writing to the index."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return (
            f"Another process is writing to the index in {self.path}: "
            "wait until it has ended, or let the command do so with `--wait SECONDS`."
        )


class _FolderError(SearchError):
    """Something is wrong with the folder of an index, for a reason."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


class IndexCorrupt(_FolderError):
    """A file of the index is damaged or missing."""

    def __init__(self, path: Path | str, reason: str, *, recoverable: bool = False) -> None:
        super().__init__(path, reason)
        self.recoverable = recoverable
        """Whether a table of contents is there that `timbao recover` may begin with."""

    def __str__(self) -> str:
        remedy = (
            "run `timbao recover`, which says what it brings back and what is lost."
            if self.recoverable
            else "bring back a backup with `timbao restore`, or delete the folder and build it "
            "again with `timbao index`."
        )
        return f"The index in {self.path} is damaged ({self.reason}): {remedy}"


class NoWholeGeneration(_FolderError):
    """Segments are damaged, and every generation that is there needs some of them."""

    def __str__(self) -> str:
        return (
            f"No generation of the index in {self.path} is whole ({self.reason}): bring back a "
            "backup with `timbao restore`, or give up the articles of the damaged files with "
            "`timbao recover --without-damaged`."
        )


class BackupUnusable(_FolderError):
    """A folder cannot hold a backup, or holds none that is sound."""

    def __str__(self) -> str:
        return (
            f"{self.path} cannot be used for this ({self.reason}): "
            "name another folder; the index is untouched."
        )


class RegisterDamaged(_FolderError):
    """A line of the register of withdrawn articles is not as it was written."""

    def __str__(self) -> str:
        return (
            f"The register of withdrawn articles {self.path} is damaged ({self.reason}): put a "
            "copy of it from a backup in its place, or take that line out and withdraw its article "
            "again. Until then nothing is shown, for it could be a withdrawn article."
        )


class QueueUnavailable(_FolderError):
    """The queue of accepted articles cannot be read or written."""

    def __str__(self) -> str:
        return (
            f"The queue of accepted articles {self.path} cannot be used ({self.reason}): check its "
            "permissions and the free space, then send again what was not accepted."
        )


class QueueFull(QueueUnavailable):
    """Too much waits already."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path, "too much waits in it")


class FolderRequired(SearchError):
    """An operation on files was asked of an index that is no folder."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        return (
            f"{self.address} is a cluster, not a folder: use the cluster's own snapshots, or copy "
            "the archive to a folder with `timbao copy whoosh:FOLDER`."
        )


class RollbackUnavailable(_FolderError):
    """There is no earlier generation of the index that this program could bring back."""

    def __str__(self) -> str:
        return (
            f"The index in {self.path} cannot be rolled back ({self.reason}): only what "
            "`timbao reindex` replaced can be, until the next change, by the program that wrote it."
        )


class StorageError(_FolderError):
    """The folder of the index cannot be read or written."""

    def __str__(self) -> str:
        return (
            f"The index folder {self.path} cannot be used ({self.reason}): "
            "check its permissions and the free space, then try again; what was there is untouched."
        )


class CommitNotDurable(_FolderError):
    """A change is visible, but perhaps it would not survive a loss of power."""

    def __str__(self) -> str:
        return (
            f"The change to the index in {self.path} is made, but perhaps not yet on the disk "
            f"({self.reason}): do not repeat it; check the disk, then run `sync` and "
            "`timbao verify`."
        )


class WorkerLost(SearchError):
    """A process that analyses articles ended while it was at work, or before."""

    def __init__(self, *, at_start: bool) -> None:
        super().__init__(at_start)
        self.at_start = at_start

    def __str__(self) -> str:
        if self.at_start:
            return (
                "A worker process ended before it had done anything. A script must index below "
                '`if __name__ == "__main__":`, because workers import it anew; where it does, '
                "memory may be short: index again."
            )
        return (
            "A worker process ended unexpectedly, perhaps for want of memory: index again, "
            "what was committed is kept."
        )


class DocumentError(SearchError):
    """A document cannot be read; `line` is 1-based, None where lines mean nothing."""

    def __init__(self, source: Path | str, line: int | None, reason: str) -> None:
        super().__init__(source, line, reason)
        self.source = source
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        place = str(self.source) if self.line is None else f"{self.source}, line {self.line}"
        return f"{place}: {self.reason}; correct this record and index the file again."


class QueryError(SearchError):
    """A query does not follow the syntax; `position` is the 0-based code point where it fails."""

    def __init__(self, position: int, code: str, reason: str) -> None:
        super().__init__(position, code, reason)
        self.position = position
        self.code = code
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"The query fails at character {self.position + 1} ({self.reason}): "
            "correct it there, or search for it as plain words."
        )


class EngineUnavailable(SearchError):
    """The search engine behind `url` does not answer, or refuses."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"The search engine at {self.url} does not answer ({self.reason}): "
            "check that it runs and that the address is right."
        )
