"""The search box as a part of the pages: recent searches, looks, weight, and no moved content."""

import gzip
from typing import TYPE_CHECKING, Final

import pytest
from browsing import (
    checked_by_axe,
    complaints_of,
    each_page,
    layout_shift,
    suggestions_asked,
    watch_layout,
)
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

_STACKED: Final = "Ẳ Ẵ Ễ Ộ Ự Ặ"
#: Options whose text is cut off or whose lines are too close for stacked marks.
_CLIPPED: Final = """() => [...document.querySelectorAll('[role=option] *')].filter((e) => {
  const style = getComputedStyle(e);
  return parseFloat(style.lineHeight) / parseFloat(style.fontSize) < 1.499
    || e.scrollHeight > e.clientHeight + 1 && style.display !== 'inline';
}).map((e) => e.textContent)"""
#: Everything of the list that reaches beyond the window.
_OUTSIDE: Final = """() => [...document.querySelectorAll('[role=listbox], [role=option]')].filter(
  (e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .map((e) => e.textContent)"""


def _search(page: "Page", site: str, query: str) -> None:
    page.goto(site)
    page.locator("#q").fill(query)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")


def test_recent_searches_are_offered_and_erased_and_never_sent(page: "Page", site: str) -> None:
    sent: list[str] = []
    for query in ("lũ Hương Khê", "hà nội", "lũ Hương Khê"):
        _search(page, site, query)
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    page.goto(site)
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.locator("#q").focus()
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    names = [option.get_attribute("aria-label") for option in page.get_by_role("option").all()]
    assert names == [
        "lũ Hương Khê, tìm gần đây",
        "hà nội, tìm gần đây",
        "Xóa tìm gần đây",
    ]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert page.url == f"{site}/"
    assert page.locator("#q").input_value() == ""
    assert page.evaluate("localStorage.length") == 0
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert [text for text in sent if "Kh%C3%AA" in text or "n%E1%BB%99i" in text] == []


def test_a_recent_search_is_made_again(page: "Page", site: str) -> None:
    _search(page, site, "lũ Hương Khê")
    page.goto(site)
    page.locator("#q").click()
    page.get_by_role("option", name="lũ Hương Khê, tìm gần đây").click()
    page.wait_for_url("**/search?q=l%C5%A9+H%C6%B0%C6%A1ng+Kh%C3%AA")


def test_the_box_works_where_storage_is_forbidden(page: "Page", site: str) -> None:
    complaints = complaints_of(page)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"
    )
    _search(page, site, "hà nội")
    page.goto(site)
    page.locator("#q").click()
    page.keyboard.type("ha n")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert complaints == []


def test_slash_leads_to_the_box_but_is_typed_in_fields(page: "Page", site: str) -> None:
    page.goto(f"{site}/search?q=ha+noi")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.locator("#q").input_value() == "ha noi"
    field = page.get_by_label("Từ ngày")
    field.fill("05")
    page.keyboard.press("/")
    assert field.input_value() == "05/"
    assert page.locator("#q").input_value() == "ha noi"


def test_pages_without_a_script_have_a_plain_form(chromium: "Browser", site: str) -> None:
    with chromium.new_context(java_script_enabled=False, locale="vi-VN") as context:
        page = context.new_page()
        page.goto(site)
        assert page.get_by_role("combobox").count() == 0
        page.get_by_label("Tìm tin").fill("ha noi")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=ha+noi")


@pytest.mark.parametrize("path", ["/", "/search?q=ha+noi"])
def test_nothing_moves_when_suggestions_come(page: "Page", site: str, path: str) -> None:
    watch_layout(page)
    page.goto(site + path)
    page.locator("#q").fill("ha n")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert layout_shift(page) < 0.02


def test_the_first_page_is_light(page: "Page", site: str) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(site)
    page.wait_for_load_state("networkidle")
    weights = {answer.url: len(gzip.compress(answer.body())) for answer in answers}
    assert any(url.endswith("/combobox.js") for url in weights)
    assert sum(weights.values()) <= 60 * 1024


@each_page(["/", "/search?q=ha+noi", "/article/d24?lang=en"])
def test_the_open_list_is_accessible_and_fits(
    chromium: "Browser", site: str, path: str, width: int, scheme: str
) -> None:
    with chromium.new_context(
        base_url=site,
        viewport={"width": width, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="vi-VN",
    ) as context:
        page = context.new_page()
        page.goto(path)
        page.locator("#q").fill("ha n")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("ArrowDown")
        checked_by_axe(page)
        assert page.evaluate(_OUTSIDE) == []
        boxes = [option.bounding_box() for option in page.locator("li[role=option]").all()]
        assert boxes
        assert all(box is not None and box["height"] >= 44 for box in boxes)


def test_stacked_marks_are_whole_in_options(page: "Page", site: str) -> None:
    for number in range(3):
        _search(page, site, f"{_STACKED} {number}")
    page.goto(site)
    page.locator("#q").click()
    expect(page.get_by_role("option").first).to_contain_text(_STACKED)
    assert page.evaluate(_CLIPPED) == []


def test_a_low_window_scrolls_the_list(page: "Page", site: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 × 1024 at 400 %
    page.goto(site)
    asked = suggestions_asked(page)
    page.locator("#q").fill("ha n")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert asked == ["ha n"]
    for _ in page.get_by_role("option").all():
        page.keyboard.press("ArrowDown")
        option = page.locator("[aria-selected=true]").bounding_box()
        assert option is not None
        assert option["y"] >= 0
        assert option["y"] + option["height"] <= 256
