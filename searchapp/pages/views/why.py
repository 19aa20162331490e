"""Why a hit is there: which words were found, where, and how they differ from what was typed."""

from collections.abc import Iterable
from typing import Final

from index import MatchedWord, MatchKind, Zone

from ...text.i18n import translate
from ...text.messages import N_

__all__ = ["reasons"]

_ZONES: Final = {
    Zone.HEADLINE: N_("Khớp tiêu đề"),
    Zone.LEAD: N_("Khớp sa-pô"),
    Zone.BODY: N_("Khớp nội dung"),
    Zone.CAPTIONS: N_("Khớp chú thích ảnh"),
    Zone.RELATED: N_("Khớp tin liên quan đặt cạnh bài"),
}
_HOW: Final = {
    MatchKind.EXACT: N_("đúng như bạn gõ"),
    MatchKind.ACCENTS_IGNORED: N_("không xét dấu"),
    MatchKind.TONE_PLACEMENT: N_("kiểu đặt dấu khác"),
    MatchKind.I_Y: N_("i và y như nhau"),
    MatchKind.ABBREVIATION: N_("viết tắt"),
    MatchKind.JOINED: N_("viết liền hoặc có gạch nối"),
    MatchKind.SYNONYM: N_("đồng nghĩa"),
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
