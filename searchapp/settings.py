"""What an installation may set, read from the environment once, at start."""

import os
import re
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, fields
from datetime import datetime
from difflib import get_close_matches
from enum import Enum, StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final

from index import CLUSTER_SETTINGS

__all__ = [
    "ANY_ORIGIN",
    "ENVIRONMENT_PREFIX",
    "KEY_LEVELS",
    "KeyLevel",
    "RateMode",
    "Settings",
    "SettingsError",
    "UnknownSetting",
    "check_names",
    "comma_list",
    "host_list",
    "is_host",
    "is_origin",
    "matches_host",
    "matches_origin",
    "parsed_host",
    "strip_values",
]

ENVIRONMENT_PREFIX: Final = "TIMBAO_"


class SettingsError(ValueError):
    """A variable of the environment has a value that cannot be used."""

    def __init__(self, variable: str, value: str, expected: str) -> None:
        super().__init__(variable, value, expected)
        self.variable = variable
        self.value = value
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.variable}={self.value!r} cannot be used: set it to {self.expected}."


class UnknownSetting(SettingsError):
    """A variable of the environment looks like a setting and is none."""

    def __init__(self, variable: str, nearest: str) -> None:
        super().__init__(variable, "", nearest)

    def __str__(self) -> str:
        return (
            f"{self.variable} is no setting: did you mean {self.expected}? "
            "Correct the name, or unset it; docs/settings.md lists them all."
        )


class RateMode(StrEnum):
    """Whose requests are limited."""

    REMOTE = "remote"
    """Those from other machines."""
    ALL = "all"
    REPORT = "report"
    """Nobody's: what would be refused is logged."""
    OFF = "off"


class KeyLevel(Enum):
    """What answers only to keys."""

    NOTHING = 0
    API = 1
    """/api/v1/."""
    ALL = 2
    """That, and the same articles as files, feeds and suggestions: all but pages."""


