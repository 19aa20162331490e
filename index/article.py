"""Articles as values: what a reader produces, an engine stores and a page shows."""

import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final, Literal, cast, get_args
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

import msgspec

from .errors import IndexCorrupt

__all__ = [
    "LARGEST_RECORD",
    "PLAUSIBLE_YEARS",
    "VIETNAM_TIME",
    "Article",
    "Precision",
    "Provenance",
    "RelatedItem",
    "article_id",
    "canonical_url",
    "clean_url",
    "is_article_id",
    "kept_id",
    "load_article",
    "pack_article",
    "trusted_article",
    "unpack_article",
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
        return text.encode("utf-8", "surrogatepass")

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
                origin = zip(_ORIGIN, record["provenance"], strict=False)
                record["provenance"] = Provenance(**dict(origin))
            article = cls(**record)
            _check_stored(article)
            return article
        except (TypeError, AttributeError, KeyError, RecursionError) as error:
            raise ValueError(f"not a stored article: {error}") from error


class _StoredRecord(msgspec.Struct):
    """What `to_json` writes; the decoder checks the types."""

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
    published_precision: Precision = "minute"
    published: str | None = None
    updated: str | None = None
    related: tuple[tuple[str, str, str], ...] = ()
    provenance: tuple[Any, ...] | None = None


_STORED: Final = msgspec.json.Decoder(_StoredRecord)


_PLAIN: Final = _StoredRecord.__struct_fields__[:-4]
#: The fields of a provenance as they are stored, the last ones where needed.
_ORIGIN: Final = tuple(Provenance.__dataclass_fields__)


def trusted_article(data: bytes) -> Article:
    """The article of a record that was checked when it was written; raises ValueError."""
    # Only what costs nothing is looked at again: types, times and the schemes of addresses.
    try:
        record = _STORED.decode(data)
    except msgspec.DecodeError:
        # It has half a surrogate pair, which this decoder does not read, or is no such record.
        return Article.from_json(data)
    article, put, origin = object.__new__(Article), object.__setattr__, record.provenance
    for name in _PLAIN:
        put(article, name, getattr(record, name))
    for name in ("published", "updated"):
        time: str | None = getattr(record, name)
        put(article, name, time and datetime.fromisoformat(time))
    put(article, "related", tuple(object.__new__(RelatedItem) for _ in record.related))
    for item, values in zip(article.related, record.related, strict=True):
        for name, value in zip(("headline", "snippet", "url"), values, strict=True):
            put(item, name, value)
    try:
        put(
            article, "provenance", origin and Provenance(**dict(zip(_ORIGIN, origin, strict=False)))
        )
        _check_shown(article)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not a stored article: {error}") from error
    return article


def _check_stored(article: Article) -> None:
    """Raise TypeError or ValueError where a value is of another type, or would do harm shown."""
    # Joining is the quickest way to learn that all of them are strings.
    texts = (*article.body, *article.captions, *article.authors, *article.tags)
    "".join((article.id, article.headline, article.lead, article.source, article.section, *texts))
    _check_shown(article)


def _check_shown(article: Article) -> None:
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
    for name, time in (("published", article.published), ("updated", article.updated)):
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


def pack_article(data: bytes) -> bytes:
    """The stored bytes of an article's JSON."""
    return zlib.compress(data, 6)


def unpack_article(data: bytes) -> bytes:
    """The JSON that `pack_article` packed; raises ValueError for anything else.

    Never more than LARGEST_RECORD bytes are unpacked, whatever the packed ones would become.
    """
    unpacker = zlib.decompressobj()
    try:
        record = unpacker.decompress(data, LARGEST_RECORD)
    except zlib.error as error:
        raise ValueError(f"not a packed article: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("not a packed article: cut short, too long, or followed by something")
    return record


def load_article(path: str, data: bytes, *, trusted: bool = True) -> Article:
    """The article of stored bytes; raises IndexCorrupt where they do not match their checksum.

    Args:
        path: the file.
        trusted: whether values are taken as they are, which were checked when they were indexed.
    """
    try:
        record = unpack_article(data)
        return trusted_article(record) if trusted else Article.from_json(record)
    except ValueError as error:
        raise IndexCorrupt(path, "a stored article cannot be read") from error
