"""Origins of pages, as settings and keys list them and as browsers send them."""

import re
from typing import Final

__all__ = ["ANY_ORIGIN", "is_origin", "origin_list"]

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
