"""What an article page says to machines: JSON-LD, Open Graph and `citation_*` fields."""

from collections.abc import Iterator

from index import Article

from ..query.urls import Site, article_path
from ..text.formatting import headline_of, iso_text

__all__ = ["Json", "json_ld", "meta_fields"]

Json = dict[str, object]


def json_ld(article: Article, site: Site, site_name: str) -> Json:
    """The article as a schema.org NewsArticle; what is not known is left out."""
    document: Json = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline_of(article),
        "inLanguage": "vi",
        "mainEntityOfPage": site.absolute(article_path(article.id, article.headline)),
        "isPartOf": {"@type": "ArchiveOrganization", "name": site_name, "url": site.absolute("/")},
    }
    if article.lead:
        document["description"] = article.lead
    if article.published is not None:
        document["datePublished"] = iso_text(article.published, article.published_precision)
    if article.updated is not None:
        document["dateModified"] = iso_text(article.updated)
    if article.section:
        document["articleSection"] = article.section
    if article.authors:
        document["author"] = [{"@type": "Person", "name": name} for name in article.authors]
    if article.source:
        document["publisher"] = {"@type": "NewsMediaOrganization", "name": article.source}
    if article.tags:
        document["keywords"] = list(article.tags)
    if article.url:
        document["sameAs"] = article.url
    return document


def meta_fields(article: Article, site: Site, site_name: str) -> tuple[tuple[str, str, str], ...]:
    """The `<meta>` elements of the page: which attribute names the field, its name, its value."""
    return tuple(entry for entry in _fields(article, site, site_name) if entry[2])


def _fields(article: Article, site: Site, site_name: str) -> Iterator[tuple[str, str, str]]:
    published = article.published
    time = "" if published is None else iso_text(published, article.published_precision)
    day, _, _ = time.partition("T")
    address = site.absolute(article_path(article.id, article.headline))
    yield "name", "description", article.lead
    yield "property", "og:type", "article"
    yield "property", "og:title", headline_of(article)
    yield "property", "og:description", article.lead
    yield "property", "og:url", address
    yield "property", "og:site_name", site_name
    yield "property", "og:locale", "vi_VN"
    yield "property", "article:published_time", time
    yield "property", "article:section", article.section
    yield "name", "citation_title", headline_of(article)
    for author in article.authors:
        yield "name", "citation_author", author
    yield "name", "citation_publication_date", day.replace("-", "/")
    yield "name", "citation_journal_title", article.source
    yield "name", "citation_public_url", address
    yield "name", "citation_language", "vi"
