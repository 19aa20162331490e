"""The archive as a Whoosh index: Whoosh's parser, queries, scores, highlights and readers."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import whoosh.index
from archives import small_index as numbered_index
from generated_news import numbered_article
from whoosh import query
from whoosh.qparser import FuzzyTermPlugin, MultifieldParser, QueryParser
from whoosh.query import spans
from whoosh.reading import TermNotFound
from whoosh.sorting import FieldFacet

from analyzers import ANALYSIS_VERSION
from index import (
    VIETNAM_TIME,
    Article,
    EngineUnavailable,
    IndexMismatch,
    IndexNotFound,
    RelatedItem,
    Withdrawal,
    open_engine,
    whoosh_index,
)


def article(name: str, headline: str, *body: str, **parts: Any) -> Article:
    day = parts.pop("day", None)
    published = None if day is None else datetime(2026, 1, day, 0, 30, tzinfo=VIETNAM_TIME)
    return Article(id=name, headline=headline, body=body, published=published, **parts)


def naive(day: int, minute: int) -> datetime:
    """As Whoosh has times, without a zone."""
    return datetime(2026, 1, day, 0, minute)  # noqa: DTZ001


FILLER = "x"
BATCHES = (
    (
        article(
            "dam", "Công an bắt trộm ở Hòa Bình", "Đường vào chợ đông.", "Chợ Tình vắng.", day=1
        ),
        article("old", "Bản cũ", "sẽ bị thay", day=2),
        article("gone", "Đã gỡ", "Công an xã", day=3),
        article("bare", "Ha Noi traffic", "Cong an xa", day=4, source="Báo A"),
        # With so many others beside them, deleted articles stay in the segment.
        *(article(f"{FILLER}{number}", "đệm", "đệm") for number in range(8)),
    ),
    (
        article("old", "Bản mới", "Hà Nội mưa, mưa to ở Hoà Bình", day=5, section="Thời sự"),
        article(
            "rich",
            "Tổng thống Pu-tin thăm Hà Nội",
            "Cuộc gặp ngày 20/11/2025",
            lead="Mưa nhẹ",
            captions=("Ảnh: chợ",),
            authors=("Nguyễn Văn An", "Lê Lai"),
            tags=("ngoại giao",),
            source="Báo B",
            url="https://b.example/1",
            related=(RelatedItem("Mưa ở Hạ Long", "Thuyền nghỉ"),),
        ),
    ),
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two segments, with a replaced and a deleted article."""
    address = f"whoosh:{tmp_path_factory.mktemp('archive')}"
    for batch in BATCHES:
        with open_engine(address).writer() as writer:
            for each in batch:
                writer.put(each)
    open_engine(address).withdraw([Withdrawal(id="gone", on=date(2026, 2, 1))])
    return address


@pytest.fixture(scope="module")
def searcher(address: str) -> Iterator[Any]:
    with whoosh_index(address).searcher() as searcher:
        assert len(searcher.leaf_searchers()) == 2
        yield searcher


