"""Lists of articles that their addresses carry: nothing about readers is kept here."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Final

from index import is_article_id

from ..query.parameter_reader import ParameterProblem
from ..text.messages import lazy_gettext

__all__ = ["LARGEST_LIST", "LONGEST_TOKEN", "list_token", "listed_ids", "read_ids"]

#: An address with more ids would be too long for some programs.
LARGEST_LIST: Final = 100
#: Characters; longer addresses are refused by some clients and proxies. `saved.js` knows it, too.
LONGEST_TOKEN: Final = 4096
_BETWEEN: Final = "\n"


def list_token(ids: Iterable[str]) -> str:
    """What stands for these ids in an address; `static/saved.js` writes the same.

    >>> list_token(["d07", "d08"])
    'ZDA3CmQwOA'
    """
    return urlsafe_b64encode(_BETWEEN.join(ids).encode()).decode().rstrip("=")


def listed_ids(token: str) -> tuple[str, ...]:
    """The ids behind a token, each once; none where it is no token, or one of too much.

    >>> listed_ids("ZDA3CmQwOA")
    ('d07', 'd08')
    """
    if len(token) > LONGEST_TOKEN:
        return ()
    try:
        text = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        return ()
    ids = tuple(dict.fromkeys(filter(None, text.split(_BETWEEN))))
    return ids if len(ids) <= LARGEST_LIST and all(map(is_article_id, ids)) else ()


def read_ids(
    sent: Iterable[str], most: int
) -> tuple[tuple[str, ...], tuple[ParameterProblem, ...]]:
    """The ids that a form sent, each once, and what is wrong with them.

    Args:
        most: how many there may be; at least one there must.
    """
    ids, problem = tuple(dict.fromkeys(sent)), None
    if not 0 < len(ids) <= most:
        problem = lazy_gettext("Hãy chọn từ 1 đến %(limit)s tin.", limit=most)
    elif not all(map(is_article_id, ids)):
        problem = lazy_gettext("Có mã tin không đúng. Vui lòng chọn lại.")
    return ids, () if problem is None else (ParameterProblem("id", "invalid-parameter", problem),)
