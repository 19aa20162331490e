"""Spellings that a query treats as equal: missing accents, i and y."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .normalize import fold, has_marks
from .syllables import TONE_MARKS, is_syllable

_I_FORMS = "iìíỉĩị"
_Y_FORMS = "yỳýỷỹỵ"
_OTHER_I_Y = dict(zip(_I_FORMS + _Y_FORMS, _Y_FORMS + _I_FORMS, strict=True))
# Syllables without an onset (ý, í) and names with th or ch (Thy, Chi) are different words.
_I_Y_ONSETS = frozenset({"h", "k", "l", "m", "s", "t", "v", "qu"})


@lru_cache(maxsize=1 << 16)
def compatible(typed: str, form: str) -> bool:
    """True when `form` has the letters of `typed` and every mark typed; both are exact keys.

    Missing marks are free, and the tone of a syllable may stand on any of its letters (núoc, nước).

    >>> compatible("đa", "đà"), compatible("đà", "đa")
    (True, False)
    """
    if typed == form:
        return True
    if fold(typed) != fold(form):
        return False
    if not has_marks(typed):
        return True
    wanted, there = _spell(typed), _spell(form)
    return _letters_fit(wanted, there) and (
        set(wanted.tones) <= set(there.tones) or (is_syllable(form) and _same_tone(wanted, there))
    )


@lru_cache(maxsize=1 << 16)
def begins_with(typed: str, form: str) -> bool:
    """True when `form` may be what `typed` becomes: both are exact keys, missing marks are free.

    Marks typed must be in the form; its tone may stand on a letter that is not typed yet.

    >>> begins_with("viêt", "việt"), begins_with("thuỳ", "thuyền"), begins_with("hạ", "hà")
    (True, True, False)
    """
    if form.startswith(typed):
        return True
    if not fold(form).startswith(fold(typed)):
        return False
    if not has_marks(typed):
        return True
    wanted, there = _spell(typed), _spell(form)
    begun = _Spelled(there.letters[: len(wanted.letters)], ())
    tones = {mark for _, mark in there.tones}
    return _letters_fit(wanted, begun) and all(mark in tones for _, mark in wanted.tones)


def iy_variants(exact: str) -> tuple[str, ...]:
    """The other spellings of an open syllable in i or y (kỹ -> kĩ, quy -> qui), tone kept.

    Empty for syllables where i and y differ in meaning (tai and tay, ý and í, thi and Thy).
    """
    onset, vowel = exact[:-1], exact[-1:]
    if onset not in _I_Y_ONSETS or vowel not in _OTHER_I_Y:
        return ()
    return (onset + _OTHER_I_Y[vowel],)


@dataclass(frozen=True, slots=True)
class _Spelled:
    letters: tuple[tuple[str, str], ...]
    """Each letter with its marks other than tones."""
    tones: tuple[tuple[int, str], ...]
    """Each tone mark with the number of its letter."""


def _spell(exact: str) -> _Spelled:
    letters: list[tuple[str, str]] = []
    tones: list[tuple[int, str]] = []
    for char in unicodedata.normalize("NFD", exact):
        if char in TONE_MARKS:
            tones.append((len(letters), char))
        elif letters and unicodedata.combining(char):
            base, marks = letters[-1]
            letters[-1] = (base, marks + char)
        else:
            letters.append((char, ""))
    return _Spelled(tuple(letters), tuple(tones))


def _letters_fit(typed: _Spelled, form: _Spelled) -> bool:
    return len(typed.letters) == len(form.letters) and all(
        base in (wanted, fold(wanted)) and set(marks) <= set(wanted_marks)
        for (base, marks), (wanted, wanted_marks) in zip(typed.letters, form.letters, strict=True)
    )


def _same_tone(typed: _Spelled, form: _Spelled) -> bool:
    """True when both have one tone, the same, whichever letter carries it."""
    return [mark for _, mark in typed.tones] == [mark for _, mark in form.tones]
