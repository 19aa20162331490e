"""Articles as they lie in an index: packed records, and back without checking them again."""

import zlib
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final

import msgspec

from .article import (
    LARGEST_RECORD,
    NOTED,
    ORIGIN,
    Article,
    Precision,
    Provenance,
    RelatedItem,
    check_shown,
)
from .errors import IndexCorrupt

__all__ = ["load_article", "pack_article", "trusted_article", "unpack_article"]


class _StoredRecord(msgspec.Struct):
    """What `to_json` writes; the decoder checks the types."""

    id: str
    headline: str
    lead: str = ""
    body: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    url: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    tags: tuple[str, ...] = ()
    published_precision: Precision = "minute"
    published: str | None = None
    updated: str | None = None
    related: tuple[tuple[str, str, str], ...] = ()
    provenance: tuple[Any, ...] | None = None
    times: tuple[str | None, ...] = ()


_STORED: Final = msgspec.json.Decoder(_StoredRecord)


_PLAIN: Final = _StoredRecord.__struct_fields__[:-5]


def trusted_article(data: bytes) -> Article:
    """The article of a record that was checked when it was written; raises ValueError."""
    # Only what costs nothing is looked at again: types, times and the schemes of addresses.
    try:
        record = _STORED.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # It has half a surrogate pair, which this decoder does not read, or is no such record.
        return Article.from_json(data)
    article, put, origin = object.__new__(Article), object.__setattr__, record.provenance
    for name in _PLAIN:
        put(article, name, getattr(record, name))
    for name in ("published", "updated"):
        time: str | None = getattr(record, name)
        put(article, name, time and datetime.fromisoformat(time))
    for name, noted in zip_longest(NOTED, record.times):
        put(article, name, noted and datetime.fromisoformat(noted))
    put(article, "related", tuple(object.__new__(RelatedItem) for _ in record.related))
    for item, values in zip(article.related, record.related, strict=True):
        for name, value in zip(("headline", "snippet", "url"), values, strict=True):
            put(item, name, value)
    try:
        put(article, "provenance", origin and Provenance(**dict(zip(ORIGIN, origin, strict=False))))
        check_shown(article)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not a stored article: {error}") from error
    return article


def pack_article(data: bytes) -> bytes:
    """The stored bytes of an article's JSON."""
    return zlib.compress(data, 6)


def unpack_article(data: bytes) -> bytes:
    """The JSON that `pack_article` packed; raises ValueError for anything else.

    Never more than LARGEST_RECORD bytes are unpacked, whatever the packed ones would become.
    """
    unpacker = zlib.decompressobj()
    try:
        record = unpacker.decompress(data, LARGEST_RECORD)
    except zlib.error as error:
        raise ValueError(f"not a packed article: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("not a packed article: cut short, too long, or followed by something")
    return record


def load_article(path: str, data: bytes, *, trusted: bool = True) -> Article:
    """The article of stored bytes; raises IndexCorrupt where they do not match their checksum.

    Args:
        path: the file.
        trusted: whether values are taken as they are, which were checked when they were indexed.
    """
    try:
        record = unpack_article(data)
        return trusted_article(record) if trusted else Article.from_json(record)
    except ValueError as error:
        raise IndexCorrupt(path, "a stored article cannot be read") from error