KEY_LEVELS: Final[Mapping[str | bool, KeyLevel]] = {
    "0": KeyLevel.NOTHING,
    False: KeyLevel.NOTHING,
    "1": KeyLevel.API,
    True: KeyLevel.API,
    "api": KeyLevel.API,
    "exports": KeyLevel.ALL,
    "all": KeyLevel.ALL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is the environment variable TIMBAO_ plus its name in capitals."""

    index: str = "whoosh:var/index"
    """Which index to search, as `kind:place`."""
    host: str = "127.0.0.1"
    """The address on which `timbao serve` listens."""
    port: int = 8000
    """Its port, 0 to 65535; 0 takes a free one."""
    workers: int = 0
    """How many processes of it answer, 0 to 256; 0: one for each processor it may use."""
    threads: int = 4
    """How many requests each of them answers at the same time, 1 to 64."""
    connections: int = 2000
    """How many connections are kept open at the same time, 8 to 50,000."""
    send_seconds: int = 30
    """After so many seconds a reader that takes nothing of its answer is cut off, 1 to 600."""
    spool: int = 256
    """How many MiB of answers may wait for their readers together, 1 to 65,536."""
    site_name: str = "Tìm Báo"
    """The name in the heading of every page."""
    public_url: str = ""
    """Where the site is reached ("https://kho.example"); empty: as each request addressed it."""
    allowed_hosts: str = ""
    """Further names of this server: hosts with commas, each with a port or not, or *.HOST."""
    search_budget: int = 2000
    """After so many milliseconds a search shows what it has found, 0 to 60,000."""
    facet_budget: int = 500
    """After so many milliseconds no further facet of a search is counted, 0 to 60,000."""
    cors_origins: str = ""
    """Whose pages may read the API: origins with commas between them, "*" for all; empty: none."""
    embed_origins: str = ""
    """Whose pages may frame /embed/frame: origins with commas, "*" for all; empty: none."""
    keys: str = "var/keys.sqlite"
    """The file with the keys of programs; there need not be one."""
    write: bool = True
    """Whether keys with the scope `ingest` may add, change and withdraw articles."""
    require_key: str | bool = "0"
    """What answers only to keys: a KeyLevel, 1 for `api`."""
    rate_search: int = 60
    """Pages of results, and likewise API calls, a minute for each key and address; 0: no limit."""
    rate_suggest: int = 600
    """Requests for suggestions a minute, likewise."""
    rate_mode: str = "remote"
    """Whom the limits hold for: remote, all, report (exceeding them is only logged) or off."""
    request_log: str = ""
    """The file that gets a line of JSON for each request, "-" for standard error; empty: none."""
    query_log: str = ""
    """The file that keeps queries for thirty days; empty: none."""
    metrics: bool = False
    """Whether /metrics is open to everybody who reaches the server, not only to admins' keys."""
    proxies: int = 0
    """How many proxies stand before the server and say whom they ask for, 0 to 10."""
    now: str = ""
    """A time at which the site's clock stands still ("2026-10-05T09:00"); empty: the real time."""

    def __post_init__(self) -> None:
        _check(self.port in range(65536), "port", self.port, "a number from 0 to 65535")
        for name, least, most in (
            ("workers", 0, 256),
            ("threads", 1, 64),
            ("connections", 8, 50_000),
            ("send_seconds", 1, 600),
            ("spool", 1, 65_536),
        ):
            number = getattr(self, name)
            fine = least <= number <= most
            _check(fine, name, number, f"a number from {least} to {most}")
        _check(
            not re.search(r"[\s\x00-\x1f\x7f]", self.host),
            "host",
            self.host,
            "an address or a name",
        )
        _check(
            not self.public_url or _is_site(self.public_url),
            "public_url",
            self.public_url,
            "an address such as https://kho.example or https://bao.example/kho: http or https, a "
            "host in its ASCII form, no user, query or fragment",
        )
        _check(
            all(is_host(entry, pattern=True) for entry in comma_list(self.allowed_hosts)),
            "allowed_hosts",
            self.allowed_hosts,
            "hosts such as kho.example, kho.example:8443, [2001:db8::1] or *.bao.example, in their "
            "ASCII form, with commas between them",
        )
        for name in ("search_budget", "facet_budget"):
            milliseconds = getattr(self, name)
            expected = "a number of milliseconds from 0 to 60000"
            _check(milliseconds in range(60_001), name, milliseconds, expected)
        modes = [str(mode) for mode in RateMode]
        _check(self.rate_mode in modes, "rate_mode", self.rate_mode, ", ".join(modes))
        _check(
            self.require_key in KEY_LEVELS,
            "require_key",
            self.require_key,
            "0, api (or 1) or all (or exports)",
        )
        _check(self.proxies in range(11), "proxies", self.proxies, "a number from 0 to 10")
        for name in ("cors_origins", "embed_origins"):
            _check(
                all(
                    origin == ANY_ORIGIN or is_origin(origin, pattern=True)
                    for origin in comma_list(getattr(self, name))
                ),
                name,
                getattr(self, name),
                "origins such as https://bao.example or https://*.bao.example, with commas between "
                "them, or *",
            )
        _check(_is_time(self.now), "now", self.now, "a time such as 2026-10-05T09:00")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """The settings that the environment asks for; raises SettingsError."""
        check_names(environ)
        values: dict[str, Any] = {}
        for field in fields(cls):
            variable = ENVIRONMENT_PREFIX + field.name.upper()
            text = environ.get(variable, "").strip()
            if not text:
                continue
            if field.type in (str, str | bool):
                values[field.name] = text
            elif field.type is bool:
                if text not in ("0", "1"):
                    raise SettingsError(variable, text, "0 or 1")
                values[field.name] = text == "1"
            elif text.isascii() and text.isdecimal():
                values[field.name] = int(text)
            else:
                raise SettingsError(variable, text, "a whole number")
        return cls(**values)


def _is_time(text: str) -> bool:
    try:
        return not text or bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _check(fine: bool, name: str, value: object, expected: str) -> None:
    if not fine:
        raise SettingsError(ENVIRONMENT_PREFIX + name.upper(), str(value), expected)


#: Variables of this project's tests and benchmarks, which may stand in the same environment.
_OF_TESTS: Final = ("TIMBAO_SHARED", "TIMBAO_OPENSEARCH_URL")


def check_names(environ: Mapping[str, str]) -> None:
    """Raise UnknownSetting where a variable is called like a setting but none has its name."""
    known = [
        *(ENVIRONMENT_PREFIX + field.name.upper() for field in fields(Settings)),
        *CLUSTER_SETTINGS,
        *_OF_TESTS,
    ]
    for variable in sorted(environ):
        if variable.upper().startswith(ENVIRONMENT_PREFIX) and variable not in known:
            nearest = get_close_matches(variable.upper(), known, n=1, cutoff=0)
            raise UnknownSetting(variable, nearest[0])


def strip_values(environ: MutableMapping[str, str]) -> None:
    """Take the blanks around every setting away; one of blanks only is no longer set."""
    for variable in [name for name in environ if name.startswith(ENVIRONMENT_PREFIX)]:
        environ[variable] = environ[variable].strip()


ANY_ORIGIN: Final = "*"

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]{1,253})(?::([1-9]\d{0,4}))?", re.ASCII)
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
#: Stands for one label or several.
_ANY_LABELS: Final = "*."
_USUAL_PORTS: Final = {"http": "80", "https": "443"}


