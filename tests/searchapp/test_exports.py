"""Exported files, read back by the libraries that other programs use."""

import csv
import io
import json
from datetime import date

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from citable import CITABLE, SITE
from exported import BIBLIOGRAPHIC, written
from hypothesis import given
from hypothesis import strategies as st
from small_index import everyday_news

from index import Article
from index.article import is_article_id
from searchapp.documents.exports import CsvOptions, write_csv

#: What the published schema of CSL data allows of the fields that we write.
CSL_TEXTS = frozenset(
    {"id", "type", "title", "container-title", "section", "abstract", "keyword", "language"}
    | {"URL", "archive_location"}
)


def test_ris_has_no_heading_and_every_record_is_read_back() -> None:
    text = written("ris", CITABLE)
    assert text.startswith("TY  - NEWS\r\n")
    assert "\n" not in text.replace("\r\n", "")
    records = rispy.loads(text)
    assert len(records) == len(CITABLE)
    for record, article in zip(records, CITABLE, strict=True):
        assert record["type_of_reference"] == "NEWS"
        assert record["accession_number"] == article.id
        assert record.get("authors", []) == list(article.authors)
        assert record.get("keywords", []) == list(article.tags)
        assert record.get("secondary_title", "") == article.source
    assert records[0]["title"] == "Hà Nội ngập nhiều tuyến phố sau mưa lớn"
    assert records[0]["date"] == "2026/10/05"
    assert records[0]["year"] == "2026"
    assert records[9]["abstract"] == "Dòng một ER - TY - BOOK"


def test_fifty_records_of_ris_come_back_in_order() -> None:
    headlines = list(everyday_news().values())[:50]
    articles = [Article(id=f"n{n}", headline=text) for n, text in enumerate(headlines)]
    records = rispy.loads(written("ris", articles))
    assert [record["title"] for record in records] == headlines
    assert [record["accession_number"] for record in records] == [a.id for a in articles]


def test_bibtex_keeps_names_whole_and_every_entry_is_read_back() -> None:
    text = written("bib", CITABLE)
    assert "author = {{Nguyễn Văn An}}" in text
    assert "author = {{Trần Thị Bưởi} and {Lê Quang Định}}" in text
    library = parse_string(text)
    assert library.failed_blocks == []
    assert len({entry.key for entry in library.entries}) == len(CITABLE)
    first = {field.key: field.value for field in library.entries[0].fields}
    assert first["title"] == "{Hà Nội ngập nhiều tuyến phố sau mưa lớn}"
    assert first["journal"] == "{Báo Sông Hồng}"
    assert first["date"] == "2026-10-05"
    assert first["url"] == "https://songhong.example/thoi-su/ngap.html"


def test_bibtex_writes_what_is_markup_to_latex_as_text() -> None:
    text = written("bib", [CITABLE[8]])
    assert (
        r"{{Xe buýt \textbraceleft{}miễn phí\textbraceright{} 100\%: ai trả \#tiền\_vé \$ "
        r"\textbackslash{} \textasciitilde{} \textasciicircum{} …}}"
    ) in text
    assert "url = {https://songhong.example/%7Bbus%7D%7Ea}" in text
    assert text.count("{") == text.count("}")


def test_csl_json_has_literal_names_and_only_fields_of_the_schema() -> None:
    items = json.loads(written("csl.json", CITABLE))
    for item, article in zip(items, CITABLE, strict=True):
        assert item["type"] == "article-newspaper"
        assert item.get("author", []) == [{"literal": name} for name in article.authors]
        assert item.keys() <= CSL_TEXTS | {"author", "issued"}
        assert all(isinstance(item[name], str) for name in CSL_TEXTS & item.keys())
        parts = item.get("issued", {"date-parts": []})["date-parts"]
        assert all(date(*numbers) for numbers in parts)
    assert items[0]["issued"] == {"date-parts": [[2026, 10, 5]]}
    assert json.loads(written("csl.json", [])) == []


def test_csv_begins_with_the_byte_order_mark_and_reads_back() -> None:
    text = written("csv", CITABLE)
    assert text.encode()[:3] == b"\xef\xbb\xbf"
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [row["id"] for row in rows] == [article.id for article in CITABLE]
    assert rows[0]["published_local"] == "05/10/2026 06:40"
    assert rows[0]["published_at"] == "2026-10-05T06:40:00+07:00"
    assert rows[1]["published_local"] == "01/01/2026"
    assert rows[1]["published_at"] == "2026-01-01"
    assert rows[1]["authors"] == "Trần Thị Bưởi; Lê Quang Định"


def test_csv_cells_are_never_formulas() -> None:
    text = "".join(write_csv([CITABLE[9]], SITE, CsvOptions(byte_order_mark=False)))
    row = next(csv.DictReader(io.StringIO(text, newline="")))
    assert row["title"] == """'=HYPERLINK("https://xau.example";"bấm")"""
    assert row["source"] == "'+Tin"
    assert row["section"] == "'@mục"
    assert row["authors"] == "'-An; Bình, Chánh"


@pytest.mark.parametrize("fmt", [*BIBLIOGRAPHIC, "csv", "txt"])
def test_texts_are_written_in_nfc_and_without_control_characters(fmt: str) -> None:
    article = Article(id="a", headline="Ha\u0300 No\u0323\u0302i\x1b[31m\x00", authors=("\x07An",))
    text = written(fmt, [article])
    assert "Hà Nội" in text
    assert not any(char in text for char in "\x00\x07\x1b")


@given(
    headline=st.text(max_size=40) | st.text(alphabet='{}\\%@,"#=~\r\n TY-ER', max_size=20),
    author=st.text(min_size=1, max_size=20),
    doc_id=st.text(min_size=1, max_size=12).filter(is_article_id),
)
def test_no_text_breaks_out_of_its_record(headline: str, author: str, doc_id: str) -> None:
    article = Article(id=doc_id, headline=f"Tin {headline}", authors=(author,), source=headline)
    other = Article(id="sau", headline="Tin sau")
    texts = {fmt: written(fmt, [article, other]) for fmt in (*BIBLIOGRAPHIC, "csv")}
    assert [line for line in texts["ris"].split("\r\n") if line.startswith("TY")] == (
        ["TY  - NEWS"] * 2
    )
    assert texts["ris"].count("\r\nER  - \r\n") == 2
    library = parse_string(texts["bib"])
    assert (len(library.entries), library.failed_blocks) == (2, [])
    assert len(json.loads(texts["csl.json"])) == 2
    table = io.StringIO(texts["csv"].removeprefix("\ufeff"), newline="")
    for row in csv.DictReader(table):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    for text in texts.values():
        assert text.encode()
