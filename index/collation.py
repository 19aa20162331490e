"""Vietnamese alphabetical order: letters first (a ă â … d đ …), then tones, then case.

Follows ICU's order for `vi`; tones: ngang, huyền, hỏi, ngã, sắc, nặng.
"""

import unicodedata

_TONES = "\u0300\u0309\u0303\u0301\u0323"
_QUALITY = {"\u0306": 1, "\u0302": 2, "\u031b": 3}
_LETTER_STEP = 4
_LETTERS_FROM = 0x60
_DIGITS_FROM = 0x30
_OTHER_SCRIPTS = 0xF0
_SPACE = 0x02
_PUNCTUATION = 0x03
_STROKE = "\u0335"
_COUNTED = 255


def collation_key(text: str) -> bytes:
    """Bytes that sort as the text does in a Vietnamese list.

    The letters, then the tones and the capitals of the first 254 letters as (255 - place) and
    value: the earlier one is the greater, as when they are compared letter by letter.
    """
    primary, tones, capitals = bytearray(), bytearray(), bytearray()
    letters = 0
    for char in unicodedata.normalize("NFD", text.replace("Đ", "D\u0335").replace("đ", "d\u0335")):
        if char in _TONES:
            if 0 < letters < _COUNTED:
                tones += bytes([_COUNTED - letters, 1 + _TONES.index(char)])
        elif char in _QUALITY or char == _STROKE:
            if primary and _is_letter(primary[-1]):
                primary[-1] += _QUALITY.get(char, 1)
        elif not unicodedata.combining(char):
            primary += _primary(char)
            letters += 1
            if char.isupper() and letters < _COUNTED:
                capitals.append(_COUNTED - letters)
    return bytes(primary) + b"\0" + bytes(tones) + b"\0" + bytes(capitals)


def _is_letter(weight: int) -> bool:
    return _LETTERS_FROM <= weight < _OTHER_SCRIPTS and (weight - _LETTERS_FROM) % _LETTER_STEP == 0


def _primary(char: str) -> bytes:
    low = char.lower()
    if "a" <= low <= "z":
        return bytes([_LETTERS_FROM + _LETTER_STEP * (ord(low) - ord("a"))])
    if char.isdecimal():
        return bytes([_DIGITS_FROM + unicodedata.decimal(char)])
    if char.isspace():
        return bytes([_SPACE])
    if char.isalpha():
        return bytes([_OTHER_SCRIPTS]) + char.encode("utf-8", "surrogatepass")
    return bytes([_PUNCTUATION]) + char.encode("utf-8", "surrogatepass")
