"""What stops an indexing run on its way, and what changes under a reader's feet."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from itertools import count
from multiprocessing import active_children
from pathlib import Path

import pytest
from generated_news import numbered_article

from index import Article, RollbackUnavailable, SearchRequest, WorkerLost, open_engine
from index.processes import signals_wait

_MORE_THAN_ONE_PROCESS_TAKES = 2_000


def test_a_script_without_a_guard_is_told_about_it(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "from index import Article, open_engine\n"
        f"engine = open_engine('whoosh:{tmp_path / 'index'}')\n"
        "news = [Article(id=f'n{n}', headline=f'Tin số {n}') for n in range(1200)]\n"
        "with engine.writer() as writer:\n"
        "    sys.exit(sum(writer.put_all(news)) != 1200)\n",
        encoding="utf-8",
    )
    run = [sys.executable, str(script)]
    if (os.cpu_count() or 1) < 2:
        pytest.skip("one processor: there are no worker processes")
    done = subprocess.run(run, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 1
    assert 'below `if __name__ == "__main__":`' in done.stderr.splitlines()[-1]


def test_a_worker_that_dies_stops_the_run_and_nothing_else(tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path}")
    with engine.writer() as writer:
        assert all(writer.put_all(map(numbered_article, range(10))))

    others = set(active_children())

    def killing() -> None:
        with engine.writer() as writer:
            for number in writer.put_all(
                map(numbered_article, range(10, _MORE_THAN_ONE_PROCESS_TAKES))
            ):
                assert number
                for child in set(active_children()) - others:
                    assert child.pid is not None
                    with suppress(ProcessLookupError):  # the pool has just seen it end
                        os.kill(child.pid, signal.SIGKILL)

    if (os.cpu_count() or 1) < 2:
        pytest.skip("one processor: there are no worker processes")
    with pytest.raises(WorkerLost, match="index again"):
        killing()
    assert engine.count() == 10
    with engine.writer() as writer:
        assert list(writer.put_all([numbered_article(10)])) == [True]
    assert engine.count() == 11


def test_a_run_left_in_the_middle_keeps_what_was_taken(tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path}")
    with engine.writer() as writer:
        for taken, _ in zip(
            count(1), writer.put_all(map(numbered_article, range(500))), strict=False
        ):
            if taken == 300:
                break
    assert engine.count() == 300
    assert engine.verify().articles == 300


def test_a_commit_without_a_change_keeps_the_generation_and_the_rollback(tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path}")
    articles = list(map(numbered_article, range(5)))
    with engine.writer() as writer:
        assert all(writer.put_all(articles))
    engine.reindex()
    before = engine.stats().generation
    with engine.writer() as writer:
        assert not any(writer.put_all(articles))
        assert not writer.delete("no such article")
    assert engine.stats().generation == before
    engine.rollback()
    with engine.writer() as writer:
        assert writer.delete(articles[0].id)
    with pytest.raises(RollbackUnavailable):
        engine.rollback()


def test_an_index_made_anew_is_noticed_whatever_its_generation(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    reader = open_engine(f"whoosh:{folder}")
    for name in ("lũ", "bão", "hạn"):
        shutil.rmtree(folder, ignore_errors=True)
        with open_engine(f"whoosh:{folder}").writer() as writer:
            writer.put(Article(id=name, headline=name))
        assert [hit.id for hit in reader.search(SearchRequest()).hits] == [name]
        assert reader.stats().generation == 1


def test_a_signal_waits_until_processes_are_started() -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    try:
        with signals_wait():
            signal.raise_signal(signal.SIGTERM)
            assert not came
        assert came == [signal.SIGTERM]
        signal.raise_signal(signal.SIGTERM)
        assert len(came) == 2
    finally:
        signal.signal(signal.SIGTERM, before)
