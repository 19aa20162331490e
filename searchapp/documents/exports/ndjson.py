"""Newline-delimited JSON, for scripts that read one article after the other."""

from collections.abc import Iterable, Iterator

from index import Article

from ...query.urls import Site
from ..article_documents import ArticleDocument
from ..json_text import json_text

__all__ = ["write_ndjson"]


def write_ndjson(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """One line an article: the document that `/article/<id>.json` gives, with the whole text."""
    for article in articles:
        yield json_text(ArticleDocument.of(article, site)) + "\n"
