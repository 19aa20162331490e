"""Reading a whole segment: every checksum, and every live article."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ...article import Article
from ...errors import IndexCorrupt
from ...segments.array_file import Array
from ...segments.segment import STORED_TEXTS, Segment
from ...segments.stored import load_article
from .codec import ArraySegment, open_segment


def live_articles(segment: Segment, live: Array) -> Iterator[Article]:
    """Every live article in order; raises IndexCorrupt where it is not the one of its id.

    Args:
        live: one bool a document.
    """
    path = segment.file.path
    for doc in np.flatnonzero(live).tolist():
        article = load_article(path, segment.stored.raw(doc), trusted=False)
        if article.id != segment.ids[doc]:
            raise IndexCorrupt(path, f"a stored article is {article.id}, not {segment.ids[doc]}")
        yield article


def verify_segment(folder: Path, info: ArraySegment) -> int:
    """The bytes of a segment's file, newly read; raises IndexCorrupt, FileNotFoundError."""
    segment = open_segment(folder, info)
    segment.file.verify((STORED_TEXTS,))
    for _ in live_articles(segment, info.live()):
        pass
    return info.path(folder).stat().st_size
