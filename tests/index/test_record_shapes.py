"""Files as exporters lay them out: each gives the articles that a person reads in it."""

import json
import textwrap
from pathlib import Path
from time import process_time

import pytest
from reading import read_with_notices, write_file

from index.readers import FieldNotice, IgnoredKeys

HEADLINE = "Khánh thành cầu Sông Lục sau ba năm thi công"
OTHER = "Chợ phiên đông khách"
LEAD = "Cây cầu nối hai bờ được thông xe sáng nay."
TEXT = ("Sáng 7/3, cầu được đưa vào sử dụng.", "Công trình rút ngắn nửa giờ đi lại.")
HTML = "<p>Sáng 7/3, cầu được đưa vào sử dụng.</p><p>Công trình rút ngắn nửa giờ đi lại.</p>"
TIME = "2026-03-07T08:01:00+07:00"
FIRST = {"title": HEADLINE, "sapo": LEAD, "content": "\n".join(TEXT), "date": TIME}
SECOND = FIRST | {"title": OTHER}
ROWS = [list(FIRST.values()), list(SECOND.values())]
NODES = [
    {"type": "text", "text": "Sáng 7/3, "},
    {"type": "text", "text": "cầu", "marks": [{"type": "bold"}]},
    {"type": "text", "text": " được đưa vào sử dụng."},
]
LAST = [{"type": "text", "text": TEXT[1]}]


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def lines(*values: object) -> str:
    return "\n".join(map(dumps, values))


#: Each holds the two articles, and nothing in it is wrong.
TWO = {
    "pandas split": dumps({"columns": list(FIRST), "index": [0, 1], "data": ROWS}),
    "pandas columns": dumps({k: {"0": FIRST[k], "7": SECOND[k]} for k in FIRST}),
    "lists by column": dumps({k: [FIRST[k], SECOND[k]] for k in FIRST}),
    "rows under a header": dumps([list(FIRST), *ROWS]),
    "rows of a data server": dumps({"rows": [{"row": FIRST}, {"row": SECOND}], "features": []}),
    "bulk file": lines({"index": {"_id": "x1"}}, FIRST, {"create": {}}, SECOND),
    "feed around entries": dumps(
        {"feed": {"title": "Báo Sông Lục", "link": "https://a.example"}, "items": [FIRST, SECOND]}
    ),
    "JSON-LD graph": dumps(
        {
            "@graph": [
                {"@type": "NewsArticle", "headline": HEADLINE, **FIRST},
                {"@type": "NewsArticle", "headline": OTHER, **SECOND},
                {"@type": "WebPage", "name": HEADLINE, "description": LEAD, "url": "https://a.b"},
            ]
        }
    ),
    "script": f"// xuất từ CMS\nvar news = {dumps([FIRST, SECOND])};\n",
    "call": f"callback({dumps({'items': [FIRST, SECOND]})});",
    "text sequence": "\x1e" + dumps(FIRST) + "\n\x1e" + dumps(SECOND) + "\n",
    "JSON in JSON": lines(dumps(FIRST), dumps(SECOND)),
    "raw line ends in texts": dumps([FIRST, SECOND]).replace("\\n", "\n"),
}


def read(folder: Path, content: str, name: str) -> tuple[list[dict[str, object]], list[str]]:
    articles, bad, notices = read_with_notices(write_file(folder, name, content))
    said = [str(told) for told in (*bad, *notices) if not isinstance(told, IgnoredKeys)]
    return [
        {
            "headline": one.headline,
            "lead": one.lead,
            "body": one.body,
            "authors": one.authors,
            "section": one.section,
            "tags": one.tags,
            "captions": one.captions,
            "time": one.published and one.published.timestamp(),
        }
        for one in articles
    ], said


HEADER = "Tiêu đề,Sapo,Nội dung,Ngày đăng"
ROW = f'"{HEADLINE}","{LEAD}","{TEXT[0]}\n{TEXT[1]}",07/03/2026 08:01'
ABOVE = "passed over above the header: Tin bài tháng 3"

