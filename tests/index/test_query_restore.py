"""Restoration against sums over every path, and doubts that the best articles settle."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, pairwise, product, repeat

import pytest
from archives import archive_of
from hypothesis import given
from hypothesis import strategies as st

from analyzers import analyze, fold
from index import Article, Filters, SearchRequest
from index.query.restore import likeliest_forms, restore

_FORMS = ("tu", "tư", "tù", "nhan", "nhân", "tai", "tại", "tài")
_FOLDS = tuple(dict.fromkeys(map(fold, _FORMS)))


@dataclass(frozen=True, slots=True)
class _Table:
    """Counts that a test writes down."""

    singles: dict[str, int]
    pairs: dict[tuple[str, str], int]
    words: dict[tuple[str, str], int]

    @property
    def total(self) -> float:
        return 1000.0

    def candidates_of(self, folded: str) -> Sequence[tuple[str, float]]:
        return [(form, float(n)) for form, n in self.singles.items() if fold(form) == folded]

    def pairs_of(self, first: str, second: str) -> Sequence[tuple[tuple[str, str], float]]:
        return [(p, float(n)) for p, n in self.pairs.items() if _folds(p) == (first, second)]

    def words_of(self, first: str, second: str) -> Sequence[tuple[tuple[str, str], float]]:
        return [(p, float(n)) for p, n in self.words.items() if _folds(p) == (first, second)]

    def step(self, first: str, second: str) -> float:
        """P(second | first) by the formula of restore.py."""
        together = self.pairs.get((first, second), 0)
        as_word = min(1.0, self.words.get((first, second), 0) / together) if together else 0.0
        joint = 0.85 * together * (1 + 8 * as_word) / self.singles[first]
        return joint + 0.15 * self.single(second)

    def single(self, form: str) -> float:
        return (self.singles[form] + 0.5) / (self.total + 1)


def _folds(pair: tuple[str, str]) -> tuple[str, str]:
    return fold(pair[0]), fold(pair[1])


_COUNTS = st.integers(1, 200)
_PAIRS = st.dictionaries(st.tuples(*[st.sampled_from(_FORMS)] * 2), _COUNTS, max_size=20)
_tables = st.builds(_Table, st.fixed_dictionaries(dict.fromkeys(_FORMS, _COUNTS)), _PAIRS, _PAIRS)


@given(_tables, st.lists(st.sampled_from(_FOLDS), min_size=1, max_size=4), st.data())
def test_probabilities_and_the_best_path_are_those_of_all_paths(
    table: _Table, typed: list[str], data: st.DataObject
) -> None:
    columns = [[form for form in _FORMS if fold(form) == folded] for folded in typed]
    places = [(index, form) for index, forms in enumerate(columns) for form in forms]
    chances = st.floats(0.01, 10)
    priors = data.draw(st.dictionaries(st.sampled_from(places), chances, max_size=4))
    weights = {
        path: table.single(path[0])
        * math.prod(table.step(*pair) for pair in pairwise(path))
        * math.prod(priors.get(place, 1.0) for place in enumerate(path))
        for path in product(*columns)
    }
    restored = restore(table, analyze(" ".join(typed)), priors)
    assert weights[restored.forms] == pytest.approx(max(weights.values()))
    for index, readings in enumerate(restored.readings):
        for form, chance in readings.items():
            share = sum(weight for path, weight in weights.items() if path[index] == form)
            assert chance == pytest.approx(share / sum(weights.values()))


def test_marks_typed_are_kept_and_unknown_words_stay() -> None:
    table = _Table(dict.fromkeys(_FORMS, 5), {}, {})
    assert restore(table, analyze("tù xyz 2005")).forms == ("tù", "xyz", "2005")
    assert restore(table, []).forms == ()


@given(_tables, st.lists(st.sampled_from(_FOLDS), max_size=4))
def test_forms_alone_are_those_with_probabilities(table: _Table, typed: list[str]) -> None:
    tokens = analyze(" ".join(typed))
    assert likeliest_forms(table, tokens) == restore(table, tokens).forms


def _news() -> list[Article]:
    firms = [
        Article(id=f"f{n}", headline=f"Doanh nghiệp tư nhân tại tỉnh {n} mở rộng nhà máy")
        for n in range(20)
    ]
    prisoners = [
        Article(
            id=f"p{n}",
            headline=f"Tù nhân tại Guantanamo tuyệt thực ngày thứ {n}",
            section="Thế giới" if n else "Pháp luật",
        )
        for n in range(3)
    ]
    return firms + prisoners


def test_the_best_articles_settle_a_reading_that_neighbours_leave_open() -> None:
    with archive_of(_news()) as archive:
        asked = SearchRequest(query="tu nhan tai guantanamo")
        searcher = archive.engine._current()
        alone = restore(searcher.counts, analyze(asked.query))
        assert alone.forms[:2] == ("tư", "nhân")
        analysis = archive.engine.analyze(asked)
        assert analysis.restored == "tù nhân tại guantanamo"
        page = archive.engine.search(asked)
        assert [hit.id[0] for hit in page.hits if hit.tier == 1] == ["p"] * 3
        (offered,) = page.suggestions
        assert offered.text == "tù nhân tại guantanamo"
        assert math.prod(alone.likelihoods) < offered.confidence <= 1


def test_filters_do_not_change_how_a_query_is_read() -> None:
    asked = SearchRequest(query="tu nhan tai guantanamo")
    with archive_of(_news()) as archive:
        every = {hit.id: hit.score for hit in archive.engine.search(asked).hits}
        within = replace(asked, filters=Filters(sections=("Pháp luật",)))
        few = {hit.id: hit.score for hit in archive.engine.search(within).hits if hit.tier == 1}
    assert set(few) == {"p0"}
    assert few.items() <= every.items()


def test_a_filter_that_leaves_nothing_does_not_change_how_the_query_is_read_later() -> None:
    asked = SearchRequest(query="tu nhan tai guantanamo")
    nowhere = replace(asked, filters=Filters(sections=("Ẩm thực",)))
    with archive_of(_news()) as archive:
        assert archive.engine.search(nowhere).total == 0
        assert archive.engine.analyze(asked).restored == "tù nhân tại guantanamo"
        hits = archive.engine.search(asked).hits
        assert [hit.id[0] for hit in hits if hit.tier == 1] == ["p"] * 3


def test_a_search_cut_short_at_any_moment_does_not_change_how_the_query_is_read_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = SearchRequest(query="tu nhan tai guantanamo")
    moments: Iterator[int] = iter(())
    monkeypatch.setattr("index.retrieval.budget.monotonic", lambda: next(moments))
    with archive_of(_news()) as archive:
        whole = archive.engine.search(asked)
        cut_short = 0
        for looks in count(1):
            archive.engine.close()
            moments = chain(repeat(0, looks), repeat(2))
            hurried = archive.engine.search(replace(asked, budget=1.0))
            assert archive.engine.search(asked) == whole
            if not hurried.partial:
                break
            cut_short += 1
    assert cut_short > 10
