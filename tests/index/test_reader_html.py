"""HTML pages: metadata, body, captions, related links, character sets, broken markup."""

import json
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from reading import read_file, read_one, read_with_notices, write_file

from index.article import VIETNAM_TIME, RelatedItem

URL = "https://songhong.example/giao-thong/cau-khe-lanh-20261005.html"

ARTICLE: dict[str, object] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Cầu Khe Lạnh hợp long sớm một tháng",
    "description": "Nhịp cuối của cầu Khe Lạnh được nối lúc 6h40 sáng 5/10.",
    "datePublished": "2026-10-05T06:40:00+07:00",
    "dateModified": "2026-10-05T09:00:00+07:00",
    "author": {"@type": "Person", "name": "Lê Thị Mận"},
    "articleSection": "Giao thông",
    "publisher": {"@type": "Organization", "name": "Báo Sông Hồng"},
    "keywords": "cầu, Yên Bái",
    "mainEntityOfPage": {"@type": "WebPage", "@id": URL},
}

META = f"""
<title>Cầu Khe Lạnh hợp long sớm một tháng | Báo Sông Hồng</title>
<link rel="canonical" href="{URL}">
<meta name="keywords" content="cầu, Yên Bái">
<meta property="og:site_name" content="Báo Sông Hồng">
<meta property="og:title" content="Cầu Khe Lạnh hợp long sớm một tháng - Báo Sông Hồng">
<meta property="og:description" content="Nhịp cuối của cầu Khe Lạnh được nối lúc 6h40 sáng 5/10.">
<meta property="article:published_time" content="2026-10-05T06:40:00+07:00">
<meta property="article:modified_time" content="2026-10-05T09:00:00+07:00">
<meta property="article:author" content="Lê Thị Mận">
<meta property="article:section" content="Giao thông">
"""

BODY = """
<nav><a href="/">Trang chủ</a> <a href="/giao-thong">Giao thông</a></nav>
<main><article>
<h1>Cầu Khe Lạnh hợp long sớm một tháng</h1>
<p class="sapo">Nhịp cuối của cầu Khe Lạnh được nối lúc 6h40 sáng 5/10.</p>
<p>Hơn 140 công nhân thức trắng đêm để kéo tấm dầm nặng 62 tấn vào đúng vị trí, trong khi nước
suối bên dưới vẫn còn đục ngầu sau trận mưa cuối tuần trước.</p>
<figure><img src="/cau.jpg" alt=""><figcaption>Toàn cảnh cầu Khe Lạnh nhìn từ đồi chè</figcaption>
</figure>
<p>Chỉ huy trưởng công trường Hoàng Trung Kiểm cho biết phần mặt đường sẽ xong trước Tết, và người
dân hai thôn không còn phải lội qua ngầm tràn mỗi khi đi chợ.</p>
</article>
<section class="box"><h2>Tin liên quan</h2><ul>
<li><a href="/thoi-su/lu-quet.html"><img src="/lu.jpg"></a>
<a href="/thoi-su/lu-quet.html">Lũ quét lúc nửa đêm ở thôn Khe Lạnh</a><p>Mưa lớn từ chiều.</p></li>
<li><a href="https://haidang.example/ngam-tran.html">Ngầm tràn nguy hiểm nhất vùng cao</a></li>
</ul></section></main>
<footer><p>© Báo Sông Hồng. Tòa soạn: đường Thụy Khuê.</p></footer>
"""

EXPECTED_BODY_STARTS = ("Hơn 140 công nhân thức trắng đêm", "Chỉ huy trưởng công trường")


def page(head: str, body: str = BODY) -> str:
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">{head}</head>'
        f"<body>{body}</body></html>"
    )


