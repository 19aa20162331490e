"""Who may ask the API: with a key, from an origin, for what the key allows."""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from ..documents.endpoints import ENDPOINTS
from ..keys import Key, KeyStore
from ..keys.api_keys import SECRET_PREFIX
from ..text.messages import Message, lazy_gettext
from . import context
from .problems import ApiError

__all__ = ["KEY_NAME", "check_keys", "has_scope", "key_id"]

#: The parameter of a public key, which every endpoint takes besides its own.
KEY_NAME: Final = "key"

_PATHS: Final = "/api/v1/"
_SCOPES: Final = {endpoint.path: endpoint.scope for endpoint in ENDPOINTS}
_USUAL_SCOPE: Final = "search"
_SUGGEST: Final = "/api/v1/suggest"
_ASK_FOR_KEY: Final = (("WWW-Authenticate", "Bearer"),)


def check_keys(app: Flask) -> None:
    """Look at the key of every request to the API before anything else is done for it."""
    app.before_request(_check)
    app.after_request(_keep_private)


def key_id() -> str | None:
    """The id of the good key that the API was asked with."""
    key: Key | None = g.get("api_key")
    return None if key is None else key.id


def has_scope(scope: str) -> bool:
    """Whether the request came with a secret key, not in its address, that allows this."""
    key = _key_of_request() if _bearer() else None
    return key is not None and not key.public and scope in key.scopes


def _check() -> None:
    if not request.path.startswith(_PATHS) or request.method == "OPTIONS":
        return
    if not _sent_key():
        if context.settings().require_key and not _own_box():
            raise _unauthorized("key-required", lazy_gettext("Hãy gửi kèm khóa."))
        return
    if not _bearer() and _sent_key().startswith(SECRET_PREFIX):
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


def _sent_key() -> str:
    return _bearer() or request.args.get(KEY_NAME, "")


def _bearer() -> str:
    sent = request.authorization
    return (sent.token or "") if sent is not None and sent.type == "bearer" else ""


def _key_of_request() -> Key | None:
    if "api_key" not in g:
        sent = _sent_key()
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


def _keep_private(response: Response) -> Response:
    """Keep answers for a key out of shared caches, which would give them to anybody."""
    keyed = context.settings().require_key or bool(_sent_key())
    if request.path.startswith(_PATHS) and keyed and "Cache-Control" in response.headers:
        response.cache_control.public = False
        response.cache_control.private = True
    return response
