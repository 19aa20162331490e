"""The report as a page, and the verdicts as JUnit XML."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree as ET

import pytest
from axe_playwright_python.sync_playwright import Axe
from small_suite import SUBJECTS, build_index, write_suite

from index import open_engine
from index.engines.embedded.engine import WhooshEngine
from index.evaluation import (
    MEASURES,
    Baseline,
    Evaluation,
    GateResult,
    Qrels,
    QueryVariant,
    Run,
    Suite,
    Topic,
    accept,
    evaluate,
    judge,
    read_suite,
    score_run,
)
from index.evaluation.baseline import Measured
from index.evaluation.runs import ranking
from index.evaluation.suite_settings import SuiteSettings
from index.ranking import RankingConstants
from searchapp.commands.evaluation_records import junit_xml as junit_xml_in
from searchapp.commands.evaluation_report import report_html
from searchapp.commands.evaluation_texts import gettext_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

DAY = date(2026, 11, 23)
EVIL = '<script>alert("x")</script>\x1b & co'
BROKEN = RankingConstants(pair_weight=0, zone_weights=(0.3, 1.0, 1.0, 1.5, 3.0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index and a suite, whose name and one class are hostile."""
    folder = tmp_path_factory.mktemp("report")
    build_index(folder / "index")
    suite = write_suite(folder / "suite", "restoration: 1")
    for name, old, new in (
        ("topics.tsv", "lũ quét miền núi\tevent", f"lũ quét miền núi\tlớp {EVIL}"),
        ("suite.yaml", "Bộ thử nhỏ", "'Bộ <b>thử</b> nhỏ'"),
    ):
        path = suite / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def baseline(folder: Path) -> Baseline:
    """What the sound ranking gives, accepted three times."""
    evaluation = evaluate(read_suite(folder / "suite"), open_engine(f"whoosh:{folder / 'index'}"))
    found = None
    for number in range(3):
        day = DAY.replace(day=20 + number)
        found = accept(evaluation, found, day=day, reason=f"lần {number} {EVIL}")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def evaluation(folder: Path) -> Evaluation:
    """What a broken ranking gives."""
    engine = WhooshEngine(folder / "index", constants=BROKEN)
    return evaluate(read_suite(folder / "suite"), engine)


def _report(evaluation: Evaluation, baseline: Baseline | None) -> str:
    return report_html(
        evaluation,
        baseline,
        judge(evaluation, baseline),
        command="timbao eval check --suite benchmarks/relevance/suite",
        headline=lambda doc_id: f"Tiêu đề của {doc_id} {EVIL}",
        lang="vi",
    )


def junit_xml(evaluation: Evaluation, gate: GateResult) -> str:
    return junit_xml_in(evaluation, gate, gettext_of("vi"))


def test_the_report_is_the_same_every_time(evaluation: Evaluation, baseline: Baseline) -> None:
    assert _report(evaluation, baseline) == _report(evaluation, baseline)


def test_everything_in_the_report_is_escaped(evaluation: Evaluation, baseline: Baseline) -> None:
    for page in (_report(evaluation, baseline), _report(evaluation, None)):
        assert "\x1b" not in page
        assert "Bộ &lt;b&gt;thử&lt;/b&gt; nhỏ" in page
        assert "lớp &lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; co" in page
        found = _Tags(page).found
        assert "script" not in found
        assert found.count("h1") == 1


def test_the_report_shows_what_moved_and_how_to_repeat_it(
    evaluation: Evaluation, baseline: Baseline
) -> None:
    page = _report(evaluation, baseline)
    assert "timbao eval check --suite benchmarks/relevance/suite" in page
    assert f"{evaluation.as_written.mean():.4f}" in page
    assert "không dấu" in page
    assert page.count("<details id=") == len(SUBJECTS)
    assert page.count("<h3>Baseline</h3>") == page.count("<h3>Hiện nay</h3>") == len(SUBJECTS)
    assert page.count("<svg") == 2
    assert "thắng/thua/hòa" in page.lower()


def test_a_topic_that_fell_in_another_way_of_typing_only_is_shown_with_its_rankings(
    folder: Path, baseline: Baseline
) -> None:
    good = evaluate(read_suite(folder / "suite"), open_engine(f"whoosh:{folder / 'index'}"))
    bare = good.runs[QueryVariant.NO_ACCENTS]
    wrong = {**bare.rankings, "t-xang": ranking(["xang-c", "hoabinh-a"], [2.0, 1.0])}
    run = Run("x", wrong)
    fallen = replace(
        good,
        runs={**good.runs, QueryVariant.NO_ACCENTS: run},
        scores={**good.scores, QueryVariant.NO_ACCENTS: score_run(good.suite.qrels, run)},
    )
    page = _report(fallen, baseline)
    assert page.count("<details id=") == 1
    assert "· không dấu · 1.0000 → 0.0000 (−1.0000)" in page
    assert page.index("<h3>Baseline</h3>") < page.index("xang-a</small>")
    assert page.index("<h3>Hiện nay</h3>") < page.rindex("<small>xang-c</small>")
    assert "<small>hoabinh-a</small>" in page


