"""The page of an article: what it says to machines, its marks, its place among hits."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from asking import ids_on, page_of, search, text_of
from flask.testing import FlaskClient
from small_archive import small_archive

from index import Withdrawal, open_engine
from searchapp.app import create_app
from searchapp.settings import Settings

PATH = "/article/ngap/ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon"


def test_json_ld_describes_the_article(client: FlaskClient) -> None:
    html = page_of(client, PATH)
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert match is not None
    document = json.loads(match[1])
    assert document["@type"] == "NewsArticle"
    assert document["headline"] == "Hà Nội ngập nhiều tuyến phố sau mưa lớn"
    assert document["datePublished"] == "2026-10-05T06:40:00+07:00"
    assert document["dateModified"] == "2026-10-05T09:15:00+07:00"
    assert document["articleSection"] == "Thời sự"
    assert [author["name"] for author in document["author"]] == ["Nguyễn Văn An", "Lưu Hải Yến"]
    assert document["inLanguage"] == "vi"


def test_json_ld_of_a_headline_with_markup_stays_data(client: FlaskClient) -> None:
    html = page_of(client, "/article/script/script-alert-1-script-ha-noi")
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert match is not None
    assert json.loads(match[1])["headline"] == "<script>alert(1)</script> hà nội"
    assert "<" not in match[1]


def test_meta_elements_describe_the_article(client: FlaskClient) -> None:
    html = page_of(client, PATH)
    fields = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html)
    values = dict(fields)
    assert [value for name, value in fields if name == "citation_author"] == [
        "Nguyễn Văn An",
        "Lưu Hải Yến",
    ]
    assert values["citation_publication_date"] == "2026/10/05"
    assert values["og:type"] == "article"
    assert values["og:url"] == f"http://localhost{PATH}"
    assert f'<link rel="canonical" href="http://localhost{PATH}">' in html


def test_every_other_format_answers_with_its_type(client: FlaskClient) -> None:
    html = page_of(client, PATH)
    links = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', html)
    assert len(links) == 5
    for kind, href in links:
        response = client.get(unescape(href))
        assert response.status_code == 200, href
        assert response.mimetype == kind, href


def test_words_of_the_address_are_marked_and_can_be_cleared(client: FlaskClient) -> None:
    html = page_of(client, f"{PATH}?hl=ha+noi+bom")
    assert "<mark>Hà Nội</mark>" in html
    assert "<mark>bơm</mark>" in html
    assert '<p id="first-mark">Công ty thoát nước' in html
    assert f'<a href="{PATH}">Tắt tô sáng</a>' in html
    assert "<mark>" not in page_of(client, PATH)
    assert "Tắt tô sáng" not in page_of(client, f"{PATH}?hl=khongco")


def test_a_hit_knows_its_neighbours(client: FlaskClient) -> None:
    results = search(client, q="bản tin", per_page=50)["results"]
    hits = ids_on(page_of(client, "/search?q=b%E1%BA%A3n+tin&page=2"))
    assert hits == [result["id"] for result in results[20:]]
    listing = page_of(client, "/search?q=b%E1%BA%A3n+tin&page=2")
    href = unescape(re.findall(r'<h2 id="hit21"><a href="([^"]+)"', listing)[0])
    html = page_of(client, href)
    assert "Kết quả 21/25" in text_of(html)
    previous = re.search(r'<a rel="prev" href="/article/([^/]+)/', html)
    following = re.search(r'<a rel="next" href="/article/([^/]+)/', html)
    assert previous is not None
    assert following is not None
    assert [previous[1], following[1]] == [results[19]["id"], results[21]["id"]]
    assert '<a href="/search?page=2&amp;q=b%E1%BA%A3n+tin">Về kết quả</a>' in html


def test_the_first_and_last_hit_have_one_neighbour(client: FlaskClient) -> None:
    found = search(client, q="ngap")["results"]
    paths = [re.sub(r"^http://[^/]+", "", result["url"]) for result in found]
    first = page_of(client, f"{paths[0]}?hit=1&q=ngap")
    assert "Tin trước" not in first
    assert "Tin sau" in first
    last = page_of(client, f"{paths[-1]}?hit={len(found)}&q=ngap")
    assert "Tin trước" in last
    assert "Tin sau" not in last


@pytest.mark.parametrize(
    "query",
    ["hit=x&q=ngap", "hit=0&q=ngap", "hit=99999&q=ngap", "hit=2&q=a", "mode=advanced&hit=1&q=("],
)
def test_a_place_that_is_none_leaves_the_article(client: FlaskClient, query: str) -> None:
    html = page_of(client, f"{PATH}?{query}")
    assert "Tin sau" not in html
    assert "Đường Nguyễn Trãi" in html


def test_another_slug_keeps_the_place(client: FlaskClient) -> None:
    response = client.get("/article/ngap/cu?hit=1&q=ngap&lang=en")
    assert response.status_code == 301
    assert response.headers["Location"] == f"{PATH}?hit=1&q=ngap"


def test_related_articles_say_why(client: FlaskClient) -> None:
    html = page_of(client, PATH)
    related = html[html.index('<h2 id="related">') :].partition("</section>")[0]
    reasons = re.findall(r'<bdi class="reason">([^<]*)</bdi>', related)
    assert len(reasons) == related.count("<li>")
    assert all(reason.startswith("cùng ") for reason in reasons)
    assert reasons[0] == "cùng nhắc: Hà Nội, xe máy phải quay đầu"


def test_reasons_of_related_articles_are_no_scraps(demo_archive: str) -> None:
    client = create_app(Settings(index=demo_archive)).test_client()
    for doc_id in ("d24", "d12", "d11"):
        found = client.get(f"/api/v1/articles/{doc_id}/related").json
        assert found is not None
        reasons = [result["reason"] for result in found["results"]]
        assert len(reasons) > 3
        for reason in reasons:
            words = reason.removeprefix("cùng nhắc: ").split(", ")
            assert not any(word.split()[-1] in ("và", "của", "có", "trong") for word in words)
            assert not any(one != two and one in two for one in words for two in words)


def test_a_withdrawn_article_is_gone_with_the_day(tmp_path: Path) -> None:
    address = f"whoosh:{tmp_path / 'archive'}"
    engine = open_engine(address)
    with engine.writer() as writer:
        list(writer.put_all(small_archive()))
    engine.withdraw([Withdrawal(id="ngap", on=date(2026, 10, 1))])
    engine.close()
    client = create_app(Settings(index=address)).test_client()
    html = page_of(client, PATH, 410)
    assert "Tin này đã được gỡ ngày 01/10/2026." in html
    assert 'action="/search"' in html
    assert "ngap" not in [result["id"] for result in search(client, q="ngập")["results"]]
    english = client.get(f"{PATH}?lang=en")
    assert english.status_code == 410
    assert "Withdrawn on 01/10/2026" in english.text
