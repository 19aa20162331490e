"""Names for callers that tell them apart for a day and lead back to nobody."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Final

__all__ = ["Pseudonyms"]

_DIGITS: Final = 16


class Pseudonyms:
    """Hashes addresses with a salt that is thrown away with its day."""

    def __init__(self, salt_of: Callable[[date], bytes]) -> None:
        self._salt_of = salt_of
        self._day: date | None = None
        self._salt = b""

    def of(self, address: str, day: date) -> str:
        """Sixteen hex digits, the same for the same address on the same day."""
        if day != self._day:
            self._day, self._salt = day, self._salt_of(day)
        return hashlib.blake2b(
            address.encode("utf-8", "replace"), key=self._salt, digest_size=_DIGITS // 2
        ).hexdigest()
