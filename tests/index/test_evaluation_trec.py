"""One order of ties: our measures equal those of trec_eval and of ranx on random runs."""

import random
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import pytrec_eval
from profiles import by_profile
from trec_programs import trec_eval_program

from index.evaluation import MEASURES, Scores, read_qrels, read_run, run_text, score_run

#: Names in trec_eval; its reciprocal rank has no cutoff, so 10 is cut below.
_NAMES: Final = {
    "nDCG@10": "ndcg_cut_10",
    "RR@10": "recip_rank",
    "P@5": "P_5",
    "R@100": "recall_100",
}
_ASKED: Final = ("ndcg_cut.10", "recip_rank", "P.5", "recall.100")
#: Ties as 32-bit floats, as 64-bit ones, and none; ids that sort otherwise as text than as numbers.
_SCORES: Final = (0.0, 1.0, 1.00000001, 1.5, 2.0, -3.25, 1e-9, 16777216.0, 16777217.0)
_IDS: Final = (*(f"d{number}" for number in range(40)), "đ1", "Đ1", "a-b", "a_b", "D1")


def _files(folder: Path, seed: int, topics: int = 4) -> tuple[Path, Path]:
    """A run with many ties and judgements with grades from -2 to 4, unjudged ones included."""
    draw = random.Random(seed)  # noqa: S311  # no secret
    run, qrels = [], []
    for topic in range(topics):
        ids = draw.sample(_IDS, draw.randint(1, len(_IDS)))
        for rank, doc_id in enumerate(ids, 1):
            run.append(f"q{topic} Q0 {doc_id} {rank} {draw.choice(_SCORES)!r} x")
        judged = draw.sample(_IDS, draw.randint(1, 12))
        grades = [draw.randint(-2, 4) for _ in judged]
        grades[0] = draw.randint(1, 4)
        qrels += [f"q{topic} 0 {d} {grade}" for d, grade in zip(judged, grades, strict=True)]
    paths = folder / f"{seed}.run", folder / f"{seed}.qrels"
    for path, lines in zip(paths, (run, qrels), strict=True):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return paths


def _assert_equal(scores: Scores, theirs: dict[str, dict[str, float]], digits: float) -> None:
    assert set(theirs) == set(scores.topics)
    for topic, values in theirs.items():
        for ours, name in _NAMES.items():
            value = values[name]
            if ours == "RR@10" and value < 0.1 - 1e-9:
                value = 0.0
            assert scores.of(topic, ours) == pytest.approx(value, abs=digits), (topic, ours)


@pytest.mark.deep
def test_random_runs_are_measured_as_trec_evals_code_measures_them(tmp_path: Path) -> None:
    measures: Any = pytrec_eval.RelevanceEvaluator
    for seed in range(by_profile(quick=60, deep=1000)):
        run_path, qrels_path = _files(tmp_path, seed)
        with run_path.open(encoding="utf-8") as file:
            run = pytrec_eval.parse_run(file)  # their reading, their order
        with qrels_path.open(encoding="utf-8") as file:
            qrels = pytrec_eval.parse_qrel(file)
        theirs = measures(qrels, set(_ASKED)).evaluate(run)
        ours = score_run(read_qrels(qrels_path), read_run(run_path))
        _assert_equal(ours, theirs, 1e-9)
        for topic, found in run.items():
            order = sorted(found, key=lambda one: (_single(found[one]), one), reverse=True)[:10]
            judged = sum(qrels[topic].get(doc_id, -1) >= 0 for doc_id in order)
            assert ours.of(topic, "Judged@10") == pytest.approx(judged / len(order))


def _single(value: float) -> float:
    import struct

    return float(struct.unpack("f", struct.pack("f", value))[0])


@pytest.mark.slow
def test_a_thousand_random_runs_are_measured_as_trec_eval_measures_them(tmp_path: Path) -> None:
    program = trec_eval_program()
    if program is None:
        pytest.skip("trec_eval is not on the path, and there is no Maven to bring it")
    for seed in range(50):
        # Twenty topics each: starting a program a thousand times would take minutes.
        run_path, qrels_path = _files(tmp_path, seed + 5000, topics=20)
        command = [str(program), "-q", "-n", *(word for name in _ASKED for word in ("-m", name))]
        asked = subprocess.run(  # noqa: S603  # a fixed command
            [*command, str(qrels_path), str(run_path)], capture_output=True, text=True, check=True
        )
        theirs: dict[str, dict[str, float]] = {}
        for line in asked.stdout.splitlines():
            name, topic, value = line.split()
            theirs.setdefault(topic, {})[name] = float(value)
        _assert_equal(score_run(read_qrels(qrels_path), read_run(run_path)), theirs, 5.1e-5)


@pytest.mark.slow
def test_a_thousand_random_runs_are_measured_as_ranx_measures_them(tmp_path: Path) -> None:
    ranx: Any = pytest.importorskip(
        "ranx", reason="ranx is not installed: with numba it takes 200 MB"
    )
    names = {"ndcg@10": "nDCG@10", "mrr@10": "RR@10", "precision@5": "P@5", "recall@100": "R@100"}
    for seed in range(50):
        run_path, qrels_path = _files(tmp_path, seed + 7000, topics=20)
        run, qrels = read_run(run_path), read_qrels(qrels_path)
        # ranx breaks ties as they come and knows no unjudged grades, so it gets ranks and none.
        theirs = ranx.evaluate(
            ranx.Qrels(
                {
                    t: {d: g for d, g in judged.items() if g >= 0}
                    for t, judged in qrels.grades.items()
                }
            ),
            ranx.Run(
                {
                    topic: {one.doc_id: 100.0 - rank for rank, one in enumerate(found)}
                    for topic, found in run.rankings.items()
                }
            ),
            list(names),
            return_mean=False,
        )
        scores = score_run(qrels, run)
        for name, ours in names.items():
            expected = [scores.of(topic, ours) for topic in sorted(scores.topics)]
            assert list(theirs[name]) == pytest.approx(expected, abs=1e-6), (seed, ours)


def test_twelve_tied_articles_have_one_order(tmp_path: Path) -> None:
    run, qrels = tmp_path / "run", tmp_path / "qrels"
    run.write_text("".join(f"q Q0 d{n:02} 1 1.0 x\n" for n in range(12)), encoding="utf-8")
    qrels.write_text("q 0 d00 1\n", encoding="utf-8")
    found = read_run(run)
    scores = score_run(read_qrels(qrels), found)
    assert found.top("q", 2) == ("d11", "d10")
    assert [scores.of("q", measure) for measure in MEASURES] == [0.0, 0.0, 0.0, 1.0, 0.0]
    again = tmp_path / "again"
    again.write_text(run_text(found), encoding="utf-8")
    assert read_run(again).top("q", 12) == found.top("q", 12)


def test_negative_grades_are_no_judgements(tmp_path: Path) -> None:
    run, qrels = tmp_path / "run", tmp_path / "qrels"
    run.write_text("q Q0 a 1 3 x\nq Q0 b 2 2 x\nq Q0 c 3 1 x\n", encoding="utf-8")
    qrels.write_text("q 0 a -1\nq 0 b 2\nq 0 c -2\np 0 a -1\n", encoding="utf-8")
    scores = score_run(read_qrels(qrels), read_run(run))
    assert scores.of("q", "RR@10") == 0.5
    assert scores.of("q", "Judged@10") == pytest.approx(1 / 3)
    assert [scores.of("p", measure) for measure in MEASURES] == [0.0] * len(MEASURES)
