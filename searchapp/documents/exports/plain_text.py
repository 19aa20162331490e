"""Articles as text to read, with their citation."""

from collections.abc import Iterable, Iterator
from typing import Final

from index import Article

from ...query.urls import Site
from ...text.formatting import time_text
from ..citations import Style, cite
from ..record import one_line, record_of

__all__ = ["write_text"]

_RULE: Final = "\n" + "-" * 72 + "\n\n"


def write_text(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """Headline, origin, text and citation of each article, a rule between two."""
    separator = ""
    for article in articles:
        yield separator + "\n\n".join(filter(None, _paragraphs(article, site))) + "\n"
        separator = _RULE


def _paragraphs(article: Article, site: Site) -> Iterator[str]:
    record = record_of(article, site)
    published = article.published
    time = "" if published is None else time_text(published, article.published_precision)
    yield record.title
    yield " · ".join(filter(None, (record.source, record.section, time)))
    yield ", ".join(record.authors)
    yield record.abstract
    yield from map(one_line, article.body)
    yield "\n".join(f"Ảnh: {caption}" for caption in map(one_line, article.captions) if caption)
    yield f"Trích dẫn: {cite(record, Style.MOET)}"
    yield record.permalink
