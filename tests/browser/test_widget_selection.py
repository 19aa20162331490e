"""What the widget hands over, for articles that are not as one wishes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_ARTICLE: Final[dict[str, Any]] = {
    "id": "a1",
    "title": "Giá *vàng* [mới] & <cũ>",
    "url": "http://127.0.0.1/article/a1/gia-vang",
    "source_url": "https://bao.example/a1?x=1&y=2",
    "source": {"slug": "bao", "name": 'Báo "Sông Hồng"'},
    "published_at": "2026-10-05T06:40:00+07:00",
    "citations": {"moet": "Báo (2026). Giá *vàng*. Địa chỉ: https://bao.example/a1?x=1&y=2"},
}


@pytest.fixture(scope="module")
def shelf(small_site: str, chromium: "Browser") -> Iterator["Page"]:
    """A page that may import the module."""
    page = chromium.new_page()
    page.goto(small_site)
    yield page
    page.close()


def _selection(page: "Page", kind: str, **changes: object) -> dict[str, Any]:
    chosen = page.evaluate(
        """async ([article, kind]) => {
          const { selectionOf } = await import('/static/widget/selection.js');
          return selectionOf(article, kind, 'moet');
        }""",
        [_ARTICLE | changes, kind],
    )
    return cast(dict[str, Any], chosen)


def test_a_link_is_escaped_in_every_form(shelf: "Page") -> None:
    chosen = _selection(shelf, "link")
    assert chosen["html"] == (
        '<a href="http://127.0.0.1/article/a1/gia-vang">Giá *vàng* [mới] &amp; &lt;cũ&gt;</a>'
        " (Báo &quot;Sông Hồng&quot;, 05/10/2026)"
    )
    assert chosen["markdown"] == (
        r"[Giá \*vàng\* \[mới\] & \<cũ\>](http://127.0.0.1/article/a1/gia-vang)"
        ' (Báo "Sông Hồng", 05/10/2026)'
    )


def test_a_citation_links_its_address(shelf: "Page") -> None:
    chosen = _selection(shelf, "citation")
    assert chosen["html"] == (
        "Báo (2026). Giá *vàng*. Địa chỉ: "
        '<a href="https://bao.example/a1?x=1&amp;y=2">https://bao.example/a1?x=1&amp;y=2</a>'
    )
    assert chosen["markdown"].endswith(r"Giá \*vàng\*. Địa chỉ: <https://bao.example/a1?x=1&y=2>")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", 'https://a.example/" onclick="x', "báo giấy"],
)
def test_only_web_addresses_become_links(shelf: "Page", address: str) -> None:
    changes = {"source_url": address, "citations": {"moet": f"Báo. Địa chỉ: {address}"}}
    chosen = _selection(shelf, "citation", **changes)
    assert chosen["sourceUrl"] is None
    assert "<a" not in chosen["html"]
    assert '"' not in chosen["html"]


def test_unknown_things_are_left_out(shelf: "Page") -> None:
    nothing = {"source": None, "published_at": None, "source_url": None}
    chosen = _selection(shelf, "link", **nothing, title="Giá vàng")
    assert (chosen["source"], chosen["date"], chosen["publishedAt"]) == ("", "", None)
    assert chosen["text"] == "Giá vàng http://127.0.0.1/article/a1/gia-vang"
    day_only = _selection(shelf, "link", source=None, title="Giá vàng")
    assert day_only["markdown"].endswith(") (05/10/2026)")
