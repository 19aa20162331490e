"""The page of one article."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from index import Article, ArticleMarks, Filters, Fragment, Hit, RelatedItem

from ...documents.citations import Citation
from ...documents.record import headline_of
from ...documents.related_reasons import related_reason
from ...query.archive_labels import label_key
from ...query.params import SearchParams
from ...query.urls import Site, article_file_path, article_path, search_path
from ...text.formatting import time_text
from ...text.i18n import translate
from .cards import Meta, converted_from, meta_of, suspected_encoding
from .neighbours import Place
from .notices import Link
from .structured_data import Json, json_ld, meta_fields

__all__ = ["ArticleView", "FormatLink", "RelatedCard", "article_view"]

#: Suffixes of the formats that an article can be had in, what they are called and their types.
_FORMATS: Final = (
    ("ris", "RIS", "application/x-research-info-systems"),
    ("bib", "BibTeX", "application/x-bibtex"),
    ("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json"),
    ("json", "JSON", "application/json"),
    ("txt", "TXT", "text/plain"),
)


@dataclass(frozen=True, slots=True)
class FormatLink:
    """The article in another format."""

    text: str
    href: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedCard:
    """Another article about the same subject, and why it is called that."""

    headline: str
    href: str
    meta: Meta
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """An article with its own related news and the ones that the engine found."""

    id: str
    title: str
    headline: tuple[Fragment, ...]
    lead: tuple[Fragment, ...]
    body: tuple[tuple[Fragment, ...], ...]
    captions: tuple[tuple[Fragment, ...], ...]
    authors: str
    meta: Meta
    updated_text: str
    source_url: str
    crumbs: tuple[Link, ...]
    tags: tuple[Link, ...]
    own_related: tuple[RelatedItem, ...]
    related: tuple[RelatedCard, ...]
    converted_from: str
    suspected_encoding: str
    original: str
    citations: tuple[Citation, ...]
    formats: tuple[FormatLink, ...]
    place: Place
    first_marked: int | None
    """Which paragraph of the body is the first with a mark, where the lead has none."""
    canonical: str
    json_ld: Json
    meta_fields: tuple[tuple[str, str, str], ...]


def article_view(
    article: Article,
    place: Place,
    *,
    related: Iterable[Hit],
    citations: tuple[Citation, ...],
    site: Site,
    site_name: str,
) -> ArticleView:
    """The page of an article and of the hits that are about the same subject."""
    provenance, marks = article.provenance, place.marks
    path = article_path(article.id, article.headline)
    has_headline = bool(article.headline.strip())
    return ArticleView(
        id=article.id,
        title=headline_of(article),
        headline=marks.headline if marks and has_headline else (Fragment(headline_of(article)),),
        lead=marks.lead if marks else _plain((article.lead,))[0],
        body=marks.body if marks else _plain(article.body),
        captions=marks.captions if marks else _plain(article.captions),
        authors=", ".join(article.authors),
        meta=meta_of(article),
        updated_text="" if article.updated is None else time_text(article.updated),
        source_url=article.url,
        crumbs=_crumbs(article),
        tags=tuple(Link(tag, search_path(SearchParams(query=f'"{tag}"'))) for tag in article.tags),
        own_related=article.related,
        related=tuple(_related(article, hit.article) for hit in related),
        converted_from=converted_from(article),
        suspected_encoding=suspected_encoding(article),
        original="" if provenance is None else provenance.original or "",
        citations=citations,
        formats=tuple(
            FormatLink(name, article_file_path(article.id, suffix), kind)
            for suffix, name, kind in _FORMATS
        ),
        place=place,
        first_marked=_first_marked(marks),
        canonical=site.absolute(path),
        json_ld=json_ld(article, site, site_name),
        meta_fields=meta_fields(article, site, site_name),
    )


def _first_marked(marks: ArticleMarks | None) -> int | None:
    if marks is None or any(segment.marked for segment in marks.lead):
        return None
    return next((n for n, text in enumerate(marks.body) if any(s.marked for s in text)), None)


def _related(article: Article, other: Article) -> RelatedCard:
    return RelatedCard(
        headline=headline_of(other),
        href=article_path(other.id, other.headline),
        meta=meta_of(other),
        reason=related_reason(article, other),
    )


def _plain(texts: Sequence[str]) -> tuple[tuple[Fragment, ...], ...]:
    return tuple((Fragment(text),) if text else () for text in texts)


def _crumbs(article: Article) -> tuple[Link, ...]:
    home = Link(translate("Trang đầu"), "/")
    if not article.section:
        return (home,)
    filters = Filters(sections=(label_key(article.section),))
    return (home, Link(article.section, search_path(SearchParams(filters=filters))))
