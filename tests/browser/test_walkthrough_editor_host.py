"""The archive's widget as a guest: policies, colours, languages, keys, failures, frames."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from browsing import (
    HostSite,
    checked_by_axe,
    complaints_of,
    each_look,
    hosting,
    layout_shift,
    watch_layout,
)
from newsroom import POLICY, Newsroom, articles_of, box_of, find, ids_of, newsroom, snippet_page
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: The headline of d24, of whose event d25 to d30 tell, too.
_HEADLINE: Final = "Nước lên trong đêm, Hương Khê ngập 11 thôn"


#: Texts of the widget whose lines are too close for stacked marks.
_TOO_DENSE: Final = """() => [...document.querySelector('tim-bao').shadowRoot.querySelectorAll('*')]
  .filter((e) => {
    const style = getComputedStyle(e);
    return e.innerText && parseFloat(style.lineHeight) / parseFloat(style.fontSize) < 1.499;
  }).map((e) => e.tagName + ' ' + getComputedStyle(e).lineHeight)"""


@pytest.fixture(scope="module")
def friend() -> Iterator[HostSite]:
    """A site that may show the archive's widget in a frame."""
    with hosting() as site:
        yield site


@pytest.fixture(scope="module")
def room(
    friend: HostSite,
    demo_archive: str,
    repository: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Newsroom]:
    """The archive and the newsroom's system."""
    keys = tmp_path_factory.mktemp("keys")
    with newsroom(repository, demo_archive, keys, TIMBAO_EMBED_ORIGINS=friend.origin) as found:
        yield found


def test_step_9_a_strict_policy_stops_nothing(page: "Page", room: Newsroom) -> None:
    complaints = complaints_of(page)
    with hosting() as host:
        host.policy = POLICY.format(archive=room.archive)
        frame = f'<iframe src="{room.archive}/embed/frame" title="Kho báo"></iframe>'
        page.goto(host.page("/", snippet_page(room.archive, 'mode="insert"', "{}" + frame)))
        find(page, "ha noi")
        articles_of(page).first.get_by_role("button").first.click()
        page.get_by_role("button", name="Tìm").focus()
        page.wait_for_timeout(300)
        # The archive is told to be framed by the newsroom's system only, and this is another site.
        refused = [text for text in complaints if "frame-ancestors" in text]
        assert len(refused) >= 1
        assert [text for text in complaints if text not in refused] == []
        assert host.reports == []
        page.evaluate("document.body.append(document.createElement('style'))")
        page.evaluate("document.querySelector('style').textContent = 'p { color: red }'")
        page.wait_for_timeout(300)
        assert any("style-src" in report for report in host.reports)  # the policy does report


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_step_10_the_page_chooses_colours(
    page: "Page", room: Newsroom, host: HostSite, scheme: str
) -> None:
    accent = {"light": ("#8a1538", "#fff"), "dark": ("#ffb3c7", "#2b0712")}[scheme]
    style = (
        f"<style>:root {{ color-scheme: {scheme}; }}"
        "body { background: Canvas; color: CanvasText }"
        f"tim-bao {{ --timbao-accent: {accent[0]}; --timbao-on-accent: {accent[1]} }}"
        "tim-bao::part(button) { border-radius: 0 }</style>"
    )
    page.goto(host.page("/mau", snippet_page(room.archive, 'mode="insert"', style + "{}")))
    find(page, "ha noi")
    box_of(page).fill("ha n")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    button = page.get_by_role("button", name="Tìm", exact=True)
    painted = button.evaluate(
        "(e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).borderRadius]"
    )
    assert painted == [{"light": "rgb(138, 21, 56)", "dark": "rgb(255, 179, 199)"}[scheme], "0px"]
    assert "color-contrast" in checked_by_axe(page)


