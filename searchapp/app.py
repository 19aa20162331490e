"""The Flask application."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from . import api
from .http import access, context, cors, problems, rate_limits, security
from .pages import article_pages, embed_pages, list_pages, outputs, search_pages
from .pages import front_pages as pages
from .pages.box_texts import box_texts
from .settings import Settings
from .telemetry import hooks
from .text import i18n

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """The website and its API; the index is opened at the first request that needs it.

    Args:
        settings: None takes them from the environment.
    """
    settings = Settings.from_env() if settings is None else settings
    app = Flask(__name__)
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask's documents do it
        app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["site_name"] = settings.site_name
    app.jinja_env.globals["box_texts"] = box_texts
    context.attach(app, settings)
    hooks.observe(app)
    i18n.attach(app)
    security.protect(app)
    cors.allow_origins(app)
    access.check_keys(app)
    rate_limits.limit_rates(app)
    problems.register(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(search_pages.blueprint)
    app.register_blueprint(article_pages.blueprint)
    app.register_blueprint(list_pages.blueprint)
    for blueprint in api.BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(hooks.blueprint)
    app.register_blueprint(outputs.blueprint)
    app.register_blueprint(embed_pages.blueprint)
    return app
