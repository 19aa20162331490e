"""A search whose time runs out shows less, never anything wrong, and leaves no trace."""

from dataclasses import replace

import pytest

from index import SearchEngine, SearchRequest, open_engine

_QUERIES = (
    "ha noi ngap",
    '"hà nội" OR mưa',
    "mưa -hà",
    "ngap mua lon o cac tuyen pho ha noi",
    "tieude:ngập",
    "m*",
    "",
)


@pytest.fixture
def engine(archive: str) -> SearchEngine:
    """The small archive, opened."""
    return open_engine(archive)


@pytest.mark.parametrize("query", _QUERIES)
def test_hits_within_no_time_are_hits_of_the_whole_search(engine: SearchEngine, query: str) -> None:
    request = SearchRequest(query=query, limit=100, highlight=True, facets=("section",))
    before = engine.search(request)
    hurried = engine.search(replace(request, budget=0.0))
    assert hurried.partial
    assert {hit.id for hit in hurried.hits} <= {hit.id for hit in before.hits}
    assert not hurried.facets
    assert engine.search(request) == before


@pytest.mark.parametrize("query", _QUERIES)
def test_with_time_to_spare_nothing_changes(engine: SearchEngine, query: str) -> None:
    request = SearchRequest(query=query, limit=100, highlight=True, facets=("section",))
    assert engine.search(replace(request, budget=60.0)) == engine.search(request)


def test_facets_have_a_budget_of_their_own(engine: SearchEngine) -> None:
    request = SearchRequest(query="ngap", facets=("section", "source"))
    whole = engine.search(request)
    hurried = engine.search(replace(request, facet_budget=0.0))
    assert set(whole.facets) == {"section", "source"}
    assert not hurried.facets
    assert replace(hurried, facets=whole.facets) == whole
