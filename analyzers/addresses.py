"""Addresses in a text: web pages, hosts, mail; and the keys by which any form finds the others."""

import re
from collections.abc import Iterator
from typing import Final

#: Top-level domains behind a label of any length, in any case.
_DOMAINS: Final = (
    "vn|com|net|org|info|gov|edu|mil|biz|asia|example|news|online|site|xyz|app|dev|shop|blog|media"
)
#: These behind a label of three letters at least: shorter ones are initials (U.S.).
_COUNTRIES: Final = (
    "us|uk|fr|de|jp|cn|kr|ru|sg|kh|au|eu|io|tv|cc|id|ph|tw|hk|nz|ch|es|nl|se|fm|ly|test|int"
)
_LABEL: Final = r"\.[A-Za-z0-9-]{1,63}+"
_NO_URL: Final = r"\s<>\"\u201c\u201d"
_CLOSING: Final = r".,;:!?'\u2019\u2026)\]}"
_LAST_LABEL: Final = (
    rf"\.(?:(?i:{_DOMAINS})|(?<=[A-Za-z0-9]{{3}}\.)(?i:{_COUNTRIES}))(?![\w@-]|\.[^\W_])"
)

#: What follows the first run of letters and digits of a host, its port and path included.
HOST_TAIL: Final = (
    rf"(?:-[A-Za-z0-9-]{{1,62}}+)?+(?:{_LABEL}){{0,5}}?{_LAST_LABEL}"
    rf"(?::\d{{1,5}}+(?!\w))?+(?:/(?:[^{_NO_URL}]*[^{_NO_URL}{_CLOSING}])?)?+"
)
#: What follows the scheme or the www of a web address, or the first part of a mail address.
URL_TAIL: Final = (
    r"(?:(?<=http)|(?<=https)|(?<=ftp)|(?<=HTTP)|(?<=HTTPS)|(?<=Http)|(?<=Https))"
    rf"://[^{_NO_URL}]*[^{_NO_URL}{_CLOSING}]"
    rf"|(?:(?<=www)|(?<=WWW)|(?<=Www))\.[^{_NO_URL}]*[^{_NO_URL}{_CLOSING}]"
)
EMAIL_TAIL: Final = (
    r"(?:[.+_-][A-Za-z0-9]{1,32}+){0,4}+@[A-Za-z0-9-]{1,63}+(?:\.[A-Za-z0-9-]{1,63}+){1,6}+"
)

_HOST: Final = re.compile(rf"[A-Za-z0-9]++{HOST_TAIL}")
_SCHEME: Final = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_HOST_END: Final = re.compile(r"[/:?#]")
_HOST_CHARACTERS: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
#: Labels under which others register names: com.vn is nobody's host.
_SHARED: Final = frozenset({"com", "net", "org", "gov", "edu", "info", "co", "ac", "go", "or"})
_LONGEST_KEY: Final = 200


def is_address(piece: str) -> bool:
    """Whether a piece is a web address, with or without its scheme."""
    return (
        "://" in piece
        or piece[:4].lower() == "www."
        or ("." in piece and _HOST.fullmatch(piece) is not None)
    )


def address_key(address: str) -> str:
    """A web address without scheme, www and closing slash, in lower case; a mail address as it is.

    >>> address_key("https://www.Bao-Mau.example/"), address_key("a@B.vn")
    ('bao-mau.example', 'a@b.vn')
    """
    bare = _SCHEME.sub("", address.lower(), count=1)
    return bare.removeprefix("www.").rstrip("/")[:_LONGEST_KEY] or address.lower()


def host_keys(address: str) -> Iterator[str]:
    """The keys under which an address is found too: without its path, and its parent domains.

    >>> list(host_keys("https://thethao.bao.com.vn/tin"))
    ['thethao.bao.com.vn', 'bao.com.vn']
    """
    key = address_key(address.rpartition("@")[2])
    host = _HOST_END.split(key, maxsplit=1)[0]
    if _HOST_CHARACTERS.fullmatch(host) is None:
        return
    labels = host.split(".")
    for first in range(max(1, len(labels) - 1)):
        rest = labels[first:]
        if len(rest) > 2 or rest[0] not in _SHARED:
            yield ".".join(rest)
