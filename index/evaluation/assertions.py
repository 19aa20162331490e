"""Assertions: what must hold for single queries, whatever the measures say."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..model import MAX_QUERY_LENGTH, MAX_RESULT_DEPTH, SearchEngine, SearchRequest
from .checks import (
    SUGGESTION_KINDS,
    AboveCheck,
    Check,
    Finding,
    NoSuggestionCheck,
    SuggestsCheck,
    TopCheck,
    TotalCheck,
)
from .errors import EvaluationInputError
from .yaml_file import Entry, read_mappings


@dataclass(frozen=True, slots=True)
class Assertion:
    """A check of one query; `line` is where the file states it."""

    query: str
    check: Check
    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class AssertionResult:
    """An assertion with what was found."""

    assertion: Assertion
    finding: Finding

    @property
    def passed(self) -> bool:
        """Whether it holds."""
        return self.finding.passed


def read_assertions(path: Path) -> tuple[Assertion, ...]:
    """The assertions of a YAML file, a list of mappings with `query` and one check or more.

    Raises:
        EvaluationInputError: the file says something else, with the line where it does.
    """
    return tuple(
        assertion for entries in read_mappings(path) for assertion in _assertions(path, entries)
    )


def judge_assertions(
    engine: SearchEngine, assertions: Iterable[Assertion]
) -> tuple[AssertionResult, ...]:
    """Every assertion with what the engine answers, in the order given."""
    return tuple(AssertionResult(item, _finding(engine, item)) for item in assertions)


def _finding(engine: SearchEngine, assertion: Assertion) -> Finding:
    check = assertion.check
    # A mistyped id would otherwise rank below everything, and pass.
    for doc_id in check.articles:
        if engine.get(doc_id) is None:
            return Finding(False, f"chỉ mục không có bài {doc_id}")
    return check.judge(engine.search(SearchRequest(query=assertion.query, limit=check.depth)))


def _assertions(path: Path, entries: Sequence[Entry]) -> Iterator[Assertion]:
    queries = [entry.read(_query) for entry in entries if entry.key == "query"]
    checks = [entry for entry in entries if entry.key != "query"]
    line = entries[0].line if entries else None
    if not queries or not checks:
        raise EvaluationInputError(path, line, f"expected a `query` and one of {_KNOWN}")
    for entry in checks:
        if entry.key not in _READERS:
            reason = f"{entry.key} is not a check; there are {_KNOWN}"
            raise EvaluationInputError(path, entry.line, reason)
        yield Assertion(queries[0], entry.read(_READERS[entry.key]), path, entry.line)


def _query(value: object) -> str:
    query = _text(value)
    if len(query) > MAX_QUERY_LENGTH:
        raise ValueError(f"more than {MAX_QUERY_LENGTH} characters")
    return query


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'{value!r} is not text; put it in quotes ("…")')
    return value.strip()


def _count(value: object, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ValueError(f"{value!r} is not a whole number from 1 to {most}")
    return value


def _top(value: object) -> Check:
    if not isinstance(value, dict) or set(value) != {"id", "within"}:
        raise ValueError("expected {id: ARTICLE, within: NUMBER}")
    return TopCheck(_text(value["id"]), _count(value["within"], MAX_RESULT_DEPTH))


def _above(value: object) -> Check:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("expected [UPPER ARTICLE, LOWER ARTICLE]")
    upper, lower = map(_text, value)
    if upper == lower:
        raise ValueError("expected two different articles")
    return AboveCheck(upper, lower)


def _no_suggestion(value: object) -> Check:
    if value not in SUGGESTION_KINDS:
        raise ValueError(f"{value!r} is none of {', '.join(SUGGESTION_KINDS)}")
    return NoSuggestionCheck(str(value))


_READERS: Final[Mapping[str, Callable[[object], Check]]] = {
    "top": _top,
    "above": _above,
    "total_at_least": lambda value: TotalCheck(_count(value, 10**9)),
    "no_suggestion": _no_suggestion,
    "suggests": lambda value: SuggestsCheck(_text(value)),
}
_KNOWN: Final = ", ".join(_READERS)
