"""An article as a reader found it, before repair and checks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from typing import Final, NamedTuple

from ..article import Article, Precision, Provenance, RelatedItem, article_id, canonical_url
from .bad_record import RecordError
from .record_dates import parse_time
from .text_repair import convert_legacy, one_line, repair_text

__all__ = ["Draft", "RawLink"]


_PARTS: Final = 100_000
_WORDS: Final = 500_000
_DISTINCT_WORDS: Final = 150_000
_WORD: Final = re.compile(r"[^\W_]+")


class RawLink(NamedTuple):
    """A related item as written; an address that is not http or https is later left out."""

    headline: str
    snippet: str = ""
    url: str = ""


@dataclass(slots=True, kw_only=True)
class Draft:
    """Raw field values; "" stands for what the record does not have, in the times too."""

    record_id: str = ""
    headline: str = ""
    lead: str = ""
    body: Sequence[str] = ()
    captions: Sequence[str] = ()
    url: str = ""
    source: str = ""
    authors: Sequence[str] = ()
    section: str = ""
    tags: Sequence[str] = ()
    published: str = ""
    updated: str = ""
    related: Sequence[RawLink] = ()

    def to_article(self, provenance: Provenance) -> Article:
        """The article: every text in Unicode and repaired, times parsed, the id derived.

        Raises:
            RecordError: no headline and no body, an impossible date, an unusable address, more
                words or parts than an article has.
        """
        self._check_size()
        original = (self.headline, self.lead, *self.body)
        texts, provenance = convert_legacy(self._texts(), provenance, original)
        return self._with_texts(texts)._article(provenance)

    def _check_size(self) -> None:
        """Refuse what a news article never is, before it takes time and memory."""
        parts = (self.body, self.captions, self.authors, self.tags, self.related)
        if any(len(part) > _PARTS for part in parts):
            raise RecordError(f"more than {_PARTS:,} paragraphs, names or links, the limit for one")
        texts = self._texts()
        if sum(map(len, texts)) > _WORDS:  # the others cannot have so many
            words = chain.from_iterable(map(_WORD.finditer, texts))
            counted = [word[0] for word in islice(words, _WORDS + 1)]
            if len(counted) > _WORDS or len(set(counted)) > _DISTINCT_WORDS:
                raise RecordError(
                    f"more than {_WORDS:,} words, or {_DISTINCT_WORDS:,} different ones, the limit"
                )

    def _texts(self) -> list[str]:
        """The fields that hold prose or names, in the order of `_with_texts`."""
        links = (text for link in self.related for text in (link.headline, link.snippet))
        return [
            *(self.headline, self.lead, self.source, self.section),
            *self.body,
            *self.captions,
            *self.authors,
            *self.tags,
            *links,
        ]

    def _with_texts(self, texts: Sequence[str]) -> "Draft":
        rest = iter(texts)
        headline, lead, source, section = islice(rest, 4)
        return replace(
            self,
            headline=headline,
            lead=lead,
            source=source,
            section=section,
            body=list(islice(rest, len(self.body))),
            captions=list(islice(rest, len(self.captions))),
            authors=list(islice(rest, len(self.authors))),
            tags=list(islice(rest, len(self.tags))),
            related=[RawLink(next(rest), next(rest), link.url) for link in self.related],
        )

    def _article(self, provenance: Provenance) -> Article:
        headline, lead = one_line(self.headline), one_line(self.lead)
        body = _paragraphs(self.body)
        if not headline and not body:
            raise RecordError("no headline and no body")
        url = one_line(self.url)
        if url and not canonical_url(url):
            raise RecordError(f"url {url[:80]!r} is not an http or https address")
        published, precision = _time("published", self.published)
        updated, _ = _time("updated", self.updated)
        try:
            return Article(
                id=article_id(one_line(self.record_id), url, "\n".join((headline, lead, *body))),
                headline=headline,
                lead=lead,
                body=body,
                captions=_distinct(self.captions),
                url=url,
                source=one_line(self.source),
                authors=_distinct(self.authors),
                section=one_line(self.section),
                tags=_distinct(self.tags),
                published=published,
                published_precision=precision,
                updated=updated,
                related=_related(self.related),
                provenance=provenance,
            )
        except ValueError as error:
            raise RecordError(str(error)) from error


def _paragraphs(parts: Iterable[str]) -> tuple[str, ...]:
    lines = (line.strip() for part in parts for line in repair_text(part).split("\n"))
    return tuple(line for line in lines if line)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for text in texts if (line := one_line(text))))


def _time(name: str, text: str) -> tuple[datetime | None, Precision]:
    if not text.strip():
        return None, "minute"
    try:
        return parse_time(text)
    except RecordError as error:
        raise RecordError(f"{name}: {error.reason}") from error


def _related(links: Iterable[RawLink]) -> tuple[RelatedItem, ...]:
    items = []
    for link in links:
        headline, url = one_line(link.headline), one_line(link.url)
        if headline:
            snippet = one_line(link.snippet)
            items.append(RelatedItem(headline, snippet, url if canonical_url(url) else ""))
    return tuple(dict.fromkeys(items))