#: Tables of one article, and the end of what is said of them.
TABLES = {
    "title above": (f"Tin bài tháng 3,,,\n,,,\n{HEADER}\n{ROW}\n", ABOVE),
    "blank line above": (f"\r\n{HEADER}\n{ROW}\n", ""),
    "line end in the header": (f'"Tiêu\nđề",Sapo,"Nội\ndung","Ngày\nđăng"\n{ROW}\n', ""),
    "header explained": (
        f"Tiêu đề (bắt buộc),Sapo (nếu có),Nội dung (chữ),Ngày đăng (dd/mm/yyyy)\n{ROW}\n",
        "",
    ),
    "a column twice": (f"{HEADER},Tiêu đề\n{ROW},\n", ""),
    "nothing in a cell": (f"{HEADER},Tác giả\n{ROW},\\N\n", ""),
    "quotes of MySQL": (f'{HEADER},Nguồn\n{ROW},"Báo \\"Sông\\" Lục"\n', ""),
    "days of Excel": (f"{HEADER}\n{ROW.replace('07/03/2026 08:01', '46088.33402777778')}\n", ""),
    "line ends of old Macintoshes": (f"{HEADER}\n{ROW}\n".replace("\n", "\r"), ""),
}


@pytest.mark.parametrize("table", TABLES)
def test_tables_as_programs_and_people_write_them(tmp_path: Path, table: str) -> None:
    content, note = TABLES[table]
    ((one,), said) = read(tmp_path, content, "a.csv")
    assert [told.partition("1: ")[2] for told in said] == ([note] if note else [])
    assert (one["headline"], one["lead"], one["body"]) == (HEADLINE, LEAD, TEXT)
    assert one["time"] == 1772845260


def test_a_column_without_a_name_is_reported(tmp_path: Path) -> None:
    content = f",{HEADER},,Nội dung\n0,{ROW},ghi chú,khác\n"
    _, _, (ignored,) = read_with_notices(write_file(tmp_path, "a.csv", content))
    assert isinstance(ignored, IgnoredKeys)
    assert ignored.counts == (("column (6)", 1), ("Nội dung (7)", 1))


#: TCVN3 of one record, which the letters of Latin-1 stand for.
OLD = (
    "Kh¸nh thµnh cÇu S«ng Lôc sau ba n¨m thi c«ng",
    "S¸ng nay, cÇu ®\xadîc ®\xada vµo sö dông, nèi liÒn hai x· ven s«ng cña tØnh.",
)
NEW = "Sáng nay, cầu được đưa vào sử dụng, nối liền hai xã ven sông của tỉnh."


@pytest.mark.parametrize("before", [0, 1, 3, 900])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_line_in_another_encoding_changes_no_other(
    tmp_path: Path, name: str, before: int
) -> None:
    if name == "a.csv":
        top, line = "title,content\n", f'{HEADLINE},"{NEW * 5}"\n'
        old = f'{OLD[0]},"{OLD[1]}"\n'
    else:
        top, line = "", dumps({"title": HEADLINE, "content": NEW * 5}) + "\n"
        old = dumps(dict(zip(("title", "content"), OLD, strict=True))) + "\n"
    content = (top + line * before).encode() + old.encode("latin-1") + line.encode() * 3
    articles, bad, notices = read_with_notices(write_file(tmp_path, name, content))
    assert bad == []
    assert len(notices) == 1
    assert {one.headline for one in articles} == {HEADLINE}
    assert [one.body for one in articles].count((NEW,)) == 1
    assert [one.body for one in articles].count((NEW * 5,)) == before + 3


def test_a_header_in_an_old_encoding_is_known(tmp_path: Path) -> None:
    content = f"STT;Tiªu ®Ò;Néi dung\n1;{OLD[0]};{OLD[1]}\n".encode("latin-1")
    (one,), bad, _ = read_with_notices(write_file(tmp_path, "a.csv", content))
    assert (bad, one.headline, one.body) == ([], HEADLINE, (NEW,))


