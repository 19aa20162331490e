"""The site under a path of its host, as a browser with scripts uses it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import complaints_of, free_port
from playwright.sync_api import expect
from running import DEMO_MORNING, site_of

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def site(demo_archive: str, repository: Path) -> Iterator[str]:
    """The sample archive under /timkiem, without a slash at the end."""
    port = free_port()
    public = f"http://127.0.0.1:{port}/timkiem"
    env = DEMO_MORNING | {"TIMBAO_PUBLIC_URL": public}
    with site_of(repository, demo_archive, env, port) as address:
        assert str(port) in address
        yield public


@pytest.mark.parametrize(
    ("typed", "kind", "leads_to"),
    [("thoi s", "chuyên mục", "/search?section="), ("lũ hương", "tin", "/article/")],
)
def test_a_suggestion_leads_to_a_page_of_the_site(
    page: "Page", site: str, typed: str, kind: str, leads_to: str
) -> None:
    complaints = complaints_of(page)
    page.goto(f"{site}/")
    page.locator("#q").press_sequentially(typed)
    option = page.locator(f"[role=option][aria-label$=', {kind}']").first
    expect(option).to_be_visible()
    option.click()
    page.wait_for_url(f"{site}{leads_to}**")
    expect(page.locator("#q")).to_be_visible()
    assert complaints == []


def test_saved_articles_open_as_a_list(page: "Page", site: str) -> None:
    page.goto(f"{site}/search?q=ha+noi")
    page.locator("button[data-save]").first.press("Enter")
    page.get_by_role("link", name="Tin đã lưu").click()
    page.wait_for_url(re.compile(re.escape(f"{site}/list/") + "[A-Za-z0-9_-]+$"))
    expect(page.locator("article.card")).to_have_count(1)


def test_a_changed_search_is_said(page: "Page", site: str) -> None:
    page.goto(f"{site}/search?q=ha+noi")
    page.locator(".facet a:not(.exclude)").first.click()
    expect(page.locator("#status")).to_contain_text("kết quả cho “ha noi”")


def test_the_widget_searches_and_hands_over(page: "Page", site: str) -> None:
    complaints = complaints_of(page)
    page.goto(f"{site}/embed/demo")
    box = page.locator("tim-bao #q")
    box.fill("hà nội")
    box.press("Enter")
    link = page.locator("tim-bao li[data-id] a").first
    expect(link).to_be_visible()
    assert (link.get_attribute("href") or "").startswith(f"{site}/article/")
    page.locator("tim-bao button[data-kind=link]").first.click()
    expect(page.locator("#text a")).to_have_attribute("href", re.compile(f"^{site}/article/"))
    box.fill("")
    box.press_sequentially("thoi s")
    page.locator("tim-bao [role=option]", has_text="chuyên mục").first.click()
    expect(page.locator("tim-bao li[data-id]").first).to_be_visible()
    assert complaints == []
