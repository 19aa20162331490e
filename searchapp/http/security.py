"""The site's own hosts, headers of every answer, what pages of other sites may send and read.

And how answers are packed.
"""

import hashlib
import socket
import sys
import zlib
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import RequestURITooLarge
from werkzeug.routing import RequestRedirect

from ..query.urls import is_followed
from ..settings import (
    ANY_ORIGIN,
    Settings,
    comma_list,
    host_list,
    is_host,
    matches_host,
    matches_origin,
    parsed_host,
)
from ..text.messages import lazy_gettext
from . import context
from .problems import SECURITY_HEADERS, ApiError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["TRANSPORT_SECURITY", "OwnHosts", "protect"]

TRANSPORT_SECURITY: Final = "max-age=31536000"
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
#: What says to which host a request was sent.
_NAMED_BY_PROXIES: Final = ("Host", "X-Forwarded-Host", "X-Forwarded-Proto")
#: Seconds; browsers keep it for less if that is too long for them.
_PREFLIGHT_AGE: Final = 86_400


def protect(app: Flask) -> None:
    """Allow a page nothing but this site's own files, and other sites no POST to this one.

    Pages of the origins in Settings.cors_origins may read what is meant for programs. Nothing is
    ever allowed with credentials: the API knows no cookies.
    """
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    app.before_request(_check_request)
    # The last of these first: what is packed and tagged is what the others leave.
    app.after_request(_shorten)
    app.after_request(_add_headers)


class OwnHosts:
    """The hosts under which this site is asked: those of the settings, and this machine's own.

    Whatever makes an address of a request's host, or compares with it, comes after `settle`.
    """

    def __init__(self, settings: Settings) -> None:
        public = urlsplit(settings.public_url).netloc.lower()
        listening = f"[{settings.host}]" if ":" in settings.host else settings.host
        self._fallback: Final = public or "localhost"
        self._in_local_network: Final = (
            listening in _ALL_ADDRESSES and not settings.public_url and not settings.allowed_hosts
        )
        own = ["localhost", "*.localhost", _without_port(public), _without_port(listening)]
        if self._in_local_network:
            machine = socket.gethostname().lower()
            own += [machine, f"{machine}.local"]
        self._allowed: Final = frozenset({*host_list(settings.allowed_hosts), *own} - {""})
        usual = {public, *self._allowed, *(f"{name}:{settings.port}" for name in self._allowed)}
        self.usual: Final = frozenset(name for name in usual if is_host(name))
        """As most requests name them, in the right spelling: nothing has to be settled."""

    def settle(self, environ: "WSGIEnvironment") -> None:
        """Leave the one spelling of an own host in the request, and say where it named another.

        Another host is nowhere to be seen afterwards but under UNKNOWN_HOST, for the log.
        """
        scheme = environ["wsgi.url_scheme"].lower()
        typed = environ.get("HTTP_HOST")
        if typed is None and environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
            # Clients as old as that need not say whom they ask.
            typed = self._fallback
        found = parsed_host(typed or "")
        if scheme in ("http", "https") and found is not None and self._has(*found):
            host, port = found
            environ["HTTP_HOST"] = f"{host}:{port}" if port else host
        else:
            environ[_UNKNOWN_HOST] = f"{scheme}://{typed}"
            environ["HTTP_HOST"], scheme = self._fallback, "http"
        environ["wsgi.url_scheme"] = scheme

    def _has(self, host: str, port: str) -> bool:
        if matches_host(host, port, self._allowed):
            return True
        try:
            address = ip_address(host.strip("[]"))
        except ValueError:
            return False
        if self._in_local_network:
            return any(address in network for network in _LOCAL_NETWORKS)
        return address.is_loopback


def _without_port(host: str) -> str:
    found = parsed_host(host)
    return "" if found is None else found[0]


_UNKNOWN_HOST: Final = "timbao.unknown_host"
_ALL_ADDRESSES: Final = frozenset({"0.0.0.0", "[::]", "*"})  # noqa: S104  # compared, not bound
#: From which nobody reaches the server but its neighbours, or itself.
_LOCAL_NETWORKS: Final = tuple(
    map(
        ip_network,
        (
            *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
            *("169.254.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7", "fe80::/10"),
        ),
    )
)


