"""The documents of a clause: without scores the same as with them, whatever is deleted."""

from collections.abc import Iterator

import numpy as np
import pytest
from archives import Archive, archive_of

from index import Article
from index.plan import ScoringClause, TermSet, WeightedTerm
from index.ranking import idf
from index.retrieval.doc_scores import doc_scores, frequencies, score_row
from index.retrieval.snapshot import Snapshot
from index.schema import ALL_ZONES, Zone

_FORMS = (("giá", "gia"), ("gia", "gia"), ("già", "gia"), ("xăng", "xang"), ("zzz", "zzz"))


@pytest.fixture(scope="module")
def news() -> Iterator[Archive]:
    """Two segments with a deleted article in the first; `giá` is in most, `già` in one."""
    words = ["giá xăng", "gia đình", "giá", "già làng", *["giá dầu"] * 600]
    articles = [
        Article(id=f"n{n}", headline=text, body=(f"{text} hôm nay",))
        for n, text in enumerate(words)
    ]
    with archive_of(articles[:400], articles[400:]) as archive:
        with archive.engine.writer() as writer:
            writer.delete("n0")
        yield archive


def _snapshot(archive: Archive) -> Snapshot:
    return archive.engine._current().snapshot


@pytest.mark.parametrize("count", range(1, len(_FORMS) + 1))
def test_documents_alone_are_those_with_scores(news: Archive, count: int) -> None:
    terms = TermSet(tuple(WeightedTerm(*form) for form in _FORMS[:count]), ALL_ZONES)
    snapshot = _snapshot(news)
    alone, scored = doc_scores(snapshot, terms), frequencies(snapshot, terms)
    assert alone.df == scored.df == int(alone.mask(snapshot.size).sum())
    assert np.array_equal(alone.mask(snapshot.size), scored.mask(snapshot.size))
    every = np.arange(snapshot.size)
    assert np.array_equal(alone.contains(every), alone.mask(snapshot.size))
    assert np.array_equal(scored.numbers(), np.flatnonzero(alone.mask(snapshot.size)))
    assert [scored.score(doc) > 0 for doc in range(snapshot.size)] == alone.mask(
        snapshot.size
    ).tolist()


def test_scores_add_up(news: Archive) -> None:
    snapshot = _snapshot(news)
    parts = [TermSet((WeightedTerm(*form),), ALL_ZONES) for form in _FORMS[:3]]
    boosts = (0.7, 0.3, 1.0)
    expected = np.zeros(snapshot.size, np.float32)
    for terms, boost in zip(parts, boosts, strict=True):
        found = frequencies(snapshot, terms)
        factor = np.float32(boost * idf(snapshot.document_count, found.df))
        for doc in range(snapshot.size):
            expected[doc] += factor * np.float32(found.score(doc))
    clauses = [ScoringClause(*each, "") for each in zip(parts, boosts, strict=True)]
    assert np.array_equal(score_row(snapshot, clauses), expected)


def test_zones_restrict_the_documents_too(news: Archive) -> None:
    terms = TermSet((WeightedTerm("nay", "nay"),), frozenset({Zone.HEADLINE}))
    assert doc_scores(_snapshot(news), terms).df == 0


def test_absent_terms_are_in_no_documents(news: Archive) -> None:
    found = doc_scores(_snapshot(news), TermSet((WeightedTerm("zzz", "zzz"),), ALL_ZONES))
    assert not found.contains(np.arange(5)).any()
