"""Queries pasted from a text in TCVN3, VNI or mojibake."""

import re
from typing import Final

from .legacy import LegacyText, repair_legacy
from .legacy_decoders import LegacyEncoding, decode, may_be_mojibake
from .legacy_reading import Reading, has_unicode_letters

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
    bad = Reading.of(text).accented_bad
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
    return decoded != text and Reading.of(decoded).is_flawless
