"""Times as newspapers' pages, exports and feeds write them."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

from analyzers import fold

from ..article import VIETNAM_TIME, Precision
from .bad_record import RecordError

__all__ = ["parse_time"]

#: How databases and programs write that there is no time.
_NO_TIME: Final = re.compile(
    r"|[-–—]+|0|null|none|nil|n/?a|nan|nat|undefined|unknown|\(?(khong ro|(chua|dang) cap nhat)\)?"
    r"|(0000-00-00|0001-01-01|1-01-01)([t ].*)?"
)
_EPOCH: Final = re.compile(r"(\d{9,10})(\d{3}|\d{6}|\d{9})?(\.\d+)?")
_FLOAT: Final = re.compile(r"\d\.\d+e\+?(?:9|1[0-9])")
#: Days since 30 December 1899, as Excel counts them: 1954 to 2119.
_EXCEL_DAYS: Final = re.compile(r"([2-7]\d{4})(\.\d+)?")
#: As programs write a time when nobody told them how: JSON of .NET, repr() of Python.
_WRITTEN_OUT: Final = re.compile(
    r"/date\((?P<epoch>\d+)(?:[+-]\d{4})?\)/|timestamp\('(?P<text>[^']+)'\)"
    r"|(?:datetime\.)?date(?:time)?\((?P<parts>\d{4}(?:, ?\d{1,2}){2,4}(?=[,)]))(?:, ?\d+)*\)"
)
_COMPACT: Final = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_RFC_822: Final = re.compile(r"([a-z]{3},? )?\d{1,2} [a-z]{3} \d{2,4} \d{1,2}:\d\d.*")

_ZONE: Final = re.compile(
    r"(?:\b(?:gmt|utc)|(?<=\d)|(?<=\d ))\s*"
    r"(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?![\d/.-])"
)
_ZONE_NAME: Final = re.compile(
    r"(?<=\d)z\b|\b(?:gmt|utc|ict)\b|\bgio (?:vn|viet nam|ha noi)\b"
    r"|\basia/(?:ho_chi_minh|saigon|hanoi|bangkok)\b"
)
_TIME: Final = re.compile(
    r"(?<![\d/.])(?P<hour>\d{1,2})\s*(?::\s*(?P<minute>\d{1,2})(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"|(?:gio|h|g)\s*(?:(?P<minute2>\d{1,2})\s*(?:phut|ph|p|')?(?![/.-]?\d))?)"
    r"\s*(?P<half>\b(?:am|pm|a\.m\.|p\.m\.|sa|ch|sang|trua|chieu|toi|dem)(?![a-z]))?"
)
_AFTER_NOON: Final = ("pm", "p.m.", "ch", "chieu", "toi")
_WEEKDAY: Final = re.compile(
    r"\bthu (?:hai|ba|tu|nam|sau|bay|[2-7])\b|\bt[2-7]\b|\b(?:chu nhat|cn)\b"
    r"|\b(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b\.?"
)
_FILLER: Final = re.compile(
    r"\b(?:(?:lan )?cap nhat(?: lan cuoi)?|dang(?: tai)?|xuat ban|luc|vao|ngay|mung|mong|hoi"
    r"|published|posted|updated|last|modified|date|on|at|the|of)\b"
    r"|^(?:sang|trua|chieu|toi|dem)\b"
    r"|\([^)]*\)|\[[^\]]*\]|[,;|•·()]|(?<=\s)[-–—:](?=\s)|^[\s:–—-]+|[\s:–—-]+$"
)

#: The place, which stands before the day in letters and reports.
_PLACE: Final = re.compile(r"^[a-z. ]{2,40}[,–-]\s*(?=ngay\b|\d{1,2}[/.-])")

_MONTHS: Final = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
    "xi": 11, "xii": 12,
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8,
    "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ENGLISH: Final = (
    r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\.?"
)
_WRITTEN: Final = (
    r"(?P<month>muoi (?:mot|hai)|gieng|mot|hai|ba|tu|nam|sau|bay|tam|chin|muoi|\d{1,2})"
)
_DATES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})\s?(?P<mark>[-/. ])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\s?(?P<mark>[-/. ])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?"
        r"(?P<year>\d{4}|\d\d)",
        rf"(?P<day>\d{{1,2}}) ?(?:thang|/) ?{_WRITTEN} ?(?:nam|[/-])? ?(?P<year>\d{{4}})",
        r"(?P<day>\d{1,2})\s?(?P<mark>[-/.])\s?(?P<month>i{1,3}|i[vx]|vi{0,3}|xi{0,2})\s?(?P=mark)\s?"
        r"(?P<year>\d{4})",
        rf"thang {_WRITTEN} ?(?:nam|[/-])? ?(?P<year>\d{{4}})",
        r"(?P<month>\d{1,2})\s?[-/.]\s?(?P<year>\d{4})",
        r"(?P<year>\d{4})\s?[-/.]\s?(?P<month>\d{1,2})",
        r"(?:nam )?(?P<year>\d{4})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ /-]{_ENGLISH}[ /-](?P<year>\d{{4}}|\d\d)",
        rf"{_ENGLISH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<year>\d{{4}})",
        rf"{_ENGLISH} (?P<year>\d{{4}})",
    )
)
_LONGEST: Final = 120
_OTHER_LANGUAGES: Final = ["en", "fr", "de", "es", "it", "pt", "nl", "pl", "cs", "ru", "zh", "ja"]


def parse_time(text: str, zone: tzinfo = VIETNAM_TIME) -> tuple[datetime, Precision] | None:
    """The aware time that a text names and how exact it is; None where it says that there is none.

    Read are ISO 8601, RFC 822, epochs in seconds to nanoseconds, and what people write in
    Vietnamese and English, with or without accents: weekday, time of day before or after, day
    before month (the other way round only where nothing else is possible), "ngày 7 tháng 3 năm
    2026", a month or a year alone. What is missing is the first: midnight, day, month.

    Args:
        text: the time as it is written.
        zone: of a time that names none.

    Raises:
        RecordError: another form, or a date that does not exist.
    """
    written = " ".join(text.split())
    folded = fold(written.casefold())
    if _NO_TIME.fullmatch(folded):
        return None
    if (out := _WRITTEN_OUT.fullmatch(folded)) is not None:
        folded = out["epoch"] or out["text"] or _from_parts(out["parts"].split(","))
    readers = (_from_digits, _from_iso, _from_rfc_822, _from_words)
    for read, form in (*((read, folded) for read in readers), (_from_other_languages, written)):
        try:
            found = read(form)
        except (ValueError, OverflowError) as error:
            raise RecordError(f"{written[:40]!r} is not a possible date") from error
        if found is not None:
            time, precision = found
            return (time if time.utcoffset() is not None else time.replace(tzinfo=zone)), precision
    raise RecordError(f"{written[:40]!r} is not a date that can be read")


_Found = tuple[datetime, Precision] | None
_PRECISIONS: Final[dict[int, Precision]] = {4: "year", 6: "month", 8: "day"}


def _from_digits(text: str) -> _Found:
    """An epoch, or a date as one number."""
    if _FLOAT.fullmatch(text):
        text = str(int(float(text)))
    if days := _EXCEL_DAYS.fullmatch(text):
        minutes = round(1440 * float(text))
        time = datetime(1899, 12, 30) + timedelta(minutes=minutes)  # noqa: DTZ001  as _by_form
        return time, "minute" if days[2] else "day"
    plain = len(text) if text.isascii() and text.isdecimal() else 0
    if (form := _COMPACT.get(plain)) is not None:
        try:
            return _by_form(text, form), _PRECISIONS.get(plain, "minute")
        except ValueError:
            if plain != 8:
                raise
            return _by_form(text, "%d%m%Y"), "day"
    if (epoch := _EPOCH.fullmatch(text)) is None:
        return None
    seconds = int(epoch[1]) + float(f"0.{epoch[2] or 0}") + float(epoch[3] or 0)
    return datetime.fromtimestamp(round(seconds, 6), UTC), "minute"


def _from_parts(parts: Sequence[str]) -> str:
    """ISO 8601 of year, month, day, and hour and minute where they are given."""
    numbers = [int(part) for part in parts]
    day = "{:04}-{:02}-{:02}".format(*numbers[:3])
    return day + (" {:02}:{:02}".format(*numbers[3:5]) if len(numbers) > 4 else "")


def _by_form(text: str, form: str) -> datetime:
    return datetime.strptime(text, form)  # noqa: DTZ007  the caller knows the zone


_ISO: Final = re.compile(
    r"\d{4}-(?:\d\d-\d\d|w\d\d-\d)(?P<time>[t ]\d\d(?::?\d\d.*)?)?|\d{8}t\d{4,6}.*"
)


def _from_iso(text: str) -> _Found:
    if (iso := _ISO.fullmatch(text)) is None:
        return None
    try:
        time = datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d\d:?\d\d$|z$)", "", text).upper())
    except ValueError:
        return None  # "2026-03-07 08:01 (gmt+7)" is for the reader of words
    return time, "day" if iso["time"] is None and "t" not in text else "minute"


def _from_rfc_822(text: str) -> _Found:
    if _RFC_822.fullmatch(text) is None:
        return None
    try:
        return parsedate_to_datetime(text), "minute"
    except ValueError:
        return None


def _from_words(text: str) -> _Found:
    if len(text) > _LONGEST:
        return None
    text = re.sub(r"(?<=/\d{4}):", " ", _PLACE.sub("", text, count=1))
    text = re.sub(r"(?<=\d)t(?=\d\d:)", " ", text)
    text, zone = _take_zone(text)
    text, clock = _take_clock(text)
    text = _WEEKDAY.sub(" ", text)
    text = " ".join(_FILLER.sub(" ", " ".join(_FILLER.sub(" ", text).split())).split())
    for pattern in _DATES:
        if date := pattern.fullmatch(text):
            return _time(date.groupdict(), clock, zone)
    return None


def _from_other_languages(text: str) -> _Found:
    if len(text) > _LONGEST or not re.search(r"(?<!\d)\d{4}(?!\d)", text):
        return None
    # Here, not above: it takes a third of a second, and hardly a Vietnamese file needs it.
    from dateparser import parse  # type: ignore[import-untyped]  # ships no types

    time = parse(
        text,
        languages=_OTHER_LANGUAGES,
        settings={
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "DATE_ORDER": "DMY",
        },
    )
    return None if time is None else (time, "minute" if _TIME.search(text) else "day")


def _take_zone(text: str) -> tuple[str, tzinfo | None]:
    """The text without its zone of time, and the zone."""
    offset = _ZONE.search(text)
    # "07-03-2026": a minus is a sign only behind a name or a time of day.
    while offset and not (
        "gmt" in offset[0] or "utc" in offset[0] or ":" in text[: offset.start()]
    ):
        offset = _ZONE.search(text, offset.end())
    if offset is not None:
        minutes = 60 * int(offset["hours"]) + int(offset["minutes"] or 0)
        zone = timezone(timedelta(minutes=-minutes if offset["sign"] == "-" else minutes))
        return f"{text[: offset.start()]} {text[offset.end() :]}", zone
    if (name := _ZONE_NAME.search(text)) is None:
        return text, None
    zone = UTC if name[0] in ("z", "gmt", "utc") else VIETNAM_TIME
    return f"{text[: name.start()]} {text[name.end() :]}", zone


def _take_clock(text: str) -> tuple[str, tuple[int, int, int] | None]:
    """The text without its time of day, and hour, minute and second."""
    if (found := _TIME.search(text)) is None:
        return text, None
    hour, half = int(found["hour"]), found["half"] or ""
    if half in _AFTER_NOON or (half == "trua" and hour < 10) or (half == "dem" and hour > 5):
        hour += 12 if hour < 12 else 0
    elif half in ("am", "a.m.", "sa") and hour == 12:
        hour = 0
    minute = int(found["minute"] or found["minute2"] or 0)
    clock = (hour, minute, int(found["second"] or 0))
    return f"{text[: found.start()]} {text[found.end() :]}", clock


def _time(
    parts: dict[str, str | None], clock: tuple[int, int, int] | None, zone: tzinfo | None
) -> tuple[datetime, Precision]:
    year, month, day = parts["year"] or "", parts.get("month"), parts.get("day")
    if day is None:
        time = datetime(int(year), _month(month) if month else 1, 1, tzinfo=zone)
        return time, "month" if month else "year"
    century = 0 if len(year) == 4 else 2000 if int(year) < 70 else 1900
    month_number, day_number = _month(month or ""), int(day)
    if month_number > 12 >= day_number:
        # 03/17/2026 can only be the American order.
        month_number, day_number = day_number, month_number
    hour, minute, second = clock or (0, 0, 0)
    time = datetime(
        century + int(year), month_number, day_number, hour, minute, second, tzinfo=zone
    )
    return time, "minute" if clock else "day"


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else _MONTHS[text]