def ids(searcher: Any, asked: Any, **options: Any) -> list[str]:
    """The ids of all hits in order, fillers left out."""
    found = [hit["id"] for hit in searcher.search(asked, limit=None, **options)]
    assert len(set(found)) == len(found)
    return [doc_id for doc_id in found if not doc_id.startswith(FILLER)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("headline:hòa", "dam"),
        ("headline:HOÀ", "dam"),
        ('"hoà bình"', "dam old"),
        ('body:"bình hoà"', ""),
        ('"đông chợ"', ""),  # not across paragraphs
        ("mưa NOT hoà", "rich"),
        ("chợ OR bắt", "dam rich"),
        ("traffic", "bare"),
        ("headline:ha", "bare"),
        ("headline_folded:ha", "bare rich"),
        ('all_folded:"ha noi"', "bare old rich"),
        ("all_folded:cong", "bare dam"),
        ("công", "dam"),
        ("words:công_an", "dam"),
        ("words:cong_an", ""),
        ("headline:putin", "rich"),
        ('headline:"thống pu-tin thăm"', "rich"),
        ("body:20/11/2025", "rich"),
        ("lead:mưa", "rich"),
        ("captions:chợ", "rich"),
        ("related:hạ", "rich"),
        ("mư*", "old rich"),
        ("headline:*ìn?", "dam"),
        ("body:t?nh", "dam"),
        ("bìnk~1", "dam old"),
        ("headline:[hà TO hòb]", "rich"),  # by bytes: hoà is below hà
        ("id:old", "old"),
        ('source:"Báo B"', "rich"),
        ("source:Báo", ""),
        ("section:*", "old"),
        ('authors:"Lê Lai"', "rich"),
        ('tags:"ngoại giao"', "rich"),
        ("published:20260104", "bare"),
        ("published:[20260101 TO 20260104]", "bare dam"),
        ("published:[20260105 TO]", "old"),
        ("published:2025", ""),
        ("xã", ""),  # deleted
    ],
)
def test_whooshs_parser_and_queries(searcher: Any, text: str, expected: str) -> None:
    parser = QueryParser("all", searcher.schema)
    parser.add_plugin(FuzzyTermPlugin())
    assert sorted(ids(searcher, parser.parse(text))) == expected.split()


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (spans.SpanFirst(query.Term("body", "hà"), limit=0), "old"),
        (spans.SpanFirst(query.Term("body", "mưa"), limit=1), ""),
        (spans.SpanNear(query.Term("body", "hà"), query.Term("body", "bình"), slop=7), "old"),
        (spans.SpanNear(query.Term("body", "hà"), query.Term("body", "bình"), slop=6), ""),
        (spans.SpanOr([query.Term("body", "hà"), query.Term("body", "chợ")]), "dam old"),
        (
            spans.SpanNot(query.Term("body", "hà"), query.Phrase("body", ["hà", "nội"])),
            "",
        ),
        (query.Variations("headline", "traffic"), "bare"),
        (query.Every(), "bare dam old rich"),
        (query.Every("captions"), "rich"),
        (query.Not(query.Term("all", "mưa")), "bare dam"),
        (query.ConstantScoreQuery(query.Term("all", "mưa"), 3.0), "old rich"),
        (query.DisjunctionMax([query.Term("lead", "mưa"), query.Term("body", "mưa")]), "old rich"),
        (query.TermRange("source", "Báo", "Báo Az"), "bare"),
        (query.DateRange("published", naive(1, 0), naive(4, 30)), "bare dam"),
        (query.DateRange("published", naive(1, 0), naive(4, 30), endexcl=True), "dam"),
        (query.Regex("headline", "h.à"), "dam"),
    ],
    ids=str,
)
def test_queries_made_by_hand(searcher: Any, asked: Any, expected: str) -> None:
    assert sorted(ids(searcher, asked)) == expected.split()


def test_several_fields_and_scores(searcher: Any) -> None:
    parser = MultifieldParser(["headline", "body"], searcher.schema)
    found = searcher.search(parser.parse("hà nội"))
    assert {hit["id"] for hit in found} == {"rich", "old"}
    assert found[0].score > found[1].score > 0
    alone = searcher.search(query.Term("body", "mưa"))
    tf, length = 2, 8
    average = searcher.avg_field_length("body")
    rarity = searcher.idf("body", "mưa".encode())
    norm = 1.2 * (0.25 + 0.75 * length / average)
    assert alone[0].score == pytest.approx(rarity * tf * 2.2 / (tf + norm))


def test_hits_give_their_fields_and_are_highlighted(searcher: Any) -> None:
    [hit] = searcher.search(query.Term("headline", "putin"))
    assert hit.fields() == {
        "id": "rich",
        "url": "https://b.example/1",
        "source": "Báo B",
        "authors": ["Nguyễn Văn An", "Lê Lai"],
        "tags": ["ngoại giao"],
        "published": None,
        "headline": "Tổng thống Pu-tin thăm Hà Nội",
        "lead": "Mưa nhẹ",
        "body": "Cuộc gặp ngày 20/11/2025",
        "captions": "Ảnh: chợ",
        "related": "Mưa ở Hạ Long\nThuyền nghỉ",
    }
    assert '<b class="match term0">Pu-tin</b> thăm' in hit.highlights("headline")
    assert searcher.document(id="old")["headline"] == "Bản mới"
    assert searcher.document(id="dam")["published"] == naive(1, 30)
    assert searcher.document(id="gone") is searcher.document(id="nowhere") is None


def test_sorting_and_grouping_by_a_column(searcher: Any) -> None:
    def ordered(facet: Any) -> list[str]:
        return ids(searcher, query.Every(), sortedby=facet)

    assert ordered("published") == ["dam", "bare", "old", "rich"]
    assert ordered(FieldFacet("published", reverse=True)) == ["old", "bare", "dam", "rich"]
    assert ordered("id") == ["bare", "dam", "old", "rich"]
    assert ordered(FieldFacet("source", reverse=True))[:2] == ["rich", "bare"]
    groups = searcher.search(query.Every(), groupedby="source").groups("source")
    assert {name: len(docs) for name, docs in groups.items()} == {"": 10, "Báo A": 1, "Báo B": 1}


