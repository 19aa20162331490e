"""Cases in which an engine can easily disagree with the definitions, small enough to read.

The random tests of test_engines_agree find them too, now and then.
"""

from collections.abc import Sequence

import pytest
from agreement import scored
from archives import archive_of, merge_all

from analyzers import fold
from index import AccentMode, Article, Filters, RelatedItem, SearchRequest
from index.plan import Phrase, ScoringClause, TermSet, WeightedTerm
from index.retrieval.doc_scores import score_row


def found(articles: Sequence[Article], request: SearchRequest | str) -> list[str]:
    """The ids of the hits, sorted."""
    if isinstance(request, str):
        request = SearchRequest(query=request, fix=False)
    with archive_of(articles) as made:
        return sorted(hit.id for hit in made.engine.search(request).hits)


def headlines(*texts: str) -> list[Article]:
    """Articles with these headlines and the ids 0, 1, 2 …"""
    return [Article(id=f"{number}", headline=text) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ('"ngày 20/11/2014"', ["0"]),
        ('"20/11/2014 tại"', ["0"]),
        ('"ngày 20/11/2014 tại"', ["0"]),
        ('"sáng ngày 20/11/2014 tại Hà Nội"', ["0"]),
        ('"20/11/2014 Hà Nội"', []),
        ('"ngày 30/4"', ["1"]),
        ('"dịp 30/4 và"', ["1"]),
    ],
)
def test_a_phrase_can_hold_a_date(query: str, hits: list[str]) -> None:
    articles = headlines(
        "Sáng ngày 20/11/2014 tại Hà Nội", "Dịp 30/4 và ngày 30/4", "Ngày tại Hà Nội"
    )
    for accents in (AccentMode.AUTO, AccentMode.EXACT, AccentMode.FOLD):
        assert found(articles, SearchRequest(query=query, accents=accents, fix=False)) == hits


@pytest.mark.parametrize("query", ['"tổng thống putin"', '"tong thong putin"', '"về covid19"'])
def test_a_phrase_can_hold_a_hyphenated_name_written_as_one(query: str) -> None:
    assert found(headlines("Tổng thống Pu-tin nói về Covid-19", "Putin"), query) == ["0"]


@pytest.mark.parametrize("query", ['"lũ quảng"~5', '"lớn quảng"~1', '"tin lũ"~9', '"nam tin"~99'])
def test_proximity_stays_in_one_paragraph(query: str) -> None:
    article = Article(
        id="a",
        headline="Bản tin",
        body=("lũ lớn", "quảng nam"),
        related=(RelatedItem("tin khác"),),
    )
    assert found([article], query) == []


def test_proximity_within_a_paragraph() -> None:
    articles = headlines("lũ ở quảng nam", "quảng nam có lũ", "lũ a b c d e quảng", "lũ", "quảng")
    assert found(articles, '"lũ quảng"~2') == ["0"]
    assert found(articles, '"lũ quảng"~3') == ["0", "1"]
    assert found(articles, '"quảng lũ"~6') == ["0", "1", "2"]


@pytest.mark.parametrize(
    "query", ["9h", "www.bao.vn", "toasoan@bao.vn", '"mo cua 9h"', "mo cua luc 9h", "covid-19"]
)
def test_figures_and_addresses_are_found_in_text_without_marks(query: str) -> None:
    bare = "san bay mo cua 9h luc 9h www.bao.vn toasoan@bao.vn covid-19"
    for accents in (AccentMode.AUTO, AccentMode.EXACT, AccentMode.FOLD):
        for text in (bare, f"{bare} đêm"):
            request = SearchRequest(query=query, accents=accents, fix=False)
            assert found(headlines(text, "khác"), request) == ["0"]


def test_what_stands_in_other_articles_of_a_batch_does_not_matter() -> None:
    # 14h³⁰ is a word with the same key as the time 14h30.
    articles = headlines("14h³⁰ ạ", "hop luc 14h30")
    with archive_of(articles) as together, archive_of(*([a] for a in articles)) as apart:
        for made in (together, apart):
            hits = made.engine.search(SearchRequest(query="14h30", fix=False)).hits
            assert {hit.id for hit in hits} == {"0", "1"}


def test_a_filter_ignores_labels_of_deleted_articles() -> None:
    articles = [
        Article(id="kept", headline="một", source="Thời sự", authors=("Đỗ An",)),
        Article(id="deleted", headline="hai", source="thoi su", authors=("do an",)),
        *headlines(*("ba" for _ in range(8))),
    ]
    requests = (
        SearchRequest(filters=Filters(sources=("thoi su",))),
        SearchRequest(filters=Filters(authors=("do an",))),
        SearchRequest(query='tacgia:"do an"'),
        SearchRequest(query='nguon:"thoi su"'),
    )
    with archive_of(articles) as made:
        with made.engine.writer() as writer:
            assert writer.delete("deleted")
        assert not made.engine._current().snapshot.live.all()
        for request in requests:
            assert [hit.id for hit in made.engine.search(request).hits] == ["kept"]
        merge_all(made.folder)
        for request in requests:
            assert [hit.id for hit in made.engine.search(request).hits] == ["kept"]


def test_a_pair_of_deleted_articles_only_is_forgotten() -> None:
    articles = headlines("pu xoong đó", "pu đi xoong", *("ba" for _ in range(8)))
    request = SearchRequest(query="pu xoong")
    with archive_of(articles) as made, archive_of(articles[1:]) as fresh:
        with made.engine.writer() as writer:
            assert writer.delete("0")
        assert not made.engine._current().snapshot.live.all()
        assert scored(made.engine.search(request).hits) == scored(fresh.engine.search(request).hits)


def test_deleted_articles_do_not_choose_what_a_prefix_stands_for() -> None:
    letters = "bcdefghiklmnopqr"
    syllables = [f"xa{first}{second}" for first in letters for second in letters]
    # More forms than a prefix is read as; "xazz" is frequent among deleted articles only.
    articles = headlines(*syllables, "xazz", "xazz", "xazz", "xazz")
    request = SearchRequest(query="xa*", limit=1_000)
    with archive_of(articles) as made:
        with made.engine.writer() as writer:
            for doc_id in ("256", "257", "258"):
                assert writer.delete(doc_id)
        assert not made.engine._current().snapshot.live.all()
        before = [hit.id for hit in made.engine.search(request).hits]
        merge_all(made.folder)
        assert [hit.id for hit in made.engine.search(request).hits] == before


@pytest.mark.parametrize("words", [("một", "hai"), ("một", "hai", "ba")])
def test_a_phrase_counts_in_full_whatever_the_share_of_its_forms(words: Sequence[str]) -> None:
    with archive_of(headlines("một hai ba", "một ba", "hai", "ba")) as made:
        snapshot = made.engine._current().snapshot
        scores = []
        for share in (1.0, 0.3):
            parts = tuple(TermSet((WeightedTerm(word, fold(word), share),)) for word in words)
            phrase = Phrase(parts, tuple(range(len(parts))))
            scores.append(score_row(snapshot, [ScoringClause(phrase, 1.0, "phrase")]).tolist())
        assert scores[0] == scores[1]
        assert scores[0][0] > 0
