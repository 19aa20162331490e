"""One article in a list of results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index import Article, Fragment, Hit

from ...documents.record import headline_of
from ...query.params import SearchParams
from ...query.urls import article_path, with_query
from ...text.formatting import encoding_text, iso_text, time_text
from ...text.i18n import number_text, translate
from .why import reasons

__all__ = [
    "Card",
    "Meta",
    "cards",
    "converted_from",
    "hit_path",
    "meta_of",
    "suspected_encoding",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """Where and when an article appeared; texts are empty where that is not known."""

    source: str
    section: str
    time_text: str
    time_iso: str


@dataclass(frozen=True, slots=True)
class Copy:
    """An article that is nearly the same text as a hit."""

    headline: str
    href: str
    meta: Meta


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A hit as it is shown; `related` are the matching related news of a hit without others."""

    id: str
    number: int
    href: str
    headline: str
    title: tuple[Fragment, ...]
    lead: tuple[Fragment, ...]
    snippets: tuple[tuple[Fragment, ...], ...]
    related_only: bool
    related: tuple[tuple[Fragment, ...], ...]
    reasons: tuple[str, ...]
    converted_from: str
    meta: Meta
    copies: tuple[Copy, ...] = ()
    copies_text: str = ""
    """How many articles are nearly the same text; empty where none is."""
    more_copies: str = ""
    """How many of them are not listed; empty where all are."""


def cards(hits: Sequence[Hit], params: SearchParams) -> tuple[Card, ...]:
    """The cards of one page of a search, numbered through all its pages."""
    return tuple(_card(hit, number, params) for number, hit in enumerate(hits, params.offset + 1))


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


def converted_from(article: Article) -> str:
    """The old encoding that the text was in; empty where it was in none."""
    provenance = article.provenance
    if provenance is None or provenance.encoding is None:
        return ""
    return encoding_text(provenance.encoding)


def suspected_encoding(article: Article) -> str:
    """The old encoding that the text, left as it is, may be in; empty where it looks right."""
    provenance = article.provenance
    if provenance is None or provenance.suspected_encoding is None:
        return ""
    return encoding_text(provenance.suspected_encoding)


def hit_path(article: Article, params: SearchParams, number: int) -> str:
    """The page of an article as that hit of a search, counted from 1."""
    path = article_path(article.id, article.headline)
    if not params.query:
        return path
    return with_query(path, sorted([*replace(params, page=1).pairs(), ("hit", str(number))]))


def _card(hit: Hit, number: int, params: SearchParams) -> Card:
    article, marked = hit.article, hit.highlights
    return Card(
        id=article.id,
        number=number,
        href=hit_path(article, params, number),
        headline=headline_of(article),
        title=marked.title or (Fragment(headline_of(article)),),
        lead=marked.lead or _segments(article.lead),
        snippets=_with_marks(marked.snippets),
        related_only=hit.related_only,
        related=_with_marks(marked.related) if hit.related_only else (),
        reasons=reasons(hit.matched),
        converted_from=converted_from(article),
        meta=meta_of(article),
        copies=tuple(map(_copy, hit.copies)),
        copies_text=_copies_text(hit.copy_count),
        more_copies=_more_copies_text(hit.copy_count - len(hit.copies)),
    )


def _copies_text(count: int) -> str:
    return translate("+%(count)s bản tương tự", count=number_text(count)) if count else ""


def _more_copies_text(count: int) -> str:
    return translate("và %(count)s bản khác", count=number_text(count)) if count else ""


def _copy(article: Article) -> Copy:
    return Copy(headline_of(article), article_path(article.id, article.headline), meta_of(article))


def _segments(text: str) -> tuple[Fragment, ...]:
    return (Fragment(text),) if text else ()


def _with_marks(texts: Iterable[tuple[Fragment, ...]]) -> tuple[tuple[Fragment, ...], ...]:
    """The texts in which something matches."""
    return tuple(text for text in texts if any(segment.marked for segment in text))
