"""Assertions: what must hold for single queries, whatever the measures say."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final, TypeAlias

from analyzers import analyze

from ..model import MAX_QUERY_LENGTH, MAX_RESULT_DEPTH, SearchEngine, SearchPage, SearchRequest
from .input_files import EvaluationInputError, InputEntry, numbered_lines, read_mappings

SUGGESTION_KINDS: Final = ("restore_accents", "telex", "vni", "split", "exact")
_TOP_DEPTH: Final = 100
_ABOVE_DEPTH: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Whether a check passed, and what it looked at; the rest is empty."""

    passed: bool
    absent: str = ""
    """The id of an article of the check that the index lacks."""
    ranks: tuple[int | None, ...] = ()
    """Of the articles of the check, from 1; None where one was not found."""
    total: int = 0
    readings: tuple[str, ...] = ()
    """What the query was read as, or could be."""


@dataclass(frozen=True, slots=True)
class TopCheck:
    """An article is among the first hits."""

    doc_id: str
    within: int

    @property
    def depth(self) -> int:
        return max(self.within, _TOP_DEPTH)

    @property
    def articles(self) -> tuple[str, ...]:
        return (self.doc_id,)

    def judge(self, page: SearchPage) -> Finding:
        rank = _rank(page, self.doc_id)
        return Finding(passed=rank is not None and rank <= self.within, ranks=(rank,))


@dataclass(frozen=True, slots=True)
class AboveCheck:
    """One article ranks above another, or is found where the other is not."""

    upper: str
    lower: str
    depth: int = _ABOVE_DEPTH

    @property
    def articles(self) -> tuple[str, ...]:
        return (self.upper, self.lower)

    def judge(self, page: SearchPage) -> Finding:
        upper, lower = _rank(page, self.upper), _rank(page, self.lower)
        above = upper is not None and (lower is None or upper < lower)
        return Finding(passed=above, ranks=(upper, lower))


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """There are so many hits, or more."""

    at_least: int
    depth: int = 1
    articles: tuple[str, ...] = ()

    def judge(self, page: SearchPage) -> Finding:
        return Finding(passed=page.total >= self.at_least, total=page.total)


@dataclass(frozen=True, slots=True)
class NoSuggestionCheck:
    """The query is neither read in another way nor is such a reading offered."""

    kind: str
    depth: int = 1
    articles: tuple[str, ...] = ()

    def judge(self, page: SearchPage) -> Finding:
        found = tuple(text for kind, text in _readings(page) if kind == self.kind)
        return Finding(passed=not found, readings=found)


@dataclass(frozen=True, slots=True)
class SuggestsCheck:
    """The query is read so, or that reading is offered; case and tone placement are free."""

    text: str
    depth: int = 1
    articles: tuple[str, ...] = ()

    def judge(self, page: SearchPage) -> Finding:
        found = tuple(text for _, text in _readings(page))
        return Finding(passed=_terms(self.text) in map(_terms, found), readings=found)


#: Something that a page of results must satisfy: `depth` is how many hits `judge` looks at,
#: `articles` the ids that must be in the index for it.
Check: TypeAlias = TopCheck | AboveCheck | TotalCheck | NoSuggestionCheck | SuggestsCheck


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
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether it holds."""
        return self.finding.passed


@dataclass(frozen=True, slots=True)
class Restoration:
    """A query without accents with its right reading."""

    query: str
    reading: str


@dataclass(frozen=True, slots=True)
class RestorationResult:
    """A restoration with what was offered."""

    restoration: Restoration
    finding: Finding


def read_assertions(path: Path) -> tuple[Assertion, ...]:
    """The assertions of a YAML file, a list of mappings with `query` and one check or more.

    Raises:
        EvaluationInputError: the file says something else, with the line where it does.
    """
    found = tuple(
        assertion for entries in read_mappings(path) for assertion in _assertions(path, entries)
    )
    if not found:
        raise EvaluationInputError(path, None, "it has no assertions")
    return found


def read_restorations(path: Path) -> tuple[Restoration, ...]:
    """The restorations of a file with lines `query<TAB>reading`.

    Raises:
        EvaluationInputError: a line is something else, or a query is there twice.
    """
    found: dict[str, Restoration] = {}
    for number, line in numbered_lines(path):
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != 2 or not all(cells):
            reason = "expected a query and its reading with a tab between"
            raise EvaluationInputError(path, number, reason)
        if cells[0] in found:
            raise EvaluationInputError(path, number, f"{cells[0]!r} is there twice")
        found[cells[0]] = Restoration(*cells)
    if not found:
        raise EvaluationInputError(path, None, "it has no queries")
    return tuple(found.values())


def judge_assertions(
    engine: SearchEngine, assertions: Iterable[Assertion]
) -> tuple[AssertionResult, ...]:
    """Every assertion with what the engine answers, in the order given."""
    results = []
    for item in assertions:
        start = perf_counter()
        finding = _finding(engine, item)
        results.append(AssertionResult(item, finding, perf_counter() - start))
    return tuple(results)


def judge_restorations(
    engine: SearchEngine, restorations: Iterable[Restoration]
) -> tuple[RestorationResult, ...]:
    """Every restoration with what the engine offers, in the order given."""
    results = []
    for restoration in restorations:
        page = engine.search(SearchRequest(query=restoration.query, limit=1))
        finding = SuggestsCheck(restoration.reading).judge(page)
        results.append(RestorationResult(restoration, finding))
    return tuple(results)


def _readings(page: SearchPage) -> list[tuple[str, str]]:
    """(kind, text) of the readings that the page offers or has applied."""
    offered = [(suggestion.kind, suggestion.text) for suggestion in page.suggestions]
    applied = [(r.kind, r.target) for r in page.query.rewrites if r.source != r.target]
    return list(dict.fromkeys(offered + applied))


def _rank(page: SearchPage, doc_id: str) -> int | None:
    return next((rank for rank, hit in enumerate(page.hits, 1) if hit.id == doc_id), None)


def _terms(text: str) -> list[str]:
    return [token.exact for token in analyze(text)]


def _finding(engine: SearchEngine, assertion: Assertion) -> Finding:
    check = assertion.check
    # A mistyped id would otherwise rank below everything, and pass.
    for doc_id in check.articles:
        if engine.get(doc_id) is None:
            return Finding(passed=False, absent=doc_id)
    return check.judge(engine.search(SearchRequest(query=assertion.query, limit=check.depth)))


def _assertions(path: Path, entries: Sequence[InputEntry]) -> Iterator[Assertion]:
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
