"""What a disk may hold after a loss of power: replays of recorded operations.

The model is harsher than any one file system. Only `fsync` and `fdatasync` of a file make its data
last, and only `fsync` of a folder makes the names in it last (not that of the folder itself). Of
everything else each write may be there in full, up to any byte, or not at all, with zeros where a
later one is, and each new, changed or removed name may be there or not, in any order; a rename is
one step. Not modelled: disks that lie, and bits that rot (the flips are for that).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from traced import Operation

_FOLDER: Final = -1
#: What changes neither data nor names.
_ATTRIBUTES: Final = frozenset(
    {"chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "lchown", "utimensat"}
)
#: How likely a name, and how likely a write, has reached the disk that was not forced there.
CUTS: Final = {
    "nothing": (0.0, 0.0),
    "all names, no data": (1.0, 0.0),
    "all data, no names": (0.0, 1.0),
    "some": (0.5, 0.5),
    "most": (0.9, 0.9),
    "everything": (1.0, 1.0),
}


@dataclass(slots=True)
class _File:
    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes since it was forced to the disk; the data None stands for a truncation."""


@dataclass(slots=True)
class _Step:
    """Names that one operation changed together."""

    names: dict[str, int | None]
    """What each is now; None stands for gone."""
    unsynced: set[str]
    """The folders of these names that were not forced to the disk since."""
    moved: tuple[str, str] | None = None
    """The old and the new path of a folder, whose names go with it."""

    def apply(self, names: dict[str, int | None]) -> None:
        """Have these names be as they are after it."""
        if self.moved is not None:
            for name in list(names):
                names[_moved(name, *self.moved)] = names.pop(name)
        names.update(self.names)


class Disk:
    """A folder as it was, and what has happened to it since."""

    def __init__(self, root: Path) -> None:
        """Everything that is there now is on the disk."""
        self._files: list[_File] = []
        self._by_inode: dict[int, int] = {}
        self._start: dict[str, int] = {}
        self._steps: list[_Step] = []
        for path in sorted(root.rglob("*")):
            name = str(path.relative_to(root))
            if path.is_dir():
                self._start[name] = _FOLDER
            else:
                self._start[name] = self._new(path.stat().st_ino)
                self._files[-1].durable += path.read_bytes()
        self._now: dict[str, int | None] = dict(self._start)

    def apply(self, operation: Operation) -> None:
        """Go on by one operation."""
        if operation.result < 0:
            return
        name, path = operation.name, operation.path
        if name in ("open", "openat", "creat") and not operation.existed:
            self._step({path: self._new(operation.inode)})
        elif name in ("write", "pwrite"):
            data = operation.data[: operation.result]
            self._file(operation).pending.append((operation.offset, data))
        elif name == "ftruncate":
            self._file(operation).pending.append((operation.offset, None))
        elif name in ("fsync", "fdatasync"):
            if self._now.get(path) == _FOLDER or not path:
                for step in self._steps:
                    step.unsynced.discard(path)
            else:
                file = self._file(operation)
                _write(file.durable, file.pending)
                file.pending.clear()
        elif name in ("rename", "renameat", "renameat2"):
            assert operation.target is not None
            if self._now[path] == _FOLDER:
                for step in self._steps:
                    step.unsynced = {_moved(each, path, operation.target) for each in step.unsynced}
                self._step({}, (path, operation.target))
            else:
                self._step({operation.target: self._now[path], path: None})
        elif name in ("unlink", "unlinkat", "rmdir"):
            self._step({path: None})
        elif name in ("mkdir", "mkdirat"):
            self._step({path: _FOLDER})
        elif operation.changes and name not in _ATTRIBUTES:
            raise AssertionError(f"the model of the disk does not know {name}")

    def cut(self, target: Path, kind: str, random: Random) -> None:
        """Write into a new folder what may be there after a loss of power."""
        names_last, writes_last = CUTS[kind]
        names: dict[str, int | None] = dict(self._start)
        for step in self._steps:
            if not step.unsynced or random.random() < names_last:
                step.apply(names)
        target.mkdir()
        for name in sorted(names):
            number = names[name]
            path = target / name
            if number is None or not path.parent.is_dir():
                continue
            if number == _FOLDER:
                path.mkdir()
                continue
            file = self._files[number]
            data = bytearray(file.durable)
            lasting = []
            for offset, written in file.pending:
                chance = random.random()
                if chance < writes_last:
                    lasting.append((offset, written))
                elif written and writes_last and chance < (1 + writes_last) / 2:
                    lasting.append((offset, written[: random.randrange(len(written))]))
            _write(data, lasting)
            path.write_bytes(data)

    def _new(self, inode: int) -> int:
        self._files.append(_File())
        self._by_inode[inode] = len(self._files) - 1
        return len(self._files) - 1

    def _file(self, operation: Operation) -> _File:
        return self._files[self._by_inode[operation.inode]]

    def _step(self, names: dict[str, int | None], moved: tuple[str, str] | None = None) -> None:
        folders = {os.path.dirname(name) for name in (*names, *(moved or ()))}
        self._steps.append(_Step(names, folders, moved))
        self._steps[-1].apply(self._now)


def _moved(name: str, old: str, new: str) -> str:
    """Where a path is after a folder was renamed."""
    return new + name[len(old) :] if name == old or name.startswith(f"{old}/") else name


def _write(data: bytearray, writes: Sequence[tuple[int, bytes | None]]) -> None:
    for offset, written in writes:
        length = offset if written is None else max(len(data), offset + len(written))
        del data[length:]
        data.extend(bytes(length - len(data)))
        if written is not None:
            data[offset : offset + len(written)] = written
