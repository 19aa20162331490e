"""Near copies of one text: found under any headline, collapsed on request, counted exactly."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from index import VIETNAM_TIME, Article, SearchEngine, SearchRequest, SortOrder, open_engine

_SYLLABLES = re.findall(
    r"\w+",
    "lũ quét bản làng cầu treo đường đèo xã huyện tỉnh người dân chính quyền công an bộ đội cứu "
    "trợ lương thực thuốc men trường học nhà cửa ruộng lúa đàn gia súc mưa lớn sạt lở đất đá",
)


def _text(seed: int) -> list[str]:
    random = np.random.default_rng(seed)
    return [" ".join(random.choice(_SYLLABLES, 40)) for _ in range(5)]


def _article(doc_id: str, body: Sequence[str], day: int, source: str) -> Article:
    return Article(
        id=doc_id,
        headline=f"Lũ quét nhìn từ {source}",
        body=tuple(body),
        source=source,
        published=datetime(2026, 10, day, tzinfo=VIETNAM_TIME),
    )


def _articles() -> Iterator[Article]:
    wire = _text(1)
    for number, source in enumerate(("Báo Một", "Báo Hai", "Báo Ba", "Báo Một")):
        added = [*wire, f"Theo {source}, tin số {number}."]
        yield _article(f"wire{number}", added, 5 + number, source)
    for number in range(6):
        yield _article(f"own{number}", _text(10 + number), 12, "Báo Riêng")
    yield Article(id="short1", headline="Lũ quét", body=("Tin vắn về lũ quét.",))
    yield Article(id="short2", headline="Lũ quét", body=("Tin vắn về lũ quét.",))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    """Four copies of one text, six other texts, two short ones that are alike."""
    engine = open_engine(f"whoosh:{tmp_path_factory.mktemp('copies')}")
    with engine.writer() as writer:
        assert all(writer.put_all(_articles()))
    return engine


COLLAPSED = SearchRequest(query="lũ quét", limit=50, collapse=True)


def test_copies_are_one_hit_and_the_rest_is_named(engine: SearchEngine) -> None:
    page = engine.search(COLLAPSED)
    wire = [hit for hit in page.hits if hit.id.startswith("wire")]
    assert len(wire) == 1
    assert wire[0].copy_count == 3
    named = {wire[0].id, *(article.id for article in wire[0].copies)}
    assert named == {"wire0", "wire1", "wire2", "wire3"}
    assert page.total == len(page.hits) == 9
    assert page.collapsed == 3


def test_apart_they_are_all_hits(engine: SearchEngine) -> None:
    page = engine.search(replace(COLLAPSED, collapse=False))
    assert page.total == len(page.hits) == 12
    assert page.collapsed == 0
    assert not any(hit.copy_count for hit in page.hits)


@pytest.mark.parametrize(("order", "first"), [("newest", "wire3"), ("oldest", "wire0")])
def test_the_first_in_the_order_stands_for_its_copies(
    engine: SearchEngine, order: str, first: str
) -> None:
    page = engine.search(replace(COLLAPSED, sort=SortOrder(order)))
    assert [hit.id for hit in page.hits if hit.copy_count] == [first]


def test_pages_go_on_where_the_last_one_ended(engine: SearchEngine) -> None:
    whole = [hit.id for hit in engine.search(COLLAPSED).hits]
    paged = [
        hit.id
        for offset in range(0, 12, 2)
        for hit in engine.search(replace(COLLAPSED, limit=2, offset=offset)).hits
    ]
    assert paged == whole


def test_facets_count_what_their_filter_finds(engine: SearchEngine) -> None:
    names = ("source", "month", "day")
    page = engine.search(replace(COLLAPSED, facets=names))
    for value in page.facets["source"]:
        filters = replace(COLLAPSED.filters, sources=(value.value,))
        assert engine.search(replace(COLLAPSED, filters=filters)).total == value.count, value
    days = {value.value: value.count for value in page.facets["day"]}
    assert days == {"2026-10-05": 1, "2026-10-06": 1, "2026-10-07": 1, "2026-10-08": 1} | {
        "2026-10-12": 6
    }
    assert [value.count for value in page.facets["month"]] == [7]


def test_related_news_leave_copies_out(engine: SearchEngine) -> None:
    assert not {hit.id for hit in engine.related("wire0", 10)} & {"wire1", "wire2", "wire3"}
    copies = [hit.id for hit in engine.related("own0", 10) if hit.id.startswith("wire")]
    assert len(copies) <= 1


def test_a_changed_and_a_deleted_copy_leave_their_group(tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path}")
    with engine.writer() as writer:
        assert all(writer.put_all(_articles()))
    with engine.writer() as writer:
        writer.put(_article("wire1", _text(99), 6, "Báo Hai"))
        assert writer.delete("wire2")
    page = engine.search(COLLAPSED)
    assert (page.total, page.collapsed) == (9 + 1, 1)
