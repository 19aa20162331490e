"""Telex and VNI keystrokes: read as syllables only where nothing else matches, and said so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import folded_terms_of, terms_of
from small_index import Documents, SmallIndex, everyday_news, small_index

from index import Rewrite, SearchPage, SearchRequest

KEYBOARDS = {"telex", "vni"}
FOREIGN_WORDS = ["car", "bus", "gas", "box", "sex", "is", "us", "as", "of", "this"]
GUARDED_WORDS = ["test", "visa", "best", "air", "trong", "trang", "tre"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallIndex]:
    with small_index(tmp_path_factory.mktemp("everyday"), everyday_news()) as built:
        yield built


def read_as_keystrokes(page: SearchPage) -> list[str]:
    """What the page offers or applies as decoded keystrokes."""
    rewrites = [item.target for item in page.query.rewrites if item.kind in KEYBOARDS]
    return rewrites + [item.text for item in page.suggestions if item.kind in KEYBOARDS]


@pytest.mark.parametrize(
    ("query", "kind", "reading"),
    [
        pytest.param("tieengs vieetj", "telex", "tiếng việt", id="K1"),
        pytest.param("tieesng vieejt", "telex", "tiếng việt", id="K2"),
        pytest.param("lai chaau", "telex", "lai châu", id="K3"),
        pytest.param("ddaij hooij ddarng", "telex", "đại hội đảng", id="K4"),
        pytest.param("nghij quyeets", "telex", "nghị quyết", id="K5"),
        pytest.param("chur tijch nuwowcs", "telex", "chủ tịch nước", id="K6"),
        pytest.param("chur tijch nuowcs", "telex", "chủ tịch nước", id="K7"),
        pytest.param("quoocs hooij", "telex", "quốc hội", id="K8"),
        pytest.param("hoaf bifnh", "telex", "hoà bình", id="K9"),
        pytest.param("DDAIJ HOOIJ", "telex", "đại hội", id="K10"),
        pytest.param("tie6ng1 vie6t5", "vni", "tiếng việt", id="K11"),
        pytest.param("d9a5i ho65i", "vni", "đại hội", id="K12"),
        pytest.param("la2 ne62n", "vni", "là nền", id="K13"),
        pytest.param("Tie61ng Vie65t", "vni", "tiếng việt", id="V4"),
    ],
)
def test_keystrokes_are_read_where_nothing_matches(
    index: SmallIndex, query: str, kind: str, reading: str
) -> None:
    page = index.search(query)
    assert page.query.rewrites == (Rewrite(kind=kind, source=query, target=reading),)
    assert page.total
    assert [(hit.id, hit.score) for hit in page.hits] == [
        (hit.id, hit.score) for hit in index.search(reading).hits
    ]
    assert " ".join(terms_of(reading)) in " ".join(terms_of(page.hits[0].article.headline))
    as_typed = index.search(SearchRequest(query=query, fix=False))
    assert read_as_keystrokes(as_typed) == []


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("max", id="K14"),
        pytest.param("taxi", id="K15"),
        *(pytest.param(word, id=f"K16-{word}") for word in FOREIGN_WORDS),
        pytest.param("IS", id="K17"),
        *(pytest.param(code, id=f"K18-{code}") for code in ("E5", "CO2", "U23", "A380")),
        pytest.param("xoong", id="K19"),
        *(pytest.param(word, id=f"V4-{word}") for word in GUARDED_WORDS),
    ],
)
def test_words_of_the_archive_stay(index: SmallIndex, query: str) -> None:
    page = index.search(query)
    assert read_as_keystrokes(page) == []
    assert page.total
    assert all(query.lower() in folded_terms_of(hit.article.headline) for hit in page.hits)


@pytest.mark.parametrize("row", ["K20"])
def test_tw_stays_an_abbreviation(index: SmallIndex, row: str) -> None:
    page = index.search("tw")
    assert read_as_keystrokes(page) == []
    assert page.hits[0].article.headline == "Hội nghị TW bàn về cán bộ"
    assert [rewrite.kind for rewrite in page.query.rewrites] == ["abbreviation"]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("taxi", id="K15"),
        *(pytest.param(word, id=f"K16-{word}") for word in FOREIGN_WORDS),
        pytest.param("IS", id="K17"),
        pytest.param("xoong", id="K19"),
        pytest.param("tw", id="K20"),
        pytest.param("dd", id="K21"),
        *(pytest.param(word, id=f"V4-{word}") for word in GUARDED_WORDS),
    ],
)
def test_foreign_words_stay_where_no_article_has_them(tmp_path: Path, query: str) -> None:
    decoded = "Tãi cả bú gá bõ sẽ í ú á ò thí tét bét vía ải xông tư trống trảng trẻ đ"
    with small_index(tmp_path, {"decoded": decoded}) as index:
        assert read_as_keystrokes(index.search(query)) == []


@pytest.mark.parametrize("row", ["K22"])
def test_the_reading_with_hits_is_offered(tmp_path: Path, row: str) -> None:
    documents: Documents = {"drive": "Lái xe an toàn", "province": ("Lai Châu vào xuân", 3)}
    with small_index(tmp_path, documents) as index:
        page = index.search("lais chaau")
        assert page.query.rewrites == ()
        offered = [(item.text, item.total) for item in page.suggestions]
        assert offered == [("lai châu", 3)]


@pytest.mark.parametrize("row", ["V4"])
def test_a_rare_slip_is_offered_a_reading_but_not_changed(tmp_path: Path, row: str) -> None:
    documents: Documents = {
        "slip": "Bài báo gõ tieengs vieetj",
        "right": ("Tiếng Việt giàu và đẹp", 201),
    }
    with small_index(tmp_path, documents) as index:
        page = index.search("tieengs vieetj")
        assert [hit.id for hit in page.hits] == ["slip"]
        assert page.query.rewrites == ()
        offered = [(item.kind, item.text, item.total) for item in page.suggestions]
        assert offered == [("telex", "tiếng việt", 201)]


@pytest.mark.parametrize("row", ["V4"])
def test_most_words_must_be_keystrokes(index: SmallIndex, row: str) -> None:
    page = index.search("giaos giá xăng dầu")
    assert read_as_keystrokes(page) == []
    assert page.relaxed


@pytest.mark.parametrize(
    ("query", "reading"),
    [
        ("tieude:nooij", "tieude:nội"),
        ('"hoaf bifnh" xar', '"hoà bình" xả'),
        ('"hoaf bifnh"', '"hoà bình"'),
        ('tieude:"hoaf bifnh"', 'tieude:"hoà bình"'),
        ("hoaf bifnh -muwa", "hoà bình -mưa"),
        ("hoaf bifnh AND xar", "hoà bình AND xả"),
        ("(hoaf AND bifnh) OR vieetj", "(hoà AND bình) OR việt"),
        ("hoa2 binh2 -mu7a", "hoà bình -mưa"),
    ],
)
def test_fields_phrases_and_operators_are_kept(index: SmallIndex, query: str, reading: str) -> None:
    page = index.search(query)
    decoded = read_as_keystrokes(page)
    assert decoded in ([reading], [])
    if decoded:
        assert [hit.id for hit in page.hits] == [hit.id for hit in index.search(reading).hits]
    assert bool(decoded) == bool(index.search(reading).total)
