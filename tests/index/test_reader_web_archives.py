"""MHTML and WARC: pages as browsers and crawlers keep them."""

import base64
import gzip
import io
import quopri
import zipfile
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from unicodedata import normalize

import pytest
from reading import read_all, read_one, read_with_notices, write_file
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from index.article import Article
from index.readers import BadRecord, OtherFiles
from index.reading_worker import read_in_worker

TEXT = "Sáng nay, bà con hai bờ sông Lục đã đi trên cầu mới."
HEAD = '<meta property="og:type" content="article">'
ADDRESS = "https://songluc.example/thong-xe-cau-moi.htm"


def cp1258(text: str) -> bytes:
    """As Windows writes it: ă, â, ê, ô, ơ and ư are letters, tones come after them."""
    data = b""
    for char in normalize("NFC", text):
        try:
            data += char.encode("cp1258")
        except UnicodeEncodeError:
            base, marks = (decomposed := normalize("NFD", char))[0], decomposed[1:]
            tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
            letter = normalize("NFC", base + "".join(m for m in marks if m not in tones))
            data += (letter + "".join(tones)).encode("cp1258")
    return data


def page(headline: str = "Thông xe cầu mới", head: str = HEAD) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{headline}</title>{head}</head>"
        f"<body><h1>{headline}</h1><p>{TEXT}</p></body></html>"
    )


def mhtml(html: bytes, charset: str, encoding: str, *, header: bool = True) -> bytes:
    message = MIMEMultipart("related", type="text/html")
    message["From"] = "<Saved by Blink>"
    message["Subject"] = "Thông xe cầu mới"
    if header:
        message["Snapshot-Content-Location"] = ADDRESS
    part = MIMEText("", "html", charset)
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = encoding
    part["Content-Location"] = ADDRESS
    part.set_payload(html.decode("latin-1"))
    if encoding == "base64":
        part.set_payload(base64.encodebytes(html).decode())
    elif encoding == "quoted-printable":
        part.set_payload(quopri.encodestring(html).decode())
    message.attach(part)
    frame = MIMEText("<html><body><h1>Quảng cáo</h1></body></html>", "html", "utf-8")
    message.attach(frame)
    return message.as_bytes() if encoding != "binary" else message.as_string().encode("latin-1")


@pytest.mark.parametrize("name", ["tin.mht", "tin.MHTML", "tin.mhtml.gz"])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "binary"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1258", "utf-16"])
@pytest.mark.parametrize("header", [True, False])
def test_mhtml(tmp_path: Path, name: str, encoding: str, charset: str, header: bool) -> None:
    html = page()
    data = cp1258(html) if charset == "windows-1258" else html.encode(charset)
    article = read_one(tmp_path, name, mhtml(data, charset, encoding, header=header))
    assert article.headline == "Thông xe cầu mới"
    assert article.body == (TEXT,)
    assert article.url == ADDRESS


def test_mhtml_under_other_names_and_none(tmp_path: Path) -> None:
    assert read_one(tmp_path, "a.mht", page()).body == (TEXT,)
    message = MIMEText("không có trang", "plain", "utf-8")
    for data, reason in ((message.as_bytes(), "no page in it"), (b"\0\1", "no page in it")):
        _, bad = read_all(write_file(tmp_path, "b.mht", data))
        assert [record.reason for record in bad] == [reason]


