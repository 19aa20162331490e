"""Addresses of pages and of the API, the same for the website and for `timbao search --json`."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from .params import SearchParams
from .settings import Settings
from .slugs import slug

__all__ = ["Site", "api_search_path", "article_path", "search_path"]


def search_path(params: SearchParams) -> str:
    """The address of a page of results, from the root."""
    return _with_query("/search", params)


def api_search_path(params: SearchParams) -> str:
    """The address of the same search in the API, from the root."""
    return _with_query("/api/v1/search", params)


def article_path(doc_id: str, headline: str) -> str:
    """The address of an article's page, from the root.

    >>> article_path("d07", "Hòa Bình xả lũ")
    '/article/d07/hoa-binh-xa-lu'
    """
    return f"/article/{quote(doc_id, safe='')}/{slug(headline)}"


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


def _with_query(path: str, params: SearchParams) -> str:
    pairs = params.pairs()
    return f"{path}?{urlencode(pairs)}" if pairs else path
