"""The seam: what a search engine is asked and what it answers. Plain frozen values."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from .article import Article
from .errors import IndexCorrupt
from .query_model import AccentMode, QueryAnalysis, QueryMode, Suggestion, UnderstoodQuery
from .schema import Zone
from .suggest_model import Suggestions, SuggestRequest
from .withdrawals import Withdrawal, Withdrawals

MAX_QUERY_LENGTH = 500
MAX_QUERY_TERMS = 64
MAX_RESULT_DEPTH = 10_000


class TierScope(StrEnum):
    """Which tiers of hits are on the pages: those with every word, with other accents, with most.

    PAGE fills the last page of the first two with the third. MIXED is ALL in the order of scores
    alone, as measures of the ranking read it: hits do not say then of which tier they are.
    """

    PAGE = "page"
    FIRST = "1"
    ALL = "all"
    MIXED = "mixed"


class SortOrder(StrEnum):
    """How hits are ordered; ties go by date (newest first), then by id. UPDATED: changed last."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    UPDATED = "updated"


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
    tiers: TierScope = TierScope.PAGE
    """Facets are of the first tier, unless all are asked for."""
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
    tier: int = 1
    """1: has all that the query says; 2: with other accents; 3: most of the words."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A label and how many hits carry it; `key` is what a filter takes for it."""

    value: str
    count: int
    key: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of hits with the exact totals of its tiers."""

    query: UnderstoodQuery
    hits: tuple[Hit, ...]
    total: int
    """Hits of the first tier: articles that have all that the query says."""
    wider_total: int = 0
    """Hits of the second tier: the same with other accents than were typed."""
    near_total: int = 0
    """Hits of the second and third tiers; the third has most of the words."""
    paged_total: int = 0
    """Hits that the pages of this request go through."""
    suggestions: tuple[Suggestion, ...] = ()
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    """By name, labels most frequent first, dates in order; each as without its own filter."""
    generation: int = 0
    collapsed: int = 0
    """Hits that are near copies of others and neither shown nor counted apart."""
    partial: bool = False
    """Time ran out: hits, marks, facets or suggestions may be missing, none is wrong."""

    @property
    def relaxed(self) -> bool:
        """Whether no article has all that the query says, but some have most of it."""
        return not self.total and self.near_total > 0


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

    def checkpoint(self) -> None:
        """Make everything so far visible, and go on."""

    def give_way(self) -> None:
        """Where others wait: make everything so far visible, let them write, and go on."""


class SearchEngine(Protocol):
    """An index that can be searched and written; results stay valid after closing."""

    def search(self, request: SearchRequest) -> SearchPage:
        """One page of hits; raises QueryError in advanced mode."""

    def total(self, request: SearchRequest) -> int:
        """Hits of the first tier, and nothing of a page; raises QueryError in advanced mode."""

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

    def withdrawals(self) -> Withdrawals:
        """What is withdrawn."""

    def withdrawn(self, doc_id: str) -> Withdrawal | None:
        """The withdrawal of the article with this id."""

    def withdraw(self, entries: Sequence[Withdrawal], *, wait: float = 0.0) -> None:
        """Show articles no longer, nor take them in, at once, whoever writes."""

    def give_back(self, key: str, *, by: str = "", wait: float = 0.0) -> bool:
        """End a withdrawal by id or address; False where there is none. Index it again then."""

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

        `deep` also analyses every article anew and compares, and reports every fault.
        """

    def reindex(
        self, on_progress: Callable[[int, int], None] | None = None, *, wait: float = 0.0
    ) -> int:
        """Analyse every article anew and swap the index; the number of articles.

        Searching goes on meanwhile. An index that another analysis wrote is accepted. What is
        replaced is kept until the next change, for a rollback.

        Args:
            on_progress: is told how many articles are done, and of how many.
            wait: as for a writer.
        """

    def rollback(self, *, wait: float = 0.0) -> None:
        """Bring back what a reindex replaced; a second rollback takes the first one back.

        Raises:
            RollbackUnavailable: nothing is kept, or another analysis wrote it.
        """

    def close(self) -> None:
        """Release files and threads."""
