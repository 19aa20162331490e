"""Building an index anew while it is searched, going back, and what dies on the way."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from multiprocessing.synchronize import Event as ProcessEvent
from pathlib import Path
from threading import Event
from time import sleep
from typing import TypeAlias

import pytest
from archives import EVERYTHING, FORK, end_epoch, in_memory
from damage import alter, read_toc, segments, write_toc
from generated_news import numbered_article, random_articles
from profiles import by_profile

from analyzers import ANALYSIS_VERSION
from index import (
    IndexCorrupt,
    IndexLocked,
    IndexMismatch,
    IndexNotFound,
    RollbackUnavailable,
    SearchRequest,
    SortOrder,
    Withdrawal,
)
from index.engines.embedded.engine import WhooshEngine
from index.engines.embedded.segment_writer import NewsWriter
from index.engines.embedded.store import NewsIndex

Answers: TypeAlias = list[tuple[int, list[tuple[str, float]]]]

ASKED = tuple(
    SearchRequest(query=query, limit=1_000)
    for query in ("hà nội", "ha noi", '"cảnh sát"', "sông -hoa", "tieude:hà", "")
)


@pytest.fixture(scope="module")
def parent() -> Iterator[Path]:
    with in_memory() as folder:
        yield folder


@pytest.fixture
def folder(parent: Path, request: pytest.FixtureRequest) -> Path:
    """An index of several segments with deleted, replaced and withdrawn articles."""
    folder = parent / str(request.node.name)
    engine = WhooshEngine(folder)
    articles = random_articles(180)
    for begin in range(0, 180, 60):
        with engine.writer() as writer:
            assert all(writer.put_all(articles[begin : begin + 60]))
            writer.delete(f"a{begin + 3}")
            writer.put(replace(articles[begin], lead="Bài về Hà Nội đã sửa."))
    engine.withdraw([Withdrawal(id="a7", on=date(2026, 10, 5))])
    assert len(segments(folder)) > 1
    end_epoch(folder)  # a reindex begins another one
    return folder


def answers(engine: WhooshEngine) -> Answers:
    """Total, ids and scores of some queries."""
    pages = [engine.search(request) for request in ASKED]
    assert all(page.total for page in pages)
    return [(page.total, [(hit.id, hit.score) for hit in page.hits]) for page in pages]


def files(folder: Path) -> set[str]:
    """The segments of an index."""
    return {path.name for path in segments(folder)}


def test_everything_is_as_before_in_new_segments(folder: Path) -> None:
    engine = WhooshEngine(folder)
    before, generation, old = answers(engine), engine.stats().generation, files(folder)
    articles = [engine.get(f"a{number}") for number in range(180)]
    steps: list[tuple[int, int]] = []
    assert engine.reindex(lambda done, of: steps.append((done, of))) == 176
    assert steps == [(done, 176) for done in range(1, 177)]
    assert answers(engine) == answers(WhooshEngine(folder)) == before
    assert engine.stats().generation == generation + 1
    assert [engine.get(f"a{number}") for number in range(180)] == articles
    assert engine.withdrawals().days["a7"] == date(2026, 10, 5)
    assert files(folder) > old
    in_use = {Path(part.segment.file.path).name for part in engine._current().snapshot.parts}
    assert in_use == files(folder) - old


def test_a_withdrawn_article_stays_withdrawn(folder: Path) -> None:
    engine = WhooshEngine(folder)
    engine.reindex()
    with engine.writer() as writer:
        assert list(writer.put_all(random_articles(8)[7:])) == [False]
    engine.reindex()
    engine.rollback()
    assert engine.get("a7") is None
    assert engine.withdrawals().days["a7"] == date(2026, 10, 5)


def test_an_index_without_articles_can_be_reindexed(parent: Path) -> None:
    engine = WhooshEngine(parent / "empty")
    with engine.writer():
        pass
    assert engine.reindex() == engine.count() == 0
    engine.rollback()
    assert engine.count() == 0


def test_no_index_is_made_where_there_is_none(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "none")
    for change in (engine.reindex, engine.rollback):
        with pytest.raises(IndexNotFound):
            change()
    assert not (tmp_path / "none").exists()


# -- going back


def test_a_rollback_restores_ids_and_scores(folder: Path) -> None:
    engine = WhooshEngine(folder)
    before, old = answers(engine), files(folder)
    engine.reindex()
    new = files(folder) - old
    other = WhooshEngine(folder)
    assert answers(other) == before
    for current in (old, new, old):
        engine.rollback()
        for each in (engine, other):
            assert answers(each) == before
            parts = each._current().snapshot.parts
            assert {Path(part.segment.file.path).name for part in parts} == current
        assert files(folder) == old | new


def test_a_rollback_brings_back_what_was_kept_and_not_the_newest(folder: Path) -> None:
    engine = WhooshEngine(folder)
    engine.reindex()
    index = NewsIndex(folder, ANALYSIS_VERSION)
    contents = index.contents()
    assert contents.previous is not None
    kept = contents.previous.segments[-1]
    kept.delete_document(next(iter(kept.live().nonzero()[0].tolist())))
    index.publish(contents.commit, contents.previous)
    count = engine.count()
    engine.rollback()
    assert engine.count() == WhooshEngine(folder).count() == count - 1
    engine.rollback()
    assert engine.count() == count


def test_the_next_change_drops_what_was_kept(folder: Path) -> None:
    engine = WhooshEngine(folder)
    old = files(folder)
    engine.reindex()
    with engine.writer() as writer:
        writer.put(numbered_article(1))
    assert not files(folder) & old
    with pytest.raises(RollbackUnavailable, match="no generation"):
        engine.rollback()
    with engine.writer() as writer:  # the lock is free
        writer.delete("n1")


def test_an_unfinished_change_keeps_what_was_kept(folder: Path) -> None:
    engine = WhooshEngine(folder)
    engine.reindex()
    before = files(folder)

    def fail() -> None:
        with engine.writer() as writer:
            writer.put(numbered_article(1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert files(folder) == before
    engine.rollback()


def test_a_second_reindex_keeps_the_first_one_only(folder: Path) -> None:
    engine = WhooshEngine(folder)
    first = files(folder)
    engine.reindex()
    second = files(folder) - first
    engine.reindex()
    assert not files(folder) & first
    assert files(folder) > second


# -- other versions


def test_an_index_of_another_analysis_is_made_readable(folder: Path) -> None:
    before = answers(WhooshEngine(folder))
    write_toc(folder, read_toc(folder) | {"fingerprint": "vi-0"})
    engine = WhooshEngine(folder)
    with pytest.raises(IndexMismatch, match="timbao reindex"):
        engine.count()
    with pytest.raises(IndexMismatch, match="timbao reindex"), engine.writer():
        pytest.fail("segments of two analyses in one index")
    assert engine.verify().articles == 176
    assert engine.reindex() == 176
    assert answers(engine) == before
    with pytest.raises(RollbackUnavailable, match="vi-0 wrote the earlier generation"):
        engine.rollback()
    assert answers(engine) == before
    # The program of the other analysis can go back.
    NewsWriter.open(NewsIndex(folder, "vi-0"), any_analysis=True).roll_back()
    with pytest.raises(IndexMismatch):
        WhooshEngine(folder).count()
    # A server that is running goes on with the generation that it has open.
    assert answers(engine) == before
    generation = engine.stats().generation
    with pytest.raises(IndexMismatch), engine.writer():
        pytest.fail("segments of two analyses in one index")
    engine.rollback()
    assert answers(engine) == before
    assert engine.stats().generation == generation + 2


def test_an_index_of_another_format_is_refused(folder: Path) -> None:
    write_toc(folder, read_toc(folder) | {"format": 99})
    engine = WhooshEngine(folder)
    for change in (engine.reindex, engine.rollback, engine.verify):
        with pytest.raises(IndexMismatch, match="timbao index"):
            change()


# -- failures


def test_a_damaged_article_stops_the_reindex_and_nothing_is_lost(folder: Path) -> None:
    before = files(folder)
    alter(segments(folder)[-1], "doc.stored")
    engine = WhooshEngine(folder)
    count = engine.count()
    for _ in range(2):
        with pytest.raises(IndexCorrupt, match="stored article"):
            engine.reindex()
        assert files(folder) == before
    assert engine.count() == WhooshEngine(folder).count() == count


def test_an_error_on_the_way_leaves_the_index_as_it_was(folder: Path) -> None:
    engine = WhooshEngine(folder)
    before, old = answers(engine), files(folder)

    def stop(done: int, _: int) -> None:
        if done == 150:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.reindex(stop)
    assert answers(engine) == answers(WhooshEngine(folder)) == before
    assert files(folder) == old
    assert engine.reindex() == 176


def test_one_at_a_time(folder: Path) -> None:
    engine = WhooshEngine(folder)
    refused = 0

    def intrude(done: int, _: int) -> None:
        nonlocal refused
        if done == 100:
            other = WhooshEngine(folder)
            for change in (other.reindex, other.rollback, other.writer().__enter__):
                with pytest.raises(IndexLocked):
                    change()
                refused += 1

    engine.reindex(intrude)
    assert refused == 3


# -- readers


@contextmanager
def searching_every_10_ms(search: Callable[[], int], done: Event) -> Iterator[None]:
    """Search in a thread while the block runs; every total must be the same."""

    def search_on() -> set[int]:
        totals = set()
        while not done.is_set():
            totals.add(search())
            sleep(0.01)
        return totals

    with ThreadPoolExecutor(1) as threads:
        totals = threads.submit(search_on)
        try:
            yield
        finally:
            done.set()
        assert totals.result() == {search()}


#: Each is built into the index and checked again and again.
SEARCHED = by_profile(quick=200, deep=500)


def search_in_process(folder: Path, total_hits: int, done: ProcessEvent) -> None:
    """Exit with 3 if every search finds everything, over at least three generations."""
    engine = WhooshEngine(folder)
    generations = set()
    while not done.is_set():
        for request in (EVERYTHING, SearchRequest(sort=SortOrder.NEWEST, facets=("source",))):
            page = engine.search(request)
            generations.add(page.generation)
            if page.total != total_hits:
                sys.exit(4)
        engine.stats()
        sleep(0.01)
    sys.exit(3 if len(generations) > 2 else 5)


@pytest.mark.deep
@pytest.mark.serial
def test_readers_see_the_swap_without_an_error_or_an_empty_answer(parent: Path) -> None:
    folder = parent / "searched"
    engine = WhooshEngine(folder)
    with engine.writer() as writer:
        assert all(writer.put_all(numbered_article(number) for number in range(SEARCHED)))
    done = FORK.Event()
    process = FORK.Process(target=search_in_process, args=(folder, SEARCHED, done))
    process.start()
    shared, opened_each_time = (
        lambda: engine.search(EVERYTHING).total,
        lambda: WhooshEngine(folder).search(EVERYTHING).total,
    )
    with (
        searching_every_10_ms(shared, Event()),
        searching_every_10_ms(opened_each_time, Event()),
    ):
        sleep(0.2)
        for _ in range(3):
            assert engine.reindex() == SEARCHED
            sleep(0.1)
            engine.rollback()
            sleep(0.1)
    done.set()
    process.join()
    assert process.exitcode == 3
