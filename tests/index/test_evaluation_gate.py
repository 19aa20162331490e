"""The gate: what passes, and what a broken ranking fails."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from small_suite import SUBJECTS, build_index, write_suite

from index import Hit, SearchEngine, open_engine
from index.engines.embedded.engine import WhooshEngine
from index.evaluation import (
    OTHER_VARIANTS,
    Baseline,
    ClassesVerdict,
    Conditions,
    Evaluation,
    EvaluationInputError,
    GateResult,
    MeanVerdict,
    Note,
    ParityVerdict,
    QueriesVerdict,
    QueryVariant,
    RemovedVerdict,
    RestorationVerdict,
    Verdict,
    accept,
    baseline_text,
    evaluate,
    judge,
    parse_rules,
    read_baseline,
    read_suite,
)
from index.evaluation.baseline import Measured, TopicRecord
from index.ranking import RankingConstants
from searchapp.commands.evaluation_texts import VerdictText, gettext_of, variant_name
from searchapp.commands.evaluation_texts import note_text as said_note
from searchapp.commands.evaluation_texts import verdict_text as said_verdict

DAY = date(2026, 11, 23)
#: Nothing for words that stand together, and links count ten times as much as headlines.
BROKEN = RankingConstants(pair_weight=0, zone_weights=(0.3, 1.0, 1.0, 1.5, 3.0))

Evaluate = Callable[..., Evaluation]

_ = gettext_of("vi")


def verdict_text(verdict: Verdict) -> VerdictText:
    return said_verdict(verdict, _)


def note_text(note: Note) -> str:
    return said_note(note, _)


def _rules(text: str, *, ignore_removed: bool = False) -> Conditions:
    return Conditions(rules=parse_rules(text), ignore_removed=ignore_removed)


class WithoutRelated(WhooshEngine):
    """An engine that has lost its related news."""

    def related(self, doc_id: str, limit: int = 6) -> tuple[Hit, ...]:
        return ()


@pytest.fixture(scope="module")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gate")
    build_index(folder)
    return folder


@pytest.fixture
def evaluated(tmp_path: Path, index_folder: Path) -> Evaluate:
    """Evaluates the small suite, perhaps with other files or by another engine."""

    def run(
        settings: str = "", files: dict[str, str] | None = None, engine: SearchEngine | None = None
    ) -> Evaluation:
        suite = write_suite(tmp_path / "suite", settings)
        for name, text in (files or {}).items():
            (suite / name).write_text(text, encoding="utf-8")
        return evaluate(read_suite(suite), engine or open_engine(f"whoosh:{index_folder}"))

    return run


@pytest.fixture
def broken(index_folder: Path) -> SearchEngine:
    """The same index, ranked badly on purpose."""
    return WhooshEngine(index_folder, constants=BROKEN)


def _accepted(evaluation: Evaluation, previous: Baseline | None = None) -> Baseline:
    return accept(evaluation, previous, day=DAY, reason="lần đầu", author="Ban thử", commit="abc1")


def _failed(gate: GateResult, kind: str) -> list[str]:
    """The names of the failed verdicts of a kind."""
    return [text.name for text in map(verdict_text, gate.failed) if text.kind == kind]


def test_what_was_accepted_passes_unchanged(evaluated: Evaluate) -> None:
    evaluation = evaluated()
    gate = judge(evaluation, _accepted(evaluation))
    assert gate.passed, gate.failed
    assert gate.unchanged
    assert gate.notes == ()
    kinds = {verdict_text(verdict).kind for verdict in gate.verdicts}
    assert kinds >= {"measure", "queries", "parity", "restoration", "assertion"}


def test_a_broken_ranking_fails_and_names_topics_and_classes(
    evaluated: Evaluate, broken: SearchEngine
) -> None:
    baseline = _accepted(evaluated())
    gate = judge(evaluated(engine=broken), baseline)
    assert not gate.passed
    assert not gate.unchanged
    names = {variant_name(variant, _) for variant in QueryVariant}
    assert {name.split(", ")[1] for name in _failed(gate, "measure")} == names
    assert {name.split(", ")[1] for name in _failed(gate, "queries")} == names
    mean = next(v for v in gate.failed if isinstance(v, MeanVerdict))
    queries = next(v for v in gate.failed if isinstance(v, QueriesVerdict))
    assert isinstance(mean, MeanVerdict)
    assert isinstance(queries, QueriesVerdict)
    assert len(mean.topics) == 5
    assert [change.topic.id for change in queries.topics[:5]] == [
        change.topic.id for change in mean.topics
    ]
    assert all(change.difference <= -0.2 for change in queries.topics)
    assert {group.group for group in mean.groups} == {"event", "place", "word"}
    differences = [group.difference for group in mean.groups]
    assert differences == sorted(differences)
    assert differences[0] < -0.2


def test_a_tolerance_lets_a_small_loss_pass(evaluated: Evaluate, broken: SearchEngine) -> None:
    before, after = evaluated(), evaluated(engine=broken)
    baseline = _accepted(before)
    lost = before.as_written.mean() - after.as_written.mean()
    assert 0.05 < lost < 0.9
    for rule, passes in ((f"ndcg@10:-{lost + 0.3:.4f}", True), (f"ndcg@10:-{lost / 2:.4f}", False)):
        verdicts = judge(after, baseline, _rules(rule)).verdicts
        written = next(v for v in verdicts if verdict_text(v).name == "nDCG@10, có dấu")
        assert written.passed is passes
    fallen = sum(
        before.as_written.of(item.topic) - after.as_written.of(item.topic) >= 0.2
        for item in SUBJECTS
    )
    assert fallen > 1
    for count, passes in ((fallen, False), (fallen + 1, True)):
        verdicts = judge(after, baseline, _rules(f"queries:-0.2×{count}")).verdicts
        written = next(v for v in verdicts if verdict_text(v).name.endswith(", có dấu"))
        assert (written.passed, verdict_text(written).got) == (passes, str(fallen))


def test_a_class_alone_can_fail(evaluated: Evaluate, broken: SearchEngine) -> None:
    baseline = _accepted(evaluated())
    gate = judge(evaluated(engine=broken), baseline, _rules("classes:-0.1"))
    verdict = next(v for v in gate.failed if isinstance(v, ClassesVerdict))
    assert verdict.groups
    for group in verdict.groups:
        assert re.search(rf"\b{group.group} −0\.\d{{4}}", verdict_text(verdict).got)


def test_related_news_are_gated_whatever_the_rules_say(
    evaluated: Evaluate, index_folder: Path
) -> None:
    good = evaluated()
    assert good.related is not None
    assert good.related.topics == tuple(f"{item.key}-a" for item in SUBJECTS)
    assert good.related.mean("nDCG@5") > 0.5
    changed = evaluated(engine=WithoutRelated(index_folder))
    for rules in (None, _rules("queries:-0.2x3"), _rules("related:-0.02")):
        gate = judge(changed, _accepted(good), rules)
        assert _failed(gate, "related") == ["tin liên quan, nDCG@5"]
        assert not gate.unchanged
        assert judge(good, _accepted(good), rules).passed
    assert judge(changed, _accepted(good), _rules("related:-1")).passed


def test_thresholds_hold_without_a_baseline(evaluated: Evaluate, broken: SearchEngine) -> None:
    settings = "at_least: {nDCG@10: 0.95}"
    good = judge(evaluated(settings), None)
    assert good.passed, good.failed
    assert not good.unchanged
    assert "Chưa có baseline" in note_text(good.notes[-1])
    bad = judge(evaluated(settings, engine=broken), None)
    assert _failed(bad, "floor") == ["nDCG@10 tối thiểu"]
    assert bad.failed[0].topics


def test_parity_compares_ways_of_typing(evaluated: Evaluate) -> None:
    evaluation = evaluated("parity: {none: 1, half: 1, tone_nfd: 1, telex: 0.5}")
    assert evaluation.scores[QueryVariant.OTHER_TONE].values == evaluation.as_written.values
    for variant in OTHER_VARIANTS:
        mean = evaluation.scores[variant].mean()
        assert evaluation.parity(variant) == pytest.approx(mean / evaluation.as_written.mean())
    verdicts = [v for v in judge(evaluation, None).verdicts if isinstance(v, ParityVerdict)]
    assert len(verdicts) == len(OTHER_VARIANTS)
    assert all(verdict.passed for verdict in verdicts[2:])


def test_an_index_without_the_articles_is_no_parity(evaluated: Evaluate, tmp_path: Path) -> None:
    engine = open_engine(f"whoosh:{tmp_path / 'empty'}")
    with engine.writer():
        pass
    evaluation = evaluated(engine=engine)
    assert evaluation.parity(QueryVariant.NO_ACCENTS) is None
    gate = judge(evaluation, None)
    assert len(_failed(gate, "parity")) == 3
    assert len(evaluation.missing) == 3 * len(SUBJECTS)
    assert gate.data_differ
    assert {"found", "lost"} <= {verdict_text(verdict).kind for verdict in gate.failed}


@pytest.mark.parametrize(
    ("check", "expected", "got"),
    [
        ("top: {id: xang-b, within: 1}", "xang-b trong 1 bài đầu", "hạng 2"),
        ("above: [xang-c, xang-a]", "xang-c trên xang-a", "xang-a: hạng 1"),
        ("above: [xang-a, xang-typo]", "xang-a trên xang-typo", "chỉ mục không có bài xang-typo"),
        ("total_at_least: 99", "tổng ≥ 99", "tổng "),
        ("suggests: giả xằng", "gợi ý “giả xằng”", "gợi ý"),
        ("no_suggestion: restore_accents", "không gợi ý restore_accents", "gợi ý “giá xăng dầu”"),
    ],
)
def test_a_failed_assertion_shows_what_was_expected_and_what_came(
    evaluated: Evaluate, check: str, expected: str, got: str
) -> None:
    evaluation = evaluated(files={"assertions.yaml": f'- query: "gia xang dau"\n  {check}\n'})
    failed = judge(evaluation, None).failed
    assert len(failed) == 1
    text = verdict_text(failed[0])
    assert (text.name, text.expected) == ("assertions.yaml:2: gia xang dau", expected)
    assert got in text.got


def test_a_small_loss_of_many_topics_fails_where_chance_is_ruled_out(
    evaluated: Evaluate,
) -> None:
    evaluation = evaluated()
    better = _accepted(evaluation)
    for lost, passes in ((8, False), (5, True)):
        fallen = {
            topic: replace(record, variants=_lowered(record, -0.008 if number < lost else 0.0))
            for number, (topic, record) in enumerate(better.topics.items())
        }
        gate = judge(evaluation, replace(better, topics=fallen), _rules("ndcg@10:-0.001@0.01"))
        verdicts = [verdict for verdict in gate.verdicts if isinstance(verdict, MeanVerdict)]
        assert verdicts[0].passed is passes
        assert verdicts[0].p_value is not None
        assert (verdicts[0].p_value < 0.01) is not passes
        assert verdict_text(verdicts[0]).name == "nDCG@10, có dấu, p < 0.01"


def _lowered(record: TopicRecord, by: float) -> dict[QueryVariant, Measured]:
    return {
        variant: replace(item, values={name: value - by for name, value in item.values.items()})
        for variant, item in record.variants.items()
    }


def test_restorations_may_miss_a_share(evaluated: Evaluate) -> None:
    golden = {"golden_restoration.tsv": "gia xang dau\tgiá xăng dầu\nlu quet\tlù quẹt\n"}
    verdict = judge(evaluated("restoration: 0.6", golden), None).failed[0]
    assert isinstance(verdict, RestorationVerdict)
    text = verdict_text(verdict)
    assert (text.expected, text.got) == ("≥ 2/2", "1/2")
    assert text.details[0].startswith("lu quet → lù quẹt: ")
    assert judge(evaluated("restoration: 0.5", golden), None).passed


def test_topics_that_went_fail_unless_told_and_new_ones_are_noted(evaluated: Evaluate) -> None:
    baseline = _accepted(evaluated())
    topics = "t-xang\tgiá xăng\tevent\nt-hocsinh\thọc sinh giỏi\tword\nt-new\tlũ quét\nt-idle\tlũ\n"
    qrels = "t-xang 0 xang-a 1\nt-hocsinh 0 hocsinh-a 1\nt-new 0 luquet-a 1\n"
    evaluation = evaluated(files={"topics.tsv": topics, "qrels.txt": qrels})
    (removed,) = [v for v in judge(evaluation, baseline).failed if isinstance(v, RemovedVerdict)]
    assert verdict_text(removed).details == (
        "chủ đề không còn, hết điểm chấm hoặc đã đổi câu tìm: t-xang, t-longthanh, t-baohiem, "
        "t-hoabinh, t-bacsi và 2 nữa",
        "chủ đề có ít điểm chấm hơn: t-hocsinh",
    )
    gate = judge(evaluation, baseline, Conditions(ignore_removed=True))
    assert not [v for v in gate.failed if isinstance(v, RemovedVerdict)]
    notes = "\n".join(map(note_text, gate.notes))
    assert "chưa chấm, không tính: t-idle" in notes
    assert "chưa so: t-xang, t-new" in notes
    assert "nay không chấm, bỏ qua theo yêu cầu: t-xang, t-longthanh, t-baohiem" in notes
    assert "qrels) đã thay đổi" in notes


def test_a_baseline_comes_back_as_it_was_written(evaluated: Evaluate, tmp_path: Path) -> None:
    evaluation = evaluated()
    first = _accepted(evaluation)
    second = accept(evaluation, first, day=DAY, reason="lần hai")
    path = tmp_path / "baseline.json"
    path.write_text(baseline_text(second), encoding="utf-8")
    assert read_baseline(path) == second
    assert [item.reason for item in second.history] == ["lần đầu", "lần hai"]
    assert second.history[0].author == "Ban thử"
    lines = baseline_text(second).splitlines()
    assert sum(line.startswith(' "t-') for line in lines) == len(SUBJECTS)
    assert second.archive is not None
    assert second.archive.articles == 3 * len(SUBJECTS)
    assert judge(evaluation, read_baseline(path)).unchanged


def _old_baseline(*, topics: str = "", value: str = "0.5") -> str:
    """A baseline as the first version of the program wrote it, with one topic or none."""
    topic = '{"q": {"query": "lũ", "values": {"nDCG@10": %s}, "variants": {}, "ranking": []}}'
    entry = (
        '{"date": "2026-11-23", "reason": "r", "author": "", "commit": "", "topics": 1, '
        '"means": {}, "parity": {}}'
    )
    return (
        f'{{"format": 1, "judgements": "", "history": [{entry}], "related": {{}}, '
        f'"topics": {topics or topic % value}}}'
    )


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ('{"format": 1,\n oops', ", line 2", "not JSON"),
        ("[]", "", "not a baseline"),
        ('{"format": 3}', "", "format 3, this program reads 2"),
        ('{"format": 1}', "", "no 'history'"),
        (
            '{"format": 1, "history": [], "topics": {}, "related": {}, "judgements": ""}',
            "",
            "empty",
        ),
        (_old_baseline(topics="{}"), "", "it has no topics"),
        (_old_baseline(value="NaN"), "", "NaN is not a number"),
        (_old_baseline(value="7.5"), "", "7.5 is not a number from 0 to 1"),
        (_old_baseline(value="-1"), "", "-1 is not a number from 0 on"),
        (_old_baseline(value='"1"'), "", "'1' is not a number"),
        ('{"format": 1, "history": [{"date": "gestern"}]}', "", "Invalid isoformat"),
    ],
)
def test_what_is_not_a_baseline_is_refused(
    tmp_path: Path, text: str, place: str, reason: str
) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationInputError, match=reason) as caught:
        read_baseline(path)
    assert str(caught.value).startswith(f"{path}{place}: ")
