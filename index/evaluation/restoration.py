"""Queries typed without accents, and the reading that should be offered for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..model import SearchEngine, SearchRequest
from .checks import Finding, SuggestsCheck
from .errors import EvaluationInputError
from .lines import numbered_lines


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
    return tuple(found.values())


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
