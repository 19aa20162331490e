"""Addresses of pages and of the API, the same for the website and for `timbao search --json`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, urlencode

from ..settings import Settings
from ..text.slugs import slug
from .options import DEFAULT_PER_PAGE
from .params import SearchParams

__all__ = [
    "Site",
    "api_article_path",
    "api_search_path",
    "article_file_path",
    "article_path",
    "export_path",
    "feed_path",
    "search_path",
    "with_query",
]

#: So many hits are exported at once.
LARGEST_EXPORT_PAGE: Final = 500


def search_path(params: SearchParams) -> str:
    """The address of a page of results, from the root."""
    return with_query("/search", params.pairs())


def api_search_path(params: SearchParams) -> str:
    """The address of the same search in the API, from the root."""
    return with_query("/api/v1/search", params.pairs())


def api_article_path(doc_id: str, part: str = "") -> str:
    """The address of an article, or of a part such as "/related", in the API, from the root.

    >>> api_article_path("d07", "/related")
    '/api/v1/articles/d07/related'
    """
    return f"/api/v1/articles/{quote(doc_id, safe='')}{part}"


def export_path(params: SearchParams, suffix: str) -> str:
    """The address of the first hits of a search as a file, from the root."""
    return with_query(
        f"/search.{suffix}", replace(params, page=1, per_page=LARGEST_EXPORT_PAGE).pairs()
    )


def feed_path(params: SearchParams, suffix: str) -> str:
    """The address of a search as a feed, from the root."""
    feed = replace(params, page=1, per_page=DEFAULT_PER_PAGE, sort=None)
    return with_query(f"/search.{suffix}", feed.pairs())


def article_path(doc_id: str, headline: str) -> str:
    """The address of an article's page, from the root.

    >>> article_path("d07", "Hòa Bình xả lũ")
    '/article/d07/hoa-binh-xa-lu'
    """
    return f"/article/{quote(doc_id, safe='')}/{slug(headline)}"


def article_file_path(doc_id: str, suffix: str) -> str:
    """The address of an article in another format, from the root.

    >>> article_file_path("d07", "ris")
    '/article/d07.ris'
    """
    return f"/article/{quote(doc_id, safe='')}.{suffix}"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the site is reached: "https://kho.example", without a slash at the end."""

    base: str

    @classmethod
    def of(cls, settings: Settings) -> "Site":
        """Where `timbao serve` puts the site under these settings."""
        return cls(settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}")

    def absolute(self, path: str) -> str:
        """The full address of a path from the root."""
        return self.base + path


def with_query(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The path with these parameters in this order."""
    return f"{path}?{urlencode(pairs)}" if pairs else path
