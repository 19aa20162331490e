"""What a request handler may ask for: settings, the engine, its caller and its number."""

import ipaddress
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from threading import Lock
from typing import Final, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request

from index import VIETNAM_TIME, EngineStats, SearchEngine, SearchError, SearchRequest, open_engine

from ..query.urls import Site, mounted
from ..settings import Settings

__all__ = [
    "attach",
    "engine",
    "extension",
    "is_this_machine",
    "network_of",
    "own_hosts",
    "public_origin",
    "request_id",
    "settings",
    "settings_of",
    "site",
    "stats",
    "stats_or_none",
    "today",
    "within_budgets",
]

_T = TypeVar("_T")
_ENGINE: Final = "timbao.engine"
_SETTINGS: Final = "timbao.settings"
_OPENING: Final = Lock()
_IPV6_SITE: Final = 64


def attach(app: Flask, values: Settings) -> None:
    """Give an application its settings."""
    app.extensions[_SETTINGS] = values


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
    """The engine of the application that answers, the same for every thread.

    It is opened when it is first needed: raises SearchError where that fails, and tries again the
    next time.
    """
    return extension(_ENGINE, lambda: open_engine(settings().index))


def extension(name: str, make: Callable[[], _T]) -> _T:
    """Something that the application that answers has once, made when it is first needed."""
    with _OPENING:
        if name not in current_app.extensions:
            current_app.extensions[name] = make()
        return cast(_T, current_app.extensions[name])


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


def public_origin() -> str:
    """Scheme, host and port of the public address; "" where none is configured."""
    public = settings().public_url
    return Site(public).origin if public else ""


def site() -> Site:
    """Where this site is reached: as configured, else as the request addressed it."""
    return Site((public_origin() or f"{request.scheme}://{request.host}") + mounted(""))


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


def network_of(address: str | None) -> str:
    """The address, or its first half where one caller has many (IPv6); "" where there is none.

    >>> network_of("2001:db8:1:2:3:4:5:6"), network_of("192.0.2.7")
    ('2001:db8:1:2::/64', '192.0.2.7')
    """
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_SITE), strict=False))
    return str(parsed)


def is_this_machine(address: str | None) -> bool:
    """Whether a request came from the machine that answers it.

    >>> is_this_machine("::1"), is_this_machine("192.0.2.7")
    (True, False)
    """
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        # A socket that has no address is a file of this machine.
        return not address
