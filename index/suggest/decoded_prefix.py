"""Typed text as Telex or VNI would have made it, the last syllable unfinished."""

import unicodedata
from collections.abc import Callable, Iterator

from analyzers import begins_with, decode_telex, decode_vni, fold, has_marks, is_syllable

from ..query.decoded_query import lookalikes
from ..query.lexicon import Lexicon
from .query_prefix import TypedText
from .word_table import Dictionary

Decode = Callable[[str], tuple[str, ...]]

#: Something typed that the archive has is taken for keystrokes when so much rarer.
_RARE = 0.01
_TONES = {"telex": "sfrxj", "vni": "12345"}
_CODAS = ("c", "ch", "i", "m", "n", "ng", "nh", "p", "t", "u")
_TONE_MARKS = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")
_MAX_READINGS = 3


def decoded(
    lexicon: Lexicon, dictionary: Dictionary, typed: TypedText
) -> Iterator[tuple[str, TypedText]]:
    """What the keys spell, each reading with the name of the input method.

    Something must change, and only what the archive does not have, or has far more often as it
    is decoded. Words of news that also decode (taxi, visa) change only beside other keystrokes.
    """
    for kind, decode in (("telex", decode_telex), ("vni", decode_vni)):
        beginning: list[str] = []
        changed: list[str] = []
        for exact, folded in zip(typed.exact[:-1], typed.folded[:-1], strict=True):
            form = _whole(lexicon, decode, exact, folded)
            changed += [exact] if form else []
            beginning.append(form or exact)
        last = list(_unfinished(lexicon, dictionary, kind, decode, typed.exact[-1]))
        changed += typed.exact[-1:] if last else []
        if changed and not all(exact in lookalikes() for exact in changed):
            for form in last[:_MAX_READINGS] or typed.exact[-1:]:
                exact_forms = (*beginning, form)
                yield kind, TypedText(exact_forms, tuple(fold(form) for form in exact_forms))


def _whole(lexicon: Lexicon, decode: Decode, exact: str, folded: str) -> str | None:
    """The most frequent syllable that the keys spell, where it is far likelier than the keys."""
    if has_marks(exact) or is_syllable(exact):
        return None
    counts = {form: lexicon.count(form, fold(form)) for form in decode(exact)}
    best = max(counts, key=lambda form: counts[form], default=None)
    typed = sum(form.count for form in lexicon.variants(folded))
    return best if best is not None and counts[best] and typed <= _RARE * counts[best] else None


def _unfinished(
    lexicon: Lexicon, dictionary: Dictionary, kind: str, decode: Decode, exact: str
) -> Iterator[str]:
    """The beginnings of syllables that the keys spell so far, where hardly a word begins so."""
    if has_marks(exact) or is_syllable(exact):
        return
    typed = dictionary.weight_from(exact)
    for form in _beginnings(kind, decode, exact):
        known = lexicon.written_variants(fold(form)) if is_syllable(form) else ()
        counts = [reading.count for reading in known if begins_with(form, reading.text)]
        likely = max(max(counts, default=0), dictionary.weight_of_beginning(form))
        if likely and typed <= _RARE * likely:
            yield form


def _beginnings(kind: str, decode: Decode, exact: str) -> Iterator[str]:
    """Decoded keys; keys that are no syllable yet (vieet) are finished, then cut again (viêt)."""
    found = dict.fromkeys(decode(exact))
    if not found:
        for tone in _TONES[kind]:
            for form in decode(exact + tone):
                toneless = unicodedata.normalize("NFD", form).translate(_TONE_MARKS)
                found[unicodedata.normalize("NFC", toneless)] = None
        for coda in _CODAS:
            found |= dict.fromkeys(form.removesuffix(coda) for form in decode(exact + coda))
    yield from found
