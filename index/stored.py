"""How an article lies in the index: its JSON, compressed."""

import zlib

from .documents import Article


def pack_article(data: bytes) -> bytes:
    """The stored bytes of an article's JSON."""
    return zlib.compress(data, 6)


def load_article(stored: bytes) -> Article:
    """The article of stored bytes."""
    return Article.from_json(zlib.decompress(stored))
