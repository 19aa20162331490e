"""Readable address parts made of headlines and labels."""

import re
from typing import Final

from analyzers import exact_key, fold

__all__ = ["slug"]

_NO_WORD: Final = re.compile(r"[^a-z0-9]+")
_LIMIT: Final = 80
_NAMELESS: Final = "tin"


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most 80 characters; "tin" for a text without.

    >>> slug("Hà Nội: Đường phố ngập sâu")
    'ha-noi-duong-pho-ngap-sau'
    """
    words = _NO_WORD.sub("-", fold(exact_key(text))).strip("-")
    if len(words) > _LIMIT:
        words = words[: _LIMIT + 1].rpartition("-")[0] or words[:_LIMIT]
    return words or _NAMELESS
