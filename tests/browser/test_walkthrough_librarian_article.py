"""A librarian reads, cites and exports; every page is checked by axe in each look."""

import gzip
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

import pytest
from browsing import (
    LIVELY_DESKS,
    PLAIN_DESKS,
    Desk,
    checked_by_axe,
    complaints_of,
    each_look,
    seated,
)
from profiles import by_profile

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES: Final = (
    "/",
    "/search?q=ha+noi&section=thoi-su",
    "/search?q=ma",
    "/search?q=tieengs+vieejt",
    "/search?q=a&from=31/02/2026",
    "/search?q=%22khong+co+gi+het%22&section=thoi-su",
    "/facet/author?q=ha+noi",
    "/advanced?q=ha+noi",
    "/help",
    "/api/docs",
    "/problems/rate-limited",
    "/list",
    "/list/ZDExCmQxMgpkMTM",
    "/article/d12",
    "/article/d11?hit=1&q=ha+noi",
    "/article/d22",
    "/khong-co",
)
#: Everything that reaches beyond the right edge of the window.
_TOO_WIDE: Final = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()
    && e.getBoundingClientRect().right > width + 0.5 && !e.closest('.hidden')
  ).map((e) => e.tagName + '.' + e.className);
}"""


@pytest.fixture(params=(*LIVELY_DESKS, *PLAIN_DESKS))
def desk(request: pytest.FixtureRequest, chromium: "Browser", site: str) -> Iterator["Page"]:
    """A page at each of the desks."""
    with seated(chromium, site, request.param) as page:
        yield page


@pytest.mark.parametrize(
    ("format_name", "records"),
    [("RIS (Zotero, EndNote)", r"^TY  - NEWS"), ("BibTeX", r"^@"), ("CSV (Excel)", r"^.*Hà Nội")],
)
def test_step_17_three_chosen_hits_are_exported(
    desk: "Page", format_name: str, records: str
) -> None:
    desk.goto("/search?q=%22h%C3%A0+n%E1%BB%99i%22")
    boxes = desk.get_by_role("checkbox").all()[:3]
    for box in boxes:
        box.press("Space")
    desk.get_by_label("Xuất tin đã chọn").select_option(format_name)
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Xuất", exact=True).press("Enter")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert len(re.findall(records, text, re.MULTILINE)) >= 3
    if format_name != "CSV (Excel)":
        assert len(re.findall(records, text, re.MULTILINE)) == 3


def test_step_18_hits_are_read_one_after_the_other(desk: "Page") -> None:
    desk.goto("/search?q=ha+noi")
    links = desk.locator("ol.hits h2 a").all()
    titles = [link.inner_text() for link in links[2:4]]
    links[2].press("Enter")
    desk.wait_for_url(re.compile("hit=3"))
    assert desk.get_by_role("heading", level=1).inner_text() == titles[0]
    assert desk.locator("article mark").count() > 0
    desk.get_by_role("link", name="Tin sau").press("Enter")
    desk.wait_for_url(re.compile("hit=4"))
    assert desk.get_by_role("heading", level=1).inner_text() == titles[1]
    desk.get_by_role("link", name="Tin trước").press("Enter")
    desk.wait_for_url(re.compile("hit=3"))
    desk.get_by_role("link", name="Tắt tô sáng").press("Enter")
    desk.wait_for_url(re.compile("highlight=0"))
    assert desk.locator("article mark").count() == 0
    assert desk.get_by_role("link", name="Tin sau").is_visible()
    desk.get_by_role("link", name="Về kết quả").press("Enter")
    desk.wait_for_url("**/search?q=ha+noi")


@pytest.mark.parametrize("look", LIVELY_DESKS)
def test_step_18_a_citation_is_copied_and_the_copy_announced(
    chromium: "Browser", site: str, look: Desk
) -> None:
    with seated(chromium, site, look) as page:
        page.goto("/article/d11")
        citation = page.locator("#cite-moet").inner_text()
        assert citation.startswith("Đoàn Ngọc Bảo (2026). Hà Nội mưa lớn.")
        page.get_by_role("button", name="Chép trích dẫn Bộ GD&ĐT").press("Enter")
        page.locator("#status:not(:empty)").wait_for(state="attached")
        assert page.locator("#status").inner_text() == "Đã chép trích dẫn."
        assert page.evaluate("navigator.clipboard.readText()") == citation


def test_step_19_the_search_can_be_subscribed_to(desk: "Page") -> None:
    desk.goto("/search?q=ha+noi")
    href = desk.get_by_role("link", name="Atom").get_attribute("href")
    assert href == "/search.atom?q=ha+noi"
    response = desk.request.get(href)
    assert response.headers["content-type"].startswith("application/atom+xml")
    again = desk.request.get(href, headers={"If-None-Match": response.headers["etag"]})
    assert again.status == 304


def test_filters_are_announced_and_first_pages_are_not(page: "Page", site: str) -> None:
    page.goto(f"{site}/search?q=ha+noi")
    page.wait_for_timeout(400)  # longer than an announcement waits
    assert page.locator("#status").inner_text() == ""
    page.locator(".facet li a").first.press("Enter")
    page.wait_for_url(re.compile("section="))
    page.locator("#status:not(:empty)").wait_for(state="attached")
    heading = page.get_by_role("heading", level=1).inner_text()
    assert page.locator("#status").inner_text() == heading


@pytest.mark.deep
@each_look
def test_step_20_axe_finds_nothing_and_nothing_is_lost(
    chromium: "Browser", site: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    # Axe is a script itself, so that there is no such test of the desks without any.
    with seated(chromium, site, Desk(width, scheme, True)) as page:
        complaints = complaints_of(page)
        # Quickly: every page, half of them in either look.
        for path in by_profile(quick=PAGES[width == 320 :: 2], deep=PAGES):
            page.goto(path)
            assert page.evaluate(_TOO_WIDE) == [], path
            for details in page.locator("details:not([open]) > summary").all():
                if details.is_visible():
                    details.press("Enter")
            checked_by_axe(page, path)
        # Chromium itself notes answers that are errors.
        noted = [text for text in complaints if not text.startswith("Failed to load resource")]
        assert noted == []


@pytest.mark.parametrize("look", PLAIN_DESKS)
def test_step_20_nothing_is_lost_without_scripts_either(
    chromium: "Browser", site: str, look: Desk
) -> None:
    with seated(chromium, site, look) as page:
        for path in PAGES:
            page.goto(path)
            assert page.evaluate(_TOO_WIDE) == [], path


@pytest.mark.parametrize("path", ["/article/d11?hit=1&q=ha+noi", "/search?q=ha+noi"])
def test_twice_as_large_text_fits_a_narrow_screen(page: "Page", site: str, path: str) -> None:
    page.set_viewport_size({"width": 640, "height": 900})
    page.goto(site + path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(_TOO_WIDE) == []


@pytest.mark.parametrize("path", ["/article/d11?hit=1&q=ha+noi", "/search?q=ha+noi", "/help"])
def test_wider_text_spacing_fits_a_narrow_screen(page: "Page", site: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(site + path)
    # WCAG 2.2, 1.4.12; set through the object model, since the policy allows no style elements.
    page.evaluate("""() => document.querySelectorAll('body *').forEach((e) => {
      e.style.letterSpacing = '0.12em';
      e.style.wordSpacing = '0.16em';
      e.style.lineHeight = '1.5';
    })""")
    assert page.evaluate(_TOO_WIDE) == []


def test_printing_leaves_the_text_and_the_citation(page: "Page", site: str) -> None:
    page.goto(f"{site}/article/d11?hit=1&q=ha+noi")
    page.emulate_media(media="print")
    for selector in ("header.site", "footer.site", "nav.place", "button.copy", ".panel"):
        assert not any(element.is_visible() for element in page.locator(selector).all()), selector
    assert page.locator("article h1").is_visible()
    assert page.locator("#cite-moet").is_visible()
    assert page.get_by_text(f"{site}/article/d11/ha-noi-mua-lon", exact=True).is_visible()


def test_the_first_page_of_results_is_light(page: "Page", site: str) -> None:
    bodies: list[bytes] = []
    page.on("response", lambda response: bodies.append(response.body()))
    page.goto(f"{site}/search?q=ha+noi")
    page.wait_for_load_state("networkidle")
    assert len(bodies) >= 3
    assert sum(len(gzip.compress(body)) for body in bodies) <= 60 * 1024
