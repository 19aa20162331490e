"""What a news page says about itself: several witnesses, of whom those count that agree."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from lxml.html import HtmlElement

from ..article import VIETNAM_TIME, canonical_url
from .bad_record import RecordError
from .bylines import author_names, split_names
from .html_elements import ELSEWHERE, by_class, meta_contents, properties, text_of, texts_at
from .html_times import first_time, page_zone, shown_times
from .json_ld import ids_of, names_of, read_linked_data, texts_of
from .markup import plain_text
from .outlets import outlet_name, site_domain
from .record_dates import parse_time
from .text_repair import one_line, words_of

__all__ = ["PageMetadata", "is_person", "read_metadata"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """The page's account of itself, "" and () for what it does not say; times in ISO 8601."""

    headline: str
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
    """Whether it says in one way or another that it is one article."""
    live: tuple[str, ...]
    """The updates of a live page, each with its time."""
    notices: tuple[str, ...]


_SAVED_FROM: Final = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)", re.IGNORECASE)
_ALIKE: Final = 0.5
_LONGEST_LEAD: Final = 150
"""Words."""
_HOME: Final = frozenset(
    (
        "trang chủ",
        "trang nhất",
        "home",
        "homepage",
        "trang chu",
        "tin tức",
        "start",
        "startseite",
        "báo",
    )
)


_SAPO: Final = (
    "//*[self::h2 or self::p or self::div or self::strong or self::span][not(ancestor::li)]["
    + by_class(
        "sapo", "chapeau", "standfirst", "-summary", " summary ", " lead ", "-lead ", "description "
    )
    + "]"
)
_BYLINE: Final = (
    "//*[@rel='author'] | //*[@itemprop='author'] | //*["
    + by_class("author", "byline", "tacgia", "tac-gia", "writer", "journalist", "but-danh")
    + "]"
)
_BYLINE_WORDS: Final = 12


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
        times = self._times()
        zone = page_zone(self._tree, site_domain(url), times)
        published = first_time(times, zone)
        authors = self._authors(source, url)
        lost = self._data.broken and not (published and authors)
        return PageMetadata(
            headline=headline,
            lead=self._lead(),
            body=_first(texts_of(self._article.get("articleBody"))),
            url=url,
            source=source,
            authors=authors,
            section=self._section(headline, source),
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
            is_article=bool(
                self._article
                or self._meta("og:type")[:1] in (["article"], ["video.other"])
                or times
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
        shown = [text for text in self._h1 if self._supported(text, [*others, *data])]
        if shown:
            return max(shown, key=lambda text: self._support(text, [*others, *data]))
        told = [*others[: len(self._og)], *data, *others[len(self._og) :]]
        if not told:
            return _first(self._h1)
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

    def _authors(self, source: str, url: str) -> tuple[str, ...]:
        """The first witness that names people."""
        told = names_of(self._article.get("author"), self._data)
        shown = [
            text
            for element in self._tree.xpath(_BYLINE)
            if 0
            < len((text := element.get("content") or text_of(element)).split())
            <= _BYLINE_WORDS
            and not element.xpath(ELSEWHERE)
        ]
        named = self._meta(
            "article:author", "author", "dc.creator", "parsely-author", "dable:author"
        )
        site = (
            source,
            *self._meta("og:site_name"),
            *names_of(self._article.get("publisher"), self._data),
        )
        for witness in (told, named, shown):
            names = [part for text in witness for part in split_names(text)]
            kept: Sequence[str] = names
            for name in (*site, site_domain(url)):
                kept, _ = author_names(kept, name, url)
            if kept := [name for name in kept if is_person(name) or witness is told]:
                return tuple(dict.fromkeys(kept))
        return ()

    def _section(self, headline: str, source: str) -> str:
        """The first of the page's sections: what it says, or the first step of its breadcrumb."""
        said = [
            *map(plain_text, texts_of(self._article.get("articleSection"))),
            *self._meta("article:section"),
            *properties(self._tree, "articleSection"),
        ]
        steps = [
            *self._data.breadcrumb,
            *texts_at(self._tree, f"//*[{by_class('breadcrumb')}]//a"),
        ]
        site = {source.casefold(), *(name.casefold() for name in self._meta("og:site_name"))}
        for text in [*said, *steps]:
            name = one_line(text.partition(",")[0] if text in said else text).strip("/>» ")
            key = name.casefold()
            if key and key not in _HOME | site and "://" not in name and not _same(name, headline):
                return name
        return ""

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
            *self._tree.xpath("//time/@datetime"),
        ]
        return [*map(str, said), *shown_times(self._tree)]


_PERSON: Final = re.compile(r"(?:[^\W\d_][\w.’'-]*\s+){0,5}[^\W\d_][\w.’'-]*")


def is_person(name: str) -> bool:
    """Whether every word begins with a capital, as names of people do."""
    return _PERSON.fullmatch(name) is not None and all(
        word[0].isupper() or word in ("de", "van", "von", "der", "la") for word in name.split()
    )


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
