"""Asking the website and the API, and taking their answers apart."""

import re
from html.parser import HTMLParser
from typing import Any, TypeAlias, cast

from flask.testing import FlaskClient

__all__ = [
    "Json",
    "ids_on",
    "inline_scripts",
    "links_of",
    "page_of",
    "problem_of",
    "search",
    "text_of",
]

Json: TypeAlias = dict[str, Any]


def page_of(client: FlaskClient, path: str, status: int = 200) -> str:
    """The HTML of a page that must answer with this status, under its canonical address."""
    response = client.get(path, follow_redirects=True)
    assert response.status_code == status, path
    assert response.mimetype == "text/html"
    return response.text


def search(client: FlaskClient, **params: object) -> Json:
    """The API's document for a search."""
    response = client.get("/api/v1/search", query_string=params)
    assert response.status_code == 200, response.text
    return cast(Json, response.json)


def problem_of(client: FlaskClient, path: str, status: int) -> Json:
    """The problem document (RFC 9457) with which the API must answer."""
    response = client.get(path)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    document = cast(Json, response.json)
    assert document["status"] == status
    assert document.keys() >= {"type", "title", "detail", "instance", "request_id"}
    return document


def ids_on(html: str) -> list[str]:
    """The ids of the hits on a page, in order."""
    return re.findall(r'<h[23] id="hit\d+"><a href="/article/([^/"]+)/', html)


def inline_scripts(html: str) -> list[str]:
    """The script elements of a page that are neither a file nor data."""
    elements: list[str] = re.findall(r"<script[^>]*>?", html, re.IGNORECASE)
    allowed = re.compile(
        r'<script type="(?:module" src="/static-[0-9a-f]{12}/\w+\.js|application/ld\+json)">'
    )
    return [element for element in elements if not allowed.fullmatch(element)]


def text_of(html: str) -> str:
    """What a page reads as, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def links_of(html: str) -> list[str]:
    """Where a page leads to on the same site."""
    collector = _Links()
    collector.feed(html)
    return collector.paths


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href") or ""
        if tag in ("a", "link") and href.startswith("/"):
            self.paths.append(href)
