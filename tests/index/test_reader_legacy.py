"""Articles in legacy encodings, through every reader."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from legacy_texts import ARTICLE, encoded
from reading import read_all, read_one

from analyzers import LegacyEncoding, repair_fields
from index.article import Article, Provenance

TITLE, LEAD, *BODY = ARTICLE
CONVERTED: list[LegacyEncoding] = ["vni", "viscii", "cp1258", "mojibake", "viqr"]
NAMES = ["article.jsonl", "article.csv", "article.html", "article.txt"]
RELATED = ("Chợ phiên Mường Khương đông khách", "Mỗi phiên chợ có hàng nghìn người.")


def content(name: str, encoding: LegacyEncoding) -> str:
    """The article in a file of this kind; the outlet's own words around it are Unicode."""

    def raw(text: str) -> str:
        return encoded(text, encoding)

    record = {
        "title": raw(TITLE),
        "lead": raw(LEAD),
        "body": raw("\n".join(BODY)),
        "source": "Báo Sông Hồng",
        "category": "Thời sự",
        "captions": [raw("Chợ phiên ngày đầu năm")],
        "related": [{"title": raw(RELATED[0]), "snippet": raw(RELATED[1])}],
    }
    if name.endswith(".jsonl"):
        return json.dumps(record) + "\n"
    if name.endswith(".csv"):
        row = {key: v if isinstance(v, str) else json.dumps(v) for key, v in record.items()}
        table = io.StringIO()
        writer = csv.DictWriter(table, row)
        writer.writeheader()
        writer.writerow(row)
        return table.getvalue()
    if name.endswith(".html"):
        paragraphs = "".join(f"<p>{raw(paragraph)}</p>" for paragraph in BODY)
        return (
            f"<html><head><title>{raw(TITLE)}</title><meta charset='utf-8'>"
            f'<meta name="description" content="{raw(LEAD)}">'
            "<meta property='og:site_name' content='Báo Sông Hồng'></head><body>"
            f"<nav>Trang chủ</nav><article><h1>{raw(TITLE)}</h1>{paragraphs}</article>"
        )
    related = "\n".join(map(raw, RELATED))
    text = [raw(TITLE), f"SHO - {raw(LEAD)}", *map(raw, BODY)]
    return "\n\n".join((*text, "Viết bình luận", "Tin liên quan", related))


def legacy_of(article: Article) -> Provenance:
    assert article.provenance is not None
    return article.provenance


@pytest.mark.parametrize("encoding", CONVERTED)
@pytest.mark.parametrize("name", NAMES)
def test_article_is_converted(name: str, encoding: LegacyEncoding, tmp_path: Path) -> None:
    article = read_one(tmp_path, name, content(name, encoding))
    assert (article.headline, article.lead, article.body) == (TITLE, LEAD, tuple(BODY))
    assert legacy_of(article).encoding == encoding
    original = legacy_of(article).original or ""
    for line in ARTICLE:
        assert encoded(line, encoding) in original


@pytest.mark.parametrize("name", NAMES)
def test_soft_hyphens_of_tcvn3_are_letters(name: str, tmp_path: Path) -> None:
    article = read_one(tmp_path, name, content(name, "tcvn3"))
    assert article.headline == TITLE
    assert "mưa lũ" in article.headline
    assert article.body[-1] == BODY[-1]
    assert legacy_of(article).encoding == "tcvn3"


@pytest.mark.parametrize("name", ["article.jsonl", "article.csv"])
def test_small_fields_follow_and_unicode_fields_stay(name: str, tmp_path: Path) -> None:
    article = read_one(tmp_path, name, content(name, "tcvn3"))
    assert (article.source, article.section) == ("Báo Sông Hồng", "Thời sự")
    assert article.captions == ("Chợ phiên ngày đầu năm",)
    assert [(item.headline, item.snippet) for item in article.related] == [RELATED]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "mojibake"])
