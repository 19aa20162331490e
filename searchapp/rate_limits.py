"""Which requests are counted, and the answer to those that are too many."""

import ipaddress
from typing import Final, cast

from flask import Flask, Response, current_app, g, request

from . import context
from .access import key_id
from .rate_limiter import RateCount, RateLimiter
from .refusals import Refusal
from .settings import RateMode
from .wording import text

__all__ = ["limit_rates", "network_of"]

_LIMITER: Final = "timbao.rate_limiter"
_SUGGESTIONS: Final = ("/api/v1/suggest", "/opensearch/suggest")
#: What is counted, each apart: a box that suggests while one types must not stop the search.
_COUNTED: Final = (
    ("suggest", _SUGGESTIONS),
    ("api", ("/api/v1/",)),
    ("pages", ("/search", "/facet/", "/export")),
)
_IPV6_SITE: Final = 64


def limit_rates(app: Flask) -> None:
    """Answer 429 to callers that ask more often than the settings allow."""
    app.extensions[_LIMITER] = RateLimiter()
    app.before_request(_count)
    app.after_request(_announce)


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


def _count() -> None:
    mode = RateMode(context.settings().rate_mode)
    group = _group()
    if mode is RateMode.OFF or group is None or request.method == "OPTIONS":
        return
    if mode is RateMode.REMOTE and _from_this_machine():
        return
    limit = _limit(group)
    if not limit:
        return
    limiter = cast(RateLimiter, current_app.extensions[_LIMITER])
    count = limiter.count((group, key_id(), network_of(request.remote_addr)), limit)
    if not count.allowed and mode is RateMode.REPORT:
        message = "request %s: more than %d a minute (%s), answered all the same"
        current_app.logger.warning(message, context.request_id(), limit, group)
        return
    g.rate_count = count
    if not count.allowed:
        raise Refusal(
            "rate-limited",
            text("Bạn tìm hơi nhanh. Vui lòng thử lại sau %(seconds)s giây.", seconds=count.reset),
            (("Retry-After", str(count.reset)),),
            retry_after=count.reset,
        )


def _group() -> str | None:
    path = request.path
    return next((name for name, starts in _COUNTED if path.startswith(starts)), None)


def _limit(group: str) -> int:
    settings = context.settings()
    return settings.rate_suggest if group == "suggest" else settings.rate_search


def _from_this_machine() -> bool:
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        # A socket that has no address is a file of this machine.
        return True


def _announce(response: Response) -> Response:
    count: RateCount | None = g.get("rate_count")
    if count is not None:
        response.headers["RateLimit-Limit"] = str(count.limit)
        response.headers["RateLimit-Remaining"] = str(count.remaining)
        response.headers["RateLimit-Reset"] = str(count.reset)
    return response