@pytest.mark.parametrize(
    "text",
    [
        f"https://songluc.example/1\n{HEADLINE}\n\n{TEXT[0]}\n{TEXT[1]}\n",
        f"Tiêu đề: {HEADLINE}\nURL: https://songluc.example/1\n\n{TEXT[0]}\n{TEXT[1]}\n",
        f"Link: https://songluc.example/1\nTiêu đề: {HEADLINE}\nNội dung:\n{TEXT[0]}\n{TEXT[1]}",
        f"https://songluc.example/1\n{HEADLINE}\n\n{TEXT[0]}\n{TEXT[1]}\n".encode(
            "ascii", "xmlcharrefreplace"
        ).decode(),
    ],
)
def test_texts_with_an_address_and_labels(tmp_path: Path, text: str) -> None:
    (one,), bad, notices = read_with_notices(write_file(tmp_path, "a.txt", text))
    assert (bad, notices) == ([], [])
    assert (one.headline, one.body) == (HEADLINE, TEXT)
    assert one.url == "https://songluc.example/1"


def test_lines_of_a_scan_are_joined_in_lists_leads_and_headlines(tmp_path: Path) -> None:
    words = (" ".join(TEXT) + " ") * 3
    wrapped = textwrap.wrap(words, 40)
    record = {"title": "Hội đồng liên-\nhợp họp", "lead": "Họp liên-\nhợp.", "content": wrapped}
    ((one,), _) = read(tmp_path, dumps(record), "a.json")
    assert (one["headline"], one["lead"]) == ("Hội đồng liên hợp họp", "Họp liên hợp.")
    assert one["body"] == (words.strip(),)


NOT_IN_LINES = ("script", "call", "text sequence", "raw line ends in texts")


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        *((shape, "a.json") for shape in TWO),
        *((shape, "a.jsonl") for shape in TWO if shape not in NOT_IN_LINES),
        *((shape, "a.txt") for shape in TWO if TWO[shape].startswith(("{", "[{"))),
    ],
)
def test_files_of_two_articles(tmp_path: Path, shape: str, name: str) -> None:
    content = TWO[shape]
    found, said = read(tmp_path, content, name)
    assert said == []
    assert [one["headline"] for one in found] == [HEADLINE, OTHER]
    for one in found:
        assert (one["lead"], one["body"], one["time"]) == (LEAD, TEXT, 1772845260)


def test_an_indented_list_is_read_under_the_name_of_lines(tmp_path: Path) -> None:
    content = f"\n[\n{dumps(FIRST)},\n{dumps(SECOND)}\n]\n"
    assert [one["headline"] for one in read(tmp_path, content, "a.jsonl")[0]] == [HEADLINE, OTHER]


BODIES: dict[str, object] = {
    "ProseMirror": {
        "type": "doc",
        "content": [
            {"type": "paragraph", "content": NODES},
            {"type": "paragraph", "content": LAST},
        ],
    },
    "Lexical, written out": dumps(
        {
            "root": {
                "type": "root",
                "children": [
                    {"type": "paragraph", "children": NODES},
                    {"type": "paragraph", "children": LAST},
                ],
            }
        }
    ),
    "Quill": {"ops": [{"insert": "Sáng 7/3, "}, {"insert": f"{TEXT[0][10:]}\n{TEXT[1]}\n"}]},
    "texts, one an object": [{"type": "text", "value": TEXT[0]}, {"value": TEXT[1]}],
    "numbered": {"p1": TEXT[0], "p2": TEXT[1]},
    "list as text": dumps(TEXT),
    "list of Python": repr(list(TEXT)),
    "by language": {"vi-VN": HTML},
    "Firestore": {"stringValue": HTML},
    "DynamoDB": {"S": HTML},
    "escaped line ends": "\\n".join(TEXT),
}


@pytest.mark.parametrize("body", BODIES)
def test_texts_as_editors_and_databases_store_them(tmp_path: Path, body: str) -> None:
    ((one,), said) = read(tmp_path, dumps(FIRST | {"content": BODIES[body]}), "a.json")
    assert said == []
    assert one["body"] == TEXT


