"""The restrictions of a search as chips, each with the search that lacks just that one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from index import AccentMode, QueryMode

from ...documents.explanation import FIELD_TEXTS
from ...query.archive_labels import ArchiveLabels
from ...query.options import FILTER_NAMES
from ...query.params import SearchParams, with_values
from ...query.urls import search_path
from ...text.formatting import date_text
from ...text.i18n import translate
from ...text.messages import N_

__all__ = ["Constraint", "constraints", "unconstrained", "without_each"]

_KIND_TEXTS: Final = {
    "sources": N_("Nguồn"),
    "sections": N_("Chuyên mục"),
    "authors": N_("Tác giả"),
    "not_sources": N_("Trừ nguồn"),
    "not_sections": N_("Trừ chuyên mục"),
    "not_authors": N_("Trừ tác giả"),
}


@dataclass(frozen=True, slots=True)
class Constraint:
    """One restriction in words, and where the search without it is."""

    text: str
    remove_href: str


def constraints(params: SearchParams, labels: ArchiveLabels) -> tuple[Constraint, ...]:
    """The chips of a search; none where everything is searched in the usual way."""
    return tuple(
        Constraint(text, search_path(other)) for text, other in without_each(params, labels)
    )


def unconstrained(params: SearchParams) -> SearchParams:
    """The same words in the same order without any restriction."""
    return SearchParams(query=params.query, sort=params.sort, per_page=params.per_page)


def without_each(params: SearchParams, labels: ArchiveLabels) -> list[tuple[str, SearchParams]]:
    """Each restriction in words, with the first page of the search that lacks it."""
    first = replace(params, page=1)
    return [*_filters(first, labels), *_ways_to_search(first)]


def _filters(params: SearchParams, labels: ArchiveLabels) -> Iterator[tuple[str, SearchParams]]:
    filters = params.filters
    for attribute in FILTER_NAMES.values():
        values = getattr(filters, attribute)
        for value in values:
            kept = tuple(other for other in values if other != value)
            text = f"{translate(_KIND_TEXTS[attribute])}: {labels.name(attribute, value)}"
            yield text, replace(params, filters=with_values(filters, attribute, kept))
    if filters.published_from is not None:
        text = translate("Từ %(day)s", day=date_text(filters.published_from))
        yield text, replace(params, filters=replace(filters, published_from=None))
    if filters.published_to is not None:
        text = translate("Đến %(day)s", day=date_text(filters.published_to))
        yield text, replace(params, filters=replace(filters, published_to=None))


def _ways_to_search(params: SearchParams) -> Iterator[tuple[str, SearchParams]]:
    if params.accents is AccentMode.EXACT:
        yield translate("Đúng dấu"), replace(params, accents=AccentMode.AUTO)
    if params.accents is AccentMode.FOLD:
        yield translate("Bỏ qua dấu"), replace(params, accents=AccentMode.AUTO)
    if params.field != "all":
        text = translate("Chỉ trong %(part)s", part=translate(FIELD_TEXTS[params.field]))
        yield text, replace(params, field="all")
    if params.mode is QueryMode.ADVANCED:
        yield translate("Cú pháp nâng cao"), replace(params, mode=QueryMode.SIMPLE)
    if not params.fix:
        yield translate("Đúng như đã gõ"), replace(params, fix=True)
    if not params.collapse:
        yield translate("Không gộp bản tương tự"), replace(params, collapse=True)
    if params.recency is not None:
        yield translate("Ưu tiên tin mới"), replace(params, recency=None)
    if not params.expand:
        yield translate("Không mở rộng"), replace(params, expand=True)