def test_headings_of_a_scraped_page_may_be_legacy_too(
    encoding: LegacyEncoding, tmp_path: Path
) -> None:
    page = content("article.txt", encoding)
    for heading in ("Viết bình luận", "Tin liên quan"):
        page = page.replace(heading, encoded(heading, encoding))
    article = read_one(tmp_path, "article.txt", page)
    assert article.source == "SHO"
    # TCVN3 has no Ủ: what begins with it loses the capital.
    assert [part.lower() for part in article.body] == [part.lower() for part in BODY]
    assert [(item.headline, item.snippet) for item in article.related] == [RELATED]
    assert legacy_of(article).original == page


def test_html_entities_are_letters_too(tmp_path: Path) -> None:
    page = content("article.html", "vni").encode("ascii", "xmlcharrefreplace")
    assert b"&#248;" in page
    article = read_one(tmp_path, "article.html", page)
    assert article.body == tuple(BODY)
    assert legacy_of(article).encoding == "vni"


def test_short_viscii_is_left_alone_and_flagged(tmp_path: Path) -> None:
    caption = encoded("Đại hội Đảng bộ tỉnh", "viscii")
    article = read_one(tmp_path, "a.jsonl", json.dumps({"title": caption}))
    assert article.headline == caption
    assert legacy_of(article).encoding is None
    assert legacy_of(article).original is None
    assert legacy_of(article).suspected_encoding == "viscii"
    assert Article.from_json(article.to_json()) == article


def test_foreign_and_unicode_articles_say_nothing_of_encodings(tmp_path: Path) -> None:
    titles = ["Señor Muñoz, Müller, 20 ¥", "L’été à l’hôtel, où déjà Noël", TITLE, "Plain title"]
    records = "\n".join(json.dumps({"title": title, "body": title}) for title in titles)
    (tmp_path / "a.jsonl").write_text(records, encoding="utf-8")
    articles, bad = read_all(tmp_path)
    assert not bad
    assert [article.headline for article in articles] == titles
    for article in articles:
        provenance = legacy_of(article)
        assert provenance == Provenance(
            reader="json_lines", path=provenance.path, line=provenance.line
        )


def test_of_the_sample_documents_only_d12_is_converted(repository: Path) -> None:
    articles, bad = read_all(repository / "sample_docs")
    assert not bad
    touched = {
        article.id: legacy_of(article).encoding
        for article in articles
        if legacy_of(article).encoding or legacy_of(article).suspected_encoding
    }
    assert touched == {"d12": "tcvn3"}


def test_d12(repository: Path) -> None:
    articles, _ = read_all(repository / "sample_docs" / "fixtures.jsonl")
    (article,) = (article for article in articles if article.id == "d12")
    assert article.headline == "Uỷ ban nhân dân xã công bố lịch tiếp dân"
    assert article.lead.startswith("Từ ngày 15 tháng 9, bộ phận một cửa của xã Đông Lâm tiếp dân")
    assert "có dòng Cộng hòa xã hội chủ nghĩa Việt Nam ở đầu trang" in article.body[0]
    assert "chữ ký của người viết. Cán bộ tư pháp" in article.body[0]
    assert (article.source, article.authors) == ("Báo Sông Hồng", ("Ban biên tập",))
    assert (article.section, article.tags) == ("Thời sự", ("hành chính",))
    original = legacy_of(article).original or ""
    assert original.startswith("Uû ban nh©n d©n x· c«ng bè lÞch tiÕp d©n\nTõ ngµy 15 th¸ng 9")
    assert "ch÷ ký cña ng\xadêi viÕt" in original


@pytest.mark.slow
def test_no_real_news_is_taken_for_legacy(shared_dir: Path) -> None:
    seen = 0
    with gzip.open(shared_dir / "data" / "news60k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            fields = [value for value in record.values() if isinstance(value, str)]
            assert repair_fields(fields) is None, record["id"]
            seen += 1
            if seen == 20_000:
                break
    assert seen == 20_000
