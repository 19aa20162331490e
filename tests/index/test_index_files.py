"""What a writer does with the files of a folder: hostile names, refused calls, modes, the lock."""

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from archives import EVERYTHING, in_memory, merge_all, small_index, total
from damage import segments, toc
from generated_news import numbered_article
from whoosh.util.filelock import FileLock  # noqa: TID251  # the lock that ours excludes

from analyzers import ANALYSIS_VERSION
from index import CommitNotDurable, IndexCorrupt, IndexLocked, SearchError, StorageError
from index.engines.embedded.disk import LOCK_NAME, write_lock
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.segment_writer import NewsWriter
from index.engines.embedded.store import NewsIndex


@pytest.fixture
def folder() -> Iterator[Path]:
    """An index of two segments with seven articles, its newest generation 2."""
    with in_memory() as parent:
        yield small_index(parent / "index")


def write(folder: Path) -> None:
    """Two new articles, one of which takes the place of another."""
    with WhooshEngine(folder).writer() as writer:
        writer.put(numbered_article(8))
        writer.delete("n1")
        writer.put(numbered_article(9))


def reindex(folder: Path) -> None:
    WhooshEngine(folder).reindex()


def rollback(folder: Path) -> None:
    WhooshEngine(folder).rollback()


def merge(folder: Path) -> None:
    merge_all(folder)


# -- names that belong to something else


def link_to_file(path: Path, victims: Path) -> None:
    path.symlink_to(victims / "file")


def link_to_folder(path: Path, victims: Path) -> None:
    path.symlink_to(victims)


def link_to_nothing(path: Path, victims: Path) -> None:
    path.symlink_to(victims / "missing")


def folder_with_a_file(path: Path, victims: Path) -> None:
    shutil.copytree(victims, path)


def fifo(path: Path, victims: Path) -> None:
    os.mkfifo(path)


KINDS: tuple[Callable[[Path, Path], None], ...] = (
    link_to_file,
    link_to_folder,
    link_to_nothing,
    folder_with_a_file,
    fifo,
)
each_kind = pytest.mark.parametrize("place", KINDS, ids=lambda kind: kind.__name__)


def state(path: Path) -> object:
    """What there is, links not followed."""
    if path.is_symlink():
        return path.readlink()
    if path.is_dir():
        return {each.name: state(each) for each in path.iterdir()}
    return path.read_bytes() if path.is_file() else stat.S_IFMT(path.lstat().st_mode)


@pytest.fixture
def victims(folder: Path) -> Path:
    victims = folder.parent / "victims"
    victims.mkdir()
    (victims / "file").write_text("mine")
    (victims / "other.arrays").write_text("mine too")
    return victims


@each_kind
@pytest.mark.parametrize(
    "name",
    [
        "NEWS.tmp",
        "_NEWS_3.toc",
        "_NEWS_3.toc.new",
        "_NEWS_99.toc",
        "NEWS_0123456789ab.arrays",
        "NEWS_0123456789ab.tmp",
        "notes",
    ],
)
def test_what_is_no_file_of_ours_is_left_alone(
    folder: Path, victims: Path, name: str, place: Callable[[Path, Path], None]
) -> None:
    place(folder / name, victims)
    before = state(folder / name), state(victims)
    write(folder)
    assert total(folder) == 8
    for rewrite in (reindex, rollback, merge):
        rewrite(folder)
        assert total(folder) == 8
    assert WhooshEngine(folder).verify().articles == 8
    assert (state(folder / name), state(victims)) == before


@each_kind
def test_a_lock_that_is_no_file_is_refused(
    folder: Path, victims: Path, place: Callable[[Path, Path], None]
) -> None:
    (folder / LOCK_NAME).unlink()
    place(folder / LOCK_NAME, victims)
    before = state(folder), state(victims)
    for _ in range(2):
        with pytest.raises(StorageError, match=LOCK_NAME):
            write(folder)
    assert total(folder) == 7
    assert (state(folder), state(victims)) == before