def json_ld(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False)
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(json_ld(ARTICLE), id="JSON-LD"),
        pytest.param(META, id="Open Graph and meta only"),
        pytest.param(json_ld([{"@type": "BreadcrumbList"}, ARTICLE]), id="in a list"),
        pytest.param(json_ld({"@graph": [{"@type": "WebSite"}, ARTICLE]}), id="in @graph"),
        pytest.param(
            json_ld(ARTICLE | {"@type": ["ReportageNewsArticle", "Thing"]}), id="other type"
        ),
        pytest.param(json_ld({"@type": "WebPage"}) + json_ld(ARTICLE), id="second script"),
        pytest.param(json_ld(ARTICLE | {"author": "Lê Thị Mận"}), id="author as text"),
        pytest.param(
            json_ld(ARTICLE | {"author": [{"name": ["Lê Thị Mận"]}]}), id="author in lists"
        ),
        pytest.param(
            json_ld(
                {
                    "@graph": [
                        ARTICLE | {"author": {"@id": "#man"}, "publisher": {"@id": "#bao"}},
                        {"@type": "Person", "@id": "#man", "name": "Lê Thị Mận"},
                        {"@type": "Organization", "@id": "#bao", "name": "Báo Sông Hồng"},
                    ]
                }
            ),
            id="author by reference",
        ),
        pytest.param(
            json_ld(ARTICLE | {"mainEntityOfPage": URL, "keywords": ["cầu", "Yên Bái"]}),
            id="plain address, keyword list",
        ),
        pytest.param(
            json_ld(ARTICLE | {"headline": "Cầu Khe Lạnh hợp long s&#7899;m một tháng"}),
            id="HTML escapes inside JSON",
        ),
        pytest.param(
            json_ld(ARTICLE | {"description": "SHO - " + str(ARTICLE["description"])}),
            id="agency prefix",
        ),
        pytest.param(
            '<script type="application/ld+json">{"@type": "NewsArticle", </script>' + META,
            id="broken JSON-LD beside Open Graph",
        ),
        pytest.param(
            json_ld(ARTICLE | {"datePublished": "hôm qua", "dateModified": "31/02/2026"}) + META,
            id="impossible dates in JSON-LD beside Open Graph",
        ),
    ],
)
def test_the_same_article_from_every_kind_of_metadata(tmp_path: Path, head: str) -> None:
    article = read_one(tmp_path, "trang.html", page(head))
    assert article.headline == ARTICLE["headline"]
    assert article.lead == ARTICLE["description"]
    assert article.url == URL
    assert article.id[0] == "u"
    assert article.source == "Báo Sông Hồng"
    assert article.authors == ("Lê Thị Mận",)
    assert article.section == "Giao thông"
    assert article.tags == ("cầu", "Yên Bái")
    assert article.published == datetime(2026, 10, 5, 6, 40, tzinfo=VIETNAM_TIME)
    assert article.updated == datetime(2026, 10, 5, 9, 0, tzinfo=VIETNAM_TIME)
    assert len(article.body) == 2
    for paragraph, start in zip(article.body, EXPECTED_BODY_STARTS, strict=True):
        assert paragraph.startswith(start)
    assert article.captions == ("Toàn cảnh cầu Khe Lạnh nhìn từ đồi chè",)
    assert article.related == (
        RelatedItem(
            "Lũ quét lúc nửa đêm ở thôn Khe Lạnh",
            "Mưa lớn từ chiều.",
            "https://songhong.example/thoi-su/lu-quet.html",
        ),
        RelatedItem(
            "Ngầm tràn nguy hiểm nhất vùng cao", "", "https://haidang.example/ngam-tran.html"
        ),
    )


def test_page_without_any_metadata(tmp_path: Path) -> None:
    article = read_one(tmp_path, "trang.htm", page("<title>Cầu mới</title>"))
    assert article.headline == "Cầu Khe Lạnh hợp long sớm một tháng"
    # What the page shows as its lead, though nothing describes it.
    assert article.lead == "Nhịp cuối của cầu Khe Lạnh được nối lúc 6h40 sáng 5/10."
    assert article.url == ""
    assert article.published is None
    assert article.id[0] == "c"
    assert article.body[-1].startswith(EXPECTED_BODY_STARTS[1])
    # Relative addresses mean nothing without the page's own.
    assert [item.url for item in article.related] == ["", "https://haidang.example/ngam-tran.html"]


def test_the_papers_words_around_the_article_are_left_out(tmp_path: Path) -> None:
    article = read_one(tmp_path, "trang.html", page(json_ld(ARTICLE)))
    text = " ".join(article.body)
    for words in ("Trang chủ", "Tòa soạn", "Tin liên quan", "Lũ quét", "Toàn cảnh"):
        assert words not in text


def test_article_body_of_json_ld_stands_in_for_a_page_without_text(tmp_path: Path) -> None:
    head = json_ld(ARTICLE | {"articleBody": "Đoạn một dài hơn.\nĐoạn hai cũng vậy."})
    article = read_one(tmp_path, "trang.html", page(head, "<div id=app></div>"))
    assert article.body == ("Đoạn một dài hơn.", "Đoạn hai cũng vậy.")


def test_short_paragraphs_of_an_article_element_are_kept(tmp_path: Path) -> None:
    article = read_one(tmp_path, "trang.html", "<h1>Tin</h1><article><p>Mưa to.</p></article>")
    assert article.body == ("Mưa to.",)


