"""What a news page says about itself: several witnesses, of whom those count that agree."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from ..article import VIETNAM_TIME, canonical_url
from .bad_record import RecordError
from .html_bylines import page_authors, page_section
from .html_elements import (
    by_class,
    headline_element,
    is_printed,
    meta_contents,
    properties,
    text_of,
    texts_at,
)
from .html_times import first_time, page_zone, shown_times, time_texts
from .json_ld import ids_of, names_of, read_linked_data, texts_of
from .markup import plain_text
from .outlets import outlet_name, site_domain
from .record_dates import parse_time
from .text_repair import one_line, words_of

__all__ = ["PageMetadata", "read_metadata"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """The page's account of itself, "" and () for what it does not say; times in ISO 8601."""

    headline: str
    headline_element: HtmlElement | None
    """Where the page prints it."""
    lead: str
    body: str
    url: str
    source: str
    authors: tuple[str, ...]
    section: str
    tags: tuple[str, ...]
    published: str
    updated: str
    is_article: bool
    """Whether its data say in one way or another that it is one article."""
    may_be_article: bool
    """Whether it shows a time or calls itself one, as articles do and some front pages."""
    live: tuple[str, ...]
    """The updates of a live page, each with its time."""
    notices: tuple[str, ...]


_SAVED_FROM: Final = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)", re.IGNORECASE)
_ALIKE: Final = 0.5
_LONGEST_LEAD: Final = 150
"""Words."""
_SAPO: Final = (
    "//*[self::h2 or self::p or self::div or self::strong or self::span][not(ancestor::li)]["
    + by_class(
        "sapo", "chapeau", "standfirst", "-summary", " summary ", " lead ", "-lead ", "description "
    )
    + "]"
)


def read_metadata(tree: HtmlElement, source_text: str = "", address: str = "") -> PageMetadata:
    """The page's metadata, by JSON-LD, Open Graph, <meta>, microdata and what the page shows.

    Data that cannot be read (an impossible date, a relative address) counts as absent.

    Args:
        tree: the page, without comments.
        source_text: the page as text, in whose comments browsers say where they saved it from.
        address: where the page was fetched, which counts where it names no address itself.
    """
    return _Witnesses(tree, source_text, address).metadata()


