"""The article whose address or id somebody pasted into the search box."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import unquote, urlsplit

from index import SearchEngine

from .urls import article_path, mounted

__all__ = ["pasted_article"]

_ARTICLE: Final = re.compile(r"/article/([^/?#\s]+)(?:/[^/?#\s]*)?/?")
_FILE_SUFFIX: Final = re.compile(r"\.(?:csl\.json|json|ris|bib|txt)\Z")
#: Letters and digits, or a hyphen and the like: no single word, and no number such as a year.
_LIKE_AN_ID: Final = re.compile(r"(?=\S*\d)(?=\S*[^\W\d])\S+|(?=\S*\w)(?=\S*[-_:./])\S+")


def pasted_article(engine: SearchEngine, query: str, hosts: Collection[str]) -> str | None:
    """The path of an article's page if the query is its address on one of the hosts, or its id.

    An address of a withdrawn article counts too: its page says so. A query that may be a word or
    a number is searched for, whatever ids there are.
    """
    doc_id = _id_of_address(query, hosts)
    if doc_id is None:
        if not _LIKE_AN_ID.fullmatch(query):
            return None
        article = engine.get(query)
        return None if article is None else article_path(article.id, article.headline)
    for candidate in (doc_id, _FILE_SUFFIX.sub("", doc_id)):
        article = engine.get(candidate)
        if article is not None:
            return article_path(article.id, article.headline)
        if engine.withdrawn(candidate) is not None:
            return article_path(candidate, "")
    return None


def _id_of_address(query: str, hosts: Collection[str]) -> str | None:
    try:
        parts = urlsplit(query)
    except ValueError:
        return None
    own = not parts.scheme and not parts.netloc
    if not own and (parts.scheme not in ("http", "https") or parts.netloc not in hosts):
        return None
    match = _ARTICLE.fullmatch(parts.path.removeprefix(mounted("")))
    return None if match is None else unquote(match[1])
