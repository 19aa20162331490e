"""Articles as the JSON documents of the API, and what all its documents have in common."""

from collections.abc import Callable
from datetime import datetime
from time import perf_counter
from typing import Annotated, Any, Final, Self

from msgspec import UNSET, Meta, Struct, UnsetType, field

from index import VIETNAM_TIME, Article

from ..query.archive_labels import label_key
from ..query.urls import Site, article_path
from .citations import Style, cite
from .record import record_of

__all__ = [
    "API_VERSION",
    "AnswerMeta",
    "ApiArticle",
    "ArticleDocument",
    "ArticleHead",
    "Citations",
    "Count",
    "LabelDocument",
    "Links",
    "Path",
    "RelatedAnswer",
    "RelatedResult",
]

#: The version of the contract.
API_VERSION: Final = "1.0"

Count = Annotated[int, Meta(ge=0)]
Path = Annotated[str, Meta(description="An address from the root of the host.")]
_OptionalTime = Annotated[
    str | None, Meta(description="ISO 8601 in Vietnamese time; null: not known.")
]


class LabelDocument(Struct, frozen=True):
    """A source or section: the slug that filters take, and the name that people read."""

    slug: str
    name: str


class Links(Struct, frozen=True, kw_only=True):
    """Where to go from here; `next` and `prev` are there as long as there are such pages."""

    this: Path = field(name="self")
    next: Path | UnsetType = UNSET
    prev: Path | UnsetType = UNSET
    html: Path | UnsetType = UNSET
    related: Path | UnsetType = UNSET

    @classmethod
    def of_page(cls, path: Callable[[int], str], page: int, pages: int, html: str) -> "Links":
        """The links of one of so many pages; `path` is the address of the page of a number."""
        return cls(
            this=path(page),
            next=path(page + 1) if page < pages else UNSET,
            prev=path(page - 1) if 1 < page <= pages + 1 else UNSET,
            html=html,
        )


class AnswerMeta(Struct, frozen=True, kw_only=True):
    """About the answer itself."""

    took_ms: Count
    generation: Annotated[int, Meta(ge=0, description="Grows with every change of the archive.")]
    api: Annotated[str, Meta(description="The version of this contract.")]
    request_id: str | None

    @classmethod
    def since(cls, started: float, generation: int, request_id: str | None = None) -> "AnswerMeta":
        """Of an answer that was begun at that time of perf_counter."""
        return cls(
            took_ms=round(1000 * (perf_counter() - started)),
            generation=generation,
            api=API_VERSION,
            request_id=request_id,
        )


class ArticleHead(Struct, frozen=True, kw_only=True):
    """What is said of an article wherever it is named."""

    id: str
    url: Annotated[str, Meta(description="Its page in this archive.")]
    source_url: Annotated[str | None, Meta(description="Its page at the newspaper.")]
    title: str
    lead: str
    source: LabelDocument | None
    section: LabelDocument | None
    authors: tuple[str, ...]
    published_at: _OptionalTime
    published_precision: Annotated[str, Meta(description="`year`, `month`, `day` or `minute`.")]
    updated_at: _OptionalTime
    indexed_at: Annotated[
        str | None, Meta(description="When the archive took it in; null: not known.")
    ]
    changed_at: Annotated[
        str | None, Meta(description="When the archive last saw it change; null: not known.")
    ]

    @classmethod
    def of(cls, article: Article, site: Site, **more: Any) -> Self:
        """The document of an article, with the fields that a subclass adds."""
        return cls(
            id=article.id,
            url=site.absolute(article_path(article.id, article.headline)),
            source_url=article.url or None,
            title=article.headline,
            lead=article.lead,
            source=_label(article.source),
            section=_label(article.section),
            authors=article.authors,
            published_at=_time(article.published),
            published_precision=article.published_precision,
            updated_at=_time(article.updated),
            indexed_at=_time(article.taken),
            changed_at=_time(article.changed),
            **more,
        )


class RelatedItemDocument(Struct, frozen=True):
    """A related headline that the newspaper's own page shows."""

    headline: str
    snippet: str
    url: str | None


class ArticleDocument(ArticleHead, frozen=True, kw_only=True):
    """A whole article."""

    body: Annotated[tuple[str, ...], Meta(description="Paragraphs.")]
    captions: tuple[str, ...]
    tags: tuple[str, ...]
    related_items: list[RelatedItemDocument]

    @classmethod
    def of(cls, article: Article, site: Site, **more: Any) -> Self:
        """The same with the whole text."""
        return super().of(
            article,
            site,
            body=article.body,
            captions=article.captions,
            tags=article.tags,
            related_items=[
                RelatedItemDocument(item.headline, item.snippet, item.url or None)
                for item in article.related
            ],
            **more,
        )


class Citations(Struct, frozen=True):
    """The reference to an article as plain text, in the style of each name."""

    apa: str
    mla: str
    chicago: str
    moet: Annotated[str, Meta(description="Of Vietnam's Ministry of Education and Training.")]

    @classmethod
    def of(cls, article: Article, site: Site) -> "Citations":
        """The citations of an article, without a day on which it was read."""
        record = record_of(article, site)
        return cls(**{str(style): cite(record, style) for style in Style})


class ApiArticle(ArticleDocument, frozen=True, kw_only=True):
    """A whole article, how it is cited, and where to go from it."""

    citations: Citations
    links: Links


class RelatedResult(ArticleHead, frozen=True, kw_only=True):
    """An article about the same subject."""

    score: float
    reason: Annotated[str, Meta(description="What both share, for people.")]


class RelatedAnswer(Struct, frozen=True, kw_only=True):
    """Articles about the same subject as one article."""

    id: str
    results: list[RelatedResult]
    links: Links
    meta: AnswerMeta


def _label(name: str) -> LabelDocument | None:
    return LabelDocument(label_key(name), name) if name else None


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.astimezone(VIETNAM_TIME).isoformat()