def _unknown_host() -> ApiError:
    message = "request %s: %.100r is no host of this site; TIMBAO_ALLOWED_HOSTS can name it"
    current_app.logger.warning(message, context.request_id(), request.environ[_UNKNOWN_HOST])
    return ApiError(
        "unknown-host",
        lazy_gettext(
            "Kho không dùng tên miền này. "
            "Người quản trị có thể thêm tên miền bằng TIMBAO_ALLOWED_HOSTS."
        ),
        (("Cache-Control", "no-store"),),
    )


def _check_request() -> Response | None:
    """Answer a preflight; take a POST only from this site's own pages, or from no browser.

    Before that refuse what was sent to another host, and what the router would send on to an
    address that is longer than any of this site.

    Browsers say where a request comes from and let no page forge it: no token is needed, and so
    no cookie.
    """
    if _UNKNOWN_HOST in request.environ:
        raise _unknown_host()
    routed = request.routing_exception
    if isinstance(routed, RequestRedirect):
        if not is_followed(routed.new_url):
            raise RequestURITooLarge
        # From the root: a cache must not send others to the scheme and port of this request.
        routed.new_url = urlsplit(routed.new_url)._replace(scheme="", netloc="").geturl()
    if request.method in _SAFE_METHODS:
        return _preflight_answer() if request.method == "OPTIONS" and _is_preflight() else None
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
    """Whether with OPTIONS a browser asks if a page may send a request, before it sends it."""
    return (
        "Origin" in request.headers
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
    settings = context.settings()
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure or settings.public_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", TRANSPORT_SECURITY)
    if not settings.public_url:
        # Addresses in the answer begin as the request's did: a cache must not give them to others.
        response.vary.update(_NAMED_BY_PROXIES if settings.proxies else _NAMED_BY_PROXIES[:1])
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
    allowed = comma_list(context.settings().cors_origins)
    if origin is None:
        return None
    if ANY_ORIGIN in allowed:
        return ANY_ORIGIN
    return origin if matches_origin(origin, allowed) else None


#: Bytes, below which the header of the answer weighs more than what is saved.
_SMALLEST: Final = 1024
_PACKED: Final = frozenset(
    {
        *("text/html", "text/css", "text/csv", "text/javascript", "text/plain", "text/xml"),
        *("application/json", "application/problem+json", "application/ld+json"),
        *("application/xml", "application/atom+xml", "application/rss+xml", "image/svg+xml"),
        *("application/opensearchdescription+xml", "application/x-suggestions+json"),
        *("application/vnd.citationstyles.csl+json", "application/x-research-info-systems"),
        *("application/x-bibtex", "application/x-ndjson"),
    }
)
#: More takes longer than it saves: gzip 0.7 ms for a page of 69 kB, zstd 0.2.
_GZIP_LEVEL: Final = 2
_ZSTD_LEVEL: Final = 3
#: For zlib: a gzip header around the data.
_GZIP: Final = 31
_DIGEST_BYTES: Final = 8


def _shorten(response: Response) -> Response:
    """The answer packed as its reader likes, or 304 to who has the same page.

    What is made while it is sent stays as it is: packing would keep back what is ready.
    """
    if response.mimetype not in _PACKED or not response.is_sequence:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if response.mimetype == "text/html" and response.status_code == 200:
        # Weak: the same page, however packed.
        digest = hashlib.blake2b(body, digest_size=_DIGEST_BYTES).hexdigest()
        response.set_etag(digest, weak=True)
        response.headers.setdefault("Cache-Control", "no-cache")
        response.make_conditional(request.environ)
    # A coding that is not named may be one that a program along the way does not know.
    accepted = request.accept_encodings
    named = {value.lower() for value in accepted.values()}
    coding = next((c for c in ("zstd", "gzip") if c in named and accepted.quality(c) > 0), "")
    bodiless = response.status_code in (204, 304) or response.content_encoding
    if not coding or bodiless or len(body) < _SMALLEST:
        return response
    response.set_data(_packed(body, coding))
    response.content_encoding = coding
    tag, is_weak = response.get_etag()
    if tag is not None and not is_weak:
        response.set_etag(tag, weak=True)
    return response


def _packed(body: bytes, coding: str) -> bytes:
    """The body packed with zstd or gzip."""
    if coding == "zstd":
        return zstd.compress(body, _ZSTD_LEVEL)
    packer = zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP)
    return packer.compress(body) + packer.flush()
