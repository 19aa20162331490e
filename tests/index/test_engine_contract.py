"""What any engine behind the seam does: the same tests for the embedded one and for a cluster."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_archive import ODD_ID, small_archive

from index import (
    AccentMode,
    Article,
    DocumentError,
    EngineUnavailable,
    Filters,
    IndexLocked,
    IndexNotFound,
    QueryError,
    QueryMode,
    RollbackUnavailable,
    SearchEngine,
    SearchRequest,
    SortOrder,
    Withdrawal,
    open_engine,
)
from searchapp.cli import main

ENGINES = ["whoosh", pytest.param("opensearch", marks=pytest.mark.cluster)]
EVERYTHING = SearchRequest(limit=1000)


def _address(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "whoosh":
        return f"whoosh:{folder / 'index'}"
    hosts = request.getfixturevalue("opensearch_hosts")
    return f"opensearch://{hosts}/c{abs(hash(str(folder))):x}"


@pytest.fixture(scope="module", autouse=True)
def one_copy() -> Iterator[None]:
    """A single node has no place for replicas."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIMBAO_OPENSEARCH_REPLICAS", "0")
        yield


@pytest.fixture(scope="module", params=ENGINES)
def archive_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchEngine]:
    """An engine with `small_archive`, for reading only."""
    address = _address(request, tmp_path_factory.mktemp("contract"))
    with closing(open_engine(address)) as engine:
        with engine.writer() as writer:
            assert all(writer.put_all(small_archive()))
        yield engine


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an archive that a test writes itself."""
    return _address(request, tmp_path)


def ids(engine: SearchEngine, query: str = "", **options: object) -> list[str]:
    """The ids of all hits."""
    request = replace(EVERYTHING, query=query, **options)  # type: ignore[arg-type]  # any field
    return [hit.id for hit in engine.search(request).hits]


@pytest.mark.parametrize(
    ("query", "accents", "found"),
    [
        ("hà nội", AccentMode.AUTO, {"ngap", "ngap2", "script", "khongdau"}),
        ("ha noi", AccentMode.AUTO, {"ngap", "ngap2", "script", "khongdau"}),
        ("ha noi", AccentMode.EXACT, {"khongdau"}),
        ("hạ nổi", AccentMode.FOLD, {"ngap", "ngap2", "script", "khongdau"}),
        ("hoà bình", AccentMode.AUTO, {"hoabinh1", "hoabinh2"}),
        ("tp hcm", AccentMode.AUTO, {"hcm"}),
        ("tieengs Vieetj", AccentMode.AUTO, {"tiengviet"}),
        ('"tuyến phố"', AccentMode.AUTO, {"ngap", "ngap2"}),
        ('"phố tuyến"', AccentMode.AUTO, set()),
        ('"tuyến úng"~3', AccentMode.AUTO, {"ngap2"}),
        ('"xa lu"', AccentMode.AUTO, {"hoabinh1", "hoabinh2"}),
        ("xả lũ -đợt", AccentMode.AUTO, {"hoabinh1"}),
        ("bèo HOẶC thoát", AccentMode.AUTO, {"ngap", "ngap2"}),
        ("tieude:bèo", AccentMode.AUTO, set()),
        ("lienquan:bèo", AccentMode.AUTO, {"ngap"}),
        ('noidung:"hầm chui"', AccentMode.AUTO, {"ngap", "ngap2"}),
        ("ngay:2026-07", AccentMode.AUTO, {"hoabinh1", "hoabinh2"}),
        ("nguon:hong xả", AccentMode.AUTO, {"hoabinh1"}),
        ("thuy* lu", AccentMode.AUTO, {"hoabinh1", "hoabinh2"}),
        ("xyzzy", AccentMode.AUTO, set()),
        ("–…!?", AccentMode.AUTO, None),
        ("<script>", AccentMode.AUTO, {"script"}),
        ('"', AccentMode.AUTO, None),
        ("( ) AND -", AccentMode.AUTO, None),
    ],
)
def test_queries_find_what_they_say(
    archive_engine: SearchEngine, query: str, accents: AccentMode, found: set[str] | None
) -> None:
    request = replace(EVERYTHING, query=query, accents=accents)
    page = archive_engine.search(request)
    matched = [hit.id for hit in page.hits if hit.tier == 1]
    assert (page.total, page.near_total) == (len(matched), len(page.hits) - len(matched))
    if found is not None:
        assert set(matched) == found


def test_newer_articles_come_first_where_asked(archive_engine: SearchEngine) -> None:
    asked = replace(EVERYTHING, query="mưa")
    plain = {hit.id: hit.score for hit in archive_engine.search(asked).hits}
    recent = archive_engine.search(replace(asked, recency=30)).hits
    newest = max(
        hit.article.published
        for hit in archive_engine.search(EVERYTHING).hits
        if hit.article.published
    )
    assert len(recent) == len(plain) > 1
    for hit in recent:
        gain = 0.0
        if hit.article.published:
            age = (newest - hit.article.published).total_seconds() / 86_400
            gain = 0.5 * 2 ** (-age / 30)
        assert hit.score == pytest.approx(plain[hit.id] * (1 + gain), rel=1e-5)
        explanation = archive_engine.explain(replace(asked, recency=30), hit.id)
        assert explanation.value == pytest.approx(hit.score, rel=1e-5)
    assert [hit.score for hit in recent] == sorted((hit.score for hit in recent), reverse=True)


def test_advanced_mode_reports_the_position(archive_engine: SearchEngine) -> None:
    with pytest.raises(QueryError) as caught:
        archive_engine.search(SearchRequest(query='mưa "lớn', mode=QueryMode.ADVANCED))
    assert caught.value.position == 4


def test_filters_facets_and_totals_belong_together(archive_engine: SearchEngine) -> None:
    filters = Filters(sources=("bao-song-hong",), published_from=date(2025, 1, 1))
    names = ("source", "section", "author", "tag", "year", "month", "day")
    page = archive_engine.search(replace(EVERYTHING, filters=filters, facets=names))
    assert [hit.id for hit in page.hits] == ["ngap", "hoabinh1", "hcm", "tiengviet"]
    assert page.total == 4
    # Each facet leaves its own filter out.
    assert {f.value: f.count for f in page.facets["source"]} == {
        "Tin Tức Phố": 4,
        "Báo Sông Hồng": 4,
    }
    assert {f.value: f.count for f in page.facets["year"]} == {"2024": 5, "2025": 2, "2026": 2}
    authors = {f.value: f.count for f in page.facets["author"]}
    assert authors == {"Nguyễn Văn An": 1, "Lưu Hải Yến": 1}
    assert "2026-10-05" in {f.value for f in page.facets["day"]}


@pytest.mark.parametrize("order", SortOrder)
def test_pages_are_cuts_of_one_order(archive_engine: SearchEngine, order: SortOrder) -> None:
    whole = ids(archive_engine, "so", sort=order)
    assert len(whole) >= 25
    pages = [
        hit.id
        for offset in range(0, len(whole) + 7, 7)
        for hit in archive_engine.search(
            SearchRequest(query="so", sort=order, limit=7, offset=offset)
        ).hits
    ]
    assert pages == whole
    assert ids(archive_engine, "so", sort=order, offset=10_000) == []


def test_titles_sort_as_in_a_vietnamese_list(archive_engine: SearchEngine) -> None:
    found = ids(archive_engine, "trang vở", sort=SortOrder.TITLE)
    assert found == ["ma1", "ma3", "ma4", "ma2", "ma5"]


def test_marks_and_the_way_a_word_was_found(archive_engine: SearchEngine) -> None:
    (hit,) = archive_engine.search(SearchRequest(query="tieng viet", highlight=True, limit=1)).hits
    marked = [segment.text for segment in hit.highlights.title if segment.marked]
    assert (hit.id, marked) == ("tiengviet", ["tiếng Việt"])
    assert {word.how.value for word in hit.matched} == {"accents_ignored"}
    marks = archive_engine.highlight(SearchRequest(query="tieng viet"), "tiengviet")
    assert marks is not None
    assert [s.text for s in marks.body[0] if s.marked] == ["tiếng Việt"]
    assert archive_engine.highlight(SearchRequest(query="x"), "absent") is None


def test_related_only_hits_say_so(archive_engine: SearchEngine) -> None:
    (hit,) = archive_engine.search(SearchRequest(query="bèo tấm", highlight=True)).hits
    assert (hit.id, hit.related_only) == ("ngap", True)


def test_suggestions_restore_accents(archive_engine: SearchEngine) -> None:
    page = archive_engine.search(SearchRequest(query="mua lon"))
    assert [(s.kind, s.text, s.total) for s in page.suggestions] == [
        ("restore_accents", "mưa lớn", 2)
    ]


def test_explanations_add_up_to_the_score(archive_engine: SearchEngine) -> None:
    request = SearchRequest(query="mua lon ha noi")
    for hit in archive_engine.search(request).hits[:3]:
        explanation = archive_engine.explain(request, hit.id)
        leaves = sum(child.value for child in explanation.children)
        assert explanation.value == pytest.approx(leaves)
        assert explanation.value == pytest.approx(hit.score, rel=1e-5)
    with pytest.raises(DocumentError, match="does not match"):
        archive_engine.explain(request, "hoabinh1")
    with pytest.raises(DocumentError, match="no such article"):
        archive_engine.explain(request, "absent")


def test_related_articles_leave_the_article_out(archive_engine: SearchEngine) -> None:
    assert [hit.id for hit in archive_engine.related("ngap")] == ["ngap2"]
    assert [hit.id for hit in archive_engine.related("hoabinh1", 1)] == ["hoabinh2"]
    assert archive_engine.related("absent") == ()


def test_articles_come_back_as_they_were(archive_engine: SearchEngine) -> None:
    written = {article.id: article for article in small_archive()}
    for doc_id in ("ngap", "script", ODD_ID):
        assert archive_engine.get(doc_id) == written[doc_id]
    assert archive_engine.get("absent") is None
    assert archive_engine.count() == len(written)
    stats = archive_engine.stats()
    assert stats.articles == len(written)
    assert (stats.first_published, stats.last_published) == (date(2023, 3, 1), date(2026, 10, 6))
    assert stats.sources[0].value == "Đài Ban Mai"
    assert min(stats.terms, stats.segments, stats.bytes_on_disk) > 0
    assert archive_engine.verify().articles == len(written)


def test_analysis_names_words_and_evidence(archive_engine: SearchEngine) -> None:
    analysis = archive_engine.analyze(SearchRequest(query="mua lon"))
    assert (analysis.restored, analysis.total) == ("mưa lớn", 2)
    assert analysis.evidence


def test_there_is_nothing_before_the_first_commit(address: str) -> None:
    with closing(open_engine(address)) as engine:
        with pytest.raises(IndexNotFound):
            engine.count()
        with engine.writer():
            pass
        assert engine.count() == 0
        assert engine.search(SearchRequest(query="hà nội")).total == 0
        assert engine.search(EVERYTHING).hits == ()


def test_changes_become_visible_together(address: str) -> None:
    first, second = (Article(id=i, headline=f"Bản tin {i}") for i in ("một", "hai"))
    with closing(open_engine(address)) as engine, closing(open_engine(address)) as reader:
        with engine.writer() as writer:
            writer.put(first)
            writer.checkpoint()
            assert reader.count() == 1
            writer.put(second)
            assert reader.count() == 1
            with pytest.raises(IndexLocked), open_engine(address).writer():
                pass
        assert reader.count() == 2
        generation = reader.search(EVERYTHING).generation
        with engine.writer() as writer:
            assert list(writer.put_all([first, replace(second, headline="Đổi đầu đề")])) == [
                False,
                True,
            ]
            assert writer.delete("một")
            assert not writer.delete("một")
        assert ids(reader, "đổi") == ["hai"]
        assert ids(reader, "bản tin") == []
        assert reader.search(EVERYTHING).generation > generation
        with pytest.raises(ZeroDivisionError):
            _write_and_fail(engine)
        assert ids(reader) == ["hai"]


def _write_and_fail(engine: SearchEngine) -> None:
    with engine.writer() as writer:
        writer.put(Article(id="ba", headline="Không bao giờ"))
        raise ZeroDivisionError


def test_withdrawn_articles_stay_away(address: str) -> None:
    article = Article(id="bài", headline="Bản tin sai")
    with closing(open_engine(address)) as engine:
        with engine.writer() as writer:
            writer.put(article)
        engine.withdraw([Withdrawal(id="bài", on=date(2026, 10, 1))])
        with engine.writer() as writer:
            assert list(writer.put_all([article])) == [False]
        assert (engine.count(), engine.get("bài")) == (0, None)
        assert engine.withdrawals().days["bài"] == date(2026, 10, 1)
        assert engine.withdrawn("khác") is None


def test_copies_hold_everything(address: str, tmp_path: Path) -> None:
    source = f"whoosh:{tmp_path / 'source'}"
    with closing(open_engine(source)) as engine:
        with engine.writer() as writer:
            assert all(writer.put_all(small_archive()))
        engine.withdraw([Withdrawal(id="ngap", on=date(2026, 10, 1))])
    for number, copied in ((1, len(small_archive()) - 1), (2, 0)):
        result = CliRunner().invoke(main, ["copy", address, "--index", source])
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith(f"{copied} articles and {2 - number} withdrawals copied")
    with closing(open_engine(source)) as engine, closing(open_engine(address)) as copy:
        assert ids(copy, "ha noi") == ids(engine, "ha noi")
        assert {article.id: article for article in copy.articles()} == {
            article.id: article for article in engine.articles()
        }
        assert copy.withdrawals().days == engine.withdrawals().days == {"ngap": date(2026, 10, 1)}


def test_reindexing_swaps_and_rolls_back(address: str) -> None:
    articles = small_archive()
    with closing(open_engine(address)) as engine:
        with engine.writer() as writer:
            assert all(writer.put_all(articles))
        with pytest.raises(RollbackUnavailable):
            engine.rollback()
        before = ids(engine, "ha noi")
        progress: list[tuple[int, int]] = []
        assert engine.reindex(lambda done, of: progress.append((done, of))) == len(articles)
        assert progress[-1] == (len(articles), len(articles))
        assert ids(engine, "ha noi") == before
        engine.rollback()
        assert ids(engine, "ha noi") == before
        assert engine.verify().articles == len(articles)
        with engine.writer() as writer:
            writer.delete("ngap")
        with pytest.raises(RollbackUnavailable):
            engine.rollback()
        assert engine.count() == len(articles) - 1


def test_deleted_articles_leave_no_trace_in_scores(address: str) -> None:
    kept = small_archive()
    extra = [replace(article, id=f"x-{article.id}") for article in kept]
    request = SearchRequest(query="mưa lớn hà nội", limit=10)
    with closing(open_engine(address)) as engine:
        with engine.writer() as writer:
            assert all(writer.put_all(kept))
        before = [(hit.id, hit.score) for hit in engine.search(request).hits]
        with engine.writer() as writer:
            assert all(writer.put_all(extra))
        with engine.writer() as writer:
            for article in extra:
                assert writer.delete(article.id)
        after = [(hit.id, hit.score) for hit in engine.search(request).hits]
    assert [i for i, _ in after] == [i for i, _ in before]
    assert [s for _, s in after] == pytest.approx([s for _, s in before], rel=1e-5)


@pytest.mark.parametrize(
    "address",
    [
        "opensearch://",
        "opensearch://localhost",
        "opensearch://localhost:9200/",
        "opensearch://localhost:9200/Tin",
        "opensearch://user:secret@localhost:9200/tin",
        "opensearch://localhost:x/tin",
        "solr://localhost/tin",
        "whoosh:",
    ],
)
def test_odd_addresses_are_refused(address: str) -> None:
    with pytest.raises(EngineUnavailable) as caught:
        open_engine(address)
    assert "secret" not in str(caught.value)
