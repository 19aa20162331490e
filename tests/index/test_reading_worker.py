"""Reading in a worker: what a record may take, and what comes behind one that takes more."""

import gzip
import json
import os
from multiprocessing import Pipe
from multiprocessing.sharedctypes import RawArray
from pathlib import Path
from socket import SHUT_WR, socket

import pytest
from profiles import by_profile

from index import Article, read_in_worker
from index.errors import WorkerLost
from index.readers import (
    DEFAULT_NAMES,
    BadRecord,
    Listener,
    NewsFile,
    ReadWatch,
    estimate_bytes,
    list_files,
    pass_over,
    read_file,
    read_path,
)
from index.reading_worker import _Reader, _Task

#: Enough for any record here but those that are meant to take longer.
_SECONDS = 0.25


def slow_text() -> str:
    """Within every limit on its size, and half a second of analysis at the least."""
    return " ".join(f"x{number:x}y" for number in range(60_000))


def read_all(path: Path, seconds: float = 10) -> tuple[list[Article], list[BadRecord], int]:
    bad: list[BadRecord] = []
    read: list[int] = []
    articles = list(
        read_in_worker([path], on_bad=bad.append, on_bytes=read.append, record_seconds=seconds)
    )
    return articles, bad, sum(read)


def test_a_worker_reads_what_this_process_would(repository: Path) -> None:
    folder = repository / "sample_docs" / "culture.jsonl"
    articles, bad, read = read_all(folder)
    assert articles == list(read_path(folder, on_bad=bad.append))
    assert bad == []
    assert read == estimate_bytes([folder])


