"""Facets, dates and the one address that every search has."""

import json
import re
from html import unescape
from urllib.parse import quote, urlsplit

import pytest
from asking import ids_on, page_of, search, text_of
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import collation_key
from searchapp.app import create_app
from searchapp.settings import Settings

_FACET_LINK = re.compile(
    r'<a rel="nofollow" href="([^"]+)"(?: aria-current="true")?><bdi lang="vi">([^<]+)</bdi> '
    r'<span class="count">([\d.]+)</span>'
)


@pytest.fixture(scope="module")
def demo(demo_archive: str) -> FlaskClient:
    """Asks for pages of the sample documents on 5 October 2026."""
    return create_app(Settings(index=demo_archive, now="2026-10-05T09:00")).test_client()


def _facet_links(html: str) -> list[tuple[str, str, int]]:
    return [(unescape(href), unescape(n), int(c)) for href, n, c in _FACET_LINK.findall(html)]


def _total(client: FlaskClient, path: str) -> int:
    query = urlsplit(path).query
    response = client.get(f"/api/v1/search?{query}")
    assert response.json is not None
    return int(response.json["total"])


@pytest.mark.parametrize("path", ["/search?q=ha+noi", "/search?from=2026-01-01&q=c%C3%B4ng+an"])
def test_every_count_of_a_facet_is_kept(demo: FlaskClient, path: str) -> None:
    links = _facet_links(page_of(demo, path))
    assert len(links) > 10
    for href, name, count in links:
        assert _total(demo, href) == count, name


def test_a_second_value_widens_and_its_counts_ignore_the_first(demo: FlaskClient) -> None:
    before = _facet_links(page_of(demo, "/search?q=ha+noi"))
    (one_href, one, first), (_, two, second) = before[:2]
    chosen = _facet_links(page_of(demo, one_href))
    counts = {name: count for _, name, count in chosen}
    assert (counts[one], counts[two]) == (first, second)
    both = next(href for href, name, _ in chosen if name == two)
    assert _total(demo, both) == first + second


def test_an_excluded_value_and_the_value_make_up_everything(demo: FlaskClient) -> None:
    whole = search(demo, q="ha noi")["total"]
    without = search(demo, q="ha noi", not_section="thoi-su")["total"]
    assert without + search(demo, q="ha noi", section="thoi-su")["total"] == whole
    html = page_of(demo, "/search?q=ha+noi")
    assert 'href="/search?not_section=thoi-su&amp;q=ha+noi" aria-label="Trừ Chuyên mục: T' in html
    assert "(đã trừ)" in page_of(demo, "/search?not_section=thoi-su&q=ha+noi")


def test_filters_are_not_for_crawlers(demo: FlaskClient) -> None:
    html = page_of(demo, "/search?q=ha+noi")
    assert '<meta name="robots" content="noindex,follow">' in html
    side = html[html.index('<div class="side">') : html.index('<div class="found">')]
    links = re.findall(r"<a [^>]+>", side)
    assert len(links) > 20
    assert all('rel="nofollow"' in link for link in links)


def test_a_facet_value_of_the_api_toggles(demo: FlaskClient) -> None:
    facets = search(demo, q="ha noi", facets="section,month")["facets"]
    value = facets["section"]["values"][0]
    assert value["selected"] is False
    path = value["toggle_url"]
    assert _total(demo, path) == value["count"]
    again = demo.get(f"/api/v1/search?{urlsplit(path).query}&facets=section").json
    assert again is not None
    chosen = again["facets"]["section"]["values"]
    back = next(entry for entry in chosen if entry["value"] == value["value"])
    assert back["selected"] is True
    assert back["toggle_url"] == "/search?q=ha+noi"
    assert [entry["value"] for entry in facets["month"]["values"]] == sorted(
        entry["value"] for entry in facets["month"]["values"]
    )


@pytest.mark.parametrize("name", ["year", "month", "day"])
def test_a_span_of_days_toggles(demo: FlaskClient, name: str) -> None:
    values = search(demo, q="ha noi", facets=name)["facets"][name]["values"]
    assert len(values) > 5
    for value in values:
        assert value["selected"] is False
        path = value["toggle_url"]
        assert _total(demo, path) == value["count"]
    again = demo.get(f"/api/v1/facets/{name}?{urlsplit(path).query}&per_page=100").json
    assert again is not None
    back = next(entry for entry in again["values"] if entry["value"] == value["value"])
    assert back["selected"] is True
    assert back["toggle_url"] == "/search?q=ha+noi"


