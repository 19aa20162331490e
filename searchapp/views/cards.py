"""One article in a list of results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index import Article, Hit, Segment

from ..formatting import iso_text, time_text
from ..urls import article_path

__all__ = ["Card", "Meta", "cards", "headline_of", "meta_of"]

_UNTITLED_LENGTH = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """Where and when an article appeared; texts are empty where that is not known."""

    source: str
    section: str
    time_text: str
    time_iso: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A hit as it is shown; `related` are the matching related news of a hit without others."""

    number: int
    href: str
    title: tuple[Segment, ...]
    lead: tuple[Segment, ...]
    snippets: tuple[tuple[Segment, ...], ...]
    related_only: bool
    related: tuple[tuple[Segment, ...], ...]
    meta: Meta


def cards(hits: Sequence[Hit], first_number: int) -> tuple[Card, ...]:
    """The cards of one page, numbered from `first_number`."""
    return tuple(_card(hit, number) for number, hit in enumerate(hits, first_number))


def meta_of(article: Article) -> Meta:
    """The line above a headline."""
    published = article.published
    precision = article.published_precision
    return Meta(
        source=article.source,
        section=article.section,
        time_text="" if published is None else time_text(published, precision),
        time_iso="" if published is None else iso_text(published, precision),
    )


def headline_of(article: Article) -> str:
    """The headline, or how the text begins where there is none."""
    if article.headline.strip():
        return article.headline
    start = next(part for part in article.body if part.strip()).strip()
    return start if len(start) <= _UNTITLED_LENGTH else start[:_UNTITLED_LENGTH].rstrip() + "…"


def _card(hit: Hit, number: int) -> Card:
    article, marked = hit.article, hit.highlights
    return Card(
        number=number,
        href=article_path(article.id, article.headline),
        title=marked.title or (Segment(headline_of(article)),),
        lead=marked.lead or _segments(article.lead),
        snippets=_with_marks(marked.snippets),
        related_only=hit.related_only,
        related=_with_marks(marked.related) if hit.related_only else (),
        meta=meta_of(article),
    )


def _segments(text: str) -> tuple[Segment, ...]:
    return (Segment(text),) if text else ()


def _with_marks(texts: Iterable[tuple[Segment, ...]]) -> tuple[tuple[Segment, ...], ...]:
    """The texts in which something matches."""
    return tuple(text for text in texts if any(segment.marked for segment in text))