def test_relative_paths_are_meant_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tin").mkdir()
    (tmp_path / "tin" / "a.txt").write_text("Tin", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for path in (Path("tin"), Path("tin/a.txt")):
        articles, bad, _ = read_all(path)
        assert [article.headline for article in articles] == ["Tin"]
        assert bad == []


@pytest.mark.deep
@pytest.mark.parametrize("kind", by_profile(quick=["jsonl"], deep=["jsonl", "json", "csv"]))
def test_behind_a_slow_record_the_same_file_is_read_on(tmp_path: Path, kind: str) -> None:
    titles = [f"Tin {number}" for number in range(400)]
    bodies = ["Chợ họp." for _ in titles]
    bodies[150] = bodies[301] = slow_text()
    bodies[200] = ""
    titles[200] = ""  # bad in another way, and told once; a row without anything is passed over
    if kind == "csv":
        rows = [f"{title},{body}" for title, body in zip(titles, bodies, strict=True)]
        text = "\n".join(["title,body", *rows])
    else:
        records = [{"title": t, "body": b} for t, b in zip(titles, bodies, strict=True)]
        lines = [json.dumps(record) for record in records]
        text = "\n".join(lines) if kind == "jsonl" else "[\n" + ",\n".join(lines) + "\n]"
    path = tmp_path / f"tin.{kind}"
    path.write_text(text, encoding="utf-8")
    (tmp_path / "z.txt").write_text("Tin cuối\n\nChợ tan.\n", encoding="utf-8")
    articles, bad, _ = read_all(tmp_path, _SECONDS)
    good = [title for number, title in enumerate(titles) if number not in (150, 200, 301)]
    assert [article.headline for article in articles] == [*good, "Tin cuối"]
    first = 1 if kind == "jsonl" else 2
    slow = f"takes too long (more than {_SECONDS} seconds)"
    expected = [(150, slow), (200, "no headline and no body"), (301, slow)]
    if kind == "csv":
        del expected[1]
    assert [(record.line, record.reason) for record in bad] == [
        (first + number, reason) for number, reason in expected
    ]


@pytest.mark.slow
def test_a_slow_page_is_left_out_and_the_next_one_read(tmp_path: Path) -> None:
    page = "<html><body><article><h1>Tin {}</h1><p>{}</p></article></body></html>"
    (tmp_path / "1.html").write_text(page.format(1, "Chợ họp."), encoding="utf-8")
    # A tag that hides its end from a simple look.
    attributes = " ".join(f"a{number}=1" for number in range(25_000))
    slow = page.format(2, f"<a b='>' {attributes}>x</a>")
    (tmp_path / "2.html").write_text(slow, encoding="utf-8")
    (tmp_path / "3.html").write_text(page.format(3, "Chợ tan."), encoding="utf-8")
    articles, bad, _ = read_all(tmp_path, 1.0)
    assert [article.headline for article in articles] == ["Tin 1", "Tin 3"]
    assert [(record.path, record.line) for record in bad] == [(str(tmp_path / "2.html"), None)]
    assert "takes too long" in bad[0].reason


@pytest.mark.slow
def test_a_record_that_fills_memory_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "tin.jsonl"
    lists = ",".join(["[[[]]]"] * 2_800_000)
    path.write_text(
        f'{{"title": "a"}}\n{{"title": "b", "x": [{lists}]}}\n{{"title": "c"}}\n', encoding="ascii"
    )
    articles, bad, _ = read_all(path)
    assert [article.headline for article in articles] == ["a", "c"]
    assert [(record.line, record.reason) for record in bad] == [(2, "takes too much memory")]


@pytest.mark.slow
def test_between_wrapped_records_two_that_fill_memory_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "tin.jsonl"
    lists = ",".join(["[[[]]]"] * 2_800_000)
    wrapped = [
        [{"id": f"n{line}-{part}", "title": "Tin", "body": "Đường sắt."} for part in range(3)]
        for line in range(100)
    ]
    lines = [json.dumps({"articles": each}) for each in wrapped]
    lines[30:30] = lines[60:60] = [f'{{"title": "b", "x": [{lists}]}}']
    path.write_text("\n".join(lines), encoding="ascii")
    articles, bad, _ = read_all(path)
    assert [article.id for article in articles] == [part["id"] for each in wrapped for part in each]
    assert [(record.line, record.reason) for record in bad] == [
        (31, "takes too much memory"),
        (61, "takes too much memory"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.html", "<h1>a</h1>" + "<p>a</p>" * 110_000, "more than 200,000 tags"),
        (
            "a.html",
            f"<h1>a</h1><a {' '.join(map('a{}=1'.format, range(3000)))}>b</a>",
            "attributes",
        ),
        ("a.html", f"<h1>a</h1><a/{'/'.join(map('a{}'.format, range(3000)))}>b</a>", "attributes"),
        (
            "a.html",
            "<h1>a</h1><a " + "".join(f"a{number}='1'" for number in range(3000)) + ">b</a>",
            "attributes",
        ),
        ("a.jsonl", json.dumps({"title": "a", "body": ["b"] * 100_001}), "more than 100,000 para"),
        (
            "a.jsonl",
            json.dumps({"title": "a", "related": ["b"] * 100_001}),
            "more than 100,000 par",
        ),
        ("a.jsonl", json.dumps({"title": "a", "body": "a." * 600_000}), "more than 500,000 words"),
        (
            "a.jsonl",
            json.dumps({"title": "a", "body": " ".join(map(str, range(160_000)))}),
            "150,000 different ones",
        ),
    ],
)
def test_what_no_article_has_is_refused_at_once(
    tmp_path: Path, name: str, content: str, reason: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    bad: list[BadRecord] = []
    assert list(read_path(path, on_bad=bad.append)) == []
    assert len(bad) == 1
    assert reason in bad[0].reason


def test_a_long_tag_is_no_bad_one(tmp_path: Path) -> None:
    picture = "a/" * 200_000
    blanks = " " * 1_000_000
    page = f"<h1>Tin</h1><img src='data:image/png;base64,{picture}'><p {blanks}=>Chợ họp.</p>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    bad: list[BadRecord] = []
    assert [article.headline for article in read_path(tmp_path, on_bad=bad.append)] == ["Tin"]
    assert bad == []


def test_a_gzip_bomb_is_given_up(tmp_path: Path) -> None:
    bomb = gzip.compress(b'{"title": "a"}\n' + b"0" * 120_000_000, 1)
    (tmp_path / "a.jsonl.gz").write_bytes(bomb)
    bad: list[BadRecord] = []
    assert [article.headline for article in read_path(tmp_path, on_bad=bad.append)] == ["a"]
    assert [record.line for record in bad] == [2]
    assert bad[0].reason == "more than 200 times as long as its gzip data"


@pytest.mark.parametrize(
    ("done", "given_up", "read"), [(0, 2, ["0", "1"]), (1, 2, ["1"]), (1, 1, []), (0, 0, [])]
)
def test_where_the_next_record_cannot_be_found_the_file_is_given_up(
    tmp_path: Path, done: int, given_up: int, read: list[str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(f'{{"title": "{number}"}}\n' for number in range(4)), encoding="ascii")
    here, there = Pipe()
    # What a worker is told that takes the place of one which ended between two records.
    task = _Task(
        [NewsFile(path, ".jsonl")],
        DEFAULT_NAMES,
        records=done,
        given_up={0: (given_up, "takes too long")},
    )
    here.send(task)
    here_only = socket(fileno=os.dup(here.fileno()))
    here_only.shutdown(SHUT_WR)
    here_only.close()
    _Reader(there, RawArray("q", 3), 0).run()  # no seconds: no clock in this process
    *articles, last = here.recv().records
    assert [Article.from_json(record).headline for record in articles] == read
    assert last == BadRecord(str(path), None, "takes too long")
    assert here.recv() is True
    here.close()
    there.close()


def test_a_worker_that_cannot_start_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Tin", encoding="utf-8")
    monkeypatch.setattr("index.reading_worker._work", len)  # which takes no four arguments
    with pytest.raises(WorkerLost):
        read_all(tmp_path)


def test_what_takes_the_place_of_a_listed_file_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "bi-mat.txt"
    secret.write_text("Bí mật", encoding="utf-8")
    folder = tmp_path / "tin"
    for name in ("a", "b", "c"):
        (folder / name).mkdir(parents=True)
        (folder / name / "bi-mat.txt").write_text("Tin", encoding="utf-8")
    bad: list[BadRecord] = []
    files = list(list_files([folder], on_bad=bad.append))
    (folder / "a" / "bi-mat.txt").unlink()
    (folder / "a" / "bi-mat.txt").symlink_to(secret)
    (folder / "b" / "bi-mat.txt").unlink()
    (folder / "b").rmdir()
    (folder / "b").symlink_to(tmp_path)
    (folder / "c" / "bi-mat.txt").unlink()
    os.mkfifo(folder / "c" / "bi-mat.txt")
    assert len(files) == 3
    told = Listener(bad.append, pass_over)
    assert [article for file in files for article in read_file(file, told, ReadWatch())] == []
    assert [record.reason for record in bad] == [
        "a link has taken its place",
        "a link has taken its place",
        "not a regular file",
    ]
