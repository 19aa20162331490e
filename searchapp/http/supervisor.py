"""Runs tasks in processes of their own, in the place of each of which another comes if it dies."""

import ctypes
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Final

__all__ = ["STOP_SECONDS", "supervise"]

_LOGGER: Final = logging.getLogger(__name__)

#: Seconds for requests in flight once the server is told to stop; `docker stop` kills after 10.
STOP_SECONDS: Final = 8
_ENDING: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
#: Seconds that a process has to live for its end to be an accident rather than a habit.
_HABIT_SECONDS: Final = 5
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 10.0
#: The parameter of prctl(2).
_PR_SET_PDEATHSIG: Final = 1


def supervise(tasks: Sequence[Callable[[], object]], stopping: Callable[[], object]) -> int:
    """Run each of the tasks in a process of its own until a signal ends all: the exit code.

    Returns in this process only, whose threads must not have begun yet. The others raise SystemExit
    at the end of their task, and are ended by SIGTERM alone, also when this process dies in
    whatever way. One that ends while it should not is begun again: at once, and if it keeps ending
    after at most ten seconds. One that fails before it has run for the first five seconds with an
    exit code of its own, since it has said why, ends everything with that code.

    SIGTERM, SIGINT or SIGHUP is passed on as SIGTERM; a second one kills.

    Args:
        stopping: called once, when no process is begun again any more.
    """
    return _Supervisor(tasks, stopping).run()


class _Supervisor:
    def __init__(
        self, tasks: Sequence[Callable[[], object]], stopping: Callable[[], object]
    ) -> None:
        self._tasks = tasks
        self._stopping = stopping
        self._running: dict[int, int] = {}
        """Process id → the number of its task."""
        self._begun = [0.0] * len(tasks)
        self._ends_in_a_row = [0] * len(tasks)
        self._due: dict[int, float] = {}
        """The number of a task that is to be begun again → when."""
        self._lived = [False] * len(tasks)
        self._exit_code = 0
        self._is_stopping = False
        # What nohup or a shell has set to be ignored stays so.
        self._ending = [each for each in _ENDING if signal.getsignal(each) is not signal.SIG_IGN]

    def run(self) -> int:
        waited_for = {*self._ending, signal.SIGCHLD, signal.SIGALRM}
        # Where it is ignored some systems keep no signal, even for who waits for it.
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.pthread_sigmask(signal.SIG_BLOCK, waited_for)
        for number in range(len(self._tasks)):
            self._begin(number)
        while self._running or self._due:
            received = signal.sigwait(waited_for)
            if received in self._ending:
                if self._is_stopping:
                    self._kill(signal.SIGKILL)
                    signal.signal(received, signal.SIG_DFL)
                    signal.pthread_sigmask(signal.SIG_UNBLOCK, {received})
                    os.kill(os.getpid(), received)
                self._stop()
            elif received == signal.SIGALRM and self._is_stopping:
                self._kill(signal.SIGKILL)
            self._reap()
            self._begin_due()
        return self._exit_code

    def _begin(self, number: int) -> None:
        parent = os.getpid()
        child = os.fork()
        if child:
            self._running[child], self._begun[number] = number, monotonic()
            return
        _end_with(parent)
        for each in (signal.SIGINT, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        for each in (signal.SIGTERM, signal.SIGCHLD, signal.SIGALRM):
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        self._tasks[number]()
        sys.exit()

    def _reap(self) -> None:
        while self._running:
            ended, status = os.waitpid(-1, os.WNOHANG)
            if not ended:
                return
            if (number := self._running.pop(ended, None)) is None:
                continue
            code, lived = os.waitstatus_to_exitcode(status), monotonic() - self._begun[number]
            if self._is_stopping:
                continue
            if code > 0 and lived < _HABIT_SECONDS and not self._lived[number]:
                self._exit_code = code
                self._stop()
                continue
            self._lived[number] = True
            how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
            _LOGGER.warning("process %d ended (%s): another takes its place", ended, how)
            habit = self._ends_in_a_row[number] + 1 if lived < _HABIT_SECONDS else 0
            self._ends_in_a_row[number] = habit
            # The first end may be an accident: nobody should wait for what comes after it.
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**habit) if habit > 1 else 0
            self._due[number] = monotonic() + pause

    def _begin_due(self) -> None:
        now = monotonic()
        for number in [number for number, when in self._due.items() if when <= now]:
            del self._due[number]
            self._begin(number)
        if self._due:
            signal.setitimer(signal.ITIMER_REAL, max(0.001, min(self._due.values()) - now))

    def _stop(self) -> None:
        self._is_stopping = True
        self._due.clear()
        self._stopping()
        self._kill(signal.SIGTERM)
        signal.setitimer(signal.ITIMER_REAL, STOP_SECONDS + 1)

    def _kill(self, number: signal.Signals) -> None:
        for child in self._running:
            with suppress(ProcessLookupError):
                os.kill(child, number)


def _end_with(parent: int) -> None:
    """Have this process sent SIGTERM when its parent dies; elsewhere than on Linux do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before
            sys.exit()
