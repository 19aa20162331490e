"""Commands that meet: two write at once, one reads its input, one watches a folder."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from archives import in_memory
from running import PROGRAM

from index import IndexNotFound, open_engine

pytestmark = pytest.mark.serial

_LONG = 60.0


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for an index and for news."""
    with in_memory() as folder:
        yield folder


def started(place: Path, *args: str, stdin: int | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603  # our own interpreter and program
        [*PROGRAM, *args, "--index", f"whoosh:{place}/index"],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def news(path: Path, *ids: str, title: str = "Tin") -> Path:
    lines = [json.dumps({"id": each, "title": f"{title} {each}", "body": "Bài."}) for each in ids]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def ids(place: Path) -> dict[str, str]:
    """The headlines in the index."""
    try:
        return {a.id: a.headline for a in open_engine(f"whoosh:{place}/index").articles()}
    except IndexNotFound:
        return {}


def until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + _LONG
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_two_that_index_at_once_both_succeed(place: Path) -> None:
    paths = [news(place / f"{name}.jsonl", f"{name}1", f"{name}2") for name in "bcd"]
    processes = [started(place, "index", str(path)) for path in paths]
    for process in processes:
        output, errors = process.communicate(timeout=_LONG)
        assert process.returncode == 0, errors
        assert output.startswith("2 articles indexed")
    assert sorted(ids(place)) == ["b1", "b2", "c1", "c2", "d1", "d2"]


def test_standard_input_is_read_as_records(place: Path) -> None:
    process = started(place, "index", "-", stdin=subprocess.PIPE)
    lines = '{"id": "a1", "title": "Tin một"}\n{"id": "a2"}\n{"id": "a3", "title": "Ba"}\n'
    output, errors = process.communicate(lines, timeout=_LONG)
    assert output.startswith("2 articles indexed, 1 records left out")
    assert "left out: -:2: " in errors
    assert sorted(ids(place)) == ["a1", "a3"]
    provenance = {
        a.provenance.path
        for a in open_engine(f"whoosh:{place}/index").articles()
        if a.provenance is not None
    }
    assert provenance == {"-"}


def test_files_are_taken_in_as_they_appear_and_change(place: Path) -> None:
    folder = place / "tin"
    (folder / "sub").mkdir(parents=True)
    news(folder / "a.jsonl", "a1")
    process = started(place, "watch", str(folder))
    try:
        until(lambda: "a1" in ids(place))
        assert process.stderr is not None
        while "watching" not in process.stderr.readline():
            pass
        news(folder / "sub" / "b.jsonl", "b1", "b2")
        news(folder / ".hidden.jsonl", "hidden")
        (folder / "link.jsonl").symlink_to(news(place / "outside.jsonl", "outside"))
        until(lambda: {"b1", "b2"} <= ids(place).keys())
        news(folder / "a.jsonl", "a1", title="Sửa")
        news(place / "moved.jsonl", "m1").rename(folder / "moved.jsonl")
        until(lambda: ids(place).get("a1") == "Sửa a1" and "m1" in ids(place))
        (folder / "moved.jsonl").unlink()
        # Another one writes beside it.
        other = started(place, "index", str(news(place / "other.jsonl", "o1")))
        assert other.communicate(timeout=_LONG)[1] == ""
        assert other.returncode == 0
        assert sorted(ids(place)) == ["a1", "b1", "b2", "m1", "o1"]
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=_LONG)
    assert process.returncode == 128 + signal.SIGTERM
    assert "2 articles accepted" in output
