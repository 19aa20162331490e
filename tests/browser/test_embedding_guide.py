"""docs/embedding.md: every snippet is pasted into a page on another origin and used."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from browsing import HostSite, complaints_of
from playwright.sync_api import expect
from running import site_of

from searchapp.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SNIPPET: Final = re.compile(
    r"^```(html|php|css)\n(?:(?:<!--|//) ([a-z-]+)(?: -->)?\n)?(.*?)^```", re.MULTILINE | re.DOTALL
)
_SERVER: Final = "https://kho.example"


@pytest.fixture(scope="module")
def guide(repository: Path) -> str:
    """The text of the guide."""
    return (repository / "docs" / "embedding.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def archive_site(demo_archive: str, repository: Path, host: HostSite) -> Iterator[str]:
    """The archive, set up as the guide asks for."""
    own = {"TIMBAO_CORS_ORIGINS": host.origin, "TIMBAO_EMBED_ORIGINS": host.origin}
    with site_of(repository, demo_archive, own) as address:
        yield address


@pytest.fixture
def snippets(guide: str, archive_site: str) -> dict[str, str]:
    """The snippets by their names, with the address of this archive in them."""
    found = {name or kind: code for kind, name, code in _SNIPPET.findall(guide)}
    return {name: code.replace(_SERVER, archive_site) for name, code in found.items()}


def _page(body: str, head: str = "") -> str:
    return f"<!doctype html><html lang='vi'><meta charset='utf-8'>{head}<body>{body}</body></html>"


def _searches(page: "Page", archive_site: str) -> None:
    """Use a box that leads to the archive: suggestions come, Enter searches."""
    box = page.get_by_role("combobox", name="Tìm tin")
    box.fill("ha noi")
    expect(page.get_by_role("option", name=re.compile("^hà nội"))).to_be_visible()
    box.press("Enter")
    page.wait_for_url(f"{archive_site}/search?q=ha+noi")


def test_every_snippet_has_a_test(snippets: dict[str, str]) -> None:
    tested = {"plain-html", "wordpress", "ghost-header", "ghost-card", "wagtail", "editor"}
    assert set(snippets) == tested | {"frame", "css"}


def test_plain_html(
    page: "Page", host: HostSite, archive_site: str, snippets: dict[str, str]
) -> None:
    complaints = complaints_of(page)
    assert len(snippets["plain-html"].splitlines()) == 2
    page.goto(host.page("/plain", _page(snippets["plain-html"])))
    _searches(page, archive_site)
    assert complaints == []


def test_wordpress(
    page: "Page", host: HostSite, archive_site: str, snippets: dict[str, str]
) -> None:
    # What WordPress prints for a script that is enqueued with this strategy and without a version.
    enqueued = re.search(
        r"wp_enqueue_script\( '(\w+)', '([^']+)', array\(\), null, "
        r"array\( 'strategy' => '(defer)' \) \)",
        snippets["wordpress"],
    )
    assert enqueued is not None
    name, address, strategy = enqueued.groups()
    script = (
        f'<script src="{address}" id="{name}-js" {strategy} data-wp-strategy="{strategy}"></script>'
    )
    page.goto(host.page("/wordpress", _page("<tim-bao></tim-bao>", script)))
    _searches(page, archive_site)


def test_wordpress_with_joined_scripts(
    page: "Page", host: HostSite, archive_site: str, guide: str
) -> None:
    code = page.request.get(f"{archive_site}/embed/timbao.js").text()
    host.pages["/joined.js"] = ("text/javascript; charset=utf-8", f"window.first = 1;\n{code}")
    widget = re.search("`(<tim-bao server=[^`]*)`", guide)
    assert widget is not None
    body = widget[1].replace(_SERVER, archive_site) + "</tim-bao>"
    page.goto(host.page("/joined", _page(body, '<script src="/joined.js" defer></script>')))
    _searches(page, archive_site)


def test_ghost(page: "Page", host: HostSite, archive_site: str, snippets: dict[str, str]) -> None:
    # What Ghost writes around an HTML card.
    card = f"<!--kg-card-begin: html-->{snippets['ghost-card']}<!--kg-card-end: html-->"
    page.goto(host.page("/ghost", _page(card, snippets["ghost-header"])))
    box = page.get_by_role("combobox", name="Tìm tin")
    expect(box).to_have_attribute("placeholder", "Tìm trong kho báo")
    _searches(page, archive_site)


def test_wagtail(page: "Page", host: HostSite, archive_site: str, snippets: dict[str, str]) -> None:
    values = {"page.title": "Tìm kiếm", "page.locale.language_code|default:'vi'": "vi"}
    html = re.sub(r"\{%.*?%\}", "", snippets["wagtail"])
    html = re.sub(r"\{\{ (.*?) \}\}", lambda place: values[place[1]], html)
    page.goto(host.page("/wagtail", _page(html)))
    expect(page.get_by_role("heading", name="Tìm kiếm")).to_be_visible()
    _searches(page, archive_site)


def test_an_editor_takes_the_link(page: "Page", host: HostSite, snippets: dict[str, str]) -> None:
    page.goto(host.page("/editor", _page(snippets["editor"])))
    draft = page.get_by_label("Bài viết")
    draft.fill("Xem thêm: ")
    box = page.get_by_role("combobox", name="Tìm tin")
    box.fill("hương khê ngập 11 thôn")
    box.press("Enter")
    page.get_by_role("button", name=re.compile("^Chèn: Nước lên trong đêm")).click()
    expect(draft).to_have_value(re.compile(r"^Xem thêm: \[Nước lên trong đêm, .*\]\(http.*/d24/"))
    page.keyboard.press("Control+z")
    assert draft.input_value() == "Xem thêm: "


def test_the_frame(
    page: "Page", host: HostSite, archive_site: str, snippets: dict[str, str]
) -> None:
    complaints = complaints_of(page)
    page.goto(host.page("/frame", _page(snippets["frame"])))
    frame = page.frame_locator("iframe[title='Tìm trong kho báo']")
    box = frame.get_by_role("combobox", name="Tìm tin")
    box.fill("ha noi")
    box.press("Enter")
    expect(frame.locator("tim-bao [part=results] li").first).to_be_visible()
    assert complaints == []


def test_colours(page: "Page", host: HostSite, snippets: dict[str, str]) -> None:
    style = f"<style>{snippets['css']}</style>"
    page.goto(host.page("/colours", _page(snippets["plain-html"], style)))
    button = page.get_by_role("button", name="Tìm")
    assert button.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(138, 21, 56)"
    assert button.evaluate("(e) => getComputedStyle(e).borderRadius") == "0px"


def test_the_guide_names_every_attribute_variable_and_part(guide: str, repository: Path) -> None:
    static = repository / "searchapp" / "static"
    code = "".join(path.read_text("utf-8") for path in static.rglob("*.js"))
    style = (static / "widget" / "widget.css").read_text("utf-8")
    attributes = set(re.findall(r'this\.getAttribute\("([\w-]+)"\)', code)) | {"data-persist"}
    assert len(attributes) >= 7
    rows = set(re.findall(r"^\| `([\w-]+)` \|", guide, re.MULTILINE))
    assert rows == attributes | {"lang"}
    for name in {*re.findall(r"--timbao-[\w-]+", style), *re.findall(r'part[:=] ?"(\w+)"', code)}:
        assert f"`{name}`" in guide or f"{name}:" in guide, name
    for setting in ("cors_origins", "embed_origins"):
        assert setting in {field.name for field in fields(Settings)}
        assert f"`TIMBAO_{setting.upper()}`" in guide
