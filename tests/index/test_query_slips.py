"""Slips of everyday queries: the right offer at every size, and none for right words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from profiles import by_profile
from small_index import Documents, SmallIndex, small_index

from analyzers import analyze, overtyped
from index import Filters, SearchEngine, SearchRequest, open_engine
from index.engines.embedded.engine import WhooshEngine
from index.query.prior import load_prior
from index.query.query_text import text_runs
from index.query.slips import edited_folds, near_folds, slip_cost
from index.query.syntax import parse

_TABLE = Path(__file__).parents[1] / "data" / "slips.tsv"
#: Of the slips that an archive can answer, at least and at most.
_RIGHT, _WRONG = 0.90, 0.02


@pytest.fixture(scope="module")
def engine(demo_archive: str) -> Iterator[SearchEngine]:
    opened = open_engine(demo_archive)
    yield opened
    opened.close()


def slips() -> list[tuple[str, list[str], str]]:
    """The table: what is typed, what may be meant, and the kind."""
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(typed, right.split("|"), kind) for typed, right, kind in rows]


def keys(text: str) -> list[str]:
    return [token.exact for token in analyze(text)]


def offers(engine: SearchEngine, query: str) -> list[str]:
    return [item.text for item in engine.search(SearchRequest(query=query, limit=0)).suggestions]


def test_the_table_has_300_slips_of_every_kind() -> None:
    table = slips()
    assert len(table) >= 300
    assert len({typed for typed, _, _ in table}) == len(table)
    assert all(typed not in right for typed, right, _ in table)
    kinds = {kind for _, _, kind in table}
    assert kinds == {
        *("tone", "mark", "onset", "coda", "vowel", "letters"),
        *("foreign", "debris", "joined", "name", "kept"),
    }


@pytest.mark.deep
def test_most_slips_get_the_right_offer_and_hardly_any_a_wrong_one(engine: SearchEngine) -> None:
    right = wrong = held = 0
    for typed, meant, kind in slips()[:: by_profile(quick=4, deep=1)]:
        quoted = meant if kind == "kept" else [f'"{text}"' for text in meant]
        asked = (SearchRequest(query=text, limit=0, fix=False) for text in quoted)
        if not any(engine.search(request).total for request in asked):
            continue
        held += 1
        page = engine.search(SearchRequest(query=typed, limit=0))
        read_as = [
            item.target for item in page.query.rewrites if item.source == typed != item.target
        ]
        for answer in [*(item.text for item in page.suggestions), *read_as][:1]:
            good = answer in meant if kind == "kept" else keys(answer) in map(keys, meant)
            right, wrong = right + good, wrong + (not good)
    assert held >= by_profile(quick=50, deep=200)
    assert right >= _RIGHT * held
    assert wrong <= _WRONG * held


@pytest.mark.parametrize(
    ("archive", "query", "right"),
    [
        pytest.param(
            {"a": "Giá vàng ngày 05/09/2025"},
            "gia vang ngay 05/09/2025",
            "giá vàng ngày 05/09/2025",
            id="date",
        ),
        pytest.param(
            {"a": "Giá vàng 1.000.000 đồng"},
            "gia vang 1.000.000",
            "giá vàng 1.000.000",
            id="number",
        ),
        pytest.param(
            {"a": "Nghị định 01/2021/NĐ-CP"}, "nghi dinh 01", "nghị định 01", id="leading-zero"
        ),
        pytest.param(
            {"a": "Bờ biển của Côte d'Ivoire"}, "cote d'ivoire", "côte d'ivoire", id="apostrophe"
        ),
        pytest.param({"a": "Chợ Đà Nẵng"}, "Da Nang", "Đà Nẵng", id="capitals"),
        pytest.param({"a": "Chợ Đà Nẵng"}, "DA NANG", "ĐÀ NẴNG", id="all-capitals"),
        pytest.param({"a": "Xử lý 5% rác"}, "sử lý 5%", "xử lý 5%", id="sign"),
        pytest.param(
            {"a": "Bổ sung giáo viên, sửa trường"},
            'tieude:"bổ xung"',
            'tieude:"bổ sung"',
            id="field",
        ),
        pytest.param(
            {"a": "Bổ sung giáo viên", "b": "Bổ sung y tá"},
            "bổ xung -(y tá)",
            "bổ sung -(y tá)",
            id="minus",
        ),
        pytest.param(
            {"a": "Bổ sung giáo viên", "b": "Xử lý rác"},
            '"bổ xung" OR "sử lý"',
            '"bổ sung" OR "xử lý"',
            id="both-operands",
        ),
        pytest.param({"a": "Xử lý rác ở Hà Nội"}, '"ha noi" xu ly', '"hà nội" xử lý', id="quotes"),
    ],
)
def test_an_offer_keeps_what_was_right(
    tmp_path: Path, archive: Documents, query: str, right: str
) -> None:
    with small_index(tmp_path, archive) as index:
        page = index.search(query)
        assert [item.text for item in page.suggestions] == [right]
        assert page.suggestions[0].total == index.search(right).total > 0


@pytest.mark.parametrize(
    "query", ["A", "NOT", "IS", "ă", "visa", "taxi", "lan", "C", "U23", "?", ""]
)
def test_a_right_word_gets_no_offer(tmp_path: Path, query: str) -> None:
    headlines: Documents = {
        "a": ("Châu Á và nốt nhạc của lần cuối", 5),
        "b": "Hội A họp, IS rút lui",
        "c": ("Vỉa hè có cái ấy, sĩ số đã tăng", 3),
        "d": "Xin visa, đi taxi, gặp chị Lan",
    }
    with small_index(tmp_path, headlines) as index:
        assert index.search(query).suggestions == ()


@pytest.mark.parametrize(("typed", "right"), [(0, 6), (3, 90), (5, 300)])
def test_a_slip_is_told_by_the_frequency_of_what_is_meant(
    tmp_path: Path, typed: int, right: int
) -> None:
    headlines: Documents = {
        "meant": ("Tập huấn bổ sung giáo viên", right),
        "slip": ("Tin bổ xung", typed),
        "apart": ("Xung quanh chuyện bổ ích", 40),
    }
    with small_index(tmp_path, headlines) as index:
        page = index.search("bổ xung")
        assert page.total >= 40
        assert [(item.text, item.total) for item in page.suggestions] == [("bổ sung", right)]


@pytest.mark.parametrize(
    "query",
    [
        "sử lý",
        "bổ xung",
        "hanoi",
        "gia vang",
        "tiếngg việt",
        "tai nan giao thong",
        '"sử lý" -mưa',
    ],
)
def test_the_total_of_an_offer_is_that_of_its_page(engine: SearchEngine, query: str) -> None:
    requests = [
        SearchRequest(query=query, limit=0),
        SearchRequest(query=query, limit=0, collapse=True),
        SearchRequest(query=query, limit=0, field="headline"),
        SearchRequest(query=query, limit=0, filters=Filters(sections=("Kinh tế",))),
    ]
    promised = 0
    for request in requests:
        for item in engine.search(request).suggestions:
            promised += 1
            assert engine.search(replace(request, query=item.text)).total == item.total, request
    assert promised


@pytest.mark.deep
def test_every_promise_of_the_table_is_kept(engine: SearchEngine) -> None:
    for typed, _, _ in slips()[:: by_profile(quick=8, deep=1)]:
        request = SearchRequest(query=typed, limit=0)
        for item in engine.search(request).suggestions:
            assert engine.search(replace(request, query=item.text)).total == item.total, typed


def test_known_folds_are_those_with_variants(engine: SearchEngine) -> None:
    assert isinstance(engine, WhooshEngine)
    lexicon = engine._current().lexicon
    asked = edited_folds("thanh") | edited_folds("ha") | {"covid", "facebook", "xyzxyz"}
    known = lexicon.known_folds(asked)
    assert set(known) == {fold for fold in asked if lexicon.variants(fold)} != set()
    counts = [sum(form.count for form in lexicon.variants(fold)) for fold in known]
    assert counts == sorted(counts, reverse=True)


def test_neighbours_of_the_prior_are_counted_together_as_one_by_one() -> None:
    prior = load_prior()
    firsts, seconds = (np.array(prior.vocabulary.forms(fold)) for fold in ("ha", "noi"))
    counts = prior.neighbour_counts(firsts, seconds)
    text = prior.vocabulary.text
    found = {
        (text[int(first)], text[int(second)]): counts[i, j]
        for i, first in enumerate(firsts)
        for j, second in enumerate(seconds)
        if counts[i, j]
    }
    assert found == dict(prior.pairs_of("ha", "noi"))
    assert found["hà", "nội"] == max(found.values())


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallIndex]:
    headlines = {"a": "Nhạc sĩ ở Las Vegas", "b": "Cấm thuốc lá điện tử", "c": "Mưa ở Hà Nội"}
    with small_index(tmp_path_factory.mktemp("mixed"), headlines) as built:
        yield built


def test_a_known_word_among_keystrokes_is_decoded_too(mixed: SmallIndex) -> None:
    page = mixed.search("caams thuoocs las ddieenj tuwr")
    assert [item.target for item in page.query.rewrites] == ["cấm thuốc lá điện tử"]
    assert [hit.id for hit in page.hits] == ["b"]
    assert mixed.names("las vegas") == {"a"}


@pytest.mark.parametrize(
    ("raw", "whole"),
    [
        ("chaoào", "chào"),
        ("buoôiổi", "buổi"),
        ("moôtột", "một"),
        ("đđường", "đường"),
        ("tiếngg", "tiếng"),
        ("hàhà", "hà"),
        ("faceboook", "facebook"),
    ],
)
def test_letters_that_an_input_method_left_are_taken_back(raw: str, whole: str) -> None:
    assert whole in overtyped(raw)


@pytest.mark.parametrize("raw", ["nước", "abc1", "", "a b", "aáà" * 9])
def test_what_repeats_nothing_or_is_too_long_is_left(raw: str) -> None:
    assert overtyped(raw) == ()


def test_text_with_many_repetitions_has_few_readings() -> None:
    assert len(overtyped("aáà" * 8)) <= 200


def test_the_likelier_slip_costs_less() -> None:
    for typed, likelier, other in (
        ("sữa", "sửa", "sứa"),
        ("xung", "sung", "cung"),
        ("tê", "tế", "té"),
        ("trỉ", "chỉ", "phỉ"),
        ("hcọ", "học", "hốc"),
        ("googlle", "google", "goggles"),
    ):
        assert 0 < slip_cost(typed, likelier) < slip_cost(typed, other)
        assert slip_cost(typed, typed) == 0
    assert {"sung", "xun", "xunh"} <= set(near_folds("xung"))
    assert {"bc", "bac", "ab", "abcd", "xabc"} - {"abc"} <= edited_folds("abc") | {"bac"}


def test_runs_have_their_places_in_the_query() -> None:
    query = 'tieude:"Hà  nội" -(mưa OR lũ,lụt) tacgia:Nam thu* 01'
    runs = text_runs(query, parse(query).tree)
    assert [[query[t.start : t.end] for t in run.tokens] for run in runs] == [
        ["Hà", "nội"],
        ["mưa"],
        ["lũ", "lụt"],
        ["01"],
    ]
    assert [run.quoted for run in runs] == [True, False, False, False]
    assert [run.beside for run in runs] == [(True,), (), (False,), ()]
