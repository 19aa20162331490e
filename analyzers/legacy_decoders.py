"""Decoders of the encodings that Vietnamese was written in before Unicode.

The texts come decoded the wrong way: each byte of TCVN3, VNI, VISCII, VPS or Windows-1258 as the
Latin-1 character of that number, UTF-8 as Latin-1 or Windows-1252 ("mojibake").
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Final, Literal

LegacyEncoding = Literal["tcvn3", "vni", "viscii", "vps", "cp1258", "mojibake", "viqr"]

_Decoder = Callable[[str], str]

# VNI pairs that viparse leaves out because its corpus of documents has none of them.
_VNI_REST: Final = (("aú", "ẳ"), ("AÚ", "Ẳ"), ("î", "ỵ"), ("Î", "Ỵ"))

_CAPITAL: Final = re.compile(r"[A-Z]")
_SMALL: Final = re.compile(r"[a-z]")
_LINE: Final = re.compile(r"[^\n]+")
_CHUNK: Final = re.compile(r"[^ \t\n]+")

# What the first bytes of the letters in UTF-8 look like, followed by any of the second bytes.
_MOJIBAKE: Final = re.compile("[\xc2-\xc6\xe1\xe2][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘-„†‡•…‰‹›€™]")

_VIQR_WORD: Final = re.compile(r"[A-Za-z'`?~.^(+*\\]+")
_VIQR_LETTER: Final = re.compile(
    r"\\(.)|((?<![A-Za-z])[Dd]d|DD)|([AEIOUYaeiouy])([\^(+*]?)(['`?~.]?)"
)
_VIQR_GLIDE: Final = re.compile(r"(?:[aeo][\^(+]?[iou]|a\^?y|u\+?[iu]|u\+a)$", re.IGNORECASE)
_VIQR_QUALITY: Final = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_VIQR_TONE: Final = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
# Where "." and "?" end a sentence: "." also before a capital, "?" also behind ^ and the like.
_VIQR_STOP: Final = re.compile(
    r"(?<=[A-Za-z])\.(?=\.\.|[\"')\]]*(?:\s+[\"'(\[]?[A-Z]|\s*$))"
    r"|(?<=[A-Za-z^(+*])\?(?=[\"')\]]*\s*$)",
    re.MULTILINE,
)


def decode(text: str, encoding: LegacyEncoding) -> str:
    """The text in NFC as that encoding means it; what the encoding does not have stays.

    Raises:
        ValueError: an encoding of another name.
    """
    match encoding:
        case "tcvn3":
            return _decode_tcvn3(text)
        case "vni" | "viscii" | "vps":
            return _charmap(encoding)(text)
        case "cp1258":
            return unicodedata.normalize("NFC", text.translate(_cp1258_table()))
        case "mojibake":
            return _decode_mojibake(text)
        case "viqr":
            return _decode_viqr(text)
    raise ValueError(f"unknown legacy encoding {encoding!r}")


def may_be_mojibake(text: str) -> bool:
    """Whether it is worth a try to read the text as UTF-8 that was taken for Latin-1."""
    return _MOJIBAKE.search(text) is not None


def letter_score(text: str) -> float:
    """The mean log-probability of the text's letters in Vietnamese, by viparse's model."""
    from viparse.normalize.frequency import vietnamese_score

    return float(vietnamese_score(text))


@cache
def _charmap(name: str) -> _Decoder:
    # Here, not above: the import takes longer than reading a hundred articles that are in order.
    from viparse.normalize.encodings import CHARMAPS
    from viparse.normalize.tables import build_charmap, convert

    charmap = CHARMAPS[name]
    if name == "vni":
        charmap = build_charmap(name, (*charmap.pairs, *_VNI_REST))

    def decode_with(text: str) -> str:
        return str(convert(text, charmap))

    return decode_with


def _decode_tcvn3(text: str) -> str:
    """TCVN3, whose accented capitals are small letters that a font (.VnTimeH) draws large.

    What was set in capitals comes back in small letters, since nobody can tell their case.
    """
    return _LINE.sub(lambda line: _tcvn3_line(line[0]), text)


def _tcvn3_line(line: str) -> str:
    # É is ẫ, but a program that put a heading in capitals made it of é, which is ộ: "ẫng" is
    # found in next to no word, "ộng" in cộng, động and rộng.
    decoded = _charmap("tcvn3")(line.replace("ÉNG", "éNG"))
    if _in_capitals(line):
        return _small(decoded)
    if len(decoded) != len(line) or len(_CAPITAL.findall(line)) < 2:
        return decoded

    def cased(word: re.Match[str]) -> str:
        # One character for one, so the words of both stand at the same places.
        piece = decoded[word.start() : word.end()]
        return _small(piece) if _in_capitals(word[0]) else piece

    return _CHUNK.sub(cased, line)


def _in_capitals(raw: str) -> bool:
    """Whether two capitals or more are in the TCVN3 text, and no small letter without accent."""
    return _SMALL.search(raw) is None and len(_CAPITAL.findall(raw)) > 1


def _small(decoded: str) -> str:
    return decoded if decoded.isupper() else decoded.lower()


@cache
def _cp1258_table() -> dict[int, str]:
    table = {}
    for byte in range(0x80, 0x100):
        raw = bytes([byte])
        letter = raw.decode("cp1258", "ignore")
        for surface in (chr(byte), raw.decode("cp1252", "ignore")):
            if letter and surface and letter != surface:
                table[ord(surface)] = letter
    return table


def _decode_mojibake(text: str) -> str:
    return unicodedata.normalize("NFC", _LINE.sub(lambda line: _mojibake_line(line[0]), text))


def _mojibake_line(line: str) -> str:
    if line.isascii():
        return line
    # Here, not above: see _charmap. It also brings the codec "sloppy-windows-1252".
    from ftfy import fix_encoding

    # ftfy asks for more evidence than a line of few words has, and here it needs none: what is
    # UTF-8 as a whole was meant so. It is for lines in which some characters were lost.
    for codec in ("latin-1", "sloppy-windows-1252"):
        try:
            decoded = line.encode(codec).decode()
        except UnicodeError:
            continue
        return _mojibake_line(decoded)  # some texts went wrong twice
    return fix_encoding(line)


def _decode_viqr(text: str) -> str:
    escaped = _VIQR_STOP.sub(r"\\\g<0>", text)
    return unicodedata.normalize("NFC", _VIQR_WORD.sub(_viqr_word, escaped))


def _viqr_word(word: re.Match[str]) -> str:
    toned = False

    def letter(match: re.Match[str]) -> str:
        nonlocal toned
        literal, stroke, vowel, quality, tone = match.groups()
        if literal:
            return str(literal)
        if stroke:
            return "đ" if stroke == "dd" else "Đ"
        base = f"{vowel}{_VIQR_QUALITY.get(quality, '')}"
        before_tone = word[0][max(0, match.end() - 5) : match.end() - 1]
        if toned or (tone in (".", "?") and _VIQR_GLIDE.search(before_tone)):
            return f"{base}{tone}"  # a syllable has one tone, and not on its glide: punctuation
        toned = bool(tone)
        return f"{base}{_VIQR_TONE.get(tone, '')}"

    return _VIQR_LETTER.sub(letter, word[0])
