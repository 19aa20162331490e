"""Documents about a query: how it was read, what else it may have meant."""

from typing import Annotated, TypedDict

from msgspec import Meta

from .texts import Count, Path

__all__ = ["QueryDocument", "ReadingDocument", "RewriteDocument", "SuggestionDocument", "Token"]


class ReadingDocument(TypedDict):
    """An accented form, and how many articles hold it."""

    text: str
    count: Count


class Token(TypedDict):
    """A token of the query; `start` and `end` count code points of `raw`."""

    text: str
    start: Count
    end: Count
    kind: str
    typed_marks: bool
    readings: list[ReadingDocument]


RewriteDocument = TypedDict(
    "RewriteDocument",
    {
        "kind": str,
        "from": str,
        "to": str,
        "remove_url": Annotated[str, Meta(description="The page of the search without it.")],
    },
)


class QueryDocument(TypedDict):
    """How the query was read."""

    raw: str
    normalized: str
    mode: str
    accents: str
    explain_text: Annotated[str, Meta(description="One Vietnamese sentence for people.")]
    tokens: list[Token]
    rewrites: list[RewriteDocument]
    warnings: list[str]


class SuggestionDocument(TypedDict):
    """Another query that has hits."""

    kind: str
    text: str
    total: Count
    url: Path
    confidence: Annotated[float, Meta(ge=0, le=1)]
