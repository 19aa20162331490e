"""Records as other programs export them: each gives the article that a person reads in it."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from reading import read_with_notices, write_file

from index.article import Article
from index.readers import FieldNames, FieldNotice, IgnoredKeys, UnknownFieldError, read_path

BODY = "Sáng nay, cây cầu dài hơn ba trăm mét nối hai xã ven sông đã được đưa vào sử dụng."
HEADLINE = "Khánh thành cầu mới qua sông Lục"
RECORD = {"title": HEADLINE, "content": BODY}


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def articles_of(folder: Path, value: object) -> list[Article]:
    articles, bad, _ = read_with_notices(write_file(folder, "a.json", dumps(value)))
    assert bad == []
    return articles


EXPORTS: Mapping[str, Mapping[str, object]] = {
    "news-please": {
        "title": HEADLINE,
        "maintext": BODY,
        "text": BODY,
        "date_publish": "2026-03-07 08:01:00",
        "authors": ["Lâm Vũ"],
        "source_domain": "tuoitre.vn",
        "url": "https://tuoitre.vn/cau-moi.htm",
    },
    "wordpress": {
        "id": 12,
        "date": "2026-03-07T08:01:00",
        "link": "https://tuoitre.vn/cau-moi.htm",
        "title": {"rendered": "Khánh thành cầu mới qua sông Lục"},
        "content": {"rendered": f"<p>{BODY}</p>", "protected": False},
        "author": {"name": "Lâm Vũ"},
    },
    "elasticsearch": {
        "_index": "news",
        "_id": "12",
        "_source": {
            "headline": HEADLINE,
            "articleBody": BODY,
            "datePublished": "2026-03-07T08:01:00+07:00",
            "author": {"@type": "Person", "name": "Lâm Vũ"},
            "publisher": {"@type": "Organization", "name": "Tuổi Trẻ"},
            "mainEntityOfPage": {"@id": "https://tuoitre.vn/cau-moi.htm"},
        },
    },
    "ninjs 2": {
        "uri": "urn:songluc:1",
        "headlines": [{"role": "main", "value": HEADLINE}],
        "bodies": [{"contentType": "text/html", "value": f"<p>{BODY}</p>"}],
        "by": "Lâm Vũ",
        "infosources": [{"name": "Tuổi Trẻ"}],
        "versioncreated": "2026-03-07T01:01:00Z",
        "link": "https://tuoitre.vn/cau-moi.htm",
    },
    "rss as json": {
        "title": ["Khánh thành cầu mới qua sông Lục"],
        "content:encoded": [f"<![CDATA[<p>{BODY}</p>]]>"],
        "dc:creator": ["Lâm Vũ"],
        "pubDate": ["Sat, 07 Mar 2026 08:01:00 +0700"],
        "link": ["https://tuoitre.vn/cau-moi.htm"],
    },
    "vietnamese": {
        "Tiêu đề": HEADLINE,
        "Nội dung": BODY,
        "Ngày đăng": "Thứ bảy, 7/3/2026, 08:01 (GMT+7)",
        "Tác giả": "Lâm Vũ",
        "Nguồn": "Tuổi Trẻ",
        "Đường dẫn": "https://tuoitre.vn/cau-moi.htm",
    },
    "mongo": {
        "_id": {"$oid": "65e9"},
        "title": HEADLINE,
        "body": [BODY],
        "created_at": {"$date": "2026-03-07T01:01:00Z"},
        "author": ["Lâm Vũ"],
        "url": "https://tuoitre.vn/cau-moi.htm?utm_source=fb&fbclid=abc#box_comment",
    },
}


@pytest.mark.parametrize("export", EXPORTS)
def test_exports_of_many_programs(tmp_path: Path, export: str) -> None:
    (article,) = articles_of(tmp_path, EXPORTS[export])
    assert article.headline == HEADLINE
    assert article.body == (BODY,)
    assert article.authors == ("Lâm Vũ",)
    assert article.source == "Tuổi Trẻ"
    assert article.url == "https://tuoitre.vn/cau-moi.htm"
    assert article.published is not None
    assert article.published.timestamp() == 1772845260


@pytest.mark.parametrize(
    "wrapped",
    [
        {"status": "ok", "totalResults": 2, "articles": [RECORD, RECORD]},
        {"data": [RECORD, RECORD]},
        {"1": RECORD, "2": RECORD},
        {"title": "Bản tin", "version": "https://jsonfeed.org/version/1.1", "items": [RECORD] * 2},
        {"rss": {"channel": {"title": "Trang nhất", "item": [RECORD, RECORD]}}},
        {"hits": {"total": 2, "hits": [{"_id": "a", "_source": RECORD}, {"_source": RECORD}]}},
        {"db": [{"meta": {"version": "5"}, "data": {"posts": [RECORD, RECORD]}}]},
        [[RECORD], [RECORD]],
    ],
)
def test_records_inside_others(tmp_path: Path, wrapped: object) -> None:
    articles = articles_of(tmp_path, wrapped)
    assert [(a.headline, a.body) for a in articles] == [(HEADLINE, (BODY,))] * 2


@pytest.mark.deep
def test_a_wrapped_list_may_be_longer_than_a_record(tmp_path: Path) -> None:
    records = [{"title": f"Tin {at}", "body": "x" * 1_000_000} for at in range(25)]
    articles = articles_of(tmp_path, {"status": "ok", "articles": records, "next": None})
    assert [a.headline for a in articles] == [f"Tin {at}" for at in range(25)]


def test_objects_in_an_article_are_no_articles(tmp_path: Path) -> None:
    pictures = [{"title": "Ảnh 1", "url": "https://a.example/1.jpg"}]
    (article,) = articles_of(tmp_path, RECORD | {"images": pictures})
    assert article.headline == HEADLINE


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["Doe, Jane", "Nguyễn Văn Thử"], ("Doe, Jane", "Nguyễn Văn Thử")),
        ("Lâm Vũ, Hồ Mây; Đỗ An và Võ Ca", ("Lâm Vũ", "Hồ Mây", "Đỗ An", "Võ Ca")),
        ([{"name": "Lâm Vũ"}, {"display_name": "Hồ Mây"}], ("Lâm Vũ", "Hồ Mây")),
        ("Theo <a href='/x'>Lâm Vũ</a>", ("Lâm Vũ",)),
        ("Lâm Vũ (tổng hợp)", ("Lâm Vũ",)),
        ("Nguyễn Cảnh Toàn", ("Nguyễn Cảnh Toàn",)),
        ("Bài, ảnh: Đỗ Tin Ảnh", ("Đỗ Tin Ảnh",)),
        ("songluc.example", ()),
        ("Báo Sông Lục", ()),
        ("Sông Lục", ()),
        ("admin", ()),
        ("toasoan@songluc.example", ()),
        ("1278077694", ()),
        (None, ()),
    ],
)
def test_authors(tmp_path: Path, written: object, names: tuple[str, ...]) -> None:
    more = {"author": written, "source": "Báo Sông Lục", "url": "https://songluc.example/1"}
    (article,) = articles_of(tmp_path, RECORD | more)
    assert article.authors == names


@pytest.mark.parametrize(
    ("written", "paragraphs"),
    [
        ("<p>Một &amp; hai.</p><p>Ba <b>bốn</b>.</p>", ("Một & hai.", "Ba bốn.")),
        ("&lt;p&gt;Một.&lt;/p&gt;&lt;p&gt;Hai.&lt;/p&gt;", ("Một.", "Hai.")),
        ("Một.<br>Hai.</br>Ba.", ("Một.", "Hai.", "Ba.")),
        ("<b>Một</b>.\nHai.", ("Một.", "Hai.")),
        ("<ul><li>Một</li><li>Hai</li></ul><script>alert(1)</script>", ("Một", "Hai")),
        ("Nếu a < b và b > c thì a<b>c", ("Nếu a < b và b > c thì ac",)),
        ("Giá &amp;#7871; R&D &copy 5 < 6", ("Giá ế R&D &copy 5 < 6",)),
    ],
)
def test_markup_in_a_body(tmp_path: Path, written: str, paragraphs: tuple[str, ...]) -> None:
    (article,) = articles_of(tmp_path, {"title": HEADLINE, "body": written})
    assert article.body == paragraphs


def test_captions_leave_the_body(tmp_path: Path) -> None:
    body = "<p>Một.</p><figure><img src='x'><figcaption>Cầu mới. Ảnh: Vũ</figcaption></figure>"
    (article,) = articles_of(tmp_path, {"title": "<b>Cầu</b> &amp; đường", "content": body})
    assert (article.headline, article.body) == ("Cầu & đường", ("Một.",))
    assert article.captions == ("Cầu mới. Ảnh: Vũ",)


def test_ignored_keys_are_counted(tmp_path: Path) -> None:
    records = [RECORD | {"views": 3, "comment": "[]", "label": None}, RECORD | {"views": 4}]
    path = write_file(tmp_path, "a.json", dumps(records))
    _, _, notices = read_with_notices(path)
    assert notices == [IgnoredKeys(str(path), (("views", 2), ("comment", 1)))]


def test_a_second_name_of_the_same_text_is_no_loss(tmp_path: Path) -> None:
    record = {"headline": HEADLINE, "body_text": BODY, "body_xhtml": f"<p>{BODY}</p>"}
    _, _, notices = read_with_notices(write_file(tmp_path, "a.json", dumps(record)))
    assert notices == []


@pytest.mark.parametrize(
    "table",
    [
        "Tiêu đề,Nội dung\n{0},{1}\n",
        "sep=;\ntitle;content\n{0};{1}\n",
        '"sep=,"\r\n"title","content"\r\n{0},{1}\r\n',
        ",title,noi_dung\n0,{0},{1}\n",
        "TITLE\tCONTENT\n{0}\t{1}\n",
        'text,label\n"{0}\n{1}",1\n',
    ],
)
def test_tables(tmp_path: Path, table: str) -> None:
    content = table.format(HEADLINE, '"' + BODY + '"' if "\n{1}" not in table else BODY)
    articles, bad, _ = read_with_notices(write_file(tmp_path, "a.csv", content))
    assert bad == []
    assert [(a.headline, a.body) for a in articles] == [(HEADLINE, (BODY,))]


def test_lists_in_cells_as_python_writes_them(tmp_path: Path) -> None:
    content = f"title,content,tags,authors\n{HEADLINE},x,\"['cầu', 'sông']\",\"['Lâm Vũ']\"\n"
    articles, _, _ = read_with_notices(write_file(tmp_path, "a.csv", content))
    assert [(a.tags, a.authors) for a in articles] == [(("cầu", "sông"), ("Lâm Vũ",))]


def test_trailing_commas_are_passed_over_and_told(tmp_path: Path) -> None:
    path = write_file(tmp_path, "a.json", '{"title": "Cầu,]", "tags": ["cầu",], }')
    articles, bad, notices = read_with_notices(path)
    assert bad == []
    assert [(a.headline, a.tags) for a in articles] == [("Cầu,]", ("cầu",))]
    assert [type(notice) for notice in notices] == [FieldNotice]


def test_mapped_names_go_first(tmp_path: Path) -> None:
    record = {"title": "ab-12", "data": {"ten_bai": HEADLINE}, "van_ban": BODY}
    names = FieldNames((("headline", "data.ten_bai"), ("body", "van_ban")))
    path = write_file(tmp_path, "a.json", dumps(record))
    articles = list(read_path(path, on_bad=lambda bad: pytest.fail(str(bad)), names=names))
    assert [(a.headline, a.body) for a in articles] == [(HEADLINE, (BODY,))]
    with pytest.raises(UnknownFieldError, match="did you mean headline"):
        FieldNames((("headlin", "x"),))
