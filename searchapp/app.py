"""The Flask application."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes, urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from . import api
from .http import access, context, problems, security
from .pages import article_pages, embed_pages, front_pages, outputs, search_pages, templating
from .query.urls import MOUNT_POINT
from .settings import Settings
from .telemetry import hooks
from .text import i18n

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The website and its API; the index is opened at the first request that needs it.

    Args:
        settings: None takes them from the environment.
    """
    settings = Settings.from_env() if settings is None else settings
    app = Flask(__name__)
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask's documents do it
        _own_requests(app, settings),
        x_for=settings.proxies,
        x_proto=settings.proxies,
        x_host=settings.proxies,
    )
    if settings.proxies and not settings.public_url:
        app.logger.warning(
            "TIMBAO_PROXIES is set and TIMBAO_PUBLIC_URL is not: addresses in feeds and files "
            "begin as each request says. Set it to where people reach the site."
        )
    context.attach(app, settings)
    hooks.observe(app)
    i18n.attach(app)
    templating.attach(app, settings)
    security.protect(app)
    access.control(app)
    problems.register(app)
    app.register_blueprint(front_pages.blueprint)
    app.register_blueprint(search_pages.blueprint)
    app.register_blueprint(article_pages.blueprint)
    for blueprint in api.BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(hooks.blueprint)
    app.register_blueprint(outputs.blueprint)
    app.register_blueprint(embed_pages.blueprint)
    return app


def _own_requests(app: Flask, settings: Settings) -> "WSGIApplication":
    """The application, which sees its own hosts only, and where on them it stands.

    It is under the prefix that its server names, else under the path of its public address. A
    proxy may take that path off the addresses it passes on, or leave it.
    """
    # As WSGI has it: each byte as one character.
    path_of_site = urlsplit(settings.public_url).path.rstrip("/")
    prefix = unquote_to_bytes(path_of_site).decode("latin-1")
    hosts, answer = security.OwnHosts(settings), app.wsgi_app

    def answered(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if prefix and not environ.get("SCRIPT_NAME"):
            path = environ.get("PATH_INFO", "")
            environ["SCRIPT_NAME"] = prefix
            if f"{path}/".startswith(f"{prefix}/"):
                environ["PATH_INFO"] = path.removeprefix(prefix)
        token = MOUNT_POINT.set(quote(environ.get("SCRIPT_NAME", "").rstrip("/").encode("latin-1")))
        try:
            usual = environ.get("HTTP_HOST") in hosts.usual
            if not usual or environ["wsgi.url_scheme"] not in ("http", "https"):
                hosts.settle(environ)
            return answer(environ, start_response)
        except Exception as error:  # what no handler of Flask's has caught
            return problems.last_resort(app.logger, error)(environ, start_response)
        finally:
            MOUNT_POINT.reset(token)

    return answered
