"""`timbao intake` and `timbao watch`: what others accept or put into a folder, taken in at once."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import TYPE_CHECKING, Final

import click

from ..keys import KeyStore, KeyStoreError
from ..keys.api_keys import INGEST
from ..settings import Settings
from ..text.formatting import terminal_text
from .command_options import index_option

if TYPE_CHECKING:
    from index import Incoming, IntakeQueue

__all__ = ["intake_command", "intake_running", "watch_command"]

#: Seconds: how often it is looked whether something waits, and between two starts.
_LOOK: Final = 0.2
_PAUSE: Final = 1.0
#: What the program ends within once it is told to; the server's own peers have as long.
_STOP: Final = 8
_PROGRAM: Final = (
    *(sys.executable, "-c"),
    "from searchapp.cli import main; main(prog_name='timbao')",
)
#: Articles of one file that are handed over together.
_TOGETHER: Final = 200
#: Seconds: a file is read when it has not changed for so long, and at the latest after so long.
_SETTLED: Final = 0.3
_SETTLED_AT_LAST: Final = 10
#: Milliseconds after which the watching of a folder goes on without a change.
_FIRST_LOOK: Final = 500


@click.command("intake", short_help="Take in what was accepted over HTTP.")
@click.option("--until-closed", is_flag=True, hidden=True)
@index_option
def intake_command(until_closed: bool, index_address: str) -> None:
    """Take articles from the queue of the index into it, until the process is ended.

    `timbao serve` starts this by itself. It is for servers of another kind: one such process runs
    beside them. Of several, one works and the others wait for its end.
    """
    from index import Intake  # here: it brings the readers of all kinds of files

    stop = Event()
    if until_closed:  # by the process that started this one, however that ends
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: stop.set())
        Thread(target=_stop_at_end_of_input, args=(stop,), daemon=True).start()
    Intake(index_address).run(stop)


def _stop_at_end_of_input(stop: Event) -> None:
    while sys.stdin.buffer.read(1):
        pass
    stop.set()


@contextmanager
def intake_running(settings: Settings) -> Iterator[None]:
    """Inside, a process of its own takes in what is accepted, as soon as there is something.

    It is there from the start where a key may write. Any number of these do no harm.
    """
    stop = Event()
    watching = Thread(target=_keep_running, args=(settings, stop), daemon=True)
    watching.start()
    try:
        yield
    finally:
        stop.set()
        watching.join()


def _keep_running(settings: Settings, stop: Event) -> None:
    """Have the process run as long as there is something to do; start one anew that has ended."""
    from index import IntakeQueue, SearchError, queue_path

    queue, process = IntakeQueue(queue_path(settings.index)), None
    wanted = _may_be_written(settings)
    while not stop.wait(_LOOK):
        if process is not None and process.poll() is None:
            continue
        if process is not None and stop.wait(_PAUSE):
            break
        with suppress(SearchError):  # whoever is to write says so
            wanted = wanted or bool(queue.waiting(1))
        if wanted:
            arguments = ("intake", "--until-closed", "--index", settings.index)
            process = subprocess.Popen(  # noqa: S603  # our own interpreter and program
                [*_PROGRAM, *arguments], stdin=subprocess.PIPE, start_new_session=True
            )
    queue.close()
    if process is not None:
        _end(process)


def _may_be_written(settings: Settings) -> bool:
    try:
        return any(
            not key.revoked and INGEST in key.scopes for key in KeyStore(settings.keys).all()
        )
    except KeyStoreError:
        return False  # the first request with a key says what is wrong


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    try:
        process.wait(_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@click.command("watch", short_help="Take in the files of a folder as they appear.")
@click.argument(
    "folder", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@index_option
def watch_command(folder: Path, index_address: str) -> None:
    """Take in the news files of FOLDER and all below it, now and whenever one appears or changes.

    It goes on until the process is ended. Articles go through the queue, so that others write as
    well. A file that is removed leaves its articles where they are; hidden files, links and files
    that no reader knows are passed over.
    """
    from watchfiles import Change, watch

    from index import Intake, IntakeQueue, queue_path

    from .indexing import index_command

    stop = Event()
    queue = IntakeQueue(queue_path(index_address))
    working = Thread(target=Intake(index_address).run, args=(stop,), daemon=True)
    try:
        # What is there already; too many bad records are no reason to end.
        changes = watch(
            folder,
            stop_event=stop,
            raise_interrupt=False,
            yield_on_timeout=True,
            rust_timeout=_FIRST_LOOK,
        )
        next(changes)  # from here on nothing is missed
        index_command.main([str(folder), "--index", index_address], standalone_mode=False)
        click.echo(f"watching {folder}", err=True)
        working.start()
        for group in changes:
            changed = sorted({Path(name) for change, name in group if change != Change.deleted})
            for path in changed:
                if _is_news(path, folder) and _settled(path):
                    _hand_over(path, queue)
    finally:
        stop.set()
        if working.is_alive():
            working.join()


def _is_news(path: Path, folder: Path) -> bool:
    """Whether a changed path is a file to read: not hidden, nor a link, nor half of a download."""
    try:
        parts = path.relative_to(folder.absolute()).parts
    except ValueError:
        parts = path.parts
    hidden = any(part.startswith(".") for part in parts)
    return not hidden and path.is_file() and not path.is_symlink()


def _settled(path: Path) -> bool:
    """Wait until a file stays as it is; False where it is gone then."""
    before, waited = None, 0.0
    while waited < _SETTLED_AT_LAST:
        try:
            status = path.stat()
        except OSError:
            return False
        if before == (now := (status.st_size, status.st_mtime_ns)):
            return True
        before = now
        sleep(_SETTLED)
        waited += _SETTLED
    return True


def _hand_over(path: Path, queue: "IntakeQueue") -> None:
    """Read a file, and accept its articles."""
    from index import Action, BadRecord, Incoming, Notice, read_in_worker

    def bad(record: BadRecord) -> None:
        click.echo(terminal_text(f"left out: {record}"), err=True)

    def note(_: Notice) -> None:
        """What is said of single fields is said by `timbao index --dry-run`."""

    count, together = 0, list[Incoming]()
    for article in read_in_worker([path], on_bad=bad, on_notice=note):
        body = article.to_json()
        together.append(Incoming(action=Action.PUT_ARTICLE, id=article.id, body=body))
        if len(together) == _TOGETHER:
            _accept(queue, together)
            together = []
        count += 1
    if together:
        _accept(queue, together)
    if count:
        click.echo(terminal_text(f"{path}: {count:,} articles accepted"))


def _accept(queue: "IntakeQueue", records: "Sequence[Incoming]") -> None:
    """Accept records, as soon as there is room for them."""
    from index import QueueFull

    while True:
        try:
            queue.accept(records)
        except QueueFull:
            sleep(_PAUSE)
        else:
            return
