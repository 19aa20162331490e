"""Ways out of a search without hits, each with the number of articles that it leads to."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from index import AccentMode, SearchEngine

from ...query.archive_labels import ArchiveLabels
from ...query.params import SearchParams
from ...query.urls import search_path
from ...text.i18n import translate
from .constraints import unconstrained, without_each
from .notices import Link, with_count

__all__ = ["recovery_links"]

_QUOTES: Final = str.maketrans("", "", '"“”„')


def recovery_links(
    engine: SearchEngine, params: SearchParams, labels: ArchiveLabels
) -> tuple[Link, ...]:
    """Searches that are a little wider and have hits; none where nothing helps."""
    links = []
    for text, candidate in _candidates(params, labels):
        request = replace(candidate.request(), limit=0, highlight=False)
        if total := engine.search(request).total:
            links.append(Link(with_count(text, total), search_path(candidate)))
    return tuple(links)


def _candidates(params: SearchParams, labels: ArchiveLabels) -> Iterator[tuple[str, SearchParams]]:
    first = replace(params, page=1)
    if params.accents is not AccentMode.FOLD:
        yield translate("Bỏ qua dấu"), replace(first, accents=AccentMode.FOLD)
    unquoted = params.query.translate(_QUOTES)
    if unquoted != params.query:
        yield translate("Bỏ dấu ngoặc kép"), replace(first, query=unquoted)
    restrictions = without_each(first, labels)
    for text, wider in restrictions:
        yield translate("Bỏ lọc %(filter)s", filter=text), wider
    if len(restrictions) > 1:
        yield translate("Bỏ mọi bộ lọc"), unconstrained(first)
