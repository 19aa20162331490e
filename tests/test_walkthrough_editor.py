"""An editor's day beside the archive's widget: the system of the newsroom is on another origin."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import (
    HostSite,
    complaints_of,
    hosting,
    layout_shift,
    suggestions_asked,
    watch_layout,
)
from keyboards import VIET_STEPS, compose, finish_composition, type_with_unikey
from newsroom import POLICY, Newsroom, newsroom, snippet_page
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

#: The headline of d24, of whose event d25 to d30 tell, too.
_HEADLINE: Final = "Nước lên trong đêm, Hương Khê ngập 11 thôn"


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


@pytest.fixture(scope="module")
def host() -> Iterator[HostSite]:
    """A third site, for pages that a test writes itself."""
    with hosting() as site:
        yield site


@pytest.fixture
def desk(page: "Page", room: Newsroom) -> "Page":
    """The newsroom's editor, open; the clock stands on 5 October 2026 there, too."""
    page.clock.install(time="2026-10-05T09:00:00+07:00")
    page.goto(f"{room.cms}/embed/demo")
    expect(_box(page)).to_be_visible()
    return page


def _box(page: "Page") -> "Locator":
    return page.get_by_role("combobox", name="Tìm tin")


def _articles(page: "Page") -> "Locator":
    return page.locator("tim-bao [part=results] li")


def _find(page: "Page", query: str) -> None:
    _box(page).fill(query)
    page.keyboard.press("Enter")
    expect(_articles(page).first).to_be_visible()


def _ids(articles: "Locator") -> list[str]:
    expect(articles.first).to_be_visible()
    return [article.get_attribute("data-id") or "" for article in articles.all()]


def _write_draft(page: "Page") -> "Locator":
    """A draft with the caret between its two words."""
    text = page.get_by_role("textbox", name="Nội dung")
    text.focus()
    page.keyboard.type("Trước sau")
    for _ in " sau":
        page.keyboard.press("ArrowLeft")
    return text


