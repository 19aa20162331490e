"""Every endpoint of the API: what it takes, what it answers, and when it refuses."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from index import MAX_SUGGESTIONS

from ..query.option_kinds import Choice, Number, Option, WordsOption
from ..query.options import FACETS, MATCHING, PAGING, QUERY, SEARCH
from .article_documents import ApiArticle, Path, RelatedAnswer
from .query_documents import AnalysisAnswer, ExplainAnswer, SuggestAnswer
from .search_documents import FacetAnswer, SearchAnswer, StatsAnswer

__all__ = [
    "DOC_ID",
    "ENDPOINTS",
    "FACET_SORT",
    "ID_IN_PATH",
    "LOG",
    "NDJSON",
    "PREFIX",
    "RELATED_LIMIT",
    "SUGGEST_LIMIT",
    "WRITING",
    "Endpoint",
    "ProblemDocument",
    "ProblemError",
    "ProblemLinks",
    "WriteEndpoint",
    "endpoint_of",
]

_SEARCH_SCOPE: Final = "search"
_SUGGEST_SCOPE: Final = "suggest"
_DEBUG_SCOPE: Final = "debug"
#: What can go wrong wherever something is written.
_WRITING_EVERYWHERE: Final = (400, 401, 403, 405, 406, 500, 503)
#: What can go wrong anywhere.
_EVERYWHERE: Final = (304, 400, 401, 403, 405, 406, 429, 500, 503)
_NO_PUNCTUATION: Final = str.maketrans({"/": "_", "{": None, "}": None})

DOC_ID: Final = WordsOption(
    name="id",
    text="The id of an article.",
    limits={"pattern": r"^[^\s/\\]+$", "maxLength": 200},
    clean=str,
    required=True,
)
ID_IN_PATH: Final = replace(DOC_ID, in_path=True)
_FACET_FIELD: Final = Choice(
    name="field",
    default="",
    values={name: name for name in FACETS},
    text="What the hits are counted by.",
    example="section",
    required=True,
    in_path=True,
)
PREFIX: Final = WordsOption(
    name="prefix",
    text="Only labels of which a word begins like this; typed accents count, case does not.",
    limits={},
)
FACET_SORT: Final = Choice(
    name="sort",
    default="count",
    values={name: name for name in ("count", "name")},
    text="`count`: most hits first; `name`: in Vietnamese alphabetical order.",
)
LOG: Final = Choice(
    name="log",
    default=True,
    values={"0": False, "1": True},
    text="`0`: no log keeps the query, which may be an unpublished text.",
)
RELATED_LIMIT: Final = Number[int](
    name="limit", default=6, most=20, text="The most articles to name."
)
SUGGEST_LIMIT: Final = Number[int](
    name="limit", default=8, most=MAX_SUGGESTIONS, text="The most suggestions."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address of the API; `example` is a request that a test runs."""

    path: str
    summary: str
    parameters: tuple[Option[Any], ...]
    answer: type[Struct]
    scope: str
    """What a key must be allowed."""
    more_statuses: tuple[int, ...] = ()
    example: str

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that is not 200."""
        return tuple(sorted((*_EVERYWHERE, *self.more_statuses)))

    @property
    def anchor(self) -> str:
        """Its name: the path without its beginning and its punctuation."""
        return self.path.removeprefix("/api/v1/").translate(_NO_PUNCTUATION)


ENDPOINTS: Final = (
    Endpoint(
        path="/api/v1/search",
        summary="A page of results",
        parameters=(*SEARCH, LOG),
        answer=SearchAnswer,
        scope=_SEARCH_SCOPE,
        more_statuses=(413,),
        example="/api/v1/search?q=ha+noi&section=thoi-su&facets=section",
    ),
    Endpoint(
        path="/api/v1/suggest",
        summary="What a text that is being typed may become",
        parameters=(QUERY, SUGGEST_LIMIT),
        answer=SuggestAnswer,
        scope=_SUGGEST_SCOPE,
        more_statuses=(413,),
        example="/api/v1/suggest?q=ha+n&limit=5",
    ),
    Endpoint(
        path="/api/v1/articles/{id}",
        summary="A whole article",
        parameters=(ID_IN_PATH,),
        answer=ApiArticle,
        scope=_SEARCH_SCOPE,
        more_statuses=(404, 410),
        example="/api/v1/articles/d01",
    ),
    Endpoint(
        path="/api/v1/articles/{id}/related",
        summary="Articles about the same subject",
        parameters=(ID_IN_PATH, RELATED_LIMIT),
        answer=RelatedAnswer,
        scope=_SEARCH_SCOPE,
        more_statuses=(404, 410),
        example="/api/v1/articles/d24/related?limit=3",
    ),
    Endpoint(
        path="/api/v1/facets/{field}",
        summary="All values of a facet among the hits of a search",
        parameters=(_FACET_FIELD, *MATCHING, PREFIX, FACET_SORT, *PAGING),
        answer=FacetAnswer,
        scope=_SEARCH_SCOPE,
        more_statuses=(404, 413),
        example="/api/v1/facets/section?q=ha+noi&sort=name",
    ),
    Endpoint(
        path="/api/v1/analyze",
        summary="How a query is understood, step by step",
        parameters=MATCHING,
        answer=AnalysisAnswer,
        scope=_DEBUG_SCOPE,
        more_statuses=(413,),
        example="/api/v1/analyze?q=cong+an",
    ),
    Endpoint(
        path="/api/v1/explain",
        summary="How an article gets its score",
        parameters=(DOC_ID, *MATCHING),
        answer=ExplainAnswer,
        scope=_DEBUG_SCOPE,
        more_statuses=(404, 410, 413),
        example="/api/v1/explain?q=xa+lu&id=d07",
    ),
    Endpoint(
        path="/api/v1/stats",
        summary="What the archive holds",
        parameters=(),
        answer=StatsAnswer,
        scope=_SEARCH_SCOPE,
        example="/api/v1/stats",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteEndpoint:
    """One way to write, or to ask what became of it; every one needs a key that may."""

    method: str
    path: str
    summary: str
    body: str
    """The type of what is sent; "" for nothing."""
    more_statuses: tuple[int, ...] = ()
    scope: str = "ingest"

    @property
    def status(self) -> int:
        """What it answers where all is well."""
        return 200 if self.method == "get" else 202

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every other status."""
        return tuple(sorted((*_WRITING_EVERYWHERE, *self.more_statuses)))

    @property
    def anchor(self) -> str:
        """Its name: the method, and the path without its beginning and its punctuation."""
        path = self.path.removeprefix("/api/v1/").translate(_NO_PUNCTUATION)
        return f"{self.method}_{path}"


JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
WRITING: Final = (
    WriteEndpoint(
        method="put",
        path="/api/v1/articles/{id}",
        summary="Add an article, or replace the one with this id",
        body=JSON,
        more_statuses=(404, 413, 415),
    ),
    WriteEndpoint(
        method="delete",
        path="/api/v1/articles/{id}",
        summary="Remove an article",
        body="",
        more_statuses=(404,),
    ),
    WriteEndpoint(
        method="post",
        path="/api/v1/articles",
        summary="Add or replace many articles, one a line",
        body=NDJSON,
        more_statuses=(413, 415),
    ),
    WriteEndpoint(
        method="post",
        path="/api/v1/articles/{id}/withdraw",
        summary="Withdraw an article at once, be it there or not",
        body=JSON,
        more_statuses=(404, 413, 415),
    ),
    WriteEndpoint(
        method="get",
        path="/api/v1/tasks/{id}",
        summary="What became of what was accepted",
        body="",
        more_statuses=(404,),
    ),
)


_BY_PATH: Final = {endpoint.path: endpoint for endpoint in ENDPOINTS}


def endpoint_of(path: str) -> Endpoint:
    """The endpoint with this path, its parts in braces; raises KeyError."""
    return _BY_PATH[path]


class ProblemError(Struct, frozen=True, kw_only=True):
    """What is wrong with one parameter; `position` is 1-based."""

    param: str
    code: str
    position: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    message: str


class ProblemLinks(Struct, frozen=True):
    """A way on: the same search without syntax."""

    as_plain_words: Path


class ProblemDocument(Struct, frozen=True, kw_only=True):
    """An error; the keys after `request_id` are there where the problem has them."""

    type: Annotated[str, Meta(description="The address of a page about this kind of problem.")]
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: str
    instance: Annotated[str, Meta(description="What was asked for.")]
    request_id: Annotated[str, Meta(description="The number that stands in the log too.")]
    errors: list[ProblemError] | UnsetType = UNSET
    links: ProblemLinks | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=0, description="The most that is allowed.")] | UnsetType = UNSET
    retry_after: Annotated[int, Meta(ge=1, description="Seconds to wait.")] | UnsetType = UNSET
    reason: Annotated[str, Meta(description="What is wrong with a body.")] | UnsetType = UNSET
    withdrawn_at: Annotated[str, Meta(description="yyyy-mm-dd.")] | UnsetType = UNSET
    withdrawn_reason: str | UnsetType = UNSET
    withdrawn_headline: str | UnsetType = UNSET
    withdrawn_source: str | UnsetType = UNSET
