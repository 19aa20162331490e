"""Telephones, plates, sums, accounts and other numbers in groups: one thing in all its typings.

The index keeps the groups of a number as they were typed with blanks or hyphens, as neighbours, and
as one token those that points or nothing join. A query's number is looked for in every grouping
that the archive has.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzers import fold, number_key

from .lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class GroupedNumber:
    """A number in the text from start to end, and the digits that it may be written with.

    `certain`: it is one number, whatever the blanks in it; else its groups may be numbers of their
    own.
    """

    start: int
    end: int
    keys: tuple[str, ...]
    certain: bool


_GAP = r"(?:[ \u00a0]?[.\-()]?[ \u00a0]?)"
_NOT_INSIDE = r"(?<![\w.,/])(?<!\d-)"
_ENDS = r"(?![\w/]|[.,-]\d)"
#: 01 and 02 have eleven digits, others ten; old ones of 02 to 09 may have ten.
_PHONE = re.compile(
    rf"{_NOT_INSIDE}\(?(?:(?P<foreign>\+84{_GAP}|84{_GAP}(?=\d{{2,3}}[ .-]\d))(?:\(0\)|0)?"
    rf"(?:[12](?:{_GAP}\d){{9}}|[2-9](?:{_GAP}\d){{8}})"
    rf"|0(?:[12](?:{_GAP}\d){{9}}|[2-9](?:{_GAP}\d){{8}})){_ENDS}"
)
_HOTLINE = re.compile(
    rf"{_NOT_INSIDE}1[89]00{_GAP}(?P<rest>\d(?:{_GAP}\d){{3}}(?:{_GAP}\d\d)?){_ENDS}"
)
_PLATE = re.compile(
    r"(?<![^\W_])(?P<head>\d{2}-?[A-Za-zĐđ]{1,2}\d?)(?P<gap>[ .-]{0,3})"
    r"(?P<tail>\d{3}\.\d{2}|\d{4,5})(?![^\W_]|[.,]\d)"
)
_GROUPS = re.compile(rf"{_NOT_INSIDE}\d{{1,7}}(?:[ \u00a0.-]\d{{1,7}})+{_ENDS}")
_ONE = re.compile(rf"{_NOT_INSIDE}(?:\d{{4,20}}|\d{{1,3}}(?:,\d{{3}}){{2,}}){_ENDS}")
_THOUSANDS = re.compile(r"\d{1,3}(?:\D\d{3})+")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
#: Behind these letters a number with a blank before it is rather another number: 15h 2020.
_UNITS = frozenset("hgmkđl")
_ACCOUNT_DIGITS = range(8, 21)
_HOURS = 24
_LONGEST_PLATE = 10
_MOST_GROUPS = 6
_LONGEST_GROUP = 9
_MOST_SPELLINGS = 12


def grouped_numbers(text: str) -> list[GroupedNumber]:
    """The numbers of a query that have other typings, in order, not overlapping."""
    found: list[GroupedNumber] = []
    taken: set[int] = set()
    for each in (*_phones(text), *_hotlines(text), *_plates(text), *_others(text)):
        span = set(range(each.start, each.end))
        if not span & taken:
            taken |= span
            found.append(each)
    return sorted(found, key=lambda each: each.start)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _phones(text: str) -> Iterator[GroupedNumber]:
    for match in _PHONE.finditer(text):
        digits = _digits(match[0])
        if match["foreign"] is not None:
            digits = "0" + digits.removeprefix("84").removeprefix("0")
        start = match.start() + (match[0][0] == "(")
        yield GroupedNumber(start, match.end(), (digits, f"84{digits[1:]}"), certain=True)


def _hotlines(text: str) -> Iterator[GroupedNumber]:
    for match in _HOTLINE.finditer(text):
        # 1900-1945 are years.
        if match[0].isdecimal() or _YEAR.fullmatch(match["rest"]) is None:
            yield GroupedNumber(*match.span(), (_digits(match[0]),), certain=True)


def _plates(text: str) -> Iterator[GroupedNumber]:
    for match in _PLATE.finditer(text):
        head, gap, tail = match["head"], match["gap"], match["tail"]
        may_be_unit = head[2:].lower() in _UNITS and not re.search("[.-]", gap + tail)
        no_hour = head[2:].lower() == "h" and int(head[:2]) > _HOURS
        is_unit = may_be_unit and tail[0] != "0" and not no_hour
        if not (is_unit and (gap or len(tail) < len("12345"))):
            key = re.sub(r"\W", "", head + tail).lower()
            yield GroupedNumber(*match.span(), (key,), certain=True)


def _others(text: str) -> Iterator[GroupedNumber]:
    """Sums, accounts and numbers of books, grouped or not."""
    for match in _GROUPS.finditer(text):
        groups = re.findall(r"\d+", match[0])
        digits = "".join(groups)
        blanks = not re.search(r"[.-]", match[0])
        if all(map(_YEAR.fullmatch, groups)) or re.fullmatch(
            r"\d{1,2}\D\d{1,2}(?:\D\d{4})?", match[0]
        ):
            continue
        in_thousands = _THOUSANDS.fullmatch(match[0]) and "-" not in match[0]
        zero = any(group[0] == "0" for group in groups[1:])
        if in_thousands and (zero or len(groups) > 2):
            certain = zero or not blanks
        elif len(groups) > 2 and len(digits) in _ACCOUNT_DIGITS:
            certain = not blanks or zero or any(len(group) > 3 for group in groups)
        else:
            continue
        yield GroupedNumber(*match.span(), (digits,), certain)
    for match in _ONE.finditer(text):
        digits = _digits(match[0])
        if len(digits) > 4 or digits.endswith("000"):
            yield GroupedNumber(*match.span(), (digits,), certain=True)


def spellings(lexicon: Lexicon, number: GroupedNumber) -> tuple[tuple[str, ...], ...]:
    """The groupings in which the archive has a number, as exact keys of neighbouring tokens."""
    found: list[tuple[str, ...]] = []
    for key in number.keys:
        if lexicon.variants(key):
            found.append((key,))
        if key.isdecimal():
            found += _groupings(lexicon, key)
        else:
            found += _plate_groupings(lexicon, key)
    return tuple(found[:_MOST_SPELLINGS])


def _groupings(lexicon: Lexicon, digits: str) -> Iterator[tuple[str, ...]]:
    for groups in _followed(lexicon, (), digits):
        if len(groups) > 1 and _is_one_number(groups, digits):
            yield tuple(map(_key, groups))


def _key(group: str) -> str:
    return number_key(group) or group


def _followed(lexicon: Lexicon, before: tuple[str, ...], rest: str) -> Iterator[tuple[str, ...]]:
    """Divisions of the digits into groups of which every two are neighbours in the archive."""
    if not rest:
        yield before
        return
    if len(before) == _MOST_GROUPS:
        return
    for size in range(1, min(len(rest), _LONGEST_GROUP) + 1):
        group = rest[:size]
        known = (
            lexicon.pair_counts(_key(before[-1]), _key(group))
            if before
            else size < len(rest) and lexicon.variants(_key(group))
        )
        if known:
            yield from _followed(lexicon, (*before, group), rest[size:])


def _is_one_number(groups: tuple[str, ...], digits: str) -> bool:
    """Whether neighbouring numbers of a text are rather one number than several."""
    if all(map(_YEAR.fullmatch, groups)):
        return False
    if digits[0] == "0" or (digits[:2] == "84" and len(digits) in (11, 12)):
        return len(digits) >= 9 and len(groups[0]) > 1
    if digits[:4] in ("1900", "1800") and len(digits) in (8, 10) and groups[0] == digits[:4]:
        return _YEAR.fullmatch("".join(groups[1:])) is None
    if len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]):
        return len(groups) > 2 or groups[1][0] == "0"
    return len(groups) > 2 and len(digits) in _ACCOUNT_DIGITS


def _plate_groupings(lexicon: Lexicon, key: str) -> Iterator[tuple[str, ...]]:
    """29A 123.45 and 29-A1 123.45 of 29a12345 and 29a112345."""
    if len(key) > _LONGEST_PLATE:
        return
    for size in (4, 5):
        head, tail = key[:-size], key[-size:]
        if not tail.isdecimal() or not re.fullmatch(r"\d\d[^\W\d]{1,2}\d?", head):
            continue
        tails = (tail,) if size == 4 else (tail, f"{tail[:3]}.{tail[3:]}")
        for last in tails:
            for heads in ((head,), (head[:2], head[2:])):
                if lexicon.pair_counts(fold(heads[-1]), last):
                    yield (*heads, last)
