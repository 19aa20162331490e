"""The language of the interface: Vietnamese, or English where a reader asks for it."""

from datetime import timedelta
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Final

from flask import Flask, Response, g, has_request_context, request
from markupsafe import Markup

from .messages import Message

__all__ = [
    "LANGUAGES",
    "attach",
    "language",
    "number_text",
    "translate",
    "translate_count",
    "translated",
]

LANGUAGES: Final = ("vi", "en")
_COOKIE: Final = "lang"
_YEAR: Final = timedelta(days=365)
#: The messages in the code are Vietnamese.
_CATALOGUES: Final = {
    "vi": NullTranslations(),
    "en": translation("messages", Path(__file__).parent.parent / "translations", ["en"]),
}


def attach(app: Flask) -> None:
    """Let the address, a cookie or the browser choose the language of each page."""
    app.jinja_env.globals.update(
        _=_markup, language=language, number=number_text, translate_count=translate_count
    )
    app.after_request(_announce)


def language() -> str:
    """`vi` or `en`: as `?lang=` says, else the cookie, else the browser, else Vietnamese."""
    if not has_request_context():
        return LANGUAGES[0]
    chosen: str | None = g.get("language")
    if chosen is None:
        asked = (request.args.get("lang"), request.cookies.get(_COOKIE))
        chosen = next((code for code in asked if code in LANGUAGES), None)
        chosen = chosen or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
        g.language = chosen
    return chosen


def translate(message: str | Message, /, **values: object) -> str:
    """A Vietnamese message in the reader's language, with its values in their places."""
    if isinstance(message, Message):
        values = {**dict(message.values), **values}
        message = message.message
    text = _CATALOGUES[language()].gettext(message)
    return text % values if values else text


def translated(code: str, message: str, /, **values: object) -> str:
    """A Vietnamese message in one of the LANGUAGES."""
    text = _CATALOGUES[code].gettext(message)
    return text % values if values else text


def translate_count(one: str, many: str, count: int, **values: object) -> str:
    """The message in its form for that number, which stands at `%(count)s`."""
    text = _CATALOGUES[language()].ngettext(one, many, count)
    return text % {**values, "count": number_text(count)}


def number_text(number: int) -> str:
    """Thousands separated by points, in English by commas.

    >>> number_text(1284)
    '1.284'
    """
    text = f"{number:,}"
    return text if language() == "en" else text.replace(",", ".")


def _markup(message: str, /, **values: object) -> Markup:
    """A message for a page, which may hold markup; its values may not."""
    text = Markup(_CATALOGUES[language()].gettext(message))  # noqa: S704  # our own catalogue
    return text % values if values else text


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
            path=request.script_root or "/",
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response
