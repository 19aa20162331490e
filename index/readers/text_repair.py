"""The one place that every text of every reader passes before it becomes part of an article."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from analyzers import repair_fields

from ..article import Provenance

__all__ = ["convert_legacy", "one_line", "repair_text", "words_of"]

_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Neither a page nor a feed can carry them; tab and line feed stay, lone surrogates are replaced.
_CONTROLS: Final = re.compile("[\0-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_WHITE_SPACE: Final = re.compile(r"[ \t\n]+")


def repair_text(text: str) -> str:
    """The text in NFC with "\\n" line ends, without byte order marks and control characters.

    Its lines stay as they are. Idempotent.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """The repaired text on one line, runs of spaces and line ends folded to one space."""
    return _WHITE_SPACE.sub(" ", repair_text(text)).strip()


def convert_legacy(
    texts: Sequence[str], provenance: Provenance, original: Sequence[str]
) -> tuple[Sequence[str], Provenance]:
    """The texts of one page or record in Unicode, and its provenance with what was done to them.

    The texts have to come as they were read, before any repair. `original` are those of them that
    a reader of the article may want to see as they were.
    """
    legacy = repair_fields(texts)
    if legacy is None:
        return texts, provenance
    if legacy.needs_review:
        return texts, replace(provenance, suspected_encoding=legacy.encoding)
    if provenance.encoding is None:
        kept = "\n".join(text for text in original if text.strip())
        provenance = replace(provenance, encoding=legacy.encoding, original=kept)
    return legacy.texts, replace(provenance, suspected_encoding=None)


def words_of(text: str) -> frozenset[str]:
    """The words of a short text, whatever their case, to tell whether two texts are alike."""
    return frozenset(re.findall(r"\w+", one_line(text).casefold()))
