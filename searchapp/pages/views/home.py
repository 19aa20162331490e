"""The first page: the box, what the archive holds, its newest articles."""

from dataclasses import dataclass
from typing import Final

from index import EngineStats, Filters, SearchEngine, SearchRequest

from ...query.archive_labels import ArchiveLabels
from ...query.params import SearchParams
from ...query.urls import search_path
from ...text.i18n import number_text
from .cards import Card, cards
from .form import Form, form
from .notices import Link
from .results import archive_text

__all__ = ["HomeView", "home_view"]

_NEWEST: Final = 8
_SECTIONS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """Without cards the archive is empty."""

    form: Form
    archive_text: str
    sections: tuple[Link, ...]
    cards: tuple[Card, ...]
    all_href: str


def home_view(engine: SearchEngine, stats: EngineStats) -> HomeView:
    """The first page of an archive."""
    labels = ArchiveLabels.of(stats)
    newest = engine.search(SearchRequest(limit=_NEWEST, collapse=True))
    sections = tuple(
        Link(f"{label.name} ({number_text(label.count)})", _section_path(label.key))
        for label in labels.sections[:_SECTIONS]
    )
    return HomeView(
        form=form(SearchParams()),
        archive_text=archive_text(stats),
        sections=sections,
        cards=cards(newest.hits, SearchParams()),
        all_href=search_path(SearchParams()),
    )


def _section_path(key: str) -> str:
    return search_path(SearchParams(filters=Filters(sections=(key,))))
