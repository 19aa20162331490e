"""An editor's day beside the archive's widget: the system of the newsroom is on another origin."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from browsing import (
    HostSite,
    complaints_of,
    suggestions_asked,
)
from keyboards import VIET_STEPS, compose, finish_composition, type_with_unikey
from newsroom import Newsroom, articles_of, box_of, find, ids_of, newsroom, snippet_page
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

#: The headline of d24, of whose event d25 to d30 tell, too.
_HEADLINE: Final = "Nước lên trong đêm, Hương Khê ngập 11 thôn"


@pytest.fixture(scope="module")
def room(
    demo_archive: str, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Newsroom]:
    """The archive and the newsroom's system."""
    with newsroom(repository, demo_archive, tmp_path_factory.mktemp("keys")) as found:
        yield found


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
    expect(box_of(page)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("ha n")
    page.get_by_role("option").first.click()
    page.wait_for_url(f"{room.archive}/search?q=h%C3%A0+n%E1%BB%99i")
    assert complaints == []


def test_step_2_suggestions_come_during_a_composition(desk: "Page") -> None:
    box_of(desk).focus()
    session = compose(desk, VIET_STEPS[:-1])
    expect(desk.get_by_role("option", name=re.compile("^việt nam"))).to_be_visible()
    assert box_of(desk).input_value() == "viêt"
    finish_composition(session, "việt")
    desk.wait_for_timeout(500)
    assert box_of(desk).input_value() == "việt"


def test_step_3_unikey_asks_at_most_twice(desk: "Page") -> None:
    asked = suggestions_asked(desk)
    box_of(desk).focus()
    desk.clock.pause_at("2026-10-05T10:00:00+07:00")
    type_with_unikey(desk, pause=60, stopped_clock=True)
    desk.clock.resume()
    expect(desk.get_by_role("listbox")).to_be_visible()
    assert box_of(desk).input_value() == "việt"
    assert len(asked) <= 2
    assert asked[-1] == "việt"


@pytest.mark.parametrize("composing", [True, False])
def test_step_4_enter_never_submits_the_form_around(
    page: "Page", room: Newsroom, host: HostSite, composing: bool
) -> None:
    around = '<form action="/saved"><input name="title" aria-label="Tiêu đề">{}</form>'
    address = host.page("/soan", snippet_page(room.archive, 'mode="insert"', around))
    page.goto(address)
    box_of(page).focus()
    if composing:
        compose(page, VIET_STEPS[:-1])
    else:
        page.keyboard.type("hà nội")
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    assert page.url == address
    assert (articles_of(page).count() == 0) == composing


def test_step_5_a_link_is_inserted_at_the_caret_and_undone_in_one_step(
    desk: "Page", room: Newsroom
) -> None:
    text = _write_draft(desk)
    find(desk, _HEADLINE)
    first = articles_of(desk).first
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
    find(desk, _HEADLINE)
    desk.keyboard.press("Control+Enter")
    expect(text.get_by_role("link", name=_HEADLINE)).to_be_visible()


def test_step_5_a_suggested_headline_is_inserted_by_one_click(desk: "Page") -> None:
    text = _write_draft(desk)
    box_of(desk).focus()
    desk.keyboard.type("huong khe ngap 11")
    desk.get_by_role("option", name=f"{_HEADLINE}, tin").click()
    expect(text.get_by_role("link", name=_HEADLINE)).to_be_visible()


def test_step_6_a_citation_is_handed_over_in_three_forms(desk: "Page", room: Newsroom) -> None:
    desk.evaluate("""() => document.addEventListener('timbao:select', (event) => {
      window.chosen = event.detail;
    })""")
    text = _write_draft(desk)
    find(desk, _HEADLINE)
    articles_of(desk).first.get_by_role("button", name=re.compile("^Chèn trích dẫn")).click()
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
    find(desk, "script alert hà nội")
    title = "<script>alert(1)</script> hà nội"
    item = articles_of(desk).filter(has_text=title)
    item.get_by_role("button", name=f"Chèn: {title}", exact=True).click()
    expect(text.get_by_role("link", name=title)).to_be_visible()
    assert text.locator("script").count() == 0
    markdown = desk.evaluate("window.chosen.markdown")
    assert markdown.startswith(r"[\<script\>alert(1)\</script\> hà nội](http")


def test_step_7_news_related_to_the_drafts_headline(desk: "Page") -> None:
    desk.get_by_label("Tiêu đề").fill(_HEADLINE)
    related = desk.locator("tim-bao [part=related] li")
    assert set(ids_of(related)) == {"d25", "d26", "d27", "d28", "d29", "d30"}
    reasons = [item.locator(".meta").inner_text() for item in related.all()]
    assert all(re.search(r" · cùng nhắc: .*Hương Khê", reason) for reason in reasons), reasons
    desk.get_by_label("Tiêu đề").fill("")
    expect(related).to_have_count(0)


def test_step_8_filters_survive_a_reload(desk: "Page") -> None:
    find(desk, "hà nội")
    everything = ids_of(articles_of(desk))
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
    found = [item.get_attribute("data-id") for item in articles_of(desk).all()]
    assert found != everything
    desk.reload()
    expect(desk.get_by_label("Thời gian")).to_have_value("7")
    assert box_of(desk).input_value() == "hà nội"
    assert section.input_value() == chosen
    assert [item.get_attribute("data-id") for item in articles_of(desk).all()] == found
