"""The archive, and the editorial system of a newsroom on another origin, as two servers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from browsing import free_port
from click.testing import CliRunner
from playwright.sync_api import expect
from running import DEMO_MORNING, site_of

from searchapp.cli import main

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

__all__ = [
    "POLICY",
    "Newsroom",
    "articles_of",
    "box_of",
    "find",
    "ids_of",
    "newsroom",
    "snippet_page",
]

#: As docs/embedding.md asks for, and nothing beyond.
POLICY: Final = (
    "default-src 'none'; script-src 'self' {archive}; connect-src {archive}; style-src 'self'; "
    "frame-src {archive}; base-uri 'none'; form-action 'self'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """Two origins, and keys for pages of the second and of neither."""

    archive: str
    cms: str
    key: str
    foreign_key: str


@contextmanager
def newsroom(repository: Path, index: str, folder: Path, **settings: str) -> Iterator[Newsroom]:
    """Both servers on the morning of 5 October 2026.

    Args:
        folder: where the keys are kept.
        settings: of the archive, by the names of their variables.
    """
    port = free_port()
    cms = f"http://127.0.0.1:{port}"
    keys = str(folder / "keys.sqlite")
    key, foreign_key = (_key(keys, o) for o in (cms, "https://bao.example"))
    own = {"TIMBAO_KEYS": keys, "TIMBAO_CORS_ORIGINS": "*"}
    with (
        site_of(repository, index, DEMO_MORNING | own | settings) as archive,
        site_of(repository, index, DEMO_MORNING | {"TIMBAO_PUBLIC_URL": archive}, port),
    ):
        yield Newsroom(archive=archive, cms=cms, key=key, foreign_key=foreign_key)


def snippet_page(archive: str, attributes: str = "", around: str = "{}") -> str:
    """A page of a site with the two lines that embed the widget.

    Args:
        around: the body, with {} where the widget stands.
    """
    body = around.replace("{}", f"<tim-bao {attributes}></tim-bao>")
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Trang</title>'
        f'<script src="{archive}/embed/timbao.js" defer></script></head>'
        f"<body><main><h1>Trang</h1>{body}</main></body></html>"
    )


def box_of(page: "Page") -> "Locator":
    """The field of the widget."""
    return page.get_by_role("combobox", name="Tìm tin")


def articles_of(page: "Page") -> "Locator":
    """What a search in the widget has found."""
    return page.locator("tim-bao [part=results] li")


def find(page: "Page", query: str) -> None:
    """Search in a widget that shows what it finds."""
    box_of(page).fill(query)
    page.keyboard.press("Enter")
    expect(articles_of(page).first).to_be_visible()


def ids_of(articles: "Locator") -> list[str]:
    """The ids of articles in the widget, once they are there."""
    expect(articles.first).to_be_visible()
    return [article.get_attribute("data-id") or "" for article in articles.all()]


def _key(keys: str, origin: str) -> str:
    done = CliRunner().invoke(main, ["keys", "--file", keys, "add", "cms", "--origin", origin])
    assert done.exit_code == 0, done.stderr
    match = re.search(r"pk_[\w-]+", done.stdout)
    assert match is not None, done.stdout
    return match[0]
