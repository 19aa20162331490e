"""The search box under Vietnamese input methods, and answers that come too late."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from browsing import suggestions_asked
from keyboards import VIET_STEPS, compose, finish_composition, type_with_unikey
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

_IDLE = 120


def _shown_for_viet_after_vi(page: "Page") -> list[str]:
    """The list for `việt`, typed once the list for `vi` was asked for."""
    with page.expect_request("**/api/v1/suggest?q=vi&limit=8"):
        page.keyboard.type("vi")
    page.keyboard.insert_text("ệt")
    expect(page.get_by_role("listbox")).to_be_visible()
    shown = page.get_by_role("option").all_inner_texts()
    assert shown
    return shown


def _first_option(page: "Page") -> str:
    expect(page.get_by_role("listbox")).to_be_visible()
    return page.get_by_role("option").first.locator(".text").inner_text()


@pytest.mark.parametrize("pause", [20, 60, 100])
def test_unikey_asks_at_most_twice_and_keeps_its_text(
    page: "Page", box: "Locator", pause: int
) -> None:
    asked = suggestions_asked(page)
    page.clock.install(time="2026-10-05T08:00:00+07:00")
    page.clock.pause_at("2026-10-05T09:00:00+07:00")
    type_with_unikey(page, pause=pause, stopped_clock=True)
    assert box.input_value() == "việt"
    page.clock.resume()
    page.wait_for_timeout(5 * _IDLE)
    assert len(asked) <= 2
    assert asked[-1] == "việt"
    assert box.input_value() == "việt"
    assert _first_option(page).startswith("việt")


def test_suggestions_come_while_a_syllable_is_composed(page: "Page", box: "Locator") -> None:
    session = compose(page, VIET_STEPS[:-1])
    names = page.get_by_role("option").locator(".text")
    expect(names.filter(has_text="việt nam").first).to_be_visible()
    assert box.input_value() == "viêt"
    finish_composition(session, "việt")
    page.wait_for_timeout(5 * _IDLE)
    assert box.input_value() == "việt"
    assert _first_option(page).startswith("việt")


@pytest.mark.parametrize("key", ["Enter", "ArrowDown", "ArrowUp", "Escape", "Tab"])
def test_keys_of_a_composition_are_the_input_methods(
    page: "Page", box: "Locator", site: str, key: str
) -> None:
    session = compose(page, VIET_STEPS[:-1])
    expect(page.get_by_role("listbox")).to_be_visible()
    # As browsers report keys that an input method has taken.
    for kind in ("keyDown", "keyUp"):
        session.send(
            "Input.dispatchKeyEvent", {"type": kind, "key": key, "windowsVirtualKeyCode": 229}
        )
    page.wait_for_timeout(200)
    assert page.url == f"{site}/"
    assert box.input_value() == "viêt"
    assert box.get_attribute("aria-activedescendant") is None
    expect(page.get_by_role("listbox")).to_be_visible()


def test_enter_in_a_composition_submits_nothing(page: "Page", box: "Locator", site: str) -> None:
    compose(page, VIET_STEPS[:-1])
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.url == f"{site}/"
    assert box.input_value().startswith("viêt")


def test_text_in_decomposed_unicode_is_asked_in_nfc(page: "Page", box: "Locator") -> None:
    asked = suggestions_asked(page)
    typed = "vie\u0323\u0302t"
    page.keyboard.insert_text(typed)
    page.wait_for_timeout(3 * _IDLE)
    assert asked == ["việt"]
    assert box.input_value() == typed


def test_a_late_answer_does_not_replace_a_newer_one(page: "Page", box: "Locator") -> None:
    held: list[Callable[[], None]] = []

    def answer(route: "Route") -> None:
        if route.request.url.endswith("q=vi&limit=8"):
            response = route.fetch()
            held.append(lambda: route.fulfill(response=response))
        else:
            route.continue_()

    page.route("**/api/v1/suggest**", answer)
    shown = _shown_for_viet_after_vi(page)
    page.wait_for_timeout(900)
    for fulfil in held:
        fulfil()
    page.wait_for_timeout(600)
    assert held
    assert page.get_by_role("option").all_inner_texts() == shown


def test_an_answer_that_is_here_already_is_dropped_once_the_text_has_changed(
    page: "Page", box: "Locator"
) -> None:
    # The page hears of an abort only after the answer: as in browsers that had read it already.
    page.evaluate("""() => {
      const fetched = window.fetch;
      window.fetch = async (address, options) => {
        const response = await fetched(address, { ...options, signal: undefined });
        const late = String(address).includes('q=vi&') ? 900 : 0;
        await new Promise((done) => setTimeout(done, late));
        return response;
      };
    }""")
    shown = _shown_for_viet_after_vi(page)
    page.wait_for_timeout(1500)
    assert page.get_by_role("option").all_inner_texts() == shown
