"""Other ways to write parts of a query: what is one word to readers is found in all its forms."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from analyzers import (
    Token,
    TokenKind,
    compatible,
    find_abbreviations,
    fold,
    index_tokens,
    is_syllable,
    joined_key,
)

from .dates import date_phrases, day_targets
from .grouped_numbers import GroupedNumber, grouped_numbers, spellings
from .lexicon import Lexicon

#: The kind of an expansion without other spellings: its tokens must stand in a row.
SOLID = "solid"
#: Typings of one thing: nothing was added that would have to be named.
SAME_THING = frozenset({SOLID, "number", "code", "date"})

_LETTERS_THEN_DIGITS = re.compile(r"([^\W\d_]{2,})(\d+)")
_GLUED_NUMBERS = re.compile(r"\d{1,2}-\d{1,2}|\d+(?:/\d+)+")
#: The number of a law or an office, with blanks or without: 15/2020 NĐ-CP, 36 - NQ/TW.
_DOCUMENT_NUMBER = re.compile(
    r"(?<![\w/.-])\d{1,5}\s?[/-]\s?(?:(?:19|20)\d\d\s?[/ -]\s?)?"
    r"(?:NĐ|ND|QĐ|QD|TT|TTLT|NQ|CT|CĐ|CV|KH|TB|TTr|VBHN|PL|QH\d+|UBTVQH\d*)"
    r"(?:\s?[-/]\s?[^\W\d_]+\d*|(?:CP|TTg|TW|BCT|HĐND|UBND|B[A-ZĐ]+))*(?![\w/])",
    re.IGNORECASE,
)
#: So many letters may be the initials of somebody.
_INITIALS = range(2, 4)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MIN_HOST = 4
_HOSTS = 5
_Spelling: TypeAlias = tuple[str, ...]
#: Joined forms of a text by where they start and end.
_Stacked: TypeAlias = Mapping[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Expansion:
    """Another way to write a span of the query; `kind` names the rule."""

    kind: str
    first: int
    last: int
    written: str
    targets: tuple[_Spelling, ...]
    shown: str
    whole: bool = False
    """Whether its tokens are one thing: as typed they must stand in a row."""
    required: bool = False
    """Whether an article without it is no hit, however many other words it has."""


def expansions(lexicon: Lexicon, text: str, tokens: Sequence[Token]) -> list[Expansion]:
    """The other ways to write parts of the query, not overlapping, in order."""
    stacked = _stacked(text)
    return _apart_from_each_other(
        [
            *_same_thing(lexicon, text, tokens, stacked),
            *_abbreviations(tokens),
            *_joined(lexicon, text, tokens, stacked),
            *_apart(lexicon, tokens),
            *_hosts(lexicon, tokens),
        ]
    )


def typings(lexicon: Lexicon, text: str, tokens: Sequence[Token]) -> list[Expansion]:
    """The other ways to type the same, which a phrase finds too: other points, hyphens, groups."""
    stacked = _stacked(text)
    return _apart_from_each_other(
        [
            *_same_thing(lexicon, text, tokens, stacked, in_phrase=True),
            *_same_letters(tokens),
            *_joined(lexicon, text, tokens, stacked),
            *_apart(lexicon, tokens),
        ]
    )


def _apart_from_each_other(found: Iterable[Expansion]) -> list[Expansion]:
    kept: list[Expansion] = []
    taken: set[int] = set()
    for expansion in found:
        span = set(range(expansion.first, expansion.last))
        if not span & taken:
            taken |= span
            kept.append(expansion)
    return sorted(kept, key=lambda expansion: expansion.first)


def _same_thing(
    lexicon: Lexicon,
    text: str,
    tokens: Sequence[Token],
    stacked: _Stacked,
    *,
    in_phrase: bool = False,
) -> Iterator[Expansion]:
    if any(map(str.isdecimal, text)):
        yield from _documents(lexicon, text, tokens)
        for number in grouped_numbers(text):
            yield from _number(lexicon, text, tokens, number)
    yield from _dates(text, tokens, in_phrase=in_phrase)
    yield from _codes(lexicon, text, tokens)
    yield from _solid(text, tokens, stacked)


def _span(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int] | None:
    """The tokens that lie from one code point to another, if they fill the span."""
    inside = [i for i, t in enumerate(tokens) if t.start < end and t.end > start]
    if not inside or tokens[inside[0]].start < start or tokens[inside[-1]].end > end:
        return None
    return inside[0], inside[-1] + 1


def _number(
    lexicon: Lexicon, text: str, tokens: Sequence[Token], number: GroupedNumber
) -> Iterator[Expansion]:
    span = _span(tokens, number.start, number.end)
    if span is None or any(
        tokens[i].kind in (TokenKind.DATE, TokenKind.FRACTION) for i in range(*span)
    ):
        return
    written = text[number.start : number.end]
    targets = spellings(lexicon, number)
    typed = tuple(token.exact for token in tokens[slice(*span)])
    others = tuple(target for target in targets if target != typed)
    if others or len(typed) > 1:
        key = number.keys[0]
        required = number.certain and len(key) >= len("19001234")
        yield Expansion(
            "number", *span, written, others, key, whole=number.certain, required=required
        )


def _documents(lexicon: Lexicon, text: str, tokens: Sequence[Token]) -> Iterator[Expansion]:
    """The numbers of laws: whole or not at all, NĐ-CP as NĐCP."""
    for match in _DOCUMENT_NUMBER.finditer(text):
        span = _span(tokens, *match.span())
        if span is None or span[1] - span[0] < 2:
            continue
        numbers = [t.exact for t in tokens[slice(*span)] if t.kind is TokenKind.NUMBER]
        letters = [t for t in tokens[slice(*span)] if t.kind is not TokenKind.NUMBER]
        if not letters or not numbers:
            continue
        targets = tuple((*numbers, *rest) for rest in _letter_typings(lexicon, letters))
        yield Expansion(SOLID, *span, match[0], targets, match[0], whole=True, required=True)


def near_documents(lexicon: Lexicon, text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """The query with the number of a law that differs in a digit or the year, as the archive has
    it beside what follows the number."""
    for expansion in _apart_from_each_other(
        [*_documents(lexicon, text, tokens), *_solid(text, tokens, {})]
    ):
        span = tokens[expansion.first : expansion.last]
        if not expansion.required or span[0].kind is not TokenKind.NUMBER or len(span) < 2:
            continue
        for place, token in enumerate(span[:2]):
            if token.kind is not TokenKind.NUMBER:
                continue
            others = _years_beside(token.exact) if place else _one_digit_away(token.exact)
            before, after = span[place - 1] if place else None, span[place + 1 : place + 2]
            for other in others:
                if (before is None or lexicon.pair_counts(before.folded, other)) and all(
                    lexicon.pair_counts(other, each.folded) for each in after
                ):
                    yield text[: token.start] + other + text[token.end :]


def _one_digit_away(number: str) -> list[str]:
    """Numbers with a digit more, less or other."""
    cuts = [(number[:at], number[at:]) for at in range(len(number) + 1)]
    digits = "0123456789"
    found = {head + digit + tail for head, tail in cuts for digit in digits}
    found |= {head + digit + tail[1:] for head, tail in cuts if tail for digit in digits}
    found |= {head + tail[1:] for head, tail in cuts if tail}
    return sorted(each for each in found - {number} if each and each[0] != "0")


def _years_beside(year: str) -> list[str]:
    if _YEAR.fullmatch(year) is None:
        return []
    return [str(int(year) + step) for step in (-1, 1, -2, 2)]


def _letter_typings(lexicon: Lexicon, letters: Sequence[Token]) -> Iterator[_Spelling]:
    """NĐ-CP as one word, and NĐCP as two, as far as the archive has them."""
    joined = "".join(token.exact for token in letters)
    if len(letters) > 1:
        for form in lexicon.written_variants(fold(joined)):
            if compatible(joined, form.text):
                yield (form.text,)
        return
    for cut in range(1, len(joined)):
        for pair, _ in lexicon.pair_counts(fold(joined[:cut]), fold(joined[cut:])):
            if compatible(joined, "".join(pair)):
                yield pair


def _dates(text: str, tokens: Sequence[Token], *, in_phrase: bool) -> Iterator[Expansion]:
    for phrase in date_phrases(text, tokens):
        first = phrase.day if in_phrase else phrase.first
        yield Expansion(
            "date", first, phrase.last, phrase.written, phrase.targets, phrase.shown, whole=True
        )
    if len(tokens) == len(text.split()) == 1 or (len(tokens) == 2 and " " not in text.strip()):
        # Alone, 2-9 and 30.4 may be a day.
        targets = day_targets(text.strip())
        if targets and not in_phrase:
            yield Expansion("date", 0, len(tokens), text, targets, text, whole=True)


def _codes(lexicon: Lexicon, text: str, tokens: Sequence[Token]) -> Iterator[Expansion]:
    """J.K. and JK as J K, where the archive has it so."""
    for index, token in enumerate(tokens):
        following = tokens[index + 1].folded if index + 1 < len(tokens) else ""
        if _is_initials(lexicon, token, following):
            letters = tuple(token.exact)
            if all(lexicon.pair_counts(fold(a), fold(b)) for a, b in pairwise(letters)):
                written = text[token.start : token.end]
                yield Expansion("code", index, index + 1, written, (letters,), written)


def _is_initials(lexicon: Lexicon, token: Token, following: str) -> bool:
    """Whether letters may stand apart: with points they do, without before the same name only.

    Of the blood group AB, A and B are others.
    """
    if token.kind is TokenKind.CODE:
        return token.exact.isalpha()
    short = token.kind is TokenKind.WORD and len(token.exact) in _INITIALS
    return (
        short
        and token.exact.isalpha()
        and not is_syllable(token.folded)
        and bool(following)
        and bool(lexicon.pair_counts(token.folded[-1], following))
    )


def _solid(text: str, tokens: Sequence[Token], stacked: _Stacked) -> Iterator[Expansion]:
    """What nothing but signs keeps apart: 30/2020/NĐ-CP, 2-1, 40/50, #ViecTuTe, 東京都."""
    first = 0
    for index in range(1, len(tokens) + 1):
        if index < len(tokens) and not re.search(
            r"\s", text[tokens[index - 1].end : tokens[index].start]
        ):
            continue
        written = text[tokens[first].start : tokens[index - 1].end]
        has_number = any(t.kind is TokenKind.NUMBER for t in tokens[first:index])
        is_document = "/" in written and index - first > 1 and has_number
        if is_document or _is_one_piece(text, tokens[first:index], written):
            is_law = is_document and any(t.kind is TokenKind.WORD for t in tokens[first:index])
            targets = tuple(
                (exact,)
                for (start, end), exact in stacked.items()
                if not is_document and start <= tokens[first].start and end == tokens[index - 1].end
            )
            yield Expansion(
                SOLID, first, index, written, targets, written, whole=True, required=is_law
            )
        first = index


