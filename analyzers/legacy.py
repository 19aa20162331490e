"""Texts in the encodings from before Unicode (TCVN3, VNI, VISCII ...) told and converted.

A verdict is reached on a whole document and holds for all of its lines, for a few words tell too
little: read as each encoding in turn, only Vietnamese in that encoding turns into Vietnamese
syllables. Lines that are Unicode already stay as they are. VPS shares the characters of VISCII and
is never guessed.

Give the text as it was decoded. Soft hyphens, control characters and even no-break spaces can be
letters, so nothing may be stripped before.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .legacy_decoders import LegacyEncoding, decode, letter_score, may_be_mojibake
from .legacy_reading import Reading, has_strange_letters, has_unicode_letters

_VIQR_HINT: Final = re.compile(r"[AEOaeo]\^")
_VIQR_WORD: Final = re.compile(r"[A-Za-z]\S*")

_SAMPLE: Final = 3000
_MARGIN: Final = 0.2
"""By so much the best reading has to beat the next."""
_SHORT: Final = 100
"""Below so many characters VISCII is not told reliably enough to convert."""


@dataclass(frozen=True, slots=True)
class LegacyText:
    """A text converted to Unicode, and from what.

    With `needs_review` the text is as it was: it looks like that encoding but is too short to tell.
    """

    text: str
    encoding: LegacyEncoding
    needs_review: bool = False


@dataclass(frozen=True, slots=True)
class LegacyFields:
    """The fields of one document, converted to Unicode where they were not; see LegacyText."""

    texts: tuple[str, ...]
    encoding: LegacyEncoding
    needs_review: bool = False


def repair_legacy(text: str, declared: LegacyEncoding | None = None) -> LegacyText | None:
    """The document in Unicode; None where nothing in it is in a legacy encoding.

    Example:
        >>> repair_legacy("§¹i héi §¶ng bé tØnh Lai Ch©u")
        LegacyText(text='Đại hội Đảng bộ tỉnh Lai Châu', encoding='tcvn3', needs_review=False)
    """
    fields = repair_fields((text,), declared)
    if fields is None:
        return None
    return LegacyText(fields.texts[0], fields.encoding, fields.needs_review)


def repair_fields(
    fields: Sequence[str], declared: LegacyEncoding | None = None
) -> LegacyFields | None:
    """The fields of one document in Unicode; None where none is in a legacy encoding.

    `declared` is the encoding that the source names, taken without a check; VPS is only read so.
    """
    encoding = declared
    if encoding is None:
        verdict = _verdict(fields)
        if verdict is None:
            return None
        encoding, needs_review = verdict
        if needs_review:
            return LegacyFields(tuple(fields), encoding, needs_review=True)
    texts = tuple(_follow(field, encoding) for field in fields)
    return None if texts == tuple(fields) else LegacyFields(texts, encoding)


def _verdict(fields: Iterable[str]) -> tuple[LegacyEncoding, bool] | None:
    """The encoding that the fields are in, and whether they are too short to be sure."""
    whole = "\n".join(fields)
    if not has_strange_letters(whole):
        return _viqr_verdict(whole) if "^" in whole else None
    sample = _sample(whole)
    if not has_strange_letters(sample):
        return None
    # VPS is there to lose: what reads best as VPS is not VISCII.
    candidates: list[LegacyEncoding] = ["tcvn3", "vni", "viscii", "vps", "cp1258"]
    if may_be_mojibake(sample):
        candidates.append("mojibake")
    readings = {encoding: Reading.of(decode(sample, encoding)) for encoding in candidates}
    best = max(readings, key=lambda encoding: readings[encoding].share)
    others = [reading.share for encoding, reading in readings.items() if encoding != best]
    next_best = max(*others, Reading.of(sample).share)
    if best == "vps" or not readings[best].is_vietnamese:
        return None
    if readings[best].share - next_best < _MARGIN:
        return None
    return best, best == "viscii" and len(sample) < _SHORT


def _viqr_verdict(whole: str) -> tuple[LegacyEncoding, bool] | None:
    """VIQR where most words carry its signs: a few of them are in formulas and code, too."""
    sample = _sample(whole)
    if _VIQR_HINT.search(sample) is None:
        return None
    words = [decode(word, "viqr") for word in _VIQR_WORD.findall(sample)]
    accented = sum(not word.isascii() for word in words)
    if accented * 2 < len(words) or not Reading.of(" ".join(words)).is_vietnamese:
        return None
    return "viqr", False


def _sample(whole: str) -> str:
    """The lines that are not Unicode Vietnamese, up to some length, ending with a whole word."""
    lines = (line for line in whole.split("\n") if line and not has_unicode_letters(line))
    text = "\n".join(lines)
    return text if len(text) <= _SAMPLE else text[:_SAMPLE].rpartition(" ")[0]


def _follow(field: str, encoding: LegacyEncoding) -> str:
    """The field as the document's encoding says, but for lines that read better as they are."""
    return "\n".join(_follow_line(line, encoding) for line in field.split("\n"))


def _follow_line(line: str, encoding: LegacyEncoding) -> str:
    decoded = decode(line, encoding)
    if decoded == line:
        return line
    bad, bad_decoded = Reading.of(line).accented_bad, Reading.of(decoded).accented_bad
    if bad == bad_decoded == 0:
        # A name or two, such as Nhân Dân, that TCVN3 would read as nhõn dõn.
        return decoded if letter_score(decoded) > letter_score(line) else line
    return line if bad < bad_decoded else decoded
