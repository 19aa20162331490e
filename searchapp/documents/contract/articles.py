"""Documents about articles."""

from typing import Annotated, TypedDict

from msgspec import Meta

from .texts import Label, Links, OptionalTime

__all__ = ["ApiArticle", "ArticleDocument", "ArticleHead", "Citations", "RelatedItemDocument"]


class ArticleHead(TypedDict):
    """What is said of an article wherever it is named."""

    id: str
    url: Annotated[str, Meta(description="Its page in this archive.")]
    source_url: Annotated[str | None, Meta(description="Its page at the newspaper.")]
    title: str
    lead: str
    source: Label | None
    section: Label | None
    authors: list[str]
    published_at: OptionalTime
    published_precision: Annotated[str, Meta(description="`day` or `minute`.")]
    updated_at: OptionalTime


class RelatedItemDocument(TypedDict):
    """A related headline that the newspaper's own page shows."""

    headline: str
    snippet: str
    url: str | None


class ArticleDocument(ArticleHead):
    """A whole article."""

    body: Annotated[list[str], Meta(description="Paragraphs.")]
    captions: list[str]
    tags: list[str]
    related_items: list[RelatedItemDocument]


class Citations(TypedDict):
    """The reference to an article as plain text, in the style of each name."""

    apa: str
    mla: str
    chicago: str
    moet: Annotated[str, Meta(description="Of Vietnam's Ministry of Education and Training.")]


class ApiArticle(ArticleDocument):
    """A whole article, how it is cited, and where to go from it."""

    citations: Citations
    links: Links
