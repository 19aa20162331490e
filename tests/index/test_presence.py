"""Which documents have a term set: without weights the same as with them, whatever is deleted."""

from collections.abc import Iterator

import numpy as np
import pytest
from archives import Archive, archive_of

from index import Article
from index.plan import TermSet, WeightedTerm
from index.retrieval.presence import presence
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
def test_documents_alone_are_those_with_weights(news: Archive, count: int) -> None:
    terms = TermSet(tuple(WeightedTerm(*form) for form in _FORMS[:count]), ALL_ZONES)
    snapshot = _snapshot(news)
    alone = presence(snapshot, terms, scored=False)
    snapshot.cache.discard(("presence", terms))
    weighed = presence(snapshot, terms)
    assert alone is not weighed
    assert alone.count == weighed.count == int(alone.mask(snapshot.size).sum())
    assert np.array_equal(alone.mask(snapshot.size), weighed.mask(snapshot.size))
    every = np.arange(snapshot.size)
    assert np.array_equal(alone.among(every), alone.mask(snapshot.size))


def test_zones_restrict_the_documents_too(news: Archive) -> None:
    terms = TermSet((WeightedTerm("nay", "nay"),), frozenset({Zone.HEADLINE}))
    assert presence(_snapshot(news), terms, scored=False).count == 0


def test_absent_terms_are_among_no_documents(news: Archive) -> None:
    found = presence(
        _snapshot(news), TermSet((WeightedTerm("zzz", "zzz"),), ALL_ZONES), scored=False
    )
    assert not found.among(np.arange(5)).any()