@each_look
def test_step_10_our_own_pages_with_the_widget_are_accessible(
    chromium: "Browser", room: Newsroom, width: int, scheme: str
) -> None:
    with chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="vi-VN",
    ) as context:
        page = context.new_page()
        for path in (f"{room.cms}/embed/demo", f"{room.archive}/embed/frame"):
            page.goto(path)
            find(page, "hà nội")
            box_of(page).fill("ha n")
            expect(page.get_by_role("listbox")).to_be_visible()
            page.keyboard.press("ArrowDown")
            checked_by_axe(page, path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate(_TOO_DENSE) == [], path


def test_step_11_english_words_around_vietnamese_news(
    page: "Page", room: Newsroom, host: HostSite
) -> None:
    page.goto(host.page("/english", snippet_page(room.archive, 'mode="insert" lang="en"')))
    box = page.get_by_role("combobox", name="Search news")
    box.fill("huong khe ngap 11")
    expect(page.get_by_role("option", name=f"{_HEADLINE}, article")).to_be_visible()
    page.keyboard.press("Enter")
    expect(articles_of(page).first).to_be_visible()
    first = articles_of(page).first
    assert first.get_by_role("link").inner_text() == _HEADLINE
    assert first.get_by_role("link").get_attribute("lang") == "vi"
    assert first.get_by_role("button").all_inner_texts() == ["Insert", "Insert citation"]
    page.locator("tim-bao").evaluate("(e) => e.setAttribute('lang', 'vi')")
    expect(box_of(page)).to_have_value("huong khe ngap 11")


def test_step_12_a_key_of_another_origin_is_refused_softly(page: "Page", room: Newsroom) -> None:
    page.goto(f"{room.cms}/embed/demo")
    widget = page.locator("tim-bao")
    widget.evaluate("(e, key) => e.setAttribute('key', key)", room.key)
    find(page, "hà nội")
    widget.evaluate("(e, key) => e.setAttribute('key', key)", room.foreign_key)
    with page.expect_response("**/api/v1/suggest**") as refused:
        box_of(page).fill("hà n")
    assert refused.value.status == 403
    again = page.request.get(refused.value.url, headers={"Origin": room.cms})
    assert again.json()["type"].endswith("/problems/origin-not-allowed")
    message = page.locator("tim-bao [part=message]")
    expect(message).to_have_text("Chưa kết nối được máy tìm. Nhấn Enter để mở trang tìm kiếm.")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    assert opened.value.url == f"{room.archive}/search?q=h%C3%A0+n"


def test_step_13_too_many_requests_are_waited_for(
    page: "Page", demo_archive: str, repository: Path, tmp_path: Path
) -> None:
    limits = {"TIMBAO_RATE_MODE": "all", "TIMBAO_RATE_SEARCH": "2"}
    with newsroom(repository, demo_archive, tmp_path, **limits) as room:
        page.clock.install()
        page.goto(f"{room.cms}/embed/demo")
        message = page.locator("tim-bao [part=message]")
        for query in ("hà nội", "hương khê", "ninh bình"):
            with page.expect_response("**/api/v1/search?**") as answered:
                box_of(page).fill(query)
                page.keyboard.press("Enter")
        assert answered.value.status == 429
        wait = int(answered.value.headers["retry-after"])
        assert 1 <= wait <= 60
        expect(message).to_have_text(f"Bạn tìm hơi nhanh. Vui lòng thử lại sau {wait} giây.")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)
        assert asked == []
        # The server's minute goes on by itself; its answer is let through to see the box recover.
        page.route(
            "**/api/v1/search?**",
            lambda route: route.fulfill(
                json={"results": [], "total": 0, "facets": {}},
                headers={"Access-Control-Allow-Origin": "*"},
            ),
        )
        page.clock.fast_forward(1000 * wait + 1000)
        expect(message).to_have_text("")
        expect(page.locator("tim-bao [part=count]")).to_have_text(
            "Không tìm thấy tin nào cho “ninh bình”."
        )


def test_step_14_a_stopped_archive_stops_nobody(page: "Page", room: Newsroom) -> None:
    page.goto(f"{room.cms}/embed/demo")
    watch_layout(page)
    page.reload()
    expect(box_of(page)).to_be_visible()
    failures: list[str | None] = []
    errors: list[str] = []
    page.on("requestfailed", lambda request: failures.append(request.failure))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route(f"{room.archive}/api/**", lambda route: route.abort("connectionrefused"))
    box_of(page).focus()
    page.keyboard.type("hà nội mùa này", delay=160)
    message = page.locator("tim-bao [part=message]")
    expect(message).to_have_text("Chưa kết nối được máy tìm. Nhấn Enter để mở trang tìm kiếm.")
    assert failures.count("net::ERR_CONNECTION_REFUSED") == 1
    assert box_of(page).input_value() == "hà nội mùa này"
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    assert "/search?q=h%C3%A0+n%E1%BB%99i+m%C3%B9a+n%C3%A0y" in opened.value.url
    assert layout_shift(page) < 0.02
    assert failures.count("net::ERR_CONNECTION_REFUSED") == 1
    assert errors == []


