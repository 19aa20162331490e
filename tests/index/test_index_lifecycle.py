"""What happens to an index while it is written, read, locked, and found damaged."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from archives import EVERYTHING, merge_all, small_index, total
from generated_news import numbered_article

from index import (
    IndexLocked,
    IndexNotFound,
    RollbackUnavailable,
    SearchRequest,
    StorageError,
    Withdrawal,
    open_engine,
)
from index.engines.embedded.engine import WhooshEngine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two segments with seven articles."""
    return small_index(tmp_path / "index")


def files(folder: Path) -> set[str]:
    """The files of an index that hold data."""
    return {path.name for path in folder.iterdir() if path.suffix in (".arrays", ".toc")}


# -- writing


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_error_while_writing_leaves_the_last_generation(
    folder: Path, error: type[BaseException]
) -> None:
    before = files(folder)
    engine = WhooshEngine(folder)

    def fail() -> None:
        with engine.writer() as writer:
            assert all(writer.put_all(numbered_article(n) for n in range(100, 400)))
            assert writer.delete("n1")
            raise error

    with pytest.raises(error):
        fail()
    assert engine.search(EVERYTHING).total == total(folder) == 7
    assert files(folder) == before
    with engine.writer() as writer:
        writer.put(numbered_article(8))
    assert engine.search(EVERYTHING).total == total(folder) == 8


def test_nothing_is_visible_before_the_commit(folder: Path) -> None:
    engine = WhooshEngine(folder)
    with engine.writer() as writer:
        writer.put(numbered_article(8))
        writer.delete("n1")
        assert engine.search(EVERYTHING).total == total(folder) == 7
        assert engine.get("n8") is None
        assert engine.get("n1") == numbered_article(1)
    assert engine.get("n8") == numbered_article(8)
    assert engine.get("n1") is None


def test_a_second_writer_is_refused(folder: Path) -> None:
    engine = WhooshEngine(folder)
    with engine.writer() as writer:
        for other in (engine, WhooshEngine(folder)):
            with pytest.raises(IndexLocked, match="Another process is writing"), other.writer():
                pytest.fail("two writers at once")
        writer.put(numbered_article(8))
    with WhooshEngine(folder).writer() as writer:
        writer.put(numbered_article(9))
    assert total(folder) == 9


def test_the_same_id_keeps_its_last_version(folder: Path) -> None:
    engine = WhooshEngine(folder)
    old = numbered_article(1)
    new, newer = replace(old, lead="mới"), replace(old, lead="mới hơn")
    with engine.writer() as writer:
        writer.put(new)
        assert list(writer.put_all([newer, new, old])) == [True, True, True]
    assert engine.get("n1") == old
    with engine.writer() as writer:
        assert list(writer.put_all([old, new, old, newer])) == [False, True, True, True]
    assert engine.get("n1") == newer
    assert engine.count() == 7


def test_an_article_put_and_deleted_in_one_batch_is_gone(folder: Path) -> None:
    engine = WhooshEngine(folder)
    with engine.writer() as writer:
        assert list(writer.put_all([numbered_article(8)])) == [True]
        assert writer.delete("n8")
        assert not writer.delete("n8")
        assert list(writer.put_all([numbered_article(1)])) == [False]
        assert writer.delete("n1")
        assert list(writer.put_all([numbered_article(1)])) == [True]
    assert engine.get("n8") is None
    assert engine.get("n1") == numbered_article(1)
    assert engine.count() == 7


def test_a_checkpoint_survives_a_later_error(folder: Path) -> None:
    engine = WhooshEngine(folder)

    def write() -> None:
        with engine.writer() as writer:
            writer.put(numbered_article(8))
            writer.checkpoint()
            assert engine.search(EVERYTHING).total == 8
            with pytest.raises(IndexLocked), WhooshEngine(folder).writer():
                pytest.fail("a checkpoint keeps the lock")
            writer.put(numbered_article(9))
            writer.delete("n1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert total(folder) == 8
    assert engine.get("n9") is None
    with engine.writer() as writer:
        writer.put(numbered_article(9))
    assert total(folder) == 9


def test_a_withdrawn_article_stays_withdrawn(folder: Path) -> None:
    engine, today = WhooshEngine(folder), date(2026, 11, 23)
    engine.withdraw([Withdrawal(id="n1", on=today)])
    for rewrite in (lambda: None, lambda: merge_all(folder), engine.reindex, engine.rollback):
        rewrite()
        with engine.writer() as writer:
            writer.put(numbered_article(1))
            assert list(writer.put_all([numbered_article(1)])) == [False]
        assert engine.get("n1") is None
        assert engine.search(EVERYTHING).total == total(folder) == 6
        assert engine.withdrawals().days["n1"] == today
        engine.reindex()  # a rollback is possible right after one only


def test_a_rollback_brings_back_what_a_reindex_replaced(folder: Path) -> None:
    engine = WhooshEngine(folder)
    with pytest.raises(RollbackUnavailable):
        engine.rollback()
    before = files(folder)
    assert engine.reindex() == 7
    assert total(folder) == 7
    engine.rollback()
    assert before - files(folder) == {name for name in before if name.endswith(".toc")}
    assert total(folder) == 7
    with engine.writer() as writer:
        writer.put(numbered_article(8))
    assert total(folder) == 8


def test_an_index_without_articles_answers(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    with engine.writer():
        pass
    for query in ("", "lũ", '"hà nội"', "-lũ", "lu*", "nguon:x"):
        assert engine.search(SearchRequest(query=query, facets=("source",))).total == 0
    assert engine.count() == engine.stats().articles == 0
    with engine.writer() as writer:
        writer.put(numbered_article(1))
    with engine.writer() as writer:
        writer.delete("n1")
    assert engine.count() == engine.search(SearchRequest()).total == 0


# -- what is not an index, or another one's


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_without_an_index_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    engine = open_engine(f"whoosh:{tmp_path / name}")
    for ask in (lambda: engine.search(EVERYTHING), engine.count, engine.stats):
        with pytest.raises(IndexNotFound, match="timbao index"):
            ask()
    assert not (tmp_path / "missing").exists()


def test_a_file_in_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    with pytest.raises(StorageError, match="untouched"), WhooshEngine(path).writer():
        pytest.fail("a file is no folder")
    with pytest.raises((StorageError, IndexNotFound)):
        total(path)
    assert path.read_text() == "mine"
