"""Times that a news page shows, and the zone that they are in."""

import re
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml.html import HtmlElement

from ..article import VIETNAM_TIME
from .bad_record import RecordError
from .html_elements import ELSEWHERE, by_class, nearest, text_of
from .record_dates import parse_time

__all__ = ["first_time", "page_zone", "shown_times", "time_texts"]

_DATE: Final = (
    "//*[self::span or self::div or self::p or self::li or self::time or self::em or self::small]["
    + by_class("date", "time", "ngay", "publish", "pubdate", "post-meta", "cms-date")
    + "] | //time"
)
_DATE_WORDS: Final = 16
_MOST: Final = 200
#: A time without such a name stands so many elements from the headline, in so many characters.
_AROUND: Final = 20
_LONGEST: Final = 70
_DAY: Final = re.compile(r"(?<!\w)(?:thứ|chủ nhật|ngày|\d).*", re.IGNORECASE)
_LIKE_A_DATE: Final = re.compile(
    r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}"
    r"|\d{1,2}\W{1,2}(?:tháng|[A-Za-zéû]{3,10}|de [a-z]+)\W.{0,6}\d{4}"
)
_ZONES: Final = {
    **dict.fromkeys(
        ("de", "fr", "es", "it", "nl", "be", "at", "ch", "cz", "pl", "se", "no", "dk", "hu"),
        "Europe/Paris",
    ),
    **{"uk": "Europe/London", "ie": "Europe/Dublin", "pt": "Europe/Lisbon", "ru": "Europe/Moscow"},
    **{"jp": "Asia/Tokyo", "kr": "Asia/Seoul", "cn": "Asia/Shanghai", "tw": "Asia/Taipei"},
    **{
        "sg": "Asia/Singapore",
        "my": "Asia/Kuala_Lumpur",
        "th": "Asia/Bangkok",
        "ph": "Asia/Manila",
    },
    **{"la": "Asia/Vientiane", "kh": "Asia/Phnom_Penh", "id": "Asia/Jakarta", "in": "Asia/Kolkata"},
    **{
        "fi": "Europe/Helsinki",
        "gr": "Europe/Athens",
        "ua": "Europe/Kyiv",
        "tr": "Europe/Istanbul",
    },
    **{"au": "Australia/Sydney", "nz": "Pacific/Auckland", "us": "America/New_York"},
}


def time_texts(element: HtmlElement) -> list[str]:
    """What an element says of a time: the machine's form, the text, the text from the day on."""
    text = text_of(element)
    behind = _DAY.search(text)
    return [*filter(None, [element.get("datetime")]), text, *([behind[0]] if behind else [])]


def shown_times(tree: HtmlElement, headline: HtmlElement | None) -> list[HtmlElement]:
    """The short elements that are called date or time, those near the headline first.

    A page may show the time of day in its header, and the times of other articles below.
    """
    found = [
        element
        for element in tree.xpath(_DATE)[:_MOST]
        if (element.get("datetime") or 0 < len(text_of(element).split()) <= _DATE_WORDS)
        and not element.xpath(ELSEWHERE)
    ]
    if headline is not None:
        called = set(found)
        around = [
            *headline.xpath("preceding::*")[-_AROUND:],
            *headline.xpath("following::*")[:_AROUND],
        ]
        found += [
            element
            for element in around
            if element not in called
            and len(text := text_of(element)) < _LONGEST
            and _LIKE_A_DATE.search(text)
            and not any(_LIKE_A_DATE.search(text_of(part)) for part in element)
            and not element.xpath(ELSEWHERE)
        ]
    return nearest(tree, found, headline)


def page_zone(tree: HtmlElement, domain: str, times: Sequence[str]) -> tzinfo:
    """Vietnam's for its pages; elsewhere what another time of the page says, or its country.

    Args:
        tree: the page.
        domain: of its address, or "".
        times: as the page's witnesses write them.
    """
    language = (tree.get("lang") or "").lower()
    ending = domain.rpartition(".")[2]
    if not language or language.startswith("vi") or ending == "vn":
        return VIETNAM_TIME
    for text in times:
        if re.search(r"T.*[+-]\d\d:?\d\d$", text.strip()):
            try:
                found = parse_time(text)
            except RecordError:
                continue
            if found is not None and (zone := found[0].tzinfo) is not None:
                return zone
    try:
        return ZoneInfo(_ZONES.get(ending, "UTC"))
    except ZoneInfoNotFoundError:
        return VIETNAM_TIME


def first_time(texts: Iterable[str], zone: tzinfo) -> str:
    """The first time that can be read; a later one, where it adds the time of that day."""
    first = None
    for text in texts:
        try:
            found = parse_time(text.strip(" -|•"), zone)
        except RecordError:
            continue
        if found is None:
            continue
        time, precision = found
        if first is None and precision == "minute":
            return time.isoformat()
        if first is None:
            first = found
        elif precision == "minute" and time.astimezone(zone).date() == first[0].date():
            return time.isoformat()
    if first is None:
        return ""
    time, precision = first
    return time.date().isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]
