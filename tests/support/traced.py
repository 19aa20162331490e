"""Every system call of a process on the files below a folder: seen, refused, or its last.

The process is traced with ptrace(2); a seccomp filter lets calls pass that have nothing to do with
files, everything else stops here. So nothing of the traced code takes part: writes of C libraries
(SQLite, NumPy) and of every thread and child are seen like those of Python. A call that the table
below does not know is an error of the test, and so is a shared and writable map of anything but
SQLite's index of its log: no file can be changed unseen.

Limits: Linux on x86-64 only. Reading a mapped page is no system call, so that no error can be
injected there; the map itself can be refused. An error is injected instead of the call, except for
`close`, which closes, as Linux does. What lies outside of the folder is not looked at.
"""

import ctypes
import gc
import os
import platform
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

#: Calls on files: number, name, arguments. p is a path, f a descriptor, d the descriptor of a
#: folder that the path behind it starts from, - something else.
_CALLS: Final = """
0 read f      1 write f     2 open p      3 close f     4 stat p      5 fstat f     6 lstat p
8 lseek f     9 mmap ----f  16 ioctl f    17 pread f    18 pwrite f   19 readv f    20 writev f
21 access p   32 dup f      33 dup2 f     40 sendfile ff              72 fcntl f    73 flock f
74 fsync f    75 fdatasync f              76 truncate p               77 ftruncate f
78 getdents f               80 chdir p    81 fchdir f   82 rename pp  83 mkdir p    84 rmdir p
85 creat p    86 link pp    87 unlink p   88 symlink -p 89 readlink p 90 chmod p    91 fchmod f
92 chown p    93 fchown f   94 lchown p   137 statfs p  138 fstatfs f              188 setxattr p
190 fsetxattr f             191 getxattr p              193 fgetxattr f            194 listxattr p
195 llistxattr p            196 flistxattr f            217 getdents64 f           221 fadvise f
257 openat d  258 mkdirat d               260 fchownat d              262 newfstatat d
263 unlinkat d              264 renameat d-d            265 linkat d-d             266 symlinkat -d
267 readlinkat d            268 fchmodat d              269 faccessat d            277 syncrange f
280 utimensat d             285 fallocate f             292 dup3 f    295 preadv f 296 pwritev f
306 syncfs f  316 renameat2 d-d           326 copy_file_range f-f     332 statx d  439 faccessat2 d
"""
_WORDS: Final = _CALLS.split()
_FILE_CALLS: Final = {
    int(number): (name, kinds)
    for number, name, kinds in zip(_WORDS[::3], _WORDS[1::3], _WORDS[2::3], strict=True)
}
#: Calls that pass: memory, signals, clocks, locks in memory, processes, pipes, sockets, limits.
_OTHERS: Final = (
    *(7, 10, 11, 12, 13, 14, 15, 22, 23, 24, 25, 28, 34, 35, 37, 38, 39, 56, 57, 58, 59, 60, 61),
    *(62, 63, 79, 95, 96, 97, 98, 99, 100, 102, 104, 107, 108, 109, 110, 111, 112, 121, 124, 131),
    *(157, 158, 186, 201, 202, 203, 204, 218, 228, 229, 230, 231, 234, 247, 270, 271, 273, 281),
    *(290, 291, 293, 302, 318, 319, 324, 334, 435),
    *(*range(41, 56), 140, 141, 160, 288, 299, 307),
)
_MMAP: Final = 9
_MAP_SHARED, _MAP_ANONYMOUS, _PROT_WRITE = 0x1, 0x20, 0x2
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

