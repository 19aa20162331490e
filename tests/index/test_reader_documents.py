"""Documents of offices: Word, tables of Excel and others, PDF."""

import io
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from documents import TextLine, pdf
from docx import Document
from docx.oxml.parser import parse_xml
from openpyxl import Workbook
from reading import read_all, read_one, read_with_notices, write_file

from index.reading_worker import read_in_worker

BODY = (
    "Sáng nay, hàng trăm bà con hai bên bờ sông Lục đã đi trên cây cầu mới, sau gần hai năm xây "
    "dựng với biết bao lần phải hoãn.",
    "Ông Lâm Vũ, chủ tịch xã, nói đây là ngày vui của liên hợp các làng nghề ven sông và của cả "
    "vùng trung du phía bắc, nơi mỗi mùa lũ lại bị chia cắt nhiều ngày liền.",
    "Cầu dài 120 mét.",
)


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word(title: str = "", *, first: str = "") -> Any:
    document = Document()
    if first:
        document.add_paragraph(first)
    if title:
        document.add_paragraph("Khánh thành cầu mới", style=title)
    for text in BODY:
        document.add_paragraph(text)
    return document


@pytest.mark.parametrize("name", ["tin.docx", "TIN.DOCX", "tin.docx.gz"])
@pytest.mark.parametrize(
    ("style", "first"),
    [("Title", ""), ("Heading 1", ""), ("Normal", ""), ("Title", "Báo Sông Lục, số 12")],
)
def test_word(tmp_path: Path, name: str, style: str, first: str) -> None:
    document = word(style, first=first)
    document.core_properties.title = "Microsoft Word - Document1"
    document.core_properties.author = "Admin"
    article = read_one(tmp_path, name, saved(document))
    assert article.headline == "Khánh thành cầu mới"
    assert article.body == ((first, *BODY) if first else BODY)
    assert article.authors == ()
    assert article.published is None


def test_everything_that_a_reader_of_word_sees(tmp_path: Path) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document = Document()
    document.add_paragraph("Khánh thành cầu")
    changed = document.add_paragraph("Sáng ")
    changed._p.append(
        parse_xml(f"<w:del {space}><w:r><w:delText>hôm qua</w:delText></w:r></w:del>")
    )
    changed._p.append(parse_xml(f"<w:ins {space}><w:r><w:t>nay</w:t></w:r></w:ins>"))
    lines = document.add_paragraph("dòng một")
    lines.add_run().add_break()
    lines.add_run("dòng hai")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "ô một", "ô hai"
    document.element.body.insert(
        4, parse_xml(f"<w:sdt {space}><w:sdtContent><w:p><w:r><w:t>trong khung</w:t></w:r></w:p>"
                     "</w:sdtContent></w:sdt>")
    )  # fmt: skip
    article = read_one(tmp_path, "a.docx", saved(document))
    expected = {"Sáng nay", "dòng một", "dòng hai", "ô một", "ô hai", "trong khung"}
    assert set(article.body) == expected


def test_what_is_no_word_says_why(tmp_path: Path) -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(150_000_000))
    for data, reason in (
        (b"\xd0\xcf\x11\xe0" + bytes(600), "encrypted, or of a version of Office before 2007"),
        (b"no zip at all", "broken zip data (File is not a zip file)"),
        (other.getvalue(), "no text of Word that can be read"),
        (bomb.getvalue(), "more than 200 times as long as its zip data"),
        (saved(Document()), "no headline and no body"),
    ):
        _, (bad,) = read_all(write_file(tmp_path, "a.docx", data))
        assert bad.reason.startswith(reason)


#: As cells hold times: without a zone.
TIME = datetime(2026, 3, 7, 8, 1, tzinfo=UTC).replace(tzinfo=None)


def workbook(*, above: int = 0) -> Any:
    book = Workbook()
    sheet = book.active
    for _ in range(above):
        sheet.append(["Danh sách tin đã đăng"])
    sheet.append(["Mã bài", "Tiêu đề", "Nội dung", "Ngày đăng", "Tác giả", "Ghi chú", "Từ khóa"])
    sheet.append([7, "Khánh thành cầu", "Sáng nay.\nBà con.", TIME, "Lâm Vũ",
                  1.5, "cầu, sông"])  # fmt: skip
    sheet.append([None] * 7)
    sheet.append([8.0, "Sửa đường", "Chiều nay.", date(2026, 3, 8), None, None, None])
    sheet.append([9, "Tin ngắn", "Tối nay.", "08h01 ngày 9-3-2026", None, None, None])
    return book


@pytest.mark.parametrize("name", ["tin.xlsx", "tin.xlsm", "tin.xlsx.gz"])
@pytest.mark.parametrize("above", [0, 2])
def test_excel(tmp_path: Path, name: str, above: int) -> None:
    articles, bad, notices = read_with_notices(
        write_file(tmp_path, name, saved(workbook(above=above)))
    )
    assert bad == []
    assert [(a.id, a.headline, a.body) for a in articles] == [
        ("7", "Khánh thành cầu", ("Sáng nay.", "Bà con.")),
        ("8", "Sửa đường", ("Chiều nay.",)),
        ("9", "Tin ngắn", ("Tối nay.",)),
    ]
    assert [(str(a.published), a.published_precision) for a in articles] == [
        ("2026-03-07 08:01:00+07:00", "minute"),
        ("2026-03-08 00:00:00+07:00", "day"),
        ("2026-03-09 08:01:00+07:00", "minute"),
    ]
    assert articles[0].tags == ("cầu", "sông")
    lines = [a.provenance.line for a in articles if a.provenance]
    assert lines == [2 + above, 4 + above, 5 + above]
    assert [notice.counts for notice in notices if hasattr(notice, "counts")] == [(("Ghi chú", 1),)]


