"""What a request handler may ask for: settings, the engine, the number of its request."""

import secrets
from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request

from index import VIETNAM_TIME, EngineStats, SearchEngine, SearchError, SearchRequest, open_engine

from ..query.urls import Site, mounted
from ..settings import Settings

__all__ = [
    "SharedEngine",
    "attach",
    "engine",
    "own_hosts",
    "request_id",
    "settings",
    "settings_of",
    "site",
    "stats",
    "stats_or_none",
    "today",
    "within_budgets",
]

_ENGINE = "timbao.engine"
_SETTINGS = "timbao.settings"


def attach(app: Flask, values: Settings) -> None:
    """Give an application its settings and its engine, which is opened later."""
    app.extensions[_SETTINGS] = values
    app.extensions[_ENGINE] = SharedEngine(values.index)


def settings() -> Settings:
    """The settings of the application that answers."""
    return cast(Settings, current_app.extensions[_SETTINGS])


def settings_of(app: Flask) -> Settings:
    """The settings of an application, while it is put together."""
    return cast(Settings, app.extensions[_SETTINGS])


def stats() -> EngineStats:
    """What the index held when the request first asked; raises SearchError."""
    if "stats" not in g:
        g.stats = engine().stats()
    return cast(EngineStats, g.stats)


def stats_or_none() -> EngineStats | None:
    """The same; None where the index cannot be searched now."""
    try:
        return stats()
    except SearchError:
        return None


def engine() -> SearchEngine:
    """The engine of the application that answers; raises SearchError where it cannot be opened."""
    return cast(SharedEngine, current_app.extensions[_ENGINE]).get()


def within_budgets(asked: SearchRequest) -> SearchRequest:
    """The same search within the time that the settings allow."""
    values = settings()
    return replace(
        asked, budget=values.search_budget / 1000, facet_budget=values.facet_budget / 1000
    )


def request_id() -> str:
    """Six hex digits that stand in the log and in the answer, the same for the whole request."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(3)
    return cast(str, g.request_id)


def site() -> Site:
    """Where this site is reached: as configured, else as the request addressed it."""
    public = settings().public_url
    origin = Site(public).origin if public else request.host_url.rstrip("/")
    return Site(origin + mounted(""))


def own_hosts() -> frozenset[str]:
    """The names, with their ports, under which this site is reached."""
    return frozenset({request.host, urlsplit(settings().public_url).netloc} - {""})


def today() -> date:
    """The day it is in Vietnam, or the one on which the site's clock was stopped."""
    stopped = settings().now
    if not stopped:
        return datetime.now(VIETNAM_TIME).date()
    now = datetime.fromisoformat(stopped)
    return (now if now.tzinfo is None else now.astimezone(VIETNAM_TIME)).date()


class SharedEngine:
    """Opens the index when it is first needed; every thread gets the same engine."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = Lock()
        self._engine: SearchEngine | None = None

    def get(self) -> SearchEngine:
        """The engine; raises what opening it raises, and tries again the next time."""
        with self._lock:
            if self._engine is None:
                self._engine = open_engine(self._url)
            return self._engine
