"""Ways out of a search without hits, each with the number of articles that it leads to."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from index import AccentMode, SearchEngine

from ..formatting import number_text
from ..labels import ArchiveLabels
from ..params import SearchParams
from ..urls import search_path
from .constraints import unconstrained, without_each
from .notices import Link

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
            links.append(Link(f"{text} ({number_text(total)} tin)", search_path(candidate)))
    return tuple(links)


def _candidates(params: SearchParams, labels: ArchiveLabels) -> Iterator[tuple[str, SearchParams]]:
    first = replace(params, page=1)
    if params.accents is not AccentMode.FOLD:
        yield "Bỏ qua dấu", replace(first, accents=AccentMode.FOLD)
    unquoted = params.query.translate(_QUOTES)
    if unquoted != params.query:
        yield "Bỏ dấu ngoặc kép", replace(first, query=unquoted)
    restrictions = without_each(first, labels)
    for text, wider in restrictions:
        yield f"Bỏ lọc {text}", wider
    if len(restrictions) > 1:
        yield "Bỏ mọi bộ lọc", unconstrained(first)
