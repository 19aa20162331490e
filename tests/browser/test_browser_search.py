"""The website in a real Chromium: searching, reading, and how pages look when they are narrow."""

import re
from typing import TYPE_CHECKING

import pytest
from browsing import each_look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

PAGES = (
    "/",
    "/search?q=ha+noi",
    "/search?q=b%C3%A8o+t%E1%BA%A5m",
    "/search?q=ma&accents=fold&section=van-hoa&source=bao-song-hong",
    "/search?q=%22khong+co+gi+het%22&from=2026-01-01",
    "/search?q=a&from=31/02/2026",
    "/search?per_page=10&page=2",
    "/article/ngap/ha-noi-ngap-nhieu-tuyen-pho-sau-mua-lon",
    "/khong-co",
)
LONG_WORD_PAGE = f"/search?q={'Nghiêng' * 30}"

#: Everything that reaches beyond the right edge of the window.
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll('body *')].filter(
    (e) => e.getBoundingClientRect().right > width + 0.5 && !e.closest('.hidden'));
  return wide.map((e) => e.tagName + '.' + e.className);
}"""
#: Texts whose lines are too close for stacked marks.
_TOO_DENSE = """() => [...document.querySelectorAll('body *')].filter((e) => {
  const style = getComputedStyle(e);
  const lines = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
  return e.innerText && lines < 1.5 - 0.001;
}).map((e) => e.tagName + ' ' + getComputedStyle(e).lineHeight)"""
#: Controls too small for a thumb.
_TOO_SMALL = """() => [...document.querySelectorAll(
    'button, select, summary, .chip, .radio, input[type=search], input[type=text], .pager a')]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44)
  .map((e) => e.tagName + ' ' + e.getBoundingClientRect().height)"""
#: WCAG 2.2 contrast of every text with the background behind it, where it is below 4.5.
_TOO_FAINT = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const ownText = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  return [...document.querySelectorAll('body *')].filter((e) => {
    if (!ownText(e) || !e.checkVisibility()) return false;
    const pair = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => a - b);
    return (pair[1] + 0.05) / (pair[0] + 0.05) < 4.5;
  }).map((e) => e.tagName + '.' + e.className + ' ' + e.innerText.slice(0, 30));
}"""


@pytest.fixture
def site(small_site: str) -> str:
    """The small archive, not the sample documents."""
    return small_site


@pytest.fixture
def complaints(page: "Page") -> list[str]:
    """What the browser's console complains about: a broken content policy, a missing file."""
    found: list[str] = []

    def listen(message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_searching_without_accents_and_opening_a_hit(
    page: "Page", site: str, complaints: list[str]
) -> None:
    page.goto(site)
    page.get_by_label("Tìm tin").fill("ha noi ngap")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/search?q=ha+noi+ngap")
    assert (
        page.get_by_role("heading", level=1).inner_text()
        == "“ha noi ngap”: 2 tin có đủ 3 từ · 2 tin có gần đủ"
    )
    first = page.locator("ol.hits > li").first
    assert first.locator("h2 mark").inner_text() == "Hà Nội ngập"
    first.get_by_role("heading").get_by_role("link").click()
    page.wait_for_url(re.compile("/article/ngap/"))
    heading = page.get_by_role("heading", level=1).inner_text()
    assert heading == "Hà Nội ngập nhiều tuyến phố sau mưa lớn"
    page.get_by_role("link", name="Hầm chui đại lộ ngập sâu").click()
    page.wait_for_url(re.compile("/article/ngap2/"))
    assert complaints == []


def test_filters_and_accents_are_chosen_in_the_form(page: "Page", site: str) -> None:
    page.goto(f"{site}/search?q=l%C5%A9")
    page.get_by_label("Đúng dấu").check()
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.wait_for_url(f"{site}/search?accents=exact&q=l%C5%A9")
    page.get_by_label("Từ ngày").fill("01/07/2026")
    page.get_by_role("button", name="Áp dụng").click()
    page.wait_for_url(f"{site}/search?accents=exact&from=2026-07-01&q=l%C5%A9")
    page.get_by_text("Nguồn", exact=True).click()
    page.get_by_role("link", name=re.compile("^Tin Tức Phố")).click()
    page.wait_for_url(f"{site}/search?accents=exact&from=2026-07-01&q=l%C5%A9&source=tin-tuc-pho")
    assert page.locator("ol.hits > li").count() == 1
    page.get_by_role("link", name="Bỏ lọc Nguồn: Tin Tức Phố").click()
    page.wait_for_url(f"{site}/search?accents=exact&from=2026-07-01&q=l%C5%A9")
    assert page.locator("ol.hits > li").count() == 2


def test_the_keyboard_alone_is_enough(page: "Page", site: str) -> None:
    page.goto(f"{site}/search?q=ha+noi")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Bỏ qua, tới nội dung"
    assert page.locator(".skip").bounding_box() is not None
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


def test_a_wrong_day_takes_the_focus(page: "Page", site: str) -> None:
    page.goto(f"{site}/search?q=a&from=31/02/2026")
    assert page.evaluate("document.activeElement.id") == "from"


@each_look
def test_pages_fit_and_can_be_read(chromium: "Browser", site: str, width: int, scheme: str) -> None:
    with chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    ) as context:
        page = context.new_page()
        for path in (*PAGES, LONG_WORD_PAGE):
            page.goto(site + path)
            assert page.evaluate(_TOO_WIDE) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(_TOO_DENSE) == [], path
            assert page.evaluate(_TOO_SMALL) == [], path
            assert page.evaluate(_TOO_FAINT) == [], path
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == ("rgb(20, 22, 26)" if scheme == "dark" else "rgb(255, 255, 255)")


def test_pages_ask_no_other_server_and_leave_no_cookies(page: "Page", site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page.goto(site + path)
    assert [url for url in asked if not url.startswith(f"{site}/")] == []
    assert page.context.cookies() == []


def test_the_advanced_form_counts_while_one_types(page: "Page", site: str) -> None:
    page.goto(f"{site}/advanced")
    page.get_by_label("Có đủ các từ", exact=True).fill("hà nội")
    page.locator("#count", has_text="tin khớp đúng").wait_for()
    before = page.locator("#count").inner_text()
    page.get_by_label("Không có các từ, cụm từ", exact=True).fill("mưa lớn")
    page.wait_for_function(
        "before => document.querySelector('#count').textContent !== before", arg=before
    )
    counted = int(page.locator("#count").inner_text().split()[0])
    page.get_by_role("button", name="Tìm", exact=True).last.click()
    heading = page.get_by_role("heading", level=1).inner_text()
    assert heading == f'{counted} kết quả cho “hà nội -"mưa lớn"”'
