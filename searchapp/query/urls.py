"""Addresses of pages and of the API, the same for the website and for `timbao search --json`.

A *path* begins at the root of the site. What a browser follows begins at the root of its host:
`mounted` alone knows the prefix between the two.
"""

import re
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from analyzers import fold, repair
from index import Article

from ..settings import Settings
from .params import SearchParams

__all__ = [
    "MOUNT_POINT",
    "Site",
    "api_article_url",
    "article_file_path",
    "article_path",
    "article_url",
    "is_followed",
    "mounted",
    "slug",
    "url",
    "with_query",
]

MOUNT_POINT: Final = ContextVar("MOUNT_POINT", default="")
"""The prefix of the request that is being answered, ready for an address; none elsewhere."""
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG: Final = 80
#: Characters: the longest token of a list, and the path before it.
_LONGEST_ADDRESS: Final = 4200
_NAMELESS: Final = "tin"
#: So many hits are exported at once.
LARGEST_EXPORT_PAGE: Final = 500


def mounted(path: str) -> str:
    """The path as a link of this answer has it: behind the prefix under which the site runs."""
    return MOUNT_POINT.get() + path


def url(
    params: SearchParams,
    path: str = "/search",
    *,
    more: Sequence[tuple[str, str]] = (),
    page: int = 1,
    **changes: Any,
) -> str:
    """The link to a search, or to another view of it, with some of its fields replaced.

    Args:
        path: the page, file or feed that takes the parameters of a search.
        more: what only this path takes.
    """
    if changes or page != params.page:
        params = replace(params, page=page, **changes)
    pairs = params.pairs()
    query = urlencode(sorted([*pairs, *more]) if more else pairs)
    return f"{mounted(path)}?{query}" if query else mounted(path)


def article_url(
    article: Article, search: SearchParams | None = None, hit: int = 0, **changes: Any
) -> str:
    """The link to an article's page; as that hit of a search, counted from 1, where it has words.

    Args:
        changes: fields of the search to replace.
    """
    path = article_path(article.id, article.headline)
    if search is None or not search.query:
        return mounted(path)
    return url(search, path, more=[("hit", str(hit))], **changes)


def api_article_url(doc_id: str, part: str = "") -> str:
    """The link to an article, or to a part such as "/related", in the API.

    >>> api_article_url("d07", "/related")
    '/api/v1/articles/d07/related'
    """
    return mounted(f"/api/v1/articles/{quote(doc_id, safe='')}{part}")


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


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most 80 characters; "tin" for a text without.

    >>> slug("Hà Nội: Đường phố ngập sâu")
    'ha-noi-duong-pho-ngap-sau'
    """
    words = _NO_WORD.sub("-", fold(repair(text).lower())).strip("-")
    if len(words) > _LONGEST_SLUG:
        words = words[: _LONGEST_SLUG + 1].rpartition("-")[0] or words[:_LONGEST_SLUG]
    return words or _NAMELESS


@dataclass(frozen=True, slots=True)
class Site:
    """Where the site is reached: "https://kho.example/tin", without a slash at the end."""

    base: str

    @classmethod
    def of(cls, settings: Settings) -> "Site":
        """Where `timbao serve` puts the site under these settings."""
        return cls(settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}")

    @property
    def origin(self) -> str:
        """Its scheme, host and port."""
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{parts.netloc}"

    def absolute(self, path: str) -> str:
        """The full address of a path from the root."""
        return self.base + path


def is_followed(address: str) -> bool:
    """Whether an address is so short (4,200 characters) that every client follows it."""
    return len(address) <= _LONGEST_ADDRESS


def with_query(path: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The path with these parameters in this order."""
    return f"{path}?{urlencode(pairs)}" if pairs else path
