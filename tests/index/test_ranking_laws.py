"""Laws that hold for any archive and any query, whatever the constants are tuned to."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from archives import archive, archive_of, some_examples
from generated_news import Change, histories, requests
from generated_plans import plans
from hypothesis import given
from hypothesis import strategies as st

from index import AccentMode, Article, DocumentError, Explanation, RelatedItem, SearchRequest, Zone
from index.plan import QueryPlan
from index.ranking import DEFAULT_RANKING, idf
from index.retrieval.doc_scores import score_row

#: Stands in every article, so that zones have the length that is meant and it ranks nothing.
FILLER = "xa"


def zone_article(doc_id: str, zone: Zone, text: str, other: str) -> Article:
    """An article with one text in a zone, and another one in every other zone."""
    texts = [text if zone is each else other for each in Zone]
    headline, lead, body, captions, related = texts
    return Article(
        id=doc_id,
        headline=headline,
        lead=lead,
        body=(body,),
        captions=(captions,),
        related=(RelatedItem(related),),
    )


def scores(
    articles: Sequence[Article], query: str, accents: AccentMode = AccentMode.AUTO
) -> dict[str, float]:
    """The scores of the articles, each in a segment of its own."""
    with archive_of(*([article] for article in articles)) as made:
        page = made.engine.search(SearchRequest(query=query, accents=accents))
        return {hit.id: hit.score for hit in page.hits}


@some_examples
@given(histories, st.lists(plans, min_size=1, max_size=4))
def test_scores_are_finite_and_never_negative(
    history: list[Change], asked: list[QueryPlan]
) -> None:
    with archive(history) as made:
        snapshot = made.engine._current().snapshot
        for plan in asked:
            row = score_row(snapshot, plan.clauses).tolist()
            assert all(math.isfinite(score) and score >= 0 for score in row)


@some_examples
@given(histories, st.lists(requests, min_size=1, max_size=4))
def test_an_explanation_adds_up_to_the_score(
    history: list[Change], asked: list[SearchRequest]
) -> None:
    with archive(history) as made:
        for request in asked:
            for hit in made.engine.search(request).hits:
                explanation = made.engine.explain(request, hit.id)
                # The engine adds up in 32 bits, the explanation in 64.
                assert explanation.value == pytest.approx(hit.score, rel=1e-6, abs=1e-6)
                assert_adds_up(explanation)


def assert_adds_up(explanation: Explanation) -> None:
    """Assert that every value is the sum of its children's, down to the leaves."""
    if explanation.children:
        total = sum(child.value for child in explanation.children)
        assert explanation.value == pytest.approx(total)
    for child in explanation.children:
        assert child.value >= 0
        assert_adds_up(child)


def test_an_explanation_of_widened_accents_adds_up_too() -> None:
    articles = [Article(id="typed", headline="đo đất"), Article(id="wider", headline="đỏ đất")]
    with archive_of(articles) as made:
        request = SearchRequest(query="đo")
        hits = made.engine.search(request).hits
        assert [hit.id for hit in hits] == ["typed", "wider"]
        for hit in hits:
            assert made.engine.explain(request, hit.id).value == pytest.approx(hit.score, rel=1e-6)


def test_an_article_that_does_not_match_has_no_explanation() -> None:
    articles = [Article(id="a", headline="Lai Châu"), Article(id="b", headline="Cà Mau")]
    request = SearchRequest(query="châu")
    with archive_of(articles) as made:
        assert made.engine.explain(request, "a").value > 0
        for doc_id in ("b", "unknown"):
            with pytest.raises(DocumentError):
                made.engine.explain(request, doc_id)


@pytest.mark.parametrize("zone", Zone)
def test_more_occurrences_never_lower_a_score(zone: Zone) -> None:
    articles = [
        zone_article(f"{count}", zone, " ".join(["lũ"] * count + [FILLER] * (8 - count)), FILLER)
        for count in range(1, 9)
    ]
    found = scores(articles, "lũ")
    in_order = [found[article.id] for article in articles]
    assert in_order == sorted(set(in_order))


@pytest.mark.parametrize("zone", Zone)
def test_a_longer_zone_never_raises_a_score(zone: Zone) -> None:
    articles = [
        zone_article(f"{length}", zone, " ".join(["lũ"] + [FILLER] * length), FILLER)
        for length in (0, 1, 2, 5, 30, 400)
    ]
    found = scores(articles, "lũ")
    in_order = [found[article.id] for article in articles]
    assert in_order == sorted(set(in_order), reverse=True)


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_a_rarer_term_never_has_a_lower_idf(documents: int, frequency: int) -> None:
    frequency = min(frequency, documents - 1)
    assert idf(documents, frequency) > idf(documents, frequency + 1) > 0


def test_a_rarer_word_weighs_more() -> None:
    articles = [Article(id="rare", headline="lũ"), Article(id="frequent", headline="mưa")]
    articles += [Article(id=f"{number}", headline="mưa") for number in range(3)]
    found = scores(articles, "lũ OR mưa")
    assert found["rare"] > found["frequent"]


def test_zones_rank_by_their_weight() -> None:
    articles = [
        zone_article(zone.name, zone, f"lũ {FILLER}", f"{FILLER} {FILLER}") for zone in Zone
    ]
    found = scores(articles, "lũ")
    assert found["HEADLINE"] > found["LEAD"] > found["BODY"] == found["CAPTIONS"] > found["RELATED"]
    assert DEFAULT_RANKING.zone_weights == tuple(sorted(DEFAULT_RANKING.zone_weights, reverse=True))


@pytest.mark.parametrize(
    ("query", "exact", "other"),
    [
        ("Hà Nội", "Hà Nội", "Ha Noi"),
        ("đo", "đo", "đỏ"),
        ("kỹ thuật", "kỹ thuật", "kĩ thuật"),
        ("lũ ở sông hong", "lũ ở sông hong", "lũ ở sông hồng"),
    ],
)
def test_the_form_as_typed_outranks_others(query: str, exact: str, other: str) -> None:
    # The other one comes first by date and by id.
    articles = [
        Article(id="b", headline=exact, published=datetime(2020, 1, 1, tzinfo=UTC)),
        Article(id="a", headline=other, published=datetime(2021, 1, 1, tzinfo=UTC)),
    ]
    assert list(scores(articles, query)) == ["b", "a"]


def test_ignoring_accents_ranks_all_forms_alike() -> None:
    articles = [Article(id="a", headline="Hà Nội"), Article(id="b", headline="hạ nòi")]
    found = scores(articles, "hà nội", accents=AccentMode.FOLD)
    assert found["a"] == found["b"] > 0


def test_neighbours_outrank_the_same_words_apart() -> None:
    articles = [Article(id="b", headline="lai châu đẹp"), Article(id="a", headline="lai đẹp châu")]
    found = scores(articles, "lai châu")
    assert found["b"] > found["a"]


def test_ties_go_by_date_then_by_id() -> None:
    days = {"z": 3, "b": 2, "a": 1, "c": 2, "y": 3}
    articles = [
        Article(id=doc_id, headline="lũ", published=datetime(2026, 1, day, tzinfo=UTC))
        for doc_id, day in days.items()
    ]
    articles += [Article(id=doc_id, headline="lũ") for doc_id in ("undated-2", "undated-1")]
    for written in (articles, articles[::-1]):
        found = scores(written, "lũ")
        assert list(found) == ["y", "z", "b", "c", "a", "undated-1", "undated-2"]
        assert len(set(found.values())) == 1
