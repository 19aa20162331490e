"""The server is killed between its answer 202 and the commit: a client counts what it was promised.

The client knows only what it sent and what was answered, and asks over HTTP.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest
from archives import in_memory
from profiles import by_profile
from running import PROGRAM

from searchapp.keys import KeyStore

pytestmark = [pytest.mark.deep, pytest.mark.serial]

_KILLS = by_profile(quick=3, deep=40)
_LONG = 60.0


class Site:
    """`timbao serve` over a folder, which can be killed with all its processes, and come back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = KeyStore(folder / "keys.sqlite").add(
            "cms", public=False, origins=(), scopes=("ingest", "search"), on=date(2026, 12, 1)
        )[1]
        self.start()

    def start(self) -> None:
        """Begin, at a free port."""
        self.process = subprocess.Popen(  # noqa: S603  # our own interpreter and program
            [*PROGRAM, "serve", "--port", "0", "--index", f"whoosh:{self.folder}/index"],
            env={
                **os.environ,
                "TIMBAO_KEYS": str(self.folder / "keys.sqlite"),
                "PYTHONUNBUFFERED": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline().rstrip("/\n").rpartition(":")[2])

    def kill(self, *, others: bool) -> None:
        """End it in the middle, and, or not, the process beside it in the same moment."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        pids = {pid for task in threads for pid in (task / "children").read_text().split()}
        pids |= set(children.read_text().split())
        self.process.kill()
        if others:
            for pid in pids:
                os.kill(int(pid), signal.SIGKILL)
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        """Status and text of an answer; raises OSError where there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Authorization": f"Bearer {self.key}"}
            connection.request(method, path, body=body and body.encode(), headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site without articles."""
    with in_memory() as folder:
        made = Site(folder)
        yield made
        made.process.terminate()
        made.process.wait()
        if made.process.stdout is not None:
            made.process.stdout.close()


def test_everything_that_was_accepted_is_found_after_any_kill(site: Site) -> None:
    moments = random.Random(20261201)  # noqa: S311  # no secrets
    promised: dict[str, int] = {}
    sent = [0]

    def send(stop: Event, sender: int) -> None:
        while not stop.is_set():
            sent[0] += 1
            number = sent[0]
            doc_id = f"s{sender}-{number % 50}"
            body = json.dumps({"title": f"Bản tin số {number}", "body": "Nội dung."})
            try:
                status, _ = site.ask("PUT", f"/api/v1/articles/{doc_id}", body)
            except OSError:
                return  # killed: nothing was promised
            if status == 202:
                promised[doc_id] = number

    for kill in range(_KILLS):
        stop = Event()
        senders = [Thread(target=send, args=(stop, sender)) for sender in range(3)]
        for each in senders:
            each.start()
        time.sleep(moments.uniform(0.05, 1.5))
        site.kill(others=kill % 3 != 0)
        stop.set()
        for each in senders:
            each.join()
        site.start()
    assert len(promised) > _KILLS
    ends = time.monotonic() + _LONG
    missing = dict(promised)
    while missing and time.monotonic() < ends:
        for doc_id, number in list(missing.items()):
            status, text = site.ask("GET", f"/api/v1/articles/{doc_id}")
            # A later one may have been accepted and its answer lost.
            if status == 200 and int(json.loads(text)["title"].rsplit(" ", 1)[1]) >= number:
                del missing[doc_id]
        time.sleep(0.2)
    assert missing == {}
    _, text = site.ask("GET", "/api/v1/search?q=ban+tin+so&per_page=10")
    assert json.loads(text)["total"] >= len(promised)
