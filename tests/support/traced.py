"""Every system call of a process on the files below a folder: seen, refused, or its last.

The process is traced with ptrace(2); a seccomp filter lets calls pass that have nothing to do with
files, everything else stops here. So nothing of the traced code takes part: writes of C libraries
(SQLite, NumPy) and of every thread and child are seen like those of Python. A call that the table
of `system_calls.py` does not know is an error of the test, and so is a shared map that is writable:
no file can be changed unseen.

Limits: Linux on x86-64 only. Reading a mapped page is no system call, so that no error can be
injected there; the map itself can be refused. An error is injected instead of the call, except for
`close`, which closes, as Linux does. What lies outside of the folder is not looked at.
"""

import gc
import logging
import os
import platform
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

from system_calls import (
    ARGUMENTS,
    CONT,
    FILE_CALLS,
    ORIG_RAX,
    RAX,
    SETOPTIONS,
    SYSCALL,
    TRACEME,
    filter_calls,
    memory_of,
    position_of,
    ptrace,
    registers_of,
    set_registers,
    signed,
    text_at,
)

_MAP_SHARED, _PROT_WRITE = 0x1, 0x2
_AT_FDCWD: Final = -100
_WRITING: Final = frozenset({"write", "pwrite", "writev", "pwritev"})
_CREATING: Final = frozenset({"open", "openat", "creat", "mkdir", "mkdirat"})
_LOOKING: Final = frozenset(
    {
        *("open", "openat", "close", "read", "pread", "readv", "preadv", "lseek", "mmap", "ioctl"),
        *("stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2"),
        *("statfs", "fstatfs", "readlink", "readlinkat", "getdents", "getdents64", "fadvise"),
        *("getxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr", "chdir", "fchdir"),
        *("dup", "dup2", "dup3", "fcntl", "flock"),
    }
)

#: Ends of calls are told from traps, threads and children are followed, the filter stops calls, and
#: nothing outlives the tracer.
_OPTIONS: Final = 0x1 | 0x2 | 0x4 | 0x8 | 0x80 | 0x100000
_EVENT_SECCOMP: Final = 7
_WALL: Final = 0x40000000
_NOT_TRACED: Final = 70
#: A process that takes longer is ended by SIGALRM: it waits for what never comes.
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Operation:
    """A call on a file below the folder; paths are relative to it, and "" is the folder itself."""

    name: str
    path: str
    target: str | None
    """The other path of a rename or link."""
    inode: int
    """Of the file or folder that a descriptor or new name belongs to; 0 where that is unknown."""
    existed: bool
    """Whether the path had a file before."""
    offset: int
    """Of a write, in bytes; the length of a truncation."""
    data: bytes
    """What is written, where it is kept."""
    result: int
    """What the call returned; an error is its negative number."""

    @property
    def changes(self) -> bool:
        """Whether something on the disk may be different now."""
        created = self.name in _CREATING and not self.existed
        return self.result >= 0 and (created or self.name not in _LOOKING)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at an operation, counted from 1."""

    at: int
    error: int = 0
    """The error that it ends with; 0: the process is killed before it."""
    sticky: bool = False
    """Whether all operations after it end in the same way."""
    torn: bool = False
    """Whether a write is half done before the process is killed."""


@dataclass(frozen=True, slots=True)
class Traced:
    """What a process did, how it ended (negative: by a signal) and what it printed.

    With a fault, `operations` has the results of those at the fault and, where it is sticky, after
    it; otherwise it ends with the fault.
    """

    operations: tuple[Operation, ...]
    status: int
    stdout: str
    stderr: str


class UnknownCall(Exception):
    """A call that the table does not have: say there what it does to files."""


def traced(
    root: Path, function: Callable[[], int], fault: Fault | None = None, *, keep: bool = False
) -> Traced:
    """Run a function in a forked process, and see what it does to the files below a folder.

    Args:
        root: an absolute path without links.
        function: returns the exit code.
        keep: keep what is written, for a replay.
    """
    out, err = os.memfd_create("out"), os.memfd_create("err")
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if not pid:
            _child(root, function, out, err)
        tracer = _Tracer(str(root), pid, fault, keep=keep)
        status = tracer.run()
        return Traced(tuple(tracer.operations), status, _text(out), _text(err))
    finally:
        os.close(out)
        os.close(err)


@cache
def unavailable() -> str:
    """Why nothing can be traced on this machine; empty where it can."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "the tracer knows Linux on x86-64 only"
    try:
        done = traced(Path("/nowhere"), lambda: 3)
    except OSError as error:
        return f"ptrace is not permitted: {error}"
    return "" if done.status == 3 else f"ptrace is not permitted: {done.stderr}"


