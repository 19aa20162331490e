"""Feeds, WordPress exports and agencies' XML: each gives the articles that a person reads in it."""

from pathlib import Path

import pytest
from reading import read_file, read_one, read_with_notices, write_file

from index.article import Article

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/">
<channel><title>Thời sự - Báo Sông Lục</title><link>https://songluc.example</link>{items}</channel>
</rss>"""
ITEM = """<item><title>Khánh thành &amp;amp; cầu mới</title>
<link>https://songluc.example/1.htm?utm_source=rss</link>
<guid isPermaLink="true">https://songluc.example/1.htm</guid>
<pubDate>Sat, 07 Mar 2026 08:01:00 +0700</pubDate><dc:creator><![CDATA[Lâm Vũ]]></dc:creator>
<category>Hạ tầng</category><category>cầu</category>
<description><![CDATA[<a href="x"><img src="y"></a></br>Sau gần hai năm.]]></description>
<content:encoded><![CDATA[<p>Sáng nay.</p><p>Bà con.</p>]]></content:encoded></item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Báo Sông Lục</title><entry>
<title type="html">Khánh thành &amp;amp; cầu &lt;b&gt;mới&lt;/b&gt;</title>
<link rel="self" href="https://songluc.example/1.atom"/>
<link rel="alternate" href="https://songluc.example/1.htm"/>
<published>2026-03-07T08:01:00+07:00</published><author><name>Lâm Vũ</name></author>
<category term="Hạ tầng"/><category term="cầu"/><summary>Sau gần hai năm.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p>Sáng nay.</p><p>Bà con.</p></div></content></entry></feed>"""
NITF = """<nitf><head><docdata><date.issue norm="20260307T080100+0700"/>
<key-list><keyword key="cầu"/></key-list></docdata>
<pubdata name="Báo Sông Lục" position.section="Hạ tầng"
 ex-ref="https://songluc.example/1.htm"/></head>
<body><body.head><hedline><hl1>Khánh thành &amp; cầu mới</hl1></hedline>
<byline>Bài: <person>Lâm Vũ</person></byline>
<abstract><p>Sau gần hai năm.</p></abstract></body.head>
<body.content><p>Sáng nay.</p><p>Bà con.</p></body.content></body></nitf>"""
NEWS_ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:songluc:1">
<itemMeta><provider><name>Báo Sông Lục</name></provider>
<versionCreated>2026-03-07T08:01:00+07:00</versionCreated></itemMeta>
<contentMeta><by>Lâm Vũ</by><headline>Khánh thành &amp; cầu mới</headline>
<description>Sau gần hai năm.</description><subject><name>cầu</name></subject></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml">
<html xmlns="http://www.w3.org/1999/xhtml">
<body><p>Sáng nay.</p><p>Bà con.</p></body></html></inlineXML></contentSet></newsItem>"""


def check(article: Article, *, url: str = "https://songluc.example/1.htm") -> None:
    assert article.headline == "Khánh thành & cầu mới"
    assert article.lead == "Sau gần hai năm."
    assert article.body == ("Sáng nay.", "Bà con.")
    assert article.authors == ("Lâm Vũ",)
    assert article.source == "Báo Sông Lục"
    assert article.tags == ("cầu",)
    assert article.published is not None
    assert article.published.isoformat() == "2026-03-07T08:01:00+07:00"
    assert article.url == url


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.rss", RSS.format(items=ITEM)), ("a.xml", ATOM), ("a.nitf", NITF)],
)
def test_feeds_and_nitf(tmp_path: Path, name: str, content: str) -> None:
    article = read_one(tmp_path, name, content)
    check(article)
    assert article.section == "Hạ tầng"


def test_newsml_g2(tmp_path: Path) -> None:
    for content in (NEWS_ITEM, NEWS_ITEM.encode("utf-16")):
        article = read_one(tmp_path, "a.xml", content)
        check(article, url="")
        assert article.id == "urn:newsml:songluc:1"


def test_export_of_wordpress(tmp_path: Path) -> None:
    post = ITEM.replace("<pubDate>", "<wp:post_id>5</wp:post_id><wp:post_type>post</wp:post_type>"
                        "<wp:status>publish</wp:status><pubDate>")  # fmt: skip
    post = post.replace("<category>Hạ", '<category domain="category">Hạ')
    post = post.replace("<category>cầu", '<category domain="post_tag">cầu')
    post = post.replace("description>", "excerpt:encoded>")
    draft = "<item><title>Nháp</title><wp:status>draft</wp:status></item>"
    picture = "<item><title>anh</title><wp:post_type>attachment</wp:post_type></item>"
    articles, bad = read_file(tmp_path, "a.xml", RSS.format(items=post + draft + picture))
    (article,) = articles
    check(article)
    assert (article.id, article.section) == ("5", "Hạ tầng")
    assert [record.reason for record in bad] == [
        "not published in WordPress (draft)",
        "a WordPress attachment, no article",
    ]


def test_a_long_feed_is_read_piece_by_piece(tmp_path: Path) -> None:
    items = "".join(
        f"<item><title>Tin {at}</title><description>{'x' * 10_000}</description></item>"
        for at in range(300)
    )
    articles, bad, _ = read_with_notices(write_file(tmp_path, "a.rss", RSS.format(items=items)))
    assert bad == []
    assert [article.headline for article in articles] == [f"Tin {at}" for at in range(300)]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<html><body><p>trang</p></body></html>",
        "<rss><channel>",
        "không phải XML",
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss>&b;</rss>',
    ],
)
def test_what_is_no_feed_is_reported(tmp_path: Path, content: str) -> None:
    articles, bad = read_file(tmp_path, "a.xml", content)
    assert articles == []
    assert len(bad) == 1


def test_entities_are_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("MẬT", "utf-8")
    content = (
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]><rss><channel><item>'
        "<title>Tin &x;</title><description>a</description></item></channel></rss>"
    )
    articles, _ = read_file(tmp_path, "a.xml", content)
    assert all("MẬT" not in article.headline for article in articles)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("UTF-16", "utf-16"), ("UTF-16", "utf-16-le"), ("windows-1252", "utf-8"), ("latin", "utf-8")],
)
def test_the_bytes_of_xml_count_not_what_it_declares(
    tmp_path: Path, declared: str, encoding: str
) -> None:
    text = RSS.format(items=ITEM).replace("utf-8", declared, 1)
    check(read_one(tmp_path, "a.xml", text.encode(encoding)))


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_what_an_agency_has_withdrawn_is_left_out(tmp_path: Path, status: str) -> None:
    told = f'<itemMeta><pubStatus qcode="stat:{status}"/>'
    articles, bad = read_file(tmp_path, "a.xml", NEWS_ITEM.replace("<itemMeta>", told))
    assert articles == []
    assert [record.reason for record in bad] == [f"not published: {status} by its agency"]
    told = told.replace(status, "usable")
    check(read_one(tmp_path, "b.xml", NEWS_ITEM.replace("<itemMeta>", told)), url="")
