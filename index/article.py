"""Articles as values: what a reader produces, an engine stores and a page shows."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final, Literal, cast, get_args
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

__all__ = [
    "LARGEST_RECORD",
    "NOTED",
    "ORIGIN",
    "PLAUSIBLE_YEARS",
    "VIETNAM_TIME",
    "Article",
    "Precision",
    "Provenance",
    "RelatedItem",
    "article_id",
    "canonical_url",
    "check_shown",
    "clean_url",
    "is_article_id",
    "kept_id",
    "vietnamese_day",
    "with_times",
    "without_times",
]

# A fixed offset, not a ZoneInfo: the country has kept UTC+7 since 1975, and small systems
# come without the time zone database.
VIETNAM_TIME: Final = timezone(timedelta(hours=7))

Precision = Literal["year", "month", "day", "minute"]
_PRECISIONS: Final = get_args(Precision)

_ID_LIMIT: Final = 200
_WEB: Final = ("https://", "http://")
#: Bytes of an article's JSON: many times what any reader of files takes for one record.
LARGEST_RECORD: Final = 1 << 28
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_TRACKING: Final = frozenset({"fbclid", "gclid", "dclid", "msclkid", "zarsrc"})
# The first newspaper in the national script appeared in 1865; dates such as 0001-01-01 are
# other programs' way to say "none".
PLAUSIBLE_YEARS: Final = range(1850, 2201)


@dataclass(frozen=True, slots=True)
class RelatedItem:
    """A link from one article to another, as its page showed it."""

    headline: str
    snippet: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if not self.headline.strip():
            raise ValueError("a related item needs a headline")
        _check_url(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where an article was read.

    `line` is 1-based and None where the whole file is one article. `encoding` names the legacy
    encoding that the text was converted from, `original` keeps that text as it was.
    `suspected_encoding` names one that the text, which was left alone, is too short to be sure of.
    `pages` are those of a scanned issue ("3" or "3, 7") and `confidence` is how sure its
    recognition is on average, from 0 to 1.
    """

    reader: str
    path: str
    line: int | None = None
    encoding: str | None = None
    original: str | None = None
    suspected_encoding: str | None = None
    pages: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article; `body` is its paragraphs in order, times are aware.

    `taken` and `changed` are the archive's own notes: when it took the article in, and when what it
    holds changed last; None where a reader made it, or an older program. They are no part of what
    it says: articles that differ in nothing else are equal.

    A date without a time of day is midnight in Vietnam with `published_precision` "day"; a month or
    a year alone is the midnight of its first day, with "month" or "year".

    Raises:
        ValueError: bad id, neither headline nor body, naive or implausible time, or a `url` that
            is not http or https.
    """

    id: str
    headline: str
    lead: str = ""
    body: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    url: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    section: str = ""
    tags: tuple[str, ...] = ()
    published: datetime | None = None
    published_precision: Precision = "minute"
    updated: datetime | None = None
    related: tuple[RelatedItem, ...] = ()
    provenance: Provenance | None = None
    taken: datetime | None = field(default=None, compare=False)
    changed: datetime | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not is_article_id(self.id):
            raise ValueError(f"{self.id[:60]!r} cannot be an article id")
        if not self.headline.strip() and not any(part.strip() for part in self.body):
            raise ValueError("an article needs a headline or a body")
        if self.published_precision not in _PRECISIONS:
            raise ValueError(f"published_precision must be one of {_PRECISIONS}")
        _check_url(self.url)
        _check_time("published", self.published)
        _check_time("updated", self.updated)
        _check_time("taken", self.taken)
        _check_time("changed", self.changed)

    def to_json(self) -> bytes:
        """Compact UTF-8 JSON that `from_json` turns back into an equal article."""
        record: dict[str, object] = {"id": self.id, "headline": self.headline}
        for name in ("lead", "body", "captions", "url", "source", "authors", "section", "tags"):
            if value := getattr(self, name):
                record[name] = value
        for name in ("published", "updated"):
            if (time := getattr(self, name)) is not None:
                record[name] = time.isoformat()
        if self.published_precision != "minute":
            record["published_precision"] = self.published_precision
        if self.related:
            record["related"] = [[r.headline, r.snippet, r.url] for r in self.related]
        if (origin := self.provenance) is not None:
            more = [origin.suspected_encoding, origin.pages, origin.confidence]
            while more and not more[-1]:
                more.pop()
            record["provenance"] = [
                origin.reader,
                origin.path,
                origin.line,
                origin.encoding,
                origin.original,
                *more,
            ]
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        return with_times(text.encode("utf-8", "surrogatepass"), self.taken, self.changed)

    @classmethod
    def from_json(cls, data: bytes) -> "Article":
        """The article that `to_json` wrote; raises ValueError for bytes that are none."""
        try:
            record = cast(dict[str, Any], json.loads(data))
            for name in ("body", "captions", "authors", "tags"):
                record[name] = tuple(record.get(name, ()))
            for name in ("published", "updated"):
                if name in record:
                    record[name] = datetime.fromisoformat(record[name])
            record["related"] = tuple(
                RelatedItem(headline=headline, snippet=snippet, url=url)
                for headline, snippet, url in record.get("related", ())
            )
            if "provenance" in record:
                origin = zip(ORIGIN, record["provenance"], strict=False)
                record["provenance"] = Provenance(**dict(origin))
            for name, noted in zip(NOTED, record.pop("times", ()), strict=False):
                record[name] = noted and datetime.fromisoformat(noted)
            article = cls(**record)
            _check_stored(article)
            return article
        except (TypeError, AttributeError, KeyError, RecursionError) as error:
            raise ValueError(f"not a stored article: {error}") from error


#: Times that the archive notes itself: the last entry of a record, so that they can be told apart.
NOTED: Final = ("taken", "changed")
_TIMES: Final = b',"times":['


def with_times(record: bytes, taken: datetime | None, changed: datetime | None) -> bytes:
    """An article's JSON, which has no such notes, with them."""
    if taken is None and changed is None:
        return record
    noted = [None if time is None else time.isoformat() for time in (taken, changed)]
    return record[:-1] + _TIMES + json.dumps(noted)[1:].encode() + b"}"


