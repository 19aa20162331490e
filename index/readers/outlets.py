"""The names of newspapers by the addresses of their sites."""

import re
from functools import cache
from importlib import resources
from typing import Final
from urllib.parse import urlsplit

__all__ = ["outlet_name", "site_domain", "source_name"]

_DOMAIN: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
#: Parts of a host that a paper's name does not need.
_PREFIXES: Final = ("www.", "m.", "mobile.", "amp.", "wap.")


def site_domain(text: str) -> str:
    """The host that an address or a host names, in lower case and without "www."; "" for no host.

    >>> site_domain("https://www.songluc.example/a.htm"), site_domain("Báo Sông Lục")
    ('songluc.example', '')
    """
    text = text.strip()
    try:
        host = (urlsplit(text).hostname if "//" in text else text.partition("/")[0]) or ""
    except ValueError:
        return ""
    host = host.casefold().rstrip(".")
    for prefix in _PREFIXES:
        host = host.removeprefix(prefix)
    return host if _DOMAIN.fullmatch(host) else ""


def outlet_name(domain: str) -> str:
    """The name of the paper whose site this is, or one of whose parts it is; "" where not known.

    >>> outlet_name("vnexpress.net"), outlet_name("thethao.tuoitre.vn"), outlet_name("a.example")
    ('VnExpress', 'Tuổi Trẻ', '')
    """
    names = _names()
    while domain:
        if domain in names:
            return names[domain]
        _, _, domain = domain.partition(".")
    return ""


def source_name(source: str, url: str) -> str:
    """The paper's name: as given; where that is an address or nothing, by its site.

    >>> source_name("https://tuoitre.vn", ""), source_name("", "https://www.a.example/1")
    ('Tuổi Trẻ', 'a.example')
    """
    domain = site_domain(source)
    if source.strip() and not domain:
        return source
    domain = domain or site_domain(url)
    return outlet_name(domain) or domain


@cache
def _names() -> dict[str, str]:
    text = resources.files("index").joinpath("data", "outlets.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {domain: name for name, *domains in rows for domain in domains}
