"""Bad records: reported with file, line and reason; the rest is read."""

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reading import read_all, read_file, read_with_notices, write_file

from index.article import Article
from index.readers import RECORD_LIMIT, BadRecord, FieldNotice, estimate_bytes, read_path


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def reports(bad: list[BadRecord]) -> list[tuple[str, int | None]]:
    return [(Path(record.path).name, record.line) for record in bad]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "broken JSON"),
        ('{"title": "a"', "broken JSON"),
        ('{"title": "a"} {"title": "b"}', "broken JSON"),
        ("chợ nổi", "broken JSON"),
        ("[" * 100_000, "broken JSON"),
        ("[]", "expected an object, found a list"),
        ("3", "expected an object, found a number"),
        ('"a"', "expected an object, found text"),
        ("null", "expected an object, found null"),
        ("true", "expected an object, found true or false"),
        ("{}", "no headline and no body"),
        ('{"title": " ", "body": ["", " "], "lead": "chỉ có sapo"}', "no headline and no body"),
    ],
)
def test_bad_line_is_reported_and_the_others_are_read(
    tmp_path: Path, line: str, reason: str
) -> None:
    content = f"{dumps({'title': 'trước'})}\n{line}\n{dumps({'title': 'sau'})}\n"
    articles, bad = read_file(tmp_path, "tin.jsonl", content)
    assert [article.headline for article in articles] == ["trước", "sau"]
    assert [(record.path, record.line) for record in bad] == [(str(tmp_path / "tin.jsonl"), 2)]
    assert reason in bad[0].reason
    assert str(bad[0]).startswith(f"{tmp_path / 'tin.jsonl'}:2: ")


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"body": {"p": "b"}}, "body is an object that holds no body"),
        ({"id": True}, "id is true or false that holds no id"),
        ({"id": "x y/z?"}, "id 'x y/z?' cannot be one: rb28de6302658751a is taken"),
        ({"related": [1]}, "related holds a number"),
        ({"published": "31/02/2026"}, "published: '31/02/2026' is not a possible date"),
        ({"published": "2026-02-31"}, "published: '2026-02-31' is not a possible date"),
        ({"published": "5/10/2026 25:00"}, "is not a possible date"),
        ({"published": "0003-01-01"}, "published: the year 3 cannot be right"),
        ({"published": "hôm qua"}, "published: 'hôm qua' is not a date that can be read"),
        ({"published": 12}, "published: '12' is not a date that can be read"),
        ({"updated": "13/13/2026"}, "updated: '13/13/2026' is not a possible date"),
        ({"url": "javascript:alert(1)"}, "url 'javascript:alert(1)' is no web address"),
        ({"url": "/chi-duong-dan.htm"}, "url '/chi-duong-dan.htm' is no web address"),
        ({"category": "https://a.example/the-thao"}, "is no name"),
        ({"author": "127807"}, "authors '127807' is no name"),
        ({"author": "admin", "source": "Báo A"}, "author 'admin' is no person's name"),
    ],
)
def test_a_field_that_cannot_be_read_costs_the_field(
    tmp_path: Path, fields: dict[str, object], notice: str
) -> None:
    line = dumps({"title": "Chợ nổi họp lại", "content": "Từ sáng sớm."} | fields)
    path = write_file(tmp_path, "tin.jsonl", line)
    articles, bad, told = read_with_notices(path)
    assert [article.headline for article in articles] == ["Chợ nổi họp lại"]
    assert bad == []
    assert [type(each) for each in told] == [FieldNotice]
    assert notice in str(told[0])
    assert str(told[0]).startswith(f"{tmp_path / 'tin.jsonl'}:1: ")


