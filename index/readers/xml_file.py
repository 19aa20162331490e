"""Feeds and agencies' XML: RSS, Atom, WordPress exports, NewsML-G2 and NITF."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any, Final, cast

from lxml import etree

from ..article import Article
from .bad_record import BadRecord, Listener, RecordError
from .draft import Draft, RecordDrafts
from .record_names import FieldNames
from .records import draft_from_json
from .scanned_page import is_scan, read_scan
from .source_file import SourceFile
from .text_repair import one_line

__all__ = ["read_xml"]

_Element = etree._Element  # lxml has no public name for it
_Record = dict[str, object]

#: The elements that are one article each.
_ITEMS: Final = ("item", "entry", "newsItem", "nitf")
_PREFIXES: Final = {
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://search.yahoo.com/mrss/": "media",
}
_WORDPRESS: Final = "http://wordpress.org/export/"
_MAIL: Final = re.compile(r"\S+@\S+\s*\(([^()]+)\)")


def read_xml(source: SourceFile, told: Listener, names: FieldNames) -> Iterator[Article]:
    """The articles of a feed or a news item; entities from elsewhere are never fetched."""
    path = str(source.path)
    parser = etree.XMLPullParser(
        ("end",),
        # Whatever the file declares: its bytes are converted.
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        recover=True,
    )
    drafts = RecordDrafts(path, "xml_file", told)
    read = 0
    chunks = source.chunks()
    try:
        first = next(chunks, b"")
        if is_scan(first):
            yield from read_scan(source, told, b"".join([first, *chunks]))
            return
        for chunk in chain([first], chunks):
            parser.feed(chunk)
            for _, element in parser.read_events():
                if not isinstance(element, _Element):
                    continue
                name = _name(element)
                if name not in _ITEMS or (name == "nitf" and _within(element, "newsItem")):
                    continue
                read += 1
                line = cast(int, element.sourceline)
                if source.begins(line):
                    article = drafts.article(line, partial(_draft, element, names))
                    if article is not None:
                        yield article
                _forget(element)
    except (RecordError, etree.XMLSyntaxError) as error:
        reason = error.reason if isinstance(error, RecordError) else f"broken XML: {error}"
        told.bad(BadRecord(path, None, reason))
        return
    drafts.end()
    if not read:
        told.bad(BadRecord(path, None, "no feed, NewsML-G2 or NITF: nothing in it is an article"))


def _draft(element: _Element, names: FieldNames) -> Draft:
    record = _RECORDS[_name(element)](element)
    return draft_from_json(record, names)


def _feed_item(item: _Element) -> _Record:
    """An <item> of RSS, or of the export of a WordPress site."""
    record: _Record = {}
    for child in item:
        name = _qualified(child)
        text = _inner_text(child)
        if name == "category":
            kind = child.get("domain") or ""
            key = "tags" if kind == "post_tag" or "category" in record else "category"
            _append(record, key, text)
        elif name in ("author", "dc:creator") and (match := _MAIL.search(text)):
            _append(record, name, match[1])
        elif name.startswith(("wp:postmeta", "wp:comment", "media:", "slash:", "wfw:")):
            continue
        elif text:
            record.setdefault(_WORDPRESS_NAMES.get(name, name), text)
    kind, status = str(record.pop("wp:post_type", "post")), str(record.pop("wp:status", "publish"))
    if kind not in ("post", "page"):
        raise RecordError(f"a WordPress {kind}, no article")
    if status not in ("publish", "inherit"):
        raise RecordError(f"not published in WordPress ({status})")
    for key in [key for key in record if key.startswith("wp:")]:
        del record[key]
    feed = item.getparent()
    while feed is not None and _name(feed) not in ("channel", "rss", "RDF"):
        feed = feed.getparent()
    title = None if feed is None else next((c for c in feed if _name(c) == "title"), None)
    if title is not None and "source" not in record:
        record["source"] = _site_name(_inner_text(title))
    return record


#: What WordPress calls fields, as records do.
_WORDPRESS_NAMES: Final = {
    "wp:post_id": "id",
    "excerpt:encoded": "lead",
    "wp:post_date_gmt": "wp:post_date_gmt",
    "comments": "wp:comments",
    "description": "description",
}


def _atom_entry(entry: _Element) -> _Record:
    """An <entry> of Atom."""
    record: _Record = {}
    for child in entry:
        name = _name(child)
        if name == "link":
            if child.get("rel", "alternate") == "alternate" and child.get("href"):
                record.setdefault("url", child.get("href"))
        elif name == "author":
            _append(record, "authors", _text_of(child, "name"))
        elif name == "category":
            key = "tags" if "category" in record else "category"
            _append(record, key, child.get("label") or child.get("term") or "")
        elif name in ("title", "summary", "content", "published", "updated", "id"):
            record[name] = _markup(child) if child.get("type") == "xhtml" else _inner_text(child)
    feed = entry.getparent()
    if feed is not None:
        record["source"] = _site_name(_text_of(feed, "title"))
    record.setdefault("published", record.get("updated"))
    return record


def _news_item(item: _Element) -> _Record:
    """A <newsItem> of NewsML-G2, with NITF or HTML inside."""
    for element in item.iter(etree.Element):
        status = (element.get("qcode") or "").rpartition(":")[2]
        if _name(element) == "pubStatus" and status in ("canceled", "withheld"):
            raise RecordError(f"not published: {status} by its agency")
    record: _Record = {}
    inner = next((e for e in item.iter() if _name(e) == "nitf"), None)
    if inner is not None:
        record |= _nitf(inner)
    content = next((e for e in item.iter() if _name(e) in ("inlineXML", "inlineData")), None)
    if content is not None and inner is None:
        record["body"] = _markup(content) if len(content) else _inner_text(content)
    for key, path in _NEWS_ITEM:
        found = [
            text
            for element in item.iter()
            if _name(element) == path[-1]
            and _under(element, path[:-1])
            and (text := one_line(_spoken(element)))
        ]
        if found:
            record[key] = found if key in ("tags", "authors") else found[0]
    record["id"] = item.get("guid") or ""
    return record


_NEWS_ITEM: Final = (
    ("headline", ("contentMeta", "headline")),
    ("authors", ("contentMeta", "by")),
    ("lead", ("contentMeta", "description")),
    ("tags", ("contentMeta", "subject", "name")),
    ("published", ("itemMeta", "firstCreated")),
    ("published", ("contentMeta", "contentCreated")),
    ("published", ("itemMeta", "versionCreated")),
    ("source", ("itemMeta", "provider", "name")),
    ("source", ("contentMeta", "infoSource", "name")),
)


def _nitf(root: _Element) -> _Record:
    """A <nitf> document."""
    found: dict[str, list[_Element]] = {}
    for element in root.iter():
        found.setdefault(_name(element), []).append(element)

    def texts(*names: str) -> list[str]:
        for name in names:
            if held := [text for e in found.get(name, ()) if (text := one_line(_spoken(e)))]:
                return held
        return []

    content = found.get("body.content") or found.get("body") or []
    days = [
        e.get("norm") or "" for e in (*found.get("date.issue", ()), *found.get("story.date", ()))
    ]
    media = ("media-caption", "media")
    paragraphs = [
        text
        for part in content[:1]
        for e in part.iter()
        if _name(e) in ("p", "hl2", "li") and not any(_within(e, name) for name in media)
        and (text := one_line(_spoken(e)))
    ]  # fmt: skip
    return {
        "headline": next(iter(texts("hl1", "headline", "title")), ""),
        "lead": next(iter(texts("abstract")), ""),
        "authors": [text for e in found.get("byline", ()) if (text := _byline(e))],
        "body": paragraphs,
        "captions": texts("media-caption"),
        "published": next(filter(None, days), ""),
        "source": next((e.get("name") for e in found.get("pubdata", ()) if e.get("name")), ""),
        "section": next(
            (kind for e in found.get("pubdata", ()) if (kind := e.get("position.section"))), ""
        ),
        "tags": [e.get("key") for e in found.get("keyword", ()) if e.get("key")],
        "id": next((e.get("id-string") for e in found.get("doc-id", ()) if e.get("id-string")), ""),
        "url": next((e.get("ex-ref") for e in found.get("pubdata", ()) if e.get("ex-ref")), ""),
    }


def _byline(element: _Element) -> str:
    person = next((e for e in element.iter() if _name(e) == "person"), None)
    return one_line(_spoken(element if person is None else person))


_RECORDS: Final[dict[str, Callable[[_Element], _Record]]] = {
    "item": _feed_item,
    "entry": _atom_entry,
    "newsItem": _news_item,
    "nitf": _nitf,
}


def _append(record: _Record, key: str, text: str) -> None:
    held = record.setdefault(key, [])
    if text and isinstance(held, list) and text not in held:
        held.append(text)


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _qualified(element: _Element) -> str:
    """The name with the prefix by which everybody knows its namespace."""
    space, _, name = str(element.tag).removeprefix("{").rpartition("}")
    if space.startswith(_WORDPRESS):
        prefix = "excerpt" if "excerpt" in space else "wp"
    else:
        prefix = _PREFIXES.get(space, "")
    return f"{prefix}:{name}" if prefix else name


def _inner_text(element: _Element) -> str:
    return element.text or "" if not len(element) else _markup(element)


def _spoken(element: _Element) -> str:
    return "".join(map(str, element.itertext()))


def _markup(element: Any) -> str:
    """What is inside the element, as HTML."""
    parts = [element.text or ""]
    for child in element:
        if not isinstance(child.tag, str):
            parts.append(child.tail or "")  # an entity that is not read
            continue
        etree.cleanup_namespaces(child)
        parts.append(re.sub(r"<(/?)\w+:", r"<\1", etree.tostring(child, encoding="unicode")))
    return "".join(parts)


def _text_of(element: _Element, name: str) -> str:
    return next((_inner_text(child) for child in element if _name(child) == name), "")


def _within(element: _Element, name: str) -> bool:
    return any(_name(above) == name for above in element.iterancestors())


def _under(element: _Element, path: tuple[str, ...]) -> bool:
    above = [_name(e) for e in element.iterancestors()]
    return all(name in above for name in path)


def _site_name(title: str) -> str:
    """The site in a feed's title: "Thời sự - Báo Sông Lục" is the paper's, what stands last."""
    return one_line(re.split(r"\s[|»–-]\s", title)[-1])


def _forget(element: Any) -> None:
    """Free what was read, so that a long feed takes no more memory than an item."""
    element.clear(True)
    parent, before = element.getparent(), element.getprevious()
    while parent is not None and before is not None and _name(before) in _ITEMS:
        parent.remove(before)
        before = element.getprevious()
