"""Processes that die, disks that are full, folders that are read-only: nothing is lost.

The writing process commits batch after batch; batch k is known in advance, so the archive after k
commits is known too, and whatever survives must be one of these archives.
"""

import os
import resource
import shutil
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import sleep

import pytest
from archives import EVERYTHING, FORK, exit_code, kill_before, merge_all, small_index, total
from generated_news import numbered_article
from profiles import KILL_STEP

from analyzers import ANALYSIS_VERSION
from index import Article, StorageError
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.manifest import kept_segments
from index.engines.embedded.store import NewsIndex

#: Merge everything after every such commit, or rebuild it, so that processes die meanwhile too.
_MERGE_EVERY = 3
_REINDEX_EVERY = 7


def batch(number: int) -> tuple[list[Article], list[str]]:
    """What commit k writes and deletes; the article "count" tells how many commits there were."""
    count = replace(numbered_article(0), id="count", lead=f"{number}")
    updated = replace(numbered_article(number), lead=f"Sửa trong lần ghi {number}.")
    new = [numbered_article(1_000 + 3 * number + step) for step in range(3)]
    return [count, updated, *new], [f"n{1_000 + 3 * (number // 2)}"]


def expected(commits: int) -> dict[str, Article]:
    """The archive after so many commits."""
    articles: dict[str, Article] = {}
    for number in range(1, commits + 1):
        written, deleted = batch(number)
        articles |= {article.id: article for article in written}
        for doc_id in deleted:
            articles.pop(doc_id, None)
    return articles


def commits_of(engine: WhooshEngine) -> int:
    """How many commits the archive has seen."""
    count = engine.get("count")
    return 0 if count is None else int(count.lead)


def commit_next(folder: Path) -> int:
    """Write the batch that comes next; its number."""
    engine = WhooshEngine(folder)
    with engine.writer() as writer:
        number = commits_of(engine) + 1 if engine.count() else 1
        written, deleted = batch(number)
        assert all(writer.put_all(written))
        for doc_id in deleted:
            writer.delete(doc_id)
    if number % _MERGE_EVERY == 0:
        merge_all(folder)
    if number % _REINDEX_EVERY == 0:
        engine.reindex()
    return number


def assert_sound(folder: Path, commits: range) -> int:
    """Assert that a newly opened index is what one of these numbers of commits makes."""
    engine = WhooshEngine(folder)
    number = commits_of(engine)
    assert number in commits
    articles = expected(number)
    page = engine.search(EVERYTHING)
    assert {hit.id: hit.article for hit in page.hits} == articles
    assert page.total == engine.count() == len(articles)
    assert engine.verify().articles == len(articles)
    return number


def assert_goes_on(folder: Path, number: int) -> None:
    """Assert that the next write is accepted and leaves nothing of the failed one behind."""
    assert commit_next(folder) == number + 1
    assert_sound(folder, range(number + 1, number + 2))
    index = NewsIndex(folder, ANALYSIS_VERSION)
    contents = index.contents()
    before = index.before(contents.generation)
    assert before is not None
    tables = (contents, before)
    kept = [info for each in tables for info in kept_segments(each.commit, each.previous)]
    assert set(folder.glob("*.arrays")) == {info.path(folder) for info in kept}
    assert len(list(folder.glob("*.toc"))) == 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index with four commits."""
    folder = tmp_path / "index"
    for _ in range(4):
        commit_next(folder)
    return folder


# -- processes that are killed


def write_for_ever(folder: Path, reports: Connection) -> None:
    """Commit after commit; the number of each one goes to the parent when it is done."""
    while True:
        reports.send(commit_next(folder))


def test_kill_at_random_moments(folder: Path) -> None:
    random = Random(20261123)  # noqa: S311 -- the same delays in every run, no secrets
    number = 4
    for _ in range(16):
        receiver, sender = FORK.Pipe(duplex=False)
        process = FORK.Process(target=write_for_ever, args=(folder, sender))
        process.start()
        sender.close()
        number = receiver.recv()
        sleep(random.uniform(0, 0.12))
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        for reported in received(receiver):
            number = reported
        number = assert_sound(folder, range(number, number + 2))
    assert_goes_on(folder, number)


def received(receiver: Connection) -> Iterator[int]:
    """What a dead process had still sent."""
    try:
        while receiver.poll():
            yield receiver.recv()
    except EOFError:
        return


def die_before(folder: Path, count: int) -> None:
    """Commit, but kill this process before its `count`-th operation on a file of the index."""
    kill_before(folder, count)
    commit_next(folder)


@pytest.mark.deep
def test_kill_before_every_file_operation(folder: Path) -> None:
    # The fifth commit writes a segment, the sixth one merges all, the seventh one writes all anew.
    for commits in (4, 5, 6):
        kills = 0
        with TemporaryDirectory(dir=folder.parent) as spare:
            while exit_code(die_before, copied(folder, spare, kills), kills + 1) == -signal.SIGKILL:
                copy = Path(spare) / f"{kills}"
                kills += KILL_STEP
                number = assert_sound(copy, range(commits, commits + 2))
                assert_goes_on(copy, number)
        assert kills > 10
        commit_next(folder)


def copied(folder: Path, spare: str, number: int) -> Path:
    """A copy of an index."""
    return shutil.copytree(folder, Path(spare) / f"{number}")


# -- disks and folders that refuse


def write_too_much(folder: Path, limit: int) -> None:
    """Exit with 3 for a StorageError, twice, when files may have only so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    sys.exit(3 if refused(folder) and refused(folder) else 0)


def refused(folder: Path) -> bool:
    """Whether 600 articles are refused with a StorageError."""
    try:
        with WhooshEngine(folder).writer() as writer:
            for number in range(600):
                writer.put(numbered_article(number, "hết chỗ"))
    except StorageError:
        return True
    return False


@pytest.mark.parametrize("limit", [0, 100, 5_000, 40_000])
def test_a_full_disk_loses_nothing(folder: Path, limit: int) -> None:
    before = {path.name for path in folder.glob("*.arrays")}
    assert exit_code(write_too_much, folder, limit) == 3
    assert {path.name for path in folder.glob("*.arrays")} == before
    assert_sound(folder, range(4, 5))
    assert_goes_on(folder, 4)


def write_as_nobody(folder: Path) -> None:
    """Exit with 3 where the folder refuses, for a user that is not root."""
    if os.geteuid() == 0:
        os.setgid(65_534)
        os.setuid(65_534)
    found = WhooshEngine(folder).search(EVERYTHING).total
    sys.exit(3 if refused(folder) and found == total(folder) else 0)


def test_a_read_only_folder_is_searched_and_not_written() -> None:
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = small_index(Path(name) / "index")
        for path in folder.iterdir():
            path.chmod(0o644)
        folder.chmod(0o555)
        assert exit_code(write_as_nobody, folder) == 3
        folder.chmod(0o755)
        assert total(folder) == 7
