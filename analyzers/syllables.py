"""The structure of Vietnamese syllables: onset, vowels, coda, tone."""

import re
import unicodedata
from functools import lru_cache

TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
QUALITY_MARKS = "\u0302\u0306\u031b"

_ACUTE, _DOT_BELOW = "\u0301", "\u0323"
_VOWELS = "aăâeêioôơuưy"
_LONGEST_SYLLABLE = 8

_ONSET_LIST = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
# Onsets and a coda of place names in the Central Highlands (Krông Pắk) and of loan words: their
# tone marks have a place, yet they are not Vietnamese syllables.
_LOAN_ONSET_LIST = "kr pl br bl đr hr gr kl f j w z"
_LOAN_CODAS = frozenset({"k"})
_ONSETS = frozenset({"", *_ONSET_LIST.split()})
_LOAN_ONSETS = frozenset(_LOAN_ONSET_LIST.split())

# Vowels -> codas that may follow; "-" is the open syllable. Final glides count as vowels here.
_RIME_TABLE = {
    "a": "- c ch m n ng nh p t",
    "ai": "-",
    "ao": "-",
    "au": "-",
    "ay": "-",
    "ă": "c m n ng p t",
    "â": "c m n ng p t",
    "âu": "-",
    "ây": "-",
    "e": "- c m n ng p t",
    "eo": "-",
    "ê": "- ch m n nh p t",
    "êu": "-",
    "i": "- ch m n nh p t",
    "ia": "-",
    "iu": "-",
    "iê": "c m n ng p t",
    "iêu": "-",
    "o": "- c m n ng p t",
    "oi": "-",
    "oa": "- c ch m n ng nh p t",
    "oai": "-",
    "oao": "-",
    "oau": "-",
    "oay": "-",
    "oă": "c m n ng p t",
    "oe": "- m n ng p t",
    "oeo": "-",
    "oo": "c n ng",
    "ô": "- c m n ng p t",
    "ôi": "-",
    "ơ": "- m n p t",
    "ơi": "-",
    "u": "- c m n ng p t",
    "ua": "-",
    "ui": "- t",
    "uâ": "n ng t",
    "uây": "-",
    "uê": "- ch n nh t",
    "uêu": "-",
    "uô": "c m n ng p t",
    "uôi": "-",
    "uơ": "-",
    "uơi": "-",
    "uy": "- ch n nh p t",
    "uya": "-",
    "uyu": "-",
    "uyê": "n t",
    "ư": "- c m n ng t",
    "ưa": "-",
    "ưi": "-",
    "ưu": "-",
    "ươ": "c m n ng p t",
    "ươi": "-",
    "ươu": "-",
    "y": "-",
    "yê": "m n ng t",
    "yêu": "-",
}
_RIMES = frozenset(
    (vowels, coda.replace("-", ""))
    for vowels, codas in _RIME_TABLE.items()
    for coda in codas.split()
)
_CODAS = frozenset(coda for _, coda in _RIMES)
_STOP_CODAS = frozenset({"c", "ch", "p", "t"})
_TONE_ON_SECOND = frozenset({"oa", "oe", "uy", "oo"})

# qu and gi before a vowel are onsets: their u and i never carry the tone.
_STRUCTURE = re.compile(
    rf"(qu(?=[{_VOWELS}])|gi(?=[{_VOWELS}])|[^{_VOWELS}]*)([{_VOWELS}]+)([^{_VOWELS}]*)"
)


def place_tone(word: str) -> str:
    """The lower-case NFC word with its tone mark where the new style writes it (hòa -> hoà).

    A word that is not one syllable with one tone mark on a vowel comes back unchanged.
    """
    split = _split_tone(word)
    if split is None:
        return word
    toneless, tone = split
    parts = _split_syllable(toneless)
    if parts is None or not tone:
        return word
    onset, vowels, coda = parts
    if onset not in _ONSETS and onset not in _LOAN_ONSETS:
        return word
    if vowels not in _RIME_TABLE or (coda not in _CODAS and coda not in _LOAN_CODAS):
        return word
    carrier = len(onset) + _tone_index(vowels, coda)
    return unicodedata.normalize("NFC", f"{toneless[: carrier + 1]}{tone}{toneless[carrier + 1 :]}")


@lru_cache(maxsize=1 << 14)
def tone_placements(exact: str) -> tuple[str, ...]:
    """The lower-case NFC words that `place_tone` makes this one of, this one first.

    >>> tone_placements("hoà")
    ('hoà', 'hòa')
    """
    split = _split_tone(exact)
    if split is None or not split[1]:
        return (exact,)
    toneless, tone = split
    placed = (
        unicodedata.normalize("NFC", f"{toneless[:end]}{tone}{toneless[end:]}")
        for end in range(1, len(toneless) + 1)
    )
    others = (word for word in dict.fromkeys(placed) if word != exact)
    return (exact, *(word for word in others if place_tone(word) == exact))


@lru_cache(maxsize=1 << 14)
def is_syllable(exact: str) -> bool:
    """True for an exact key that is one well-formed, fully accented Vietnamese syllable."""
    split = _split_tone(exact)
    if split is None:
        return False
    toneless, tone = split
    parts = _split_syllable(toneless)
    if parts is None or parts[0] not in _ONSETS or place_tone(exact) != exact:
        return False
    onset, vowels, coda = parts
    if coda in _STOP_CODAS and tone not in (_ACUTE, _DOT_BELOW):
        return False
    return _spelled_by_rule(onset, vowels) and _has_rime(onset, vowels, coda)


def _split_tone(word: str) -> tuple[str, str] | None:
    """The word without its tone mark, and the mark ("" for none); None when it cannot have one."""
    if len(word) > _LONGEST_SYLLABLE:
        return None
    decomposed = unicodedata.normalize("NFD", word)
    places = [i for i, char in enumerate(decomposed) if char in TONE_MARKS]
    if not places:
        return word, ""
    place = places[0]
    carrier = decomposed[:place].rstrip(QUALITY_MARKS)[-1:]
    if len(places) > 1 or not carrier or carrier not in _VOWELS:
        return None
    toneless = unicodedata.normalize("NFC", decomposed[:place] + decomposed[place + 1 :])
    return toneless, decomposed[place]


def _split_syllable(toneless: str) -> tuple[str, str, str] | None:
    match = _STRUCTURE.fullmatch(toneless)
    return (match[1], match[2], match[3]) if match else None


def _tone_index(vowels: str, coda: str) -> int:
    for i in range(len(vowels) - 1, -1, -1):
        if vowels[i] in "ăâêôơ" or (vowels[i] == "ư" and "ơ" not in vowels):
            return i
    if len(vowels) == 3 or (len(vowels) == 2 and (coda or vowels in _TONE_ON_SECOND)):
        return 1
    return 0


def _spelled_by_rule(onset: str, vowels: str) -> bool:
    """k, gh, ngh stand before e, ê, i, y; c, g, ng before the others (but gì, gìn)."""
    before_front = vowels[0] in "eêiy"
    if onset in ("k", "gh", "ngh"):
        return before_front
    if onset in ("c", "g", "ng"):
        return not before_front or (onset == "g" and vowels == "i")
    return not (vowels.startswith("yê") and onset not in ("", "qu"))


def _has_rime(onset: str, vowels: str, coda: str) -> bool:
    if onset == "qu":
        glide = "o" if vowels[0] in "aăe" else "u"
        return (glide + vowels, coda) in _RIMES
    if onset == "gi" and ("i" + vowels, coda) in _RIMES:
        return True
    return (vowels, coda) in _RIMES
