"""Readers while others write: every answer is of one generation, and none is an error."""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from archives import EVERYTHING, FORK, exit_code, in_memory, merge_all, small_index, total
from generated_news import numbered_article

from index import SearchPage, SearchRequest, open_engine
from index.engines.embedded.engine import WhooshEngine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two segments with seven articles."""
    return small_index(tmp_path / "index")


def test_a_reader_keeps_its_generation(folder: Path) -> None:
    engine = WhooshEngine(folder)
    old = engine._current()
    files = list(folder.glob("*.arrays"))
    before = old.search(EVERYTHING)
    with engine.writer() as writer:
        writer.put(numbered_article(8))
        writer.delete("n1")
    for _ in range(2):  # the files of the generation before stay
        merge_all(folder)
    assert not set(files) & set(folder.glob("*.arrays"))
    # Its segments are no longer in the folder, and it reads parts of them for the first time.
    assert [hit.id for hit in old.search(EVERYTHING).hits] == [hit.id for hit in before.hits]
    assert old.search(SearchRequest(query='"nội dung của"', facets=("source",))).total == 7
    assert engine.search(EVERYTHING).total == 7
    assert {hit.id for hit in engine.search(EVERYTHING).hits} == {f"n{n}" for n in range(2, 9)}


def test_results_outlive_the_engine(folder: Path) -> None:
    engine = open_engine(f"whoosh:{folder}")
    page = engine.search(replace(EVERYTHING, highlight=True))
    engine.close()
    assert {hit.article.headline for hit in page.hits} == {f"Bản tin số {n}" for n in range(1, 8)}
    assert all(hit.highlights.title for hit in page.hits)


def test_threads_search_through_commits_without_an_error(folder: Path) -> None:
    shared = WhooshEngine(folder)
    first = shared.search(EVERYTHING).generation
    done = Event()

    def search(engine: WhooshEngine) -> int:
        searches = 0
        while not done.is_set():
            for check in (check_phrase, check_total):
                check(engine)
                searches += 1
        return searches

    def check_total(engine: WhooshEngine) -> None:
        page = engine.search(EVERYTHING)
        assert page.total == len(page.hits) == expected(page)

    def check_phrase(engine: WhooshEngine) -> None:
        page = engine.search(SearchRequest(query='"nội dung của bản tin"', highlight=True))
        assert page.total == expected(page)

    def expected(page: SearchPage) -> int:
        return 7 + 3 * (page.generation - first)

    with ThreadPoolExecutor(4) as threads:
        engines = (shared, shared, WhooshEngine(folder), WhooshEngine(folder))
        searching = [threads.submit(search, engine) for engine in engines]
        try:
            for commit in range(20):
                with shared.writer() as writer:
                    for number in range(4):
                        writer.put(numbered_article(1_000 + 4 * commit + number))
                    writer.delete(f"n{1_000 + 4 * commit}")
        finally:
            done.set()
        assert all(thread.result() > 0 for thread in searching)
    assert total(folder) == 7 + 60


def open_during_commit(folder: Path, suffix: str) -> None:
    """Exit with 3 if an engine opens although its files vanish when it is about to open one."""
    armed = True

    def watch(event: str, args: tuple[object, ...]) -> None:
        nonlocal armed
        if armed and event == "open" and str(args[0]).endswith(suffix):
            armed = False
            write_and_merge(folder)

    sys.addaudithook(watch)
    sys.exit(3 if total(folder) == 8 and not armed else 0)


def write_and_merge(folder: Path) -> None:
    """Commits after which no file is what it was."""
    with WhooshEngine(folder).writer() as writer:
        writer.put(numbered_article(8))
    for _ in range(2):  # the files of the generation before stay
        merge_all(folder)


@pytest.mark.parametrize("suffix", [".toc", ".arrays"])
def test_opening_starts_again_when_a_commit_takes_its_files(folder: Path, suffix: str) -> None:
    assert exit_code(open_during_commit, folder, suffix) == 3


def commit_often(folder: Path) -> None:
    """Small commits, each of which takes the files of the one before away."""
    for number in range(100, 160):
        with WhooshEngine(folder).writer() as writer:
            writer.put(numbered_article(number))
            writer.delete(f"n{number - 1}")


def test_statistics_never_fail_while_another_process_commits() -> None:
    with in_memory() as parent:
        folder = small_index(parent / "index")
        process = FORK.Process(target=commit_often, args=(folder,))
        process.start()
        engine = WhooshEngine(folder)
        try:
            while process.is_alive():
                assert engine.stats().articles in (7, 8)
        finally:
            process.join()
        assert process.exitcode == 0
        assert engine.count() == 8
