"""What the page says between the heading and the hits: how the query was read, what else to try."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from index import QueryToken, Rewrite, SearchPage, Suggestion

from ...documents.explanation import COMPOUND, searched_text, typed_words
from ...query.params import SearchParams
from ...query.rewrites import (
    ACCENTS_IGNORED,
    READ_ANEW,
    converted_from,
    is_expansion,
    without_rewrite,
)
from ...query.urls import search_path
from ...text.i18n import number_text, translate

__all__ = [
    "Chip",
    "Chooser",
    "Link",
    "Notice",
    "RewriteChip",
    "choosers",
    "notices",
    "rewrite_chips",
    "with_count",
]

_KEYBOARDS: Final = {"telex": "Telex", "vni": "VNI"}
_READINGS_SHOWN: Final = 6
#: Readings rarer than this share of the most frequent one are left out of the chooser.
_SMALLEST_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere; `lang` where its language is not the page's."""

    text: str
    href: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence or two, links to what the reader may want instead, and what follows them."""

    text: str
    links: tuple[Link, ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """One accented reading of a syllable and how many articles hold it."""

    text: str
    count: str
    href: str


@dataclass(frozen=True, slots=True)
class RewriteChip:
    """Another spelling that was searched too, and the search without it."""

    text: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class Chooser:
    """The readings of one syllable that was typed without accents."""

    typed: str
    chips: tuple[Chip, ...]


def notices(page: SearchPage, params: SearchParams) -> tuple[Notice, ...]:
    """Everything worth saying about a page of results, the most important first."""
    return tuple(_notices(page, params))


def choosers(page: SearchPage, params: SearchParams) -> tuple[Chooser, ...]:
    """A row of chips for what was typed without accents and has several frequent readings.

    Words of several syllables come first.
    """
    text = searched_text(page.query)
    tokens = sorted(page.query.tokens, key=lambda token: (token.kind != COMPOUND, token.start))
    rows = (_chooser(token, text, params) for token in tokens)
    return tuple(row for row in rows if row is not None)


def with_count(text: str, total: int) -> str:
    """A text with the number of articles that it leads to."""
    return translate("%(text)s (%(count)s tin)", text=text, count=number_text(total))


def _notices(page: SearchPage, params: SearchParams) -> Iterator[Notice]:
    if page.partial:
        yield Notice(translate("Tìm hơi lâu nên mới có một phần kết quả. Thử thu hẹp câu tìm."))
    for rewrite in page.query.rewrites:
        if not is_expansion(rewrite):
            yield _reread(rewrite, params)
    if page.relaxed:
        count = number_text(len(typed_words(page.query)))
        yield Notice(
            translate("Không có tin chứa đủ %(count)s từ. Đây là tin chứa gần đủ.", count=count)
        )
    for suggestion in page.suggestions:
        yield _suggested(suggestion, params)
    if page.collapsed:
        text = translate("Đã gộp %(count)s bản tương tự.", count=number_text(page.collapsed))
        apart = Link(
            translate("Hiện riêng từng bản"), search_path(replace(params, collapse=False, page=1))
        )
        yield Notice(f"{text} ", (apart,))


def rewrite_chips(page: SearchPage, params: SearchParams) -> tuple[RewriteChip, ...]:
    """Every other spelling that was searched too, with the search that leaves it out."""
    return tuple(
        RewriteChip(_rewrite_text(rewrite), search_path(without_rewrite(params, rewrite)))
        for rewrite in page.query.rewrites
        if is_expansion(rewrite)
    )


def _rewrite_text(rewrite: Rewrite) -> str:
    if encoding := converted_from(rewrite):
        return translate(
            "Đã chuyển mã từ %(encoding)s: %(text)s", encoding=encoding, text=rewrite.target
        )
    return translate("Đã mở rộng: %(typed)s → %(also)s", typed=rewrite.source, also=rewrite.target)


def _reread(rewrite: Rewrite, params: SearchParams) -> Notice:
    undo = search_path(without_rewrite(params, rewrite))
    as_typed = Link(translate("Vẫn tìm đúng như đã gõ"), undo)
    if rewrite.kind in READ_ANEW:
        parts = [translate("Không có tin nào khớp “%(typed)s”.", typed=rewrite.source)]
        if keyboard := _KEYBOARDS.get(rewrite.kind):
            parts.append(
                translate("Có phải bạn gõ %(keyboard)s khi chưa bật bộ gõ?", keyboard=keyboard)
            )
        parts.append(translate("Đây là kết quả cho “%(text)s”.", text=rewrite.target))
        return Notice(f"{' '.join(parts)} ", (as_typed,))
    if rewrite.kind == ACCENTS_IGNORED:
        text = translate("Không có kết quả đúng dấu; đây là kết quả bỏ qua dấu.")
        return Notice(f"{text} ", (as_typed,))
    text = translate("Ít tin viết đúng như đã gõ, nên có thêm tin viết khác dấu.")
    return Notice(f"{text} ", (Link(translate("Chỉ xem tin đúng dấu"), undo),))


def _suggested(suggestion: Suggestion, params: SearchParams) -> Notice:
    target = search_path(replace(params, query=suggestion.text, page=1))
    count = translate("(%(count)s tin)", count=number_text(suggestion.total))
    if keyboard := _KEYBOARDS.get(suggestion.kind):
        question = translate(
            "Có phải bạn gõ %(keyboard)s khi chưa bật bộ gõ? Tìm", keyboard=keyboard
        )
        return Notice(f"{question} ", (Link(f"“{suggestion.text}”", target, "vi"),), f" {count}")
    question = translate("Ý bạn là:")
    return Notice(f"{question} ", (Link(suggestion.text, target, "vi"),), f" {count}")


def _chooser(token: QueryToken, text: str, params: SearchParams) -> Chooser | None:
    if token.typed_marks or not token.readings:
        return None
    least = token.readings[0].count * _SMALLEST_SHARE
    frequent = list(takewhile(lambda reading: reading.count >= least, token.readings))
    if len(frequent) < 2:
        return None
    chips = (
        Chip(
            reading.text,
            number_text(reading.count),
            search_path(replace(params, query=_chosen(text, token, reading.text), page=1)),
        )
        for reading in frequent[:_READINGS_SHOWN]
    )
    return Chooser(text[token.start : token.end], tuple(chips))


def _chosen(text: str, token: QueryToken, reading: str) -> str:
    return text[: token.start] + reading + text[token.end :]
