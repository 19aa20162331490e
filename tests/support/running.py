"""Running `timbao` in a process of its own."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

__all__ = ["DEMO_MORNING", "PROGRAM", "fetch", "run_timbao", "serving", "workers_of"]

#: What the installed command does, without needing it on the path.
PROGRAM: Final = (sys.executable, "-c", "from searchapp.cli import main; main(prog_name='timbao')")

#: Settings with which a site over the sample documents has the morning of their newest ones.
DEMO_MORNING: Final = {"TIMBAO_NOW": "2026-10-05T09:00"}


def run_timbao(
    repository: Path, *args: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What the command printed, and its exit code."""
    return subprocess.run(  # noqa: S603  # our own interpreter and program
        [*PROGRAM, *args],
        cwd=repository,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@contextmanager
def serving(
    repository: Path, *args: str, env: Mapping[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`timbao serve` with these options: the line it prints, and its process until the end."""
    with subprocess.Popen(  # noqa: S603  # our own interpreter and program
        [*PROGRAM, "serve", *args],
        cwd=repository,
        env={**os.environ, **(env or {}), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline(), process
        finally:
            process.terminate()


def workers_of(server: int) -> list[int]:
    """The processes that answer for `timbao serve`, in the order in which they were begun."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text("ascii")
    return sorted(map(int, children.split()))


@contextmanager
def site_of(
    repository: Path, index: str, env: Mapping[str, str] | None = None, port: int = 0
) -> Iterator[str]:
    """The address, without a slash at its end, of `timbao serve` over an index; port 0: a free one.

    The process is a fork of this one: it need not import the program again.
    """
    import searchapp.app  # noqa: F401  # before the fork, so that only the first one pays for it

    reader, writer = os.pipe()
    process = _FORK.Process(target=_serve, args=(repository, index, env or {}, port, writer))
    process.start()
    os.close(writer)
    try:
        with open(reader, encoding="utf-8") as output:
            yield output.readline().removeprefix("Tìm Báo: ").strip().rstrip("/")
    finally:
        process.terminate()
        process.join()


_FORK: Final = get_context("fork")


def _serve(repository: Path, index: str, env: Mapping[str, str], port: int, output: int) -> None:
    from searchapp.cli import main

    gc.freeze()  # what was open in the process that forked is not for this one to end
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.chdir(repository)
    os.environ |= env
    with open(output, "w", encoding="utf-8") as sys.stdout, open(os.devnull, "w") as sys.stderr:
        main(["serve", "--port", str(port), "--index", index])


def fetch(url: str) -> tuple[int, str]:
    """Status and text of a local address."""
    assert url.startswith("http://127.0.0.1:")
    try:
        with urlopen(url, timeout=10) as response:  # noqa: S310  # checked above
            return response.status, response.read().decode()
    except URLError as error:
        raise AssertionError(f"{url} does not answer: {error}") from error
