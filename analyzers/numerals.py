"""Keys of numbers, dates and times as Vietnamese newspapers write them."""

import re
import unicodedata

_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEARS = range(1000, 3000)

_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})([/-])(\d{1,2})\2(\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})/(\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})/(\d{4})")
_TIME = re.compile(r"(\d{1,2})(?:[hH:](\d{2})|[gG](\d{2})|[hH])")
_DOT_THOUSANDS = re.compile(r"(\d{1,3}(?:\.\d{3})+)(?:,(\d+))?")
_COMMA_THOUSANDS = re.compile(r"(\d{1,3}(?:,\d{3}){2,})(?:\.(\d+))?")
_DECIMAL_COMMA = re.compile(r"(\d+),(\d+)")
_FRACTION = re.compile(r"(\d*)([¼-¾⅐-⅞])")


def number_key(written: str) -> str | None:
    """The number with a decimal point and no grouping; None when it is not one number.

    A point groups thousands (2.100 is 2100), a comma is decimal (3,14 is 3.14) unless two or more
    commas group (1,000,000). Other points stay: 4.0, 192.168.1.1.
    """
    digits = _ascii_digits(written)
    if match := _DOT_THOUSANDS.fullmatch(digits):
        return _with_decimals(match[1].replace(".", ""), match[2])
    if match := _COMMA_THOUSANDS.fullmatch(digits):
        return _with_decimals(match[1].replace(",", ""), match[2])
    if match := _DECIMAL_COMMA.fullmatch(digits):
        return _with_decimals(match[1], match[2])
    if "," in digits:
        return None
    return str(int(digits)) if len(digits) <= 2 else digits


def fraction_key(written: str) -> str | None:
    """The decimal of a vulgar fraction, whole part included (1½ is 1.5); None for anything else."""
    match = _FRACTION.fullmatch(written)
    if match is None:
        return None
    decimals = f"{unicodedata.numeric(match[2]):.4f}".rstrip("0").partition(".")[2]
    return f"{_ascii_digits(match[1]) or '0'}.{decimals}"


def date_key(written: str) -> str | None:
    """A day as 2014-11-20, a day without year as 30/4, a month as 2014-12; None for no date."""
    if match := _DAY_MONTH_YEAR.fullmatch(written):
        year, month, day = int(match[4]), int(match[3]), int(match[1])
    elif match := _YEAR_MONTH_DAY.fullmatch(written):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif match := _DAY_MONTH.fullmatch(written):
        day, month = int(match[1]), int(match[2])
        return f"{day}/{month}" if _is_day(day, month) else None
    elif match := _MONTH_YEAR.fullmatch(written):
        month, year = int(match[1]), int(match[2])
        return f"{year}-{month:02d}" if 1 <= month <= 12 and year in _YEARS else None
    else:
        return None
    if year not in _YEARS or not _is_day(day, month):
        return None
    return f"{year}-{month:02d}-{day:02d}"


def time_key(written: str) -> str | None:
    """A time of day as 14h30 or 9h; None for anything else (5g is five grams)."""
    match = _TIME.fullmatch(written)
    if match is None:
        return None
    hour, minute = int(match[1]), match[2] or match[3] or ""
    if hour > 24 or int(minute or 0) > 59:
        return None
    return f"{hour}h{_ascii_digits(minute)}"


def _with_decimals(whole: str, decimals: str | None) -> str:
    return whole if decimals is None else f"{whole}.{decimals}"


def _is_day(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= _DAYS_IN_MONTH[month - 1]


def _ascii_digits(written: str) -> str:
    if written.isascii():
        return written
    return "".join(str(unicodedata.decimal(char, char)) for char in written)