def test_a_reader_tells_its_terms(searcher: Any) -> None:
    reader = searcher.reader()
    assert reader.doc_count() == 4 + 8
    assert reader.doc_count_all() == 6 + 8
    assert list(reader.field_terms("source")) == ["Báo A", "Báo B"]
    assert list(reader.lexicon("captions")) == ["chợ".encode(), "ảnh".encode()]
    assert {"ha", "noi", "traffic"} <= set(reader.field_terms("headline"))
    assert reader.doc_frequency("body", "mưa") == 1
    assert reader.frequency("body", "mưa") == 2
    assert reader.doc_frequency("body", "không") == 0
    assert ("body", "mưa") in reader
    assert ("body", "không") not in reader
    assert list(reader.expand_prefix("body", "mư")) == ["mưa".encode()]
    assert set(reader.indexed_field_names()) == set(searcher.schema.names()) - {"url"}
    info = reader.term_info("body", "mưa")
    assert (info.weight(), info.max_weight(), info.min_length()) == (2, 2, 8)
    with pytest.raises(TermNotFound):
        reader.postings("body", "không")
    assert set(reader.terms_within("headline", "bìnk", 1)) == {"bình"}
    assert "bình" in searcher.suggest("headline", "bìnk", prefix=1)


def test_postings_have_positions_where_the_index_keeps_them(searcher: Any) -> None:
    reader = searcher.reader()
    matcher = reader.postings("body", "mưa")
    assert matcher.supports("positions")
    assert list(matcher.items_as("positions")) == [(12, [2, 3])]
    matcher = reader.postings("headline", "putin")
    assert (matcher.weight(), matcher.value_as("frequency")) == (1.0, 1)
    assert matcher.value_as("positions") == [2]
    assert [span.start for span in matcher.spans()] == [2]
    words = reader.postings("words", "công_an")
    assert not words.supports("positions")
    with pytest.raises(ValueError, match="words keeps no positions"):
        words.spans()
    with pytest.raises(query.QueryError, match="no positions"):
        ids(searcher, query.Phrase("words", ["công_an", "hà_nội"]))
    for field in ("id", "source", "published"):
        assert not searcher.schema[field].format.supports("positions")


def test_a_searcher_stays_on_its_generation_until_it_is_refreshed(tmp_path: Path) -> None:
    folder = numbered_index(tmp_path)
    index = whoosh_index(f"whoosh:{folder}")
    searcher = index.searcher()
    assert searcher.doc_count() == index.doc_count() == 7
    with open_engine(f"whoosh:{folder}").writer() as writer:
        writer.put(replace(numbered_article(8), lead="mới"))
    assert searcher.doc_count() == 7
    assert not searcher.up_to_date()
    searcher = searcher.refresh()
    assert searcher.up_to_date()
    assert searcher.doc_count() == 8
    assert ids(searcher, query.Term("lead", "mới")) == ["n8"]


def test_an_empty_archive_and_none(tmp_path: Path) -> None:
    with open_engine(f"whoosh:{tmp_path / 'empty'}").writer():
        pass
    index = whoosh_index(f"whoosh:{tmp_path / 'empty'}")
    assert index.is_empty()
    with index.searcher() as searcher:
        assert ids(searcher, query.Every()) == ids(searcher, query.Term("body", "a")) == []
    with pytest.raises(IndexNotFound):
        whoosh_index(f"whoosh:{tmp_path / 'none'}").searcher()
    with pytest.raises(IndexMismatch):
        type(index)(tmp_path / "empty", ANALYSIS_VERSION + "x").reader()
    for address in ("whoosh:", "opensearch://host/news", "var/index"):
        with pytest.raises(EngineUnavailable, match="whoosh:FOLDER"):
            whoosh_index(address)


def test_it_is_read_only_for_whoosh(address: str) -> None:
    index = whoosh_index(address)
    for write in (index.writer, index.optimize, lambda: index.delete_by_term("id", "dam")):
        before = index.latest_generation()
        try:
            write()
        except NotImplementedError as error:
            assert "open_engine(address).writer()" in str(error)  # noqa: PT017
        assert index.latest_generation() == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_whooshs_own_open_dir_refuses(address: str) -> None:
    folder = address.removeprefix("whoosh:")
    with pytest.raises(whoosh.index.EmptyIndexError, match="does not exist"):
        whoosh.index.open_dir(folder)
    with pytest.raises(whoosh.index.IndexError):
        whoosh.index.open_dir(folder, indexname="NEWS")


def test_a_search_of_our_own_loads_none_of_whooshs_readers(address: str) -> None:
    program = f"""
import sys
from index import SearchRequest, open_engine
assert open_engine({address!r}).search(SearchRequest(query="hà nội")).total
print(any(name.startswith(("whoosh.searching", "whoosh.qparser", "whoosh.matching"))
          or name.endswith(("whoosh_reader", "whoosh_analysis")) for name in sys.modules))
"""
    run = subprocess.run(  # noqa: S603  # this interpreter, the fixed program above
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "False"
