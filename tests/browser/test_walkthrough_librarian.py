"""A librarian's day in a real Chromium: searching, accents, filters, order.

Every step is taken by keyboard, on wide and narrow screens, light and dark, with and without
JavaScript.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pytest
from browsing import LIVELY_DESKS, PLAIN_DESKS, seated
from playwright.sync_api import expect
from running import DEMO_MORNING, site_of

from index import collation_key

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

_COUNT: Final = re.compile(r"[\d.]+")


@pytest.fixture(scope="module")
def cluster_site(demo_cluster: str, repository: "Path") -> Iterator[str]:
    """The same as `demo_site`, from a cluster."""
    with site_of(repository, demo_cluster, DEMO_MORNING) as address:
        yield address


@pytest.fixture(params=["demo_site", pytest.param("cluster_site", marks=pytest.mark.cluster)])
def site(request: pytest.FixtureRequest) -> str:
    """The sample archive on the morning of 5 October 2026."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture(params=(*LIVELY_DESKS, *PLAIN_DESKS))
def desk(request: pytest.FixtureRequest, chromium: "Browser", site: str) -> Iterator["Page"]:
    """A page at each of the desks."""
    with seated(chromium, site, request.param) as page:
        yield page


@pytest.fixture(params=LIVELY_DESKS)
def lively_desk(request: pytest.FixtureRequest, chromium: "Browser", site: str) -> Iterator["Page"]:
    """A page at each of the desks where scripts run."""
    with seated(chromium, site, request.param) as page:
        yield page


def _ids(page: "Page") -> list[str]:
    links = page.locator("ol.hits :is(h2, h3) a").all()
    return [(link.get_attribute("href") or "").split("/")[2] for link in links]


def _heading(page: "Page") -> str:
    return page.get_by_role("heading", level=1).inner_text()


def _total(page: "Page") -> int:
    match = _COUNT.match(_heading(page))
    return int(match[0].replace(".", "")) if match else 0


def _search(page: "Page", query: str) -> None:
    page.goto("/")
    page.get_by_label("Tìm tin").fill(query)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search\?"))


def _open_filters(page: "Page") -> None:
    summary = page.locator(".filters > summary")
    if summary.is_visible():
        summary.press("Enter")


def test_step_1_the_first_page_says_what_the_archive_holds(desk: "Page") -> None:
    desk.goto("/")
    assert desk.title() == "Tìm Báo"
    assert desk.get_by_role("heading", level=1).count() == 1
    assert re.search(r"Kho hiện có \d+ tin từ \d\d/\d{4} đến \d\d/\d{4}\.", desk.inner_text("main"))
    desk.keyboard.press("Tab")
    assert desk.locator(":focus").inner_text() == "Bỏ qua, tới nội dung"
    desk.keyboard.press("Tab")
    assert desk.locator(":focus").get_attribute("id") == "q"


def test_step_2_a_slash_leads_to_the_box_and_letters_to_suggestions(lively_desk: "Page") -> None:
    lively_desk.goto("/")
    lively_desk.keyboard.press("/")
    assert lively_desk.locator(":focus").get_attribute("id") == "q"
    lively_desk.keyboard.type("ha noi", delay=150)
    expect(lively_desk.get_by_role("option").first).to_have_text(re.compile("^hà nội"))
    assert lively_desk.locator("#q").input_value() == "ha noi"
    lively_desk.keyboard.type("/")
    assert lively_desk.locator("#q").input_value() == "ha noi/"


def test_step_3_escape_closes_the_list_then_empties_the_box(lively_desk: "Page") -> None:
    lively_desk.goto("/")
    box, options = lively_desk.locator("#q"), lively_desk.get_by_role("option")
    box.focus()
    lively_desk.keyboard.type("ha noi")
    expect(options.first).to_be_visible()
    lively_desk.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    lively_desk.keyboard.press("Escape")
    expect(options).to_have_count(0)
    assert box.input_value() == "ha noi"
    lively_desk.keyboard.press("Escape")
    assert box.input_value() == ""
    assert lively_desk.url.endswith("/")


