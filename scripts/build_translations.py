"""Brings the English interface up to date: collects messages, keeps what is translated, compiles.

Vietnamese needs no catalogue: the messages in the code are Vietnamese.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

__all__ = ["CATALOGUE", "COMPILED", "collected", "compiled", "read_catalogue", "untranslated"]

ROOT: Final = Path(__file__).resolve().parent.parent
CATALOGUE: Final = ROOT / "searchapp" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
COMPILED: Final = CATALOGUE.with_suffix(".mo")

_UNDATED: Final = datetime(2026, 1, 1, tzinfo=UTC)
_KEYWORDS: Final = {
    "_": None,
    "translate": None,
    "translate_count": (1, 2),
    "N_": None,
    "lazy_gettext": None,
}
_METHODS: Final = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_OPTIONS: Final = {"**/templates/**.html": {"trimmed": "true"}}


def collected() -> Catalog:
    """Every message of the interface, without translations."""
    catalogue = Catalog(locale="en", domain="messages", fuzzy=False)
    found = extract_from_dir(
        ROOT / "searchapp", method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS
    )
    for file, _, message, _, _ in found:
        catalogue.add(message, locations=[(file, 0)])
    return catalogue


def read_catalogue() -> Catalog:
    """The messages with their English translations, as they stand in the file."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en", domain="messages")


def untranslated(catalogue: Catalog) -> list[str]:
    """The messages that have no English yet."""
    return [
        str(message.id)
        for message in catalogue
        if message.id
        and not all(message.string if isinstance(message.string, tuple) else (message.string,))
    ]


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the program reads it; the same bytes on every day."""
    catalogue.creation_date = catalogue.revision_date = _UNDATED
    output = io.BytesIO()
    write_mo(output, catalogue)
    return output.getvalue()


def main() -> int:
    """Rewrite both files; 1 where something is not translated."""
    catalogue = read_catalogue()
    catalogue.update(collected(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=100, no_location=True, omit_header=True, sort_output=True)
    COMPILED.write_bytes(compiled(catalogue))
    missing = untranslated(catalogue)
    for message in missing:
        sys.stderr.write(f"not translated: {message}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
