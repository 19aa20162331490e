"""Ways in which a query was read differently, and the search that undoes each."""

from dataclasses import replace
from typing import Final

from index import AccentMode, Rewrite

from ..text.formatting import encoding_text
from .params import SearchParams

__all__ = [
    "ACCENTS_IGNORED",
    "ACCENTS_WIDENED",
    "READ_ANEW",
    "converted_from",
    "is_expansion",
    "without_rewrite",
]

ACCENTS_IGNORED: Final = "accents_ignored"
"""There was no hit with the accents as typed, so none of them counted."""
ACCENTS_WIDENED: Final = "accents_widened"
"""There were few hits with the accents as typed, so words with more accents counted too."""
#: Kinds that put another query in the place of the one that was typed.
READ_ANEW: Final = frozenset({"telex", "vni", "split", "restore_accents"})

_LEGACY: Final = "legacy_"


def converted_from(rewrite: Rewrite) -> str:
    """The old encoding that a query was typed in, as people call it; empty where it was none."""
    kind = rewrite.kind
    return encoding_text(kind.removeprefix(_LEGACY)) if kind.startswith(_LEGACY) else ""


def is_expansion(rewrite: Rewrite) -> bool:
    """Whether other spellings were searched besides the typed one, rather than in its place."""
    return rewrite.kind not in READ_ANEW | {ACCENTS_IGNORED, ACCENTS_WIDENED}


def without_rewrite(params: SearchParams, rewrite: Rewrite) -> SearchParams:
    """The same search without that reading, from its first page."""
    if is_expansion(rewrite):
        return replace(params, expand=False, page=1)
    if rewrite.kind == ACCENTS_WIDENED:
        return replace(params, accents=AccentMode.EXACT, page=1)
    return replace(params, fix=False, page=1)