def test_the_list_of_all_values_is_in_vietnamese_order(demo: FlaskClient) -> None:
    html = page_of(demo, "/facet/author")
    names = [name for _, name, _ in _facet_links(html)]
    assert len(names) == 60
    assert names == sorted(names, key=collation_key)
    following = page_of(demo, "/facet/author?facet_page=2")
    more = [name for _, name, _ in _facet_links(following)]
    assert collation_key(names[-1]) < collation_key(more[0])
    assert "2" in re.findall(r'aria-current="page">(\d+)<', following)


@pytest.mark.parametrize("prefix", ["nguyen", "NGUYỄN", "nguyen d"])
def test_values_are_narrowed_without_accents(demo: FlaskClient, prefix: str) -> None:
    names = [n for _, n, _ in _facet_links(page_of(demo, f"/facet/author?prefix={quote(prefix)}"))]
    assert "Nguyễn Đăng Khoát" in names
    assert all(f" {prefix.lower()[:2]}" in f" {name.lower()}" for name in names)
    assert len(names) < 20
    empty = page_of(demo, "/facet/author?prefix=qwx")
    assert "Không có mục nào bắt đầu như vậy." in empty


def test_values_keep_the_search_and_can_be_ordered_by_count(demo: FlaskClient) -> None:
    html = page_of(demo, "/facet/section?q=ha+noi&facet_sort=count")
    links = _facet_links(html)
    counts = [count for _, _, count in links]
    assert counts == sorted(counts, reverse=True)
    assert all("q=ha+noi" in href for href, _, _ in links)
    assert 'href="/search?q=ha+noi">‹ Về kết quả' in html
    assert demo.get("/facet/khong-co").status_code == 404
    assert demo.get("/facet/author?mode=advanced&q=(").status_code == 400


@pytest.mark.parametrize("query", ["q=ha+noi", "q=ha+noi&from=2026-04-10&to=2026-09-20", ""])
def test_the_bars_add_up_to_all_hits(demo: FlaskClient, query: str) -> None:
    html = page_of(demo, f"/search?{query}")
    rows = re.findall(r'<td class="number">([\d.]+)</td>', html)
    assert sum(int(row.replace(".", "")) for row in rows) == _total(demo, f"/search?{query}")
    for href, count in re.findall(
        r'<td><a rel="nofollow" href="([^"]+)">[^<]+</a></td><td class="number">(\d+)<', html
    ):
        found = _total(demo, unescape(href))
        # A month that the filter cuts leads to the whole month.
        assert found == int(count) if "from" not in query else found >= int(count)


def test_ranges_end_today_in_vietnam(demo_archive: str) -> None:
    # Half past one at night in Vietnam, while it is still the day before in most of the world.
    clock = "2026-10-04T18:30+00:00"
    client = create_app(Settings(index=demo_archive, now=clock)).test_client()
    html = page_of(client, "/search?q=a")
    assert 'href="/search?from=2026-10-05&amp;q=a&amp;to=2026-10-05">Hôm nay<' in html
    assert 'href="/search?from=2026-09-29&amp;q=a&amp;to=2026-10-05">7 ngày<' in html
    assert 'href="/search?from=2026-01-01&amp;q=a&amp;to=2026-10-05">Năm nay<' in html


_VALUES = st.sampled_from(
    ["", "hà nội", "  ha   noi ", "2026", "10/2026", "05/10/2026", "exact", "title", "2", "50", "x"]
)
_NAMES = st.sampled_from(
    [
        "q",
        "accents",
        "sort",
        "from",
        "to",
        "section",
        "not_source",
        "page",
        "per_page",
        "utm",
        "any",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(_NAMES, _VALUES), max_size=5))
def test_every_search_has_one_address(demo: FlaskClient, pairs: list[tuple[str, str]]) -> None:
    first = demo.get("/search", query_string=pairs)
    if first.status_code == 301:
        canonical = first.headers["Location"]
        second = demo.get(canonical)
        assert second.status_code == 200
        assert f'<link rel="canonical" href="{canonical}">' in second.text.replace("&amp;", "&")
    else:
        assert first.status_code in (200, 400)


