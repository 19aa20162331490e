"""Threads of the server allocate from one arena."""

import platform
import subprocess
import sys

import pytest

_PROGRAM = """
import ctypes
from threading import Thread
from searchapp.commands.serving import share_one_arena

kept = []
if {shared}:
    share_one_arena()
threads = [Thread(target=lambda: kept.append(ctypes.CDLL(None).malloc(5_000))) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
ctypes.CDLL(None).malloc_stats()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas")
@pytest.mark.parametrize("shared", [True, False])
def test_threads_share_one_arena(shared: bool) -> None:
    program = [sys.executable, "-c", _PROGRAM.format(shared=shared)]
    run = subprocess.run(program, capture_output=True, text=True, check=True)  # noqa: S603 -- ours
    assert "Arena 0:" in run.stderr
    assert ("Arena 1:" in run.stderr) is not shared
