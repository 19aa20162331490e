"""An article as a reader found it, before repair and checks."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from typing import Final, NamedTuple

from ..article import (
    PLAUSIBLE_YEARS,
    VIETNAM_TIME,
    Article,
    Precision,
    Provenance,
    RelatedItem,
    article_id,
    canonical_url,
    clean_url,
)
from .bad_record import BadRecord, FieldNotice, IgnoredKeys, Listener, RecordError
from .bylines import author_names
from .outlets import source_name
from .record_dates import parse_time
from .text_repair import convert_legacy, join_lines, one_line, repair_text

__all__ = ["Draft", "RawLink", "RecordDrafts"]

_HEADLINE_WORDS: Final = 30


_PARTS: Final = 100_000
_WORDS: Final = 500_000
_DISTINCT_WORDS: Final = 150_000
#: So many different keys of a file are counted by name.
_KEYS: Final = 1_000
_OTHER_KEYS: Final = "other keys"
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
    notices: list[str] = field(default_factory=list)
    """What is wrong with single fields; `to_article` adds to it."""
    ignored: Sequence[str] = ()
    """The record's keys that belong to no field."""

    def to_article(self, provenance: Provenance) -> Article:
        """The article: every text in Unicode and repaired, times parsed, the id derived.

        A field that cannot be read is left out and stands in `notices`.

        Raises:
            RecordError: no headline and no body, or more words or parts than an article has.
        """
        texts: Sequence[str] = self._texts()
        self._check_size(texts)
        original = (self.headline, self.lead, *self.body)
        texts, provenance = convert_legacy(texts, provenance, original)
        return self._with_texts(texts)._article(provenance)

    def _check_size(self, texts: Sequence[str]) -> None:
        """Refuse what a news article never is, before it takes time and memory."""
        parts = (self.body, self.captions, self.authors, self.tags, self.related)
        if any(len(part) > _PARTS for part in parts):
            raise RecordError(f"more than {_PARTS:,} paragraphs, names or links, the limit for one")
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
        headline, lead = _joined_line(self.headline), _joined_line(self.lead)
        body = _paragraphs(self.body)
        if not headline and not body:
            raise RecordError("no headline and no body")
        if not headline and len(body) > 1 and len(body[0].split()) <= _HEADLINE_WORDS:
            # Texts without fields begin with their headline.
            headline, *rest = body
            body = tuple(rest)
        url = self._url()
        published, precision = self._time("published", self.published)
        updated, _ = self._time("updated", self.updated)
        source = source_name(one_line(self.source), url)
        authors, refused = author_names(self.authors, source, url)
        self.notices += [f"author {name[:80]!r} is no person's name: left out" for name in refused]
        record_id = one_line(self.record_id)
        doc_id = article_id(record_id, url, "\n".join((headline, lead, *body)))
        if record_id and doc_id != record_id:
            self.notices.append(f"id {record_id[:80]!r} cannot be one: {doc_id} is taken")
        try:
            return Article(
                id=doc_id,
                headline=headline,
                lead=lead,
                body=body,
                captions=_distinct(self.captions),
                url=url,
                source=source,
                authors=tuple(authors),
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

    def _url(self) -> str:
        """The address without tracking and place in the page; "" where it cannot be one."""
        url = clean_url(one_line(self.url))
        if self.url.strip() and not url:
            self.notices.append(f"url {self.url[:80]!r} is not an http or https address: left out")
        return url

    def _time(self, name: str, text: str) -> tuple[datetime | None, Precision]:
        try:
            found = parse_time(text)
        except RecordError as error:
            self.notices.append(f"{name}: {error.reason}: left out")
            found = None
        if found is not None and found[0].astimezone(VIETNAM_TIME).year not in PLAUSIBLE_YEARS:
            self.notices.append(f"{name}: the year {found[0].year} cannot be right: left out")
            found = None
        return found or (None, "minute")


class RecordDrafts:
    """What is wrong with the records of a file, reported as they become articles."""

    def __init__(self, path: str, reader: str, told: Listener) -> None:
        self._path = path
        self._reader = reader
        self._told = told
        self._ignored: Counter[str] = Counter()

    def article(self, line: int, read: Callable[[], Draft]) -> Article | None:
        """The article of the record on a line, which is 1-based; None where it is left out."""
        provenance = Provenance(reader=self._reader, path=self._path, line=line)
        try:
            draft = read()
            article = draft.to_article(provenance)
        except RecordError as error:
            self._told.bad(BadRecord(self._path, line, error.reason))
            return None
        for notice in draft.notices:
            self._told.notice(FieldNotice(self._path, line, notice))
        for key in draft.ignored:
            # Keys that are numbers of things differ in every record.
            if key in self._ignored or len(self._ignored) < _KEYS:
                self._ignored[key] += 1
            else:
                self._ignored[_OTHER_KEYS] += 1
        return article

    def end(self) -> None:
        """Report the keys that belong to no field, after the last record."""
        if self._ignored:
            self._told.notice(IgnoredKeys(self._path, tuple(self._ignored.most_common())))


def _joined_line(text: str) -> str:
    """The text on one line, hyphens at the ends of its lines gone."""
    return one_line(join_lines(repair_text(text)) if "\n" in text or "\r" in text else text)


def _paragraphs(parts: Iterable[str]) -> tuple[str, ...]:
    lines = (line.strip() for part in parts for line in join_lines(repair_text(part)).split("\n"))
    return tuple(line for line in lines if line)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for text in texts if (line := one_line(text))))


def _related(links: Iterable[RawLink]) -> tuple[RelatedItem, ...]:
    items = []
    for link in links:
        headline, url = one_line(link.headline), one_line(link.url)
        if headline:
            snippet = one_line(link.snippet)
            items.append(RelatedItem(headline, snippet, url if canonical_url(url) else ""))
    return tuple(dict.fromkeys(items))
