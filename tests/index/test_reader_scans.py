"""ALTO, hOCR and METS: the text of scanned newspapers, with pages and confidence."""

import zipfile
from pathlib import Path

import pytest
from reading import read_all, read_one, read_with_notices, write_file

from index.article import Article
from index.reading_worker import read_in_worker

ALTO = """<?xml version="1.0" encoding="{encoding}"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout>
<Page ID="P{page}" PHYSICAL_IMG_NR="{page}">
<TopMargin><TextBlock ID="T"><TextLine><String CONTENT="BÁO SÔNG LỤC"/></TextLine></TextBlock>
</TopMargin><PrintSpace>{blocks}</PrintSpace></Page></Layout></alto>"""
LINES = (
    "Sáng nay, hàng trăm bà con hai bên bờ sông đã đi",
    "trên cây cầu mới, sau gần hai năm xây dựng bền bỉ",
    "của các đội thợ.",
)
TEXT = " ".join(LINES)


def block(name: str, *lines: str, height: int = 20, sure: str = "0.9") -> str:
    shown = "".join(
        "<TextLine>"
        + "<SP/>".join(
            f'<String CONTENT="{word}" HEIGHT="{height}" WC="{sure}"/>' for word in line.split()
        )
        + "</TextLine>"
        for line in lines
    )
    return f'<TextBlock ID="{name}">{shown}</TextBlock>'


def alto(*blocks: str, page: int = 3, encoding: str = "UTF-8") -> str:
    return ALTO.format(blocks="".join(blocks), page=page, encoding=encoding)


def origin(article: Article) -> tuple[str, float | None, int | None]:
    provenance = article.provenance
    assert provenance is not None
    assert Article.from_json(article.to_json()) == article
    return provenance.pages, provenance.confidence, provenance.line


HEADLINE = block("B1", "Khánh thành", "cầu mới", height=60)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", ["0003.xml", "0003.xml.gz"])
def test_alto(tmp_path: Path, encoding: str, name: str) -> None:
    data = alto(HEADLINE, block("B2", *LINES), encoding=encoding).encode(encoding)
    article = read_one(tmp_path, name, data)
    assert article.headline == "Khánh thành cầu mới"
    assert article.body == (TEXT,)
    assert origin(article) == ("3", 0.9, 1)


def test_alto_order_hyphens_and_confidence(tmp_path: Path) -> None:
    words = (
        '<TextBlock ID="B3"><TextLine><String CONTENT="tờ"/><SP/><String CONTENT="inter" '
        'SUBS_TYPE="HypPart1" SUBS_CONTENT="internet"/><HYP CONTENT="-"/></TextLine><TextLine>'
        '<String CONTENT="net" SUBS_TYPE="HypPart2" SUBS_CONTENT="internet"/><SP/>'
        '<String CONTENT="liên"/><HYP CONTENT="-"/></TextLine><TextLine><String CONTENT="hợp"/>'
        "</TextLine></TextBlock>"
    )
    order = '<ReadingOrder><OrderedGroup><ElementRef REF="B1"/><ElementRef REF="B2"/>'
    data = alto(words, block("B2", *LINES, sure="0.5"), HEADLINE).replace(
        "<Layout>", f"{order}</OrderedGroup></ReadingOrder><Layout>"
    )
    articles, bad, notices = read_with_notices(write_file(tmp_path, "a.xml", data))
    assert bad == []
    (article,) = articles
    assert article.headline == "Khánh thành cầu mới"
    assert article.body == (TEXT, "tờ internet liên hợp")
    assert origin(article)[1] == pytest.approx(0.554, abs=0.01)
    assert "little confidence" in str(notices[0])


def test_alto_without_text_or_broken(tmp_path: Path) -> None:
    for data, reason in ((alto(), "no text on the page"), (alto()[:-30], "broken XML")):
        _, (bad,) = read_all(write_file(tmp_path, "a.xml", data))
        assert bad.reason.startswith(reason)


HOCR = """<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html><html><head><title></title>
<meta name='ocr-system' content='tesseract 5.3'/></head><body>{pages}</body></html>"""


def hocr_page(number: int, *lines: str) -> str:
    shown = "".join(
        f"<span class='ocr_line' title='bbox 0 {at} 9 {at + 9}; x_size {60 if at == 0 else 20}'>"
        + " ".join(
            f"<span class='ocrx_word' title='bbox 0 0 1 1; x_wconf {80 + at}'>{word}</span>"
            for word in line.split()
        )
        + "</span>\n"
        for at, line in enumerate(lines)
    )
    return (
        f"<div class='ocr_page' title='image \"a.tif\"; bbox 0 0 9 9; ppageno {number}'>"
        f"<div class='ocr_carea'><p class='ocr_par'>{shown}</p></div></div>"
    )


@pytest.mark.parametrize("name", ["bao.hocr", "bao.html", "bao.htm.gz"])
def test_hocr(tmp_path: Path, name: str) -> None:
    pages = hocr_page(0, "Khánh thành cầu", *LINES) + hocr_page(1, "Sửa đường", *LINES)
    articles, bad = read_all(write_file(tmp_path, name, HOCR.format(pages=pages)))
    assert bad == []
    assert [article.headline for article in articles] == ["Khánh thành cầu", "Sửa đường"]
    assert all(article.body == (TEXT,) for article in articles)
    assert [origin(article)[::2] for article in articles] == [("1", 1), ("2", 2)]
    assert all(0.8 < (origin(article)[1] or 0) < 0.84 for article in articles)


