"""Writing many articles to a cluster: digests are asked for many at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice

from ...documents import Article
from ..bulk import BulkWriter
from .writer import ClusterWriter

#: Articles that are read ahead.
_AHEAD = 256


class ClusterBulkWriter(BulkWriter):
    """The writer that the engine hands out."""

    def __init__(self, writer: ClusterWriter) -> None:
        super().__init__(lambda: writer)
        self._cluster_writer = writer

    def put_all(self, articles: Iterable[Article]) -> Iterator[bool]:
        """Insert or replace many; False for one that was there unchanged."""
        return super().put_all(self._looked_up(articles))

    def _looked_up(self, articles: Iterable[Article]) -> Iterator[Article]:
        source = iter(articles)
        while chunk := list(islice(source, _AHEAD)):
            self._cluster_writer.look_up(article.id for article in chunk)
            yield from chunk