def test_lines_that_are_not_utf8(tmp_path: Path) -> None:
    lines = [{"title": f"Tiếng Việt {at}"} for at in range(8)]
    good = "\n".join(map(dumps, lines)).encode()
    path = write_file(tmp_path, "tin.jsonl", b'{"title": "Ti\xea\xb7ng"}\n\0\0\0\n' + good)
    articles, bad, notices = read_with_notices(path)
    assert len(articles) == 9
    assert articles[0].headline == "Ti\ufffdng"
    assert reports(bad) == [("tin.jsonl", 2)]
    assert [str(told) for told in notices] == [
        f"{path}: bytes that are not UTF-8 are shown as \ufffd"
    ]


@pytest.mark.parametrize("name", ["tin.jsonl", "tin.jsonl.gz", "tin.csv", "tin.json"])
def test_record_of_fifty_megabytes_is_passed_over(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    opener = gzip.open if name.endswith(".gz") else open
    with opener(path, "wb") as file:
        if name == "tin.csv":
            file.write(b"title,body\na,b\nc,")
        elif name == "tin.json":
            file.write(b'[\n{"title": "a"},\n{"title": "')
        else:
            file.write(b'\n{"title": "a"}\n{"title": "')
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b"\nd,e\n" if name == "tin.csv" else b'"},\n{"title": "d"}\n')
    articles, bad = read_all(path)
    assert [article.headline for article in articles] == ["a", "d"]
    assert reports(bad) == [(name, 3)]
    assert bad[0].reason == "longer than 20 MB, the limit for one record"
    assert RECORD_LIMIT == 20_000_000


@pytest.mark.parametrize("name", ["trang.txt", "trang.html", "trang.txt.gz"])
def test_page_above_the_limit(tmp_path: Path, name: str) -> None:
    articles, bad = read_file(tmp_path, name, b"x" * (RECORD_LIMIT + 1))
    assert articles == []
    assert [(record.line, record.reason) for record in bad] == [
        (None, "longer than 20 MB, the limit for one record")
    ]


