"""Dates in words and figures: `ngày 20 tháng 11 năm 2014`, `20/11/2014`, and filter values."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from analyzers import Token, TokenKind, day_key

from ..article import VIETNAM_TIME
from ..errors import QueryError
from ..plan import PublishedWithin

_DAY, _MONTH, _YEAR = "ngay", "thang", "nam"
#: The fourth month is never "bốn"; the other names of months are numbers as well.
_APRIL = "tư"
_DAY_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})")
_SMALL_FIGURES = re.compile(r"(\d{1,2})([.-])(\d{1,2})")
#: From this day on 30.4 is rather a day than a number.
_LATE_DAY = 13


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A date in the tokens first to last (exclusive), and the other ways to write it.

    Its day, or all of a date in figures, is the token `day`.
    """

    first: int
    day: int
    last: int
    written: str
    targets: tuple[tuple[str, ...], ...]
    shown: str


def date_phrases(text: str, tokens: Sequence[Token]) -> Iterator[DatePhrase]:
    """The dates among the tokens of a query; offsets of the tokens are of the text."""
    index = 0
    while index < len(tokens):
        found = _in_figures(text, tokens, index) or _in_words(text, tokens, index)
        if found:
            yield found
            index = found.last
        else:
            index += 1


def day_targets(written: str) -> tuple[tuple[str, ...], ...]:
    """The ways to write the day that 2-9 or 30.4 may be; none for what is rather a number."""
    match = _SMALL_FIGURES.fullmatch(written)
    key = day_key(written) if match else None
    if match is None or key is None or (match[2] == "." and int(match[1]) < _LATE_DAY):
        return ()
    return ((key,), *_day_in_words(int(match[1]), int(match[3])))


def _in_figures(text: str, tokens: Sequence[Token], index: int) -> DatePhrase | None:
    first = index
    if tokens[index].folded == _DAY and len(tokens) > index + 1:
        index += 1
    token = tokens[index]
    if token.kind is not TokenKind.DATE:
        return None
    written = text[token.start : token.end]
    if (figures := _DAY_MONTH.fullmatch(written)) is not None:
        day, month = int(figures[1]), int(figures[2])
        return _phrase(first, index, index + 1, written, day, month, None)
    numbers = [int(part) for part in token.exact.split("-")]
    if len(numbers) == 3:
        year, month, day = numbers
        return _phrase(first, index, index + 1, written, day, month, year)
    year, month = numbers
    targets = ((str(month), str(year)), ("tháng", str(month), "năm", str(year)))
    return DatePhrase(index, index, index + 1, written, targets, f"tháng {month} năm {year}")


def _in_words(text: str, tokens: Sequence[Token], index: int) -> DatePhrase | None:
    """[ngày] D tháng M [năm Y]; without "ngày" only before a month."""
    start = index
    if tokens[index].folded == _DAY:
        index += 1
    if len(tokens) < index + 3 or tokens[index + 1].folded != _MONTH:
        return None
    day, month = _number(tokens[index]), _month(tokens[index + 2])
    if day is None or month is None or not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    last = index + 3
    year = None
    if len(tokens) > last:
        after = last + 1 if tokens[last].folded == _YEAR else last
        if len(tokens) > after and (number := _number(tokens[after])) and 1800 < number < 2200:
            year, last = number, after + 1
    written = text[tokens[start].start : tokens[last - 1].end]
    return _phrase(start, index, last, written, day, month, year)


def _phrase(
    first: int, at: int, last: int, written: str, day: int, month: int, year: int | None
) -> DatePhrase:
    if year is None:
        targets = ((f"--{month:02d}-{day:02d}",), *_day_in_words(day, month))
        return DatePhrase(first, at, last, written, targets, f"{day}/{month}")
    in_words = [
        (*words, *rest)
        for words in _day_in_words(day, month)
        for rest in (("năm", str(year)), (str(year),))
    ]
    targets = ((f"{year:04d}-{month:02d}-{day:02d}",), *in_words)
    return DatePhrase(first, at, last, written, targets, f"{day}/{month}/{year}")


def _day_in_words(day: int, month: int) -> tuple[tuple[str, ...], ...]:
    months = (str(month), _APRIL) if month == 4 else (str(month),)
    return tuple((str(day), "tháng", name) for name in months)


def _month(token: Token) -> int | None:
    return 4 if token.exact == _APRIL else _number(token)


def _number(token: Token) -> int | None:
    return int(token.exact) if token.exact.isdecimal() and len(token.exact) <= 4 else None


# -- filter values

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_YEARS = range(1000, 3000)
_LEAP_YEAR = 2000
_LOCAL = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})")


def date_span(text: str, position: int = 0) -> tuple[date, date]:
    """The first and last day of 05/10/2026, 10/2026, 2026, 2026-10-05, or of a..b of these.

    Raises:
        QueryError: not a date, or a range that ends before it begins; `position` is the offset.
    """
    first_text, dots, last_text = text.partition("..")
    first = _span(first_text, position)
    if not dots:
        return first
    last = _span(last_text, position + len(first_text) + 2)
    if last[1] < first[0]:
        raise QueryError(position, "date-order", "the range ends before it begins")
    return first[0], last[1]


def date_spans(
    text: str, years: range, position: int = 0
) -> tuple[tuple[date | None, date | None], ...]:
    """The days that a field `ngay:` means, as spans of which any will do.

    Beside what `date_span` reads these are 15/1 (of every year), 2025.. and ..01/2025.

    Args:
        years: of which there are articles.

    Raises:
        QueryError: as `date_span`.
    """
    if day := _DAY_MONTH.fullmatch(text.strip()):
        return tuple(_day_in_years(int(day[1]), int(day[2]), years, text, position))
    first, dots, last = text.partition("..")
    if dots and first.strip() and not last.strip():
        return ((_span(first, position)[0], None),)
    if dots and last.strip() and not first.strip():
        return ((None, _span(last, position + 2)[1]),)
    return (date_span(text, position),)


def _day_in_years(
    day: int, month: int, years: range, text: str, position: int
) -> Iterator[tuple[date, date]]:
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(_LEAP_YEAR, month)[1]):
        raise QueryError(position, "bad-date", f"there is no day {text!r}")
    for year in years:
        if day <= calendar.monthrange(year, month)[1]:
            yield date(year, month, day), date(year, month, day)


def _span(text: str, position: int) -> tuple[date, date]:
    text = text.strip()
    if iso := _ISO.fullmatch(text):
        year, month, day = (int(part) if part else None for part in iso.groups())
    elif local := _LOCAL.fullmatch(text):
        day, month, year = (int(part) if part else None for part in local.groups())
    else:
        raise QueryError(position, "bad-date", f"{text!r} is not a date (dd/mm/yyyy)")
    if year is None or year not in _YEARS:
        raise QueryError(position, "bad-date", f"the year of {text!r} is not plausible")
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise QueryError(position, "bad-date", f"there is no day {text!r}") from error


def published_within(first: date | None, last: date | None) -> PublishedWithin:
    """Whole days in Vietnamese time, both inclusive, as an interval of seconds."""
    return PublishedWithin(
        None if first is None else _midnight(first),
        None if last is None else _midnight(last + timedelta(days=1)),
    )


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time.min, VIETNAM_TIME).timestamp())
