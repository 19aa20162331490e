"""Keys of numbers, dates and times as Vietnamese newspapers write them."""

import re
import unicodedata

_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEARS = range(1000, 3000)

_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})([/-])(\d{1,2})\2(\d{1,2})")
_DAY_MONTH = re.compile(r"(\d{1,2})/(\d{1,2})")
_ANY_DAY_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})")
_ISO_DAY = re.compile(r"--(\d\d)-(\d\d)")
_MONTH_YEAR = re.compile(r"(\d{1,2})/(\d{4})")
_TIME = re.compile(r"(\d{1,2})(?:[hH:](\d{2})|[gG](\d{2})|[hH])")
_DOT_THOUSANDS = re.compile(r"(\d{1,3}(?:\.\d{3})+)(?:,(\d+))?")
_COMMA_THOUSANDS = re.compile(r"(\d{1,3}(?:,\d{3}){2,})(?:\.(\d+))?")
_DECIMAL_COMMA = re.compile(r"(\d+),(\d+)")
_GROUPS = re.compile(r"\d{2,}(?:\.\d{2,})+")
#: Fewer digits in groups of two and more are hardly a telephone or account.
_IDENTIFIER_DIGITS = 7
_FRACTION = re.compile(r"(\d*)([¼-¾⅐-⅞])")


def number_key(written: str) -> str | None:
    """The number with a decimal point and no grouping; None when it is not one number.

    A point groups thousands (2.100 is 2100), a comma is decimal (3,14 is 3.14) unless two or more
    commas group (1,000,000). Points in seven digits and more group the digits of a telephone or
    account: 0912.345.678 is 0912345678. Other points stay: 4.0, 192.168.1.1.
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
    if _GROUPS.fullmatch(digits) and len(joined := digits.replace(".", "")) >= _IDENTIFIER_DIGITS:
        return joined
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


def day_key(written: str) -> str | None:
    """A day without its year, 30/4, 30-4 or 30.4, as --04-30 (ISO 8601); None for no day."""
    match = _ANY_DAY_MONTH.fullmatch(written)
    if match is None or not _is_day(day := int(match[1]), month := int(match[2])):
        return None
    return f"--{month:02d}-{day:02d}"


def share_key(written: str) -> str:
    """Figures with a slash that are no date: 1/8 with a fraction slash."""
    return "\u2044".join(str(int(part)) for part in written.split("/"))


def day_terms(exact: str) -> tuple[str, ...]:
    """The terms that a day or a fraction may be indexed as; other terms stay alone.

    A day whose context tells nothing may be a fraction, and a fraction such a day.

    >>> day_terms("1/8"), day_terms("--04-30")
    (('1/8', '--08-01', '1⁄8'), ('--04-30', '30/4'))
    """
    if match := _DAY_MONTH.fullmatch(exact):
        day, month = int(match[1]), int(match[2])
        iso = f"--{month:02d}-{day:02d}"
        return exact, iso, share_key(exact)
    if match := _ISO_DAY.fullmatch(exact):
        return exact, f"{int(match[2])}/{int(match[1])}"
    if "\u2044" in exact:
        return exact, exact.replace("\u2044", "/")
    return (exact,)


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
