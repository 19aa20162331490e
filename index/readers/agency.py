"""Agency prefixes: the "VOV.VN - " that a scraped lead or snippet begins with."""

import re
from typing import Final

__all__ = ["split_agency"]

_BRACKETED: Final = re.compile(r"\(([^()\n]{2,40})\)\s*[-–—]\s*(?=\S)")
# White space on one side of the dash at least, so that "COVID-19" is left alone.
_BARE: Final = re.compile(
    r"([^\W_][\w.+&/]{1,24}(?: Online| ONLINE)?)(?:\s+[-–—]\s*|[-–—]\s+)(?=\S)"
)
_DOMAIN: Final = re.compile(r"[\w.]*\w\.(?:vn|com|net|org|info|example)", re.IGNORECASE)

# Agencies whose names the rule "three capitals or a domain" does not reach.
_AGENCIES: Final = frozenset({"TT", "VnExpress", "VietNamNet", "VietnamPlus", "VnEconomy"})
# Places and institutions in capitals with which a sentence may open.
_NOT_AGENCIES: Final = frozenset(
    (
        *("TP.HCM", "TPHCM", "HCM", "ĐBSCL"),
        *("UBND", "HĐND", "HLV", "CLB", "CSGT", "BHXH", "BHYT", "THPT", "THCS", "PGS.TS", "PGS"),
        *("GDP", "CPI", "USD", "WHO", "FIFA", "AFC", "AFF", "VFF", "SEA", "NATO", "ASEAN", "COVID"),
    )
)


def split_agency(text: str) -> tuple[str, str]:
    """The agency that the text is prefixed with and the rest; ("", text) where there is none.

    Example:
        >>> split_agency("VOV.VN -Sáng nay, mưa lớn.")
        ('VOV.VN', 'Sáng nay, mưa lớn.')
        >>> split_agency("(Dân trí) - Sáng nay, mưa lớn.")
        ('Dân trí', 'Sáng nay, mưa lớn.')
        >>> split_agency("TP.HCM - Đồng Nai: thông xe cầu mới.")[0]
        ''
    """
    text = text.strip()
    if match := _BRACKETED.match(text):
        name = match[1].strip()
        if any(char.isalpha() for char in name):
            return name, text[match.end() :]
    # After an agency a sentence begins; "WHO - cơ quan của ..." is one that goes on.
    elif (match := _BARE.match(text)) and not text[match.end()].islower() and _is_agency(match[1]):
        return match[1], text[match.end() :]
    return "", text


def _is_agency(name: str) -> bool:
    if name in _NOT_AGENCIES:
        return False
    if name in _AGENCIES or _DOMAIN.fullmatch(name):
        return True
    letters = [char for char in name.split(" ")[0] if char.isalpha()]
    return len(letters) >= 3 and all(char.isupper() for char in letters)
