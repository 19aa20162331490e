"""Answers of one's own site: fetched if they have changed, inside the site only."""

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from typing import IO, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec
from lxml import etree

__all__ = [
    "Answer",
    "FetchError",
    "Seen",
    "fetch",
    "is_same_site",
    "local_name",
    "places_in",
    "unpacked_xml",
    "xml_tree",
]

_AGENT: Final = "timbao-pull"
_SECONDS: Final = 30.0
"""The most time for one answer."""
_CHUNK: Final = 1 << 16
_ANSWER_LIMIT: Final = 20_000_000
#: The protocol's own limit for a sitemap, unpacked.
_SITEMAP_LIMIT: Final = 52_428_800


class Seen(msgspec.Struct):
    """What is known of an address since it was last taken in."""

    etag: str = ""
    modified: str = ""
    lastmod: str = ""
    """As a sitemap says it."""


class FetchError(Exception):
    """An address cannot be taken in; its text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is at an address, behind its redirects."""

    address: str
    data: bytes
    content_type: str
    seen: Seen


class _SameSite(HTTPRedirectHandler):
    """Follows redirects inside the site only."""

    def __init__(self, home: str) -> None:
        self._home = home

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
    ) -> Request | None:
        if not is_same_site(newurl, self._home):
            raise FetchError(f"it leads to another site: {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def is_same_site(address: str, home: str) -> bool:
    """Whether both are on one host and port, with or without "www."."""
    try:
        one, other = urlsplit(address), urlsplit(home)
        return (
            one.scheme in ("http", "https")
            and one.username is None
            and (one.hostname or "").removeprefix("www.")
            == (other.hostname or "").removeprefix("www.")
            and one.port == other.port
        )
    except ValueError:
        return False


def fetch(address: str, home: str, seen: Seen) -> Answer | None:
    """What is at an address, which redirects inside the site of `home` only.

    None where it has not changed since it was seen.

    Raises:
        FetchError: no answer, an error, a redirect to another site, or more than 20 MB.
    """
    # Feeds hold addresses as people write them, with letters of their language.
    whole = quote(address, safe="%/:=&?~#+!$,;'@()*[]")
    request = Request(whole, headers={"User-Agent": _AGENT, "Accept-Encoding": "identity"})  # noqa: S310
    if seen.etag:
        request.add_header("If-None-Match", seen.etag)
    if seen.modified:
        request.add_header("If-Modified-Since", seen.modified)
    end = time.monotonic() + _SECONDS
    try:
        with build_opener(_SameSite(home)).open(request, timeout=_SECONDS) as response:
            data = bytearray()
            while chunk := response.read1(_CHUNK):
                data += chunk
                if len(data) > _ANSWER_LIMIT:
                    raise FetchError(f"longer than {_ANSWER_LIMIT // 1_000_000} MB")
                if time.monotonic() > end:
                    raise FetchError(f"takes longer than {_SECONDS:g} seconds")
            headers = response.headers
            return Answer(
                response.url,
                bytes(data),
                headers.get("Content-Type", "text/html"),
                Seen(headers.get("ETag", ""), headers.get("Last-Modified", "")),
            )
    except HTTPError as error:
        error.close()
        if error.code == 304:
            return None
        raise FetchError(f"the server answers {error.code} {error.reason}") from error
    except URLError as error:
        raise FetchError(str(error.reason)) from error
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(f"{type(error).__name__}: {error}") from error


def unpacked_xml(data: bytes) -> bytes:
    """A feed or sitemap, which may be a .gz; raises FetchError."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        unpacked = zlib.decompressobj(wbits=31).decompress(data, _SITEMAP_LIMIT + 1)
    except zlib.error as error:
        raise FetchError(f"broken gzip data ({error})") from error
    if len(unpacked) > _SITEMAP_LIMIT:
        raise FetchError("a sitemap of more than 50 MB")
    return unpacked


def xml_tree(data: bytes) -> etree._Element:
    """A feed or sitemap, parsed; entities from elsewhere are never fetched. Raises FetchError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(unpacked_xml(data), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FetchError(f"broken XML ({error})") from error
    if root is None:
        raise FetchError("neither a feed nor a sitemap")
    return root


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def places_in(tree: etree._Element) -> Iterator[tuple[str, str]]:
    """The addresses in a sitemap, or an index of them, and when each has changed."""
    for entry in tree.iterchildren(etree.Element):
        texts = {local_name(child): (child.text or "").strip() for child in entry}
        if texts.get("loc"):
            yield texts["loc"], texts.get("lastmod", "")
