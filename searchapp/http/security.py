"""Headers that every answer carries, and what pages of other sites may send and read."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from ..settings import ANY_ORIGIN, origin_list
from ..text.messages import lazy_gettext
from . import context
from .problems import ApiError

__all__ = ["content_policy", "protect", "usual_headers"]

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_TRANSPORT_SECURITY: Final = "max-age=31536000"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OWN_SITES: Final = frozenset({"same-origin", "none"})
#: A form of this site is a list of article ids; nothing needs more.
_LARGEST_BODY: Final = 256 * 1024
_SHARED_PATHS: Final = ("/api/", "/embed/")
_SHARED_METHODS: Final = "GET, HEAD, OPTIONS"
_SENT_HEADERS: Final = "Authorization, If-None-Match"
#: What a script may read of an answer beside its type, language, length and caching.
_READ_HEADERS: Final = (
    "ETag, Link, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id"
)
#: Seconds; browsers keep it for less if that is too long for them.
_PREFLIGHT_AGE: Final = 86_400

_POLICY: Final = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'{asked}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {framed_by}"
)


def protect(app: Flask) -> None:
    """Allow a page nothing but this site's own files, and other sites no POST to this one.

    Pages of the origins in Settings.cors_origins may read what is meant for programs. Nothing is
    ever allowed with credentials: the API knows no cookies.
    """
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    app.before_request(_check_origin)
    app.after_request(_add_headers)


def content_policy(*, scripts: str = "", asked: str = "", framed_by: Sequence[str] = ()) -> str:
    """What a page may load: this site's own files, and what is named here.

    Args:
        scripts: another origin whose scripts it may run.
        asked: another origin that its scripts may ask.
        framed_by: the origins that may show it in a frame.
    """
    return _POLICY.format(
        scripts=f" {scripts}" if scripts else "",
        asked=f" {asked}" if asked else "",
        framed_by=" ".join(framed_by) or "'none'",
    )


_USUAL_POLICY: Final = content_policy()


def usual_headers(*, secure: bool) -> list[tuple[str, str]]:
    """Names and values of what every answer carries; `secure` where it goes over HTTPS."""
    headers = [("Content-Security-Policy", _USUAL_POLICY), *_HEADERS.items()]
    return [*headers, ("Strict-Transport-Security", _TRANSPORT_SECURITY)] if secure else headers


def _check_origin() -> Response | None:
    """Answer a preflight; take a POST only from this site's own pages, or from no browser.

    Browsers say where a request comes from and let no page forge it: no token is needed, and so
    no cookie.
    """
    if request.method in _SAFE_METHODS:
        return _preflight_answer() if _is_preflight() else None
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        own = site in _OWN_SITES
    else:
        own = origin is None or urlsplit(origin).netloc in context.own_hosts()
    if own:
        return None
    current_app.logger.warning("request %s came from another site", context.request_id())
    message = lazy_gettext(
        "Yêu cầu này phải được gửi từ một trang của kho. Hãy mở lại trang và thử lại."
    )
    raise ApiError("csrf", message)


def _is_preflight() -> bool:
    """Whether a browser asks if a page may send a request, before it sends it."""
    return (
        request.method == "OPTIONS"
        and "Origin" in request.headers
        and "Access-Control-Request-Method" in request.headers
        and request.path.startswith(_SHARED_PATHS)
    )


def _preflight_answer() -> Response:
    response = Response(status=204)
    del response.headers["Content-Type"]
    if _allowed_origin() is not None:
        response.headers["Access-Control-Allow-Methods"] = _SHARED_METHODS
        response.headers["Access-Control-Allow-Headers"] = _SENT_HEADERS
        response.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_AGE)
    return response


def _add_headers(response: Response) -> Response:
    if request.path.startswith(_SHARED_PATHS):
        _name_origin(response)
    secure = request.is_secure or context.settings().public_url.startswith("https://")
    for name, value in usual_headers(secure=secure):
        response.headers.setdefault(name, value)
    return response


def _name_origin(response: Response) -> None:
    # Also where no origin was sent: a cache must not give this answer to a page of another site.
    response.vary.add("Origin")
    preflight, origin = _is_preflight(), _allowed_origin()
    if preflight:
        response.vary.update(("Access-Control-Request-Method", "Access-Control-Request-Headers"))
    if origin is not None:
        response.headers["Access-Control-Allow-Origin"] = origin
        if not preflight:
            response.headers["Access-Control-Expose-Headers"] = _READ_HEADERS


def _allowed_origin() -> str | None:
    """What the browser is to be told: the page's own origin, "*" for any, None for nothing."""
    origin = request.headers.get("Origin")
    allowed = origin_list(context.settings().cors_origins)
    if origin is None:
        return None
    if ANY_ORIGIN in allowed:
        return ANY_ORIGIN
    return origin if origin in allowed else None