class _Witnesses:
    """The places of a page that tell of it."""

    def __init__(self, tree: HtmlElement, source_text: str, address: str) -> None:
        self._tree = tree
        self._contents = meta_contents(tree)
        saved = _SAVED_FROM.search(source_text, 0, 4096)
        canonical = tree.xpath("//link[@rel='canonical']/@href")
        fetched = [saved[1]] if saved else []
        fetched += [address] if address else []
        self._addresses = [*canonical, *self._meta("og:url"), *fetched]
        self._h1 = texts_at(tree, "//h1")
        self._titles = texts_at(tree, "//head/title")
        self._og = [*self._meta("og:title"), *self._meta("twitter:title")]
        shown = [*self._h1, *self._og, *self._titles]
        self._data = read_linked_data(tree, next(filter(canonical_url, self._addresses), ""), shown)
        self._article = self._data.article

    def metadata(self) -> PageMetadata:
        url = self._url()
        source = self._source(url)
        headline = self._headline(source)
        printed = headline_element(self._tree, headline)
        shown = cache(partial(shown_times, self._tree, printed))
        told = self._times()
        zone = page_zone(self._tree, site_domain(url), told)
        published = first_time(told, zone)
        if "T" not in published:
            times = [*told, *(text for element in shown() for text in time_texts(element))]
            zone = page_zone(self._tree, site_domain(url), times)
            published = first_time(times, zone)
        site = (
            *(source, *self._meta("og:site_name"), site_domain(url)),
            *names_of(self._article.get("publisher"), self._data),
        )
        section = page_section(self._tree, printed, self._sections(), site, headline, url)
        node = self._article or self._data.page
        authors = page_authors(
            self._tree,
            [
                names_of(node.get("author"), self._data),
                self._meta(
                    "article:author", "author", "dc.creator", "parsely-author", "dable:author"
                ),
            ],
            site,
            url,
            shown,
        )
        lost = self._data.broken and not (published and authors)
        return PageMetadata(
            headline=headline,
            headline_element=printed,
            lead=self._lead(),
            body=_first(texts_of(self._article.get("articleBody"))),
            url=url,
            source=source,
            authors=authors,
            section=section,
            tags=self._tags(),
            published=published,
            updated=first_time(
                [
                    *texts_of(self._article.get("dateModified")),
                    *self._meta("article:modified_time", "og:updated_time", "last-modified"),
                    *properties(self._tree, "dateModified"),
                ],
                zone,
            ),
            is_article=bool(self._article or told),
            may_be_article=bool(
                self._article
                or told
                or self._meta("og:type")[:1] in (["article"], ["video.other"])
                or shown()
            ),
            live=tuple(filter(None, (_update(entry) for entry in self._data.entries))),
            notices=("broken JSON-LD: what only it says is not known",) if lost else (),
        )

    def _meta(self, *names: str) -> list[str]:
        return [text for name in names for text in self._contents.get(name, [])]

    def _url(self) -> str:
        data = ids_of(self._article.get("mainEntityOfPage")) + texts_of(self._article.get("url"))
        base = next(filter(canonical_url, [*self._addresses, *data]), "")
        for address in [*self._addresses, *data]:
            try:
                whole = urljoin(base, address)
            except ValueError:
                continue
            if canonical_url(whole):
                return str(whole)
        return ""

    def _source(self, url: str) -> str:
        """The paper by its site; else the first name that is no address."""
        if known := outlet_name(site_domain(url)):
            return known
        names = [
            *self._meta("og:site_name", "application-name"),
            *names_of(self._article.get("publisher"), self._data),
            *self._meta("dc.publisher", "author:publisher"),
        ]
        for name in names:
            if known := outlet_name(site_domain(name)):
                return known
        return _first([name for name in names if not site_domain(name)] + names)

    def _headline(self, source: str) -> str:
        """The printed headline, if another witness says alike; else the one with most support."""
        data = list(map(plain_text, texts_of(self._article.get("headline"))))
        others = [_without_site(title, source) for title in [*self._og, *self._titles]]
        names = [source, *self._meta("og:site_name")]
        printed = [text for text in self._h1 if not any(_same(text, name) for name in names)]
        shown = [text for text in printed if self._supported(text, [*others, *data])]
        if shown:
            return max(shown, key=lambda text: self._support(text, [*others, *data]))
        told = [*others[: len(self._og)], *data, *others[len(self._og) :]]
        if not told:
            return _first(self._h1)
        for title in others if not self._og and not data else ():
            first = re.split(r" [|\-–] ", title)[0]
            if first != title and is_printed(self._tree, first):
                return first
        return max(told, key=lambda text: self._support(text, told)) if len(told) > 2 else told[0]

    def _supported(self, text: str, others: Sequence[str]) -> bool:
        return not others or any(_alike(text, other) >= _ALIKE for other in others)

    def _support(self, text: str, others: Sequence[str]) -> float:
        return sum(_alike(text, other) for other in others)

    def _lead(self) -> str:
        """As the page shows it; else as it describes itself."""
        said = [
            *map(plain_text, texts_of(self._article.get("description"))),
            *self._meta("og:description", "description", "twitter:description"),
            *properties(self._tree, "description"),
        ]
        said = [text for text in said if one_line(text)]
        for element in self._tree.xpath(_SAPO):
            text = text_of(element)
            words = len(text.split())
            if 4 < words <= _LONGEST_LEAD and (
                not said or any(_alike(text, other) >= _ALIKE for other in said)
            ):
                return text
        return _first(said)

    def _sections(self) -> tuple[list[str], list[str]]:
        """The sections as data name them, and the steps to the page."""
        said = [
            *map(plain_text, texts_of(self._article.get("articleSection"))),
            *self._meta("article:section"),
            *properties(self._tree, "articleSection"),
        ]
        return said, [*self._data.breadcrumb]

    def _tags(self) -> tuple[str, ...]:
        """The witness that names most; a list names one each, a text several."""
        lists = [
            [
                part
                for text in _split_tags(texts_of(self._article.get("keywords")))
                for part in text
            ],
            [part for text in _split_tags(self._meta("article:tag")) for part in text],
            [part for text in _split_tags(self._meta("news_keywords")) for part in text],
        ]
        best = max(lists, key=len)
        if not best:
            best = [part for text in _split_tags(self._meta("keywords")) for part in text]
        return tuple(best)

    def _times(self) -> list[str]:
        """When it was published, as the witnesses say it, the best first."""
        said = [
            *texts_of(self._article.get("datePublished")),
            *self._meta("article:published_time", "pubdate", "og:published_time", "dc.date"),
            *self._meta("dc.date.issued", "parsely-pub-date", "publish-date", "date"),
            *properties(self._tree, "datePublished"),
            *texts_of(self._article.get("coverageStartTime")),
            *texts_of(self._data.page.get("datePublished")),
            *texts_of(self._data.page.get("uploadDate")),
            *texts_of(self._article.get("dateCreated")),
        ]
        return list(map(str, said))


def _update(entry: dict[str, object]) -> str:
    """An entry of a live page on one line: time, headline, text."""
    time = _first(texts_of(entry.get("datePublished")))
    texts = [*texts_of(entry.get("headline")), *texts_of(entry.get("articleBody"))]
    text = one_line(" ".join(map(plain_text, texts)))
    try:
        found = parse_time(time)
    except RecordError:
        found = None
    if found is None or not text:
        return text
    local = found[0].astimezone(VIETNAM_TIME)
    return f"{local.hour:02}:{local.minute:02} {text}"


def _split_tags(texts: Sequence[str]) -> list[list[str]]:
    """Each text's tags: several of them are one each, unless a comma parts one further."""
    return [
        [
            tag
            for tag in re.split(r"[;|]" if ";" in text or "|" in text else ",", text)
            if tag.strip()
        ]
        for text in map(plain_text, texts)
    ]


def _without_site(title: str, site: str) -> str:
    """The title without what pages append: "Headline | Báo Mới", "Headline - Golem.de"."""
    for mark in (" | ", " - ", " – "):
        head, found, tail = title.rpartition(mark)
        if found and (_same(tail, site) or site_domain(tail.strip()) or len(tail.split()) <= 1):
            return _without_site(head.strip(), site)
    return title


def _same(one: str, other: str) -> bool:
    return one_line(one).casefold() == one_line(other).casefold()


def _alike(one: str, other: str) -> float:
    """The share of words that the shorter of two texts has in common with the other."""
    left, right = words_of(one), words_of(other)
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text.strip()), "")
