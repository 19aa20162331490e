"""A snapshot as query reading and searching ask it: sets of documents are masks."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..archive import Found, HitRange
from ..engines.base import FacetValue, SearchRequest
from ..facets import facet_counts
from ..query.plan import Match
from ..ranking import RankingConstants
from ..segments.array_file import Array
from ..stored import load_article
from .matching import match_mask
from .selection import best, score_row
from .snapshot import Snapshot


class SnapshotArchive:
    """One generation of the embedded engine."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @property
    def generation(self) -> int:
        """Its number."""
        return self._snapshot.generation

    @property
    def constants(self) -> RankingConstants:
        """What its ranking is computed with."""
        return self._snapshot.constants

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""
        return self._snapshot.keyword(column).labels

    def matching(self, match: Match) -> Array:
        """One bool a document number."""
        return match_mask(self._snapshot, match)

    def both(self, first: Array, second: Array) -> Array:
        """The documents in both masks."""
        return np.asarray(first & second)

    def either(self, first: Array, second: Array) -> Array:
        """The documents in any of the masks."""
        return np.asarray(first | second)

    def count(self, docs: Array) -> int:
        """How many documents a mask has."""
        return int(np.count_nonzero(docs))

    def hits(self, wanted: HitRange[Array]) -> Sequence[Found]:
        """The articles of a range, in its order."""
        scores = score_row(self._snapshot, wanted.evidence)
        docs = best(
            self._snapshot,
            wanted.docs,
            scores,
            wanted.order,
            wanted.offset + wanted.limit,
            preferred=wanted.preferred,
        )
        return [
            Found(load_article(self._snapshot.stored(doc)), float(scores[doc]))
            for doc in docs[wanted.offset :]
        ]

    def facets(
        self, matched: Array, request: SearchRequest
    ) -> Mapping[str, tuple[FacetValue, ...]]:
        """For each facet asked for its values, as they would be without its own filter."""
        return facet_counts(self._snapshot, matched, request)
