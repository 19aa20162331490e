"""The page of a list of articles that somebody put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from index import Article

from ...documents.record import headline_of
from ...query.urls import Site, article_path
from ...text.i18n import translate, translate_count
from .cards import Meta, meta_of
from .notices import Link

__all__ = ["ListedArticle", "SavedList", "saved_list"]

_FORMATS: Final = (("RIS", "ris"), ("BibTeX", "bib"), ("CSL-JSON", "csl.json"), ("CSV", "csv"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """An article of the list."""

    id: str
    headline: str
    href: str
    meta: Meta


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedList:
    """The articles in the order in which they were put there; none on a reader's own page."""

    articles: tuple[ListedArticle, ...] = ()
    count_text: str = ""
    missing_text: str = ""
    """How many others there were that the archive does not have any more."""
    exports: tuple[Link, ...] = ()
    canonical: str = ""


def saved_list(token: str, found: Sequence[Article], listed: int, site: Site) -> SavedList:
    """The page of the articles found of that many listed ones."""
    path = f"/list/{token}"
    missing = listed - len(found)
    return SavedList(
        articles=tuple(
            ListedArticle(
                id=article.id,
                headline=headline_of(article),
                href=article_path(article.id, article.headline),
                meta=meta_of(article),
            )
            for article in found
        ),
        count_text=translate_count("Có %(count)s tin", "Có %(count)s tin", len(found)),
        missing_text=translate("%(count)s tin không còn trong kho.", count=missing)
        if missing
        else "",
        exports=tuple(Link(name, f"{path}.{suffix}") for name, suffix in _FORMATS),
        canonical=site.absolute(path),
    )
