"""A search in one sentence."""

from collections.abc import Iterator
from typing import Final

from index import AccentMode, Filters, SortOrder, UnderstoodQuery

from ..query.archive_labels import ArchiveLabels
from ..query.params import SearchParams, searched_text, typed_words
from ..text.formatting import date_text
from ..text.messages import N_, Gettext

__all__ = ["FIELD_TEXTS", "explain_text", "filter_texts"]

FIELD_TEXTS: Final = {
    "all": N_("tất cả"),
    "title": N_("tiêu đề"),
    "lead": N_("sa-pô"),
    "body": N_("nội dung"),
    "caption": N_("chú thích ảnh"),
    "author": N_("tác giả"),
    "related": N_("tin liên quan"),
}
_FILTER_TEXTS: Final = {
    "sections": N_("chuyên mục %(labels)s"),
    "sources": N_("nguồn %(labels)s"),
    "authors": N_("tác giả %(labels)s"),
    "not_sections": N_("trừ chuyên mục %(labels)s"),
    "not_sources": N_("trừ nguồn %(labels)s"),
    "not_authors": N_("trừ tác giả %(labels)s"),
}
_SORT_TEXTS: Final = {
    SortOrder.NEWEST: N_("mới nhất trước"),
    SortOrder.OLDEST: N_("cũ nhất trước"),
    SortOrder.UPDATED: N_("mới nhận hoặc mới sửa trước"),
    SortOrder.TITLE: N_("xếp theo tiêu đề"),
}


def explain_text(
    params: SearchParams, understood: UnderstoodQuery, labels: ArchiveLabels, translate: Gettext
) -> str:
    """What is searched for, how accents are read, and every filter.

    The words are listed where the query is nothing but words; one with signs or operators is
    quoted as it stands.
    """
    parts = [_subject(understood, translate)]
    if params.query and params.field != "all":
        part = translate(FIELD_TEXTS[params.field])
        parts.append(translate("trong %(part)s", part=part))
    parts += filter_texts(params.filters, labels, translate)
    if params.sort in _SORT_TEXTS:
        parts.append(translate(_SORT_TEXTS[params.sort]))
    return ", ".join(parts)


def filter_texts(filters: Filters, labels: ArchiveLabels, translate: Gettext) -> Iterator[str]:
    """Each filter as a few words ("chuyên mục Thời sự")."""
    for attribute, message in _FILTER_TEXTS.items():
        values = [labels.name(attribute, value) for value in getattr(filters, attribute)]
        if values:
            yield translate(message, labels=translate(" hoặc ").join(values))
    if filters.published_from is not None:
        yield translate("từ %(day)s", day=date_text(filters.published_from))
    if filters.published_to is not None:
        yield translate("đến %(day)s", day=date_text(filters.published_to))


def _subject(understood: UnderstoodQuery, translate: Gettext) -> str:
    text = searched_text(understood)
    if not text:
        return translate("Tin mới nhất trong kho")
    words = typed_words(understood)
    if words and "".join(words) == "".join(text.split()):
        listed = ", ".join(f"“{word}”" for word in words)
        return translate("Tìm tin có %(words)s", words=listed) + _accents(understood, translate)
    return translate("Tìm tin khớp “%(query)s”", query=text) + _accents(understood, translate)


def _accents(understood: UnderstoodQuery, translate: Gettext) -> str:
    if understood.accents is AccentMode.EXACT:
        return translate(" (đúng dấu)")
    if understood.accents is AccentMode.FOLD:
        return translate(" (bỏ qua dấu)")
    if any(token.typed_marks for token in understood.tokens):
        return ""
    return translate(" (không phân biệt dấu)")
