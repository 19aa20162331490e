"""The seam: what a search engine is asked and what it answers. Plain frozen values."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from .article import Article
from .errors import IndexCorrupt
from .schema import Zone
from .suggest_model import Suggestions, SuggestRequest

MAX_QUERY_LENGTH = 500
MAX_QUERY_TERMS = 64
MAX_RESULT_DEPTH = 10_000


class AccentMode(StrEnum):
    """How typed accents are read: AUTO takes typed marks as constraints, missing ones as free."""

    AUTO = "auto"
    EXACT = "exact"
    FOLD = "fold"


class QueryMode(StrEnum):
    """SIMPLE never fails, ADVANCED reports syntax errors with their position."""

    SIMPLE = "simple"
    ADVANCED = "advanced"


class SortOrder(StrEnum):
    """How hits are ordered; ties go by date (newest first), then by id."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Labels are written as in the articles or as slugs; OR inside a field, AND across fields."""

    sources: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    not_sections: tuple[str, ...] = ()
    not_authors: tuple[str, ...] = ()
    published_from: date | None = None
    """First day, in Vietnamese time, inclusive."""
    published_to: date | None = None
    """Last day, in Vietnamese time, inclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A search; `limit` and `offset` count hits. Raises ValueError for values out of range."""

    query: str = ""
    limit: int = 20
    offset: int = 0
    accents: AccentMode = AccentMode.AUTO
    mode: QueryMode = QueryMode.SIMPLE
    field: str = "all"
    filters: Filters = Filters()
    sort: SortOrder | None = None
    """None: by relevance, or newest first for an empty query."""
    expand: bool = True
    """Whether abbreviations and other spellings are searched too."""
    fix: bool = True
    """Whether a query without hits may be read in another way (keystrokes, ignored accents)."""
    highlight: bool = False
    facets: tuple[str, ...] = ()
    collapse: bool = False
    """Whether of articles that are nearly the same text only the first hit counts."""
    recency: int | None = None
    """Days in which what newer articles gain halves; None: their day does not count."""
    facet_budget: float | None = None
    """Seconds for counting facets; those left over are missing in the page. None: no limit."""
    budget: float | None = None
    """Seconds after which the page ends with what is found; None: no limit."""

    def __post_init__(self) -> None:
        if not 0 <= self.limit <= MAX_RESULT_DEPTH or self.offset < 0:
            raise ValueError("limit must be between 0 and 10,000, offset must not be negative")
        if self.recency is not None and self.recency < 1:
            raise ValueError("recency is a number of days, 1 or more")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a highlighted text; `marked` where the query matches it."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Highlights:
    """Marked texts in the source's own spelling; `snippets` are the best windows of the body."""

    title: tuple[Fragment, ...] = ()
    lead: tuple[Fragment, ...] = ()
    snippets: tuple[tuple[Fragment, ...], ...] = ()
    related: tuple[tuple[Fragment, ...], ...] = ()
    """Related headlines and snippets that match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleMarks:
    """A whole article with its matches marked, one entry a paragraph."""

    headline: tuple[Fragment, ...]
    lead: tuple[Fragment, ...]
    body: tuple[tuple[Fragment, ...], ...]
    captions: tuple[tuple[Fragment, ...], ...]


class MatchKind(StrEnum):
    """How a word of the query was found."""

    EXACT = "exact"
    ACCENTS_IGNORED = "accents_ignored"
    TONE_PLACEMENT = "tone_placement"
    I_Y = "i_y"
    ABBREVIATION = "abbreviation"
    JOINED = "joined"
    SYNONYM = "synonym"


@dataclass(frozen=True, slots=True)
class MatchedWord:
    """A word as typed, as found in the article, where, and how."""

    typed: str
    found: str
    zone: Zone
    how: MatchKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article of a page of results."""

    id: str
    score: float
    article: Article
    highlights: Highlights = Highlights()
    matched: tuple[MatchedWord, ...] = ()
    related_only: bool = False
    """The query matches only in its related news."""
    copies: tuple[Article, ...] = ()
    """The next hits that are nearly the same text, where the search collapses them."""
    copy_count: int = 0
    """How many there are of them."""


