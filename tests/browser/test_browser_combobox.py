"""The keys and events of the search box, in a real Chromium; input methods have their own file."""

import re
from typing import TYPE_CHECKING, Final

import pytest
from browsing import complaints_of, suggestions_asked
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

#: Longer than the box waits before it asks.
_IDLE: Final = 120
_SAID_AFTER: Final = 700


def _type(page: "Page", text: str) -> None:
    """Type letter by letter and wait for the list."""
    page.keyboard.type(text, delay=20)
    expect(page.get_by_role("listbox")).to_be_visible()


def _active(page: "Page") -> int:
    """The number of the active option from 0 on; -1 where it is the text."""
    selected = [o.get_attribute("aria-selected") == "true" for o in _options(page).all()]
    assert sum(selected) <= 1
    active = page.locator("#q").get_attribute("aria-activedescendant")
    index = selected.index(True) if any(selected) else -1
    assert active == (None if index < 0 else _options(page).nth(index).get_attribute("id"))
    return index


def _options(page: "Page") -> "Locator":
    return page.get_by_role("option")


def test_the_roles_are_those_of_an_editable_combobox(page: "Page", box: "Locator") -> None:
    assert box.get_attribute("role") == "combobox"
    assert box.get_attribute("aria-autocomplete") == "list"
    assert box.get_attribute("aria-expanded") == "false"
    for name, value in {
        "enterkeyhint": "search",
        "autocapitalize": "off",
        "autocomplete": "off",
        "spellcheck": "false",
    }.items():
        assert box.get_attribute(name) == value
    assert page.locator("label[for=q]").inner_text() == "Tìm tin"
    _type(page, "ha n")
    assert box.get_attribute("aria-expanded") == "true"
    listbox = page.get_by_role("listbox", name="Gợi ý")
    assert listbox.get_attribute("id") == box.get_attribute("aria-controls")
    assert _active(page) == -1


def test_slow_typing_shows_suggestions_and_leaves_the_text(page: "Page", box: "Locator") -> None:
    page.keyboard.type("ha noi", delay=_IDLE + 40)
    expect(_options(page).first).to_have_text(re.compile("^hà nội"))
    assert box.input_value() == "ha noi"
    assert page.evaluate("document.activeElement.id") == "q"


def test_every_option_ends_with_what_it_is(page: "Page", box: "Locator") -> None:
    _type(page, "ha n")
    labels = ("câu tìm", "tin", "chuyên mục", "nguồn", "tác giả", "sửa cách gõ")
    names = [option.get_attribute("aria-label") or "" for option in _options(page).all()]
    assert names
    for name in names:
        assert name.endswith(tuple(f", {label}" for label in labels)), name
    expect(
        page.get_by_role("option", name=re.compile(r"^hà nội, \d+ tin, câu tìm$"))
    ).to_be_visible()


def test_nothing_is_asked_below_two_letters_and_while_typing_goes_on(
    page: "Page", box: "Locator"
) -> None:
    asked = suggestions_asked(page)
    page.keyboard.type("h")
    page.wait_for_timeout(3 * _IDLE)
    assert asked == []
    page.keyboard.type("a noi", delay=30)
    expect(page.get_by_role("listbox")).to_be_visible()
    assert asked == ["ha noi"]
    box.fill("")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_answers_are_kept_but_no_more_than_fifty(page: "Page", box: "Locator") -> None:
    asked = suggestions_asked(page)
    page.clock.install()
    for number in range(51):
        with page.expect_response("**/api/v1/suggest**") as answered:
            box.fill(f"ha {number}")
            page.clock.fast_forward(_IDLE)
        answered.value.finished()
        page.wait_for_timeout(20)  # until the page has read it, too
    assert len(asked) == 51
    box.fill("ha 1")
    page.wait_for_timeout(3 * _IDLE)
    assert len(asked) == 51
    with page.expect_response("**/api/v1/suggest**"):
        box.fill("ha 0")


def test_arrows_go_round_through_the_text(page: "Page", box: "Locator") -> None:
    _type(page, "ha n")
    count = _options(page).count()
    assert count >= 2
    for expected in (*range(count), -1, 0):
        page.keyboard.press("ArrowDown")
        assert _active(page) == expected
        assert box.input_value() == "ha n"
    for expected in (-1, count - 1, count - 2):
        page.keyboard.press("ArrowUp")
        assert _active(page) == expected
        assert box.input_value() == "ha n"
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert _active(page) == -1


def test_alt_and_arrows_open_and_close(page: "Page", box: "Locator") -> None:
    _type(page, "ha n")
    page.keyboard.press("Alt+ArrowDown")
    assert _active(page) == -1
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert _active(page) == -1


def test_enter_searches_what_is_typed(page: "Page", box: "Locator") -> None:
    _type(page, "ha n")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=ha+n")


