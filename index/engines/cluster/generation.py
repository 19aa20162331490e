"""One generation of a cluster's articles: how many there are, and how many match what."""

import itertools
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cached_property
from threading import Lock
from typing import TypeVar

from ...schema import Zone
from .connection import Cluster, Json
from .index_versions import IndexVersion
from .mapping import ZONE_FIELDS

#: Up to so many articles, document frequencies are counted anew where articles were deleted;
#: beyond, a deleted article counts until the cluster merges its segment.
RECOUNTED_UP_TO = 100_000
_FILTERS_A_REQUEST = 200
_TERMS_A_REQUEST = 2_000
_REMEMBERED = 50_000
#: Labels of one column; a cluster makes 65,535 buckets at most.
MOST_LABELS = 60_000

Value = TypeVar("Value")
#: A field and a token in it.
FieldToken = tuple[str, str]


class Remembered:
    """Answers that hold as long as the generation, up to a number of them."""

    def __init__(self) -> None:
        self._values: dict[Hashable, int] = {}
        self._lock = Lock()

    def get(self, key: Hashable) -> int | None:
        """The answer under a key."""
        return self._values.get(key)

    def put(self, key: Hashable, value: int) -> None:
        """Keep an answer; the oldest ones go."""
        with self._lock:
            if len(self._values) >= _REMEMBERED:
                for old in list(self._values)[: _REMEMBERED // 10]:
                    del self._values[old]
            self._values[key] = value


class ClusterGeneration:
    """Figures of one generation, asked for once; threads may share it."""

    def __init__(self, cluster: Cluster, version: IndexVersion, number: int) -> None:
        self.cluster = cluster
        self.version = version
        self.number = number
        self._counts = Remembered()
        self._labels: dict[str, list[str]] = {}
        self._totals = self._ask_totals()

    @property
    def document_count(self) -> int:
        """Living articles."""
        return int(self._totals["hits"]["total"]["value"])

    def average_length(self, zone: Zone) -> float:
        """Mean tokens of a zone over all articles."""
        summed = self._totals["aggregations"][ZONE_FIELDS[zone]]["value"]
        return float(summed) / self.document_count if self.document_count else 0.0

    @property
    def published(self) -> tuple[float | None, float | None]:
        """The first and the last publication in milliseconds since 1970 UTC."""
        found = self._totals["aggregations"]
        return found["first"]["value"], found["last"]["value"]

    def search(self, body: Json, **parameters: str) -> Json:
        """The answer to a search of the articles."""
        return self.cluster.search(self.version.articles, body, **parameters)

    def count(self, key: Hashable, query: Callable[[], Json]) -> int:
        """How many articles match a query, exactly.

        Args:
            key: what stands for the query as long as the generation lives.
            query: makes it, where it has not been asked before.
        """
        found = self._counts.get(key)
        if found is None:
            body = {"size": 0, "track_total_hits": True, "query": _filtered(query())}
            found = int(self.search(body)["hits"]["total"]["value"])
            self._counts.put(key, found)
        return found

    def counts(self, queries: Sequence[tuple[Hashable, Callable[[], Json]]]) -> list[int]:
        """The same for many queries together."""
        missing = {key: make for key, make in queries if self._counts.get(key) is None}
        keys = list(missing)
        for start in range(0, len(keys), _FILTERS_A_REQUEST):
            chunk = keys[start : start + _FILTERS_A_REQUEST]
            filters = [missing[key]() for key in chunk]
            body = {
                "size": 0,
                "query": _filtered({"bool": {"should": filters}}),
                "aggs": {"each": {"filters": {"filters": filters}}},
            }
            buckets = self.search(body)["aggregations"]["each"]["buckets"]
            for key, bucket in zip(chunk, buckets, strict=True):
                self._counts.put(key, int(bucket["doc_count"]))
        return [self.count(key, make) for key, make in queries]

    def frequencies(self, tokens: Iterable[FieldToken]) -> dict[FieldToken, int]:
        """The document frequencies of tokens, 0 for those that no article has.

        They are looked up in the term dictionaries of all shards, which takes no longer for
        frequent tokens than for rare ones.
        """
        wanted = list(dict.fromkeys(tokens))
        found = dict.fromkeys(wanted, 0)
        for start in range(0, len(wanted), _TERMS_A_REQUEST):
            for token, shard_count in self._look_up(wanted[start : start + _TERMS_A_REQUEST]):
                found[token] += shard_count
        if self.deleted and self.document_count <= RECOUNTED_UP_TO:
            there = [token for token in wanted if found[token]]
            queries = [(token, _term_query(token)) for token in there]
            found |= zip(there, self.counts(queries), strict=True)
        return {token: self.capped(count) for token, count in found.items()}

    def capped(self, count: int) -> int:
        """A document frequency that agrees with the number of articles.

        Deleted articles count, and so do those that became visible for the next generation.
        """
        return min(count, self.document_count)

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""
        found = self._labels.get(column)
        if found is None:
            body: Json = {
                "size": 0,
                "aggs": {"labels": {"terms": {"field": column, "size": MOST_LABELS}}},
            }
            buckets = self.search(body)["aggregations"]["labels"]["buckets"]
            found = self._labels[column] = sorted(bucket["key"] for bucket in buckets)
        return found

    @cached_property
    def deleted(self) -> int:
        """Deleted articles that are still counted in document frequencies."""
        index = self.version.articles
        stats = self.cluster.ask(lambda c: c.indices.stats(index=index, metric="docs"))
        return int(stats["_all"]["primaries"]["docs"]["deleted"])

    @cached_property
    def _routings(self) -> list[str]:
        """One routing value for each shard."""
        found: dict[int, str] = {}
        shards = len(self._shards())
        for attempt in itertools.count():
            if len(found) == shards:
                break
            found.setdefault(self._shards(routing=str(attempt))[0], str(attempt))
        return list(found.values())

    def _shards(self, **parameters: str) -> list[int]:
        """The numbers of the shards, all or those of one routing value."""
        index = self.version.articles
        answer = self.cluster.ask(lambda c: c.search_shards(index=index, params=parameters))
        return [int(copies[0]["shard"]) for copies in answer["shards"]]

    def _look_up(self, tokens: Sequence[FieldToken]) -> Iterable[tuple[FieldToken, int]]:
        by_field: dict[str, list[str]] = {}
        for field, token in tokens:
            by_field.setdefault(field, []).append(token)
        document: dict[str, list[str]] = {}
        for field, values in by_field.items():
            document.setdefault(field.partition(".")[0], []).extend(values)
        asked: Json = {
            "doc": document,
            "fields": list(by_field),
            "term_statistics": True,
            "field_statistics": False,
            "positions": False,
            "offsets": False,
            "payloads": False,
        }
        body = {"docs": [{**asked, "routing": routing} for routing in self._routings]}
        index = self.version.articles
        shards = self.cluster.ask_each(lambda c: c.mtermvectors(index=index, body=body))
        wanted = set(tokens)
        for shard in shards:
            for field, vectors in shard.get("term_vectors", {}).items():
                for token, statistics in vectors["terms"].items():
                    if (field, token) in wanted:
                        yield (field, token), int(statistics.get("doc_freq", 0))

    def _ask_totals(self) -> Json:
        sums: Json = {name: {"sum": {"field": f"lengths.{name}"}} for name in ZONE_FIELDS.values()}
        first, last = {"min": {"field": "published"}}, {"max": {"field": "published"}}
        body: Json = {
            "size": 0,
            "track_total_hits": True,
            "aggs": {**sums, "first": first, "last": last},
        }
        return self.search(body)


def _filtered(query: Json) -> Json:
    return {"constant_score": {"filter": query}}


def _term_query(token: FieldToken) -> Callable[[], Json]:
    field, text = token
    return lambda: {"term": {field: text}}
