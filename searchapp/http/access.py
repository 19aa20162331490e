"""Who may ask the API, and how often: with a key, from an origin, for what the key allows."""

from dataclasses import replace
from enum import StrEnum
from typing import Any, Final, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import NotAcceptable

from index import Article, SearchEngine, SearchPage, SearchRequest, Withdrawal, is_article_id

from ..documents.endpoints import ENDPOINTS
from ..keys import Key, KeyStore
from ..keys.api_keys import INGEST, SECRET_PREFIX
from ..settings import KEY_LEVELS, KeyLevel, RateMode
from ..text.messages import Message, lazy_gettext
from . import context
from .problems import ApiError
from .rate_limits import WINDOW, RateCount, RateLimiter

__all__ = [
    "KEY_NAME",
    "Group",
    "control",
    "count",
    "engine",
    "has_scope",
    "key_id",
    "key_name",
]


class Group(StrEnum):
    """What requests are counted as, each apart: who suggests while typing may still search."""

    SUGGEST = "suggest"
    API = "api"
    PAGES = "pages"
    """Pages of results, files, feeds, sitemaps: whatever searches."""
    READING = "reading"
    """The first page, articles, lists: as often as suggestions."""


#: The parameter of a public key, which every endpoint takes besides its own.
KEY_NAME: Final = "key"

_PATHS: Final = "/api/v1/"
_SCOPES: Final = {endpoint.path: endpoint.scope for endpoint in ENDPOINTS}
#: The blueprint of the addresses that write.
_INTAKE: Final = "intake"
_USUAL_SCOPE: Final = "search"
_SUGGEST: Final = "/api/v1/suggest"
_BROWSERS_SUGGEST: Final = "/opensearch/suggest"
#: The blueprints that answer with no pages, and what of them holds no article's text.
_OF_FILES: Final = frozenset({"outputs", "suggest"})
_FOR_CRAWLERS: Final = frozenset(
    f"outputs.{view}" for view in ("opensearch_description", "robots", "sitemaps", "sitemap_page")
)
_ASK_FOR_KEY: Final = (("WWW-Authenticate", "Bearer"),)
_LIMITER: Final = "timbao.rate_limiter"
_DOOR: Final = "timbao.budgeted_engine"


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


def key_name() -> str:
    """The name of the good key that the API was asked with; "" without one."""
    key: Key | None = g.get("api_key")
    return "" if key is None else key.name


def has_scope(scope: str) -> bool:
    """Whether the request came with a secret key, not in its address, that allows this."""
    key = _key_of_request() if _sent_key()[1] else None
    return key is not None and not key.public and scope in key.scopes


def _admit() -> None:
    is_api = request.path.startswith(_PATHS)
    if request.blueprint == _INTAKE and request.method != "OPTIONS":
        _admit_writer()
        return
    by_key = KEY_LEVELS[context.settings().require_key] is not KeyLevel.NOTHING
    if request.method != "OPTIONS" and (is_api or (by_key and _needs_key())):
        _check_key()
    if is_api and request.path != _SUGGEST:
        count(Group.API)
    accepted = request.accept_mimetypes
    if is_api and accepted and not accepted["application/json"]:
        raise NotAcceptable


def _admit_writer() -> None:
    """Let only secret keys write that may; they are not counted as readers are.

    What they can do is bounded by the queue.
    """
    if not context.settings().write:
        raise ApiError("writing-off", lazy_gettext("Kho này không nhận tin qua API."))
    _check_key(INGEST)
    g.counted = True


def _check_key(scope: str = "") -> None:
    sent, in_header = _sent_key()
    if not sent:
        if scope or (_needs_key() and not _own_box()):
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
    path = _SUGGEST if request.path == _BROWSERS_SUGGEST else request.path
    if (scope or _SCOPES.get(path, _USUAL_SCOPE)) not in key.scopes:
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


def _needs_key() -> bool:
    """Whether the settings open this address to nobody without a key.

    Where more than the API needs one, an article that is no page does under whatever address.
    """
    level = KEY_LEVELS[context.settings().require_key]
    is_file = request.blueprint in _OF_FILES and request.endpoint not in _FOR_CRAWLERS
    of_api = level is not KeyLevel.NOTHING and request.path.startswith(_PATHS)
    return of_api or (level is KeyLevel.ALL and is_file)


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


