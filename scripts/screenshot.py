"""Writes docs/screenshot.png: the results for “ha noi” on the sample documents, 1280 px wide.

`make screenshot` runs it on the sample index; the clock stands still, so that only a change of
the website or of the documents changes the picture.
"""

import logging
import shutil
from pathlib import Path
from threading import Thread
from typing import Final

import click
from playwright.sync_api import ViewportSize, sync_playwright
from werkzeug.serving import make_server

from searchapp.app import create_app
from searchapp.settings import Settings

PICTURE: Final = Path(__file__).resolve().parent.parent / "docs" / "screenshot.png"
WINDOW: Final = ViewportSize(width=1280, height=900)
MOST_BYTES: Final = 200_000
_PAGE: Final = "/search?q=ha+noi"
_NOW: Final = "2026-10-18T09:00"


def photograph(address: str) -> bytes:
    """The page as PNG, as a Vietnamese reader sees it in Debian's Chromium."""
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if chromium is None:
        raise click.ClickException("There is no chromium: run scripts/install_chromium.sh.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page(viewport=WINDOW, locale="vi-VN", color_scheme="light")
        response = page.goto(address)
        if response is None or not response.ok:
            raise click.ClickException(f"{address} was not answered with a page.")
        picture = page.screenshot()
        browser.close()
    return picture


@click.command()
@click.option("--index", "index", default="whoosh:var/index", show_default=True)
def main(index: str) -> None:
    """Take the picture and check its size."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, create_app(Settings(index=index, now=_NOW)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        picture = photograph(f"http://127.0.0.1:{server.server_port}{_PAGE}")
    finally:
        server.shutdown()
        thread.join()
    if len(picture) > MOST_BYTES:
        raise click.ClickException(f"The picture has {len(picture):,} bytes, too many for a page.")
    PICTURE.write_bytes(picture)
    click.echo(f"wrote {PICTURE.name}: {len(picture):,} bytes")


if __name__ == "__main__":
    main()
