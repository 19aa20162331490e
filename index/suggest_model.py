"""What suggestions are asked with, and what they are. Plain frozen values."""

from dataclasses import dataclass
from enum import StrEnum

MAX_SUGGESTIONS = 20
#: A query that people typed is suggested when so many different ones did: it names nobody then.
MIN_CLIENTS = 5


class SuggestionKind(StrEnum):
    """What choosing a suggestion leads to: a search, an article, or all articles of a label."""

    QUERY = "query"
    TITLE = "title"
    SECTION = "section"
    SOURCE = "source"
    AUTHOR = "author"
    DID_YOU_MEAN = "did_you_mean"


@dataclass(frozen=True, slots=True)
class LoggedQuery:
    """A query that people typed, and by how many different clients."""

    text: str
    clients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestRequest:
    """A text that is still being typed; raises ValueError for a limit out of range."""

    text: str
    limit: int = 8
    logged: tuple[LoggedQuery, ...] = ()
    """Queries to suggest besides the archive's own words, where enough clients typed them."""

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_SUGGESTIONS:
            raise ValueError(f"limit must be between 1 and {MAX_SUGGESTIONS}")


@dataclass(frozen=True, slots=True)
class TextPart:
    """A stretch of a suggestion; `typed` where it was typed already."""

    text: str
    typed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One suggestion: its text in one or more parts, and where it leads."""

    text: str
    kind: SuggestionKind
    parts: tuple[TextPart, ...]
    total: int | None = None
    """The articles that it finds, exactly, near copies counted once; None for a headline."""
    doc_id: str | None = None
    """The article of a headline."""
    key: str | None = None
    """What a filter takes for a label."""
    how: str | None = None
    """How a did-you-mean comes about (restore_accents, telex, vni …)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """The best suggestions first; at most as many as were asked for."""

    text: str
    """The typed text as it was read: NFC, pasted text of old encodings converted."""
    items: tuple[Completion, ...] = ()
    generation: int = 0
