"""Who may ask the API, and how often: with a key, from an origin, for what the key allows."""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import ceil
from threading import Lock
from time import monotonic
from typing import Final, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import NotAcceptable

from ..documents.endpoints import ENDPOINTS
from ..keys import Key, KeyStore
from ..keys.api_keys import SECRET_PREFIX
from ..settings import RateMode
from ..text.messages import Message, lazy_gettext
from . import context
from .problems import ApiError

__all__ = ["KEY_NAME", "RateCount", "RateLimiter", "control", "has_scope", "key_id"]

#: The parameter of a public key, which every endpoint takes besides its own.
KEY_NAME: Final = "key"

_PATHS: Final = "/api/v1/"
_SCOPES: Final = {endpoint.path: endpoint.scope for endpoint in ENDPOINTS}
_USUAL_SCOPE: Final = "search"
_SUGGEST: Final = "/api/v1/suggest"
_ASK_FOR_KEY: Final = (("WWW-Authenticate", "Bearer"),)
_LIMITER: Final = "timbao.rate_limiter"
#: What is counted, each apart: a box that suggests while one types must not stop the search.
_COUNTED: Final = (
    ("suggest", (_SUGGEST, "/opensearch/suggest")),
    ("api", (_PATHS,)),
    ("pages", ("/search", "/facet/", "/export")),
)
#: Seconds.
_WINDOW: Final = 60
_MOST_CALLERS: Final = 50_000


def control(app: Flask) -> None:
    """Look at the key of every request to the API, then count it, before anything else is done.

    Callers that ask more often than the settings allow get 429.
    """
    app.extensions[_LIMITER] = RateLimiter()
    app.before_request(_admit)
    app.after_request(_add_headers)


def key_id() -> str | None:
    """The id of the good key that the API was asked with."""
    key: Key | None = g.get("api_key")
    return None if key is None else key.id


def has_scope(scope: str) -> bool:
    """Whether the request came with a secret key, not in its address, that allows this."""
    key = _key_of_request() if _sent_key()[1] else None
    return key is not None and not key.public and scope in key.scopes


def _admit() -> None:
    is_api = request.path.startswith(_PATHS)
    if is_api and request.method != "OPTIONS":
        _check_key()
    _count()
    accepted = request.accept_mimetypes
    if is_api and accepted and not accepted["application/json"]:
        raise NotAcceptable


def _check_key() -> None:
    sent, in_header = _sent_key()
    if not sent:
        if context.settings().require_key and not _own_box():
            raise _unauthorized("key-required", lazy_gettext("Hãy gửi kèm khóa."))
        return
    if not in_header and sent.startswith(SECRET_PREFIX):
        # An address stands in logs and in the history of browsers.
        raise _unauthorized(
            "key-invalid", lazy_gettext("Khóa bí mật chỉ được gửi ở “Authorization”.")
        )
    key = _key_of_request()
    if key is None:
        raise _unauthorized("key-invalid", lazy_gettext("Khóa này không dùng được."))
    if not key.opens_for(_origin()):
        raise ApiError("origin-not-allowed", lazy_gettext("Trang này không được dùng khóa đã gửi."))
    if _SCOPES.get(request.path, _USUAL_SCOPE) not in key.scopes:
        raise ApiError(
            "scope-not-allowed", lazy_gettext("Khóa này không được dùng cho địa chỉ này.")
        )


def _unauthorized(code: str, detail: Message) -> ApiError:
    return ApiError(code, detail, _ASK_FOR_KEY)


def _sent_key() -> tuple[str, bool]:
    """The key of the request, if any, and whether it stands in a header, not in the address."""
    sent = request.authorization
    if sent is not None and sent.type == "bearer" and sent.token:
        return sent.token, True
    return request.args.get(KEY_NAME, ""), False


def _key_of_request() -> Key | None:
    if "api_key" not in g:
        sent, _ = _sent_key()
        g.api_key = KeyStore(context.settings().keys).find(sent) if sent else None
    key: Key | None = g.api_key
    return key


def _own_box() -> bool:
    """Whether a page of this site asks for suggestions: its visitors have no key."""
    return request.path == _SUGGEST and request.headers.get("Sec-Fetch-Site") == "same-origin"


def _origin() -> str | None:
    """The origin of the page that asks; browsers do not name it where it is this site itself."""
    named = request.headers.get("Origin")
    if named is None and request.headers.get("Sec-Fetch-Site") == "same-origin":
        parts = urlsplit(context.site().base)
        return f"{parts.scheme}://{parts.netloc}"
    return named


def _count() -> None:
    settings = context.settings()
    mode = RateMode(settings.rate_mode)
    group = next((name for name, starts in _COUNTED if request.path.startswith(starts)), None)
    if mode is RateMode.OFF or group is None or request.method == "OPTIONS":
        return
    if mode is RateMode.REMOTE and context.is_this_machine(request.remote_addr):
        return
    limit = settings.rate_suggest if group == "suggest" else settings.rate_search
    if not limit:
        return
    limiter = cast(RateLimiter, current_app.extensions[_LIMITER])
    count = limiter.count((group, key_id(), context.network_of(request.remote_addr)), limit)
    if not count.allowed and mode is RateMode.REPORT:
        message = "request %s: more than %d a minute (%s), answered all the same"
        current_app.logger.warning(message, context.request_id(), limit, group)
        return
    g.rate_count = count
    if not count.allowed:
        raise ApiError(
            "rate-limited",
            lazy_gettext(
                "Bạn tìm hơi nhanh. Vui lòng thử lại sau %(seconds)s giây.", seconds=count.reset
            ),
            (("Retry-After", str(count.reset)),),
            retry_after=count.reset,
        )


def _add_headers(response: Response) -> Response:
    count: RateCount | None = g.get("rate_count")
    if count is not None:
        response.headers["RateLimit-Limit"] = str(count.limit)
        response.headers["RateLimit-Remaining"] = str(count.remaining)
        response.headers["RateLimit-Reset"] = str(count.reset)
    cached = request.path.startswith(_PATHS) and "Cache-Control" in response.headers
    if cached and (context.settings().require_key or _sent_key()[0]):
        # Shared caches would give it to anybody.
        response.cache_control.public = False
        response.cache_control.private = True
    return response


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCount:
    """Where a caller stands; `reset` is in seconds until one more request fits in."""

    allowed: bool
    limit: int
    remaining: int
    reset: int


class RateLimiter:
    """Counts the requests of each caller within the last minute, in the memory of one process.

    Any minute counts, not the one on the clock. Refused requests do not count, so that who waits
    as long as `reset` says is served. Of more than 50,000 callers the longest silent are forgotten.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._times: OrderedDict[Hashable, deque[float]] = OrderedDict()

    def count(self, caller: Hashable, limit: int) -> RateCount:
        """Count a request, if it is one of the first `limit` (at least 1) within the minute."""
        with self._lock:
            now = self._clock()
            times = self._times.setdefault(caller, deque())
            self._times.move_to_end(caller)
            if len(self._times) > _MOST_CALLERS:
                self._times.popitem(last=False)
            while times and times[0] <= now - _WINDOW:
                times.popleft()
            allowed = len(times) < limit
            if allowed:
                times.append(now)
            return RateCount(
                allowed=allowed,
                limit=limit,
                remaining=limit - len(times),
                reset=max(1, ceil(times[0] + _WINDOW - now)),
            )
