"""Every option of a search, once: its name, its values, its default and what it means.

Reading an address, writing one, OpenAPI and the command line are loops over SEARCH: a new option is
a row here and what it does in `index`.
"""

from enum import StrEnum
from typing import Any, Final, TypeVar

from index import MAX_QUERY_LENGTH, AccentMode, QueryMode, SortOrder, TierScope

from ..text.days import first_day, last_day
from .option_kinds import Choice, Day, LabelsOption, Names, Number, Option, WordsOption

__all__ = [
    "DATE_FACETS",
    "DEFAULT_PER_PAGE",
    "FACETS",
    "FILTERS",
    "FILTER_NAMES",
    "MATCHING",
    "ON_PAGES",
    "PAGE",
    "PAGING",
    "PER_PAGE",
    "PER_PAGE_CHOICES",
    "QUERY",
    "SEARCH",
]

_E = TypeVar("_E", bound=StrEnum)

PER_PAGE_CHOICES: Final = (10, 20, 50, 100)
DEFAULT_PER_PAGE: Final = 20
#: Labels whose number of hits can be asked for.
FACETS: Final = ("section", "source", "author", "tag", "year", "month", "day")
#: Those of them that are spans of days.
DATE_FACETS: Final = ("year", "month", "day")
_FIELDS: Final = ("all", "title", "lead", "body", "caption", "author", "related")


def _members(kind: type[_E]) -> dict[str, _E]:
    return {str(member): member for member in kind}


QUERY: Final = WordsOption(
    name="q",
    field="query",
    text="Words, with accents, without or with some of them; empty: the newest articles.",
    limits={"maxLength": MAX_QUERY_LENGTH},
    example="ha noi",
)
#: How the words are read.
READING: Final[tuple[Option[Any], ...]] = (
    QUERY,
    Choice(
        name="mode",
        default=QueryMode.SIMPLE,
        values=_members(QueryMode),
        text="`simple` never fails; `advanced` reports syntax errors with their position.",
        help="advanced: report syntax errors with their position.",
    ),
    Choice(
        name="accents",
        default=AccentMode.AUTO,
        values=_members(AccentMode),
        text="`auto`: typed accents count, missing ones are free; `open`: so they are everywhere; "
        "`exact`; `fold`: none counts.",
        help="auto: typed accents count, missing ones are free.",
    ),
    Choice(
        name="field",
        default="all",
        values={name: name for name in _FIELDS},
        text="The part of the articles that is searched.",
        help="Search only this part of the articles.",
    ),
    Choice(
        name="expand",
        default=True,
        values={"all": True, "none": False},
        text="`none`: abbreviations and other spellings are left out.",
        help="Leave abbreviations and other spellings out.",
    ),
    Choice(
        name="nofix",
        field="fix",
        default=True,
        values={"0": True, "1": False},
        text="`1`: the query is searched exactly as it was typed.",
        help="Search exactly as typed, even if nothing is found.",
    ),
    Choice(
        name="tier",
        field="tiers",
        default=TierScope.PAGE,
        values={"1": TierScope.FIRST, "page": TierScope.PAGE, "all": TierScope.ALL},
        text="`1`: only what has all that the query says; `page`: the last page of that is filled "
        "with what has most of the words; `all`: pages go on through these.",
        help="1: only what has all words; page: fill the last page; all: go on through the others.",
    ),
    Choice(
        name="collapse",
        default=True,
        values={"0": False, "1": True},
        text="`0`: articles that are nearly the same text are hits of their own.",
    ),
    Number[int | None](
        name="recency",
        default=None,
        most=36_500,
        metavar="DAYS",
        text="Newer articles are preferred: days in which what the newest gain halves.",
        help="Prefer newer articles: days in which what the newest gain halves.",
    ),
)
_LABELS: Final = tuple(
    option
    for name, some, one in (
        ("source", "Sources", "newspaper"),
        ("section", "Sections", "section"),
        ("author", "Authors", "author"),
    )
    for option in (
        LabelsOption(
            name=name,
            field=f"{name}s",
            text=f"{some} to search: slugs or names. Several are alternatives.",
            help=f"Only this {one}: name or slug; repeatable.",
        ),
        LabelsOption(
            name=f"not_{name}", field=f"not_{name}s", text=f"{some} to leave out: slugs or names."
        ),
    )
)
#: Which articles may be found at all.
FILTERS: Final[tuple[Option[Any], ...]] = (
    *_LABELS,
    Day(
        name="from",
        field="published_from",
        parse=first_day,
        text="Published then or later.",
        help="Published then or later.",
        example="2026-10",
    ),
    Day(
        name="to",
        field="published_to",
        parse=last_day,
        text="Published then or earlier.",
        help="Published then or earlier.",
    ),
)
#: Which articles a search finds.
MATCHING: Final = (*READING, *FILTERS)
#: Parameters that may be given more than once, and the fields of Filters they fill.
FILTER_NAMES: Final = {
    option.name: option.field
    for option in sorted(_LABELS, key=lambda option: option.name.startswith("not_"))
}
PAGE: Final = Number[int](
    name="page", default=1, text="The number of the page; `page` × `per_page` ≤ 10,000."
)
PER_PAGE: Final = Choice(
    name="per_page",
    default=DEFAULT_PER_PAGE,
    values={str(number): number for number in PER_PAGE_CHOICES},
    text="How many stand on a page.",
)
#: Which part of a list is shown.
PAGING: Final = (PAGE, PER_PAGE)
#: Everything that a search may have.
SEARCH: Final[tuple[Option[Any], ...]] = (
    *MATCHING,
    Choice[SortOrder | None](
        name="sort",
        default=None,
        values=_members(SortOrder),
        text="The order of the hits; without it by relevance, or newest first for an empty query.",
        help="The order of the hits.",
    ),
    *PAGING,
    Choice(
        name="highlight", default=True, values={"0": False, "1": True}, text="`0`: no marked texts."
    ),
    Names(
        name="facets",
        known=FACETS,
        text="`1`, or names with commas between them: what the hits are counted by.",
        example="section,month",
        on_pages=False,
    ),
)
ON_PAGES: Final = tuple(option for option in SEARCH if option.on_pages)
