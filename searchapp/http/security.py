"""Headers that every answer carries, and which requests may change or fetch something by POST."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from ..text.messages import lazy_gettext
from . import context
from .problems import ApiError

__all__ = ["content_policy", "protect"]

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


_POLICY: Final = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'{asked}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {framed_by}"
)


def protect(app: Flask) -> None:
    """Allow a page nothing but this site's own files, and other sites no POST to this one."""
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    app.before_request(_refuse_cross_site)
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


def _refuse_cross_site() -> None:
    """Take a POST only from this site's own pages, or from a program that is no browser.

    Browsers say where a request comes from and let no page forge it: no token is needed, and so
    no cookie.
    """
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in _OWN_SITES:
            raise _cross_site()
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc not in context.own_hosts():
        raise _cross_site()


def _cross_site() -> ApiError:
    current_app.logger.warning("request %s came from another site", context.request_id())
    message = lazy_gettext(
        "Yêu cầu này phải được gửi từ một trang của kho. Hãy mở lại trang và thử lại."
    )
    return ApiError("csrf", message)


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", content_policy())
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or context.settings().public_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", _TRANSPORT_SECURITY)
    return response
