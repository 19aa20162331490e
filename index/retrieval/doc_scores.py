"""The documents and scores of a clause: the only cached function between a query and its postings.

A boolean query takes the documents of a term set or phrase, ranking takes the scores of all that a
query says of one span of its tokens, added up once and kept.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import TypeAlias

import numpy as np

from ..plan import PairSet, Phrase, ScoredQuery, ScoringClause, TermSet
from ..ranking import idf
from ..segments.array_file import Array
from .budget import out_of_time
from .phrases import phrase_scores
from .snapshot import Snapshot
from .term_scores import DocScores, pair_scores, term_documents, term_scores

#: The scored queries about one span of the query, each with its boost.
Span: TypeAlias = tuple[tuple[ScoredQuery, float], ...]

#: From this share of all documents on, sums are rows: added faster, but larger than lists up to a
#: half.
_ROW_SHARE = 1 / 4


def doc_scores(snapshot: Snapshot, clause: ScoredQuery | Span) -> DocScores:
    """The live documents of a clause, from the cache or computed.

    Those of a term set have no scores, those of a pair set or phrase its saturated frequencies,
    those of a span the sum of boost · idf · saturated frequency.
    """
    return snapshot.cache.get(clause, DocScores, partial(_compute, snapshot, clause))


def _compute(snapshot: Snapshot, clause: ScoredQuery | Span) -> DocScores:
    if isinstance(clause, TermSet):
        return term_documents(snapshot, clause)
    if isinstance(clause, PairSet):
        return pair_scores(snapshot, clause)
    if isinstance(clause, Phrase):
        return phrase_scores(snapshot, clause)
    return _span_scores(snapshot, clause)


def frequencies(snapshot: Snapshot, query: ScoredQuery) -> DocScores:
    """The documents of one scored query with their saturated frequencies.

    Of terms and pairs the sums of their span are kept, not these: both would crowd out others.
    """
    if isinstance(query, TermSet):
        return term_scores(snapshot, query)
    if isinstance(query, PairSet):
        return pair_scores(snapshot, query)
    return doc_scores(snapshot, query)


def score_row(snapshot: Snapshot, clauses: Sequence[ScoringClause]) -> Array:
    """(size,) f4: the score of every document number, matching or not, while time suffices."""
    scores = np.zeros(snapshot.size, np.float32)
    for span in _spans(clauses):
        if out_of_time():
            break
        doc_scores(snapshot, span).add_to(scores)
    return scores


def _spans(clauses: Sequence[ScoringClause]) -> Iterator[Span]:
    """Each run of clauses about one span, in order; a clause that names none stands alone."""
    numbered = enumerate(clauses)
    for _, run in groupby(numbered, lambda item: item[0] if item[1].span is None else item[1].span):
        yield tuple((clause.query, clause.boost) for _, clause in run)


def _span_scores(snapshot: Snapshot, span: Span) -> DocScores:
    found = []
    for query, boost in span:
        each = frequencies(snapshot, query)
        if each.df:
            found.append((each, np.float32(boost * idf(snapshot.document_count, each.df))))
    if len(found) == 1 and found[0][0].docs is not None:
        ((only, factor),) = found
        return DocScores(only.df, docs=only.docs, scores=factor * only.scores)
    row = np.zeros(snapshot.size, np.float32)
    for each, factor in found:
        each.add_to(row, factor)
    return DocScores.of_row(row, _ROW_SHARE)
