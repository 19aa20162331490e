"""Saving articles in a real Chromium, with scripts and without."""

import re
from typing import TYPE_CHECKING

import pytest
from browsing import LIVELY_DESKS, PLAIN_DESKS, Desk, checked_by_axe, complaints_of, seated
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def _saved(page: "Page") -> list[str]:
    buttons = page.locator("button[data-save]").all()
    return [button.get_attribute("data-save") or "" for button in buttons]


@pytest.mark.parametrize("look", LIVELY_DESKS)
def test_three_saved_articles_stay_and_are_shared_by_address(
    chromium: "Browser", site: str, look: Desk
) -> None:
    with seated(chromium, site, look) as page:
        complaints = complaints_of(page)
        page.goto("/search?q=ha+noi")
        buttons = page.locator("button[data-save]")
        chosen = [buttons.nth(place).get_attribute("data-save") for place in (0, 2, 3)]
        for place in (0, 2, 3):
            buttons.nth(place).press("Enter")
            expect(buttons.nth(place)).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#status")).to_have_text("Đã lưu.")
        page.reload()
        expect(page.locator("button[aria-pressed=true]")).to_have_count(3)
        page.get_by_role("link", name="Tin đã lưu").press("Enter")
        page.wait_for_url(re.compile("/list/[A-Za-z0-9_-]+$"))
        assert _saved(page) == chosen
        checked_by_axe(page)
        shared = page.url
        page.locator("button[data-save]").first.press("Enter")
        expect(page.locator("#status")).to_have_text("Đã bỏ lưu.")
        page.goto("/list")
        page.wait_for_url(re.compile("/list/[A-Za-z0-9_-]+$"))
        assert _saved(page) == chosen[1:]
        assert complaints == []
    with seated(chromium, site, look) as elsewhere:
        elsewhere.goto(shared)
        assert _saved(elsewhere) == chosen
        expect(elsewhere.locator("button[aria-pressed=true]")).to_have_count(0)
        assert elsewhere.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("look", PLAIN_DESKS)
def test_without_scripts_chosen_hits_become_a_list(
    chromium: "Browser", site: str, look: Desk
) -> None:
    with seated(chromium, site, look) as page:
        page.goto("/search?q=ha+noi")
        expect(page.locator("button[data-save]").first).to_be_hidden()
        boxes = page.get_by_role("checkbox").all()[:3]
        chosen = [box.get_attribute("value") for box in boxes]
        for box in boxes:
            box.press("Space")
        page.get_by_role("button", name="Mở thành danh sách").press("Enter")
        page.wait_for_url(re.compile("/list/[A-Za-z0-9_-]+$"))
        assert _saved(page) == chosen
        page.goto("/list")
        expect(page.get_by_text("rồi chọn “Mở thành danh sách”")).to_be_visible()


def test_a_list_takes_no_more_than_a_hundred(page: "Page", site: str) -> None:
    page.goto(site)
    kept = [f"a{number}" for number in range(100)]
    page.evaluate("(ids) => localStorage.setItem('timbao.saved', JSON.stringify(ids))", kept)
    page.goto(f"{site}/article/d11")
    button = page.locator("button[data-save=d11]")
    button.press("Enter")
    expect(page.locator("#status")).to_have_text("Danh sách đã đủ 100 tin.")
    expect(button).to_have_attribute("aria-pressed", "false")
