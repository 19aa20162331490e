"""The heading of a page of results: how many articles have all that was asked for, or most."""

from typing import Final

from index import SearchPage

from ..documents.explanation import filter_texts
from ..http import context
from ..query.archive_labels import ArchiveLabels
from ..query.params import ACCENTS_WIDENED, SIGNS_SOFTENED, SearchParams, typed_words
from ..text.formatting import closed_directions
from ..text.i18n import number_text, translate, translate_count
from ..text.messages import N_

__all__ = ["heading"]

_NOTHING: Final = N_("Không tìm thấy tin nào cho “%(query)s”.")


def heading(params: SearchParams, page: SearchPage) -> str:
    """What was searched for and how many articles have it, those that have most of it apart."""
    query = params.query
    if not query.isprintable():  # marks of direction among them, which must not turn a quote round
        query = closed_directions(query)
    if not query:
        return _filtered(params, page)
    if any(notice.kind == "nothing-to-search" for notice in page.query.notices):
        return translate("Không có chữ nào để tìm trong “%(query)s”.", query=query)
    if not page.near_total:
        if not page.total:
            return translate(_NOTHING, query=query)
        return translate_count(
            "%(count)s kết quả cho “%(query)s”",
            "%(count)s kết quả cho “%(query)s”",
            page.total,
            query=query,
        )
    return f"“{query}”: {' · '.join(_tiers(page))}"


def _tiers(page: SearchPage) -> list[str]:
    """The number of hits of each tier, and what makes it one."""
    kinds = {rewrite.kind for rewrite in page.query.rewrites}
    words = number_text(len(typed_words(page.query)))
    near = page.near_total - page.wider_total
    values = {"total": number_text(page.total), "words": words}
    if SIGNS_SOFTENED in kinds or page.query.tree is not None:
        first = N_("%(total)s tin khớp đúng câu tìm")
        none = N_("Không có tin nào khớp đúng câu tìm")
    elif page.wider_total and near <= 0:
        first, none = N_("%(total)s tin đúng dấu"), N_("Không có tin nào đúng dấu")
    else:
        first, none = (
            N_("%(total)s tin có đủ %(words)s từ"),
            N_("Không có tin nào có đủ %(words)s từ"),
        )
    texts = [translate(first if page.total else none, **values)]
    if page.wider_total:
        message = (
            N_("%(count)s tin khác dấu")
            if ACCENTS_WIDENED in kinds
            else N_("%(count)s tin bỏ qua dấu")
        )
        texts.append(translate(message, count=number_text(page.wider_total)))
    if near > 0:
        texts.append(translate("%(count)s tin có gần đủ", count=number_text(near)))
    return texts


def _filtered(params: SearchParams, page: SearchPage) -> str:
    """A search without words: everything, or what its filters leave."""
    filters, labels = params.filters, ArchiveLabels.of(context.stats())
    if filters.authors and filters == type(filters)(authors=filters.authors):
        return translate_count(
            "%(count)s tin của %(authors)s",
            "%(count)s tin của %(authors)s",
            page.total,
            authors=translate(" hoặc ").join(
                labels.name("authors", author) for author in filters.authors
            ),
        )
    texts = ", ".join(filter_texts(filters, labels, translate))
    if texts:
        return translate_count(
            "%(count)s tin: %(filters)s", "%(count)s tin: %(filters)s", page.total, filters=texts
        )
    return translate("Tin mới nhất trong kho") if page.total else translate("Không có tin nào")