def _stacked(text: str) -> _Stacked:
    return {
        (token.start, token.end): token.exact
        for token in index_tokens(text)
        if token.kind is TokenKind.JOINED
    }


def _is_one_piece(text: str, tokens: Sequence[Token], written: str) -> bool:
    if len(tokens) < 2:
        return False
    overlap = all(after.start < before.end for before, after in pairwise(tokens))
    is_tag = text[max(0, tokens[0].start - 1) : tokens[0].start] in ("#", "＃")
    return overlap or is_tag or _GLUED_NUMBERS.fullmatch(written) is not None


def _abbreviations(tokens: Sequence[Token]) -> Iterator[Expansion]:
    for match in find_abbreviations(tokens):
        shown = match.spellings[0] if match.spellings else match.written
        yield Expansion(
            "abbreviation", match.first, match.last, match.written, match.members, shown
        )


def _same_letters(tokens: Sequence[Token]) -> Iterator[Expansion]:
    """TPHCM as TP.HCM: the short form with other points, not its long form."""
    for match in find_abbreviations(tokens):
        letters = "".join(fold(token.exact) for token in tokens[match.first : match.last])
        same = tuple(keys for keys in match.members if fold("".join(keys)) == letters)
        if same:
            yield Expansion("code", match.first, match.last, match.written, same, match.written)


