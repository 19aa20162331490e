"""The forms around a page of results, with everything that was chosen still in them."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from typing import Final

from index import AccentMode, SortOrder

from ...query.options import DEFAULT_PER_PAGE, PER_PAGE_CHOICES
from ...query.parameter_reader import ReadParams
from ...query.params import SearchParams
from ...query.urls import with_query
from ...text.formatting import date_text
from ...text.i18n import translate
from ...text.messages import N_

__all__ = [
    "Choice",
    "DateForm",
    "Form",
    "OrderForm",
    "accent_choices",
    "date_form",
    "form",
    "order_form",
    "size_choices",
    "sort_choices",
]

# The usual choice has no value: an empty parameter is dropped from the address.
_ACCENTS: Final = (
    ("", AccentMode.AUTO, N_("Tự động")),
    ("exact", AccentMode.EXACT, N_("Đúng dấu")),
    ("fold", AccentMode.FOLD, N_("Bỏ qua dấu")),
)
_SORTS: Final = (
    (SortOrder.RELEVANCE, N_("Liên quan nhất")),
    (SortOrder.NEWEST, N_("Mới nhất")),
    (SortOrder.OLDEST, N_("Cũ nhất")),
    (SortOrder.TITLE, N_("Tiêu đề A–Y")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a group."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The box and the accents; `hidden` carries the rest of the search."""

    query: str
    accents: tuple[Choice, ...]
    hidden: tuple[tuple[str, str], ...]
    advanced_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateForm:
    """The two date fields as they were filled in, and what is wrong with them."""

    first_day: str
    last_day: str
    first_day_error: str
    last_day_error: str
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderForm:
    """The orders and sizes of a page of results."""

    sorts: tuple[Choice, ...]
    sizes: tuple[Choice, ...]
    hidden: tuple[tuple[str, str], ...]


def form(params: SearchParams) -> Form:
    """The search box with what was searched in it."""
    return Form(
        query=params.query,
        accents=accent_choices(params),
        hidden=tuple(_hidden(params, {"q", "accents", "nofix"})),
        advanced_href=with_query("/advanced", replace(params, page=1).pairs()),
    )


def date_form(read: ReadParams, typed_days: tuple[str, str]) -> DateForm:
    """The date fields of a search.

    Args:
        typed_days: their texts as they came in, for those that are no dates.
    """
    filters = read.params.filters
    errors = {problem.param: translate(problem.text) for problem in read.problems}
    first, last = filters.published_from, filters.published_to
    return DateForm(
        first_day=typed_days[0] if first is None else date_text(first),
        last_day=typed_days[1] if last is None else date_text(last),
        first_day_error=errors.get("from", ""),
        last_day_error=errors.get("to", ""),
        hidden=tuple(_hidden(read.params, {"from", "to"})),
    )


def order_form(params: SearchParams) -> OrderForm:
    """The order and the page size of a search."""
    hidden = tuple(_hidden(params, {"sort", "per_page"}))
    return OrderForm(sorts=sort_choices(params), sizes=size_choices(params), hidden=hidden)


def accent_choices(params: SearchParams) -> tuple[Choice, ...]:
    """How accents may be read, the chosen way marked."""
    return tuple(Choice(v, translate(text), params.accents is m) for v, m, text in _ACCENTS)


def sort_choices(params: SearchParams) -> tuple[Choice, ...]:
    """The orders of results, the chosen one marked."""
    usual = SortOrder.RELEVANCE if params.query else SortOrder.NEWEST
    chosen = params.sort or usual
    return tuple(
        Choice("" if order is usual else str(order), translate(text), order is chosen)
        for order, text in _SORTS
    )


def size_choices(params: SearchParams) -> tuple[Choice, ...]:
    """How many hits a page may have, the chosen number marked."""
    return tuple(
        Choice("" if n == DEFAULT_PER_PAGE else str(n), str(n), n == params.per_page)
        for n in PER_PAGE_CHOICES
    )


def _hidden(params: SearchParams, fields: Set[str]) -> Iterator[tuple[str, str]]:
    """What must survive the next search besides these fields; it starts on its first page."""
    for name, value in replace(params, page=1).pairs():
        if name not in fields:
            yield name, value
