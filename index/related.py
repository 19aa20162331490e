"""Articles about the same subject as one article: they share its rare pairs of syllables."""

from itertools import pairwise

import numpy as np

from analyzers import Token, TokenKind, analyze

from .documents import Article
from .engines.base import Hit
from .query.plan import Evidence, Form, PairSet, TermSet
from .ranking import idf
from .retrieval.selection import SortOrder, best, score_row
from .retrieval.snapshot import Snapshot
from .retrieval.term_sets import pair_weights
from .stored import load_article

_LEADING_PARAGRAPHS = 3
_MAX_PAIRS = 40
#: A pair that more articles than this share have says nothing about the subject.
_MAX_DOCUMENT_SHARE = 0.1
#: An article must share so many pairs, or the page shows none rather than a stranger.
_MIN_SHARED_PAIRS = 2


def related_hits(snapshot: Snapshot, doc_id: str, limit: int) -> tuple[Hit, ...]:
    """The nearest articles without the article itself; fewer than `limit` where few are near."""
    doc = snapshot.find(doc_id)
    if doc is None:
        return ()
    evidence = _evidence(snapshot, load_article(snapshot.stored(doc)))
    shared = np.zeros(snapshot.size, np.int16)
    for item in evidence:
        if isinstance(item.what, PairSet):
            shared[pair_weights(snapshot, item.what).docs] += 1
    mask = snapshot.live & (shared >= _MIN_SHARED_PAIRS)
    mask[doc] = False
    scores = score_row(snapshot, evidence)
    docs = best(snapshot, mask, scores, SortOrder.RELEVANCE, limit)
    return tuple(
        Hit(id=article.id, score=float(scores[found]), article=article)
        for found in docs
        for article in (load_article(snapshot.stored(found)),)
    )


def _evidence(snapshot: Snapshot, article: Article) -> list[Evidence]:
    """The rarest pairs of the article's beginning that other articles have too."""
    texts = [article.headline, article.lead, *article.body[:_LEADING_PARAGRAPHS]]
    counts: dict[PairSet, int] = {}
    for weight, text in zip((3, 2, 1, 1, 1), texts, strict=False):
        tokens = [token for token in analyze(text) if token.kind is TokenKind.WORD]
        for first, second in pairwise(tokens):
            if second.position == first.position + 1:
                pair = PairSet(_set(first), _set(second))
                counts[pair] = counts.get(pair, 0) + weight
    rated = []
    for pair, count in counts.items():
        frequency = pair_weights(snapshot, pair).document_frequency
        if 1 < frequency <= max(3, _MAX_DOCUMENT_SHARE * snapshot.document_count):
            rated.append((count * idf(snapshot.document_count, frequency), pair))
    rated.sort(
        key=lambda item: (-item[0], item[1].first.forms[0].term, item[1].second.forms[0].term)
    )
    return [Evidence(pair, 1.0, "pair") for _, pair in rated[:_MAX_PAIRS]]


def _set(token: Token) -> TermSet:
    return TermSet((Form(token.exact, token.folded),))
