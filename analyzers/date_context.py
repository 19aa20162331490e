"""Which figures of a text are dates, by the words around them.

Newspapers write 30/4, 30-4 and 30.4 for one day, and 2/3, 2-1 and 2.1 for a share, a score and a
number. A piece of figures alone is read as by default: with a slash as a day that may be a
fraction, with a hyphen as two numbers, with a point as a number. `in_context` ends the pieces that
their neighbours say more about with a sign of what they are.
"""

import re
from collections.abc import Sequence
from typing import Final

from .normalize import exact_key, fold

#: The last character of a piece that is a date, and of one that is none; no piece of a text has it.
DATED, UNDATED = "\x01", "\x00"

_DAY_LIKE: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2}|\d{4})")
_ANY_DAY: Final = re.compile(r"(?<![\d.,/-])\d{1,2}[/.-]\d{1,4}(?![\d])")
_FOUR_DIGITS: Final = 4
#: Behind the number and year of a law.
_LAW: Final = re.compile(r"(?:n[đd]|q[đd]|tt|ttlt|nq|ct|qh\d*|ubtvqh\d*)(?:-|$)")
#: From this day on, d-m is hardly ever a score or a span: the greater number stands first.
_LATE_DAY: Final = 13


def _words(text: str) -> frozenset[str]:
    return frozenset(exact_key(word) for word in text.split())


#: A date follows.
_BEFORE_DATE: Final = _words(
    "ngày sáng trưa chiều tối đêm khuya hôm nay qua mai mùng lễ dịp nghỉ tết khánh niệm mừng đón"
    " chào rằm noel"
)
#: A date follows, unless a unit does.
_PERHAPS_BEFORE_DATE: Final = _words("từ đến tới vào trước sau hết và nhật bảy tư")
#: No date follows: a share, a score, a round, a house, a quarter, the number of a law.
_BEFORE_FRACTION: Final = _words(
    "vòng số nhà hẻm ngõ ngách kiệt lô tổ lệ tỷ tỉ chiếm hơn gần quá khoảng chừng cỡ đạt phần bằng"
    " tập hiệp lượt bảng tốp top trận loạt vé lớp phòng khu tuyến thôn ấp khóa"
    " quý kỳ kết định tư quyết luật lệnh thửa căn giảm tăng mất bớt chỉ những có"
)
#: A share, or a span of so many, stands before these.
_AFTER_FRACTION: Final = _words(
    "số dân diện tổng chặng quãng đại thành lượng thế giới học sinh mức thu vốn con cổ cử ghế hộ"
    " suất quỹ tài đất muỗng thìa chén cốc bát ly lon quả trái củ kg gram lít ha trong các phần"
    " nước cung nhu công nhân cơ hành khách cư lao doanh nông gia nghị giá thời thị ngân sản khối"
    " đoạn hiệp trận lực lớp quân bệnh ca hồ tàu xe vé đội ứng phiếu thí nạn lợi chi nợ tiền lương"
    " cúp champions world euro asian copa europa"
)
_UNITS: Final = _words(
    "% tuổi người ngày tháng năm lần triệu tỷ tỉ nghìn ngàn trăm kg km m cm mm giờ phút giây điểm"
    " bàn con cái chiếc tấn tạ lít độ ha m2 cấp bậc đồng usd trận suất ca vụ đội học em cháu hộ xe"
    " tầng phòng căn nhà trẻ cuốn trang câu bài cây bộ món loại nước tuần tiếng h"
)
#: Between two numbers a hyphen is a score or a span behind these.
_BEFORE_SCORE: Final = _words(
    "số thắng thua hòa hoà dẫn lên thành bại gục khoảng chừng hơn gần với trong mỗi cách tầm cỡ"
    " được quả set cược kèo chấp gỡ là"
)
_FOLDED: Final = {
    words: frozenset(map(fold, words))
    for words in (_BEFORE_DATE, _BEFORE_FRACTION, _AFTER_FRACTION, _UNITS, _BEFORE_SCORE)
}
_SKIPPED: Final = frozenset("\"'“”‘’«»([*")


def in_context(text: str, pieces: Sequence[str]) -> Sequence[str]:
    """The pieces of a text; figures that their neighbours tell to be a date or none are marked.

    >>> in_context("vòng 1/8", ["vòng", "1/8"])[1] == "1/8" + UNDATED
    True
    """
    if _ANY_DAY.search(text) is None:
        return pieces
    marked = list(pieces)
    for number, piece in enumerate(pieces):
        if piece[0].isdecimal() and (figures := _DAY_LIKE.fullmatch(piece)):
            dated = _is_date(figures, _before(pieces, number), _after(pieces, number))
            if dated is not None:
                marked[number] = piece + (DATED if dated else UNDATED)
    return marked


def _is_date(figures: re.Match[str], before: str, after: str) -> bool | None:
    """Whether the figures are a date; None where they are to be read as by default."""
    first, sign, second = figures.groups()
    if len(second) == _FOUR_DIGITS:
        is_law = _is(before, _BEFORE_FRACTION) or _LAW.match(after) is not None
        return False if sign == "/" and is_law else None
    if _is(before, _BEFORE_DATE):
        return True
    if sign == ".":
        return None
    perhaps = before in _PERHAPS_BEFORE_DATE
    if sign == "/":
        if _is(before, _BEFORE_FRACTION) or _is(after, _AFTER_FRACTION) or after in _UNITS:
            return False
        if (int(first), int(second)) == (24, 7):
            return False
        return True if perhaps and int(first) >= int(second) else None
    if _is(before, _BEFORE_SCORE) or _is(after, _UNITS):
        return None
    return True if perhaps or int(first) >= _LATE_DAY else None


def _is(word: str, among: frozenset[str]) -> bool:
    """Whether a word is one of these; without marks it is, too, where no mark was typed at all."""
    return word in among or (
        word.isascii() and word in _FOLDED[among] and word not in _AMBIGUOUS_BARE
    )


#: Without their marks these are other words as well (lễ and lệ, sáng and sang).
_AMBIGUOUS_BARE: Final = frozenset(
    {"le", "sang", "co", "la", "nha", "mai", "to", "lo", "tu", "toi"}
)


def _before(pieces: Sequence[str], number: int) -> str:
    """The word before a piece; "" at the beginning, and where a sign other than quotes stands."""
    for piece in reversed(pieces[max(0, number - 3) : number]):
        if piece not in _SKIPPED:
            return exact_key(piece) if piece[0].isalpha() else ""
    return ""


def _after(pieces: Sequence[str], number: int) -> str:
    """The word or percent sign after a piece; "" where another sign stands."""
    following = pieces[number + 1] if number + 1 < len(pieces) else ""
    return exact_key(following) if following[:1].isalpha() or following == "%" else ""
