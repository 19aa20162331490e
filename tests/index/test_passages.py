"""The best passages of the best articles, and what the best articles share.

Passages are counted again over the raw texts, word by word: the product reads positions.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import pytest
from agreement import assert_agreement
from archives import Archive, archive_of
from generated_news import random_articles

from index import (
    AccentMode,
    Article,
    Explanation,
    Hit,
    SearchRequest,
    SortOrder,
    TierScope,
)
from index.engines.embedded.engine import WhooshEngine
from index.query.clauses import QueryKind, query_kind
from index.ranking import DEFAULT_RANKING

_WORDS = ("bão", "lũ", "cầu", "đường", "sông", "trường", "giá", "vàng", "điện", "biển", "rừng")
_WORD = re.compile(r"\w+")
_HEAD = 30


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Archive, dict[str, Article]]]:
    """Articles of few words, so that most queries have hits far beyond the head."""
    random = Random(26)  # noqa: S311
    articles = [
        Article(
            id=f"p{number}",
            headline=" ".join(random.choices((*_WORDS, *("xa",) * 20), k=4)),
            body=tuple(
                " ".join(random.choices((*_WORDS, *("xa",) * 300), k=random.randint(5, 90)))
                for _ in range(random.randint(1, 4))
            ),
        )
        for number in range(400)
    ]
    with archive_of(articles[:290], articles[290:]) as found:
        yield found, {article.id: article for article in articles}


def counted_share(
    article: Article, words: Sequence[str], rarity: dict[str, float], window: int
) -> float:
    """The share of the words by idf in the best passage, counted over the words of a text."""
    best, read = 0.0, {word for word in words if rarity[word] > 1}
    for text in (article.headline, article.lead, *article.body):
        found = _WORD.findall(text)
        for first in range(len(found)):
            inside = set(found[first : first + window + 1])
            best = max(best, sum(rarity[word] for word in read if word in inside))
    return best / sum(rarity[word] for word in words)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("sign", ["", "?"])
def test_the_head_is_lifted_by_its_best_passages(
    made: tuple[Archive, dict[str, Article]], seed: int, sign: str
) -> None:
    archive, articles = made
    random = Random(seed)  # noqa: S311
    words = random.sample(_WORDS, random.randint(4, 8))
    request = SearchRequest(
        query=" ".join(words) + sign, accents=AccentMode.EXACT, limit=100, tiers=TierScope.MIXED
    )
    alone = replace(DEFAULT_RANKING, feedback_share=0)
    lifted = hits_of(WhooshEngine(archive.folder, constants=alone), request)
    plain = {hit.id: hit.score for hit in hits_of(without_lifts(archive), request)}
    holds = {
        word: sum(word in _WORD.findall(" ".join((a.headline, *a.body))) for a in articles.values())
        for word in words
    }
    rarity = {
        word: math.log(1 + (len(articles) - count + 0.5) / (count + 0.5))
        for word, count in holds.items()
    }
    gain, window = (1.5, 20) if sign else (0.2, 30)
    head = sorted(plain, key=lambda doc_id: -plain[doc_id])[:_HEAD]
    for hit in lifted:
        share = counted_share(articles[hit.id], words, rarity, window) if hit.id in head else 0.0
        assert hit.score == pytest.approx(plain[hit.id] * (1 + gain * share), rel=1e-5)
    assert {hit.id for hit in lifted[:_HEAD]} == set(head)


def hits_of(engine: WhooshEngine, request: SearchRequest) -> tuple[Hit, ...]:
    return engine.search(request).hits


def without_lifts(archive: Archive) -> WhooshEngine:
    constants = replace(DEFAULT_RANKING, question_gain=0, passage_gain=0, feedback_share=0)
    return WhooshEngine(archive.folder, constants=constants)


@pytest.mark.parametrize(
    "query", ["bão lũ cầu đường sông", "bão lũ cầu đường sông biển rừng ở đâu"]
)
def test_pages_of_a_lifted_ranking_follow_one_another(
    made: tuple[Archive, dict[str, Article]], query: str
) -> None:
    engine = made[0].engine
    for tiers in (TierScope.MIXED, TierScope.ALL):
        request = SearchRequest(query=query, tiers=tiers, limit=100)
        whole = [(hit.id, hit.score) for hit in engine.search(request).hits]
        assert len(whole) > _HEAD
        pages = [
            (hit.id, hit.score)
            for offset in range(0, 100, 7)
            for hit in engine.search(replace(request, offset=offset, limit=7)).hits
        ]
        assert pages[: len(whole)] == whole


@pytest.mark.parametrize(
    "query", ["bão lũ cầu đường sông", "bão lũ cầu đường sông biển rừng ở đâu"]
)
@pytest.mark.parametrize("recency", [None, 30])
def test_explanations_add_up_and_name_the_passage(
    made: tuple[Archive, dict[str, Article]], query: str, recency: int | None
) -> None:
    engine = made[0].engine
    request = SearchRequest(query=query, tiers=TierScope.MIXED, limit=40, recency=recency)
    hits = engine.search(request).hits
    named = 0
    for hit in hits:
        found = engine.explain(request, hit.id)
        assert found.value == pytest.approx(hit.score, rel=1e-5)
        named += any(is_of_passage(part) for part in found.children)
    assert _HEAD // 2 < named <= _HEAD


def is_of_passage(part: Explanation) -> bool:
    return part.description.startswith("best passage")


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(query="bão lũ cầu đường sông", sort=SortOrder.NEWEST),
        SearchRequest(query='"bão" lũ cầu'),
        SearchRequest(query="bão OR lũ OR cầu OR đường"),
        SearchRequest(query="bão lũ cầu đường -sông"),
        SearchRequest(query="bão lũ cầu đường sông", field="title"),
        SearchRequest(query="bão lũ cầu"),
    ],
    ids=["newest", "phrase", "or", "minus", "field", "few"],
)
def test_nothing_else_is_lifted(
    made: tuple[Archive, dict[str, Article]], request_: SearchRequest
) -> None:
    archive, _ = made
    plain = hits_of(without_lifts(archive), request_)
    assert plain
    assert hits_of(archive.engine, request_) == plain


def test_the_oracle_agrees() -> None:
    articles, random = random_articles(90), Random(27)  # noqa: S311
    words = sorted({word for a in articles for word in _WORD.findall(a.headline.lower())})
    with archive_of(articles[:70], articles[70:]) as made:
        for _ in range(12):
            query = " ".join(random.choices(words, k=random.randint(4, 9)))
            assert_agreement(
                made, SearchRequest(query=query + random.choice(("", "?")), limit=10_000)
            )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("giá vàng", QueryKind.FEW),
        ("lính dù Nga", QueryKind.FEW),
        ("Phe đối lập Campuchia biểu", QueryKind.LABEL),
        ("lính dù Nga thiệt mạng", QueryKind.LABEL),
        ("vì sao giá vàng tăng", QueryKind.QUESTION),
        ("lớp này có trợ giảng không", QueryKind.QUESTION),
        ("giá vàng hôm nay?", QueryKind.QUESTION),
        ("chủ tịch Trung Quốc thăm Triều Tiên và Việt Nam", QueryKind.TEXT),
        ("không có gió trên sông", QueryKind.LABEL),
    ],
)
def test_kinds_of_plain_words(text: str, kind: QueryKind) -> None:
    assert query_kind(text, text.lower().rstrip("?").split()) is kind


def test_a_label_finds_what_its_best_articles_share() -> None:
    """Of two articles with the same words of a label, the one about the same event comes first."""
    told = "Đoàn cứu trợ của tỉnh Lâm Hà vượt đèo Ngoạn Mục."
    words = "thiệt mạng trong cơn lũ quét"
    articles = [
        *(
            Article(id=f"event{n}", headline=f"Lính dù Nga {words}", lead=f"Tin {n}. {told}")
            for n in range(3)
        ),
        Article(id="same", headline="Lính dù Nga ở sông", lead=f"{words}. {told}"),
        Article(
            id="other",
            headline="Lính dù Nga ở sông",
            lead=f"{words}. Giá vàng tăng mạnh hôm nay, dầu giảm nhẹ so kỳ trước.",
        ),
    ]
    with archive_of([*articles, *random_articles(60)]) as made:
        request = SearchRequest(query="lính dù Nga thiệt mạng", limit=20)
        ids = [hit.id for hit in made.engine.search(request).hits]
        assert set(ids[:3]) == {"event0", "event1", "event2"}
        assert ids.index("same") < ids.index("other")
        page = without_lifts(made).search(request)
        scores = {hit.id: hit.score for hit in page.hits}
        assert scores["same"] == pytest.approx(scores["other"], rel=0.05)
        found = made.engine.explain(request, "same")
        assert any("of the best articles" in part.description for part in found.children)
        asked = replace(request, query="lính dù Nga thiệt mạng?")
        found = made.engine.explain(asked, "same")
        assert not any("of the best articles" in part.description for part in found.children)
