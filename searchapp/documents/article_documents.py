"""Articles as the JSON documents of the API."""

from datetime import datetime

from index import VIETNAM_TIME, Article

from ..query.archive_labels import label_key
from ..query.urls import Site, article_path
from .contract.articles import ArticleDocument, ArticleHead
from .contract.texts import Label

__all__ = ["article_document", "article_head"]


def article_document(article: Article, site: Site) -> ArticleDocument:
    """A whole article: the fields of a result, its text and the related news of its page."""
    return {
        **article_head(article, site),
        "body": list(article.body),
        "captions": list(article.captions),
        "tags": list(article.tags),
        "related_items": [
            {"headline": item.headline, "snippet": item.snippet, "url": item.url or None}
            for item in article.related
        ],
    }


def article_head(article: Article, site: Site) -> ArticleHead:
    """What is said of an article wherever it is named."""
    return {
        "id": article.id,
        "url": site.absolute(article_path(article.id, article.headline)),
        "source_url": article.url or None,
        "title": article.headline,
        "lead": article.lead,
        "source": _label(article.source),
        "section": _label(article.section),
        "authors": list(article.authors),
        "published_at": _time(article.published),
        "published_precision": article.published_precision,
        "updated_at": _time(article.updated),
    }


def _label(name: str) -> Label | None:
    return {"slug": label_key(name), "name": name} if name else None


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.astimezone(VIETNAM_TIME).isoformat()
