"""JSON Lines, JSON documents and CSV: field names, types, dates, delimiters."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reading import read_all, read_file, read_one

from index.article import VIETNAM_TIME, Article, RelatedItem
from index.readers import estimate_bytes, read_path, read_paths

RECORD: dict[str, object] = {
    "id": "shn-0412",
    "url": "https://songhong.example/cau-khe-lanh.html",
    "source": "Báo Sông Hồng",
    "category": "Giao thông",
    "title": "Cầu Khe Lạnh hợp long",
    "lead": "Nhịp cuối được nối lúc 6h40.",
    "body": 'Đoạn một, có dấu phẩy; và chấm phẩy.\nĐoạn hai "trong ngoặc".',
    "author": "Lê Thị Mận, Hồ Sĩ Đức",
    "tags": ["cầu", "Yên Bái"],
    "published": "2026-10-05T06:40:00+07:00",
    "updated": "2026-10-05T02:00:00Z",
    "captions": ["Toàn cảnh cầu"],
    "related": [
        {
            "title": "Lũ quét ở Khe Lạnh",
            "snippet": "Mưa lớn từ chiều.",
            "url": "https://haidang.example/lu",
        }
    ],
}

EXPECTED = Article(
    id="shn-0412",
    headline="Cầu Khe Lạnh hợp long",
    lead="Nhịp cuối được nối lúc 6h40.",
    body=("Đoạn một, có dấu phẩy; và chấm phẩy.", 'Đoạn hai "trong ngoặc".'),
    captions=("Toàn cảnh cầu",),
    url="https://songhong.example/cau-khe-lanh.html",
    source="Báo Sông Hồng",
    authors=("Lê Thị Mận", "Hồ Sĩ Đức"),
    section="Giao thông",
    tags=("cầu", "Yên Bái"),
    published=datetime(2026, 10, 5, 6, 40, tzinfo=VIETNAM_TIME),
    updated=datetime(2026, 10, 5, 2, 0, tzinfo=UTC),
    related=(RelatedItem("Lũ quét ở Khe Lạnh", "Mưa lớn từ chiều.", "https://haidang.example/lu"),),
)


def dumps(value: object, **options: int) -> str:
    return json.dumps(value, ensure_ascii=False, **options)  # type: ignore[arg-type]  # indent


def table(delimiter: str, record: dict[str, object] = RECORD) -> str:
    """The record as a CSV row under its header, lists as JSON in the cell."""
    cells = {
        name: value if isinstance(value, str) else dumps(value) for name, value in record.items()
    }
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(cells), delimiter=delimiter)
    writer.writeheader()
    writer.writerow(cells)
    return out.getvalue()


def without_provenance(article: Article) -> dict[str, object]:
    names = [name for name in article.__slots__ if name != "provenance"]
    return {name: getattr(article, name) for name in names}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tin.jsonl", dumps(RECORD).encode()),
        ("tin.ndjson", (dumps(RECORD) + "\n").encode()),
        ("TIN.JSONL", (dumps(RECORD) + "\r\n").encode()),
        ("tin.jsonl.gz", (dumps(RECORD) + "\n").encode()),
        ("bom.jsonl", b"\xef\xbb\xbf" + dumps(RECORD).encode()),
        ("utf16.jsonl", (dumps(RECORD) + "\n").encode("utf-16")),
        ("ascii.jsonl", json.dumps(RECORD).encode()),
        ("mot.json", dumps(RECORD).encode()),
        ("mot-dep.json", dumps(RECORD, indent=2).encode()),
        ("list.json", dumps([RECORD]).encode()),
        ("list-dep.json", dumps([RECORD], indent=4).encode()),
        ("list.json.gz", dumps([RECORD]).encode()),
        ("phay.csv", table(",").encode()),
        ("cham-phay.csv", table(";").encode()),
        ("tab.tsv", table("\t").encode()),
        ("tab.csv", table("\t").encode()),
        ("bom.csv", b"\xef\xbb\xbf" + table(";").encode()),
        ("utf16.csv", table("\t").encode("utf-16")),
        ("unix.csv", table(",").replace("\r\n", "\n").encode()),
        ("nen.csv.gz", table(",").encode()),
    ],
)
def test_every_format_gives_the_same_article(tmp_path: Path, name: str, content: bytes) -> None:
    assert without_provenance(read_one(tmp_path, name, content)) == without_provenance(EXPECTED)


@pytest.mark.parametrize(
    ("field", "alias"),
    [
        ("title", "headline"),
        ("lead", "description"),
        ("lead", "sapo"),
        ("body", "content"),
        ("category", "section"),
        ("author", "authors"),
        ("tags", "keywords"),
        ("published", "date"),
        ("published", "published_at"),
    ],
)
def test_other_names_of_the_fields(tmp_path: Path, field: str, alias: str) -> None:
    record = {alias if name == field else name: value for name, value in RECORD.items()}
    for name, content in (("a.jsonl", dumps(record)), ("a.csv", table(",", record))):
        article = read_one(tmp_path, name, content)
        assert without_provenance(article) == without_provenance(EXPECTED)


@pytest.mark.parametrize(
    "change",
    [
        {"author": ["Lê Thị Mận", "Hồ Sĩ Đức"]},
        {"author": "Lê Thị Mận; Hồ Sĩ Đức"},
        {"author": None, "authors": ["Lê Thị Mận", "Hồ Sĩ Đức", ""]},
        {"tags": "cầu, Yên Bái"},
        {"body": ["Đoạn một, có dấu phẩy; và chấm phẩy.", 'Đoạn hai "trong ngoặc".']},
        {"headline": None, "category": "", "section": "Giao thông"},
        {"title": "  Cầu Khe Lạnh\n hợp long "},
        {"title": "Cầu Khe Lạnh hợp long".replace("ầ", "a\u0302\u0300")},
        {
            "related": [
                {
                    "headline": "Lũ quét ở Khe Lạnh",
                    "lead": "Mưa lớn từ chiều.",
                    "url": "https://haidang.example/lu",
                },
                {"title": " "},
            ]
        },
    ],
)
def test_other_ways_to_write_the_same_record(tmp_path: Path, change: dict[str, object]) -> None:
    article = read_one(tmp_path, "a.jsonl", dumps(RECORD | change))
    assert without_provenance(article) == without_provenance(EXPECTED)


@pytest.mark.parametrize(
    ("written", "time", "precision"),
    [
        ("2026-10-05T06:40:00+07:00", (6, 40), "minute"),
        ("2026-10-05T06:40:00+0700", (6, 40), "minute"),
        ("2026-10-05 06:40:00 +07:00", (6, 40), "minute"),
        ("2026-10-05T06:40", (6, 40), "minute"),
        ("2026-10-04T23:40:00.000Z", (6, 40), "minute"),
        ("2026-10-05", (0, 0), "day"),
        ("05/10/2026", (0, 0), "day"),
        ("5/10/2026 06:40", (6, 40), "minute"),
        ("5/10/2026, 6h40", (6, 40), "minute"),
        ("05/10/2026 06:40:00", (6, 40), "minute"),
    ],
)
def test_dates(tmp_path: Path, written: str, time: tuple[int, int], precision: str) -> None:
    article = read_one(tmp_path, "a.jsonl", dumps({"title": "Tin", "published": written}))
    assert article.published == datetime(2026, 10, 5, *time, tzinfo=VIETNAM_TIME)
    assert article.published_precision == precision


def test_provenance_names_the_line(tmp_path: Path) -> None:
    lines = "\n" + dumps({"title": "Một"}) + "\n\n" + dumps({"title": "Hai"}) + "\n"
    places = {"a.jsonl": [2, 4], "a.json": [2, 4]}
    for name, expected in places.items():
        articles, bad = read_file(tmp_path, name, lines)
        assert bad == []
        assert [a.provenance.line for a in articles if a.provenance] == expected
    articles, bad = read_file(tmp_path, "a.csv", 'title,body\nMột,"a\nb"\n\nHai,c\n')
    assert bad == []
    assert [a.provenance.line for a in articles if a.provenance] == [2, 5]


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_a_long_list_is_read_piece_by_piece(tmp_path: Path, indent: int | None) -> None:
    body = 'Nước sông lên nhanh, {dân} \\ [dời nhà] "ngay" trong đêm. ' * 100
    records = [{"id": f"t{at}", "title": f"Tin {at}", "body": body} for at in range(200)]
    text = json.dumps(records, ensure_ascii=False, indent=indent)
    articles, bad = read_file(tmp_path, "a.json", text)
    assert bad == []
    assert [article.id for article in articles] == [record["id"] for record in records]
    assert {article.body for article in articles} == {(body.strip(),)}
    lines = [article.provenance.line for article in articles if article.provenance]
    starts = [at + 1 for at, line in enumerate(text.split("\n")) if line.strip() == "{"]
    assert lines == (starts or [1] * 200)


def test_csv_cells_may_be_longer_than_the_modules_limit(tmp_path: Path) -> None:
    body = "chợ nổi " * 40_000
    article = read_one(tmp_path, "a.csv", f"title,body\nTin,{body}\n")
    assert article.body == (body.strip(),)


def test_csv_header_in_capitals_and_trailing_delimiter(tmp_path: Path) -> None:
    article = read_one(tmp_path, "a.csv", "Title ; BODY;Ngày\nTin;Chợ họp.;5/10/2026;\n")
    assert (article.headline, article.body) == ("Tin", ("Chợ họp.",))


def test_folder_is_read_in_the_order_of_names_files_first(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".an").mkdir()
    names = [
        "b/2.txt",
        "a.jsonl",
        "c.csv",
        "b/1.html",
        ".an/x.txt",
        ".x.txt",
        "README.md",
        "anh.jpg",
    ]
    contents = ["b2", dumps({"title": "a"}), "title\nc", "<h1>b1</h1>", "x", "x", "# x", "\0"]
    for name, content in zip(names, contents, strict=True):
        (tmp_path / name).write_text(content, encoding="utf-8")
    articles, bad = read_all(tmp_path)
    assert bad == []
    assert [article.headline for article in articles] == ["a", "c", "b1", "b2"]


def test_progress_adds_up_to_the_estimate(tmp_path: Path) -> None:
    read_file(tmp_path, "a.jsonl.gz", "\n".join([dumps(RECORD)] * 500))
    read_file(tmp_path, "b.csv", table(","))
    read_file(tmp_path, "c.json", dumps([RECORD] * 500))
    read_file(tmp_path, "d.txt", b"\xff\xff\xff")
    read_file(tmp_path, "khong-doc.md", "# x")
    (tmp_path / "e.jsonl.gz").write_bytes(b"no gzip data at all")
    steps: list[int] = []
    paths = [tmp_path / "a.jsonl.gz", tmp_path]
    for _ in read_paths(paths, on_bad=lambda bad: None, on_bytes=steps.append):
        pass
    assert sum(steps) == estimate_bytes(paths) > 0
    assert min(steps) > 0
    assert len(steps) > 6


def test_reading_is_lazy(tmp_path: Path) -> None:
    read_file(tmp_path, "a.jsonl", dumps({"title": "Một"}) + "\n{hỏng\n")
    bad: list[object] = []
    articles = read_path(tmp_path / "a.jsonl", on_bad=bad.append)
    assert next(articles).headline == "Một"
    assert bad == []
    assert list(articles) == []
    assert len(bad) == 1
