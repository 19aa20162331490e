"""BibTeX, with dates and addresses as biblatex reads them too."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from index import Article

from ...query.urls import Site
from ..record import Record, record_of

__all__ = ["write_bibtex"]

# Braces are written as words: BibTeX counts \{ as an opening brace all the same.
_ESCAPES: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: f"\\{char}" for char in "#$%&_"},
    }
)
_URL_ESCAPES: Final = str.maketrans(
    {"\\": "%5C", "{": "%7B", "}": "%7D", '"': "%22", "^": "%5E", "~": "%7E"}
)
_NOT_IN_KEYS: Final = re.compile(r"[^A-Za-z0-9.:_-]+")
_KEY_DIGITS: Final = 8


def write_bibtex(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """One @article an article; names and titles in double braces, so that they stay whole."""
    for article in articles:
        record = record_of(article, site)
        fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in _fields(record))
        yield f"@article{{{_key(record.id)},\n{fields}\n}}\n\n"


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    if record.authors:
        yield "author", " and ".join(f"{{{_text(name)}}}" for name in record.authors)
    yield "title", f"{{{_text(record.title)}}}"
    if record.source:
        yield "journal", f"{{{_text(record.source)}}}"
    if record.published:
        yield from zip(("year", "month", "day"), map(str, record.published), strict=False)
        yield "date", "-".join(f"{part:02}" for part in record.published)
    if record.section:
        yield "note", f"Chuyên mục: {_text(record.section)}"
    if record.abstract:
        yield "abstract", _text(record.abstract)
    if record.tags:
        yield "keywords", ", ".join(map(_text, record.tags))
    yield "langid", "vietnamese"
    yield "url", record.url.translate(_URL_ESCAPES)


def _text(value: str) -> str:
    return value.translate(_ESCAPES)


def _key(doc_id: str) -> str:
    """The id, or what a key can hold of it and a number that tells it from its like."""
    safe = _NOT_IN_KEYS.sub("-", doc_id)
    if safe == doc_id:
        return doc_id
    digest = hashlib.sha256(doc_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{safe.strip('-')}-{digest[:_KEY_DIGITS]}".lstrip("-")