def test_captions_of_blocks_are_captions(tmp_path: Path) -> None:
    image = {"type": "image", "data": {"file": {"url": "https://a.b/i.jpg"}, "caption": "Cầu mới"}}
    words = {"type": "list", "data": {"items": list(TEXT)}}
    ((one,), _) = read(tmp_path, dumps(FIRST | {"content": {"blocks": [words, image]}}), "a.json")
    assert (one["body"], one["captions"]) == (TEXT, ("Cầu mới",))


def test_an_object_beside_the_headline_holds_the_rest(tmp_path: Path) -> None:
    content = {"title": HEADLINE, "url": "https://a.example/1", "detail": {"noi_dung": HTML}}
    ((one,), _) = read(tmp_path, dumps(content), "a.json")
    assert (one["headline"], one["body"]) == (HEADLINE, TEXT)
    content = {"title": HEADLINE, "content": HTML, "meta": {"author": "Lê An", "date": TIME}}
    ((one,), _) = read(tmp_path, dumps(content), "a.json")
    assert (one["authors"], one["time"]) == (("Lê An",), 1772845260)


AUTHORS: list[tuple[object, tuple[str, ...]]] = [
    ({"first_name": "An", "last_name": "Lê Thị"}, ("Lê Thị An",)),
    ({"givenName": "Jane", "familyName": "Doe"}, ("Jane Doe",)),
    ({"1": "Lê An", "2": "Trần Bình"}, ("Lê An", "Trần Bình")),
    ([{"user": {"name": "Lê An"}}], ("Lê An",)),
    ({"data": [{"id": 1, "attributes": {"name": "Lê An"}}]}, ("Lê An",)),
    ("['Lê An', 'Trần Bình']", ("Lê An", "Trần Bình")),
    ({"original": "By Lê An and Trần Bình", "person": []}, ("Lê An", "Trần Bình")),
    ({"arrayValue": {"values": [{"stringValue": "Lê An"}]}}, ("Lê An",)),
    ("Bài, ảnh: Lê An, Trần Bình", ("Lê An", "Trần Bình")),
    ("an.le@songluc.example (Lê An)", ("Lê An",)),
    ("Lê An <an.le@songluc.example>", ("Lê An",)),
    ("T.TH", ("T.TH",)),
]


@pytest.mark.parametrize(("written", "names"), AUTHORS)
def test_authors_in_every_shape(tmp_path: Path, written: object, names: tuple[str, ...]) -> None:
    ((one,), said) = read(tmp_path, dumps(FIRST | {"author": written}), "a.json")
    assert said == []
    assert one["authors"] == names


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("HTTPS://songluc.example/1", "https://songluc.example/1"),
        ("www.songluc.example", "https://www.songluc.example"),
        ("https://songluc.example/tin bài", "https://songluc.example/tin%20bài"),
        ('<a href="https://songluc.example/1">Xem</a>', "https://songluc.example/1"),
    ],
)
def test_addresses_as_people_write_them(tmp_path: Path, written: str, address: str) -> None:
    path = write_file(tmp_path, "a.json", dumps(FIRST | {"url": written}))
    (one,), bad, notices = read_with_notices(path)
    assert (bad, notices, one.url) == ([], [], address)


@pytest.mark.parametrize(
    "written", ["a; b", "a | b", "#a #b", "a, b", "['a', 'b']", {"1": "a", "2": "b"}]
)
def test_tags_in_one_text(tmp_path: Path, written: object) -> None:
    ((one,), _) = read(tmp_path, dumps(FIRST | {"tags": written}), "a.json")
    assert one["tags"] == ("a", "b")


