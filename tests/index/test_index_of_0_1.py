"""An index that an earlier program wrote is refused with its remedy, which makes it what it was.

`data/index_format_2` holds 200 articles in two segments, three deleted and one withdrawn, and what
the program of that day answered. Its analysis is another one: numbers, dates and names with signs
in them became other tokens.
"""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index import (
    IndexMismatch,
    RollbackUnavailable,
    SearchEngine,
    SearchRequest,
    Withdrawal,
)
from index.engines.embedded.engine import WhooshEngine
from index.ranking import DEFAULT_RANKING

_FIXTURE = Path(__file__).parents[1] / "data" / "index_format_2"
_EXPECTED: dict[str, Any] = json.loads((_FIXTURE / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def old(tmp_path: Path) -> SearchEngine:
    """The old index in a folder that may be written to, without what reorders the best today."""
    shutil.copytree(_FIXTURE / "index", tmp_path / "index")
    constants = replace(DEFAULT_RANKING, question_gain=0, passage_gain=0, feedback_share=0)
    return WhooshEngine(tmp_path / "index", constants=constants)


@pytest.fixture
def engine(old: SearchEngine) -> SearchEngine:
    """The old index, analysed anew."""
    assert old.reindex() == _EXPECTED["articles"]
    return old


def test_it_is_neither_read_nor_written_before_it_is_analysed_anew(old: SearchEngine) -> None:
    with pytest.raises(IndexMismatch, match="timbao reindex"):
        old.count()
    with pytest.raises(IndexMismatch, match="timbao reindex"), old.writer():
        pytest.fail("segments of two analyses in one index")
    report = old.verify()
    assert (report.articles, report.segments, report.faults) == (
        *(_EXPECTED["articles"], _EXPECTED["segments"]),
        (),
    )


def _ids(engine: SearchEngine) -> list[str]:
    return sorted(article.id for article in engine.articles())


def test_it_holds_what_it_held(engine: SearchEngine) -> None:
    stats = engine.stats()
    assert stats.articles == _EXPECTED["articles"]
    assert stats.generation == _EXPECTED["generation"] + 1
    assert _ids(engine) == _EXPECTED["ids"]
    assert [engine.get(doc_id) for doc_id in _EXPECTED["deleted"]] == [None] * 3
    assert {
        doc_id: day.isoformat() for doc_id, day in engine.withdrawals().days.items()
    } == _EXPECTED["withdrawn"]
    report = engine.verify(deep=True)
    assert (report.articles, report.faults) == (_EXPECTED["articles"], ())
    assert report.compared == stats.segments


@pytest.mark.parametrize("query", _EXPECTED["answers"])
def test_it_answers_as_it_did(engine: SearchEngine, query: str) -> None:
    page = engine.search(SearchRequest(query=query, limit=10, highlight=True))
    # What has most of the words only was counted where nothing had them all.
    most = 3 if page.relaxed else 2
    expected = _EXPECTED["answers"][query]
    assert expected["total"] == page.total + (page.near_total if page.relaxed else page.wider_total)
    hits = [hit for hit in page.hits if hit.tier <= most]
    assert [hit.id for hit in hits] == [doc_id for doc_id, _ in expected["hits"]]
    # Numbers in groups take fewer positions than they did, so articles are a little shorter.
    assert [hit.score for hit in hits] == pytest.approx(
        [score for _, score in expected["hits"]], rel=1e-3
    )


def test_it_is_written_on(engine: SearchEngine) -> None:
    deleted, (withdrawn,) = _EXPECTED["ids"][0], _EXPECTED["withdrawn"]
    with engine.writer() as writer:
        assert writer.delete(deleted)
    engine.withdraw([Withdrawal(id=_EXPECTED["ids"][1], on=date(2026, 10, 6))])
    assert _ids(engine) == _EXPECTED["ids"][2:]
    assert set(engine.withdrawals().days) == {withdrawn, _EXPECTED["ids"][1]}


def test_only_the_program_that_wrote_it_brings_it_back(engine: SearchEngine) -> None:
    assert list(engine.withdrawals().days) == list(_EXPECTED["withdrawn"])
    with pytest.raises(RollbackUnavailable, match="vi-1 wrote the earlier generation"):
        engine.rollback()
    assert _ids(engine) == _EXPECTED["ids"]
