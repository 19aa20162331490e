"""Pages of results and articles, on a real index."""

import re
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode, urlsplit

import pytest
from asking import ids_on, inline_scripts, links_of, page_of, search, text_of
from flask.testing import FlaskClient
from small_archive import ODD_ID, SCRIPT_TITLE, small_archive

from index import Article, Provenance, open_engine
from searchapp.app import create_app
from searchapp.settings import Settings


def test_the_first_page_shows_the_box_the_archive_and_its_newest_articles(
    client: FlaskClient,
) -> None:
    html = page_of(client, "/")
    assert '<html lang="vi">' in html
    assert "Gõ có dấu hoặc không dấu đều được." in html
    assert f"Kho hiện có {len(small_archive())} tin từ 03/2023 đến 10/2026." in html
    assert ids_on(html)[:3] == ["ngap2", "ngap", "hoabinh2"]


def test_an_empty_archive_says_how_to_fill_it(tmp_path: Path) -> None:
    address = f"whoosh:{tmp_path / 'empty'}"
    with open_engine(address).writer():
        pass
    client = create_app(Settings(index=address)).test_client()
    assert "Kho chưa có tin nào." in page_of(client, "/")
    assert "Không tìm thấy tin nào cho “lũ”." in page_of(client, "/search?q=l%C5%A9")


@pytest.mark.parametrize("query", ["ha noi", "hà nội", "HA NOI", "hoà bình", "xả lũ -đợt", "a&b"])
def test_the_page_shows_the_hits_of_the_api(client: FlaskClient, query: str) -> None:
    ids = [result["id"] for result in search(client, q=query)["results"]]
    assert ids_on(page_of(client, f"/search?q={quote(query)}")) == ids