class _Tracer:
    def __init__(self, root: str, pid: int, fault: Fault | None, *, keep: bool) -> None:
        self.operations: list[Operation] = []
        self._root = root
        self._pid = pid
        self._fault = fault
        self._keep = keep
        self._under_way: dict[int, tuple[int, int]] = {}
        """Thread → the place of its operation in the list, and the error it is to end with."""

    def run(self) -> int:
        """The exit code of the process, or the negative number of its signal."""
        try:
            return self._run()
        except BaseException:
            self._kill()
            raise

    def _run(self) -> int:
        os.waitpid(self._pid, 0)
        ptrace(SETOPTIONS, self._pid, _OPTIONS)
        ptrace(CONT, self._pid)
        end = 0
        while True:
            try:
                # The group: the process of the tests has other children.
                tid, status = os.waitpid(-self._pid, _WALL)
            except ChildProcessError:
                return end
            if not os.WIFSTOPPED(status):
                if tid == self._pid:
                    end = os.waitstatus_to_exitcode(status)
                continue
            signum, event = os.WSTOPSIG(status), status >> 16
            try:
                if event == _EVENT_SECCOMP:
                    self._entered(tid)
                elif signum == signal.SIGTRAP | 0x80:
                    self._left(tid)
                else:
                    ours = event or signum in (signal.SIGSTOP, signal.SIGTRAP)
                    ptrace(CONT, tid, 0 if ours else signum)
            except ProcessLookupError:
                continue  # another thread has ended the process

    def _kill(self) -> None:
        os.killpg(self._pid, signal.SIGKILL)

    def _entered(self, tid: int) -> None:
        fault, count = self._fault, len(self.operations) + 1
        if fault is not None and count > fault.at and not fault.sticky:
            ptrace(CONT, tid)  # what comes after a fault is not looked at
            return
        registers = registers_of(tid)
        operation = self._operation(tid, registers)
        if operation is None:
            ptrace(CONT, tid)
            return
        self.operations.append(operation)
        if fault is not None and count < fault.at:
            ptrace(CONT, tid)
            return
        self._under_way[tid] = count - 1, 0
        if fault is not None:
            if fault.error:
                self._under_way[tid] = count - 1, fault.error
                if operation.name != "close":
                    registers[ORIG_RAX] = (1 << 64) - 1
                    registers[RAX] = (1 << 64) - fault.error
                    set_registers(tid, registers)
            elif fault.torn and operation.name in _WRITING:
                registers[ARGUMENTS[2]] //= 2  # bytes, or buffers; `_left` kills
                set_registers(tid, registers)
            else:
                self._kill()
                return
        ptrace(SYSCALL, tid)

    def _left(self, tid: int) -> None:
        place, error = self._under_way.pop(tid)
        registers = registers_of(tid)
        result = registers[RAX] - (1 << 64) * (registers[RAX] >> 63)
        operation = self.operations[place]
        if error and operation.name == "close":
            registers[RAX] = (1 << 64) - error
            set_registers(tid, registers)
            result = -error
        inode = operation.inode
        if operation.name in _CREATING and result >= 0 and not operation.existed:
            inode = os.lstat(f"{self._root}/{operation.path}").st_ino
        self.operations[place] = replace(operation, result=result, inode=inode)
        if self._fault is not None and self._fault.torn and place + 1 == self._fault.at:
            self._kill()
        else:
            ptrace(CONT, tid)

    def _operation(self, tid: int, registers: list[int]) -> Operation | None:
        """The call that a thread has come to, where it is about a file below the folder."""
        number = registers[ORIG_RAX]
        if number not in FILE_CALLS:
            raise UnknownCall(f"system call {number}")
        name, kinds = FILE_CALLS[number]
        arguments = [registers[place] for place in ARGUMENTS]
        paths: list[str] = []
        inode = 0
        for kind, first, second in zip(kinds, arguments, [*arguments[1:], 0], strict=False):
            if kind == "p":
                paths.append(self._absolute(tid, _AT_FDCWD, first))
            elif kind == "d":
                paths.append(self._absolute(tid, signed(first), second))
            elif kind == "f":
                descriptor = f"/proc/{tid}/fd/{signed(first)}"
                try:
                    paths.append(os.readlink(descriptor).removesuffix(" (deleted)"))
                    if self._below(paths[-1]):
                        inode = os.stat(descriptor).st_ino
                except FileNotFoundError:
                    continue  # no descriptor: the call will say so
        below = [path for path in paths if self._below(path)]
        if not below:
            return None
        if name == "mmap" and arguments[2] & _PROT_WRITE and arguments[3] & _MAP_SHARED:
            raise UnknownCall(f"{below[0]} is mapped to be written")
        offset, data = 0, b""
        if name in _WRITING:
            if name not in ("write", "pwrite"):
                raise UnknownCall(name)
            offset = arguments[3] if name == "pwrite" else position_of(tid, signed(arguments[0]))
            data = memory_of(tid, arguments[1], arguments[2]) if self._keep else b""
        elif "truncate" in name:
            offset = arguments[1]
        elif name in ("open", "openat"):
            flags = arguments[2 if name == "openat" else 1]
            if flags & os.O_TRUNC and os.path.exists(below[0]):
                raise UnknownCall(f"{below[0]} is opened to be overwritten")
        relative = [path[len(self._root) + 1 :] for path in below]
        return Operation(
            name,
            relative[0],
            relative[1] if len(relative) > 1 else None,
            inode,
            os.path.lexists(below[0]),
            offset,
            data,
            0,
        )

    def _below(self, path: str) -> bool:
        return path == self._root or path.startswith(self._root + "/")

    def _absolute(self, tid: int, folder: int, address: int) -> str:
        path = os.fsdecode(text_at(tid, address))
        if path.startswith("/"):
            return os.path.normpath(path)
        place = "cwd" if folder == _AT_FDCWD else f"fd/{folder}"
        try:
            start = os.readlink(f"/proc/{tid}/{place}")
        except FileNotFoundError:
            return path  # no descriptor: the call will say so
        return os.path.normpath(f"{start}/{path}") if path else start


def _child(root: Path, function: Callable[[], int], out: int, err: int) -> NoReturn:
    """The traced process: the function, then what it still has locked, as an error."""
    os.setpgid(0, 0)
    signal.alarm(_SECONDS)
    for descriptor, target in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
        os.dup2(descriptor, target)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    logging.root.handlers.clear()  # those of pytest write elsewhere
    status = _NOT_TRACED
    try:
        gc.disable()  # what only the collector would close is not closed
        ptrace(TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        filter_calls()
        try:
            status = function()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        _report_locks(str(root))
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _report_locks(root: str) -> None:
    """Name, on standard error, what this process still has locked below the folder."""
    for name in os.listdir("/proc/self/fdinfo"):
        try:
            path = os.readlink(f"/proc/self/fd/{name}")
            locked = "lock:" in Path(f"/proc/self/fdinfo/{name}").read_text()
        except FileNotFoundError:
            continue  # that of the listing itself
        if locked and path.startswith(root):
            sys.stderr.write(f"still locked: {path}\n")


def _text(descriptor: int) -> str:
    return os.pread(descriptor, 1 << 20, 0).decode(errors="replace")
