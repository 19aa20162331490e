"""Watching an application: each of its requests, and what those who run it may ask."""

import os
from datetime import UTC, datetime
from time import perf_counter
from typing import Final, cast

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from index import EngineStats, LoggedQuery

from ..documents.json_text import json_bytes
from ..http import context
from ..http.access import has_scope, key_id
from ..keys.api_keys import ADMIN
from .events import RequestEvent, SearchNote
from .query_log import QueryLog, SharedQueries
from .recorder import EventLog, Recorder, RequestLog

__all__ = ["blueprint", "note_search", "observe", "recorder", "shared_queries"]

blueprint = Blueprint("operations", __name__)

MULTIPROCESS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_METRICS: Final = "timbao.metrics"
_RECORDER: Final = "timbao.recorder"
_SHARED: Final = "timbao.shared_queries"
_NO_ROUTE: Final = "none"
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def observe(app: Flask) -> None:
    """Count and log every request; must come before anything else that looks at requests."""
    settings = context.settings_of(app)
    logs: list[EventLog] = []
    if settings.request_log:
        logs.append(RequestLog(settings.request_log))
    if settings.query_log:
        logs.append(QueryLog(settings.query_log))
    app.extensions[_METRICS] = counters = Metrics()
    app.extensions[_RECORDER] = Recorder(logs, counters.count_dropped)
    app.extensions[_SHARED] = SharedQueries(settings.query_log)
    app.before_request(_begin)
    app.after_request(_end)


def note_search(query: str, hits: int, page: int) -> None:
    """Say what the request searched for and how many hits there are on all pages.

    Args:
        query: as `normalized_query` gives it.
    """
    g.search = SearchNote(query=query, hits=hits, first_page=page == 1)


def recorder() -> Recorder:
    """What writes the logs of the application that answers."""
    return cast(Recorder, current_app.extensions[_RECORDER])


def shared_queries() -> tuple[LoggedQuery, ...]:
    """Queries that at least five callers typed on one day, as of the last five minutes."""
    return cast(SharedQueries, current_app.extensions[_SHARED]).get()


@blueprint.get("/healthz")
def health() -> Response:
    """That the process answers: a restart helps where this does not come, and only there."""
    return _unkept(Response(json_bytes({"status": "ok"}), mimetype="application/json"))


@blueprint.get("/readyz")
def readiness() -> Response:
    """Whether the index can be searched: 200, or 503 with the reason."""
    document = {"status": "ok", "articles": context.engine().count()}
    return _unkept(Response(json_bytes(document), mimetype="application/json"))


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counters for Prometheus; for nobody, unless a setting or an admin's key opens them."""
    if not (context.settings().metrics or has_scope(ADMIN)):
        abort(404)
    counters = cast(Metrics, current_app.extensions[_METRICS])
    text = counters.text(context.stats_or_none())
    return _unkept(Response(text, content_type=CONTENT_TYPE_LATEST))


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _begin() -> None:
    g.started = perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id = context.request_id()
    seconds = perf_counter() - g.started
    search: SearchNote | None = g.get("search")
    route = _NO_ROUTE if request.url_rule is None else request.url_rule.rule
    counters = cast(Metrics, current_app.extensions[_METRICS])
    counters.count(route, response.status_code, seconds, search)
    log = cast(Recorder, current_app.extensions[_RECORDER])
    if log.has_logs:
        log.record(
            RequestEvent(
                at=datetime.now(UTC),
                request_id=request_id,
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=1000 * seconds,
                address=context.network_of(request.remote_addr),
                key_id=key_id(),
                search=search,
            )
        )
    return response


class Metrics:
    """What an application counts: in this process, or together with others in a folder.

    The folder is that of the variable PROMETHEUS_MULTIPROC_DIR, which has to be set before the
    library is imported. What processes counted that have ended still counts.
    """

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
            "timbao_log_entries_dropped",
            "Entries that no log has",
            registry=self._registry,
            multiprocess_mode="sum",
        )
        self._articles = self._newest("timbao_articles", "Articles")
        self._generation = self._newest("timbao_generation", "Generation of the index")
        self._ready = self._newest("timbao_ready", "Whether the index can be searched")

    def _newest(self, name: str, about: str) -> Gauge:
        """What is looked up for whoever asks, whichever process answers."""
        return Gauge(name, about, registry=self._registry, multiprocess_mode="mostrecent")

    def count(self, route: str, status: int, seconds: float, search: SearchNote | None) -> None:
        """Count a request; `route` is the rule that answered it, so that there are few."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if search is not None:
            self._searches.labels("yes" if search.hits else "no").inc()

    def count_dropped(self, entries: int) -> None:
        """Count entries that no log has."""
        self._dropped.inc(entries)

    def text(self, stats: EngineStats | None) -> bytes:
        """Everything in Prometheus' text format; None for an index that cannot be searched."""
        self._ready.set(stats is not None)
        self._articles.set(0 if stats is None else stats.articles)
        self._generation.set(0 if stats is None else stats.generation)
        registry = self._registry
        if MULTIPROCESS_FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # registers itself
        return generate_latest(registry)
