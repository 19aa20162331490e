"""Slips of the pen and of the keyboard: another query is offered, never put in the place of one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from small_index import SmallIndex, everyday_news, small_index

from analyzers import fold
from index import SearchPage


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallIndex]:
    with small_index(tmp_path_factory.mktemp("everyday"), everyday_news()) as built:
        yield built


def offered(page: SearchPage) -> dict[str, int]:
    """The other queries that a page offers, with their totals."""
    return {item.text: item.total for item in page.suggestions}


@pytest.mark.parametrize(
    ("query", "right"),
    [
        pytest.param("nghành", "ngành", id="Y2-word"),
        pytest.param("nghành giáo dục", "ngành giáo dục", id="Y2-phrase"),
        pytest.param("nghĩ hè", "nghỉ hè", id="Y3-hook"),
        pytest.param("suy nghỉ", "suy nghĩ", id="Y3-tilde"),
        pytest.param("sử lý rác", "xử lý rác", id="Y4"),
        pytest.param("chuyện tranh", "truyện tranh", id="Y5-tr"),
        pytest.param("câu truyện", "câu chuyện", id="Y5-ch"),
        pytest.param("chung tâm", "trung tâm", id="Y5-tr-word"),
        pytest.param("trung cư", "chung cư", id="Y5-ch-word"),
        pytest.param("dành chiến thắng", "giành chiến thắng", id="Y6-gi"),
        pytest.param("giành cho trẻ", "dành cho trẻ", id="Y6-d"),
        pytest.param("bổ xung", "bổ sung", id="Y7"),
        pytest.param("thăm quan", "tham quan", id="Y8"),
        pytest.param("lai chaâu", "lai châu", id="Y12"),
    ],
)
def test_the_right_spelling_is_offered(index: SmallIndex, query: str, right: str) -> None:
    page = index.search(query)
    total = index.search(right).total
    assert total > 0
    assert offered(page).get(right) == total
    assert right not in [rewrite.target for rewrite in page.query.rewrites]


@pytest.mark.parametrize(
    ("query", "right"),
    [
        pytest.param("đưòng", "đường", id="Y1-duong"),
        pytest.param("trưòng", "trường", id="Y1-truong"),
        pytest.param("ngưòi", "người", id="Y1-nguoi"),
    ],
)
def test_a_lost_horn_is_a_missing_mark(index: SmallIndex, query: str, right: str) -> None:
    # Typed marks are lower bounds (S9): what is found needs no offer.
    assert index.names(query) == index.names(right) != set()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param("laichau", "lai chau", id="Y10-laichau"),
        pytest.param("hanoi", "ha noi", id="Y10-hanoi"),
    ],
)
def test_joined_words_are_offered_apart(index: SmallIndex, query: str, words: str) -> None:
    page = index.search(query)
    assert [(item.kind, fold(item.text)) for item in page.suggestions] == [("split", words)]
    assert page.suggestions[0].total == index.search(words).total > 0


@pytest.mark.parametrize("row", ["Y10-tphcm"])
def test_a_joined_abbreviation_is_known(tmp_path: Path, row: str) -> None:
    documents = {"short": "TP.HCM mưa lớn", "long": "Thành phố Hồ Chí Minh mưa lớn"}
    with small_index(tmp_path, documents) as index:
        assert index.names("tphcm") == {"short", "long"}
        assert index.search("tphcm").suggestions == ()


@pytest.mark.parametrize("row", ["Y7-few", "Y7-many"])
def test_only_a_query_with_few_hits_is_doubted(tmp_path: Path, row: str) -> None:
    few = row == "Y7-few"
    documents = {
        "typed": ("Bổ xung giáo viên", 2 if few else 12),
        "right": ("Bổ sung giáo viên", 30),
    }
    with small_index(tmp_path, documents) as index:
        page = index.search("bổ xung")
        matched = [hit for hit in page.hits if hit.tier == 1]
        assert {hit.article.headline for hit in matched} == {"Bổ xung giáo viên"}
        assert offered(page) == ({"bổ sung": 30} if few else {})


@pytest.mark.parametrize(
    "query",
    [
        "tiếng việt",
        "đại hội đảng",
        "chung cư",
        "trung tâm",
        "xử lý rác",
        "giá xăng dầu",
        "hòa bình",
    ],
)
def test_what_is_written_right_is_not_doubted(index: SmallIndex, query: str) -> None:
    page = index.search(query)
    assert page.total
    assert page.suggestions == ()


@pytest.mark.parametrize("query", ["not", "NOT", "nghanh"])
def test_a_bare_query_is_not_corrected(index: SmallIndex, query: str) -> None:
    # Its accents are restored instead; a foreign word is not taken for a slip.
    kinds = {item.kind for item in index.search(query).suggestions}
    assert "spelling" not in kinds
