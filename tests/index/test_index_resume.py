"""`timbao index` commits on the way: a run that was killed is taken up where it was."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest
from archives import EVERYTHING, exit_code
from click.testing import CliRunner
from generated_news import numbered_article

from analyzers import ANALYSIS_VERSION
from index import IndexLocked, open_engine
from index.engines.embedded.segment_writer import NewsWriter
from index.engines.embedded.store import NewsIndex
from searchapp.cli import main
from searchapp.commands import indexing

_ARTICLES = 400
_A_COMMIT = 64


@pytest.fixture
def news_file(tmp_path: Path) -> Path:
    """Records of as many articles."""
    path = tmp_path / "news.jsonl"
    articles = map(numbered_article, range(_ARTICLES))
    records = [{"id": a.id, "title": a.headline, "body": a.body[0]} for a in articles]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def index_and_die(news_file: Path, folder: Path, commits: int) -> None:
    """Index with frequent commits, and kill this process before one more than so many."""
    indexing._ARTICLES_A_COMMIT = _A_COMMIT
    left = commits + 2  # the first table of contents is that of an empty index

    def watch(event: str, args: tuple[object, ...]) -> None:
        nonlocal left
        if event == "os.rename" and str(args[1]).endswith(".toc"):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    main(["index", str(news_file), "--index", f"whoosh:{folder}"])


@pytest.mark.parametrize("commits", [0, 1, 3, 6])
def test_a_killed_run_goes_on_without_duplicates(
    news_file: Path, tmp_path: Path, commits: int
) -> None:
    folder = tmp_path / "index"
    address = f"whoosh:{folder}"
    assert exit_code(index_and_die, news_file, folder, commits) == -signal.SIGKILL
    assert open_engine(address).count() == commits * _A_COMMIT
    result = CliRunner().invoke(main, ["index", str(news_file), "--json", "--index", address])
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert summary["unchanged"] == commits * _A_COMMIT
    assert summary["indexed"] == _ARTICLES - commits * _A_COMMIT
    engine = open_engine(address)
    page = engine.search(EVERYTHING)
    assert page.total == engine.count() == engine.verify().articles == _ARTICLES
    assert {hit.id for hit in page.hits} == {f"n{number}" for number in range(_ARTICLES)}


def test_the_lock_is_kept_between_the_steps(tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path}")
    with engine.writer() as writer:
        for step in range(1, 4):
            assert list(writer.put_all([numbered_article(step), numbered_article(step)])) == [
                True,
                False,
            ]
            writer.checkpoint()
            assert engine.count() == step
            assert exit_code(write_one, tmp_path) == 5
        writer.delete("n1")
    assert engine.count() == 2


def write_one(folder: Path) -> None:
    """Exit with 5 where another process writes."""
    try:
        NewsWriter.open(NewsIndex(folder, ANALYSIS_VERSION)).abandon()
    except IndexLocked:
        sys.exit(5)


def test_an_error_after_a_step_keeps_the_step(tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path}")

    def fail() -> None:
        with engine.writer() as writer:
            writer.put(numbered_article(1))
            writer.checkpoint()
            writer.put(numbered_article(2))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert engine.get("n1") == numbered_article(1)
    assert engine.count() == 1
    assert len(list(tmp_path.glob("*.arrays"))) == 1
    with engine.writer() as writer:
        assert list(writer.put_all(map(numbered_article, (1, 2)))) == [False, True]
    assert engine.count() == 2
