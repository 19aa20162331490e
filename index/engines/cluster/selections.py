"""Sets of documents as matches: nothing is asked of the cluster before it has to be."""

from dataclasses import dataclass

from ...plan import And, Or, Query


@dataclass(frozen=True, slots=True)
class Selection:
    """The documents that match."""

    match: Query

    def __and__(self, other: "Selection") -> "Selection":
        return Selection(And((self.match, other.match)))

    def __or__(self, other: "Selection") -> "Selection":
        return Selection(Or((self.match, other.match)))
