"""Runs, measures and the test of their differences."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from index.evaluation import (
    MEASURES,
    Qrels,
    Run,
    Topic,
    compare,
    group_means,
    read_qrels,
    read_run,
    run_text,
    score_run,
)
from index.evaluation.runs import ranking

QRELS = """\
q1 0 a 3
q1 0 b 2
q1 0 c 0
q1 0 d 1
q2 0 a 1
q2 0 x 3
q3 0 b 2
"""


def _run(scores: dict[str, list[tuple[str, float]]]) -> Run:
    return Run(
        "thử",
        {
            topic: ranking([doc_id for doc_id, _ in found], [score for _, score in found])
            for topic, found in scores.items()
        },
    )


@pytest.fixture
def run() -> Run:
    """q1 mixes grades and an unjudged article, q2 has a tie, q3 finds nothing."""
    return _run(
        {
            "q1": [("c", 9.25), ("a", 7.5), ("z", 7.25), ("b", 3.125), ("d", 1.0)],
            "q2": [("a", 2.0), ("x", 2.0), ("y", 2.0)],
        }
    )


def test_measures_equal_those_of_ir_measures_to_four_digits(run: Run, tmp_path: Path) -> None:
    qrels_path, run_path = tmp_path / "qrels.txt", tmp_path / "run.trec"
    qrels_path.write_text(QRELS, encoding="utf-8")
    run_path.write_text(run_text(run), encoding="utf-8")
    command = [sys.executable, "-m", "ir_measures", str(qrels_path), str(run_path)]
    asked = subprocess.run(  # noqa: S603  # our own interpreter
        [*command, " ".join(MEASURES), "--by_query", "--places", "4"],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [line.split("\t") for line in asked.stdout.splitlines()]
    for scores in (
        score_run(read_qrels(qrels_path), run),
        score_run(read_qrels(qrels_path), read_run(run_path)),
    ):
        seen = 0
        for topic, measure, value in expected:
            ours = scores.mean(measure) if topic == "all" else scores.of(topic, measure)
            assert f"{ours:.4f}" == value, (topic, measure)
            seen += 1
        assert seen == len(MEASURES) * (len(scores.topics) + 1)


def test_a_topic_without_hits_counts_zero(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "qrels.txt"
    path.write_text(QRELS, encoding="utf-8")
    for found in (run, Run("thử", {**run.rankings, "q3": ()})):
        scores = score_run(read_qrels(path), found)
        assert scores.topics == ("q1", "q2", "q3")
        assert [scores.of("q3", measure) for measure in MEASURES] == [0.0] * len(MEASURES)
        assert scores.of("q2", "RR@10") == 1.0
        assert scores.of("q1", "Judged@10") == pytest.approx(0.8)


def test_a_run_keeps_the_order_of_the_engine_where_scores_are_equal() -> None:
    found = [("z", 20.000001), ("y", 20.0), ("a", 20.0), ("m", 20.0), ("b", 0.0), ("c", 0.0)]
    run = _run({"q": found})
    scores = [float(line.split()[4]) for line in run_text(run).splitlines()]
    assert all(first > second for first, second in itertools.pairwise(scores))
    # trec_eval reads 32-bit floats, ranks by score, and breaks ties by falling id.
    qrels = Qrels({"q": {doc_id: 1 for doc_id, _ in found}})
    for rank, (doc_id, _) in enumerate(found, 1):
        alone = score_run(Qrels({"q": {doc_id: 1}}), run)
        assert alone.of("q", "RR@10") == pytest.approx(1 / rank)
    assert score_run(qrels, run).of("q") == pytest.approx(1.0)


def test_a_run_file_comes_back_as_it_was(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "run.trec"
    path.write_text(run_text(run), encoding="utf-8")
    assert read_run(path) == run
    assert run_text(read_run(path)) == run_text(run)
    assert run_text(run).splitlines()[0] == "q1 Q0 c 1 9.250000 thử"


def test_a_foreign_run_is_ordered_by_its_scores(tmp_path: Path) -> None:
    path = tmp_path / "run.trec"
    path.write_text("q Q0 a 1 0.5 x\nq Q0 b 2 1.5 x\nq Q0 c 3 0.5 x\n", encoding="utf-8")
    assert read_run(path).top("q", 3) == ("b", "c", "a")


def test_classes_have_means_of_their_own(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "qrels.txt"
    path.write_text(QRELS, encoding="utf-8")
    scores = score_run(read_qrels(path), run)
    topics = [
        Topic("q3", "", "x"),
        Topic("q1", "", "y"),
        Topic("q2", "", "x"),
        Topic("q4", "", "x"),
    ]
    means = group_means(scores, topics)
    assert [(mean.group, mean.topics) for mean in means] == [("x", 2), ("y", 1)]
    assert means[0].mean == pytest.approx(scores.of("q2") / 2)
    assert group_means(scores, [Topic("q1", "một")]) == ()


def test_the_randomisation_test_comes_near_the_exact_p_value() -> None:
    before = [0.2, 0.4, 0.1, 0.9, 0.5, 0.3, 0.6, 0.2]
    after = [0.5, 0.5, 0.1, 0.8, 0.9, 0.7, 0.7, 0.6]
    differences = [b - a for a, b in zip(before, after, strict=True)]
    signs = list(itertools.product((1, -1), repeat=len(before)))
    sums = [sum(s * d for s, d in zip(row, differences, strict=True)) for row in signs]
    exact = sum(abs(total) >= abs(sum(differences)) - 1e-9 for total in sums) / len(signs)
    found = compare(before, after)
    assert found.p_value == pytest.approx(exact, abs=0.01)
    assert (found.wins, found.losses, found.ties) == (6, 1, 1)
    assert found.difference == pytest.approx(sum(differences) / len(differences))


def test_the_p_value_depends_on_the_seed_only() -> None:
    before = [number / 100 for number in range(70)]
    after = [value + 0.01 * (-1) ** number for number, value in enumerate(before)]
    after[:9] = [value + 0.02 for value in before[:9]]
    found = compare(before, after)
    assert compare(before, after) == found
    # The same on every machine and with every NumPy: it rests on raw bits of PCG64.
    assert found.p_value == pytest.approx(1028 / 10_001, abs=1e-12)
    assert compare(after, before).p_value == found.p_value
    assert compare(before, after, seed=1).p_value == pytest.approx(found.p_value, abs=0.02)


def test_equal_series_do_not_differ() -> None:
    assert compare([0.5, 0.25], [0.5, 0.250001]).p_value == 1.0
    assert compare([0.5, 0.25], [0.5, 0.250001]).ties == 2


def test_many_topics_that_all_win_are_significant() -> None:
    assert compare([0.1] * 200, [0.2] * 200).p_value < 0.001


@pytest.mark.parametrize(("before", "after"), [([], []), ([0.1], [0.1, 0.2])])
def test_series_must_match(before: list[float], after: list[float]) -> None:
    with pytest.raises(ValueError, match="both series"):
        compare(before, after)
