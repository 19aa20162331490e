"""Types of the values that many documents have, each with its meaning."""

from typing import Annotated, TypedDict

from msgspec import Meta

__all__ = ["Count", "Label", "Links", "OptionalDay", "OptionalTime", "Path", "Segment"]

Count = Annotated[int, Meta(ge=0)]
Path = Annotated[str, Meta(description="An address from the root of the site.")]
OptionalTime = Annotated[
    str | None, Meta(description="ISO 8601 in Vietnamese time; null: not known.")
]
OptionalDay = Annotated[str | None, Meta(description="yyyy-mm-dd; null: no article has a date.")]


class Label(TypedDict):
    """A source or section: the slug that filters take, and the name that people read."""

    slug: str
    name: str


class _Unmarked(TypedDict):
    t: Annotated[str, Meta(description="Text in the article's own spelling.")]


class Segment(_Unmarked, total=False):
    """A stretch of text; `m` is there, and true, where the query matches it."""

    m: bool


class _Self(TypedDict):
    self: Path


class Links(_Self, total=False):
    """Where to go from here; `next` and `prev` are there as long as there are such pages."""

    next: Path
    prev: Path
    html: Path
    related: Path