def test_sheets_and_tables_without_a_header(tmp_path: Path) -> None:
    book = workbook()
    book.create_sheet("Hướng dẫn").append(["Cách nhập", "Xem trang sau"])
    other = book.create_sheet("Năm 2025")
    other.append(["title", "body"])
    other.append(["Tin cũ", "Năm ngoái."])
    path = write_file(tmp_path, "a.xlsx", saved(book))
    articles, bad, notices = read_with_notices(path)
    assert bad == []
    assert [a.headline for a in articles][-1] == "Tin cũ"
    assert articles[-1].provenance is not None
    assert articles[-1].provenance.path == str(path / "Năm 2025")
    assert any("'Hướng dẫn' has no header" in str(notice) for notice in notices)
    empty = Workbook()
    empty.active.append(["một", "hai"])
    for data, reason in (
        (saved(empty), "no header"),
        (b"PK nothing", "broken zip data"),
        (b"no table", "no table that can be read"),
    ):
        _, (record,) = read_all(write_file(tmp_path, "b.xlsx", data))
        assert record.reason.startswith(reason)


def test_tables_of_libreoffice(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        inner = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p>'
            "</table:table-cell>"
            for cell in cells
        )
        return f"<table:table-row>{inner}</table:table-row>"

    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Tin">'
        f"{row('Tiêu đề', 'Nội dung')}{row('Khánh thành cầu', 'Sáng nay.')}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    article = read_one(tmp_path, "a.ods", buffer.getvalue())
    assert (article.headline, article.body) == ("Khánh thành cầu", ("Sáng nay.",))


TYPED = (
    "Sáng nay, hàng trăm bà con hai bên bờ sông Lục đã đi",
    "trên cây cầu mới, sau gần hai năm xây dựng với biết",
    "bao lần phải hoãn.",
    "Ông Lâm Vũ, chủ tịch xã, nói đây là ngày vui của liên-",
    "hợp các làng nghề ven sông và của cả vùng trung du",
    "phía bắc, nơi mỗi mùa lũ",
    "lại bị chia cắt nhiều ngày liền.",
    "Cầu dài 120 mét.",
)


def printed(*, larger: bool = True, running: str = "Báo Sông Lục, số 12") -> list[list[TextLine]]:
    """Two pages with a running head and a number each."""
    size = 24 if larger else 10
    head: list[TextLine] = [("Khánh thành cầu mới", size, 740, 50), ("bắc qua sông", size, 712, 50)]
    text = [(line, 10.0, 680.0 - 14 * at, 50.0) for at, line in enumerate(TYPED)]
    return [
        [(running, 8, 780, 50), *head, *text[:6], ("- 1 -", 8, 20, 300)],
        [(running, 8, 780, 50), *text[6:], ("- 2 -", 8, 20, 300)],
    ]


@pytest.mark.parametrize(
    ("pages", "title"),
    [
        (printed(), "Microsoft Word - bai.docx"),
        (printed(), ""),
        (printed(larger=False), "Khánh thành cầu mới bắc qua sông"),
        (printed(running="Khánh thành cầu mới bắc qua sông"), ""),
    ],
)
def test_pdf(tmp_path: Path, pages: list[list[TextLine]], title: str) -> None:
    article = read_one(tmp_path, "tin.pdf", pdf(pages, title=title))
    assert article.headline == "Khánh thành cầu mới bắc qua sông"
    assert article.body == BODY


def test_pdf_without_text_and_broken(tmp_path: Path) -> None:
    whole = pdf(printed())
    scan: list[list[TextLine]] = [[], []]
    for data, reason in (
        (pdf(scan), "no text layer: its pages are pictures"),
        (pdf([[(f"{at}", 8, 20, 300)] for at in range(3)]), "no text layer"),
        (b"%PDF-1.5 nothing", "no PDF that can be read"),
        (b"", "no PDF that can be read"),
    ):
        _, (bad,) = read_all(write_file(tmp_path, "a.pdf", data))
        assert bad.reason.startswith(reason), data
    articles, bad_records, notices = read_with_notices(
        write_file(tmp_path, "b.pdf", pdf([*printed(), []]))
    )
    assert (len(articles), bad_records) == (1, [])
    assert str(notices[0]).endswith("pages without a text layer: 3")
    assert whole


def test_a_worker_reads_documents_within_its_limits(tmp_path: Path) -> None:
    write_file(tmp_path, "a.docx", saved(word("Title")))
    write_file(tmp_path, "b.xlsx", saved(workbook()))
    write_file(tmp_path, "c.pdf", pdf(printed()))
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        for path in sorted(tmp_path.glob("[abc].*")):
            archive.write(path, f"2026/{path.name}")
    bad: list[object] = []
    articles = list(read_in_worker([tmp_path], on_bad=bad.append))
    assert bad == []
    assert len(articles) == 10


@pytest.mark.parametrize("module", ["docx", "python_calamine", "pypdfium2"])
def test_what_is_not_installed_is_named(
    tmp_path: Path, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    name = {"docx": "a.docx", "python_calamine": "a.xlsx", "pypdfium2": "a.pdf"}[module]
    _, (bad,) = read_all(write_file(tmp_path, name, saved(workbook())))
    assert bad.reason == "reading it needs more packages: pip install 'timbao[formats]'"