def test_step_4_tab_goes_on_to_the_button_and_enter_searches(desk: "Page") -> None:
    desk.goto("/")
    desk.locator("#q").focus()
    desk.keyboard.type("ha noi")
    desk.keyboard.press("Tab")
    assert desk.locator(":focus").inner_text() == "Tìm"
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search?q=ha+noi")
    assert _total(desk) > 0


def test_step_5_the_restored_query_leads_to_the_promised_count(desk: "Page") -> None:
    _search(desk, "ha noi")
    notice = desk.get_by_role("listitem").filter(has_text="Ý bạn là:")
    promised = re.search(r"\(([\d.]+) tin\)", notice.inner_text())
    assert promised is not None
    notice.get_by_role("link", name="hà nội").press("Enter")
    desk.wait_for_url("**/search?q=h%C3%A0+n%E1%BB%99i")
    assert _heading(desk) == f"{promised[1]} kết quả cho “hà nội”"


def test_step_6_words_are_marked_as_the_source_writes_them(desk: "Page") -> None:
    desk.goto("/search?q=h%C3%A0+n%E1%BB%99i&per_page=50")
    ids = _ids(desk)
    mark = desk.locator("article", has=desk.locator("a[href*='/article/d11/']")).locator("h2 mark")
    assert mark.inner_text() == "Hà Nội"
    assert "d13" not in ids or ids.index("d13") > ids.index("d11")
    desk.goto("/search?q=ha+noi&per_page=50")
    assert "d13" in _ids(desk)


def test_step_7_exact_accents_are_a_removable_choice(desk: "Page") -> None:
    desk.goto("/search?q=h%C3%A0+n%E1%BB%99i")
    desk.get_by_label("Đúng dấu").press("Space")
    desk.get_by_role("button", name="Tìm", exact=True).press("Enter")
    desk.wait_for_url("**/search?accents=exact&q=h%C3%A0+n%E1%BB%99i")
    assert "d13" not in _ids(desk)
    desk.get_by_role("link", name="Bỏ lọc Đúng dấu").press("Enter")
    desk.wait_for_url("**/search?q=h%C3%A0+n%E1%BB%99i")


def test_step_8_a_reading_is_chosen_and_back_returns(desk: "Page") -> None:
    desk.goto("/search?q=ma")
    chips = desk.locator(".chooser").filter(has_text="“ma” có thể là:").locator("a.chip")
    readings = [chip.inner_text().split()[0] for chip in chips.all()]
    assert {"ma", "mà", "má", "mã"} <= set(readings)
    assert {chip.get_attribute("rel") for chip in chips.all()} == {"nofollow"}
    chips.filter(has_text=re.compile("^má ")).press("Enter")
    desk.wait_for_url("**/search?q=m%C3%A1")
    assert "d02" in _ids(desk)
    assert not {"d01", "d04", "d06"} & set(_ids(desk))
    desk.go_back()
    desk.wait_for_url("**/search?q=ma")


def test_step_9_both_tone_placements_are_found_and_marked(desk: "Page") -> None:
    desk.goto("/search?accents=exact&q=ho%C3%A0+b%C3%ACnh")
    marks = {
        name: desk.locator("article", has=desk.locator(f"a[href*='/article/{name}/']"))
        .locator("h2 mark")
        .first.inner_text()
        for name in ("d07", "d08")
    }
    assert marks == {"d07": "Hòa Bình", "d08": "Hoà Bình"}


def test_step_10_i_and_y_are_the_same(desk: "Page") -> None:
    desk.goto("/search?q=bac+sy&per_page=50")
    assert {"d09", "d10"} <= set(_ids(desk))


def test_step_11_keystrokes_are_recovered_and_can_be_taken_as_typed(desk: "Page") -> None:
    _search(desk, "tieengs vieejt")
    assert "Có phải bạn gõ Telex" in desk.inner_text("main")
    assert "Đây là kết quả cho “tiếng việt”." in desk.inner_text("main")
    assert _ids(desk)
    desk.get_by_role("link", name="Vẫn tìm đúng như đã gõ").press("Enter")
    desk.wait_for_url(re.compile("nofix=1"))
    assert _heading(desk) == "Không tìm thấy tin nào cho “tieengs vieejt”."
    desk.locator(".ways a").first.press("Enter")
    assert _ids(desk)


