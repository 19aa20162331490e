"""Worker processes that end with the process that started them, however that one ends."""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, SpawnContext
from threading import Thread, current_thread, main_thread
from types import FrameType
from typing import Final

__all__ = ["end_with_parent", "signals_wait", "worker_context"]

_SECONDS_FOR_PARENT: Final = 1.0
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def worker_context(module: str) -> ForkServerContext | SpawnContext:
    """How to start worker processes that need this module.

    A fork server imports it once, so that a worker is there at once. The server serves the process
    that started it; in one that was itself forked every worker starts anew.
    """
    if parent_process() is not None:
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([module])
    return context


@contextmanager
def signals_wait() -> Iterator[None]:
    """Hold back the signals that end this process while it starts others.

    A process that was half started is nobody's to wait for, and would complain of what is gone.
    """
    if current_thread() is not main_thread():
        yield  # the main thread gets the signals
        return
    came: list[int] = []
    before = {each: signal.signal(each, lambda number, _: came.append(number)) for each in _ENDING}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler or signal.SIG_DFL)
        for number in came:
            signal.raise_signal(number)


def end_with_parent() -> None:
    """See to it that this worker process ends with the process that started it.

    On Linux the kernel does it, even while the worker is busy in a library. Elsewhere, and where
    the other process is gone already, a thread does.
    """
    # To a signal that the whole group gets, the other process has the answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_later)
    parent = parent_process()
    if parent is None:
        raise RuntimeError("this is no worker process")
    if sys.platform == "linux":
        # The sentinel is the reading end of a pipe, which closes when the last writer does. Not
        # PR_SET_PDEATHSIG: that counts from the thread, or the fork server, that forked.
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(parent.sentinel, fcntl.F_GETFL)
        fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, flags | os.O_ASYNC)
    Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _end_later(_number: int, _frame: FrameType | None) -> None:
    # A service manager ends all processes at once. The starter is to hear of it first: it would
    # take this for a worker that was lost.
    time.sleep(_SECONDS_FOR_PARENT)
    os._exit(128 + signal.SIGTERM)
