"""The parameters of the API: what each means and which values it takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from index import MAX_QUERY_LENGTH, MAX_SUGGESTIONS, AccentMode, QueryMode, SortOrder

from ...query.params import DEFAULT_PER_PAGE, FACETS, FIELDS, MAX_RECENCY, PER_PAGE_CHOICES

__all__ = [
    "DOC_ID",
    "FACET_FIELD",
    "FACET_SORTS",
    "FILTERS",
    "MAX_RELATED",
    "PAGING",
    "PREFIX",
    "QUERY",
    "READING",
    "RELATED_LIMIT",
    "SEARCH",
    "SUGGEST_LIMIT",
    "USUAL_RELATED",
    "USUAL_SUGGESTIONS",
    "Parameter",
    "Schema",
    "in_path",
]

Schema = dict[str, object]

MAX_RELATED: Final = 20
USUAL_RELATED: Final = 6
USUAL_SUGGESTIONS: Final = 8
FACET_SORTS: Final = ("count", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of the query, or of the path; `schema` is JSON Schema."""

    name: str
    text: str
    schema: Schema
    example: str | None = None
    required: bool = False
    in_path: bool = False
    repeated: bool = False


def _choices(values: Sequence[object], default: object = None) -> Schema:
    return {"enum": list(values), **({} if default is None else {"default": default})}


def _one_of(kind: type[StrEnum], default: StrEnum | None = None) -> Schema:
    values = [str(member) for member in kind]
    return {"type": "string", **_choices(values, None if default is None else str(default))}


_NUMBER: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 99_999_999, "default": 1}
_FLAG: Final[Schema] = {"enum": ["0", "1"], "default": "0"}
_FACET: Final = "|".join(FACETS)
_DAY: Final[Schema] = {
    "type": "string",
    "description": "yyyy, yyyy-mm or yyyy-mm-dd in Vietnamese time, inclusive",
}

QUERY: Final = Parameter(
    name="q",
    text="Words, with accents, without or with some of them; empty: the newest articles.",
    schema={"type": "string", "maxLength": MAX_QUERY_LENGTH, "default": ""},
    example="ha noi",
)
#: How the words are read.
READING: Final = (
    QUERY,
    Parameter(
        name="mode",
        text="`simple` never fails; `advanced` reports syntax errors with their position.",
        schema=_one_of(QueryMode, QueryMode.SIMPLE),
    ),
    Parameter(
        name="accents",
        text="`auto`: typed accents count, missing ones are free; `exact`; `fold`: none counts.",
        schema=_one_of(AccentMode, AccentMode.AUTO),
    ),
    Parameter(
        name="field",
        text="The part of the articles that is searched.",
        schema={"type": "string", **_choices(FIELDS, FIELDS[0])},
    ),
    Parameter(
        name="expand",
        text="`none`: abbreviations and other spellings are left out.",
        schema={"type": "string", **_choices(("all", "none"), "all")},
    ),
    Parameter(
        name="nofix", text="`1`: the query is searched exactly as it was typed.", schema=_FLAG
    ),
    Parameter(
        name="collapse",
        text="`0`: articles that are nearly the same text are hits of their own.",
        schema={"type": "string", **_choices(("0", "1"), "1")},
    ),
    Parameter(
        name="recency",
        text="Newer articles are preferred: days in which what the newest gain halves.",
        schema={"type": "integer", "minimum": 1, "maximum": MAX_RECENCY},
    ),
)
_LABELS: Final[Schema] = {"type": "array", "items": {"type": "string"}}
#: Which articles may be found at all.
FILTERS: Final = (
    *(
        Parameter(name=name, text=text, schema=_LABELS, repeated=True)
        for label, plural in (("source", "Sources"), ("section", "Sections"), ("author", "Authors"))
        for name, text in (
            (label, f"{plural} to search: slugs or names. Several are alternatives."),
            (f"not_{label}", f"{plural} to leave out: slugs or names."),
        )
    ),
    Parameter(name="from", text="Published then or later.", schema=_DAY, example="2026-10"),
    Parameter(name="to", text="Published then or earlier.", schema=_DAY),
)
#: Which part of a list is shown.
PAGING: Final = (
    Parameter(
        name="page", text="The number of the page; `page` × `per_page` ≤ 10,000.", schema=_NUMBER
    ),
    Parameter(
        name="per_page",
        text="How many stand on a page.",
        schema={"type": "integer", **_choices(PER_PAGE_CHOICES, DEFAULT_PER_PAGE)},
    ),
)
#: Everything that a search may have.
SEARCH: Final = (
    *READING,
    *FILTERS,
    Parameter(
        name="sort",
        text="The order of the hits; without it by relevance, or newest first for an empty query.",
        schema=_one_of(SortOrder),
    ),
    *PAGING,
    Parameter(name="highlight", text="`0`: no marked texts.", schema={**_FLAG, "default": "1"}),
    Parameter(
        name="facets",
        text="`1`, or names with commas between them: what the hits are counted by.",
        schema={"type": "string", "pattern": f"^([01]|({_FACET})(,({_FACET}))*)$"},
        example="section,month",
    ),
)
DOC_ID: Final = Parameter(
    name="id",
    text="The id of an article.",
    schema={"type": "string", "pattern": r"^[^\s/\\]+$", "maxLength": 200},
    required=True,
)
FACET_FIELD: Final = Parameter(
    name="field",
    text="What the hits are counted by.",
    schema={"type": "string", **_choices(FACETS)},
    example="section",
    required=True,
    in_path=True,
)
PREFIX: Final = (
    Parameter(
        name="prefix",
        text="Only labels of which a word begins like this; accents and case do not count.",
        schema={"type": "string", "default": ""},
    ),
    Parameter(
        name="sort",
        text="`count`: most hits first; `name`: in Vietnamese alphabetical order.",
        schema={"type": "string", **_choices(FACET_SORTS, FACET_SORTS[0])},
    ),
)
RELATED_LIMIT: Final = Parameter(
    name="limit",
    text="The most articles to name.",
    schema={"type": "integer", "minimum": 1, "maximum": MAX_RELATED, "default": USUAL_RELATED},
)
SUGGEST_LIMIT: Final = Parameter(
    name="limit",
    text="The most suggestions.",
    schema={
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_SUGGESTIONS,
        "default": USUAL_SUGGESTIONS,
    },
)


def in_path(parameter: Parameter) -> Parameter:
    """The same parameter as a part of the path."""
    return replace(parameter, in_path=True)
