"""A snapshot as query reading and searching ask it: sets of documents are masks."""

from collections.abc import Mapping, Sequence

import numpy as np

from ..backend import Found, HitRange
from ..model import FacetValue, SearchRequest, SortOrder
from ..plan import Query, ScoringClause, TermSet
from ..query.feedback import FEEDBACK_DOCS, FeedbackStats
from ..ranking import RankingConstants
from ..retrieval.boolean import match_mask
from ..retrieval.doc_scores import doc_scores, score_row
from ..retrieval.snapshot import Snapshot
from ..retrieval.top_k import best
from ..segments.array_file import Array
from .facets import facet_counts

#: Near copies of a hit that come with it.
_COPIES_SHOWN = 10


class SnapshotArchive:
    """One generation of the embedded engine."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.generation = snapshot.generation

    @property
    def constants(self) -> RankingConstants:
        """What its ranking is computed with."""
        return self._snapshot.constants

    def labels(self, column: str) -> list[str]:
        """Every label of a keyword column, sorted by code points."""
        return self._snapshot.keyword(column).labels

    def matching(self, match: Query) -> Array:
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

    def duplicate_count(self, docs: Array) -> int:
        """How many documents of a mask are near copies of others in it, one of each left out."""
        return self._snapshot.duplicates.restrict(docs).duplicate_count

    def hits(self, wanted: HitRange[Array]) -> Sequence[Found]:
        """The articles of a range, in its order."""
        scores = score_row(self._snapshot, wanted.clauses)
        if wanted.recency is not None:
            scores *= self._snapshot.recency_factors(wanted.recency)
        mask = wanted.docs
        copies: dict[int, list[int]] = {}
        if wanted.collapse:
            mask, copies = self._collapsed(wanted, scores)
        count = wanted.offset + wanted.limit
        docs = best(self._snapshot, mask, scores, wanted.order, count, pinned=wanted.pinned)
        return [
            Found(
                self._snapshot.article(doc),
                float(scores[doc]),
                tuple(map(self._snapshot.article, copies.get(doc, [])[:_COPIES_SHOWN])),
                len(copies.get(doc, [])),
            )
            for doc in docs[wanted.offset :]
        ]

    def feedback_stats(
        self, docs: Array, clauses: tuple[ScoringClause, ...], asked: Sequence[TermSet]
    ) -> FeedbackStats | None:
        """Which of the best documents of a mask hold which of the terms; None if it is empty."""
        snapshot = self._snapshot
        scores = score_row(snapshot, clauses)
        feedback_docs = np.array(
            best(snapshot, docs, scores, SortOrder.RELEVANCE, FEEDBACK_DOCS), np.intp
        )
        if not len(feedback_docs) or scores[feedback_docs[0]] <= 0:
            return None
        found = [doc_scores(snapshot, terms) for terms in asked]
        return FeedbackStats(
            scores[feedback_docs],
            np.stack([each.contains(feedback_docs) for each in found], axis=1),
            np.array([each.df for each in found]) / snapshot.document_count,
        )

    def _collapsed(
        self, wanted: HitRange[Array], scores: Array
    ) -> tuple[Array, dict[int, list[int]]]:
        """The first document of each group of near copies, all others; the copies of the first."""
        found = self._snapshot.duplicates.restrict(wanted.docs)
        group_of = found.group_of()
        mask = np.zeros_like(wanted.docs)
        mask[found.docs] = True
        by_group: dict[int, list[int]] = {}
        order, count = wanted.order, len(group_of)
        for doc in best(self._snapshot, mask, scores, order, count, pinned=wanted.pinned):
            by_group.setdefault(group_of[doc], []).append(doc)
        mask = wanted.docs.copy()
        for docs in by_group.values():
            mask[docs[1:]] = False
        return mask, {docs[0]: docs[1:] for docs in by_group.values()}

    def facets(
        self, matched: Array, request: SearchRequest
    ) -> Mapping[str, tuple[FacetValue, ...]]:
        """For each facet asked for its values, as they would be without its own filter."""
        return facet_counts(self._snapshot, matched, request)