def test_step_1_two_lines_are_enough(page: "Page", room: Newsroom, host: HostSite) -> None:
    complaints = complaints_of(page)
    with page.expect_response("**/embed/timbao.js") as script:
        page.goto(host.page("/hai-dong", snippet_page(room.archive)))
    assert script.value.request.sizes()["responseBodySize"] <= 12 * 1024
    expect(_box(page)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("ha n")
    page.get_by_role("option").first.click()
    page.wait_for_url(f"{room.archive}/search?q=h%C3%A0+n%E1%BB%99i")
    assert complaints == []


def test_step_2_suggestions_come_during_a_composition(desk: "Page") -> None:
    _box(desk).focus()
    session = compose(desk, VIET_STEPS[:-1])
    expect(desk.get_by_role("option", name=re.compile("^việt nam"))).to_be_visible()
    assert _box(desk).input_value() == "viêt"
    finish_composition(session, "việt")
    desk.wait_for_timeout(500)
    assert _box(desk).input_value() == "việt"


def test_step_3_unikey_asks_at_most_twice(desk: "Page") -> None:
    asked = suggestions_asked(desk)
    _box(desk).focus()
    desk.clock.pause_at("2026-10-05T10:00:00+07:00")
    type_with_unikey(desk, pause=60, stopped_clock=True)
    desk.clock.resume()
    expect(desk.get_by_role("listbox")).to_be_visible()
    assert _box(desk).input_value() == "việt"
    assert len(asked) <= 2
    assert asked[-1] == "việt"


@pytest.mark.parametrize("composing", [True, False])
def test_step_4_enter_never_submits_the_form_around(
    page: "Page", room: Newsroom, host: HostSite, composing: bool
) -> None:
    around = '<form action="/saved"><input name="title" aria-label="Tiêu đề">{}</form>'
    address = host.page("/soan", snippet_page(room.archive, 'mode="insert"', around))
    page.goto(address)
    _box(page).focus()
    if composing:
        compose(page, VIET_STEPS[:-1])
    else:
        page.keyboard.type("hà nội")
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    assert page.url == address
    assert (_articles(page).count() == 0) == composing


def test_step_5_a_link_is_inserted_at_the_caret_and_undone_in_one_step(
    desk: "Page", room: Newsroom
) -> None:
    text = _write_draft(desk)
    _find(desk, _HEADLINE)
    first = _articles(desk).first
    assert first.get_attribute("data-id") == "d24"
    first.get_by_role("button", name=f"Chèn: {_HEADLINE}", exact=True).click()
    link = text.get_by_role("link", name=_HEADLINE)
    expect(link).to_be_visible()
    path = "/article/d24/nuoc-len-trong-dem-huong-khe-ngap-11-thon"
    assert link.get_attribute("href") == room.archive + path
    after = f"Trước{_HEADLINE} (Thời báo Miền Trung, 12/10/2026) sau"
    assert text.inner_text().replace("\xa0", " ") == after
    desk.keyboard.press("Control+z")
    assert text.inner_text().replace("\xa0", " ") == "Trước sau"


def test_step_5_control_enter_inserts_the_first_article_found(desk: "Page") -> None:
    text = _write_draft(desk)
    _find(desk, _HEADLINE)
    desk.keyboard.press("Control+Enter")
    expect(text.get_by_role("link", name=_HEADLINE)).to_be_visible()


def test_step_5_a_suggested_headline_is_inserted_by_one_click(desk: "Page") -> None:
    text = _write_draft(desk)
    _box(desk).focus()
    desk.keyboard.type("huong khe ngap 11")
    desk.get_by_role("option", name=f"{_HEADLINE}, tin").click()
    expect(text.get_by_role("link", name=_HEADLINE)).to_be_visible()


def test_step_6_a_citation_is_handed_over_in_three_forms(desk: "Page", room: Newsroom) -> None:
    desk.evaluate("""() => document.addEventListener('timbao:select', (event) => {
      window.chosen = event.detail;
    })""")
    text = _write_draft(desk)
    _find(desk, _HEADLINE)
    _articles(desk).first.get_by_role("button", name=re.compile("^Chèn trích dẫn")).click()
    source = "https://mientrung.example/thoi-su/nuoc-len-trong-dem-huong-khe-ngap-11-thon-d24.html"
    link = text.get_by_role("link", name=source)
    expect(link).to_have_attribute("href", source)
    chosen = desk.evaluate("window.chosen")
    citation = f"Đinh Gia Hưng (2026). {_HEADLINE}. Thời báo Miền Trung, ngày 12/10/2026. Địa chỉ: "
    assert chosen == {
        "kind": "citation",
        "id": "d24",
        "title": _HEADLINE,
        "url": f"{room.archive}/article/d24/nuoc-len-trong-dem-huong-khe-ngap-11-thon",
        "sourceUrl": source,
        "source": "Thời báo Miền Trung",
        "date": "12/10/2026",
        "publishedAt": "2026-10-12T06:30:00+07:00",
        "citation": citation + source,
        "text": citation + source,
        "html": f'{citation}<a href="{source}">{source}</a>',
        "markdown": f"{citation}<{source}>",
    }


def test_step_6_headlines_cannot_become_markup(desk: "Page") -> None:
    desk.evaluate("""() => document.addEventListener('timbao:select', (event) => {
      window.chosen = event.detail;
    })""")
    text = _write_draft(desk)
    _find(desk, "script alert hà nội")
    title = "<script>alert(1)</script> hà nội"
    item = _articles(desk).filter(has_text=title)
    item.get_by_role("button", name=f"Chèn: {title}", exact=True).click()
    expect(text.get_by_role("link", name=title)).to_be_visible()
    assert text.locator("script").count() == 0
    markdown = desk.evaluate("window.chosen.markdown")
    assert markdown.startswith(r"[\<script\>alert(1)\</script\> hà nội](http")


def test_step_7_news_related_to_the_drafts_headline(desk: "Page") -> None:
    desk.get_by_label("Tiêu đề").fill(_HEADLINE)
    related = desk.locator("tim-bao [part=related] li")
    assert set(_ids(related)) == {"d25", "d26", "d27", "d28", "d29", "d30"}
    reasons = [item.locator(".meta").inner_text() for item in related.all()]
    assert all(re.search(r" · cùng nhắc: .*Hương Khê", reason) for reason in reasons), reasons
    desk.get_by_label("Tiêu đề").fill("")
    expect(related).to_have_count(0)


def test_step_8_filters_survive_a_reload(desk: "Page") -> None:
    _find(desk, "hà nội")
    everything = _ids(_articles(desk))
    section = desk.get_by_label("Chuyên mục")
    with desk.expect_response("**/api/v1/search?**section=**"):
        section.select_option(index=1)
    desk.get_by_label("Thời gian").focus()
    with desk.expect_response("**/api/v1/search?**from=2026-09-06**"):
        desk.get_by_label("Thời gian").select_option("30 ngày")
    expect(desk.get_by_label("Thời gian")).to_be_focused()
    with desk.expect_response("**/api/v1/search?**from=2026-09-29**"):
        desk.get_by_label("Thời gian").select_option("7 ngày")
    chosen = section.input_value()
    assert chosen
    desk.wait_for_timeout(300)
    found = [item.get_attribute("data-id") for item in _articles(desk).all()]
    assert found != everything
    desk.reload()
    expect(desk.get_by_label("Thời gian")).to_have_value("7")
    assert _box(desk).input_value() == "hà nội"
    assert section.input_value() == chosen
    assert [item.get_attribute("data-id") for item in _articles(desk).all()] == found


def test_step_9_a_strict_policy_stops_nothing(page: "Page", room: Newsroom) -> None:
    complaints = complaints_of(page)
    with hosting() as host:
        host.policy = POLICY.format(archive=room.archive)
        frame = f'<iframe src="{room.archive}/embed/frame" title="Kho báo"></iframe>'
        page.goto(host.page("/", snippet_page(room.archive, 'mode="insert"', "{}" + frame)))
        _find(page, "ha noi")
        _articles(page).first.get_by_role("button").first.click()
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
    _find(page, "ha noi")
    _box(page).fill("ha n")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    button = page.get_by_role("button", name="Tìm", exact=True)
    painted = button.evaluate(
        "(e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).borderRadius]"
    )
    assert painted == [{"light": "rgb(138, 21, 56)", "dark": "rgb(255, 179, 199)"}[scheme], "0px"]
    checked = Axe().run(page)
    assert any(rule["id"] == "color-contrast" for rule in checked.response["passes"])
    assert checked.violations_count == 0, checked.generate_report()


def test_step_11_english_words_around_vietnamese_news(
    page: "Page", room: Newsroom, host: HostSite
) -> None:
    page.goto(host.page("/english", snippet_page(room.archive, 'mode="insert" lang="en"')))
    box = page.get_by_role("combobox", name="Search news")
    box.fill("huong khe ngap 11")
    expect(page.get_by_role("option", name=f"{_HEADLINE}, article")).to_be_visible()
    page.keyboard.press("Enter")
    expect(_articles(page).first).to_be_visible()
    first = _articles(page).first
    assert first.get_by_role("link").inner_text() == _HEADLINE
    assert first.get_by_role("link").get_attribute("lang") == "vi"
    assert first.get_by_role("button").all_inner_texts() == ["Insert", "Insert citation"]
    page.locator("tim-bao").evaluate("(e) => e.setAttribute('lang', 'vi')")
    expect(_box(page)).to_have_value("huong khe ngap 11")


def test_step_12_a_key_of_another_origin_is_refused_softly(page: "Page", room: Newsroom) -> None:
    page.goto(f"{room.cms}/embed/demo")
    widget = page.locator("tim-bao")
    widget.evaluate("(e, key) => e.setAttribute('key', key)", room.key)
    _find(page, "hà nội")
    widget.evaluate("(e, key) => e.setAttribute('key', key)", room.foreign_key)
    with page.expect_response("**/api/v1/suggest**") as refused:
        _box(page).fill("hà n")
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
                _box(page).fill(query)
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
    expect(_box(page)).to_be_visible()
    failures: list[str | None] = []
    errors: list[str] = []
    page.on("requestfailed", lambda request: failures.append(request.failure))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route(f"{room.archive}/api/**", lambda route: route.abort("connectionrefused"))
    _box(page).focus()
    page.keyboard.type("hà nội mùa này", delay=160)
    message = page.locator("tim-bao [part=message]")
    expect(message).to_have_text("Chưa kết nối được máy tìm. Nhấn Enter để mở trang tìm kiếm.")
    assert failures.count("net::ERR_CONNECTION_REFUSED") == 1
    assert _box(page).input_value() == "hà nội mùa này"
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    assert "/search?q=h%C3%A0+n%E1%BB%99i+m%C3%B9a+n%C3%A0y" in opened.value.url
    assert layout_shift(page) < 0.02
    assert failures.count("net::ERR_CONNECTION_REFUSED") == 1
    assert errors == []


def test_step_15_no_cookies_no_other_servers_nothing_moves(page: "Page", room: Newsroom) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    watch_layout(page)
    page.goto(f"{room.cms}/embed/demo")
    expect(_box(page)).to_be_visible()
    _box(page).fill("ha n")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert layout_shift(page) < 0.02
    page.keyboard.press("Escape")
    _find(page, "hà nội")
    _articles(page).first.get_by_role("button").first.click()
    page.wait_for_timeout(300)
    origins = {"/".join(address.split("/")[:3]) for address in asked}
    assert origins == {room.cms, room.archive}
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_step_16_everything_has_a_name(desk: "Page") -> None:
    live = desk.locator("tim-bao #live")
    _box(desk).fill("huong khe")
    options = desk.get_by_role("option")
    expect(options.first).to_be_visible()
    names = [option.get_attribute("aria-label") or "" for option in options.all()]
    assert any(name.endswith(", tin") for name in names)
    changes = live.evaluate("""(live) => {
      window.said = [];
      new MutationObserver(() => live.textContent && window.said.push(live.textContent))
        .observe(live, { childList: true, characterData: true, subtree: true });
    }""")
    assert changes is None
    desk.wait_for_timeout(1400)
    assert desk.evaluate("window.said") == [f"{len(names)} gợi ý. Dùng phím mũi tên để chọn."]
    _find(desk, "hương khê")
    expect(desk.locator("tim-bao [part=count]")).to_have_text(re.compile(r"^\d+ tin$"))


def test_step_17_four_times_as_large_in_a_dialog(
    page: "Page", room: Newsroom, host: HostSite
) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    dialog = '<dialog aria-label="Tìm">{}</dialog>'
    page.goto(host.page("/hop", snippet_page(room.archive, 'mode="insert"', dialog)))
    page.locator("dialog").evaluate("(dialog) => dialog.showModal()")
    _box(page).fill("ha n")
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
    assert _box(page).input_value() == ""
    page.keyboard.press("Escape")
    assert not page.locator("dialog").evaluate("(dialog) => dialog.open")


def test_step_19_a_withdrawn_article_is_not_found(desk: "Page") -> None:
    headline = "Chiếc đèn kéo quân cao sáu mét ở sân đình Dân Viên"
    _box(desk).fill(headline)
    desk.keyboard.press("Enter")
    expect(desk.locator("tim-bao [part=count]")).to_be_visible()
    ids = [item.get_attribute("data-id") for item in _articles(desk).all()]
    assert "d22" not in ids


def test_step_20_the_frame_shows_the_same_to_allowed_origins_only(
    page: "Page", room: Newsroom, host: HostSite, friend: HostSite
) -> None:
    page.goto(f"{room.cms}/embed/demo")
    _find(page, "hà nội")
    found = _ids(_articles(page))
    page.goto(friend.page("/khung", _frame_page(room)))
    frame = page.frame_locator("iframe")
    box = frame.get_by_role("combobox", name="Tìm tin")
    box.fill("hà nội")
    box.press("Enter")
    articles = frame.locator("tim-bao [part=results] li")
    assert _ids(articles) == found
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
