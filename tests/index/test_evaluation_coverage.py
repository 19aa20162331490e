"""Nothing passes on nothing: what becomes of a gate whose files or answers are taken away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from small_suite import SUBJECTS, build_index, write_suite

from index import Hit, SearchPage, SearchRequest, open_engine
from index.engines.embedded.engine import WhooshEngine
from index.evaluation import (
    SUITE_FILES,
    Baseline,
    Conditions,
    EvaluationInputError,
    FoundVerdict,
    GateResult,
    LostVerdict,
    NoteKind,
    Part,
    RemovedVerdict,
    accept,
    baseline_text,
    evaluate,
    judge,
    read_baseline,
    read_suite,
)
from index.ranking import RankingConstants

DAY = date(2026, 11, 23)
BROKEN = RankingConstants(pair_weight=0, zone_weights=(0.3, 1.0, 1.0, 1.5, 3.0))


class Deaf(WhooshEngine):
    """Finds nothing."""

    def search(self, request: SearchRequest) -> SearchPage:
        return replace(super().search(request), hits=(), total=0, suggestions=())


class Mute(WhooshEngine):
    """Suggests nothing, and reads no query in another way."""

    def search(self, request: SearchRequest) -> SearchPage:
        page = super().search(request)
        return replace(page, suggestions=(), query=replace(page.query, rewrites=()))


class Lonely(WhooshEngine):
    """Has no related news."""

    def related(self, doc_id: str, limit: int = 6) -> tuple[Hit, ...]:
        return ()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coverage")
    build_index(folder)
    return folder


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return write_suite(tmp_path / "suite", "at_least: {nDCG@10: 0.9}")


def _accept(suite: Path, index: Path) -> Baseline:
    evaluation = evaluate(read_suite(suite), WhooshEngine(index))
    return accept(evaluation, None, day=DAY, reason="lần đầu")


def _gate(suite: Path, engine: WhooshEngine, baseline: Baseline | None) -> GateResult:
    return judge(evaluate(read_suite(suite), engine), baseline)


#: What each file of a suite judges, and an engine that has lost it; the frozen articles are data.
_DESTROYED: dict[str, Callable[[Path], WhooshEngine]] = {
    "topics.tsv": Deaf,
    "qrels.txt": lambda folder: WhooshEngine(folder, constants=BROKEN),
    "suite.yaml": lambda folder: WhooshEngine(folder, constants=BROKEN),
    "baseline.json": lambda folder: WhooshEngine(folder, constants=BROKEN),
    "assertions.yaml": Mute,
    "golden_restoration.tsv": Mute,
    "related_qrels.txt": Lonely,
}


@pytest.mark.parametrize("name", [name for name in SUITE_FILES if name != "articles.jsonl.gz"])
def test_losing_what_a_file_judges_turns_the_build_red(suite: Path, index: Path, name: str) -> None:
    # Each file alone, with what every suite has; suite.yaml's floor needs no baseline.
    others = {"assertions.yaml", "golden_restoration.tsv", "related_qrels.txt"} - {name}
    for other in others:
        (suite / other).unlink()
    baseline = None if name == "suite.yaml" else _accept(suite, index)
    assert _gate(suite, WhooshEngine(index), baseline).passed
    assert not _gate(suite, _DESTROYED[name](index), baseline).passed


def test_related_news_fail_by_themselves(suite: Path, index: Path) -> None:
    gate = _gate(suite, Lonely(index), _accept(suite, index))
    assert len(gate.failed) == 1
    assert gate.compared is not None
    assert all(change.after == 0 for change in gate.compared.related_changes())
    assert not gate.unchanged


def test_a_suite_that_finds_nothing_fails_without_any_threshold(suite: Path, index: Path) -> None:
    (suite / "suite.yaml").write_text("parity: {}\n", encoding="utf-8")
    (suite / "assertions.yaml").unlink()
    (suite / "golden_restoration.tsv").unlink()
    gate = _gate(suite, Deaf(index), None)
    assert [type(verdict) for verdict in gate.failed] == [FoundVerdict]


def _cut(path: Path, kept: int) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:kept]), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "kept", "parts"),
    [
        ("qrels.txt", 6, {Part.TOPICS}),
        ("qrels.txt", 3 * len(SUBJECTS) - 1, {Part.JUDGEMENTS}),
        ("related_qrels.txt", 2, {Part.RELATED}),
        ("assertions.yaml", 2, {Part.ASSERTIONS}),
        ("related_qrels.txt", None, {Part.RELATED}),
        ("assertions.yaml", None, {Part.ASSERTIONS}),
        ("golden_restoration.tsv", None, {Part.RESTORATIONS}),
    ],
)
def test_what_vanishes_from_a_suite_fails_by_name_unless_told(
    suite: Path, index: Path, name: str, kept: int | None, parts: set[Part]
) -> None:
    baseline = _accept(suite, index)
    if kept is None:
        (suite / name).unlink()
    else:
        _cut(suite / name, kept)
    evaluation = evaluate(read_suite(suite), WhooshEngine(index))
    (failed,) = judge(evaluation, baseline).failed
    assert isinstance(failed, RemovedVerdict)
    assert {removal.part for removal in failed.removals} == parts
    told = judge(evaluation, baseline, Conditions(ignore_removed=True))
    assert told.passed
    assert NoteKind.REMOVED in {note.kind for note in told.notes}


def test_ten_of_twelve_topics_gone_is_no_pass(suite: Path, index: Path) -> None:
    baseline = _accept(suite, index)
    _cut(suite / "topics.tsv", 2)
    _cut(suite / "qrels.txt", 6)
    (failed,) = _gate(suite, WhooshEngine(index), baseline).failed
    assert isinstance(failed, RemovedVerdict)
    assert len(failed.removals[0].ids) == len(SUBJECTS) - 2


@pytest.mark.parametrize("name", ["suite.yml", "assertions.yml", "qrels.tsv", "Baseline.json"])
def test_a_file_that_nobody_reads_is_refused(suite: Path, name: str) -> None:
    (suite / name).write_text("- query: x\n", encoding="utf-8")
    with pytest.raises(EvaluationInputError, match="nobody reads this file") as caught:
        read_suite(suite)
    assert str(caught.value).startswith(str(suite / name))


def test_other_files_may_be_named(suite: Path) -> None:
    (suite / "suite.yaml").write_text('other_files: ["*.html"]\n', encoding="utf-8")
    for name in ("report.html", "guideline.md", ".gitattributes"):
        (suite / name).write_text("", encoding="utf-8")
    (suite / "runs").mkdir()
    assert read_suite(suite).settings.other_files == ("*.html",)


@pytest.mark.parametrize("name", ["assertions.yaml", "golden_restoration.tsv", "related_qrels.txt"])
def test_an_empty_file_is_refused(suite: Path, name: str) -> None:
    (suite / name).write_text("\n", encoding="utf-8")
    with pytest.raises(EvaluationInputError, match="it has no "):
        read_suite(suite)


# -- data and code


def test_a_baseline_says_on_which_articles_and_with_which_program(
    suite: Path, index: Path, tmp_path: Path
) -> None:
    baseline = _accept(suite, index)
    path = tmp_path / "baseline.json"
    path.write_text(baseline_text(baseline), encoding="utf-8")
    archive = read_baseline(path).archive
    assert archive is not None
    assert archive == baseline.archive
    assert (archive.articles, archive.generation) == (3 * len(SUBJECTS), 1)
    assert archive.constants["k1"] == RankingConstants().k1
    assert archive.holds("xang-a")
    assert not archive.holds("xang-z")
    assert archive.version
    assert archive.analysis


def test_the_digest_is_of_ids_and_contents_only(suite: Path, index: Path, tmp_path: Path) -> None:
    first = _accept(suite, index).archive
    articles = sorted(open_engine(f"whoosh:{index}").articles(), key=lambda one: one.headline)
    again = tmp_path / "again"
    engine = open_engine(f"whoosh:{again}")
    for article in articles:  # one at a time: other segments, another order, another generation
        with engine.writer() as writer:
            writer.put(article)
    second = _accept(suite, again).archive
    assert first is not None
    assert second is not None
    assert second.digest == first.digest
    assert second.generation != first.generation
    with engine.writer() as writer:
        writer.put(replace(articles[0], lead="Khác."))
    third = _accept(suite, again).archive
    assert third is not None
    assert third.digest != first.digest


def test_a_grown_archive_is_compared_on_the_articles_that_both_have(
    suite: Path, index: Path, tmp_path: Path
) -> None:
    (suite / "related_qrels.txt").unlink()
    baseline = _accept(suite, index)
    grown = tmp_path / "grown"
    build_index(grown)
    engine = open_engine(f"whoosh:{grown}")
    articles = [article for article in engine.articles() if article.id.endswith("-a")]
    with engine.writer() as writer:
        for number in range(20):  # they push the judged ones out of the first ten
            for article in articles:
                writer.put(replace(article, id=f"{article.id}-{number}"))
    gate = _gate(suite, WhooshEngine(grown), baseline)
    assert gate.change is not None
    assert (gate.change.before, gate.change.after, gate.change.new) == (24, 184, 160)
    assert gate.data_differ
    assert gate.compared is not None
    assert not any(change.difference for change in gate.compared.topic_changes())
    assert {type(verdict).__name__ for verdict in gate.failed} == {"FloorVerdict"}
    assert NoteKind.ARCHIVE in {note.kind for note in gate.notes}


def test_lost_articles_fail_or_are_left_out(suite: Path, index: Path, tmp_path: Path) -> None:
    baseline = _accept(suite, index)
    smaller = tmp_path / "smaller"
    engine = open_engine(build_index(smaller))
    with engine.writer() as writer:
        assert writer.delete("hocsinh-b")
        assert writer.delete("xang-a")
    suite_read = read_suite(suite)
    failed = judge(evaluate(suite_read, engine), baseline).failed
    (lost,) = [verdict for verdict in failed if isinstance(verdict, LostVerdict)]
    assert lost.articles == ("hocsinh-b", "xang-a")
    evaluation = evaluate(suite_read, engine, ignore_lost=True)
    gate = judge(evaluation, baseline)
    assert gate.passed, gate.failed
    assert evaluation.as_written.mean() == 1.0
    assert len(evaluation.assertions) == len(suite_read.assertions) - 2
    (note,) = [note for note in gate.notes if note.kind is NoteKind.LOST]
    assert note.ids == ("hocsinh-b", "xang-a")


def test_without_any_judged_article_nothing_is_left_to_measure(suite: Path, tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path / 'empty'}")
    with engine.writer():
        pass
    with pytest.raises(EvaluationInputError, match="no article that is relevant"):
        evaluate(read_suite(suite), engine, ignore_lost=True)


def test_other_constants_are_named(suite: Path, index: Path) -> None:
    baseline = _accept(suite, index)
    assert baseline.archive is not None
    earlier = {**baseline.archive.constants, "k1": 1.2}
    before = replace(baseline, archive=replace(baseline.archive, constants=earlier))
    gate = _gate(suite, WhooshEngine(index), before)
    (note,) = [note for note in gate.notes if note.kind is NoteKind.PROGRAM]
    assert note.ids == ("k1: 1.2 → 0.9",)
