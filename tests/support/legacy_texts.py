"""Vietnamese written the way a program sees it that takes an old encoding for Latin-1."""

import unicodedata
from functools import cache
from itertools import product

from analyzers import LegacyEncoding
from analyzers.legacy_decoders import decode

ARTICLE = (
    "Xã Đông Lâm mở lại chợ phiên sau mùa mưa lũ",
    "Từ sáng chủ nhật, người dân mười hai bản quanh hồ lại gùi măng, mật ong và vải thổ cẩm "
    "xuống khu chợ mới dựng bên đường tỉnh lộ.",
    "Ủy ban nhân dân xã cho biết mặt bằng đã được san gạt, có thêm nhà vệ sinh, bể nước và chỗ "
    "đỗ xe. Phí chỗ ngồi được miễn trong ba tháng đầu để bà con ổn định việc buôn bán.",
    "Nghỉ chân ở quán phở đầu dãy, một cụ già kể rằng chợ cũ bị lũ cuốn từ những ngày còn đỏ "
    "ửng hoa gạo; ai cũng nhớ tiếng khèn và mùi thắng cố.",
)
MARKS = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = "aăâeêioôơuưy"
LETTERS = [unicodedata.normalize("NFC", letter + mark) for letter in VOWELS for mark in MARKS] + [
    "đ"
]
ALL_LETTERS = [*LETTERS, *(letter.upper() for letter in LETTERS)]
NOT_ASCII = [letter for letter in ALL_LETTERS if not letter.isascii()]

_VIQR_MARKS = {"\u0302": "^", "\u0306": "(", "\u031b": "+"} | dict(
    zip(MARKS[1:], "`'~?.", strict=True)
)


def encoded(text: str, encoding: LegacyEncoding) -> str:
    """The text as it looks when it is in that encoding and nobody knows."""
    match encoding:
        case "mojibake":
            return text.encode().decode("latin-1")
        case "cp1258":
            return "".join(map(_in_cp1258, text))
        case "viqr":
            return "".join(map(_in_viqr, text))
        case _:
            return "".join(_table(encoding).get(char, char) for char in text)


@cache
def _table(encoding: LegacyEncoding) -> dict[str, str]:
    """Letter → how the encoding writes it, found by decoding all there is."""
    high = [chr(code) for code in (*range(1, 9), *range(14, 32), *range(0x80, 0x100))]
    pairs = ["".join(pair) for pair in product("AEIOUYaeiouyÔÖôö", high)]
    table: dict[str, str] = {}
    for raw in (*high, *pairs) if encoding == "vni" else high:
        table.setdefault(decode(raw, encoding), raw)
    table = {letter: raw for letter, raw in table.items() if letter in NOT_ASCII}
    for letter in LETTERS:
        if encoding == "tcvn3" and letter in table:  # whose accented capitals are small letters
            table.setdefault(letter.upper(), table[letter])
    return table


def _in_cp1258(char: str) -> str:
    decomposed = unicodedata.normalize("NFD", char)
    tone = "".join(mark for mark in decomposed if mark in MARKS)
    letter = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in MARKS))
    for spelling in (char, letter + tone):
        try:
            return spelling.encode("cp1258").decode("latin-1")
        except UnicodeEncodeError:
            continue
    return char


def _in_viqr(char: str) -> str:
    if char in "đĐ":
        return "dd" if char == "đ" else "DD"
    decomposed = unicodedata.normalize("NFD", char)
    marks = sorted(decomposed[1:], key=lambda mark: mark in MARKS)
    return decomposed[0] + "".join(_VIQR_MARKS[mark] for mark in marks)