def without_times(record: bytes) -> bytes:
    """An article's JSON without what the archive noted itself."""
    # Inside a text the quotes are escaped: this is found only where it is meant.
    content, found, _ = record.rpartition(_TIMES)
    return content + b"}" if found else record


#: The fields of a provenance as they are stored, the last ones where needed.
ORIGIN: Final = tuple(Provenance.__dataclass_fields__)


def _check_stored(article: Article) -> None:
    """Raise TypeError or ValueError where a value is of another type, or would do harm shown."""
    # Joining is the quickest way to learn that all of them are strings.
    texts = (*article.body, *article.captions, *article.authors, *article.tags)
    "".join((article.id, article.headline, article.lead, article.source, article.section, *texts))
    check_shown(article)


def check_shown(article: Article) -> None:
    """The same of what the types of the record do not tell."""
    if article.url != "" and not article.url.startswith(_WEB):
        _check_url(article.url)
    for item in article.related:
        "".join((item.headline, item.snippet))
        if item.url != "" and not item.url.startswith(_WEB):
            _check_url(item.url)
    if (origin := article.provenance) is not None:
        notes = (origin.encoding or "", origin.original or "", origin.suspected_encoding or "")
        "".join((origin.reader, origin.path, *notes))
        if origin.line is not None and type(origin.line) is not int:
            raise TypeError("a line is no number")
    if article.published_precision not in _PRECISIONS:
        raise ValueError(f"published_precision must be one of {_PRECISIONS}")
    for name in ("published", "updated", *NOTED):
        time = getattr(article, name)
        if time is not None and (time.tzinfo is None or time.year not in PLAUSIBLE_YEARS):
            _check_time(name, time)


def is_article_id(text: str) -> bool:
    """Whether the text can be an article's id, and so one segment of a page address.

    That is 1 to 200 printable characters without white space, slash or backslash, and not only
    dots.
    """
    return (
        0 < len(text) <= _ID_LIMIT
        and text.isprintable()
        and not any(char in text for char in " /\\")
        and text.strip(".") != ""
    )


def article_id(record_id: str | None, url: str, content: str) -> str:
    """The id under which an article is kept, the same on every run.

    The record's own id, where it can be one (hashed to "r" and 16 hex digits where it cannot);
    else "u" and 16 hex digits from the canonical URL; else "c" and 16 hex digits from the content.
    """
    if record_id:
        return kept_id(record_id)
    if canonical := canonical_url(url):
        return "u" + _digest(canonical)
    return "c" + _digest(content)


def kept_id(record_id: str) -> str:
    """The id under which a record's own id is kept: itself, or its hash where it can be none."""
    return record_id if is_article_id(record_id) else "r" + _digest(record_id)


def canonical_url(url: str) -> str:
    """One spelling for the addresses of one page; "" for what is not an http or https address.

    Lower-case host, without default port, user name, fragment, tracking parameters and trailing
    slash.
    """
    parts = _split_web_url(url)
    if parts is None:
        return ""
    host = (parts.hostname or "").rstrip(".")
    port = parts.port
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(pair[0])]
    query = "?" + urlencode(kept, errors="replace") if kept else ""
    return f"{parts.scheme}://{host}{parts.path.rstrip('/')}{query}"


def clean_url(url: str) -> str:
    """The address as it was, without tracking parameters and without a place in the page.

    "" for what is not an http or https address.

    >>> clean_url("https://a.example/1?x=%2F&utm_source=fb#comments")
    'https://a.example/1?x=%2F'
    """
    url = url.strip()
    if _split_web_url(url) is None:
        return ""
    address, _, _ = url.partition("#")
    path, mark, query = address.partition("?")
    kept = [pair for pair in query.split("&") if not _tracks(pair.partition("=")[0])]
    return f"{path}?{'&'.join(kept)}" if mark and any(kept) else path


def vietnamese_day(seconds: float) -> date:
    """The day in Vietnam of a time in seconds since 1970 UTC."""
    # Unlike fromtimestamp this raises OverflowError for every number that is no day.
    return (datetime.fromtimestamp(0, VIETNAM_TIME) + timedelta(seconds=seconds)).date()


def _tracks(parameter: str) -> bool:
    return parameter.lower().startswith("utm_") or parameter.lower() in _TRACKING


def _split_web_url(url: str) -> SplitResult | None:
    """The parts of an absolute http or https address, with a usable host and port, or None."""
    if any(char.isspace() or not char.isprintable() for char in url.strip()):
        return None
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in _DEFAULT_PORTS and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def _check_url(url: str) -> None:
    # A link with another scheme ("javascript:") would run in the reader's browser.
    if url and _split_web_url(url) is None:
        raise ValueError(f"url {url[:80]!r} is not an http or https address")


def _check_time(name: str, time: datetime | None) -> None:
    if time is None:
        return
    if time.utcoffset() is None:
        raise ValueError(f"{name} must be an aware time")
    if time.year not in PLAUSIBLE_YEARS:
        raise ValueError(
            f"{name}: the year {time.year} is outside {PLAUSIBLE_YEARS[0]} to {PLAUSIBLE_YEARS[-1]}"
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