def warc(*, gz: bool) -> bytes:
    """What a crawl of a site gives: pages, a redirect, an error, a picture, requests."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=gz)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))

    def add(
        address: str, body: bytes, kind: str = "text/html", status: str = "200 OK", **more: str
    ) -> None:
        fields = [("Content-Type", kind), *((k.replace("_", "-"), v) for k, v in more.items())]
        headers = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            address, "response", payload=io.BytesIO(body), length=len(body), http_headers=headers,
            warc_headers_dict={"WARC-Date": "2031-01-01T00:00:00Z"},
        )  # fmt: skip
        writer.write_record(record)

    add(ADDRESS, page().encode(), "text/html; charset=UTF-8")
    request = StatusAndHeaders(
        "GET / HTTP/1.1", [("Host", "songluc.example")], is_http_request=True
    )
    writer.write_record(writer.create_warc_record(ADDRESS, "request", http_headers=request))
    add("https://songluc.example/cu", b"", status="301 Moved")
    add("https://songluc.example/mat", page("Không tìm thấy").encode(), status="404 Not Found")
    add("https://songluc.example/a.jpg", b"\xff\xd8", "image/jpeg")
    add("https://songluc.example/2", cp1258(page("Sửa cầu cũ")), "text/html; charset=windows-1258")
    chunk = gzip.compress(page("Ba").encode())
    chunked = f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n0\r\n\r\n"
    add("https://songluc.example/3", chunked, Content_Encoding="gzip", Transfer_Encoding="chunked")
    long = page("Dài").encode() + b" " * 50_000
    padded = f"{len(long):x}\r\n".encode() + long + b"\r\n0\r\n\r\n" + bytes(20_000)
    add("https://songluc.example/dai", padded, Transfer_Encoding="chunked")
    own = HEAD + '<link rel="canonical" href="https://songluc.example/bon.htm">'
    add(
        "https://songluc.example/4?utm_source=x", page("Bốn", own).encode(), "application/xhtml+xml"
    )
    add("https://songluc.example/", b"<html><body>" + b"<a href=x>Tin</a>" * 9 + b"</body>")
    data = page("Năm").encode()
    saved = writer.create_warc_record(
        "https://songluc.example/5",
        "resource",
        payload=io.BytesIO(data),
        length=len(data),
        warc_content_type="text/html",
    )
    writer.write_record(saved)
    return buffer.getvalue()


def wacz(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.warc.gz", data)
        archive.writestr("pages/pages.jsonl", '{"title": "Thông xe", "url": "https://a.example"}')
        archive.writestr("datapackage.json", '{"title": "Bản lưu", "text": "Không là tin."}')
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.warc", warc(gz=False)),
        ("a.warc.gz", warc(gz=True)),
        ("a.wacz", wacz(warc(gz=True))),
    ],
)
def test_warc(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    articles, bad, notices = read_with_notices(tmp_path)
    check_crawl(articles, bad)
    assert [notice.counts for notice in notices if isinstance(notice, OtherFiles)] == [
        (("redirects and errors", 2), ("image/jpeg", 1))
    ]


def test_a_worker_reads_the_same_warc(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc(gz=True))
    bad: list[BadRecord] = []
    check_crawl(list(read_in_worker([tmp_path], on_bad=bad.append)), bad)


def check_crawl(articles: list[Article], bad: list[BadRecord]) -> None:
    assert [(article.headline, article.url) for article in articles] == [
        ("Thông xe cầu mới", ADDRESS),
        ("Sửa cầu cũ", "https://songluc.example/2"),
        ("Ba", "https://songluc.example/3"),
        ("Dài", "https://songluc.example/dai"),
        ("Bốn", "https://songluc.example/bon.htm"),
        ("Năm", "https://songluc.example/5"),
    ]
    assert all(article.body == (TEXT,) for article in articles)
    assert all(article.published is None for article in articles)
    lines = [article.provenance.line for article in articles if article.provenance]
    assert lines == [2, 7, 8, 9, 10, 12]
    assert [(record.line, record.reason) for record in bad] == [
        (11, "https://songluc.example/: a page of links: hardly any text of its own")
    ]


def test_broken_headers_are_reported_and_nothing_else_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = warc(gz=False)
    for name in (b"WARC-Type: response", b"Content-Length: 2", b"WARC-Target-URI: http"):
        for change in (b"X" + name[1:], name + b"\x1b[31m 9"):
            (tmp_path / "a.warc").write_bytes(whole.replace(name, change))
            read_all(tmp_path / "a.warc")
    (tmp_path / "a.warc").write_bytes(whole.replace(b"WARC-Target-URI", b"XARC-Target-URI"))
    _, bad = read_all(tmp_path / "a.warc")
    assert any("broken WARC" in record.reason for record in bad)
    assert capfd.readouterr().err == ""


def test_a_crawl_that_was_cut_off(tmp_path: Path) -> None:
    whole = warc(gz=False)
    end = whole.index(TEXT.encode()) + 10
    for name, data in (
        ("a.warc", whole[:end]),
        ("b.warc.gz", warc(gz=True)[:900]),
        ("c.warc", b"no crawl\r\n" * 99),
        ("d.warc", gzip.compress(whole)[:900]),
    ):
        (tmp_path / name).write_bytes(data)
        articles, bad = read_all(tmp_path / name)
        assert articles == []
        assert len(bad) == 1, (name, bad)
    assert read_all(tmp_path / "a.warc")[1][0].reason.endswith("the file ends inside this record")
