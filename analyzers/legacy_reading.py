"""How Vietnamese a text reads: the measure by which legacy encodings are told."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .normalize import exact_key
from .syllables import is_syllable

_STRANGE_LETTERS: Final = (
    "\xc4-\xc7\xcb\xce-\xd1\xd6-\xd8\xdb\xdc\xde\xdf\xe4-\xe7\xeb\xee-\xf1\xf6-\xf8\xfb\xfc\xfe\xff"
)
_STRANGE: Final = re.compile(f"[\x80-\x9f\xa1-\xbf{_STRANGE_LETTERS}]")
_ODD_CASE: Final = re.compile("[a-zà-öø-ÿ][À-ÖØ-Þ]")
_UNICODE_ONLY: Final = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
# Control characters other than white space are letters of VISCII.
_WORD: Final = re.compile("[^\t\n\v\f\r -@\\[-`{-\x7f\xa0‘-„–—…•]+")

# Measured on news: text read as what it is has at least .96 of its accented words well-formed,
# read as another encoding at most .77 (VPS as VISCII), not converted at all at most .54.
_SHARE: Final = 0.85
_SHARE_OF_ALL: Final = 0.6
_FEWEST: Final = 2
# A syllable with every mark a character of its own; longer words would fill the cache.
_LONGEST_WORD: Final = 12


def has_strange_letters(text: str) -> bool:
    """Whether the text has what legacy text is full of and Vietnamese in Unicode lacks.

    That is any Latin-1 but for its Vietnamese letters and the no-break space.
    """
    return _STRANGE.search(text) is not None


def has_unicode_letters(text: str) -> bool:
    """Whether the text has Vietnamese letters that are in no wrongly decoded legacy text."""
    return _UNICODE_ONLY.search(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How many of a text's words are Vietnamese syllables.

    `plain` words have ASCII letters only; single letters and abbreviations in capitals are left
    out of them.
    """

    accented: int
    accented_good: int
    plain: int
    plain_good: int

    @classmethod
    def of(cls, text: str) -> "Reading":
        """Count the words of the text."""
        words = _WORD.findall(text)
        accented = [word for word in words if not word.isascii()]
        plain = [word for word in words if word.isascii() and len(word) > 1 and not word.isupper()]
        return cls(
            accented=len(accented),
            accented_good=sum(map(_is_vietnamese, accented)),
            plain=len(plain),
            plain_good=sum(map(_is_vietnamese, plain)),
        )

    @property
    def accented_bad(self) -> int:
        """How many accented words are no Vietnamese syllables."""
        return self.accented - self.accented_good

    @property
    def share(self) -> float:
        """The share of the accented words that are syllables; 0 where there are none."""
        return self.accented_good / max(1, self.accented)

    @property
    def is_flawless(self) -> bool:
        """Whether all words are syllables, accented ones among them."""
        return self.accented == self.accented_good > 0 and self.plain == self.plain_good

    @property
    def is_vietnamese(self) -> bool:
        """Whether no other language reads like that."""
        good = self.accented_good + self.plain_good
        return (
            self.accented_good >= _FEWEST
            and self.share >= _SHARE
            and good >= _SHARE_OF_ALL * (self.accented + self.plain)
        )


def _is_vietnamese(word: str) -> bool:
    return len(word) <= _LONGEST_WORD and _is_clean_syllable(word)


@lru_cache(maxsize=1 << 14)
def _is_clean_syllable(word: str) -> bool:
    odd = _STRANGE.search(word) or _ODD_CASE.search(word)
    return odd is None and is_syllable(exact_key(word))