def test_step_12_a_converted_article_says_so_and_shows_its_original(desk: "Page") -> None:
    desk.goto("/search?q=cong+hoa+xa+hoi&per_page=50")
    card = desk.locator("article", has=desk.locator("a[href*='/article/d12/']"))
    assert "Đã chuyển mã từ TCVN3" in card.inner_text()
    card.get_by_role("link", name=re.compile("^Xem bản gốc")).press("Enter")
    desk.wait_for_url(re.compile("/article/d12/.*#original"))
    expect(desk.locator("pre")).to_be_visible()
    assert "Céng hßa" in desk.locator("pre").inner_text()
    summary = desk.locator("summary", has_text="Xem bản gốc")
    summary.press("Enter")
    expect(desk.locator("pre")).to_be_hidden()


def test_step_13_sections_are_united_and_taken_off_one_by_one(desk: "Page") -> None:
    desk.goto("/search?q=ha+noi")
    _open_filters(desk)
    first, second = desk.locator(".facet", has_text="Chuyên mục").locator("li").all()[:2]
    names = [row.locator("a bdi").first.inner_text() for row in (first, second)]
    counts = [int(row.locator(".count").inner_text()) for row in (first, second)]
    first.locator("a").first.press("Enter")
    desk.wait_for_url(re.compile("section="))
    assert _total(desk) == counts[0]
    _open_filters(desk)
    desk.locator(".facet li", has_text=names[1]).first.locator("a").first.press("Enter")
    desk.wait_for_url(re.compile("section=.*section="))
    assert _total(desk) == sum(counts)
    desk.get_by_role("link", name=f"Bỏ lọc Chuyên mục: {names[0]}").press("Enter")
    desk.wait_for_url(lambda address: address.count("section=") == 1)
    assert _total(desk) == counts[1]


def test_step_14_a_wrong_day_is_explained_at_its_field(desk: "Page") -> None:
    desk.goto("/search?q=ha+noi")
    _open_filters(desk)
    desk.get_by_label("Từ ngày").fill("31/02/2026")
    desk.get_by_role("button", name="Áp dụng").press("Enter")
    desk.wait_for_url(re.compile("from=31"))
    field = desk.get_by_label("Từ ngày")
    assert field.is_visible()
    assert field.get_attribute("aria-describedby") == "from-error"
    assert desk.locator("#from-error").inner_text().startswith("Ngày chưa đúng.")
    assert desk.locator(":focus").get_attribute("id") == "from"
    field.fill("05/10/2026")
    desk.get_by_role("button", name="Áp dụng").press("Enter")
    desk.wait_for_url("**/search?from=2026-10-05&q=ha+noi")


def test_step_15_today_is_the_day_in_vietnam(desk: "Page") -> None:
    desk.goto("/search")
    _open_filters(desk)
    desk.get_by_role("link", name="Từ hôm qua").press("Enter")
    desk.wait_for_url("**/search?from=2026-10-04&to=2026-10-05")
    assert "d23" in _ids(desk)
    _open_filters(desk)
    desk.get_by_role("link", name="Hôm nay").press("Enter")
    desk.wait_for_url("**/search?from=2026-10-05&to=2026-10-05")
    assert "d23" not in _ids(desk)


def test_step_16_titles_stand_in_the_order_of_the_alphabet(desk: "Page") -> None:
    desk.goto("/search?q=ha+noi")
    desk.get_by_label("Sắp xếp").select_option("Tiêu đề A–Y")
    desk.get_by_label("Mỗi trang").select_option("50")
    desk.get_by_role("button", name="Xếp lại").press("Enter")
    desk.wait_for_url("**/search?per_page=50&q=ha+noi&sort=title")
    titles = desk.locator("ol.hits h2 a").all_inner_texts()
    assert len(titles) > 20
    keys = [collation_key(title) for title in titles]
    assert all(first <= second for first, second in pairwise(keys))
