"""Texts in the encodings from before Unicode (TCVN3, VNI, VISCII ...) told and converted.

A verdict is reached on a whole document and holds for all of its lines, for a few words tell too
little: read as each encoding in turn, only Vietnamese in that encoding turns into Vietnamese
syllables. Lines that are Unicode already stay as they are.

Give the text as it was decoded. Soft hyphens, control characters and even no-break spaces can be
letters, so nothing may be stripped before.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .legacy_decoders import LegacyEncoding, decode, letter_score, may_be_mojibake
from .normalize import exact_key
from .syllables import is_syllable

_VIQR_HINT: Final = re.compile(r"[AEOaeo]\^")
_VIQR_WORD: Final = re.compile(r"[A-Za-z]\S*")

_SAMPLE: Final = 3000
_MARGIN: Final = 0.2
"""By so much the best reading has to beat the next."""
_SHORT: Final = 100
"""Below so many characters VISCII and VPS, which share theirs, are not told reliably enough."""


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

    `declared` is the encoding that the source names, taken without a check.
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
    candidates: list[LegacyEncoding] = ["tcvn3", "vni", "viscii", "vps", "cp1258"]
    if may_be_mojibake(sample):
        candidates.append("mojibake")
    readings = {encoding: Decoding.of(decode(sample, encoding)) for encoding in candidates}
    best = max(readings, key=lambda encoding: readings[encoding].share)
    others = [reading.share for encoding, reading in readings.items() if encoding != best]
    next_best = max(*others, Decoding.of(sample).share)
    if not readings[best].is_vietnamese:
        return None
    if readings[best].share - next_best < _MARGIN:
        return None
    return best, best in ("viscii", "vps") and len(sample) < _SHORT


def _viqr_verdict(whole: str) -> tuple[LegacyEncoding, bool] | None:
    """VIQR where most words carry its signs: a few of them are in formulas and code, too."""
    sample = _sample(whole)
    if _VIQR_HINT.search(sample) is None:
        return None
    words = [decode(word, "viqr") for word in _VIQR_WORD.findall(sample)]
    accented = sum(not word.isascii() for word in words)
    if accented * 2 < len(words) or not Decoding.of(" ".join(words)).is_vietnamese:
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
    bad, bad_decoded = Decoding.of(line).accented_bad, Decoding.of(decoded).accented_bad
    if bad == bad_decoded == 0:
        # A name or two, such as Nhân Dân, that TCVN3 would read as nhõn dõn.
        return decoded if letter_score(decoded) > letter_score(line) else line
    return line if bad < bad_decoded else decoded


_STRANGE_LETTERS: Final = (
    "\xc4-\xc7\xcb\xce-\xd1\xd6-\xd8\xdb\xdc\xde\xdf\xe4-\xe7\xeb\xee-\xf1\xf6-\xf8\xfb\xfc\xfe\xff"
)
_STRANGE: Final = re.compile(f"[\x80-\x9f\xa1-\xbf{_STRANGE_LETTERS}]")
_ODD_CASE: Final = re.compile("[a-zà-öø-ÿ][À-ÖØ-Þ]")
# Letters, and the marks of letters that are written in parts.
_UNICODE_ONLY: Final = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ\u0300-\u0303\u0306\u0309\u031b\u0323]")
# Control characters other than white space are letters of VISCII.
_WORD: Final = re.compile("[^\t\n\v\f\r -@\\[-`{-\x7f\xa0‘-„–—…•]+")

# Measured on news: text read as what it is has at least .96 of its accented words well-formed,
# read as another encoding at most .77 (VPS as VISCII), not converted at all at most .54.
_SHARE: Final = 0.85
_SHARE_OF_ALL: Final = 0.6
_FEWEST: Final = 2
# A syllable with every mark a character of its own; longer words would fill the cache.
_LONGEST_WORD: Final = 12


def has_strange_letters(text: str) -> bool:
    """Whether the text has what legacy text is full of and Vietnamese in Unicode lacks.

    That is any Latin-1 but for its Vietnamese letters and the no-break space.
    """
    return _STRANGE.search(text) is not None


def has_unicode_letters(text: str) -> bool:
    """Whether the text has Vietnamese letters that are in no wrongly decoded legacy text."""
    return _UNICODE_ONLY.search(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How many of a text's words are Vietnamese syllables.

    `plain` words have ASCII letters only; single letters and abbreviations in capitals are left
    out of them.
    """

    accented: int
    accented_good: int
    plain: int
    plain_good: int

    @classmethod
    def of(cls, text: str) -> "Decoding":
        """Count the words of the text."""
        words = _WORD.findall(text)
        accented = [word for word in words if not word.isascii()]
        plain = [word for word in words if word.isascii() and len(word) > 1 and not word.isupper()]
        return cls(
            accented=len(accented),
            accented_good=sum(map(_is_vietnamese, accented)),
            plain=len(plain),
            plain_good=sum(map(_is_vietnamese, plain)),
        )

    @property
    def accented_bad(self) -> int:
        """How many accented words are no Vietnamese syllables."""
        return self.accented - self.accented_good

    @property
    def share(self) -> float:
        """The share of the accented words that are syllables; 0 where there are none."""
        return self.accented_good / max(1, self.accented)

    @property
    def is_flawless(self) -> bool:
        """Whether all words are syllables, accented ones among them."""
        return self.accented == self.accented_good > 0 and self.plain == self.plain_good

    @property
    def is_vietnamese(self) -> bool:
        """Whether no other language reads like that."""
        good = self.accented_good + self.plain_good
        return (
            self.accented_good >= _FEWEST
            and self.share >= _SHARE
            and good >= _SHARE_OF_ALL * (self.accented + self.plain)
        )