def test_step_14_a_reload_without_the_archive_opens_nothing_by_itself(
    page: "Page", room: Newsroom
) -> None:
    page.goto(f"{room.cms}/embed/demo?timbao.q=h%C3%A0+n%E1%BB%99i")
    expect(articles_of(page).first).to_be_visible()
    page.route(f"{room.archive}/api/**", lambda route: route.abort("connectionrefused"))
    page.reload()
    message = page.locator("tim-bao [part=message]")
    expect(message).to_have_text("Chưa kết nối được máy tìm. Nhấn Enter để mở trang tìm kiếm.")
    page.wait_for_timeout(300)
    assert len(page.context.pages) == 1
    assert box_of(page).input_value() == "hà nội"


def test_step_15_no_cookies_no_other_servers_nothing_moves(page: "Page", room: Newsroom) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    watch_layout(page)
    page.goto(f"{room.cms}/embed/demo")
    expect(box_of(page)).to_be_visible()
    box_of(page).fill("ha n")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert layout_shift(page) < 0.02
    page.keyboard.press("Escape")
    find(page, "hà nội")
    articles_of(page).first.get_by_role("button").first.click()
    page.wait_for_timeout(300)
    origins = {"/".join(address.split("/")[:3]) for address in asked}
    assert origins == {room.cms, room.archive}
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_step_16_everything_has_a_name(desk: "Page") -> None:
    live = desk.locator("tim-bao #live")
    live.evaluate("""(live) => {
      window.said = [];
      new MutationObserver(() => live.textContent && window.said.push(live.textContent))
        .observe(live, { childList: true, characterData: true, subtree: true });
    }""")
    box_of(desk).fill("huong khe")
    options = desk.get_by_role("option")
    expect(options.first).to_be_visible()
    names = [option.get_attribute("aria-label") or "" for option in options.all()]
    assert any(name.endswith(", tin") for name in names)
    expect(live).not_to_be_empty()
    desk.wait_for_timeout(1000)  # longer than a second announcement would wait
    assert desk.evaluate("window.said") == [f"{len(names)} gợi ý. Dùng phím mũi tên để chọn."]
    find(desk, "hương khê")
    expect(desk.locator("tim-bao [part=count]")).to_have_text(re.compile(r"^\d+ tin$"))


def test_step_17_four_times_as_large_in_a_dialog(
    page: "Page", room: Newsroom, host: HostSite
) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    dialog = '<dialog aria-label="Tìm">{}</dialog>'
    page.goto(host.page("/hop", snippet_page(room.archive, 'mode="insert"', dialog)))
    page.locator("dialog").evaluate("(dialog) => dialog.showModal()")
    box_of(page).fill("ha n")
    listbox = page.get_by_role("listbox")
    expect(listbox).to_be_visible()
    for _ in page.get_by_role("option").all():
        page.keyboard.press("ArrowDown")
        option = page.locator("tim-bao [aria-selected=true]")
        expect(option).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(listbox).to_be_hidden()
    assert page.locator("dialog").evaluate("(dialog) => dialog.open")
    page.keyboard.press("Escape")
    assert box_of(page).input_value() == ""
    page.keyboard.press("Escape")
    assert not page.locator("dialog").evaluate("(dialog) => dialog.open")


def test_step_19_a_withdrawn_article_is_not_found(desk: "Page") -> None:
    headline = "Chiếc đèn kéo quân cao sáu mét ở sân đình Dân Viên"
    box_of(desk).fill(headline)
    desk.keyboard.press("Enter")
    expect(desk.locator("tim-bao [part=count]")).to_be_visible()
    ids = [item.get_attribute("data-id") for item in articles_of(desk).all()]
    assert "d22" not in ids


def test_step_20_the_frame_shows_the_same_to_allowed_origins_only(
    page: "Page", room: Newsroom, host: HostSite, friend: HostSite
) -> None:
    page.goto(f"{room.cms}/embed/demo")
    find(page, "hà nội")
    found = ids_of(articles_of(page))
    page.goto(friend.page("/khung", _frame_page(room)))
    frame = page.frame_locator("iframe")
    box = frame.get_by_role("combobox", name="Tìm tin")
    box.fill("hà nội")
    box.press("Enter")
    articles = frame.locator("tim-bao [part=results] li")
    assert ids_of(articles) == found
    page.evaluate("window.addEventListener('message', ({ data }) => { window.told = data })")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    articles.first.get_by_role("button").first.click()
    expect(frame.locator("#status")).to_have_text("Đã chép.")
    told = page.evaluate("window.told")
    assert told["type"] == "timbao:select"
    assert told["detail"]["id"] == found[0]
    page.goto(host.page("/khung", _frame_page(room)))
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").locator("tim-bao").count() == 0


def _frame_page(room: Newsroom) -> str:
    allow = 'allow="clipboard-write" width="600" height="500"'
    return f'<!doctype html><iframe title="Kho" src="{room.archive}/embed/frame" {allow}></iframe>'
