"""The page of one article."""

from collections.abc import Iterable
from dataclasses import dataclass

from index import Article, Filters, Hit, RelatedItem

from ..formatting import time_text
from ..labels import label_key
from ..params import SearchParams
from ..urls import article_path, search_path
from .cards import Card, Meta, cards, headline_of, meta_of
from .notices import Link

__all__ = ["ArticleView", "article_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article with its own related news and the ones that the engine found."""

    id: str
    headline: str
    lead: str
    body: tuple[str, ...]
    captions: tuple[str, ...]
    authors: str
    meta: Meta
    updated_text: str
    source_url: str
    crumbs: tuple[Link, ...]
    tags: tuple[Link, ...]
    own_related: tuple[RelatedItem, ...]
    related: tuple[Card, ...]
    converted_from: str
    canonical: str


def article_view(article: Article, related: Iterable[Hit]) -> ArticleView:
    """The page of an article and of the hits that are about the same subject."""
    provenance = article.provenance
    return ArticleView(
        id=article.id,
        headline=headline_of(article),
        lead=article.lead,
        body=article.body,
        captions=article.captions,
        authors=", ".join(article.authors),
        meta=meta_of(article),
        updated_text="" if article.updated is None else time_text(article.updated),
        source_url=article.url,
        crumbs=_crumbs(article),
        tags=tuple(Link(tag, search_path(SearchParams(query=f'"{tag}"'))) for tag in article.tags),
        own_related=article.related,
        related=cards(tuple(related), 1),
        converted_from="" if provenance is None else provenance.encoding or "",
        canonical=article_path(article.id, article.headline),
    )


def _crumbs(article: Article) -> tuple[Link, ...]:
    home = Link("Trang đầu", "/")
    if not article.section:
        return (home,)
    filters = Filters(sections=(label_key(article.section),))
    return (home, Link(article.section, search_path(SearchParams(filters=filters))))