@pytest.mark.parametrize(
    ("boxes", "query"),
    [
        ({"q": "ngập", "phrase": "hà nội"}, 'ngập "hà nội"'),
        ({"q": "lũ", "any": "mưa, bão", "none": "thể thao"}, 'lũ (mưa OR bão) -"thể thao"'),
        ({"q": "", "phrase": "công an"}, '"công an"'),
        ({"q": "mưa -nắng", "section": "thoi-su", "from": "05/10/2026"}, "mưa -nắng"),
    ],
)
def test_the_advanced_form_makes_a_search_and_shows_it_again(
    demo: FlaskClient, boxes: dict[str, str], query: str
) -> None:
    sent = {"phrase": "", "any": "", "none": "", "field": "", "author": "", "to": ""} | boxes
    response = demo.get("/search", query_string=sent)
    assert response.status_code == 301
    address = response.headers["Location"]
    assert (
        f"q={quote(query, safe='()').replace('%20', '+')}".replace("(", "%28").replace(")", "%29")
        in address
    )
    form = page_of(demo, address.replace("/search", "/advanced"))
    for name, value in boxes.items():
        if name in ("phrase", "any", "from"):
            assert f'name="{name}" type="text"' in form
            assert f'value="{value}"' in form
    if "section" in boxes:
        assert 'name="section" value="thoi-su" checked' in form


ZERO_QUERIES = [
    f"{word} {other}"
    for word in ("xyzq", "qqww", "khongco", "wwzz", "zzxx")
    for other in (
        "lũ",
        "bão",
        "giá vàng",
        "hà nội",
        "công an",
        "trường",
        "thuế",
        "xe",
        "điện",
        "gạo",
    )
]


@pytest.mark.parametrize("query", ZERO_QUERIES)
def test_a_filter_that_hides_everything_can_be_left(demo: FlaskClient, query: str) -> None:
    path = f'/search?q="{quote(query)}"&section=thoi-su&nofix=1'
    html = page_of(demo, path)
    assert "Không tìm thấy tin nào" in html
    ways = re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', html[html.index("Bạn thử") :])
    assert ways
    for href, text in ways:
        promised = re.search(r"\((\d+) tin\)", text)
        if promised:
            assert _total(demo, unescape(href)) == int(promised[1])


def test_related_articles_stand_apart_from_the_hits(demo: FlaskClient) -> None:
    html = page_of(demo, "/search?q=%22H%C3%B2a+B%C3%ACnh%22+x%E1%BA%A3")
    found = ids_on(html)
    assert found
    block = html[html.index("Tin liên quan – không chứa đủ từ bạn tìm") :]
    related = re.findall(r'class="headline"><a href="/article/([^/"]+)/', block)
    assert related
    assert not set(related) & set(found)
    assert "<ol" not in block


def test_a_hit_says_why_it_is_there(demo: FlaskClient) -> None:
    text = text_of(page_of(demo, "/search?q=ha+noi"))
    assert "Khớp tiêu đề: “Hà”, “Nội” (bạn gõ “ha”, “noi”: không xét dấu)" in text
    text = text_of(page_of(demo, "/search?q=h%C3%A0+n%E1%BB%99i"))
    assert "Khớp tiêu đề: “Hà”, “Nội” (đúng như bạn gõ)" in text


def test_facets_without_time_are_named_and_the_hits_still_come(demo_archive: str) -> None:
    client = create_app(Settings(index=demo_archive, facet_budget=0)).test_client()
    html = page_of(client, "/search?q=ha+noi")
    assert len(ids_on(html)) == 20
    assert "Chưa kịp đếm: Chuyên mục, Nguồn, Tác giả, Thời gian." in html
    document = search(client, q="ha noi", facets="section,year")
    assert document["facets"] == {"timed_out": ["section", "year"]}
    assert document["results"]


def test_a_search_without_time_says_so_and_is_not_kept(demo_archive: str) -> None:
    client = create_app(Settings(index=demo_archive, search_budget=0)).test_client()
    html = page_of(client, "/search?q=ha+noi")
    assert "Tìm hơi lâu nên mới có một phần kết quả. Thử thu hẹp câu tìm." in html
    response = client.get("/api/v1/search?q=ha+noi")
    assert response.status_code == 200
    assert json.loads(response.data)["partial"] is True
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ("source=bao-song-hog", "Kho không có nguồn “bao-song-hog”. Gần nhất: “Báo Sông Hồng”."),
        ("section=the-thaoo", "Kho không có chuyên mục “the-thaoo”. Gần nhất: “Thể thao”."),
        ("not_source=zzzz", "Kho không có nguồn “zzzz”."),
    ],
)
def test_a_filter_by_what_nobody_has_is_spoken_of(
    demo: FlaskClient, filters: str, said: str
) -> None:
    assert said in unescape(page_of(demo, f"/search?q=h%C3%A0+n%E1%BB%99i&{filters}"))
    answer = demo.get(f"/api/v1/search?q=h%C3%A0+n%E1%BB%99i&{filters}").get_json()
    assert answer["query"]["warnings"] == [said]
    known = demo.get("/api/v1/search?q=h%C3%A0+n%E1%BB%99i&source=bao-song-hong").get_json()
    assert known["query"]["warnings"] == []
