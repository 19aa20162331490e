"""The document of suggestions."""

from typing import Annotated, TypedDict

from msgspec import Meta

from .texts import Count, Path

__all__ = ["CompletionDocument", "SuggestAnswer", "SuggestMeta"]


class _Completion(TypedDict):
    text: str
    kind: Annotated[str, Meta(description="query, title, section, source, author or did_you_mean.")]
    parts: Annotated[
        list[tuple[str, int]], Meta(description="Stretches of the text; 1: typed already.")
    ]
    url: Path


class CompletionDocument(_Completion, total=False):
    """A suggestion: `total` for a query, `id` for a headline, `how` for did_you_mean."""

    how: str
    total: Count
    id: str


class SuggestMeta(TypedDict):
    """About the answer itself."""

    took_ms: Count
    generation: Count


class SuggestAnswer(TypedDict):
    """What the typed text may become."""

    query: str
    suggestions: list[CompletionDocument]
    meta: SuggestMeta
