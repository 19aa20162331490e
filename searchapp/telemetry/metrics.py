"""Counters and times for Prometheus."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from index import EngineStats

from .events import RequestEvent

__all__ = ["METRICS_TYPE", "Metrics"]

METRICS_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What an application counts; each has its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "timbao_requests", "Answers", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "timbao_request_seconds",
            "Time to an answer",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._searches = Counter(
            "timbao_searches",
            "Searches by whether they found something",
            ["found"],
            registry=self._registry,
        )
        self._dropped = Gauge(
            "timbao_log_entries_dropped", "Entries that no log has", registry=self._registry
        )
        self._articles = Gauge("timbao_articles", "Articles", registry=self._registry)
        self._generation = Gauge(
            "timbao_generation", "Generation of the index", registry=self._registry
        )
        self._ready = Gauge(
            "timbao_ready", "Whether the index can be searched", registry=self._registry
        )

    def count(self, event: RequestEvent, route: str) -> None:
        """Count a request; `route` is the rule that answered it, so that there are few."""
        self._requests.labels(route, str(event.status)).inc()
        self._seconds.labels(route).observe(event.ms / 1000)
        if event.search is not None:
            self._searches.labels("yes" if event.search.hits else "no").inc()

    def text(self, stats: EngineStats | None, dropped: int) -> bytes:
        """Everything in Prometheus' text format; None for an index that cannot be searched."""
        self._ready.set(stats is not None)
        self._articles.set(0 if stats is None else stats.articles)
        self._generation.set(0 if stats is None else stats.generation)
        self._dropped.set(dropped)
        return generate_latest(self._registry)
