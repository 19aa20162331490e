"""Articles about the same subject as one article: they share its rare pairs of syllables."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from analyzers import Token, TokenKind, analyze

from ..article import Article
from ..model import Hit, SortOrder
from ..plan import PairSet, ScoringClause, TermSet, WeightedTerm
from ..ranking import idf
from ..retrieval.doc_scores import doc_scores, score_row
from ..retrieval.snapshot import Snapshot
from ..retrieval.top_k import best
from ..segments.array_file import Array
from ..segments.columns import NO_DATE

_LEADING_PARAGRAPHS = 6
_MAX_PAIRS = 60
#: A pair that more articles than this share have says nothing about the subject.
_MAX_DOCUMENT_SHARE = 0.1
#: An article must share so many pairs, or the page shows none rather than a stranger.
MIN_SHARED_PAIRS = 2
#: The same day raises a score by this share, so many days before or after it by half of that
#: (docs/relevance.md).
_DATE_WEIGHT = 0.5
_HALF_LIFE_DAYS = 30
_SECONDS_A_DAY = 86_400
#: Near copies are left out of so many times the articles wanted.
_COPIES_LEFT_OUT = 4


def related_hits(snapshot: Snapshot, doc_id: str, limit: int) -> tuple[Hit, ...]:
    """The nearest articles without the article itself; fewer than `limit` where few are near."""
    doc = snapshot.find(doc_id)
    if doc is None:
        return ()
    clauses = subject_evidence(
        beginning_pairs(snapshot.article(doc)),
        lambda pair: doc_scores(snapshot, pair).df,
        snapshot.document_count,
    )
    shared = np.zeros(snapshot.size, np.int16)
    for item in clauses:
        shared[doc_scores(snapshot, item.query).numbers()] += 1
    scores = score_row(snapshot, clauses)
    mask = snapshot.live & (shared >= MIN_SHARED_PAIRS)
    mask[doc] = False
    mask &= ~_copies_of(snapshot, doc)
    scores *= _nearness(snapshot, doc)
    near = best(snapshot, mask, scores, SortOrder.RELEVANCE, _COPIES_LEFT_OUT * limit)
    docs = _one_of_each(snapshot, near)[:limit]
    return tuple(
        Hit(id=article.id, score=float(scores[found]), article=article)
        for found in docs
        for article in (snapshot.article(found),)
    )


def _nearness(snapshot: Snapshot, doc: int) -> Array:
    """(size,) f4 factors: more for what appeared about the same time; 1 where a day is unknown."""
    published = snapshot.published
    if published[doc] == NO_DATE:
        return np.ones(snapshot.size, np.float32)
    days = np.abs(published - published[doc]) / _SECONDS_A_DAY
    factors = 1 + _DATE_WEIGHT * np.exp2(-days / _HALF_LIFE_DAYS)
    return np.where(published == NO_DATE, 1, factors).astype(np.float32)


def _copies_of(snapshot: Snapshot, doc: int) -> Array:
    """The near copies of a document (bool)."""
    copies = snapshot.duplicates
    group = copies.groups[copies.docs == doc]
    mask = np.zeros(snapshot.size, bool)
    mask[copies.docs[np.isin(copies.groups, group)]] = True
    return mask


def _one_of_each(snapshot: Snapshot, docs: Sequence[int]) -> list[int]:
    """The same documents without near copies of earlier ones."""
    group_of = snapshot.duplicates.group_of()
    firsts: dict[int, int] = {}
    for doc in docs:
        firsts.setdefault(group_of.get(doc, doc), doc)
    return list(firsts.values())


def beginning_pairs(
    article: Article, paragraphs: int = _LEADING_PARAGRAPHS
) -> Mapping[PairSet, int]:
    """The pairs of syllables of the article's tags and beginning, with what they count."""
    texts = [
        *((3, text) for text in (article.headline, *article.tags)),
        (2, article.lead),
        *((1, paragraph) for paragraph in article.body[:paragraphs]),
    ]
    counts: dict[PairSet, int] = {}
    for weight, text in texts:
        tokens = [token for token in analyze(text) if token.kind is TokenKind.WORD]
        for first, second in pairwise(tokens):
            if second.position == first.position + 1:
                pair = PairSet(_set(first), _set(second))
                counts[pair] = counts.get(pair, 0) + weight
    return counts


def subject_evidence(
    counts: Mapping[PairSet, int], frequencies: Callable[[PairSet], int], document_count: int
) -> list[ScoringClause]:
    """The rarest of an article's pairs that other articles have too.

    Args:
        frequencies: the document frequency of a pair.
    """
    rated = []
    for pair, count in counts.items():
        frequency = frequencies(pair)
        if 1 < frequency <= max(3, _MAX_DOCUMENT_SHARE * document_count):
            rated.append((count * idf(document_count, frequency), pair))
    rated.sort(
        key=lambda item: (-item[0], item[1].first.terms[0].term, item[1].second.terms[0].term)
    )
    return [ScoringClause(pair, float(counts[pair]), "pair") for _, pair in rated[:_MAX_PAIRS]]


def _set(token: Token) -> TermSet:
    return TermSet((WeightedTerm(token.exact, token.folded),))