def comma_list(text: str) -> frozenset[str]:
    """The entries of a list that commas separate.

    >>> sorted(comma_list("https://bao.example, http://localhost:8080"))
    ['http://localhost:8080', 'https://bao.example']
    """
    return frozenset(filter(None, (part.strip() for part in text.split(","))))


def parsed_host(text: str) -> tuple[str, str] | None:
    """Host, in the one spelling that it has, and port, "" where none is named; None for no host.

    A host is a name in its ASCII form, an IPv4 address, or an IPv6 address in brackets.

    >>> parsed_host("KHO.example:8000"), parsed_host("[0:0::1]"), parsed_host("kho.example.")
    (('kho.example', '8000'), ('[::1]', ''), None)
    """
    match = _HOST.fullmatch(text.lower() if text.isascii() else "")
    if match is None or int(match[2] or 0) > 65535:
        return None
    host, port = match[1], match[2] or ""
    labels = host.split(".")
    try:
        if host.startswith("["):
            host = f"[{IPv6Address(host[1:-1])}]"
        elif labels[-1].isdigit():
            IPv4Address(host)
        elif not all(map(_LABEL.fullmatch, labels)):
            return None
    except ValueError:
        return None
    return host, port


def is_host(text: str, *, pattern: bool = False) -> bool:
    """Whether this is a host with or without a port, or, where that may be, `*.` and such a name.

    >>> is_host("*.bao.example:8443", pattern=True), is_host("a*.bao.example", pattern=True)
    (True, False)
    """
    name = text.removeprefix(_ANY_LABELS) if pattern else text
    found = parsed_host(name)
    is_name = found is not None and not (found[0][0] == "[" or found[0].split(".")[-1].isdigit())
    return found is not None and (name == text or is_name)


def host_list(text: str) -> frozenset[str]:
    """The hosts and patterns of a list, each in the one spelling that `matches_host` knows."""
    hosts = set()
    for entry in comma_list(text):
        found = parsed_host(entry.removeprefix(_ANY_LABELS))
        if found is not None:
            start = _ANY_LABELS if entry.startswith(_ANY_LABELS) else ""
            hosts.add(start + ":".join(filter(None, found)))
    return frozenset(hosts)


def matches_host(host: str, port: str, allowed: Collection[str]) -> bool:
    """Whether a list has this host, or `*.` and its end, for any port or for this one.

    Args:
        host: with `port`, as `parsed_host` gives them; without a port it is one of the usual two.
        allowed: as `host_list` gives it.
    """
    ports = [port] if port else _USUAL_PORTS.values()
    return any(
        name in allowed or any(f"{name}:{each}" in allowed for each in ports)
        for name in _patterns(host)
    )


def is_origin(text: str, *, pattern: bool = False) -> bool:
    """Whether a browser could send this as an origin: scheme, host and unusual port, no more.

    Args:
        pattern: whether `*.` may stand before the host.

    >>> is_origin("https://bao.example"), is_origin("https://bao.example/")
    (True, False)
    """
    scheme, _, host = text.partition("://")
    usual = _USUAL_PORTS.get(scheme)
    if usual is None or host.endswith(f":{usual}") or host != host.lower():
        return False
    return is_host(host, pattern=pattern)


def matches_origin(origin: str, allowed: Collection[str]) -> bool:
    """Whether a list has this origin, or `*.` and the end of its host; "*" has no meaning here.

    >>> matches_origin("https://cms.bao.example", ["https://*.bao.example"])
    True
    >>> matches_origin("https://evilbao.example", ["https://*.bao.example"])
    False
    """
    scheme, _, host = origin.partition("://")
    return is_origin(origin) and any(f"{scheme}://{name}" in allowed for name in _patterns(host))


def _patterns(host: str) -> Iterator[str]:
    """The host, and each pattern that is for it: `*` is one label or several, never a part."""
    yield host
    while (end := host.partition(".")[2]) != "":
        yield _ANY_LABELS + end
        host = end


_SITE: Final = re.compile(
    # Neither an empty part of the path nor one of dots: "//b" would lead to another host.
    r"https?://([^/]+)(?:/(?!\.{1,2}(?:/|\Z))(?:[a-zA-Z0-9._~!$&'()*+,;=:-]|%[0-9a-fA-F]{2})+)*/?"
)


def _is_site(text: str) -> bool:
    """Whether the text with a path behind it is an address: no user, no query, no fragment."""
    match = _SITE.fullmatch(text)
    return match is not None and is_host(match[1])
