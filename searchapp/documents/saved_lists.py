"""Lists of articles that their addresses carry: nothing about readers is kept here."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Final

__all__ = ["LARGEST_LIST", "list_token", "listed_ids"]

#: An address with more ids would be too long for some programs.
LARGEST_LIST: Final = 100
_BETWEEN: Final = "\n"


def list_token(ids: Iterable[str]) -> str:
    """What stands for these ids in an address; `static/saved.js` writes the same.

    >>> list_token(["d07", "d08"])
    'ZDA3CmQwOA'
    """
    return urlsafe_b64encode(_BETWEEN.join(ids).encode()).decode().rstrip("=")


def listed_ids(token: str) -> tuple[str, ...]:
    """The ids behind a token, each once; none where it is no token, or one of too many.

    >>> listed_ids("ZDA3CmQwOA")
    ('d07', 'd08')
    """
    try:
        text = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        return ()
    ids = tuple(dict.fromkeys(filter(None, text.split(_BETWEEN))))
    return ids if len(ids) <= LARGEST_LIST else ()