METS = """<mets:mets xmlns:mets="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3"
 xmlns:xlink="http://www.w3.org/1999/xlink">
<mets:dmdSec ID="D0"><mets:mdWrap MDTYPE="MODS"><mets:xmlData><mods:mods>
<mods:titleInfo><mods:title>Báo Sông Lục</mods:title></mods:titleInfo>
<mods:originInfo><mods:dateIssued>1936-03-07</mods:dateIssued></mods:originInfo>
</mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>
<mets:dmdSec ID="D1"><mets:mdWrap MDTYPE="MODS"><mets:xmlData><mods:mods>
<mods:titleInfo><mods:title>Khánh thành cầu mới</mods:title></mods:titleInfo>
<mods:name><mods:namePart>Lâm Vũ</mods:namePart></mods:name>
</mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>
<mets:fileSec><mets:fileGrp USE="Text">
<mets:file ID="A1"><mets:FLocat xlink:href="{first}"/></mets:file>
<mets:file ID="A2"><mets:FLocat xlink:href="./alto/0002.xml"/></mets:file>
</mets:fileGrp></mets:fileSec>
<mets:structMap TYPE="PHYSICAL"><mets:div TYPE="Newspaper">
<mets:div TYPE="PAGE" ORDER="1" ORDERLABEL="1"><mets:fptr><mets:area FILEID="A1"/></mets:fptr>
</mets:div>
<mets:div TYPE="PAGE" ORDER="2"><mets:fptr FILEID="A2"/></mets:div></mets:div></mets:structMap>
<mets:structMap TYPE="LOGICAL"><mets:div TYPE="Newspaper" DMDID="D0">{articles}
</mets:div></mets:structMap></mets:mets>"""
ARTICLES = """
<mets:div TYPE="ARTICLE" DMDID="D1"><mets:div TYPE="BODY">
<mets:fptr><mets:area FILEID="A1" BETYPE="IDREF" BEGIN="B1"/></mets:fptr>
<mets:fptr><mets:area FILEID="A1" BETYPE="IDREF" BEGIN="B2"/></mets:fptr>
<mets:fptr><mets:area FILEID="A2" BETYPE="IDREF" BEGIN="B1"/></mets:fptr></mets:div></mets:div>
<mets:div TYPE="ARTICLE" LABEL="Sửa đường">
<mets:fptr><mets:area FILEID="A2" BETYPE="IDREF" BEGIN="B2" END="B3"/></mets:fptr></mets:div>"""


def issue(folder: Path, *, articles: str = ARTICLES, first: str = "alto/0001.xml") -> Path:
    (folder / "alto").mkdir()
    write_file(folder, "alto/0001.xml", alto(HEADLINE, block("B2", *LINES), page=1))
    second = (block("B1", "Bà con vui."), block("B2", "Chiều qua."), block("B3", "Đường đã sửa."))
    write_file(folder, "alto/0002.xml", alto(*second, page=2))
    return write_file(folder, "1936-mets.xml", METS.format(articles=articles, first=first))


def test_an_issue_of_a_library(tmp_path: Path) -> None:
    issue(tmp_path)
    bad: list[object] = []
    articles = list(read_in_worker([tmp_path], on_bad=bad.append))
    assert bad == []
    first, second = articles
    assert first.headline == "Khánh thành cầu mới"
    assert first.body == (TEXT, "Bà con vui.")
    assert first.authors == ("Lâm Vũ",)
    assert origin(first)[::2] == ("1, 2", 1)
    assert (second.headline, second.body) == ("Sửa đường", ("Chiều qua.", "Đường đã sửa."))
    assert origin(second)[::2] == ("2", 2)
    for article in articles:
        assert article.source == "Báo Sông Lục"
        assert article.published is not None
        assert article.published.date().isoformat() == "1936-03-07"


def test_an_issue_whose_articles_nobody_told_apart(tmp_path: Path) -> None:
    issue(tmp_path, articles="")
    articles, bad = read_all(tmp_path)
    assert bad == []
    assert [origin(article)[0] for article in articles] == ["1", "2"]
    assert articles[0].headline == "Khánh thành cầu mới"
    assert {article.source for article in articles} == {"Báo Sông Lục"}


PLACES = ("../secret.xml", "/etc/passwd", "file:///etc/passwd", "a%2F..%2F..%2Fb", "alto/link.xml")


@pytest.mark.parametrize("place", PLACES)
def test_a_mets_leads_nowhere_else(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "issue"
    folder.mkdir()
    write_file(tmp_path, "secret.xml", alto(HEADLINE, block("B2", "Bí mật.")))
    path = issue(folder, first=place)
    (folder / "alto" / "link.xml").symlink_to(tmp_path / "secret.xml")
    articles, _, notices = read_with_notices(path)
    assert all("Bí mật." not in article.body for article in articles)
    assert any("below its folder" in str(n) or "link" in str(n) for n in notices)


def test_scans_in_an_archive(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    issue(tmp_path / "in")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for path in sorted((tmp_path / "in").rglob("*.xml")):
            archive.write(path, path.relative_to(tmp_path / "in"))
    articles, bad = read_all(tmp_path / "a.zip")
    assert len(articles) == 2
    assert [record.reason for record in bad] == ["a METS in an archive: unpack the archive first"]