@each_kind
@pytest.mark.parametrize("of", [toc, lambda folder: segments(folder)[0]], ids=["toc", "segment"])
def test_an_index_file_that_is_none_is_not_read(
    folder: Path,
    victims: Path,
    of: Callable[[Path], Path],
    place: Callable[[Path, Path], None],
) -> None:
    path = of(folder)
    path.rename(victims / "file")
    place(path, victims)
    before = state(folder), state(victims)
    for use in (total, write):
        with pytest.raises(SearchError):  # IndexNotFound without a table of contents
            use(folder)
    with pytest.raises(IndexCorrupt):
        write(folder)
    assert (state(folder), state(victims)) == before


def test_files_of_ours_are_neither_executable_nor_for_everybody(tmp_path: Path) -> None:
    for mask, mode in ((0o022, 0o640), (0o077, 0o600), (0, 0o640)):
        before = os.umask(mask)
        try:
            folder = small_index(tmp_path / f"{mask}")
            reindex(folder)
        finally:
            os.umask(before)
        modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in folder.iterdir()}
        assert LOCK_NAME in modes
        for name, found in modes.items():
            assert found == (mode & 0o440 if name.endswith(".arrays") else mode), name


def test_files_of_an_older_version_lose_their_rights_with_the_next_commit(folder: Path) -> None:
    kept = [toc(folder), *segments(folder), folder / LOCK_NAME]
    for path in kept:
        path.chmod(0o755)
    write(folder)
    for path in kept:
        assert stat.S_IMODE(path.lstat().st_mode) == (0o440 if path.suffix == ".arrays" else 0o640)


def test_leftovers_of_writers_that_were_killed_go_with_the_next_commit(folder: Path) -> None:
    leftovers = ("NEWS_0123456789ab.arrays", "NEWS_x1.tmp", "_NEWS_2.toc.new", "_NEWS_1.toc")
    for name in leftovers:
        (folder / name).write_bytes(b"half")
    others = ("NEWS.txt", "NEWS_x.arrays.bak", "x_NEWS_1.toc", "_NEWS_.toc", ".hidden")
    for name in others:
        (folder / name).write_bytes(b"mine")
    write(folder)
    names = {path.name for path in folder.iterdir()}
    assert names.isdisjoint(leftovers)
    assert names.issuperset(others)


# -- the lock


def test_the_lock_is_the_one_that_whoosh_takes(folder: Path) -> None:
    whooshs = FileLock(str(folder / LOCK_NAME))
    assert whooshs.acquire()
    with pytest.raises(IndexLocked):
        write(folder)
    whooshs.release()
    with WhooshEngine(folder).writer():
        assert not FileLock(str(folder / LOCK_NAME)).acquire()
    assert whooshs.acquire()
    whooshs.release()


def test_an_index_is_not_made_under_the_hands_of_another_process(tmp_path: Path) -> None:
    with write_lock(tmp_path), pytest.raises(IndexLocked):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [LOCK_NAME]
    write(tmp_path)
    assert total(tmp_path) == 2


# -- calls that the system refuses

_CALLS = ("open", "fsync", "rename", "unlink", "close", "scandir", "fstat", "mkdir")


