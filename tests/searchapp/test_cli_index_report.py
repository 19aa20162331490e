"""What `timbao index` says about bad records, records with one id, and text that is hostile."""

import json
import logging
import os
from pathlib import Path

import pytest
from test_cli import timbao

from index import Article, open_engine

FORGED = "a\u202eb\x1b[31mc\x9bd\u2028e"
ESCAPED = r"a\u202eb\x1b[31mc\x9bd\u2028e"


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"whoosh:{tmp_path / 'index'}"


def write(path: Path, *records: object) -> Path:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return path


def test_twenty_bad_records_of_a_file_are_named_and_the_others_counted(
    tmp_path: Path, address: str
) -> None:
    folder = tmp_path / "tin"
    folder.mkdir()
    write(folder / "a.jsonl", *range(1_500), {"title": "Tin", "body": "a"})
    write(folder / "b.jsonl", *range(21))
    result = timbao("index", str(folder), "--json", "--index", address, status=4)
    lines = result.stderr.splitlines()
    assert len(lines) == 2 * 21
    assert lines[0].startswith(f"left out: {folder / 'a.jsonl'}:1: expected an object")
    assert lines[20] == f"{folder / 'a.jsonl'}: and 1,480 more"
    assert lines[41] == f"{folder / 'b.jsonl'}: and 1 more"
    summary = json.loads(result.stdout)
    assert (summary["indexed"], summary["bad"]) == (1, 1_521)
    assert len(summary["bad_records"]) == 1_000


@pytest.mark.parametrize(
    ("bad", "good", "share", "status"),
    [
        *((1, 1, None, 0), (2, 1, None, 4), (2, 1, "0.7", 0), (1, 3, "0", 4), (0, 1, "0", 0)),
        *((1, 0, "1", 4), (0, 0, "1", 4)),
    ],
)
def test_the_exit_code_says_whether_too_much_is_bad(
    tmp_path: Path, address: str, bad: int, good: int, share: str | None, status: int
) -> None:
    articles = [{"title": f"Tin {number}", "body": "a"} for number in range(good)]
    path = write(tmp_path / "a.jsonl", *range(bad), *articles)
    options = [] if share is None else ["--max-bad", share]
    timbao("index", str(path), *options, "--index", address, status=status)


def test_records_with_one_id_are_named(tmp_path: Path, address: str) -> None:
    a = write(
        tmp_path / "a.jsonl",
        {"id": "x", "title": "Một", "body": "a"},
        {"id": "y", "title": "Hai", "body": "a"},
    )
    b = write(
        tmp_path / "b.jsonl",
        {"id": "x", "title": "Ba", "body": "a"},
        {"id": "y", "title": "Hai", "body": "a"},
    )
    result = timbao("index", str(a), str(b), "--index", address)
    assert result.stdout.startswith("2 articles indexed, 1 unchanged, 1 replaced in this run in ")
    assert result.stderr.splitlines() == [f"replaced in this run: x of {a}:1 by {b}:1"]
    engine = open_engine(address)
    found = engine.get("x")
    assert found is not None
    assert found.headline == "Ba"
    assert engine.count() == 2


def test_where_an_article_was_read_does_not_change_it(tmp_path: Path, address: str) -> None:
    articles = [{"title": f"Tin {number}", "id": str(number), "body": "a"} for number in range(5)]
    path = write(tmp_path / "a.jsonl", *articles)
    timbao("index", str(path), "--index", address)
    write(path, {"title": "Tin mới", "id": "moi", "body": "a"}, *articles)
    path.rename(tmp_path / "b.jsonl")
    run = ("index", str(tmp_path / "b.jsonl"), "--json", "--index", address)
    summary = json.loads(timbao(*run).stdout)
    assert (summary["indexed"], summary["unchanged"]) == (1, 5)
    assert json.loads(timbao(*run).stdout)["indexed"] == 0


def test_a_text_in_another_old_encoding_is_another_article() -> None:
    from index import Provenance
    from index.segments.inversion import content_digest

    def digest(**values: object) -> int:
        origin = Provenance(**{"reader": "r", "path": "p", **values})  # type: ignore[arg-type]
        return content_digest(Article(id="a", headline="b", provenance=origin).to_json())

    assert digest() == digest(path='q,"provenance":[', line=7, reader="s")
    assert digest() != digest(encoding="tcvn3", original="c")
    assert digest() != digest(suspected_encoding="tcvn3")


def test_names_and_texts_cannot_command_the_terminal(tmp_path: Path, address: str) -> None:
    folder = tmp_path / "tin"
    folder.mkdir()
    write(folder / "tin\nleft out: gia\x1b[2J\u202e.jsonl", 1)
    os.close(os.open(os.fsencode(folder) + b"/\xff.txt", os.O_CREAT))
    result = timbao("index", str(folder), "--index", address, status=4)
    assert result.stderr.splitlines() == [
        rf"left out: {folder}/tin\nleft out: gia\x1b[2J\u202e.jsonl:1:"
        " expected an object, found a number",
        rf"left out: {folder}/\udcff.txt: no headline and no body",
    ]
    assert (
        r"khong-co\x1b[2J\n.txt"
        in timbao(
            "index", str(folder / "khong-co\x1b[2J\n.txt"), "--index", address, status=2
        ).stderr
    )


def test_log_messages_are_escaped(archive: str, caplog: pytest.LogCaptureFixture) -> None:
    timbao("stats", "--index", archive)
    logging.getLogger("index").warning("%s cannot be removed", FORGED)
    assert caplog.messages == [f"{ESCAPED} cannot be removed"]


@pytest.mark.parametrize("command", ["search", "show", "stats", "analyze", "delete", "withdraw"])
def test_stored_text_is_printed_escaped(address: str, command: str) -> None:
    article = Article(
        id="t1",
        headline=f"Chợ {FORGED}",
        body=(f"Họp {FORGED}",),
        source=FORGED,
        section=FORGED,
        authors=(FORGED,),
    )
    with open_engine(address).writer() as writer:
        writer.put(article)
    runs: dict[str, list[tuple[str, ...]]] = {
        "search": [("search", f"chợ {FORGED}"), ("search", "chợ", "--json")],
        "show": [("show", "t1"), ("show", "t1", "--json")],
        "stats": [("stats",), ("stats", "--json")],
        "analyze": [("analyze", FORGED), ("analyze", FORGED, "--json")],
        "delete": [("delete", "t1", FORGED)],
        "withdraw": [("withdraw", "t1", FORGED)],
    }
    for run in runs[command]:
        index = () if command == "analyze" else ("--index", address)
        result = timbao(*run, *index)
        printed = result.stdout + result.stderr
        assert not set("\u202e\x1b\x9b\u2028").intersection(printed)
        if "--json" in run and command == "show":
            assert json.loads(result.stdout)["title"] == article.headline
        elif command in ("show", "stats") and "--json" not in run:
            assert ESCAPED in printed
