"""What an installation may set, read from the environment once, at start."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

__all__ = [
    "ANY_ORIGIN",
    "ENVIRONMENT_PREFIX",
    "RateMode",
    "Settings",
    "SettingsError",
    "is_origin",
    "origin_list",
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


class RateMode(StrEnum):
    """Whose requests are limited."""

    REMOTE = "remote"
    """Those from other machines."""
    ALL = "all"
    REPORT = "report"
    """Nobody's: what would be refused is logged."""
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is the environment variable TIMBAO_ plus its name in capitals."""

    index: str = "whoosh:var/index"
    """Which index to search, as `kind:place`."""
    host: str = "127.0.0.1"
    """The address on which `timbao serve` listens."""
    port: int = 8000
    """Its port, 0 to 65535; 0 takes a free one."""
    threads: int = 4
    """How many requests are answered at the same time, 1 to 64."""
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
    require_key: bool = False
    """Whether the API answers only to keys."""
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
        _check(self.threads in range(1, 65), "threads", self.threads, "a number from 1 to 64")
        for name, least, most in (
            ("connections", 8, 50_000),
            ("send_seconds", 1, 600),
            ("spool", 1, 65_536),
        ):
            number = getattr(self, name)
            fine = least <= number <= most
            _check(fine, name, number, f"a number from {least} to {most}")
        _check(
            not self.public_url or self.public_url.startswith(("http://", "https://")),
            "public_url",
            self.public_url,
            "an address that begins with http:// or https://",
        )
        for name in ("search_budget", "facet_budget"):
            milliseconds = getattr(self, name)
            expected = "a number of milliseconds from 0 to 60000"
            _check(milliseconds in range(60_001), name, milliseconds, expected)
        modes = [str(mode) for mode in RateMode]
        _check(self.rate_mode in modes, "rate_mode", self.rate_mode, ", ".join(modes))
        _check(self.proxies in range(11), "proxies", self.proxies, "a number from 0 to 10")
        for name in ("cors_origins", "embed_origins"):
            _check(
                all(o == ANY_ORIGIN or is_origin(o) for o in origin_list(getattr(self, name))),
                name,
                getattr(self, name),
                "origins such as https://bao.example, with commas between them, or *",
            )
        _check(_is_time(self.now), "now", self.now, "a time such as 2026-10-05T09:00")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """The settings that the environment asks for; raises SettingsError."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            variable = ENVIRONMENT_PREFIX + field.name.upper()
            text = environ.get(variable, "").strip()
            if not text:
                continue
            if field.type is str:
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


ANY_ORIGIN: Final = "*"

_ORIGIN: Final = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9]\d{0,4})?"
)
_USUAL_PORTS: Final = {"http": "80", "https": "443"}


def origin_list(text: str) -> frozenset[str]:
    """The origins of a list that commas separate; "*" stands for all.

    >>> sorted(origin_list("https://bao.example, http://localhost:8080"))
    ['http://localhost:8080', 'https://bao.example']
    """
    return frozenset(filter(None, (part.strip() for part in text.split(","))))


def is_origin(text: str) -> bool:
    """Whether a browser could send this as an origin: scheme, host and unusual port, no more.

    >>> is_origin("https://bao.example"), is_origin("https://bao.example/")
    (True, False)
    """
    if not _ORIGIN.fullmatch(text):
        return False
    scheme, _, rest = text.partition("://")
    return not rest.endswith(f":{_USUAL_PORTS[scheme]}")
