"""Disks that are full, folders that are read-only: nothing is lost.

Batch k is known in advance, so the archive after k commits is known too.
"""

import os
import resource
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from archives import EVERYTHING, exit_code, small_index, total
from generated_news import numbered_article

from analyzers import ANALYSIS_VERSION
from index import Article, StorageError
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.manifest import kept_segments
from index.engines.embedded.store import NewsIndex


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