_TRACEME, _CONT, _GETREGS, _SETREGS, _SYSCALL, _SETOPTIONS = 0, 7, 12, 13, 24, 0x4200
#: Ends of calls are told from traps, threads and children are followed, the filter stops calls, and
#: nothing outlives the tracer.
_OPTIONS: Final = 0x1 | 0x2 | 0x4 | 0x8 | 0x80 | 0x100000
_EVENT_SECCOMP: Final = 7
_WALL: Final = 0x40000000
_REGISTERS: Final = struct.Struct("27Q")
_ARGUMENTS: Final = (14, 13, 12, 7, 9, 8)  # rdi, rsi, rdx, r10, r8, r9
_RAX, _ORIG_RAX = 10, 15
_NOT_TRACED: Final = 70


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
        _ptrace(_SETOPTIONS, self._pid, _OPTIONS)
        _ptrace(_CONT, self._pid)
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
                    _ptrace(_CONT, tid, 0 if ours else signum)
            except ProcessLookupError:
                continue  # another thread has ended the process

    def _kill(self) -> None:
        os.killpg(self._pid, signal.SIGKILL)

    def _entered(self, tid: int) -> None:
        fault, count = self._fault, len(self.operations) + 1
        if fault is not None and count > fault.at and not fault.sticky:
            _ptrace(_CONT, tid)  # what comes after a fault is not looked at
            return
        registers = _registers(tid)
        operation = self._operation(tid, registers)
        if operation is None:
            _ptrace(_CONT, tid)
            return
        self.operations.append(operation)
        if fault is not None and count < fault.at:
            _ptrace(_CONT, tid)
            return
        self._under_way[tid] = count - 1, 0
        if fault is not None:
            if fault.error:
                self._under_way[tid] = count - 1, fault.error
                if operation.name != "close":
                    registers[_ORIG_RAX] = (1 << 64) - 1
                    registers[_RAX] = (1 << 64) - fault.error
                    _set_registers(tid, registers)
            elif fault.torn and operation.name in _WRITING:
                registers[_ARGUMENTS[2]] //= 2  # bytes, or buffers; `_left` kills
                _set_registers(tid, registers)
            else:
                self._kill()
                return
        _ptrace(_SYSCALL, tid)

    def _left(self, tid: int) -> None:
        place, error = self._under_way.pop(tid)
        registers = _registers(tid)
        result = registers[_RAX] - (1 << 64) * (registers[_RAX] >> 63)
        operation = self.operations[place]
        if error and operation.name == "close":
            registers[_RAX] = (1 << 64) - error
            _set_registers(tid, registers)
            result = -error
        inode = operation.inode
        if operation.name in _CREATING and result >= 0 and not operation.existed:
            inode = os.lstat(f"{self._root}/{operation.path}").st_ino
        self.operations[place] = replace(operation, result=result, inode=inode)
        if self._fault is not None and self._fault.torn and place + 1 == self._fault.at:
            self._kill()
        else:
            _ptrace(_CONT, tid)

    def _operation(self, tid: int, registers: list[int]) -> Operation | None:
        """The call that a thread has come to, where it is about a file below the folder."""
        number = registers[_ORIG_RAX]
        if number not in _FILE_CALLS:
            raise UnknownCall(f"system call {number}")
        name, kinds = _FILE_CALLS[number]
        arguments = [registers[place] for place in _ARGUMENTS]
        paths: list[str] = []
        inode = 0
        for kind, first, second in zip(kinds, arguments, [*arguments[1:], 0], strict=False):
            if kind == "p":
                paths.append(self._absolute(tid, _AT_FDCWD, first))
            elif kind == "d":
                paths.append(self._absolute(tid, _signed(first), second))
            elif kind == "f":
                descriptor = f"/proc/{tid}/fd/{_signed(first)}"
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
            offset = arguments[3] if name == "pwrite" else _position(tid, _signed(arguments[0]))
            data = _memory(tid, arguments[1], arguments[2]) if self._keep else b""
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
        path = os.fsdecode(_text_at(tid, address))
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
    for descriptor, target in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
        os.dup2(descriptor, target)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    status = _NOT_TRACED
    try:
        gc.disable()  # what only the collector would close is not closed
        _ptrace(_TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        _filter_calls()
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


def _filter_calls() -> None:
    """Let the calls pass that have nothing to do with files; it holds for threads and children."""
    load, equal, any_bit, answer = 0x20, 0x15, 0x45, 0x06
    last = len(_OTHERS) + 5  # where the program says "pass"; right before it stands "stop"
    program = [(load, 0, 0, 0)]
    program += [(equal, last - place, 0, nr) for place, nr in enumerate(_OTHERS, 2)]
    place = len(program)
    program += [
        (equal, 0, 2, _MMAP),
        (load, 0, 0, 16 + 8 * 3),  # the low half of the flags
        (any_bit, last - place - 3, 0, _MAP_ANONYMOUS),
        (answer, 0, 0, 0x7FF00000),
        (answer, 0, 0, 0x7FFF0000),
    ]
    code = b"".join(struct.pack("<HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code)
    filters = struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    set_no_new_privileges, set_seccomp, mode_filter = 38, 22, 2
    prctl = _libc().prctl
    if prctl(set_no_new_privileges, 1, 0, 0, 0) or prctl(set_seccomp, mode_filter, filters, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


@cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long
    return libc


def _ptrace(request: int, tid: int, data: int | ctypes.Array[ctypes.c_char] = 0) -> None:
    if _libc().ptrace(request, tid, None, data) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _registers(tid: int) -> list[int]:
    buffer = ctypes.create_string_buffer(_REGISTERS.size)
    _ptrace(_GETREGS, tid, buffer)
    return list(_REGISTERS.unpack(buffer.raw))


def _set_registers(tid: int, registers: list[int]) -> None:
    buffer = ctypes.create_string_buffer(_REGISTERS.pack(*registers), _REGISTERS.size)
    _ptrace(_SETREGS, tid, buffer)


def _signed(register: int) -> int:
    """A descriptor: the low half, as a C int."""
    return (register & 0xFFFFFFFF) - ((register & 0x80000000) << 1)


def _position(tid: int, descriptor: int) -> int:
    """Where the next write goes, in bytes."""
    return int(Path(f"/proc/{tid}/fdinfo/{descriptor}").read_text().split()[1])


def _memory(tid: int, address: int, size: int) -> bytes:
    descriptor = os.open(f"/proc/{tid}/mem", os.O_RDONLY)
    try:
        return os.pread(descriptor, size, address)
    finally:
        os.close(descriptor)


def _text_at(tid: int, address: int) -> bytes:
    """The bytes up to the next zero; none at the address 0."""
    text = b""
    while address and b"\0" not in text:
        # Up to the end of the page: the next one may not be there.
        part = _memory(tid, address, 4096 - address % 4096)
        text, address = text + part, address + len(part)
    return text.partition(b"\0")[0]


def _text(descriptor: int) -> str:
    return os.pread(descriptor, 1 << 20, 0).decode(errors="replace")
