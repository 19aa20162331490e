"""The help page: its examples run on the sample documents."""

import re
from html import unescape

from asking import page_of
from flask.testing import FlaskClient

from searchapp.app import create_app
from searchapp.pages.front_pages import EXAMPLES
from searchapp.settings import Settings


def test_every_example_finds_what_it_promises(demo_archive: str) -> None:
    client: FlaskClient = create_app(Settings(index=demo_archive)).test_client()
    html = page_of(client, "/help")
    links = re.findall(
        r'<a class="chip" href="([^"]+)"><span lang="vi">([^<]+)</span> '
        r'<span class="count">(\d+)</span>',
        html,
    )
    assert len(links) == sum(len(examples) for _, _, examples in EXAMPLES)
    for href, query, count in links:
        assert int(count) >= 1, query
        page = page_of(client, unescape(href))
        heading = re.search(r"<h1>(?:“[^”]+”: )?(\d+) (?:tin|kết quả)", page)
        assert heading, query
        assert heading[1] == count, query
