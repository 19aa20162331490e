"""The Flask application."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from . import (
    access,
    api,
    article_pages,
    context,
    cors,
    embed_pages,
    i18n,
    list_pages,
    operations,
    pages,
    problems,
    rate_limits,
    search_pages,
    security,
    suggest_api,
)
from .box_texts import box_texts
from .observing.hooks import observe
from .settings import Settings
from .views import outputs

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
    observe(app)
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
    app.register_blueprint(operations.blueprint)
    app.register_blueprint(suggest_api.blueprint)
    app.register_blueprint(outputs.blueprint)
    app.register_blueprint(embed_pages.blueprint)
    return app
