"""Walking through hits in a fixed order, however deep."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from ...model import SortOrder
from .connection import Json
from .generation import ClusterGeneration

#: Hits that one request brings: without and with what is stored.
_SKIPPED_A_REQUEST = 2_000
_READ_A_REQUEST = 200

_NEWEST: Json = {"published": {"order": "desc", "missing": "_last"}}
_OLDEST: Json = {"published": {"order": "asc", "missing": "_last"}}
_CHANGED: Json = {"changed": {"order": "desc", "missing": "_last", "unmapped_type": "date"}}
_ORDERS: dict[SortOrder, list[Json]] = {
    SortOrder.RELEVANCE: [{"_score": {"order": "desc"}}, _NEWEST],
    SortOrder.NEWEST: [_NEWEST],
    SortOrder.OLDEST: [_OLDEST],
    SortOrder.UPDATED: [_CHANGED, _NEWEST],
    SortOrder.TITLE: [{"title_key": {"order": "asc"}}, _NEWEST],
}


def sort_of(order: SortOrder) -> list[Json]:
    """The sort of an order; equal articles go by date, newest first, then by id."""
    return [*_ORDERS[order], {"id": {"order": "asc"}}]


class HitWalk:
    """One query in one order; the same copies of the shards answer every page of it."""

    def __init__(self, generation: ClusterGeneration, query: Json, order: SortOrder) -> None:
        self._generation = generation
        self._body: Json = {"query": query, "sort": sort_of(order), "track_total_hits": False}
        # Copies differ in what they have merged, and so in their scores.
        text = json.dumps(query, sort_keys=True)
        self._preference = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    def first(self, size: int, source: list[str]) -> list[Json]:
        """The first hits, up to `size`."""
        return self._ask(size, source, None)

    def hits(
        self, offset: int, limit: int, source: list[str], after: list[Any] | None = None
    ) -> Iterator[Json]:
        """The hits from `offset` on behind those of the sort values `after`, `limit` at most."""
        while offset:
            size = min(offset, _SKIPPED_A_REQUEST)
            skipped = self._ask(size, [], after)
            if len(skipped) < size:
                return
            after = skipped[-1]["sort"]
            offset -= size
        while limit:
            size = min(limit, _READ_A_REQUEST)
            found = self._ask(size, source, after)
            yield from found
            if len(found) < size:
                return
            after = found[-1]["sort"]
            limit -= size

    def _ask(self, size: int, source: list[str], after: list[Any] | None) -> list[Json]:
        body = {**self._body, "size": size, "_source": source or False}
        if after is not None:
            body["search_after"] = after
        answer = self._generation.search(
            body, search_type="dfs_query_then_fetch", preference=self._preference
        )
        hits: list[Json] = answer["hits"]["hits"]
        return hits