@pytest.mark.parametrize("name", ["tin.jsonl.gz", "tin.json.gz", "tin.csv.gz", "tin.txt.gz"])
def test_gzip_broken_in_the_middle(tmp_path: Path, name: str) -> None:
    rows = [f"Tin {at} " + os.urandom(300).hex() for at in range(2_000)]
    contents = {
        "tin.jsonl.gz": "\n".join(dumps({"title": row}) for row in rows),
        "tin.json.gz": dumps([{"title": row} for row in rows]),
        "tin.csv.gz": "title\n" + "\n".join(rows),
        "tin.txt.gz": "\n".join(rows),
    }
    data = gzip.compress(contents[name].encode())
    damaged = data[: len(data) // 2] + bytes(50) + data[len(data) // 2 + 50 :]
    for broken in (data[: len(data) // 2], damaged):
        path = tmp_path / name
        path.write_bytes(broken)
        articles, bad = read_all(path)
        if name == "tin.txt.gz":
            assert articles == []
        else:
            assert 500 < len(articles) < 2_000
            titles = [article.headline for article in articles[:500]]
            assert titles == rows[:500]
        assert any("broken gzip data" in record.reason for record in bad)
        assert all(record.path == str(path) for record in bad)


def test_file_that_only_claims_to_be_gzip(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(b'{"title": "a"}\n')
    articles, bad = read_all(tmp_path)
    assert articles == []
    assert reports(bad) == [("a.jsonl.gz", None)]
    assert "broken gzip data" in bad[0].reason


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('{"title": "b",,}', "broken JSON"),
        ('{"title": }', "broken JSON"),
        ('{"title": "b]", "body": "c}', "a line ends inside quotes"),
        ('{"title": "b", "tags": ["c"}', "brackets that do not match"),
        ("rác, rác", "neither an object nor another value"),
        ("}x", "neither an object nor another value"),
        ('"b"', "expected an object, found text"),
        ("12", "expected an object, found a number"),
    ],
)
def test_bad_record_in_a_json_list(tmp_path: Path, broken: str, reason: str) -> None:
    content = f'[\n  {{"title": "a"}},\n  {broken},\n  {{"title": "c"}},\n  {{"title": "d"}}\n]\n'
    articles, bad = read_file(tmp_path, "tin.json", content)
    assert [article.headline for article in articles] == ["a", "c", "d"]
    assert reports(bad) == [("tin.json", 3)]
    assert reason in bad[0].reason


def test_bad_record_in_an_indented_json_list(tmp_path: Path) -> None:
    records = [{"title": str(at), "related": [{"title": f"r{at}"}]} for at in range(4)]
    text = json.dumps(records, indent=2).replace('"title": "1",', '"title": "1,')
    articles, bad = read_file(tmp_path, "tin.json", text)
    assert [article.headline for article in articles] == ["0", "2", "3"]
    assert reports(bad) == [("tin.json", 10)]


def test_json_file_that_ends_too_early(tmp_path: Path) -> None:
    articles, bad = read_file(tmp_path, "tin.json", '[{"title": "a"},\n{"title": "b", "bo')
    assert [article.headline for article in articles] == ["a"]
    assert reports(bad) == [("tin.json", 2)]
    assert "the file ends inside" in bad[0].reason


def test_bad_rows_of_a_table(tmp_path: Path) -> None:
    content = (
        b"title,body,published\n"
        b"Mot,a,2026-10-05\n"  # 2
        b"Hai,a\n"  # 3: too few cells
        b"Ba,a,2026-10-05,them\n"  # 4: too many
        b"Bon,a\0b,2026-10-05\n"  # 5: NUL
        b"N\xe3m,a,2026-10-05\n"  # not UTF-8: read as Latin letters
        b'Sau,"a" b,2026-10-05\n'  # 7: text after the closing quote
        b"Bay,a,31/02/2026\n"  # 8: no such day
        b",,2026-10-05\n"  # 9: nothing in it
        b"\n"
        b'Tam,"a\nb",2026-10-05\n'  # 11 and 12
        b'Chin,"a,2026-10-05\n'  # 13: the quote is left open
        b"Muoi,a,2026-10-05\n"
        b'Muoi mot,"x ""y""",2026-10-05\n'
    )
    articles, bad = read_file(tmp_path, "tin.csv", content)
    assert [article.headline for article in articles] == [
        "Mot",
        "Nãm",
        "Bay",
        "Tam",
        "Muoi",
        "Muoi mot",
    ]
    assert reports(bad) == [("tin.csv", line) for line in (3, 4, 5, 7, 9, 13)]
    reasons = [record.reason for record in bad]
    assert reasons[0] == "2 cells in the row, 3 columns in the header"
    assert reasons[1] == "4 cells in the row, 3 columns in the header"
    assert "NUL" in reasons[2]
    assert "broken CSV" in reasons[3]
    assert reasons[4] == "no headline and no body"
    assert "broken CSV" in reasons[5]


@pytest.mark.parametrize(
    "content", ["", "\n", "a,b\n1,2\n", "id;url\n1;http://a.example/\n", '"title']
)
def test_table_without_the_columns_it_needs(tmp_path: Path, content: str) -> None:
    articles, bad = read_file(tmp_path, "tin.csv", content)
    assert articles == []
    assert reports(bad) == [("tin.csv", 1)]
    assert "header" in bad[0].reason


def test_json_in_a_cell_that_is_broken(tmp_path: Path) -> None:
    content = 'title,related\na,"[{""title"": ""b"""\nc,b\nd,"[{""title"": ""e""}]"\n'
    articles, bad, told = read_with_notices(write_file(tmp_path, "tin.csv", content))
    assert bad == []
    assert [(a.headline, [r.headline for r in a.related]) for a in articles] == [
        ("a", []),
        ("c", ["b"]),
        ("d", ["e"]),
    ]
    assert [str(each) for each in told] == [
        f"{tmp_path / 'tin.csv'}:2: related holds no list that can be read: left out"
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xf7\xfd 12", "neither UTF-8 or UTF-16 text nor in an encoding that is known"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary data, expected text"),
        (b"abc\0def", "binary data, expected UTF-8 or UTF-16 text"),
        (b"\xff\xfea\0b", "not valid UTF-16 text"),
        ("Tiếng Việt".encode("utf-32"), "UTF-32 text, expected UTF-8 or UTF-16"),
    ],
)
def test_page_that_is_no_text(tmp_path: Path, content: bytes, reason: str) -> None:
    articles, bad = read_file(tmp_path, "trang.txt", content)
    assert articles == []
    assert [(record.line, record.reason) for record in bad] == [(None, reason)]


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "anh.jpg").write_bytes(b"")
    os.mkfifo(tmp_path / "ong.txt")
    (tmp_path / "lac.txt").symlink_to(tmp_path / "khong-co.txt")
    reasons = {
        "khong-co.jsonl": "cannot be read: No such file or directory",
        "khong-co": "no such file or folder",
        "anh.jpg": "no reader for this name",
        "ong.txt": "not a regular file",
        "lac.txt": "cannot be read: No such file or directory",
    }
    for name, reason in reasons.items():
        articles, bad = read_all(tmp_path / name)
        assert articles == []
        assert reports(bad) == [(name, None)]
        assert reason in bad[0].reason
    assert estimate_bytes([tmp_path / name for name in reasons]) == 0


