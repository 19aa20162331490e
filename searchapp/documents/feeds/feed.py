"""What a feed says, whatever its format."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from index import Article, Filters, Hit, SearchPage, SortOrder, TierScope

from ...query.archive_labels import ArchiveLabels
from ...query.options import DEFAULT_PER_PAGE, FILTER_NAMES
from ...query.params import SearchParams
from ...query.urls import Site, with_query
from ...text.formatting import date_text
from ..record import Record, record_of

__all__ = ["Feed", "FeedEntry", "FeedSource", "archive_feed", "feed_params", "search_feed"]

#: The year in which the names of tag: addresses were taken; it never changes.
_TAG_YEAR: Final = 2026
#: When a feed without entries was changed last; a later time would be a lie.
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """An article; `id` stays the same when its headline is corrected."""

    id: str
    record: Record
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One page of a feed, newest first; `start` is 1-based, the addresses are full ones."""

    id: str
    title: str
    site_name: str
    self_url: str
    html_url: str
    description_url: str
    next_url: str
    previous_url: str
    updated: datetime
    query: str
    total: int
    start: int
    per_page: int
    entries: tuple[FeedEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSource:
    """What feeds are made of, beside the search: the site and the names in its addresses."""

    site: Site
    site_name: str
    labels: ArchiveLabels


def feed_params(params: SearchParams) -> SearchParams:
    """The same search without marks, newest first, or what has changed last where asked for."""
    return replace(params, sort=_named_sort(params) or SortOrder.NEWEST, highlight=False)


def search_feed(
    params: SearchParams, page: SearchPage, source: FeedSource, path: str = "/search.atom"
) -> Feed:
    """The feed of a search.

    Args:
        params: as `feed_params` gives them; `page` is what they find.
        path: where the format of the feed is answered.
    """
    title = " · ".join((*_subject(params, source.labels), source.site_name))
    name = hashlib.sha1(_canonical_query(params).encode(), usedforsecurity=False).hexdigest()
    return _feed(params, page, source, path, title=title, name=f"search:{name}")


def archive_feed(params: SearchParams, page: SearchPage, source: FeedSource) -> Feed:
    """The feed of all that is new in the archive."""
    title = f"Tin mới nhất · {source.site_name}"
    return _feed(params, page, source, "/feed.atom", title=title, name="archive")


def _feed(
    params: SearchParams, page: SearchPage, source: FeedSource, path: str, *, title: str, name: str
) -> Feed:
    site = source.site
    on_site = replace(_addressed(params), page=1, per_page=DEFAULT_PER_PAGE)
    entries = tuple(_entries(page.hits, site))
    number, last = params.page, params.page_count(page.paged_total)
    return Feed(
        id=f"tag:{_host(site)},{_TAG_YEAR}:{name}",
        title=title,
        site_name=source.site_name,
        self_url=_address(site, path, params, number),
        html_url=site.absolute(with_query("/search", on_site.pairs())),
        description_url=site.absolute("/opensearch.xml"),
        next_url=_address(site, path, params, number + 1) if number < last else "",
        previous_url=_address(site, path, params, number - 1) if 1 < number <= last else "",
        updated=max((entry.updated for entry in entries), default=_NEVER),
        query=params.query,
        total=page.total,
        start=params.offset + 1,
        per_page=params.per_page,
        entries=entries,
    )


def _entries(hits: Sequence[Hit], site: Site) -> Iterator[FeedEntry]:
    """The hits with a known time: a feed cannot say "unknown", and a made-up time is none."""
    for hit in hits:
        article = hit.article
        if article.published is not None:
            yield _entry(article, article.published, site)


def _entry(article: Article, published: datetime, site: Site) -> FeedEntry:
    return FeedEntry(
        id=site.absolute(f"/article/{quote(article.id, safe='')}"),
        record=record_of(article, site),
        published=published,
        updated=max(filter(None, (article.changed, article.updated, published))),
    )


def _subject(params: SearchParams, labels: ArchiveLabels) -> Iterator[str]:
    """What the search is for, in a few words each."""
    filters = params.filters
    if params.query:
        yield f"“{params.query}”"
    elif filters == Filters():
        yield "Tin mới nhất"
    for attribute in FILTER_NAMES.values():
        prefix = "trừ " if attribute.startswith("not_") else ""
        for value in getattr(filters, attribute, ()):
            yield prefix + labels.name(attribute, value)
    if filters.published_from is not None:
        yield f"từ {date_text(filters.published_from)}"
    if filters.published_to is not None:
        yield f"đến {date_text(filters.published_to)}"


def _address(site: Site, path: str, params: SearchParams, page: int) -> str:
    """The address of a page of the feed; the usual order is understood."""
    pairs = replace(_addressed(params), sort=_named_sort(params), page=page).pairs()
    return site.absolute(with_query(path, pairs))


def _addressed(params: SearchParams) -> SearchParams:
    """The search without what goes without saying in a feed: no marks, and the first tier."""
    tiers = TierScope.PAGE if params.tiers is TierScope.FIRST else params.tiers
    return replace(params, highlight=True, tiers=tiers)


def _canonical_query(params: SearchParams) -> str:
    """What makes it this search and no other: the same for all of its pages."""
    sort = _named_sort(params)
    whole = replace(_addressed(params), sort=sort, page=1, per_page=DEFAULT_PER_PAGE)
    return urlencode(whole.pairs())


def _named_sort(params: SearchParams) -> SortOrder | None:
    return SortOrder.UPDATED if params.sort is SortOrder.UPDATED else None


def _host(site: Site) -> str:
    return urlsplit(site.base).hostname or "localhost"
