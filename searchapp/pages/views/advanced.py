"""A form with a field for everything that a search can have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index import EngineStats, collation_key

from ...documents.explanation import FIELD_TEXTS
from ...query.archive_labels import ArchiveLabels, Label, label_key
from ...query.composed_query import QueryParts, parts_of
from ...query.params import SearchParams
from ...text.formatting import date_text
from ...text.i18n import translate
from .form import Choice, accent_choices, size_choices, sort_choices

__all__ = ["AdvancedView", "advanced_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvancedView:
    """Texts and choices of the form, as the search of the address has them."""

    parts: QueryParts
    accents: tuple[Choice, ...]
    fields: tuple[Choice, ...]
    sections: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    authors: tuple[str, ...]
    first_day: str
    last_day: str
    sorts: tuple[Choice, ...]
    sizes: tuple[Choice, ...]
    hidden: tuple[tuple[str, str], ...]


def advanced_view(params: SearchParams, stats: EngineStats) -> AdvancedView:
    """The form with a search in it."""
    labels = ArchiveLabels.of(stats)
    filters = params.filters
    first, last = filters.published_from, filters.published_to
    return AdvancedView(
        parts=parts_of(params.query),
        accents=accent_choices(params),
        fields=tuple(
            Choice("" if name == "all" else name, translate(text), name == params.field)
            for name, text in FIELD_TEXTS.items()
        ),
        sections=_choices(labels.sections, filters.sections),
        sources=_choices(labels.sources, filters.sources),
        authors=filters.authors or ("",),
        first_day="" if first is None else date_text(first),
        last_day="" if last is None else date_text(last),
        sorts=sort_choices(params),
        sizes=size_choices(params),
        hidden=tuple(_hidden(params)),
    )


def _choices(labels: Sequence[Label], chosen: Sequence[str]) -> tuple[Choice, ...]:
    """Every label in alphabetical order, and the chosen ones that the archive does not have."""
    keys = {label_key(value) for value in chosen}
    known = {label.key for label in labels}
    by_name = sorted(labels, key=lambda label: collation_key(label.name))
    return (
        *(Choice(label.key, label.name, label.key in keys) for label in by_name),
        *(Choice(value, value, True) for value in chosen if label_key(value) not in known),
    )


def _hidden(params: SearchParams) -> Iterator[tuple[str, str]]:
    """What the form has no field for."""
    for name, value in params.pairs():
        if name.startswith("not_") or name in ("mode", "expand"):
            yield name, value
