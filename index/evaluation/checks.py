"""What a page of results can be checked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from analyzers import analyze

from ..model import SearchPage

SUGGESTION_KINDS: Final = ("restore_accents", "telex", "vni", "split", "exact")
_TOP_DEPTH: Final = 100
_ABOVE_DEPTH: Final = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a check passed, and what there was."""

    passed: bool
    got: str


class Check(Protocol):
    """Something that a page of results must satisfy.

    `depth` is how many hits it looks at, `articles` the ids that must be in the index for it.
    """

    @property
    def depth(self) -> int: ...

    @property
    def articles(self) -> tuple[str, ...]: ...

    @property
    def expected(self) -> str: ...

    def judge(self, page: SearchPage) -> Finding: ...


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

    @property
    def expected(self) -> str:
        return f"{self.doc_id} trong {self.within} bài đầu"

    def judge(self, page: SearchPage) -> Finding:
        rank = _rank(page, self.doc_id)
        return Finding(rank is not None and rank <= self.within, _rank_text(rank))


@dataclass(frozen=True, slots=True)
class AboveCheck:
    """One article ranks above another, or is found where the other is not."""

    upper: str
    lower: str
    depth: int = _ABOVE_DEPTH

    @property
    def articles(self) -> tuple[str, ...]:
        return (self.upper, self.lower)

    @property
    def expected(self) -> str:
        return f"{self.upper} trên {self.lower}"

    def judge(self, page: SearchPage) -> Finding:
        upper, lower = _rank(page, self.upper), _rank(page, self.lower)
        above = upper is not None and (lower is None or upper < lower)
        got = f"{self.upper}: {_rank_text(upper)}, {self.lower}: {_rank_text(lower)}"
        return Finding(above, got)


@dataclass(frozen=True, slots=True)
class TotalCheck:
    """There are so many hits, or more."""

    at_least: int
    depth: int = 1
    articles: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        return f"tổng ≥ {self.at_least}"

    def judge(self, page: SearchPage) -> Finding:
        return Finding(page.total >= self.at_least, f"tổng {page.total}")


@dataclass(frozen=True, slots=True)
class NoSuggestionCheck:
    """The query is neither read in another way nor is such a reading offered."""

    kind: str
    depth: int = 1
    articles: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        return f"không gợi ý {self.kind}"

    def judge(self, page: SearchPage) -> Finding:
        found = [text for kind, text in _readings(page) if kind == self.kind]
        return Finding(not found, _quoted(found))


@dataclass(frozen=True, slots=True)
class SuggestsCheck:
    """The query is read so, or that reading is offered; case and tone placement are free."""

    text: str
    depth: int = 1
    articles: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        return f"gợi ý “{self.text}”"

    def judge(self, page: SearchPage) -> Finding:
        found = [text for _, text in _readings(page)]
        return Finding(_terms(self.text) in map(_terms, found), _quoted(found))


def _readings(page: SearchPage) -> list[tuple[str, str]]:
    """(kind, text) of the readings that the page offers or has applied."""
    offered = [(suggestion.kind, suggestion.text) for suggestion in page.suggestions]
    applied = [(r.kind, r.target) for r in page.query.rewrites if r.source != r.target]
    return list(dict.fromkeys(offered + applied))


def _rank(page: SearchPage, doc_id: str) -> int | None:
    return next((rank for rank, hit in enumerate(page.hits, 1) if hit.id == doc_id), None)


def _rank_text(rank: int | None) -> str:
    return "không thấy" if rank is None else f"hạng {rank}"


def _quoted(texts: Sequence[str]) -> str:
    return "gợi ý " + ", ".join(f"“{text}”" for text in texts) if texts else "không gợi ý gì"


def _terms(text: str) -> list[str]:
    return [token.exact for token in analyze(text)]
