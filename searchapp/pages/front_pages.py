"""The first page, the advanced form and the help."""

from flask import Blueprint, render_template, request

from ..http import context
from ..query.parameter_reader import read_params
from .views.advanced import advanced_view
from .views.help import help_view
from .views.home import home_view

__all__ = ["blueprint"]

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """The first page."""
    engine = context.engine()
    return render_template("home.html", view=home_view(engine, context.stats()))


@blueprint.get("/advanced")
def advanced() -> str:
    """A form with a field for everything that a search can have, filled in from the address."""
    read = read_params(request.args.to_dict(flat=False))
    return render_template("advanced.html", view=advanced_view(read.params, context.stats()))


@blueprint.get("/help")
def help_page() -> str:
    """How to search, with examples that run."""
    return render_template("help.html", view=help_view(context.engine()))