def engine(group: Group | None = None) -> SearchEngine:
    """The engine, for the view that answers the request, which counts once, when it first asks.

    Its searches raise ApiError where they take too long: see `_BudgetedEngine.search`.

    Args:
        group: what the request counts as; None: as a call of the API, or as a page of results.

    Raises:
        ApiError: the caller has asked too often.
        SearchError: there is no index to search.
    """
    count(group)
    door = current_app.extensions.get(_DOOR)
    if door is None:
        budget = context.settings().search_budget / 1000
        door = current_app.extensions[_DOOR] = _BudgetedEngine(context.engine(), budget)
    return cast(SearchEngine, door)


def count(group: Group | None = None) -> None:
    """Count the request, unless it has been counted; raises ApiError for one too many."""
    if "counted" in g:
        return
    g.counted = True
    settings = context.settings()
    mode = settings.rate_mode
    if mode == RateMode.OFF or request.method == "OPTIONS":
        return
    if mode == RateMode.REMOTE and context.is_this_machine(request.remote_addr):
        return
    if group is None:
        group = Group.API if request.path.startswith(_PATHS) else Group.PAGES
    often = group in (Group.SUGGEST, Group.READING)
    limit = settings.rate_suggest if often else settings.rate_search
    if not limit:
        return
    limiter = cast(RateLimiter, current_app.extensions[_LIMITER])
    counted = limiter.count((group, key_id(), context.network_of(request.remote_addr)), limit)
    if not counted.allowed and mode == RateMode.REPORT:
        message = "request %s: more than %d a minute (%s), answered all the same"
        current_app.logger.warning(message, context.request_id(), limit, group)
        return
    g.rate_count = counted
    if not counted.allowed:
        raise ApiError(
            "rate-limited",
            lazy_gettext(
                "Bạn tìm hơi nhanh. Vui lòng thử lại sau %(seconds)s giây.", seconds=counted.reset
            ),
            (("Retry-After", str(counted.reset)),),
            retry_after=counted.reset,
        )


def _add_headers(response: Response) -> Response:
    count: RateCount | None = g.get("rate_count")
    if count is not None:
        response.headers["RateLimit-Limit"] = str(count.limit)
        response.headers["RateLimit-Remaining"] = str(count.remaining)
        response.headers["RateLimit-Reset"] = str(count.reset)
    if "Cache-Control" in response.headers and (
        _needs_key() or (request.path.startswith(_PATHS) and _sent_key()[0])
    ):
        # Shared caches would give it to anybody.
        response.cache_control.public = False
        response.cache_control.private = True
    return response


class _BudgetedEngine:
    """The engine, each of whose searches ends within the time that the settings allow."""

    def __init__(self, engine: SearchEngine, budget: float) -> None:
        self._engine = engine
        self._budget = budget

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        # So that it is looked for once.
        setattr(self, name, found)
        return found

    def get(self, doc_id: str) -> Article | None:
        """The article with this id; None for a text that can be none."""
        return self._engine.get(doc_id) if is_article_id(doc_id) else None

    def withdrawn(self, doc_id: str) -> Withdrawal | None:
        """The withdrawal of an article; None for a text that can be no id."""
        return self._engine.withdrawn(doc_id) if is_article_id(doc_id) else None

    def search(self, asked: SearchRequest) -> SearchPage:
        """A page of hits: a whole one, unless the request has a budget of its own.

        Raises:
            ApiError: the time ran out, which only a request with a budget expects.
        """
        if asked.budget is not None:
            return self._engine.search(asked)
        page = self._engine.search(replace(asked, budget=self._budget))
        if page.partial:
            raise ApiError(
                "search-timeout",
                lazy_gettext("Tìm quá lâu. Hãy thu hẹp câu tìm, hoặc thử lại sau ít phút."),
                (("Retry-After", str(WINDOW)), ("Cache-Control", "no-store")),
            )
        return page
