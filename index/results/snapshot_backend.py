"""A snapshot as query reading and searching ask it: sets of documents are masks."""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Literal

import numpy as np

from ..article import VIETNAM_TIME
from ..backend import Found, HitRange
from ..model import FacetValue, Filters, SearchRequest, SortOrder
from ..plan import Query, ScoredQuery, ScoringClause, TermSet
from ..query.feedback import FEEDBACK_DOCS, FeedbackStats
from ..query.label_match import DATE_UNITS, FACET_COLUMNS, filter_match
from ..ranking import RankingConstants, idf
from ..retrieval.budget import out_of_time
from ..retrieval.doc_scores import doc_scores, frequencies, match_mask, score_row
from ..retrieval.passages import HEAD, passage_factors
from ..retrieval.snapshot import Snapshot
from ..retrieval.top_k import best
from ..segments.array_file import Array
from ..segments.columns import NO_DATE

#: Near copies of a hit that come with it.
_COPIES_SHOWN = 10
_NO_FILTERS = Filters()


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
        """One bool a document number; deleted documents never match."""
        mask = match_mask(self._snapshot, match)
        mask &= self._snapshot.live
        return mask

    def both(self, first: Array, second: Array) -> Array:
        """The documents in both masks."""
        return np.asarray(first & second)

    def either(self, first: Array, second: Array) -> Array:
        """The documents in any of the masks."""
        return np.asarray(first | second)

    def count(self, docs: Array, *, collapse: bool = False) -> tuple[int, int]:
        """How many documents a mask has, and how many near copies of others are not counted."""
        collapsed = self._snapshot.duplicates.duplicate_count(docs) if collapse else 0
        return int(np.count_nonzero(docs)) - collapsed, collapsed

    def hits(self, wanted: HitRange[Array]) -> Sequence[Found]:
        """The articles of a range, in its order."""
        scores = score_row(self._snapshot, wanted.clauses, wanted.docs)
        if wanted.passages is not None:
            head, factors = self.lifts(wanted, scores)
            scores[head] *= factors
        if wanted.recency is not None:
            scores *= self._snapshot.recency_factors(wanted.recency)
        mask = wanted.docs
        copies: dict[int, list[int]] = {}
        if wanted.collapse:
            mask, copies = self._collapsed(wanted, scores)
        count = wanted.offset + wanted.limit
        docs = best(self._snapshot, mask, scores, wanted.order, count, tiers=wanted.tiers)
        return [
            Found(
                self._snapshot.article(doc),
                float(scores[doc]),
                tuple(map(self._snapshot.article, copies.get(doc, [])[:_COPIES_SHOWN])),
                len(copies.get(doc, [])),
                1 + sum(not tier[doc] for tier in wanted.tiers),
            )
            for doc in docs[wanted.offset :]
        ]

    def lifts(self, wanted: HitRange[Array], scores: Array) -> tuple[Array, Array]:
        """The head of each tier, rising, and what the best passages multiply their scores by."""
        if wanted.passages is None or wanted.order is not SortOrder.RELEVANCE or out_of_time():
            return np.zeros(0, np.int64), np.ones(0, np.float32)
        head: set[int] = set()
        before = np.zeros_like(wanted.docs)
        for tier in (*wanted.tiers, wanted.docs):
            head.update(best(self._snapshot, tier & ~before, scores, wanted.order, HEAD))
            before = tier
        docs = np.array(sorted(head), np.int64)
        rarities = self.rarities(wanted.passages.words)
        return docs, passage_factors(self._snapshot, docs, wanted.passages, rarities)

    def rarities(self, scored: Sequence[ScoredQuery]) -> list[float]:
        """The idf of each clause, 0 for one without documents."""
        count = self._snapshot.document_count
        found = (frequencies(self._snapshot, each).df for each in scored)
        return [idf(count, df) if df else 0.0 for df in found]

    def feedback_stats(
        self, docs: Array, clauses: tuple[ScoringClause, ...], asked: Sequence[TermSet]
    ) -> FeedbackStats | None:
        """Which of the best documents of a mask hold which of the terms; None if it is empty."""
        snapshot = self._snapshot
        scores = score_row(snapshot, clauses, docs)
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
        for doc in best(self._snapshot, mask, scores, order, count, tiers=wanted.tiers):
            by_group.setdefault(group_of[doc], []).append(doc)
        mask = wanted.docs.copy()
        for docs in by_group.values():
            mask[docs[1:]] = False
        return mask, {docs[0]: docs[1:] for docs in by_group.values()}

    def facets(
        self, matched: Array, request: SearchRequest
    ) -> Mapping[str, tuple[FacetValue, ...]]:
        """For each facet its values among the hits, as they would be without its own filter.

        The facets that there is no time for are missing.
        """
        snapshot, filters = self._snapshot, request.filters
        ends = None if request.facet_budget is None else monotonic() + request.facet_budget
        counts = {}
        for name in request.facets:
            if (ends is not None and monotonic() >= ends) or out_of_time():
                break
            mask = matched
            if filters != _NO_FILTERS:
                mask = matched & self.matching(filter_match(self.labels, filters, without=name))
            if name in DATE_UNITS:
                counts[name] = _date_counts(snapshot, mask, DATE_UNITS[name], request.collapse)
            else:
                column = FACET_COLUMNS[name]
                counts[name] = label_counts(snapshot, mask, column, collapse=request.collapse)
        return counts


def label_counts(
    snapshot: Snapshot, mask: Array, column: str, *, collapse: bool = False
) -> tuple[FacetValue, ...]:
    """The labels of one column among the masked documents, the most frequent first.

    Args:
        collapse: near copies with the same label count once.
    """
    values = snapshot.keyword(column)
    inside = mask[values.docs]
    numbers = values.values[inside]
    if collapse:
        numbers = numbers[snapshot.duplicates.counted(values.docs[inside], numbers)]
    counts = np.bincount(numbers, minlength=len(values.labels))
    labels, keys = values.labels, values.keys
    found = [FacetValue(labels[i], int(counts[i]), keys[i]) for i in np.flatnonzero(counts)]
    return tuple(sorted(found, key=lambda facet: (-facet.count, facet.value)))


def _date_counts(
    snapshot: Snapshot, mask: Array, unit: Literal["Y", "M", "D"], collapse: bool
) -> tuple[FacetValue, ...]:
    """Years, months or days in Vietnamese time, the earliest first."""
    docs = np.flatnonzero(mask & (snapshot.published != NO_DATE))
    local = snapshot.published[docs] + int(VIETNAM_TIME.utcoffset(None).total_seconds())
    periods = local.astype("datetime64[s]").astype(f"datetime64[{unit}]")
    if collapse:
        periods = periods[snapshot.duplicates.counted(docs, periods.astype(np.int64))]
    values, counts = np.unique(periods, return_counts=True)
    return tuple(
        FacetValue(str(value), int(count)) for value, count in zip(values, counts, strict=True)
    )