def test_enter_on_an_option_searches_it(page: "Page", box: "Locator") -> None:
    page.get_by_label("Đúng dấu").check()
    box.focus()
    _type(page, "ha n")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?accents=exact&q=h%C3%A0+n%E1%BB%99i")
    assert page.locator("#q").input_value() == "hà nội"


def test_enter_on_a_headline_opens_the_article(page: "Page", box: "Locator") -> None:
    _type(page, "hương khê ngập 11")
    page.get_by_role("option", name=re.compile(", tin$")).first.click()
    page.wait_for_url("**/article/d24/**")


def test_escape_closes_then_clears(page: "Page", box: "Locator") -> None:
    _type(page, "ha noi")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert box.input_value() == "ha noi"
    page.keyboard.press("Escape")
    assert box.input_value() == ""


def test_what_is_being_asked_when_the_box_is_left_opens_no_list(
    page: "Page", box: "Locator"
) -> None:
    held: list[Route] = []
    page.route("**/api/v1/suggest**", lambda route: held.append(route))
    with page.expect_request("**/api/v1/suggest**"):
        page.keyboard.type("ha noi")
    page.keyboard.press("Tab")
    for route in held:
        route.continue_()
    page.wait_for_timeout(300)
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_tab_keeps_the_text_and_chooses_nothing(page: "Page", box: "Locator") -> None:
    _type(page, "ha noi")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert box.input_value() == "ha noi"
    assert page.locator(":focus").inner_text() == "Tìm"
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=ha+noi")


@pytest.mark.parametrize("key", ["ArrowLeft", "ArrowRight", "Home", "End"])
def test_keys_of_the_text_return_to_it(page: "Page", box: "Locator", key: str) -> None:
    _type(page, "ha n")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    assert _active(page) == 0
    page.keyboard.press(key)
    assert _active(page) == -1
    place = {"ArrowLeft": 2, "ArrowRight": 4, "Home": 0, "End": 4}[key]
    assert page.evaluate("document.activeElement.selectionStart") == place


def test_letters_return_to_the_text(page: "Page", box: "Locator") -> None:
    _type(page, "ha n")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("o")
    assert _active(page) == -1
    assert box.input_value() == "ha no"


def test_a_click_chooses_and_the_focus_stays(page: "Page", box: "Locator") -> None:
    _type(page, "ha n")
    place = _options(page).first.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 20, place["y"] + 20)
    page.mouse.down()
    assert page.evaluate("document.activeElement.id") == "q"
    expect(page.get_by_role("listbox")).to_be_visible()
    page.mouse.up()
    page.wait_for_url("**/search?q=h%C3%A0+n%E1%BB%99i")


def test_a_tap_chooses(chromium: "Browser", site: str) -> None:
    with chromium.new_context(has_touch=True, viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        page.goto(site)
        page.locator("#q").tap()
        _type(page, "ha n")
        _options(page).first.tap()
        page.wait_for_url("**/search?q=h%C3%A0+n%E1%BB%99i")


def test_a_failing_request_closes_the_list_and_nothing_else(page: "Page", box: "Locator") -> None:
    _type(page, "ha n")
    complaints = complaints_of(page)
    page.route("**/api/v1/suggest**", lambda route: route.abort())
    page.keyboard.type("o")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert box.input_value() == "ha no"
    assert page.locator("#live").inner_text() == ""
    assert all("net::ERR_FAILED" in text for text in complaints)  # the browser's own, not ours
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=ha+no")


def test_a_busy_server_is_asked_again_when_it_said(page: "Page", box: "Locator") -> None:
    asked = suggestions_asked(page)
    answers = iter([429])

    def answer(route: "Route") -> None:
        status = next(answers, None)
        if status is None:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"Retry-After": "1"})

    page.route("**/api/v1/suggest**", answer)
    page.keyboard.type("ha n")
    page.wait_for_timeout(800)
    page.keyboard.type("o")
    page.wait_for_timeout(50)
    assert asked == ["ha n"]
    page.keyboard.press("Backspace")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.wait_for_timeout(800)
    page.keyboard.type("o")
    expect(page.get_by_role("listbox")).to_be_visible()


def test_the_number_of_suggestions_is_said_late_and_apart(page: "Page", box: "Locator") -> None:
    live = page.locator("#live")
    _type(page, "ha n")
    count = _options(page).count()
    assert live.inner_text() == ""
    page.wait_for_timeout(_SAID_AFTER + 100)
    assert live.inner_text() == f"{count} gợi ý. Dùng phím mũi tên để chọn."
    assert live.get_attribute("role") == "status"
    place = live.bounding_box()
    assert place is not None
    assert place["width"] <= 1
    page.keyboard.press("ArrowDown")
    assert live.inner_text() != ""
    box.fill("qqzzxx wwqq")
    assert live.inner_text() == ""
    expect(live).to_have_text("Không có gợi ý.")
    expect(page.get_by_role("listbox")).to_be_hidden()