HOSTILE = {
    "a.json": "/**/" * 100_000,
    "b.json": '{"a":"' + '\\"' * 100_000,
    "c.json": "[[" * 50_000,
    "d.json": dumps({"title": "a", "author": "<" + "@" * 100_000}),
    "e.csv": 'title,"content\n' + "a,b\n" * 50_000,
    "f.txt": "a " * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_little_time(tmp_path: Path, name: str) -> None:
    path = write_file(tmp_path, name, HOSTILE[name])
    started = process_time()
    read_with_notices(path)
    assert process_time() - started < 3


TIMES: list[object] = [
    [2026, 3, 7, 1, 1, 0, 5, 66, 0],
    [2026, 3, 7, 8, 1],
    ["Thứ bảy, 07/03/2026", "08:01"],
    {"seconds": 1772845260, "nanoseconds": 0},
    {"date": "2026-03-07 01:01:00.000000", "timezone_type": 3, "timezone": "UTC"},
    {"year": 2026, "month": 3, "day": 7, "hour": 8, "minute": 1},
    {"$date": {"$numberLong": "1772845260000"}},
    {"timestampValue": "2026-03-07T01:01:00Z"},
    '<time datetime="2026-03-07T08:01:00+07:00">7/3</time>',
    "07/03/2026&nbsp;08:01",
]


@pytest.mark.parametrize("written", TIMES)
def test_times_in_every_shape(tmp_path: Path, written: object) -> None:
    ((one,), said) = read(tmp_path, dumps(FIRST | {"date": written}), "a.json")
    assert said == []
    assert one["time"] == 1772845260


MENDED = {
    "Python": repr(FIRST | {"author": None}),
    "Python with objects": repr(FIRST | {"ok": True}).replace(
        repr(TIME), "datetime.datetime(2026, 3, 7, 8, 1)"
    ),
    "shell of MongoDB": dumps(FIRST | {"_id": 1, "date": 2})
    .replace('"_id": 1', '"_id": ObjectId("65f0c0ffee65f0c0ffee65f0")')
    .replace('"date": 2', '"date": ISODate("2026-03-07T01:01:00Z")'),
    "bare keys": dumps(FIRST).replace('"title"', "title").replace('"date"', "date"),
    "comments": dumps(FIRST).replace('"date"', '/* ngày */ "date"'),
    "bad escape": dumps(FIRST | {"path": "@"}).replace("@", "D:\\Cầu"),
}


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize("form", MENDED)
def test_what_is_nearly_json_is_read_with_a_note(tmp_path: Path, form: str, name: str) -> None:
    articles, bad, notices = read_with_notices(write_file(tmp_path, name, MENDED[form] + "\n"))
    assert bad == []
    assert len([told for told in notices if isinstance(told, FieldNotice)]) == 1
    assert [(one.headline, one.body) for one in articles] == [(HEADLINE, TEXT)]
    assert articles[0].published is not None


def test_names_that_wordpress_embeds(tmp_path: Path) -> None:
    post = {
        **{"id": 12, "title": {"rendered": HEADLINE}, "content": {"rendered": HTML}},
        **{"author": 7, "categories": [5], "tags": [8], "status": "publish"},
        "_embedded": {
            "author": [{"id": 7, "name": "Lê An"}],
            "wp:featuredmedia": [{"caption": {"rendered": "<p>Cầu mới</p>"}}],
            "wp:term": [
                [{"name": "Thời sự", "taxonomy": "category"}],
                [{"name": "giao thông", "taxonomy": "post_tag"}],
            ],
        },
    }
    ((one,), said) = read(tmp_path, dumps([post]), "a.json")
    assert said == []
    assert (one["authors"], one["section"]) == (("Lê An",), "Thời sự")
    assert (one["tags"], one["captions"]) == (("giao thông",), ("Cầu mới",))


def test_tables_of_ghost_are_joined_and_drafts_stay_out(tmp_path: Path) -> None:
    post = {"id": "p", "title": HEADLINE, "html": HTML, "status": "published", "author_id": "u"}
    tables = {
        "posts": [post, post | {"id": "q", "status": "draft"}],
        "tags": [{"id": "t", "name": "Thời sự"}, {"id": "v", "name": "cầu"}],
        "posts_tags": [
            {"post_id": "p", "tag_id": "v", "sort_order": 1},
            {"post_id": "p", "tag_id": "t", "sort_order": 0},
        ],
        "users": [{"id": "u", "name": "Lê An"}],
        "posts_authors": [{"post_id": "p", "author_id": "u"}],
    }
    ((one,), said) = read(tmp_path, dumps({"db": [{"data": tables}]}), "a.json")
    assert [told.rpartition(": ")[2] for told in said] == ["not published (status draft)"]
    assert (one["authors"], one["section"], one["tags"]) == (("Lê An",), "Thời sự", ("cầu",))
