"""What the page says between the heading and the hits: how the query was read, what else to try."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from index import QueryToken, Rewrite, SearchPage, Suggestion

from ..explain import COMPOUND, searched_text, typed_words
from ..formatting import number_text
from ..params import SearchParams
from ..rewrites import ACCENTS_IGNORED, READ_ANEW, is_expansion, without_rewrite
from ..urls import search_path

__all__ = ["Chip", "Chooser", "Link", "Notice", "choosers", "notices"]

_KEYBOARDS: Final = {"telex": "Telex", "vni": "VNI"}
_READINGS_SHOWN: Final = 6
#: Readings rarer than this share of the most frequent one are left out of the chooser.
_SMALLEST_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere."""

    text: str
    href: str


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


def _notices(page: SearchPage, params: SearchParams) -> Iterator[Notice]:
    applied = [rewrite for rewrite in page.query.rewrites if rewrite.applied]
    for rewrite in applied:
        if not is_expansion(rewrite):
            yield _reread(rewrite, params)
    if page.relaxed:
        count = number_text(len(typed_words(page.query)))
        yield Notice(f"Không có tin chứa đủ {count} từ. Đây là tin chứa gần đủ.")
    for suggestion in page.suggestions:
        yield _suggested(suggestion, params)
    for rewrite in applied:
        if is_expansion(rewrite):
            undo = search_path(without_rewrite(params, rewrite))
            yield Notice(
                f"Đã mở rộng: {rewrite.source} → {rewrite.target} (", (Link("bỏ", undo),), ")"
            )


def _reread(rewrite: Rewrite, params: SearchParams) -> Notice:
    undo = search_path(without_rewrite(params, rewrite))
    as_typed = Link("Vẫn tìm đúng như đã gõ", undo)
    if rewrite.kind in READ_ANEW:
        keyboard = _KEYBOARDS.get(rewrite.kind)
        asked = f" Có phải bạn gõ {keyboard} khi chưa bật bộ gõ?" if keyboard else ""
        return Notice(
            f"Không có tin nào khớp “{rewrite.source}”.{asked} "
            f"Đây là kết quả cho “{rewrite.target}”. ",
            (as_typed,),
        )
    if rewrite.kind == ACCENTS_IGNORED:
        return Notice("Không có kết quả đúng dấu; đây là kết quả bỏ qua dấu. ", (as_typed,))
    text = "Ít tin viết đúng như đã gõ, nên có thêm tin viết khác dấu. "
    return Notice(text, (Link("Chỉ xem tin đúng dấu", undo),))


def _suggested(suggestion: Suggestion, params: SearchParams) -> Notice:
    target = replace(params, query=suggestion.text, page=1)
    count = f" ({number_text(suggestion.total)} tin)"
    if keyboard := _KEYBOARDS.get(suggestion.kind):
        question = f"Có phải bạn gõ {keyboard} khi chưa bật bộ gõ? Tìm "
        return Notice(question, (Link(f"“{suggestion.text}”", search_path(target)),), count)
    return Notice("Ý bạn là: ", (Link(suggestion.text, search_path(target)),), count)


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