@pytest.mark.parametrize(
    "block",
    [
        '<h3>Tin liên quan</h3><p><a href="/a">Lũ quét ở Khe Lạnh</a></p>'
        '<p><a href="/b">Ngầm tràn nguy hiểm</a></p>',
        '<div><div class="title"><span>TIN LIÊN QUAN:</span></div>'
        '<div><a href="/a">Lũ quét ở Khe Lạnh</a> <a href="/b">Ngầm tràn nguy hiểm</a></div></div>',
        '<p><strong>Xem thêm:</strong></p><ul><li><a href="/a">Lũ quét ở Khe Lạnh</a>'
        '<li><a href="/b">Ngầm tràn nguy hiểm</a></ul>',
    ],
)
def test_related_links_in_other_markup(tmp_path: Path, block: str) -> None:
    body = BODY.replace("</article>", f"</article>{block}").replace("<h2>Tin liên quan</h2>", "")
    article = read_one(tmp_path, "trang.html", page(json_ld(ARTICLE), body))
    assert [item.headline for item in article.related] == [
        "Lũ quét ở Khe Lạnh",
        "Ngầm tràn nguy hiểm",
    ]


def test_script_links_lose_their_address(tmp_path: Path) -> None:
    body = BODY.replace("/thoi-su/lu-quet.html", "javascript:alert(1)")
    article = read_one(tmp_path, "trang.html", page(json_ld(ARTICLE), body))
    assert [item.url for item in article.related] == ["", "https://haidang.example/ngam-tran.html"]


def as_windows_1258(text: str) -> bytes:
    """The text in a character set that writes the tone as a mark of its own behind the letter."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    letters = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base = "".join(part for part in parts if part not in tones)
        tone = "".join(part for part in parts if part in tones)
        letters.append(unicodedata.normalize("NFC", base) + tone)
    return "".join(letters).encode("windows-1258")


def test_character_set_of_the_page(tmp_path: Path) -> None:
    html = (
        '<html><head><meta charset="{}"></head><body><h1>Sông Lô cạn, đò nằm bến</h1>'
        "<article><p>Năm nay mưa ít, cá thưa, dân chài bỏ lưới lên bờ.</p></article></body></html>"
    )
    for data in (
        as_windows_1258(html.format("windows-1258")),
        html.format("windows-1258").encode(),
        html.format("").encode(),
        html.format("utf-8").encode("utf-16"),
    ):
        article = read_one(tmp_path, "trang.html", data)
        assert article.headline == "Sông Lô cạn, đò nằm bến"
        assert article.body == ("Năm nay mưa ít, cá thưa, dân chài bỏ lưới lên bờ.",)


def test_byte_order_mark_wins_over_a_wrong_declaration(tmp_path: Path) -> None:
    html = page(json_ld(ARTICLE)).replace('charset="utf-8"', 'charset="iso-8859-1"')
    article = read_one(tmp_path, "trang.html", b"\xef\xbb\xbf" + html.encode())
    assert article.headline == ARTICLE["headline"]


@pytest.mark.parametrize("charset", ["", "hex", "unicode_escape", "utf-7", "không-có"])
def test_a_wrong_character_set_is_reported(tmp_path: Path, charset: str) -> None:
    html = f'<meta charset="{charset}"><h1>Caf'.encode() + b"\xe9</h1>"
    articles, bad, notices = read_with_notices(write_file(tmp_path, "trang.html", html))
    assert [article.headline for article in articles] == ["Café"]
    assert bad == []
    assert [str(told).partition(": ")[2] for told in notices] == [
        "it names no encoding that its letters fit: read as windows-1252"
    ]


@pytest.mark.parametrize(
    "broken",
    [
        page(json_ld(ARTICLE)).replace("</p>", "").replace("</article>", "</div></b></article>"),
        page(json_ld(ARTICLE)).replace("<article>", "<article><div><b><i>"),
        page(json_ld(ARTICLE)).removesuffix("</body></html>"),
        page(json_ld(ARTICLE)).replace("<nav>", "<nav\0 <<p>> &bogus; <!-- "),
        '<?xml version="1.0" encoding="utf-16"?>' + page(json_ld(ARTICLE)),
    ],
)
def test_broken_markup_is_tolerated(tmp_path: Path, broken: str) -> None:
    article = read_one(tmp_path, "trang.html", broken)
    assert article.headline == ARTICLE["headline"]


def test_deeply_nested_page(tmp_path: Path) -> None:
    html = page(json_ld(ARTICLE), "<div>" * 20_000 + BODY + "</div>" * 20_000)
    assert read_one(tmp_path, "trang.html", html).headline == ARTICLE["headline"]


@pytest.mark.parametrize(
    "content", ["", "   ", "<html></html>", page("<meta name=a>", "<nav></nav>")]
)
def test_page_without_headline_and_body_is_reported(tmp_path: Path, content: str) -> None:
    articles, bad = read_file(tmp_path, "trang.html", content)
    assert articles == []
    assert [record.line for record in bad] == [None]
    assert bad[0].reason in (
        "no headline and no body",
        "no HTML page in it",
        "no article: no headline, date or text of one",
    )
