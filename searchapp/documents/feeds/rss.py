"""RSS 2.0 with the response elements of OpenSearch 1.1."""

from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Final
from xml.etree.ElementTree import Element

from index import VIETNAM_TIME

from ..xml_tree import add, document
from .feed import Feed, FeedEntry

__all__ = ["RSS_TYPE", "rss_feed"]

RSS_TYPE: Final = "application/rss+xml"

_NAMESPACES: Final = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}


def rss_feed(feed: Feed) -> bytes:
    """The feed as an RSS document."""
    root = Element("rss", {"version": "2.0", **_NAMESPACES, "xml:lang": "vi"})
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.html_url)
    add(channel, "description", feed.title)
    add(channel, "language", "vi")
    add(channel, "lastBuildDate", _time(feed.updated))
    links = (("self", feed.self_url), ("previous", feed.previous_url), ("next", feed.next_url))
    for relation, address in links:
        if address:
            attributes = {"rel": relation, "type": RSS_TYPE, "href": address}
            add(channel, "atom:link", "", attributes)
    search = {"rel": "search", "type": "application/opensearchdescription+xml"}
    add(channel, "atom:link", "", {**search, "href": feed.description_url})
    add(channel, "opensearch:totalResults", str(feed.total))
    add(channel, "opensearch:startIndex", str(feed.start))
    add(channel, "opensearch:itemsPerPage", str(feed.per_page))
    add(channel, "opensearch:Query", "", {"role": "request", "searchTerms": feed.query})
    for entry in feed.entries:
        _add_item(channel, entry)
    return document(root)


def _add_item(channel: Element, entry: FeedEntry) -> None:
    record, item = entry.record, add(channel, "item")
    add(item, "title", record.title)
    add(item, "link", record.permalink)
    add(item, "guid", entry.id, {"isPermaLink": "true"})
    add(item, "pubDate", _time(entry.published))
    add(item, "atom:updated", entry.updated.astimezone(VIETNAM_TIME).isoformat(timespec="seconds"))
    for name in record.authors:
        add(item, "dc:creator", name)
    if record.source:
        add(item, "dc:publisher", record.source)
    if record.section:
        add(item, "category", record.section)
    if record.abstract:
        # Readers take a description for HTML.
        add(item, "description", escape(record.abstract, quote=False))


def _time(time: datetime) -> str:
    return format_datetime(time.astimezone(VIETNAM_TIME))
