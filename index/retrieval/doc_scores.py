"""The documents and scores of a plan.

Those of a clause are the only cached function between a query and its postings: a boolean query
takes the documents of a term set or phrase, ranking takes the scores of all that a query says of
one span of its tokens, added up once and kept.
"""

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import TypeAlias, assert_never

import numpy as np

from ..plan import (
    And,
    AtLeast,
    IdIn,
    KeywordIs,
    Not,
    Or,
    PairSet,
    Phrase,
    PublishedWithin,
    Query,
    ScoredQuery,
    ScoringClause,
    TermSet,
)
from ..ranking import idf
from ..segments.array_file import Array
from ..segments.columns import NO_DATE
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
    numbered = enumerate(clauses)
    # Clauses about one span follow each other; one that names none stands alone.
    for _, run in groupby(numbered, lambda item: item[0] if item[1].span is None else item[1].span):
        if out_of_time():
            break
        span = tuple((clause.query, clause.boost) for _, clause in run)
        doc_scores(snapshot, span).add_to(scores)
    return scores


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


def match_mask(snapshot: Snapshot, match: Query) -> Array:
    """(size,) bool: the document numbers that match; deleted ones may be among them.

    It is new, so that the caller may change it. What time did not suffice for matches nothing, so
    that no wrong document is ever shown.
    """
    if out_of_time():
        return np.zeros(snapshot.size, bool)
    match match:
        case TermSet() | Phrase():
            return doc_scores(snapshot, match).mask(snapshot.size)
        case And() | Or():
            return _combined(snapshot, match)
        case Not():
            mask = ~match_mask(snapshot, match.child)
            return np.zeros(snapshot.size, bool) if out_of_time() else mask
        case AtLeast():
            counts = np.zeros(snapshot.size, np.min_scalar_type(len(match.children)))
            for child in match.children:
                if not isinstance(child, TermSet) or out_of_time():
                    counts += match_mask(snapshot, child)
                elif (found := doc_scores(snapshot, child)).docs is not None:
                    counts[found.docs] += 1
                else:
                    counts += found.mask(snapshot.size)
            return np.asarray(counts >= match.count)
        case KeywordIs():
            return _keyword(snapshot, match)
        case PublishedWithin():
            return _published(snapshot, match)
        case IdIn():
            mask = np.zeros(snapshot.size, bool)
            mask[[doc for doc_id in match.ids if (doc := snapshot.find(doc_id)) is not None]] = True
            return mask
        case _:
            assert_never(match)


def _combined(snapshot: Snapshot, match: And | Or) -> Array:
    """Packed bits are combined first, then the few documents of rare clauses, then masks."""
    every = isinstance(match, And)
    bits: Array | None = None
    rare, masks = [], []
    for child in match.children:
        if not isinstance(child, TermSet | Phrase) or out_of_time():
            masks.append(match_mask(snapshot, child))
            continue
        found = doc_scores(snapshot, child)
        if found.bits is None:
            rare.append(found.numbers())
        elif bits is None:
            bits = found.bits
        else:
            bits = bits & found.bits if every else bits | found.bits
    if bits is None:
        mask = np.full(snapshot.size, every)
    else:
        mask = np.unpackbits(bits, count=snapshot.size).view(bool)
    for documents in rare:
        if every:
            kept = np.zeros(snapshot.size, bool)
            kept[documents] = mask[documents]
            mask = kept
        else:
            mask[documents] = True
    for other in masks:
        if every:
            mask &= other
        else:
            mask |= other
    return mask


def _keyword(snapshot: Snapshot, match: KeywordIs) -> Array:
    column = snapshot.keyword(match.column)
    wanted = np.zeros(len(column.labels) + 1, bool)
    wanted[[column.numbers[label] for label in match.labels if label in column.numbers]] = True
    mask = np.zeros(snapshot.size, bool)
    mask[column.docs[wanted[column.values]]] = True
    return mask


def _published(snapshot: Snapshot, match: PublishedWithin) -> Array:
    published = snapshot.published
    mask = published != NO_DATE
    if match.first is not None:
        mask &= published >= match.first
    if match.last is not None:
        mask &= published < match.last
    return np.asarray(mask)
