"""A search in one Vietnamese sentence."""

from collections.abc import Iterator
from typing import Final

from index import AccentMode, Filters, SortOrder, UnderstoodQuery

from .formatting import date_text
from .labels import ArchiveLabels
from .params import SearchParams
from .rewrites import READ_ANEW
from .wording import later

__all__ = ["COMPOUND", "FIELD_TEXTS", "explain_text", "searched_text", "typed_words"]

COMPOUND: Final = "word"
"""The kind of a query token that is several syllables together."""

FIELD_TEXTS: Final = {
    "all": later("tất cả"),
    "title": later("tiêu đề"),
    "lead": later("sa-pô"),
    "body": later("nội dung"),
    "caption": later("chú thích ảnh"),
    "related": later("tin liên quan"),
}
_FILTER_TEXTS: Final = {
    "sections": "chuyên mục",
    "sources": "nguồn",
    "authors": "tác giả",
    "not_sections": "trừ chuyên mục",
    "not_sources": "trừ nguồn",
    "not_authors": "trừ tác giả",
}
_SORT_TEXTS: Final = {
    SortOrder.NEWEST: "mới nhất trước",
    SortOrder.OLDEST: "cũ nhất trước",
    SortOrder.TITLE: "xếp theo tiêu đề",
}


def explain_text(params: SearchParams, understood: UnderstoodQuery, labels: ArchiveLabels) -> str:
    """What is searched for, how accents are read, and every filter.

    The words are listed where the query is nothing but words; one with signs or operators is
    quoted as it stands.
    """
    parts = [_subject(understood)]
    if params.query and params.field != "all":
        parts.append(f"trong {FIELD_TEXTS[params.field]}")
    parts += _filter_texts(params.filters, labels)
    if params.sort in _SORT_TEXTS:
        parts.append(_SORT_TEXTS[params.sort])
    return ", ".join(parts)


def _filter_texts(filters: Filters, labels: ArchiveLabels) -> Iterator[str]:
    """Each filter as a few words ("chuyên mục Thời sự")."""
    for attribute, kind in _FILTER_TEXTS.items():
        values = [labels.name(attribute, value) for value in getattr(filters, attribute)]
        if values:
            yield f"{kind} {' hoặc '.join(values)}"
    if filters.published_from is not None:
        yield f"từ {date_text(filters.published_from)}"
    if filters.published_to is not None:
        yield f"đến {date_text(filters.published_to)}"


def searched_text(understood: UnderstoodQuery) -> str:
    """The query that the offsets of its tokens count in: as typed, or as it was read anew."""
    for rewrite in understood.rewrites:
        if rewrite.applied and rewrite.kind in READ_ANEW:
            return rewrite.target
    return understood.raw


def typed_words(understood: UnderstoodQuery) -> list[str]:
    """The words that were searched, each once and in its typed form: a date is one word."""
    text = searched_text(understood)
    words: list[str] = []
    end = 0
    for token in sorted(understood.tokens, key=lambda token: (token.start, -token.end)):
        # A compound is listed beside the syllables that it is made of.
        if token.start >= end and token.kind != COMPOUND:
            words.append(text[token.start : token.end])
            end = token.end
    return words


def _subject(understood: UnderstoodQuery) -> str:
    text = searched_text(understood)
    if not text:
        return "Tin mới nhất trong kho"
    words = typed_words(understood)
    if words and "".join(words) == "".join(text.split()):
        listed = ", ".join(f"“{word}”" for word in words)
        return f"Tìm tin có {listed}{_accents(understood)}"
    return f"Tìm tin khớp “{text}”{_accents(understood)}"


def _accents(understood: UnderstoodQuery) -> str:
    if understood.accents is AccentMode.EXACT:
        return " (đúng dấu)"
    if understood.accents is AccentMode.FOLD:
        return " (bỏ qua dấu)"
    if any(token.typed_marks for token in understood.tokens):
        return ""
    return " (không phân biệt dấu)"