def test_bad_files_in_a_folder_do_not_stop_the_rest(tmp_path: Path) -> None:
    read_file(tmp_path, "1.txt", b"\xff")
    read_file(tmp_path, "2.html", "")
    read_file(tmp_path, "3.csv", "a,b\n")
    read_file(tmp_path, "4.json", "[")
    (tmp_path / "5.jsonl.gz").write_bytes(b"\x1f\x8b\x08")
    read_file(tmp_path, "6.txt", "Tin lành\n\nChợ họp.\n")
    articles, bad = read_all(tmp_path)
    assert [article.headline for article in articles] == ["Tin lành"]
    left_out = ["1.txt", "2.html", "3.csv", "4.json", "5.jsonl.gz"]
    assert [name for name, _ in reports(bad)] == left_out


SUFFIXES = [".txt", ".html", ".json", ".jsonl", ".csv", ".tsv", ".txt.gz", ".jsonl.gz", ".json.gz"]
FRAGMENTS = st.sampled_from(
    (
        *('{"title":', '"a"', "}", "{", "[", "]", ",", "\n", "\\", '"', "\0", "\ufeff"),
        *("title;body\n", "<h1>", "</h1>", "<script type='application/ld+json'>", "&#0;"),
        *("Tin liên quan\n", "Viết bình luận\n", "SHO - ", "Ảnh: "),
    )
).map(str.encode) | st.sampled_from([b"\xff\xfe", b"\x1f\x8b", b"\xc3"])


@given(
    suffix=st.sampled_from(SUFFIXES),
    data=st.binary() | st.lists(FRAGMENTS).map(b"".join) | st.text().map(str.encode),
)
@example(suffix=".json", data=b"]")
@example(suffix=".json", data=b'{"a":"\\')
@example(suffix=".csv", data=b'title\n"\0\n"\n')
@example(suffix=".csv", data=b"title\n\xff")
@example(suffix=".html", data=b"<!--")
def test_no_bytes_make_a_reader_raise(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("tin") / f"tin{suffix}"
    path.write_bytes(gzip.compress(data) if suffix.endswith(".gz") and len(data) % 2 else data)
    bad: list[BadRecord] = []
    steps: list[int] = []
    for article in read_path(path, on_bad=bad.append, on_bytes=steps.append):
        assert Article.from_json(article.to_json()) == article
    assert {record.path for record in bad} <= {str(path)}
    assert all(record.line is None or record.line >= 1 for record in bad)
    assert all(record.reason for record in bad)
    assert sum(steps) == estimate_bytes([path])
