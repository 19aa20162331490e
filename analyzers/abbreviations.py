"""Abbreviations and their long forms: a reviewed list, asked at query time in both directions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from .chains import analyze
from .normalize import fold
from .spelling import compatible
from .tokens import Token

_TABLE = "data/abbreviations.tsv"

_Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AbbreviationMatch:
    """Tokens `first` to `last` (exclusive) and what else may stand for them.

    `members` are the other forms as sequences of exact keys, `spellings` the same as people write
    them; `written` is the spelling of the form that was met.
    """

    first: int
    last: int
    written: str
    members: tuple[_Keys, ...]
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    written: str
    keys: _Keys
    group: int
    is_long: bool
    found_only: bool
    asks_only: bool


@dataclass(frozen=True, slots=True)
class _Abbreviations:
    groups: tuple[tuple[_Form, ...], ...]
    by_first: dict[str, tuple[_Form, ...]]
    """Folded first key -> the forms that begin with it and may ask, longest first."""


def find_abbreviations(tokens: Sequence[Token]) -> list[AbbreviationMatch]:
    """The known short and long forms among the tokens of `analyze`, left to right, longest first.

    A token may lack accents (hdnd is HĐND); accents that are there must be right.
    """
    table = _abbreviations()
    matches: list[AbbreviationMatch] = []
    at = 0
    while at < len(tokens):
        form = _form_at(table, tokens, at)
        if form is None:
            at += 1
            continue
        others = [other for other in table.groups[form.group] if _stands_for(other, form)]
        matches.append(
            AbbreviationMatch(
                first=at,
                last=at + len(form.keys),
                written=form.written,
                members=tuple(other.keys for other in others),
                spellings=tuple(other.written for other in others),
            )
        )
        at += len(form.keys)
    return matches


def _form_at(table: _Abbreviations, tokens: Sequence[Token], at: int) -> _Form | None:
    for form in table.by_first.get(tokens[at].folded, ()):
        typed = tokens[at : at + len(form.keys)]
        if len(typed) == len(form.keys) and all(
            compatible(token.exact, key) for token, key in zip(typed, form.keys, strict=True)
        ):
            return form
    return None


def _stands_for(other: _Form, form: _Form) -> bool:
    # "trung ương" would gain nothing but noise from every "tư"; T.Ư and TW are rare enough.
    return other != form and not other.asks_only and not (other.found_only and form.is_long)


@cache
def _abbreviations() -> _Abbreviations:
    groups = tuple(_read_groups())
    by_first: defaultdict[str, list[_Form]] = defaultdict(list)
    for form in (form for group in groups for form in group if not form.found_only):
        by_first[fold(form.keys[0])].append(form)
    longest_first = {
        first: tuple(sorted(forms, key=lambda form: -len(form.keys)))
        for first, forms in by_first.items()
    }
    return _Abbreviations(groups, longest_first)


def _read_groups() -> Iterator[tuple[_Form, ...]]:
    text = resources.files("analyzers").joinpath(_TABLE).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    for group, line in enumerate(lines):
        yield tuple(
            _Form(
                written=cell.strip("()>"),
                keys=tuple(token.exact for token in analyze(cell)),
                group=group,
                is_long=column == 0,
                found_only=cell.startswith("("),
                asks_only=cell.startswith(">"),
            )
            for column, cell in enumerate(line.split("\t"))
        )
