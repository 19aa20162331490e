"""What programs look for on a website: its search description, its robots.txt, its sitemaps."""

from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree.ElementTree import Element

from index import Article

from ..query.urls import Site, article_path, mounted
from ..text.formatting import iso_text
from .feeds.atom import ATOM_TYPE
from .feeds.rss import RSS_TYPE
from .xml_tree import add, document

__all__ = [
    "SITEMAP_SIZE",
    "SUGGESTIONS_TYPE",
    "description_document",
    "robots_text",
    "sitemap",
    "sitemap_count",
    "sitemap_index",
]

#: Addresses on one page of the sitemap; a page is made when it is asked for.
SITEMAP_SIZE: Final = 1000

#: What browsers' search fields ask for while somebody types.
SUGGESTIONS_TYPE: Final = "application/x-suggestions+json"

_SITEMAPS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OPENSEARCH: Final = "http://a9.com/-/spec/opensearch/1.1/"
_SHORT_NAME_LENGTH: Final = 16
_NOT_CRAWLED: Final = ("/search", "/facet/", "/api/", "/opensearch/", "/export", "/list")
_CRAWLED: Final = ("/article/",)


def description_document(site: Site, site_name: str) -> bytes:
    """The OpenSearch description, from which a browser learns to search here."""
    root = Element("OpenSearchDescription", {"xmlns": _OPENSEARCH, "xml:lang": "vi"})
    add(root, "ShortName", _short_name(site_name))
    add(root, "Description", f"Tìm tin trong kho báo tiếng Việt của {site_name}")
    add(root, "Image", site.absolute("/static/icon.svg"), {"type": "image/svg+xml"})
    for mimetype, path in (
        ("text/html", "/search"),
        (ATOM_TYPE, "/search.atom"),
        (RSS_TYPE, "/search.rss"),
    ):
        template = site.absolute(f"{path}?q={{searchTerms}}&page={{startPage?}}")
        add(root, "Url", "", {"type": mimetype, "template": template})
    template = site.absolute("/opensearch/suggest?q={searchTerms}")
    add(root, "Url", "", {"type": SUGGESTIONS_TYPE, "rel": "suggestions", "template": template})
    own = {"type": "application/opensearchdescription+xml", "rel": "self"}
    add(root, "Url", "", {**own, "template": site.absolute("/opensearch.xml")})
    add(root, "Language", "vi")
    add(root, "InputEncoding", "UTF-8")
    add(root, "OutputEncoding", "UTF-8")
    return document(root)


def robots_text(site: Site) -> str:
    """Articles may be crawled, searches may not: there is no end of them."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {mounted(path)}" for path in _NOT_CRAWLED]
    lines += [f"Allow: {mounted(path)}" for path in _CRAWLED]
    return "\n".join((*lines, "", f"Sitemap: {site.absolute('/sitemap.xml')}", ""))


def sitemap_count(articles: int) -> int:
    """How many sitemaps that many articles fill; one may be empty."""
    return max(1, -(-articles // SITEMAP_SIZE))


def sitemap_index(site: Site, articles: int) -> bytes:
    """The list of all sitemaps."""
    root = Element("sitemapindex", {"xmlns": _SITEMAPS})
    for number in range(1, sitemap_count(articles) + 1):
        add(add(root, "sitemap"), "loc", site.absolute(f"/sitemap-{number}.xml"))
    return document(root)


def sitemap(site: Site, articles: Iterable[Article]) -> bytes:
    """The pages of these articles with the time of their last change, where it is known."""
    root = Element("urlset", {"xmlns": _SITEMAPS})
    for article in articles:
        page = add(root, "url")
        add(page, "loc", site.absolute(article_path(article.id, article.headline)))
        for changed in _changed(article):
            add(page, "lastmod", changed)
    return document(root)


def _changed(article: Article) -> Iterator[str]:
    if article.changed is not None:
        yield iso_text(article.changed)
    elif article.updated is not None:
        yield iso_text(article.updated)
    elif article.published is not None:
        yield iso_text(article.published, article.published_precision)


def _short_name(site_name: str) -> str:
    """At most 16 characters, cut between two words where there are two."""
    if len(site_name) <= _SHORT_NAME_LENGTH:
        return site_name
    start = site_name[: _SHORT_NAME_LENGTH + 1]
    return start.rpartition(" ")[0].strip() or site_name[:_SHORT_NAME_LENGTH]