@contextmanager
def refusing(at: int, code: int, parent: Path) -> Iterator[list[str]]:
    """Fail the call `at`, counted from 1, of those that concern files below a folder.

    Yields what was called; the last of them failed if there are `at`.
    """
    called: list[str] = []
    ours: set[int] = set()

    def wrapped(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(target: Any, *args: Any, **options: Any) -> Any:
            is_ours = target in ours if isinstance(target, int) else str(parent) in str(target)
            if is_ours:
                called.append(name)
            fails = is_ours and len(called) == at
            if fails and name != "close":  # a refused close has closed
                raise OSError(code, os.strerror(code))
            result = function(target, *args, **options)
            if name == "open" and is_ours:
                ours.add(result)
            elif name == "close":
                ours.discard(target)
            if fails:
                raise OSError(code, os.strerror(code))
            return result

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in _CALLS:
            patch.setattr(os, name, wrapped(name, getattr(os, name)))
        patch.setattr(fcntl, "flock", wrapped("flock", fcntl.flock))
        yield called


def generation(folder: Path) -> int:
    return NewsIndex(folder, ANALYSIS_VERSION).latest_generation()


_OPERATIONS = (write, merge, reindex, rollback)
_CODES = (errno.EIO, errno.ENOSPC, errno.EACCES)


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        pytest.param(
            operation,
            code,
            id=f"{operation.__name__}-{errno.errorcode[code]}",
            # Of all that is refused, `test_index_faults.py` quickly tries some at every command.
            marks=[] if code == errno.EIO and operation is write else [pytest.mark.slow],
        )
        for operation in _OPERATIONS
        for code in _CODES
    ],
)
def test_every_refused_call_is_told_for_what_it_did(
    folder: Path, operation: Callable[[Path], None], code: int
) -> None:
    if operation is rollback:
        reindex(folder)
    before = generation(folder)
    outcomes: set[object] = set()
    failed: set[str] = set()
    for at in range(1, 200):
        copy = shutil.copytree(folder, folder.parent / "copy")
        outcome: type[SearchError] | None = None
        with refusing(at, code, copy) as called:
            try:
                operation(copy)
            except SearchError as error:
                outcome = type(error)
        committed = generation(copy) > before
        if outcome in (None, CommitNotDurable):
            assert committed, (called, outcome)
        else:
            assert not committed, (called, outcome)
            assert state(copy / toc(copy).name) == state(toc(folder))
        engine = WhooshEngine(copy)
        found = 8 if committed and operation is write else 7
        assert engine.search(EVERYTHING).total == engine.verify().articles == found
        NewsWriter.open(NewsIndex(copy, ANALYSIS_VERSION)).abandon()  # the lock is free
        write(copy)
        assert total(copy) == 8
        assert len(list(copy.glob("*.toc"))) == 2
        shutil.rmtree(copy)
        if len(called) < at:
            break
        outcomes.add(outcome)
        failed.add(called[at - 1])
    else:
        pytest.fail("the operation never ends")
    assert {None, CommitNotDurable, StorageError} <= outcomes
    assert failed >= {"open", "fsync", "rename", "unlink", "close", "scandir", "fstat", "flock"}


@pytest.mark.parametrize(
    "code",
    [errno.EIO, pytest.param(errno.ENOSPC, marks=pytest.mark.slow)],
    ids=lambda code: errno.errorcode[code],
)
def test_every_refused_call_of_the_first_write(tmp_path: Path, code: int) -> None:
    for at in range(1, 200):
        folder = tmp_path / f"{at}"
        outcome: type[SearchError] | None = None
        with refusing(at, code, folder) as called:
            try:
                write(folder)
            except SearchError as error:
                outcome = type(error)
        found = total(folder) if generation(folder) >= 0 else 0
        assert found == (2 if outcome in (None, CommitNotDurable) else 0), (called, outcome)
        write(folder)
        assert total(folder) == 2
        if len(called) < at:
            return
    pytest.fail("the operation never ends")


def test_what_cannot_be_removed_is_logged_and_removed_later(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (old,) = set(folder.glob("*.toc")) - {toc(folder)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "unlink", _refuse)
        write(folder)
    assert f"{old} cannot be removed" in caplog.text
    assert total(folder) == 8
    assert old.exists()
    merge(folder)
    assert not old.exists()


def _refuse(path: object) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def test_both_generations_stay_where_the_newer_one_may_not_last(folder: Path) -> None:
    before = {path.name for path in folder.iterdir()}
    real = os.fsync
    folders = 0

    def fsync(descriptor: int) -> None:
        nonlocal folders
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            folders += 1
            if folders > 1:  # before the commit, and after it
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(CommitNotDurable, match="do not repeat it"):
            write(folder)
    assert total(folder) == 8
    assert {path.name for path in folder.iterdir()} > before
    newest = max(folder.glob("*.toc"))
    newest.unlink()  # as a loss of power might
    assert total(folder) == 7
    write(folder)
    assert total(folder) == 8
