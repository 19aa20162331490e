"""Why a hit is there: which words were found, where, and how they differ from what was typed."""

from collections.abc import Iterable
from typing import Final

from index import MatchedWord, MatchKind, Zone

from ..i18n import translate
from ..wording import later

__all__ = ["reasons"]

_ZONES: Final = {
    Zone.HEADLINE: later("Khớp tiêu đề"),
    Zone.LEAD: later("Khớp sa-pô"),
    Zone.BODY: later("Khớp nội dung"),
    Zone.CAPTIONS: later("Khớp chú thích ảnh"),
    Zone.RELATED: later("Khớp tin liên quan đặt cạnh bài"),
}
_HOW: Final = {
    MatchKind.EXACT: later("đúng như bạn gõ"),
    MatchKind.ACCENTS_IGNORED: later("không xét dấu"),
    MatchKind.TONE_PLACEMENT: later("kiểu đặt dấu khác"),
    MatchKind.I_Y: later("i và y như nhau"),
    MatchKind.ABBREVIATION: later("viết tắt"),
    MatchKind.JOINED: later("viết liền hoặc có gạch nối"),
    MatchKind.SYNONYM: later("đồng nghĩa"),
    MatchKind.RESTORED: later("đã thêm dấu"),
}


def reasons(matched: Iterable[MatchedWord]) -> tuple[str, ...]:
    """One sentence for each way in which the hit matches."""
    return tuple(_reason(word) for word in matched)


def _reason(word: MatchedWord) -> str:
    values = {
        "where": translate(_ZONES[word.zone]),
        "found": word.found,
        "typed": word.typed,
        "how": translate(_HOW[word.how]),
    }
    if word.how is MatchKind.EXACT:
        return translate("%(where)s: “%(found)s” (%(how)s)", **values)
    return translate("%(where)s: “%(found)s” (bạn gõ “%(typed)s”: %(how)s)", **values)