def _is_vietnamese(word: str) -> bool:
    return len(word) <= _LONGEST_WORD and _is_clean_syllable(word)


@lru_cache(maxsize=1 << 14)
def _is_clean_syllable(word: str) -> bool:
    odd = _STRANGE.search(word) or _ODD_CASE.search(word)
    return odd is None and is_syllable(exact_key(word))


# Inside words of no language that is written in Latin-1: signs; an accented capital behind a
# small letter; ß behind a consonant; the pairs of VNI, but for those that are French (où, thaï).
_SIGN: Final = "\x80-\x9f\xa1-\xbf×÷"
_LETTER: Final = "A-Za-zÀ-ÖØ-öø-ÿ"
_TELLING: Final = re.compile(
    f"[{_LETTER}][{_SIGN}]|[{_SIGN}][{_LETTER}]|[a-zà-öø-ÿ][À-ÖØ-Þ]|[b-dg-hk-np-tvx]ß"
    "|[aeoôöuy][àáâãäåèéêëõøúûü]|[aeôöuy]ù|[ôöy]ï"
)
_TELLING_WORDS: Final = 3
# â behind a vowel: õ in TCVN3, which leaves only words like soõng.
_VNI_PAIR: Final = re.compile("[AEOaeo][Ââ]")


def repair_query(text: str) -> LegacyText | None:
    """The query in Unicode; None for one that is not in TCVN3, VNI or mojibake.

    Every word must be a Vietnamese syllable after conversion and some of them none before, so
    that accented queries, foreign ones among them, stay as they are typed. A query of several
    words may have foreign names in it: it is also judged as a document is.

    Example:
        >>> repair_query("Céng hßa x· héi")
        LegacyText(text='Cộng hòa xã hội', encoding='tcvn3', needs_review=False)
        >>> repair_query("café thaï") is None
        True
    """
    if text.isascii() or has_unicode_letters(text):
        return None
    bad = Decoding.of(text).accented_bad
    if not bad or (bad < _TELLING_WORDS and not _TELLING.search(text)):
        return None
    names = [name for name in _candidates(text) if _reads_flawless(text, name)]
    if len(names) == 1 or (names and _VNI_PAIR.search(text)):
        return LegacyText(decode(text, names[0]), names[0])
    found = repair_legacy(text)
    return None if found is None or found.needs_review else found


def _candidates(text: str) -> list[LegacyEncoding]:
    """What the query may be in, the likeliest first."""
    names: list[LegacyEncoding] = ["tcvn3", "vni"]
    if _VNI_PAIR.search(text):
        names.reverse()
    return ["mojibake", *names] if may_be_mojibake(text) else names


def _reads_flawless(text: str, encoding: LegacyEncoding) -> bool:
    decoded = decode(text, encoding)
    return decoded != text and Decoding.of(decoded).is_flawless
