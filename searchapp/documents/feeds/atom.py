"""Atom (RFC 4287) with the response elements of OpenSearch 1.1."""

from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element

from index import VIETNAM_TIME

from ...query.archive_labels import label_key
from ..xml_tree import add, document
from .feed import Feed, FeedEntry

__all__ = ["ATOM_TYPE", "atom_feed"]

ATOM_TYPE: Final = "application/atom+xml"

_NAMESPACES: Final = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}


def atom_feed(feed: Feed) -> bytes:
    """The feed as an Atom document."""
    root = Element("feed", {**_NAMESPACES, "xml:lang": "vi"})
    add(root, "id", feed.id)
    add(root, "title", feed.title)
    add(root, "updated", _time(feed.updated))
    add(add(root, "author"), "name", feed.site_name)
    _link(root, "self", feed.self_url, ATOM_TYPE)
    _link(root, "alternate", feed.html_url, "text/html")
    _link(root, "search", feed.description_url, "application/opensearchdescription+xml")
    if feed.previous_url:
        _link(root, "previous", feed.previous_url, ATOM_TYPE)
    if feed.next_url:
        _link(root, "next", feed.next_url, ATOM_TYPE)
    add(root, "opensearch:totalResults", str(feed.total))
    add(root, "opensearch:startIndex", str(feed.start))
    add(root, "opensearch:itemsPerPage", str(feed.per_page))
    add(root, "opensearch:Query", "", {"role": "request", "searchTerms": feed.query})
    for entry in feed.entries:
        _add_entry(root, entry)
    return document(root)


def _add_entry(root: Element, entry: FeedEntry) -> None:
    record, element = entry.record, add(root, "entry")
    add(element, "id", entry.id)
    add(element, "title", record.title)
    _link(element, "alternate", record.permalink, "text/html")
    add(element, "published", _time(entry.published))
    add(element, "updated", _time(entry.updated))
    # An entry without an author would be taken for the work of this site.
    for name in record.authors or filter(None, (record.source,)):
        add(add(element, "author"), "name", name)
    if record.source:
        add(element, "dc:publisher", record.source)
    if record.section:
        attributes = {"term": label_key(record.section), "label": record.section}
        add(element, "category", "", attributes)
    if record.abstract:
        add(element, "summary", record.abstract)


def _link(parent: Element, relation: str, address: str, mimetype: str) -> None:
    add(parent, "link", "", {"rel": relation, "type": mimetype, "href": address})


def _time(time: datetime) -> str:
    return time.astimezone(VIETNAM_TIME).isoformat(timespec="seconds")
