"""All that a search finds, a few hundred articles in memory at a time."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from index import MAX_RESULT_DEPTH, Article, SearchEngine, SearchRequest

__all__ = ["BATCH", "whole_search"]

#: Articles that are held in memory together.
BATCH: Final = 250


def whole_search(engine: SearchEngine, request: SearchRequest) -> Iterator[Article]:
    """Each article that the request finds, up to 10,000, without regard to its paging.

    An index that changes meanwhile moves articles between batches: none is given twice.

    Raises:
        QueryError: at once, not when the first article is taken.
    """
    engine.search(replace(request, offset=0, limit=1))
    return _batches(engine, request)


def _batches(engine: SearchEngine, request: SearchRequest) -> Iterator[Article]:
    given: set[str] = set()
    for offset in range(0, MAX_RESULT_DEPTH, BATCH):
        page = engine.search(replace(request, offset=offset, limit=BATCH))
        for hit in page.hits:
            if hit.id not in given:
                given.add(hit.id)
                yield hit.article
        if offset + BATCH >= page.total:
            return
