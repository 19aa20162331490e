"""Evidence by the stretch of the query that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ..plan import Evidence, Scored


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is said of one stretch of a query: evidence and its weights, kept together."""

    weighted: tuple[tuple[Scored, float], ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.weighted))

    def __hash__(self) -> int:
        return self._hash


def stretches_of(evidence: Sequence[Evidence]) -> tuple[Stretch, ...]:
    """Each run of evidence about one stretch, in order; what names none stands alone."""
    return tuple(
        Stretch(tuple((item.what, item.weight) for _, item in run))
        for _, run in groupby(enumerate(evidence), _stretch_of)
    )


def _stretch_of(numbered: tuple[int, Evidence]) -> tuple[int, int] | int:
    number, item = numbered
    return number if item.stretch is None else item.stretch