def test_hits_carry_all_parts_of_a_card(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=ha+noi+ngap")
    assert "<h1>“ha noi ngap”: 2 tin có đủ 3 từ · 2 tin có gần đủ</h1>" in html
    assert '<bdi lang="vi">Báo Sông Hồng</bdi>' in html
    assert '<time datetime="2026-10-05T06:40:00+07:00">05/10/2026 06:40</time>' in html
    assert '<time datetime="2026-10-06">06/10/2026</time>' in html
    assert "<mark>Hà Nội ngập</mark> nhiều tuyến phố" in html


def test_a_title_with_markup_is_text_everywhere(client: FlaskClient) -> None:
    for path in ("/search?q=ha+noi", "/article/script/script-alert-1-script-ha-noi", "/"):
        html = page_of(client, path)
        assert inline_scripts(html) == []
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    result = next(hit for hit in search(client, q="ha noi")["results"] if hit["id"] == "script")
    assert result["title"] == SCRIPT_TITLE
    segments = result["highlights"]["title"]
    assert "".join(segment["t"] for segment in segments) == SCRIPT_TITLE
    assert [segment["t"] for segment in segments if segment.get("m")] == ["hà nội"]


def test_a_query_with_markup_is_text(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert inline_scripts(html) == []
    assert "&#34;&gt;&lt;script&gt;" in html


def test_an_empty_query_lists_the_newest(client: FlaskClient) -> None:
    html = page_of(client, "/search")
    assert "<h1>Tin mới nhất trong kho</h1>" in html
    assert ids_on(html)[0] == "ngap2"
    assert page_of(client, "/search?q=") == html


def test_a_query_in_nfd_finds_and_shows_the_same(client: FlaskClient) -> None:
    typed = "Hà Nội"
    response = client.get("/search", query_string={"q": typed})
    assert response.status_code == 200
    assert 'value="Hà Nội"' in response.text
    assert ids_on(response.text) == [hit["id"] for hit in search(client, q="Hà Nội")["results"]]


def test_a_hit_by_its_related_news_says_so(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=b%C3%A8o+t%E1%BA%A5m")
    assert ids_on(html) == ["ngap"]
    assert "Khớp ở tin liên quan" in html
    assert "<li><bdi>Vớt <mark>bèo tấm</mark> khơi dòng sông Tô Lịch</bdi></li>" in html
    result = search(client, q="bèo tấm")["results"][0]
    assert result["related_only"] is True
    assert any(segment.get("m") for segment in result["highlights"]["related"][0])
    assert search(client, q="ngập sâu")["results"][0]["related_only"] is False


def test_keystrokes_without_an_input_method_are_read_and_can_be_taken_as_typed(
    client: FlaskClient,
) -> None:
    html = page_of(client, "/search?q=tieengs+vieejt")
    assert "Không có tin nào khớp “tieengs vieejt”. Có phải bạn gõ Telex" in text_of(html)
    assert "Đây là kết quả cho “tiếng việt”." in html
    assert ids_on(html) == ["tiengviet"]
    assert '<a href="/search?nofix=1&amp;q=tieengs+vieejt">Vẫn tìm đúng như đã gõ</a>' in html
    query = search(client, q="tieengs vieejt")["query"]
    assert query["rewrites"] == [
        {
            "kind": "telex",
            "from": "tieengs vieejt",
            "to": "tiếng việt",
            "remove_url": "/search?nofix=1&q=tieengs+vieejt",
        }
    ]
    assert query["explain_text"] == "Tìm tin có “tiếng”, “việt”"
    assert search(client, q="tieengs vieejt", nofix=1)["total"] == 0


def test_an_expanded_abbreviation_is_shown_and_can_be_taken_back(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=TP.HCM")
    chip = "Đã mở rộng: TP.HCM → thành phố Hồ Chí Minh"
    assert (
        '<a class="chip" rel="nofollow" href="/search?expand=none&amp;q=TP.HCM" '
        f'aria-label="Bỏ: {chip}"><bdi>{chip}</bdi> ' in html
    )
    assert search(client, q="TP.HCM", expand="none")["total"] == 0


def test_accents_are_suggested_with_the_count_that_they_lead_to(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=ban+tin")
    match = re.search(
        r'Ý bạn là: <a href="([^"]+)" lang="vi"><bdi>bản tin</bdi></a> \((\d+) tin\)', html
    )
    assert match is not None
    assert f"{match[2]} kết quả cho “bản tin”" in page_of(client, match[1].replace("&amp;", "&"))


def test_readings_of_a_bare_syllable_are_links(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=ma&accents=fold")
    chips = re.findall(
        r'<a class="chip" rel="nofollow" href="([^"]+)"><bdi lang="vi">(\S+)</bdi>', html
    )
    assert "“ma” có thể là:" in html
    assert {text for _, text in chips} == {"ma", "má", "mà", "mã", "mạ"}
    href = next(href for href, text in chips if text == "má").replace("&amp;", "&")
    assert href == "/search?accents=fold&q=m%C3%A1"
    assert client.get(href).status_code == 200


def test_a_relaxed_search_says_so(client: FlaskClient) -> None:
    query = "gạch mưa đá vườn mận"
    assert search(client, q=query)["relaxed"] is True
    html = page_of(client, f"/search?q={quote(query)}")
    assert "Không có tin nào có đủ 5 từ · " in html
    assert ids_on(html) == [hit["id"] for hit in search(client, q=query)["results"]]


def test_without_hits_every_way_out_keeps_its_promise(client: FlaskClient) -> None:
    html = page_of(client, "/search?q=%22ha+noi%22&section=giao-duc&source=bao-song-hong")
    ways = re.findall(r'<li><a href="([^"]+)"><bdi>([^<]+)</bdi> \(([\d.]+) tin\)</a></li>', html)
    assert [text for _, text, _ in ways] == ["Bỏ lọc Chuyên mục: Giáo dục", "Bỏ mọi bộ lọc"]
    for href, _, count in ways:
        page = page_of(client, href.replace("&amp;", "&"))
        assert f"<h1>{count} kết quả" in page


@pytest.mark.parametrize("query", ['"nội hà"', "“nội hà”", "«nội hà»"])
def test_a_phrase_that_nothing_has_may_lose_its_quotes(client: FlaskClient, query: str) -> None:
    html = page_of(client, f"/search?mode=advanced&q={quote(query)}")
    assert f'href="/search?mode=advanced&amp;q={quote_plus("nội hà")}"><bdi>Bỏ dấu ngoặc' in html


def test_a_way_out_that_would_break_the_syntax_is_none(client: FlaskClient) -> None:
    html = page_of(client, "/search?mode=advanced&q=%22xyzq+(lu%22")
    assert "Không tìm thấy tin nào cho “&#34;xyzq (lu&#34;”." in html
    assert "Bỏ dấu ngoặc kép" not in html
    assert "Xem tin mới nhất" in html


def test_an_article_has_one_address(client: FlaskClient) -> None:
    path = "/article/ngap/ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon"
    for other in ("/article/ngap", "/article/ngap/sai", f"{path[:-4]}"):
        response = client.get(other, follow_redirects=False)
        assert response.status_code in (301, 308), other
    assert client.get("/article/ngap/sai").headers["Location"] == path
    assert client.get(path).status_code == 200


def test_an_article_page_shows_all_of_it(client: FlaskClient) -> None:
    html = page_of(client, "/article/ngap/ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon")
    text = text_of(html)
    article = next(article for article in small_archive() if article.id == "ngap")
    for part in (article.headline, article.lead, *article.body, *article.captions):
        assert part in text
    for item in article.related:
        assert item.headline in text
        assert item.snippet in text
    assert "Nguyễn Văn An, Lưu Hải Yến" in text
    assert "Cập nhật 05/10/2026 09:15" in text
    assert '<a href="/search?section=thoi-su"><bdi>Thời sự</bdi></a>' in html
    assert 'href="https://songhong.example/thoi-su/ngap.html"' in html


def test_an_article_page_lists_what_the_engine_finds_related(client: FlaskClient) -> None:
    html = page_of(client, "/article/ngap/ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon")
    related = html[html.index('<h2 id="related">Tin liên quan</h2>') :].partition("</section>")[0]
    assert "/article/ngap2/" in related
    assert "/article/ngap/" not in related


def test_an_article_without_headline_and_with_an_odd_id_is_shown(client: FlaskClient) -> None:
    found = search(client, q="lò gạch")["results"][0]
    assert found["id"] == ODD_ID
    assert found["source"] is None
    assert found["published_at"] is None
    path = urlsplit(found["url"]).path
    html = page_of(client, path)
    assert f"<h1>{small_archive()[8].body[0]}</h1>" in html
    assert "Đã chuyển mã từ TCVN3" in html


@pytest.mark.parametrize("path", ["/", "/search?q=ha+noi", "/search?q=ma", "/article/ngap/x"])
def test_every_link_of_a_page_leads_somewhere(client: FlaskClient, path: str) -> None:
    html = client.get(path, follow_redirects=True).text
    paths = set(links_of(html))
    assert len(paths) > 5
    for linked in paths:
        with client.get(linked) as response:
            assert response.status_code == 200, linked


def test_a_query_in_an_old_encoding_says_so(demo_archive: str) -> None:
    client = create_app(Settings(index=demo_archive)).test_client()
    html = page_of(client, "/search?q=C%C3%A9ng+h%C3%9Fa+X%C2%B7+h%C3%A9i")
    assert "Đã chuyển mã từ TCVN3: Cộng hòa Xã hội" in html
    card = html[html.index('<p class="badge">') :].partition("</p>")[0]
    assert "Đã chuyển mã từ TCVN3." in card
    original = next(href for href in links_of(card) if href.startswith("/article/d12/"))
    article = page_of(client, original)
    assert urlsplit(original).fragment == "original"
    assert '<pre id="original"' in article
    assert "Bảng mã</dt><dd>Đã chuyển mã từ TCVN3" in article


def test_an_article_that_may_be_in_an_old_encoding_says_so(tmp_path: Path) -> None:
    address = f"whoosh:{tmp_path}"
    provenance = Provenance(reader="json_lines", path="x.jsonl", suspected_encoding="viscii")
    with open_engine(address).writer() as writer:
        writer.put(Article(id="x", headline="Nhµ", body=("Nhµ.",), provenance=provenance))
    client = create_app(Settings(index=address)).test_client()
    html = client.get("/article/x", follow_redirects=True).text
    assert "Bảng mã</dt><dd>Có thể là VISCII, chưa chuyển vì quá ngắn</dd>" in html


def test_a_scanned_article_names_its_pages_and_how_sure_its_text_is(tmp_path: Path) -> None:
    address = f"whoosh:{tmp_path}"
    origin = Provenance(reader="scanned_page", path="x.xml", pages="3, 7", confidence=0.876)
    with open_engine(address).writer() as writer:
        writer.put(Article(id="x", headline="Nhà", body=("Nhà.",), provenance=origin))
    client = create_app(Settings(index=address)).test_client()
    html = client.get("/article/x", follow_redirects=True).text
    assert "Trang báo</dt><dd>3, 7</dd>" in html
    assert "Nhận dạng chữ</dt><dd>độ tin cậy 88%</dd>" in html


@pytest.mark.parametrize("query", ["nguyen van", "Nguyễn An", '"an nguyễn"', "NGUYEN"])
def test_a_search_among_authors_reads_their_names_only(client: FlaskClient, query: str) -> None:
    found = search(client, q=query, field="author")
    assert found["total"] > 0
    for result in found["results"]:
        assert any("Nguyễn" in name for name in result["authors"])
    assert search(client, q="ngập", field="author")["total"] == 0
    html = page_of(client, f"/search?{urlencode({'field': 'author', 'q': query})}")
    assert "Chỉ trong tác giả" in html


def test_no_search_is_offered_that_finds_no_article_with_all_words(demo_archive: str) -> None:
    client = create_app(Settings(index=demo_archive)).test_client()
    found = search(client, q="gia xang dau hom nay")
    assert found["relaxed"]
    assert search(client, q="giá xăng dầu hôm nay")["total"] == 0
    assert found["suggestions"] == []
