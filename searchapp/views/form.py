"""The search form with everything that was chosen still in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index import AccentMode, SortOrder, collation_key

from ..formatting import date_text
from ..labels import ArchiveLabels, Label, label_key
from ..parameter_reader import ReadParams
from ..params import SearchParams

__all__ = ["Choice", "Form", "form"]

# The usual choice has no value: an empty parameter is dropped from the address.
_ACCENTS: Final = (
    ("", AccentMode.AUTO, "Tự động"),
    ("exact", AccentMode.EXACT, "Đúng dấu"),
    ("fold", AccentMode.FOLD, "Bỏ qua dấu"),
)
_SORTS: Final = (
    (SortOrder.RELEVANCE, "Liên quan nhất"),
    (SortOrder.NEWEST, "Mới nhất"),
    (SortOrder.OLDEST, "Cũ nhất"),
    (SortOrder.TITLE, "Tiêu đề A–Y"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a group."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Field values and options; `hidden` carries what the form has no field for."""

    query: str
    accents: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    sections: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    first_day: str
    last_day: str
    first_day_error: str
    last_day_error: str
    active_filters: int
    hidden: tuple[tuple[str, str], ...]


def form(read: ReadParams, typed_days: tuple[str, str], labels: ArchiveLabels) -> Form:
    """The form of a search; `typed_days` are the texts of the two date fields as they came in."""
    params = read.params
    filters = params.filters
    errors = {problem.param: problem.message for problem in read.problems}
    first, last = filters.published_from, filters.published_to
    return Form(
        query=params.query,
        accents=tuple(Choice(v, text, params.accents is mode) for v, mode, text in _ACCENTS),
        sorts=_sorts(params),
        sections=_choices("Mọi chuyên mục", labels.sections, filters.sections),
        sources=_choices("Mọi nguồn", labels.sources, filters.sources),
        first_day=typed_days[0] if first is None else date_text(first),
        last_day=typed_days[1] if last is None else date_text(last),
        first_day_error=errors.get("from", ""),
        last_day_error=errors.get("to", ""),
        active_filters=sum(
            bool(value) for value in (filters.sections, filters.sources, first, last)
        ),
        hidden=tuple(_hidden(params)),
    )


def _sorts(params: SearchParams) -> tuple[Choice, ...]:
    usual = SortOrder.RELEVANCE if params.query else SortOrder.NEWEST
    chosen = params.sort or usual
    return tuple(
        Choice("" if order is usual else str(order), text, order is chosen)
        for order, text in _SORTS
    )


def _choices(every: str, labels: Sequence[Label], chosen: Sequence[str]) -> tuple[Choice, ...]:
    """The options of a list in alphabetical order, the first of the chosen ones selected."""
    selected = label_key(chosen[0]) if chosen else ""
    by_name = sorted(labels, key=lambda label: collation_key(label.name))
    options = [Choice(label.key, label.name, label.key == selected) for label in by_name]
    if selected and not any(option.chosen for option in options):
        options.append(Choice(chosen[0], chosen[0], True))
    return (Choice("", every, not selected), *options)


def _hidden(params: SearchParams) -> Iterator[tuple[str, str]]:
    """What must survive the next search; page and reading start anew."""
    filters = params.filters
    beyond = {"section": filters.sections[1:], "source": filters.sources[1:]}
    shown = {"q", "accents", "sort", "from", "to", "page", "nofix"}
    for name, value in params.pairs():
        if name not in shown and value in beyond.get(name, (value,)):
            yield name, value