def _joined(
    lexicon: Lexicon, text: str, tokens: Sequence[Token], stacked: _Stacked
) -> Iterator[Expansion]:
    """Pu-tin as putin; covid 19 as covid19 where the archive writes it so."""
    for width in (4, 3, 2):
        for first in range(len(tokens) - width + 1):
            span = tokens[first : first + width]
            joined = stacked.get((span[0].start, span[-1].end))
            if joined is None:
                joined = _joined_in_archive(lexicon, span)
            if joined is not None:
                written = text[span[0].start : span[-1].end]
                yield Expansion("joined", first, first + width, written, ((joined,),), joined)


def _apart(lexicon: Lexicon, tokens: Sequence[Token]) -> Iterator[Expansion]:
    """covid19 as covid 19, where the archive has the parts."""
    for index, token in enumerate(tokens):
        split = _LETTERS_THEN_DIGITS.fullmatch(token.exact)
        parts = split.groups() if split else ()
        if parts and lexicon.pair_counts(*map(fold, parts)):
            yield Expansion("joined", index, index + 1, token.exact, (parts,), " ".join(parts))


def _hosts(lexicon: Lexicon, tokens: Sequence[Token]) -> Iterator[Expansion]:
    """chinhphu as chinhphu.vn."""
    for index, token in enumerate(tokens):
        if (
            token.kind is TokenKind.WORD
            and len(token.folded) >= _MIN_HOST
            and token.folded.isascii()
            and not is_syllable(token.folded)
        ):
            hosts = lexicon.folds_from(f"{token.folded}.", _HOSTS)
            targets = tuple((host,) for host in hosts)
            if targets:
                yield Expansion("joined", index, index + 1, token.exact, targets, " ".join(hosts))


def _joined_in_archive(lexicon: Lexicon, span: Sequence[Token]) -> str | None:
    joined = joined_key(span)
    folded = "".join(token.folded for token in span)
    if joined is None or is_syllable(joined) or not lexicon.count(joined, folded):
        return None
    return joined
