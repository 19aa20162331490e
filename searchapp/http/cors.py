"""Which pages of other sites may read the API: those of the configured origins."""

from typing import Final

from flask import Flask, Response, request

from ..settings import ANY_ORIGIN, origin_list
from . import context

__all__ = ["allow_origins", "is_preflight"]

_PATHS: Final = ("/api/", "/embed/")
_METHODS: Final = "GET, HEAD, OPTIONS"
_SENT: Final = "Authorization, If-None-Match"
#: What a script may read of an answer beside its type, language, length and caching.
_READ: Final = (
    "ETag, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id"
)
#: Seconds; browsers keep it for less if that is too long for them.
_PREFLIGHT_AGE: Final = 86_400


def allow_origins(app: Flask) -> None:
    """Let pages of the origins in Settings.cors_origins read what is meant for programs.

    Nothing is ever allowed with credentials: the API knows no cookies.
    """
    app.before_request(_answer_preflight)
    app.after_request(_name_origin)


def is_preflight() -> bool:
    """Whether a browser asks if a page may send a request, before it sends it."""
    return (
        request.method == "OPTIONS"
        and "Origin" in request.headers
        and "Access-Control-Request-Method" in request.headers
        and request.path.startswith(_PATHS)
    )


def _answer_preflight() -> Response | None:
    if not is_preflight():
        return None
    response = Response(status=204)
    del response.headers["Content-Type"]
    if _allowed_origin() is not None:
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = _SENT
        response.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_AGE)
    return response


def _name_origin(response: Response) -> Response:
    if not request.path.startswith(_PATHS):
        return response
    # Also where no origin was sent: a cache must not give this answer to a page of another site.
    response.vary.add("Origin")
    if is_preflight():
        response.vary.update(("Access-Control-Request-Method", "Access-Control-Request-Headers"))
    origin = _allowed_origin()
    if origin is not None:
        response.headers["Access-Control-Allow-Origin"] = origin
        if not is_preflight():
            response.headers["Access-Control-Expose-Headers"] = _READ
    return response


def _allowed_origin() -> str | None:
    """What the browser is to be told: the page's own origin, "*" for any, None for nothing."""
    origin = request.headers.get("Origin")
    allowed = origin_list(context.settings().cors_origins)
    if origin is None:
        return None
    if ANY_ORIGIN in allowed:
        return ANY_ORIGIN
    return origin if origin in allowed else None