@pytest.mark.parametrize(("scheme", "width"), [("light", 320), ("dark", 1280)])
def test_the_report_opens_from_a_file_without_a_network_or_errors(
    evaluation: Evaluation,
    baseline: Baseline,
    tmp_path: Path,
    page: "Page",
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    path = tmp_path / "report.html"
    path.write_text(_report(evaluation, baseline), encoding="utf-8")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    events = _watched(page)
    page.goto(path.as_uri())
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert events == [path.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    groups = len({item.group for item in SUBJECTS}) + 1
    assert page.locator("svg rect").count() == 2 * groups
    checked = Axe().run(page)
    assert checked.response["passes"]
    assert checked.violations_count == 0, checked.generate_report()


def test_two_hundred_topics_fit_in_500_kib() -> None:
    page = _report(*_two_hundred())
    assert page.count("<details id=") == 40
    assert page.count('scope="row"') > 200
    assert len(page.encode()) < 500 * 1024


def test_junit_has_a_case_for_every_condition_and_topic(
    evaluation: Evaluation, baseline: Baseline
) -> None:
    gate = judge(evaluation, baseline)
    root = ET.fromstring(junit_xml(evaluation, gate))  # noqa: S314  # our own text
    conditions, topics = root.findall("testsuite")
    assert len(conditions) == int(conditions.get("tests", "")) == len(gate.verdicts)
    assert int(conditions.get("failures", "")) == len(gate.failed)
    assert [case.get("name", "").split()[0] for case in topics] == [i.topic for i in SUBJECTS]
    blamed = {change.topic.id for verdict in gate.failed for change in verdict.topics}
    failed = {
        case.get("name", "").split()[0] for case in topics if case.find("failure") is not None
    }
    assert failed == blamed
    assert len(failed) == int(topics.get("failures", "")) > 0
    first = topics[0].find("failure")
    assert first is not None
    assert "nDCG@10, có dấu: 1.0000 → 0." in first.get("message", "")


def test_a_passing_gate_has_no_failures(folder: Path, baseline: Baseline) -> None:
    good = evaluate(read_suite(folder / "suite"), open_engine(f"whoosh:{folder / 'index'}"))
    gate = judge(good, baseline)
    assert gate.passed, gate.failed
    assert "<failure" not in junit_xml(good, gate)


class _Tags(HTMLParser):
    """The elements of a page, as a browser takes it apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


def _watched(page: "Page") -> list[str]:
    """What the page will ask for and complain about."""
    events: list[str] = []
    page.on("console", lambda message: events.append(message.text))
    page.on("pageerror", lambda error: events.append(str(error)))
    page.on("request", lambda request: events.append(request.url))
    return events


def _two_hundred() -> tuple[Evaluation, Baseline]:
    """200 topics of 12 words with ten hits; odd ones were better before, even ones worse."""
    query = "kỳ họp bàn về giá xăng dầu và lũ quét ở số"
    suite = Suite(
        folder=Path("suite"),
        settings=SuiteSettings(name="suite"),
        topics=tuple(Topic(f"t-{n:03}", f"{query} {n}", f"lớp {n % 10}") for n in range(200)),
        qrels=Qrels({f"t-{n:03}": {f"bài-{n % 40:02}": 1 + n % 3} for n in range(200)}),
    )
    rankings = {
        topic.id: ranking([f"bài-{(n * 7 + place) % 40:02}" for place in range(10)], [1.0] * 10)
        for n, topic in enumerate(suite.topics)
    }
    run = Run("timbao", rankings)
    scores = score_run(suite.qrels, run)
    evaluation = Evaluation(
        suite=suite,
        full=suite,
        runs=dict.fromkeys(QueryVariant, run),
        scores=dict.fromkeys(QueryVariant, scores),
    )
    before = accept(evaluation, None, day=DAY, reason="trước")
    moved = {
        topic: replace(
            record,
            variants={
                variant: Measured(values=dict.fromkeys(MEASURES, n % 2.0), ranking=_reversed(n))
                for variant in QueryVariant
            },
        )
        for n, (topic, record) in enumerate(before.topics.items())
    }
    return evaluation, replace(before, topics=moved)


def _reversed(number: int) -> tuple[str, ...]:
    return tuple(f"bài-{(number + place) % 40:02}" for place in range(10, 0, -1))
