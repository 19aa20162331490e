"""The command and the server as other programs see them, and an HTTP client for loopback."""

import re
import subprocess
import sys
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from types import TracebackType
from typing import IO, Final, Self
from urllib.parse import urlencode

from corpora import REPOSITORY

START_SECONDS: Final = 60.0
_URL = re.compile(rb"http://[^\s/]+:(\d+)/")
_IN_THIS_TREE: Final = "from searchapp.cli import main; main()"


def timbao(*arguments: str) -> list[str]:
    """The command line of `timbao`: the installed program, or this tree where there is none."""
    program = Path(sys.executable).with_name("timbao")
    start = [str(program)] if program.is_file() else [sys.executable, "-c", _IN_THIS_TREE]
    return [*start, *arguments]


def run(command: Sequence[str]) -> tuple[float, bytes]:
    """Seconds from the start of a program to its end, and what it printed; it must succeed."""
    started = perf_counter()
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=True)  # noqa: S603  # our own commands
    return perf_counter() - started, done.stdout


class Server:
    """A program that prints its URL and serves until it is stopped; a context manager."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    @classmethod
    def of_index(cls, folder: Path) -> Self:
        """`timbao serve` over an index, on a free port."""
        return cls(timbao("serve", "--port", "0", "--index", f"whoosh:{folder}"))

    def __enter__(self) -> Self:
        self._errors: IO[bytes] = TemporaryFile()
        self._process = subprocess.Popen(  # noqa: S603  # our own commands
            self._command,
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := _URL.search(line):
                self.port = int(found[1])
                return self
        self.__exit__(None, None, None)
        raise SystemExit(f"{' '.join(self._command)} printed no address: {self.errors()}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Its whole session: what is started may be make, with the server as a child.
        subprocess.run(["/bin/kill", "--", f"-{self._process.pid}"], check=False)  # noqa: S603  # our own process
        self._process.communicate()

    @property
    def pid(self) -> int:
        """The process that was started."""
        return self._process.pid

    def errors(self) -> str:
        """What it wrote to standard error."""
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")

    def until_answer(self, path: str) -> float:
        """Seconds from now until the path is answered with 200."""
        started = perf_counter()
        while perf_counter() - started < START_SECONDS:
            client = Client(self.port)
            if client.get(path)[0] == 200:
                return perf_counter() - started
        raise SystemExit(f"{path} was not answered within {START_SECONDS:.0f} s: {self.errors()}")


class Client:
    """One connection that is kept open; it only ever talks to this machine."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)

    def get(self, path: str, **parameters: str | Sequence[str]) -> tuple[int, bytes]:
        """Status and body; status 0 and the reason where there is no answer."""
        query = f"?{urlencode(parameters, doseq=True)}" if parameters else ""
        try:
            self._connection.request("GET", path + query)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (HTTPException, OSError) as error:
            self._connection.close()
            return 0, repr(error).encode()
