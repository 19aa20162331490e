"""What clauses add to the score of every document, kept ready in the cache."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..plan import PairSet, ScoredQuery, ScoringClause, TermSet
from ..ranking import idf
from ..segments.array_file import Array
from .budget import out_of_time
from .clause_groups import ClauseGroup, clause_groups
from .phrases import phrase_weights
from .snapshot import Snapshot
from .term_sets import Weights, pair_weights, term_weights

#: From this share of all documents on, contributions are rows: added faster, but larger than lists
#: up to a half.
DENSE_SHARE = 1 / 4


@dataclass(frozen=True, slots=True)
class Contribution:
    """Addends (f4) to the scores of live documents.

    Few of them are parallel `documents` (i4, rising) and `values`; many are a `row` with a value
    for every document number, and the others are empty.
    """

    documents: Array
    values: Array
    row: Array | None

    @property
    def nbytes(self) -> int:
        """Memory of the arrays and their keys, roughly."""
        row = 0 if self.row is None else self.row.nbytes
        return int(self.documents.nbytes + self.values.nbytes + row + 600)

    def add_to(self, scores: Array) -> None:
        """Add everything to (size,) scores."""
        if self.row is not None:
            scores += self.row
        else:
            np.add.at(scores, self.documents, self.values)


def weights_of(snapshot: Snapshot, scored: ScoredQuery) -> Weights:
    """The weights of any kind of clause."""
    if isinstance(scored, TermSet):
        return term_weights(snapshot, scored)
    if isinstance(scored, PairSet):
        return pair_weights(snapshot, scored)
    return phrase_weights(snapshot, scored)


def contributions(snapshot: Snapshot, clauses: Sequence[ScoringClause]) -> Iterator[Contribution]:
    """One contribution for each run of clauses about the same span, while time suffices."""
    clauses = tuple(clauses)
    for span in snapshot.clause_groups.get(clauses, lambda: clause_groups(clauses)):
        if out_of_time():
            return
        yield snapshot.cache.get(span, Contribution, partial(_make, snapshot, span))


def _make(snapshot: Snapshot, span: ClauseGroup) -> Contribution:
    found = []
    for what, weight in span.weighted:
        weights = weights_of(snapshot, what)
        if weights.document_frequency:
            value = weight * idf(snapshot.document_count, weights.document_frequency)
            found.append((weights, np.float32(value)))
        # Their values stay in the contribution: twice in the cache they would crowd out others.
        snapshot.cache.discard(what)
    if len(found) == 1 and found[0][0].row is None:
        ((weights, factor),) = found
        return Contribution(weights.documents, factor * weights.values, None)
    row = np.zeros(snapshot.size, np.float32)
    for weights, factor in found:
        if weights.row is not None:
            row += factor * weights.row
        else:
            np.add.at(row, weights.documents, factor * weights.values)
    documents = np.flatnonzero(row > 0)
    if len(documents) > DENSE_SHARE * snapshot.size:
        return Contribution(np.zeros(0, np.int32), np.zeros(0, np.float32), row)
    return Contribution(documents.astype(np.int32), row[documents], None)
