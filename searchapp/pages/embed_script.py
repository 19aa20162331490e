"""The script of `<tim-bao>`: its modules joined into one file, with its style and its texts."""

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["EmbedScript", "build_embed_script"]

_STATIC: Final = Path(__file__).parent.parent / "static"
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


@dataclass(frozen=True, slots=True)
class EmbedScript:
    """The script as text and packed with gzip, and a hash of it for its name."""

    body: bytes
    packed: bytes
    digest: str


def build_embed_script(texts: Mapping[str, object]) -> EmbedScript:
    """The script that defines `<tim-bao>`, which asks the server that it was loaded from.

    It is no module, because only other scripts know where they come from, and because a page may
    load it from another origin without asking for permission.

    Args:
        texts: what the widget says, by language.
    """
    modules = "\n".join(_plain(_read(name)) for name in _MODULES)
    style = "\n".join(map(_read, _STYLES))
    setup = (
        'defineTimBao({ server: new URL("../", document.currentScript.src).href, '
        f"style: {_literal(style)}, texts: {_literal(texts)} }});"
    )
    body = f"(() => {{\n{modules}\n{setup}\n}})();\n".encode()
    packed = gzip.compress(body, compresslevel=9, mtime=0)
    return EmbedScript(body, packed, hashlib.sha256(body).hexdigest()[:_DIGITS])


def _read(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")


def _plain(module: str) -> str:
    """The code of a module, for a place where the names of all modules are known."""
    return _EXPORT.sub("", _IMPORT.sub("", _COMMENT.sub("", module)))


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
