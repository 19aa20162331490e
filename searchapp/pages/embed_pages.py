"""What other sites embed: the script of the widget, a frame with it, and a page to try it on."""

from typing import Final, cast

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ..http import context
from ..http.security import content_policy
from ..settings import origin_list
from .box_texts import widget_texts
from .embed_script import EmbedScript, build_embed_script

__all__ = ["blueprint", "script_path"]

blueprint = Blueprint("embed", __name__, url_prefix="/embed")

_SCRIPT: Final = "timbao.embed_script"
_JAVASCRIPT: Final = "text/javascript; charset=utf-8"
_SHORT: Final = "public, max-age=3600, stale-while-revalidate=86400"
_FOREVER: Final = "public, max-age=31536000, immutable"
#: What the address of a frame may set on the widget in it.
_ATTRIBUTES: Final = ("key", "limit", "placeholder", "citation", "headline")


def script_path() -> str:
    """The address of this version of the script, from the root; its contents never change."""
    return f"/embed/timbao.{_script().digest}.js"


@blueprint.get("/timbao.js")
def script() -> BaseResponse:
    """The newest script."""
    response = _script_response(_SHORT)
    response.add_etag()
    response.make_conditional(request.environ)
    return response


@blueprint.get("/timbao.<digest>.js")
def hashed_script(digest: str) -> BaseResponse:
    """The script of that hash; the address of a former version leads to the newest."""
    if digest != _script().digest:
        return redirect("/embed/timbao.js", 302)
    return _script_response(_FOREVER)


@blueprint.get("/frame")
def frame() -> Response:
    """The widget alone on a page that the configured origins may frame."""
    given = {name: request.args[name] for name in _ATTRIBUTES if request.args.get(name)}
    mode = "search" if request.args.get("mode") == "search" else "insert"
    html = render_template(
        "embed_frame.html", page="frame", script=script_path(), mode=mode, given=given
    )
    response = Response(html)
    framing = sorted(origin_list(context.settings().embed_origins))
    response.headers["Content-Security-Policy"] = content_policy(framed_by=framing)
    return response


@blueprint.get("/demo")
def demo() -> Response:
    """A small editor with the widget beside it, as in the system of a newsroom."""
    server = context.site().base
    script = f"{server}/embed/timbao.js"
    response = Response(render_template("embed_demo.html", page="demo", script=script))
    response.headers["Content-Security-Policy"] = content_policy(scripts=server, asked=server)
    return response


def _script() -> EmbedScript:
    """The script of the application that answers, put together once."""
    extensions = current_app.extensions
    if _SCRIPT not in extensions:
        extensions[_SCRIPT] = build_embed_script(widget_texts())
    return cast(EmbedScript, extensions[_SCRIPT])


def _script_response(caching: str) -> Response:
    built = _script()
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(built.packed if packed else built.body, content_type=_JAVASCRIPT)
    if packed:
        response.content_encoding = "gzip"
    response.headers["Cache-Control"] = caching
    # Also for pages that are isolated and load only what says that it may be loaded.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.update(("Accept-Encoding",))
    return response