@dataclass(frozen=True, slots=True)
class Variant:
    """An accented form and the number of articles that hold it."""

    text: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryToken:
    """A token of the query; `start` and `end` are code points of the query as typed."""

    text: str
    start: int
    end: int
    kind: str
    typed_marks: bool
    readings: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A way in which the query was read differently; `kind` is a MatchKind or a rule's name."""

    kind: str
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Another query; `kind`: restore_accents, telex, vni, split, spelling or near_number."""

    kind: str
    text: str
    total: int
    confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstoodQuery:
    """How the query was read."""

    raw: str
    normalized: str
    mode: QueryMode
    accents: AccentMode
    tokens: tuple[QueryToken, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryAnalysis:
    """Everything that a search makes of a query, for people who wonder why."""

    understood: UnderstoodQuery
    reading: str
    """How accents were read: an AccentMatch's name for every token, in order."""
    words: tuple[str, ...]
    """The likeliest words, syllables joined by "_"."""
    restored: str
    """The likeliest accented reading."""
    evidence: tuple[tuple[str, float], ...]
    """What ranks the hits, with its weight."""
    total: int
    relaxed: bool
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A label and how many hits carry it; `key` is what a filter takes for it."""

    value: str
    count: int
    key: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of hits with the exact total of all hits."""

    query: UnderstoodQuery
    hits: tuple[Hit, ...]
    total: int
    relaxed: bool = False
    """No article has all the words; these have most of them."""
    suggestions: tuple[Suggestion, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    """By facet name; labels most frequent first, dates in order. Each facet counts the hits as
    they would be without its own filter."""
    generation: int = 0
    collapsed: int = 0
    """Hits that are near copies of others and neither shown nor counted apart."""
    partial: bool = False
    """Time ran out: hits, marks, facets or suggestions may be missing, none is wrong."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score as a tree: the value is the sum of the children's, where there are any."""

    description: str
    value: float
    children: tuple["Explanation", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStats:
    """What an index holds."""

    articles: int
    generation: int
    commit_id: str
    """Differs between any two commits that hold other articles, those of other indexes included."""
    segments: int
    terms: int
    first_published: date | None
    last_published: date | None
    sources: tuple[FacetValue, ...]
    sections: tuple[FacetValue, ...]
    authors: tuple[FacetValue, ...]
    bytes_on_disk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What was read and found sound, the generation that a rollback would bring back included."""

    segments: int
    bytes: int
    articles: int
    """Living articles of the newest generation."""
    compared: int = 0
    """Segments whose articles were analysed anew and compared with what is searched."""
    faults: tuple[IndexCorrupt, ...] = ()
    """What a deep look found; the numbers above are of what is sound then."""


class IndexWriter(Protocol):
    """Changes that become visible together."""

    def put(self, article: Article) -> None:
        """Insert an article, or replace the one with its id."""

    def put_all(self, articles: Iterable[Article]) -> Iterator[bool]:
        """Insert or replace many; one bool each: False where it was there unchanged."""

    def delete(self, doc_id: str) -> bool:
        """Remove an article; False where there is none."""

    def withdraw(self, doc_id: str, on: date) -> bool:
        """Remove an article for good: its id is kept, and it is not indexed again."""

    def checkpoint(self) -> None:
        """Make everything so far visible, and go on."""


class SearchEngine(Protocol):
    """An index that can be searched and written; results stay valid after closing."""

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits; raises QueryError in advanced mode."""

    def explain(self, request: SearchRequest, doc_id: str) -> Explanation:
        """How an article gets its score; raises DocumentError where it does not match."""

    def analyze(self, request: SearchRequest) -> QueryAnalysis:
        """How a query is understood, step by step."""

    def suggest(self, request: SuggestRequest) -> Suggestions:
        """Queries, headlines and labels that a text still being typed may become."""

    def get(self, doc_id: str) -> Article | None:
        """The article with this id."""

    def highlight(self, request: SearchRequest, doc_id: str) -> ArticleMarks | None:
        """The article with everything marked that the request finds; None where it is not."""

    def articles(self) -> Iterator[Article]:
        """Every article, in no particular order; raises IndexCorrupt where one is damaged."""

    def withdrawals(self) -> Mapping[str, date]:
        """The ids of all articles that were withdrawn, with the day."""

    def withdrawn(self, doc_id: str) -> date | None:
        """The day on which an article was withdrawn."""

    def related(self, doc_id: str, limit: int = 6) -> tuple[Hit, ...]:
        """Articles about the same subject, without the article itself."""

    def count(self) -> int:
        """Articles in the index."""

    def stats(self) -> EngineStats:
        """What the index holds."""

    def writer(self, *, wait: float = 0.0) -> AbstractContextManager[IndexWriter]:
        """The one writer: commits on a clean exit, changes nothing on an error.

        Args:
            wait: seconds to wait while another one writes, before IndexLocked is raised.
        """

    def verify(self, *, deep: bool = False) -> VerifyReport:
        """Read everything; raises IndexCorrupt with the first file that is damaged.

        Args:
            deep: also compare what is searched with the articles, analysed anew, and report every
                fault instead of raising the first.
        """

    def reindex(
        self, on_progress: Callable[[int, int], None] | None = None, *, wait: float = 0.0
    ) -> int:
        """Analyse every article anew and swap the index; the number of articles.

        Searching goes on meanwhile, writing does not. An index that another analysis wrote is
        accepted. What is replaced is kept until the next change, for a rollback.

        Args:
            on_progress: is told how many articles are done, and of how many.
            wait: as for a writer.
        """

    def rollback(self, *, wait: float = 0.0) -> None:
        """Bring back what a reindex replaced; a second rollback takes the first one back.

        Args:
            wait: as for a writer.

        Raises:
            RollbackUnavailable: nothing is kept, or another analysis wrote it.
        """

    def close(self) -> None:
        """Release files and threads."""
