"""The language of the interface: Vietnamese, or English where a reader asks for it."""

from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel, gettext, ngettext

from .formatting import number_text as vietnamese_number
from .messages import Message

__all__ = [
    "LANGUAGES",
    "attach",
    "language",
    "language_path",
    "number_text",
    "translate",
    "translate_count",
]

LANGUAGES: Final = ("vi", "en")
_COOKIE: Final = "lang"
_YEAR: Final = timedelta(days=365)


def attach(app: Flask) -> None:
    """Let the address, a cookie or the browser choose the language of each page."""
    Babel(
        app,
        default_locale=LANGUAGES[0],
        default_translation_directories=str(Path(__file__).parent.parent / "translations"),
        locale_selector=language,
    )
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["language_path"] = language_path
    app.after_request(_announce)


def language() -> str:
    """`vi` or `en`: as `?lang=` says, else the cookie, else the browser, else Vietnamese."""
    if not has_request_context():
        return LANGUAGES[0]
    if "language" not in g:
        g.language = _chosen()
    return str(g.language)


def language_path(code: str) -> str:
    """The address of the page that is being shown, in another language."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] != "lang"]
    return f"{quote(request.path)}?{urlencode([*pairs, ('lang', code)])}"


def translate(message: str | Message, /, **values: object) -> str:
    """A Vietnamese message in the reader's language, with its values in their places."""
    if isinstance(message, Message):
        values = {**dict(message.values), **values}
        message = message.message
    return str(gettext(message, **values))


def translate_count(one: str, many: str, count: int, **values: object) -> str:
    """The message in its form for that number, which stands at `%(count)s`."""
    return str(ngettext(one, many, count, count=number_text(count), **values))


def number_text(number: int) -> str:
    """1.284 in Vietnamese, 1,284 in English."""
    return f"{number:,}" if language() == "en" else vietnamese_number(number)


def _chosen() -> str:
    for asked in (request.args.get("lang"), request.cookies.get(_COOKIE)):
        if asked in LANGUAGES:
            return asked
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _announce(response: Response) -> Response:
    """Say in which language a page is, and remember the one that its address asked for."""
    if response.mimetype == "text/html":
        response.headers.setdefault("Content-Language", language())
        response.vary.update(("Accept-Language", "Cookie"))
    if request.args.get("lang") in LANGUAGES and not request.path.startswith(("/api/", "/embed/")):
        response.set_cookie(
            _COOKIE,
            language(),
            max_age=_YEAR,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response
