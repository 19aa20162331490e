"""How an article lies in the index: its JSON, compressed."""

import zlib
from dataclasses import dataclass

from ..article import Article
from ..errors import IndexCorrupt


@dataclass(frozen=True, slots=True)
class StoredText:
    """The stored bytes of an article, and the file that they are from."""

    path: str
    data: bytes


def pack_article(data: bytes) -> bytes:
    """The stored bytes of an article's JSON."""
    return zlib.compress(data, 6)


def unpack_article(data: bytes) -> bytes:
    """The JSON that `pack_article` packed."""
    return zlib.decompress(data)


def load_article(stored: StoredText, *, trusted: bool = True) -> Article:
    """The article of stored bytes; raises IndexCorrupt where they do not match their checksum.

    Args:
        trusted: whether values are taken as they are, which were checked when they were indexed.
    """
    try:
        return Article.from_json(unpack_article(stored.data), trusted=trusted)
    except (zlib.error, ValueError) as error:
        raise IndexCorrupt(stored.path, "a stored article cannot be read") from error
