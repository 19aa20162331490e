"""An index that an earlier program wrote stays readable, writable and convertible.

`data/index_format_2` holds 200 articles in two segments, three deleted and one withdrawn, and what
the program of that day answered.
"""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index import SearchEngine, SearchRequest, Withdrawal, open_engine

_FIXTURE = Path(__file__).parents[1] / "data" / "index_format_2"
_EXPECTED: dict[str, Any] = json.loads((_FIXTURE / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def engine(tmp_path: Path) -> SearchEngine:
    """The old index in a folder that may be written to."""
    shutil.copytree(_FIXTURE / "index", tmp_path / "index")
    return open_engine(f"whoosh:{tmp_path / 'index'}")


def _ids(engine: SearchEngine) -> list[str]:
    return sorted(article.id for article in engine.articles())


def test_it_holds_what_it_held(engine: SearchEngine) -> None:
    stats = engine.stats()
    assert (stats.articles, stats.segments) == (_EXPECTED["articles"], _EXPECTED["segments"])
    assert stats.generation == _EXPECTED["generation"]
    assert _ids(engine) == _EXPECTED["ids"]
    assert [engine.get(doc_id) for doc_id in _EXPECTED["deleted"]] == [None] * 3
    assert {
        doc_id: day.isoformat() for doc_id, day in engine.withdrawals().days.items()
    } == _EXPECTED["withdrawn"]
    report = engine.verify(deep=True)
    assert (report.articles, report.compared, report.faults) == (_EXPECTED["articles"], 2, ())


@pytest.mark.parametrize("query", _EXPECTED["answers"])
def test_it_answers_as_it_did(engine: SearchEngine, query: str) -> None:
    page = engine.search(SearchRequest(query=query, limit=10, highlight=True))
    found = {"total": page.total, "hits": [[hit.id, round(hit.score, 6)] for hit in page.hits]}
    assert found == _EXPECTED["answers"][query]


def test_it_is_written_on(engine: SearchEngine) -> None:
    deleted, (withdrawn,) = _EXPECTED["ids"][0], _EXPECTED["withdrawn"]
    with engine.writer() as writer:
        assert writer.delete(deleted)
    engine.withdraw([Withdrawal(id=_EXPECTED["ids"][1], on=date(2026, 10, 6))])
    assert _ids(engine) == _EXPECTED["ids"][2:]
    assert set(engine.withdrawals().days) == {withdrawn, _EXPECTED["ids"][1]}


def test_it_is_analysed_anew_and_brought_back(engine: SearchEngine) -> None:
    assert engine.reindex() == _EXPECTED["articles"]
    assert _ids(engine) == _EXPECTED["ids"]
    assert list(engine.withdrawals().days) == list(_EXPECTED["withdrawn"])
    engine.rollback()
    assert _ids(engine) == _EXPECTED["ids"]
    assert engine.stats().segments == _EXPECTED["segments"]
