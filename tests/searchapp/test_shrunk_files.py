"""A file of the index that is cut off or written over under a running server never ends it."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from archives import merge_all, small_index
from damage import segments, toc
from generated_news import numbered_article
from running import serving

from index import IndexCorrupt, SearchRequest, back_up, recover, restore
from index.engines.embedded.engine import WhooshEngine

REPOSITORY = Path(__file__).parents[2]
#: Whatever reads the index, each in a way of its own.
ASKING = (
    "/api/v1/search?q=bản+tin&facets=source&highlight=1",
    "/api/v1/articles/n1",
    "/api/v1/suggest?q=bản",
    "/search?q=bản+tin",
    "/article/n1",
    "/search.ndjson?q=bản+tin",
    "/feed.atom",
    "/readyz",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two segments with seven articles, and one of three with eight before it."""
    folder = small_index(tmp_path / "index")
    with WhooshEngine(folder).writer() as writer:
        writer.put(numbered_article(8))
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Its address and process."""
    arguments = ("--port", "0", "--index", f"whoosh:{folder}")
    with serving(REPOSITORY, *arguments) as (line, process):
        yield line.removeprefix("Tìm Báo: ").strip().rstrip("/"), process


def status(url: str) -> int:
    """The status of a local address."""
    try:
        with urlopen(url.replace("ả", "%E1%BA%A3"), timeout=20) as answer:  # noqa: S310
            answer.read()
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_a_server_outlives_its_files(
    folder: Path, server: tuple[str, "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    address, process = server

    def statuses() -> set[int]:
        assert status(f"{address}/healthz") == 200
        return {status(f"{address}{path}") for path in ASKING}

    back_up(f"whoosh:{folder}", tmp_path / "backup")
    assert statuses() == {200}
    large = segments(folder)[0]
    data = large.read_bytes()
    for size in (0, len(data) // 2):
        os.truncate(large, size)
        assert statuses() == {503}
        large.write_bytes(data)  # as `cp` does: cut off, and written anew
        assert statuses() == {200}
    os.truncate(large, 0)
    assert statuses() == {503}
    restore(f"whoosh:{folder}", tmp_path / "backup")
    assert statuses() == {200}
    os.truncate(toc(folder), 0)
    assert statuses() == {503}
    restore(f"whoosh:{folder}", tmp_path / "backup")
    with WhooshEngine(folder).writer() as writer:
        writer.put(numbered_article(9))
    assert statuses() == {200}
    os.truncate(toc(folder), 0)
    assert statuses() == {503}
    recover(f"whoosh:{folder}")
    assert statuses() == {200}
    assert process.poll() is None


def test_every_operation_on_a_shrunk_file_is_an_error(folder: Path) -> None:
    merge_all(folder)
    engine = WhooshEngine(folder)
    request = SearchRequest(query="bản tin")
    old = engine._current()
    articles = engine.articles()
    next(articles)
    (path,) = segments(folder)
    os.truncate(path, 64)

    def write() -> None:
        with engine.writer() as writer:
            writer.put(numbered_article(3))

    uses: tuple[Callable[[], object], ...] = (
        lambda: engine.search(request),
        lambda: engine.get("n1"),
        lambda: engine.related("n1"),
        engine.stats,
        engine.verify,
        engine.reindex,
        lambda: next(articles),
        lambda: old.snapshot.article(0),
        write,
    )
    for use in uses:
        with pytest.raises(IndexCorrupt, match=path.name):
            use()
