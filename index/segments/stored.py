"""How an article lies in the index: its JSON, compressed."""

import zlib

from ..article import Article
from ..errors import IndexCorrupt


def pack_article(data: bytes) -> bytes:
    """The stored bytes of an article's JSON."""
    return zlib.compress(data, 6)


def unpack_article(data: bytes) -> bytes:
    """The JSON that `pack_article` packed."""
    return zlib.decompress(data)


def load_article(path: str, data: bytes, *, trusted: bool = True) -> Article:
    """The article of stored bytes; raises IndexCorrupt where they do not match their checksum.

    Args:
        path: the file.
        trusted: whether values are taken as they are, which were checked when they were indexed.
    """
    try:
        return Article.from_json(zlib.decompress(data), trusted=trusted)
    except (zlib.error, ValueError) as error:
        raise IndexCorrupt(path, "a stored article cannot be read") from error
