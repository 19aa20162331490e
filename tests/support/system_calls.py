"""The calls of the Linux kernel on x86-64, and how one process watches those of another."""

import ctypes
import os
import struct
from functools import cache
from pathlib import Path
from typing import Final

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
FILE_CALLS: Final = {
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
_MAP_ANONYMOUS: Final = 0x20
#: Requests of ptrace(2).
TRACEME, CONT, GETREGS, SETREGS, SYSCALL, SETOPTIONS = 0, 7, 12, 13, 24, 0x4200
#: Registers as GETREGS has them: six arguments, the result, the number of the call.
_REGISTERS: Final = struct.Struct("27Q")
ARGUMENTS: Final = (14, 13, 12, 7, 9, 8)  # rdi, rsi, rdx, r10, r8, r9
RAX, ORIG_RAX = 10, 15


def filter_calls() -> None:
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


def ptrace(request: int, tid: int, data: int | ctypes.Array[ctypes.c_char] = 0) -> None:
    """A request about a thread; raises OSError, ProcessLookupError where it has ended."""
    if _libc().ptrace(request, tid, None, data) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def registers_of(tid: int) -> list[int]:
    """The registers of a thread that has stopped."""
    buffer = ctypes.create_string_buffer(_REGISTERS.size)
    ptrace(GETREGS, tid, buffer)
    return list(_REGISTERS.unpack(buffer.raw))


def set_registers(tid: int, registers: list[int]) -> None:
    """Have it go on with these."""
    buffer = ctypes.create_string_buffer(_REGISTERS.pack(*registers), _REGISTERS.size)
    ptrace(SETREGS, tid, buffer)


def signed(register: int) -> int:
    """A descriptor: the low half, as a C int."""
    return (register & 0xFFFFFFFF) - ((register & 0x80000000) << 1)


def position_of(tid: int, descriptor: int) -> int:
    """Where the next write goes, in bytes."""
    return int(Path(f"/proc/{tid}/fdinfo/{descriptor}").read_text().split()[1])


def memory_of(tid: int, address: int, size: int) -> bytes:
    """Bytes of its memory; fewer where there are no more."""
    descriptor = os.open(f"/proc/{tid}/mem", os.O_RDONLY)
    try:
        return os.pread(descriptor, size, address)
    finally:
        os.close(descriptor)


def text_at(tid: int, address: int) -> bytes:
    """The bytes up to the next zero; none at the address 0."""
    text = b""
    while address and b"\0" not in text:
        # Up to the end of the page: the next one may not be there.
        part = memory_of(tid, address, 4096 - address % 4096)
        text, address = text + part, address + len(part)
    return text.partition(b"\0")[0]
