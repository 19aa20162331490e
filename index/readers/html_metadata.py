"""What a news page says about itself: JSON-LD, Open Graph and <meta>."""

import html
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from ..article import canonical_url
from .bad_record import RecordError
from .record_dates import parse_time

__all__ = ["PageMetadata", "read_metadata", "text_of"]

_ARTICLE_ENDINGS: Final = ("article", "blogposting")

_Node = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """The page's own account of itself, "" and () for what it does not say; times as written."""

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


def read_metadata(tree: HtmlElement) -> PageMetadata:
    """The page's metadata: JSON-LD first, then Open Graph, then <meta>, then the page itself.

    Data that cannot be read (broken JSON-LD, an impossible date, a relative address) counts as
    absent.
    """
    nodes = list(_json_ld_nodes(tree))
    article = _article_node(nodes)
    by_id = {id_: node for node in nodes if "name" in node for id_ in _strings(node.get("@id"))}
    contents = _meta_contents(tree)

    def meta(name: str) -> list[str]:
        return contents.get(name, [])

    def named(key: str) -> list[str]:
        return list(_names(article.get(key), by_id))

    source = _first(named("publisher") + meta("og:site_name"))
    titles = [_without_site(title, source) for title in _texts(tree, "//head/title")]
    return PageMetadata(
        headline=_first(
            _strings(article.get("headline"))
            + [_without_site(title, source) for title in meta("og:title")]
            + _texts(tree, "//h1")
            + titles
        ),
        lead=_first(
            _strings(article.get("description")) + meta("og:description") + meta("description")
        ),
        body=_first(_strings(article.get("articleBody"))),
        url=next(
            filter(
                canonical_url,
                tree.xpath("//link[@rel='canonical']/@href")
                + _ids(article.get("mainEntityOfPage"))
                + _strings(article.get("url"))
                + meta("og:url"),
            ),
            "",
        ),
        source=source,
        authors=tuple(
            name
            for name in named("author") or meta("article:author") or meta("author")
            if "://" not in name
        ),
        section=_first(_strings(article.get("articleSection")) + meta("article:section")),
        tags=tuple(
            tag
            for text in _strings(article.get("keywords"))
            or meta("article:tag")
            or meta("news_keywords")
            or meta("keywords")
            for tag in text.split(",")
        ),
        published=_first_time(
            _strings(article.get("datePublished"))
            + meta("article:published_time")
            + meta("pubdate")
            + _properties(tree, "datePublished")
            + tree.xpath("//time/@datetime")
        ),
        updated=_first_time(
            _strings(article.get("dateModified"))
            + meta("article:modified_time")
            + meta("og:updated_time")
            + _properties(tree, "dateModified")
        ),
    )


def text_of(element: HtmlElement) -> str:
    """The element's text, white space folded."""
    return " ".join(str(element.text_content()).split())


def _json_ld_nodes(tree: HtmlElement) -> Iterator[_Node]:
    """Every object in the page's JSON-LD, outer before inner."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            # Not strict: real pages have line ends inside strings.
            level = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while level:
            yield from (value for value in level if isinstance(value, dict))
            level = [inner for value in level for inner in _inner(value)]


def _inner(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _article_node(nodes: Iterable[_Node]) -> _Node:
    """The first node of an article type (NewsArticle, ReportageNewsArticle ...), else {}."""
    for node in nodes:
        kinds = _strings(node.get("@type"))
        if any(kind.lower().endswith(_ARTICLE_ENDINGS) for kind in kinds):
            return node
    return {}


def _strings(value: object) -> list[str]:
    """The texts of a value that may be one text or a list of them."""
    values = value if isinstance(value, list) else [value]
    # Some systems escape for HTML inside JSON.
    return [html.unescape(text) for text in values if isinstance(text, str) and text.strip()]


def _names(value: object, by_id: dict[str, _Node]) -> Iterator[str]:
    """The names of people or organisations: texts, objects, references to objects, lists."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            named = item if "name" in item else by_id.get(str(item.get("@id")), {})
            yield from _strings(named.get("name"))
        else:
            yield from _strings(item)


def _ids(value: object) -> list[str]:
    return _strings(value.get("@id") if isinstance(value, dict) else value)


def _meta_contents(tree: HtmlElement) -> dict[str, list[str]]:
    """What the <meta> elements say, by property or name in lower case."""
    contents: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or "").strip().lower()
        if content := (element.get("content") or "").strip():
            contents.setdefault(name, []).append(content)
    return contents


def _texts(tree: HtmlElement, path: str) -> list[str]:
    return [text for element in tree.xpath(path) if (text := text_of(element))]


def _properties(tree: HtmlElement, name: str) -> list[str]:
    return [
        value
        for element in tree.xpath("//*[@itemprop=$name]", name=name)
        if (value := element.get("content") or element.get("datetime"))
    ]


def _without_site(title: str, site: str) -> str:
    """The title without the outlet's name that pages append: "Headline | Báo Mới"."""
    head, _, tail = title.rpartition(" | ") if " | " in title else title.rpartition(" - ")
    return head.strip() if site and tail.strip().casefold() == site.casefold() else title


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text.strip()), "")


def _first_time(texts: Iterable[str]) -> str:
    for text in texts:
        try:
            parse_time(text)
        except RecordError:
            continue
        return text
    return ""
