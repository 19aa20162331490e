"""Telex and VNI keystrokes typed without an input method, and the letters that one leaves behind.

Only says what the keys spell. Whether a query is better read that way (xoong, taxi and E5 also
decode) is decided where the vocabulary is known.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from .normalize import exact_key, fold
from .syllables import is_syllable

# The longest syllable, nghiêng, takes ten keys; one may be typed twice.
_MOST_KEYS = 12

# Longer texts are no syllable or name with some of its letters twice.
_MOST_OVERTYPED = 24
_MOST_REPLACED = 5
_MOST_STATES = 32

_VOWELS = "aeiouyăâêôơư"
_TELEX_TONES = dict(zip("sfrxj", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_TONES = dict(zip("12345", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"o": "ơ", "u": "ư"}
_BREVE = {"a": "ă"}


@dataclass(frozen=True, slots=True)
class _Typing:
    """What the keys so far have spelled."""

    letters: str
    tone: str


_KeyRule = Callable[[_Typing, str], list[_Typing]]


def decode_telex(raw: str) -> tuple[str, ...]:
    """The accented syllables, as exact keys, that these Telex keys spell; mostly none or one.

    >>> decode_telex("nuowcs"), decode_telex("lai")
    (('nước',), ())
    """
    return _decode(raw, _press_telex)


def decode_vni(raw: str) -> tuple[str, ...]:
    """The accented syllables, as exact keys, that these VNI keys spell; mostly none or one.

    >>> decode_vni("vie6t5")
    ('việt',)
    """
    return _decode(raw, _press_vni)


def overtyped(raw: str) -> tuple[str, ...]:
    """What the text should be if letters stayed that an input method meant to replace.

    It deletes the end of a syllable and writes it anew with its marks; where the deletions are
    lost, both stand there. A letter typed twice is the shortest case. Exact keys, the whole text
    without its repetitions; none where nothing is repeated.

    >>> overtyped("chaoào"), overtyped("đđường"), overtyped("nước")
    (('chào',), ('đường',), ())
    """
    if len(raw) > _MOST_OVERTYPED or not raw.isalpha():
        return ()
    text = exact_key(raw)
    bare = fold(text)
    if len(bare) != len(text):
        return ()
    #: Texts that are complete at each letter, with whether anything in them was replaced.
    reached: list[dict[tuple[str, bool], None]] = [{} for _ in range(len(text) + 1)]
    reached[0] = {("", False): None}
    for at, states in enumerate(reached[:-1]):
        for written, replaced in islice(states, _MOST_STATES):
            reached[at + 1][written + text[at], replaced] = None
            for width in range(1, min(len(written), len(text) - at, _MOST_REPLACED) + 1):
                if fold(written[-width:]) == bare[at : at + width]:
                    rewritten = written[:-width] + text[at : at + width]
                    reached[at + width][rewritten, True] = None
    found = dict.fromkeys(exact_key(written) for written, replaced in reached[-1] if replaced)
    return tuple(word for word in found if word != text)


def _decode(raw: str, press: _KeyRule) -> tuple[str, ...]:
    keys = raw.lower()
    if len(keys) > _MOST_KEYS or not keys.isascii() or not keys.isalnum():
        return ()
    readings = [_Typing("", "")]
    for key in keys:
        readings = list(dict.fromkeys(after for before in readings for after in press(before, key)))
    syllables = dict.fromkeys(_write(reading) for reading in readings)
    return tuple(word for word in syllables if word != fold(word) and is_syllable(word))


def _press_telex(typing: _Typing, key: str) -> list[_Typing]:
    if key in _TELEX_TONES and _has_vowel(typing.letters):
        return _set_tone(typing, _TELEX_TONES[key])
    if key == "d" and typing.letters.startswith("d"):
        return [replace(typing, letters="đ" + typing.letters[1:])]
    if key == "w" and _has_vowel(typing.letters):
        return _change_each(typing, _HORN | _BREVE) + _horn_both(typing)
    if key == "w":
        return [_append(typing, "ư")]
    literal = _append(typing, key)
    if key not in _CIRCUMFLEX:
        return [literal]
    circumflex = {key: _CIRCUMFLEX[key]}
    return [literal, *_change_each(typing, circumflex), *_take_back(typing, circumflex)]


def _press_vni(typing: _Typing, key: str) -> list[_Typing]:
    if key in _VNI_TONES:
        return _set_tone(typing, _VNI_TONES[key]) if _has_vowel(typing.letters) else []
    if key == "6":
        return _change_each(typing, _CIRCUMFLEX)
    if key == "7":
        return _change_each(typing, _HORN) + _horn_both(typing)
    if key == "8":
        return _change_each(typing, _BREVE)
    if key == "9":
        rest = typing.letters[1:]
        return [replace(typing, letters="đ" + rest)] if typing.letters.startswith("d") else []
    return [_append(typing, key)]


def _set_tone(typing: _Typing, tone: str) -> list[_Typing]:
    return [] if typing.tone else [replace(typing, tone=tone)]


def _append(typing: _Typing, letter: str) -> _Typing:
    return replace(typing, letters=typing.letters + letter)


def _change_each(typing: _Typing, changes: dict[str, str]) -> list[_Typing]:
    """Every way to put the mark on one letter; only well-formed results survive the end."""
    letters = typing.letters
    return [
        replace(typing, letters=f"{letters[:i]}{changes[letter]}{letters[i + 1 :]}")
        for i, letter in enumerate(letters)
        if letter in changes
    ]


def _take_back(typing: _Typing, changes: dict[str, str]) -> list[_Typing]:
    """The third of three equal keys undoes the mark: mooocs is moóc."""
    return [
        replace(typing, letters=f"{typing.letters[:-1]}{letter}{letter}")
        for letter, marked in changes.items()
        if typing.letters.endswith(marked)
    ]


def _horn_both(typing: _Typing) -> list[_Typing]:
    """One key for both horns of ươ: nuowc is nươc."""
    if "uo" not in typing.letters:
        return []
    return [replace(typing, letters=typing.letters.replace("uo", "ươ"))]


def _has_vowel(letters: str) -> bool:
    return any(letter in _VOWELS for letter in letters)


def _write(reading: _Typing) -> str:
    """The exact key: the tone is set on the first vowel, and the key moves it where it belongs."""
    # An input method completes the second horn by itself: duwong is dương.
    letters = reading.letters.replace("ưo", "ươ")
    for i, letter in enumerate(letters):
        if letter in _VOWELS:
            return exact_key(f"{letters[: i + 1]}{reading.tone}{letters[i + 1 :]}")
    return letters
