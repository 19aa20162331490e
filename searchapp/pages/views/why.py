"""Why a hit is there: which words were found, where, and how they differ from what was typed."""

from collections.abc import Iterable
from typing import Final

from index import MatchedWord, MatchKind, Zone

from ...text.i18n import translate
from ...text.wording import later

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
}


def reasons(matched: Iterable[MatchedWord]) -> tuple[str, ...]:
    """One sentence for each part of the article and each way in which words of it match."""
    grouped: dict[tuple[Zone, MatchKind], list[MatchedWord]] = {}
    for word in matched:
        grouped.setdefault((word.zone, word.how), []).append(word)
    return tuple(_reason(zone, how, words) for (zone, how), words in grouped.items())


def _reason(zone: Zone, how: MatchKind, words: list[MatchedWord]) -> str:
    where, way = translate(_ZONES[zone]), translate(_HOW[how])
    found = _quoted(word.found for word in words)
    if how is MatchKind.EXACT:
        return translate("%(where)s: %(found)s (%(how)s)", where=where, found=found, how=way)
    typed = _quoted(word.typed for word in words)
    return translate(
        "%(where)s: %(found)s (bạn gõ %(typed)s: %(how)s)",
        where=where,
        found=found,
        typed=typed,
        how=way,
    )


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join(f"“{text}”" for text in dict.fromkeys(texts))
