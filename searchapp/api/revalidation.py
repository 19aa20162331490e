"""What browsers, feed readers and proxies may keep of an answer, and how they ask for changes."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, wraps
from importlib.metadata import PackageNotFoundError, version
from operator import itemgetter
from typing import Final, ParamSpec
from urllib.parse import urlencode

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from index import Article

from ..http import access, context
from ..telemetry.hooks import shared_queries
from ..text.i18n import language

__all__ = ["conditional", "not_to_keep", "revalidated", "search_tag", "suggestions_revalidated"]

P = ParamSpec("P")

_SEARCH_CACHING: Final = "public, max-age=60, stale-while-revalidate=300"
_SUGGEST_CACHING: Final = "public, max-age=300, stale-while-revalidate=300"
_ARTICLE_CACHING: Final = "public, max-age=60"
_VARY: Final = ("Accept-Encoding", "Accept-Language", "Origin")
_DIGITS: Final = 16


def revalidated(view: Callable[P, ResponseReturnValue]) -> Callable[P, BaseResponse]:
    """The view of a search, which answers 304 as long as the index has not changed.

    It runs nothing for a caller that has the newest answer. Errors carry no tag.
    """
    return _revalidated(view, _SEARCH_CACHING, search_tag, None)


def suggestions_revalidated(view: Callable[P, ResponseReturnValue]) -> Callable[P, BaseResponse]:
    """The same for a view of suggestions, which may be kept for longer.

    They change with the queries that many readers share, too.
    """
    return _revalidated(view, _SUGGEST_CACHING, _suggestions_tag, access.Group.SUGGEST)


def _revalidated(
    view: Callable[P, ResponseReturnValue],
    caching: str,
    tag_of: Callable[[], str],
    group: access.Group | None,
) -> Callable[P, BaseResponse]:
    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> BaseResponse:
        access.count(group)
        # Taken before the search: an index that changes meanwhile only costs a fetch too many.
        tag = tag_of()
        known = request.if_none_match.is_weak(tag) or request.if_none_match.is_strong(tag)
        found = _unchanged() if known else view(*args, **kwargs)
        response = current_app.make_response(found)
        if response.status_code in (200, 304) and not response.cache_control.no_store:
            response.set_etag(tag, weak=True)
            _allow(response, caching)
        return response

    return answer


def not_to_keep(response: Response) -> Response:
    """The answer of a search whose time ran out: the next one may find more."""
    response.cache_control.no_store = True
    return response


def conditional(response: Response, article: Article | None = None) -> Response:
    """The answer about one article, or 304: tagged by its content.

    Its Last-Modified is when the archive saw the article change, where it knows that: the time that
    a source gives need not be that of the last change.
    """
    response.add_etag()
    changed = None if article is None else article.changed
    # Two changes in a row are a second apart at least, and no time may lie in the future.
    if changed is not None and changed <= datetime.now(UTC):
        response.last_modified = changed
    _allow(response, _ARTICLE_CACHING)
    response.make_conditional(request.environ)
    return response


def search_tag(*more: str) -> str:
    """The generation of the index and a hash of all else that decides about this answer."""
    stats = context.stats()
    # By name alone: of a parameter that is given twice the last value counts.
    pairs = sorted(request.args.items(multi=True), key=itemgetter(0))
    asked = urlencode(pairs, errors="replace")
    parts = (
        *(context.site().base, request.path, asked, language(), _app_version()),
        # The generation alone would not do: an index that was built anew begins at 1 again.
        *(context.settings().site_name, stats.commit_id),
        *more,
    )
    digest = hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"{stats.generation}-{digest[:_DIGITS]}"


def _suggestions_tag() -> str:
    return search_tag(*(query.text for query in shared_queries()))


def _unchanged() -> Response:
    response = Response(status=304)
    # An answer without a body has no type; Flask's would make a page of it.
    del response.headers["Content-Type"]
    return response


def _allow(response: BaseResponse, caching: str) -> None:
    response.headers["Cache-Control"] = caching
    response.vary.update(_VARY)
    if request.cookies:
        # The reader's own choice of a language is for nobody else.
        response.vary.add("Cookie")


@cache
def _app_version() -> str:
    try:
        return version("timbao")
    except PackageNotFoundError:
        # Run from a working copy that is not installed.
        return ""
