"""What other sites embed: the script of `<tim-bao>`, a frame with it, and a page to try it on."""

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from ..http import context
from ..http.problems import content_policy
from ..query.urls import mounted
from ..settings import comma_list
from .templating import STATIC, widget_texts

__all__ = ["blueprint"]

blueprint = Blueprint("embed", __name__, url_prefix="/embed")

_JAVASCRIPT: Final = "text/javascript; charset=utf-8"
_SHORT: Final = "public, max-age=3600, stale-while-revalidate=86400"
_FOREVER: Final = "public, max-age=31536000, immutable"
#: What the address of a frame may set on the widget in it.
_ATTRIBUTES: Final = ("key", "limit", "placeholder", "citation", "headline")

#: Each stands behind what it imports.
_MODULES: Final = (
    "client.js",
    "combobox.js",
    "widget/selection.js",
    "widget/articles.js",
    "widget/widget.js",
)
_STYLES: Final = ("combobox.css", "widget/widget.css")
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "[^"]*";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=async function|function|class|const)", re.MULTILINE)
#: Comments for those who work on the modules; readers of the script find the modules by its names.
_COMMENT: Final = re.compile(r"^\s*(?://.*|/\*\*(?:.|\n)*?\*/)\n", re.MULTILINE)
_DIGITS: Final = 12


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
        return redirect(mounted("/embed/timbao.js"), 302)
    return _script_response(_FOREVER)


@blueprint.get("/frame")
def frame() -> Response:
    """The widget alone on a page that the configured origins may frame."""
    given = {name: request.args[name] for name in _ATTRIBUTES if request.args.get(name)}
    mode = "search" if request.args.get("mode") == "search" else "insert"
    # The contents of this version never change.
    script = mounted(f"/embed/timbao.{_script().digest}.js")
    html = render_template("embed_frame.html", page="frame", script=script, mode=mode, given=given)
    response = Response(html)
    framing = sorted(comma_list(context.settings().embed_origins))
    response.headers["Content-Security-Policy"] = content_policy(framed_by=framing)
    return response


@blueprint.get("/demo")
def demo() -> Response:
    """A small editor with the widget beside it, as in the system of a newsroom."""
    origin = context.public_origin()
    script = origin + mounted("/embed/timbao.js")
    response = Response(render_template("embed_demo.html", page="demo", script=script))
    response.headers["Content-Security-Policy"] = content_policy(scripts=origin, asked=origin)
    return response


@dataclass(frozen=True, slots=True)
class _Script:
    """The script as text and packed with gzip, and a hash of it for its name."""

    body: bytes
    packed: bytes
    digest: str


@cache
def _script() -> _Script:
    """The script that defines `<tim-bao>`, which asks the server that it was loaded from.

    It is no module, because only other scripts know where they come from, and because a page may
    load it from another origin without asking for permission.
    """
    modules = "\n".join(_plain(_read(name)) for name in _MODULES)
    style = "\n".join(map(_read, _STYLES))
    setup = (
        'defineTimBao({ server: new URL("../", document.currentScript.src).href, '
        f"style: {_literal(style)}, texts: {_literal(widget_texts())} }});"
    )
    body = f"(() => {{\n{modules}\n{setup}\n}})();\n".encode()
    packed = gzip.compress(body, compresslevel=9, mtime=0)
    return _Script(body, packed, hashlib.sha256(body).hexdigest()[:_DIGITS])


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _plain(module: str) -> str:
    """The code of a module, for a place where the names of all modules are known."""
    return _EXPORT.sub("", _IMPORT.sub("", _COMMENT.sub("", module)))


def _literal(value: str | Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
