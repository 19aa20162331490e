"""`timbao eval` with runs of any engine, for programs, in a language, and with frozen articles."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from running import PROGRAM
from small_suite import SUBJECTS, build_index, write_suite

from index import open_engine
from searchapp.cli import main
from searchapp.commands import evaluation
from searchapp.text.i18n import translated


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index that tests may only read."""
    return build_index(tmp_path_factory.mktemp("eval"))


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return write_suite(tmp_path / "suite")


@pytest.fixture
def runs(suite: Path, address: str, tmp_path: Path) -> dict[str, Path]:
    """A run for two ways of typing, and one that ranks the wrong articles first."""
    found = {name: tmp_path / f"{name}.run" for name in ("accented", "none", "bad")}
    for name in ("accented", "none"):
        args = ("--topics", suite / "topics.tsv", "--out", found[name], "--index", address)
        _eval("run", *args, "--variant", name)
    lines = []
    for item in SUBJECTS:
        lines += [f"{item.topic} Q0 {item.key}-c 1 9 bad", f"{item.topic} Q0 {item.key}-a 2 1 bad"]
    found["bad"].write_text("\n".join(lines), encoding="utf-8")
    return found


def _eval(*args: object, status: int = 0) -> Result:
    command = ["eval", *map(str, args)]
    result = CliRunner().invoke(main, command, prog_name="timbao", catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def _json(*args: object, status: int = 0) -> Any:
    return json.loads(_eval(*args, "--json", status=status).stdout)


def test_another_engine_is_gated_by_its_runs(suite: Path, runs: dict[str, Path]) -> None:
    given = ("--suite", suite, "--run", runs["accented"], "--run", f"none={runs['none']}")
    accepted = _eval("baseline", *given, "--accept", "--reason", "máy tìm khác").stdout
    assert "Không chấm được từ tệp kết quả, cần chỉ mục: assertions.yaml" in accepted
    output = _eval("check", *given).stdout
    assert output.splitlines()[-1].endswith("Không đổi so với baseline.")
    worse = ("--suite", suite, "--run", runs["bad"], "--run", f"none={runs['none']}")
    failed = _eval("check", *worse, status=1).stdout
    assert "TRƯỢT nDCG@10, có dấu" in failed
    # A way of typing that was measured once may not silently go.
    gone = _eval("check", "--suite", suite, "--run", runs["accented"], status=1).stdout
    assert "cách gõ không còn đo: none" in gone


def test_a_report_and_a_junit_file_of_runs(
    suite: Path, runs: dict[str, Path], tmp_path: Path
) -> None:
    _eval("baseline", "--suite", suite, "--run", runs["accented"], "--accept", "--reason", "x")
    report, junit = tmp_path / "new" / "report.html", tmp_path / "new" / "deep" / "junit.xml"
    given = ("--suite", suite, "--run", runs["bad"])
    _eval("check", *given, "--report", report, "--junit", junit, status=1)
    page = report.read_text(encoding="utf-8")
    assert f"timbao eval check --suite {suite} --run {runs['bad']}</code>" in page
    assert "<small>xang-c</small>" in page
    assert "chỉ mục không có bài này" not in page
    root = ET.fromstring(junit.read_text(encoding="utf-8"))  # noqa: S314  # our own text
    assert all(float(case.get("time", "nan")) >= 0 for case in root.iter("testcase"))
    assert int(root.get("failures", "0")) > 0
    _eval("report", *given, "--out", tmp_path / "other" / "report.html")


def test_related_news_of_another_engine(suite: Path, runs: dict[str, Path], tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    for path, letter in ((good, "b"), (bad, "c")):
        lines = [f"{item.key}-a Q0 {item.key}-{letter} 1 1 x" for item in SUBJECTS]
        path.write_text("\n".join(lines), encoding="utf-8")
    given = ("--suite", suite, "--run", runs["accented"], "--related-run")
    _eval("baseline", *given, good, "--accept", "--reason", "x")
    assert "tin liên quan, nDCG@5: 1.0000 (8 bài)" in _eval("check", *given, good).stdout
    assert "TRƯỢT tin liên quan" in _eval("check", *given, bad, status=1).stdout


def test_runs_and_judgements_without_a_common_topic_are_refused(
    suite: Path, runs: dict[str, Path], tmp_path: Path
) -> None:
    other = tmp_path / "other.run"
    other.write_text("q9 Q0 xang-a 1 1.0 x\n", encoding="utf-8")
    for command in (
        ("score", "--qrels", suite / "qrels.txt", other),
        ("score", "--qrels", suite / "qrels.txt", runs["accented"], other),
        ("check", "--suite", suite, "--no-baseline", "--run", other),
        ("pool", "--suite", suite, "--run", other),
    ):
        assert f"{other}: it has none of the judged topics" in _eval(*command, status=2).stderr


def test_minimums_fail_a_build_by_runs_alone(
    suite: Path, runs: dict[str, Path], tmp_path: Path
) -> None:
    junit = tmp_path / "junit.xml"
    given = ("score", "--qrels", suite / "qrels.txt", "--topics", suite / "topics.tsv")
    least = ("--min", "nDCG@10=.8", "--min", "p@5=0.1", "--junit", junit)
    passed = _json(*given, *least, runs["accented"])
    assert passed["passed"]
    assert passed["runs"][0]["means"]["nDCG@10"] > 0.9
    assert set(passed["runs"][0]["classes"]) == {"event", "word", "place"}
    failed = _json(*given, *least, runs["accented"], runs["bad"], status=1)
    assert not failed["passed"]
    second = failed["runs"][1]
    assert [item["passed"] for item in second["minimums"]] == [False, True]
    assert second["against_first"]["losses"] == len(SUBJECTS)
    root = ET.fromstring(junit.read_text(encoding="utf-8"))  # noqa: S314  # our own text
    assert (root.get("tests"), root.get("failures")) == (str(2 * (2 + len(SUBJECTS))), "1")
    assert all(case.get("time") for case in root.iter("testcase"))
    for wrong in ("nDCG@10", "nDCG@10=x", "nDCG@10=nan", "nDCG@10=1.5", "map=.1"):
        _eval(*given, "--min", wrong, runs["accented"], status=2)


def test_the_check_for_programs(suite: Path, address: str) -> None:
    given = ("check", "--suite", suite, "--index", address)
    assert _json(*given, "--no-baseline")["baseline"] is None
    _eval("baseline", *given[1:], "--accept", "--reason", "x")
    found = _json(*given)
    assert (found["passed"], found["exit_code"], found["unchanged"]) == (True, 0, True)
    assert set(found["differences"]) == {
        "nDCG@10", "RR@10", "P@5", "R@100", "Judged@10", "related nDCG@5",
    }  # fmt: skip
    assert set(found["means"]) == {"accented", "none", "half", "tone_nfd", "telex"}
    assert found["archive"]["change"] is None
    assert {"found", "lost", "removed", "measure", "related"} <= {
        verdict["kind"] for verdict in found["verdicts"]
    }
    history = _json("baseline", "--suite", suite)
    assert [item["reason"] for item in history["history"]] == ["x"]
    assert history["archive"]["articles"] == 3 * len(SUBJECTS)


def test_a_baseline_is_not_accepted_while_an_assertion_fails(suite: Path, address: str) -> None:
    given = ("baseline", "--suite", suite, "--index", address, "--accept", "--reason", "x")
    _eval(*given)
    before = (suite / "baseline.json").read_bytes()
    with (suite / "assertions.yaml").open("a", encoding="utf-8") as file:
        file.write('- query: "giá xăng dầu"\n  total_at_least: 99\n')
    refused = _eval(*given, status=1)
    assert "Chưa chấp nhận: 1 điều kiện" in refused.stderr
    assert "giá xăng dầu: cần tổng ≥ 99" in refused.stdout
    assert (suite / "baseline.json").read_bytes() == before
    accepted = _eval(*given, "--despite-failures").stdout
    assert "nDCG@10 so với baseline: 0.0000" in accepted
    assert (suite / "baseline.json").read_bytes() != before


def test_a_check_without_a_baseline_is_bad_input(suite: Path, address: str) -> None:
    failed = _eval("check", "--suite", suite, "--index", address, status=2)
    assert f"{suite / 'baseline.json'}: there is no baseline" in failed.stderr
    _eval("check", "--suite", suite, "--index", address, "--no-baseline")
    both = ("--no-baseline", "--baseline", suite / "qrels.txt")
    _eval("check", "--suite", suite, "--index", address, *both, status=2)


def test_a_fault_of_the_program_has_a_code_of_its_own(
    suite: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise NameError("a slip of the pen")

    monkeypatch.setattr(evaluation, "judge", broken)
    failed = _eval("check", "--suite", suite, "--no-baseline", "--index", address, status=5)
    assert "NameError: a slip of the pen" in failed.stderr
    assert "The command itself failed" in failed.stderr


def test_a_file_that_cannot_be_written_is_known_before_the_run(suite: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    asked = subprocess.run(  # noqa: S603  # our own interpreter and program
        [
            *PROGRAM, "eval", "check", "--suite", str(suite), "--no-baseline", "--junit",
            str(tmp_path / "file" / "junit.xml"), "--index", f"whoosh:{tmp_path / 'none'}",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert asked.returncode == 2  # and not 3: the index was not opened yet
    assert "it cannot be written" in asked.stderr
    assert sys.executable in PROGRAM


def test_the_pool_is_what_nobody_has_judged(suite: Path, address: str, tmp_path: Path) -> None:
    qrels = suite / "qrels.txt"
    judged = qrels.read_text(encoding="utf-8").splitlines(keepends=True)
    qrels.write_text("".join(line for line in judged if "-b " not in line), encoding="utf-8")
    given = ("pool", "--suite", suite, "--index", address)
    lines = _eval(*given).stdout.splitlines()
    assert {f"t-{item.key} 0 {item.key}-b ?" for item in SUBJECTS} <= set(lines)
    assert len(lines) == len(set(lines))
    named = _eval(*given, "--headlines").stdout
    assert "t-xang 0 xang-b ?  # giá xăng dầu | Điểm tin cuối tuần" in named
    run = tmp_path / "run"
    run.write_text("t-xang Q0 new 1 2 x\nt-xang Q0 xang-a 2 1 x\n", encoding="utf-8")
    assert _eval("pool", "--suite", suite, "--run", run).stdout == "t-xang 0 new ?\n"
    with qrels.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines))
    assert "the grade '?' is not" in _eval("check", "--suite", suite, status=2).stderr


def test_topics_are_printed_as_they_are_typed(suite: Path) -> None:
    lines = _eval("topics", "--topics", suite / "topics.tsv", "--variant", "none").stdout
    assert lines.splitlines()[0] == "t-xang\tgia xang dau"


def test_frozen_articles_give_the_same_results_anywhere(
    suite: Path, address: str, tmp_path: Path
) -> None:
    frozen = suite / "articles.jsonl.gz"
    given = ("freeze", "--suite", suite, "--index", address)
    assert "Đã ghi 24 bài" in _eval(*given).stdout
    once = frozen.read_bytes()
    _eval(*given)
    assert frozen.read_bytes() == once
    other = f"whoosh:{tmp_path / 'gate'}"
    indexed = CliRunner().invoke(main, ["index", str(frozen), "--index", other])
    assert indexed.exit_code == 0, indexed.output
    _eval("baseline", "--suite", suite, "--index", other, "--accept", "--reason", "x")
    assert "Không đổi" in _eval("check", "--suite", suite, "--index", address).stdout


def test_distractors_are_as_many_as_asked(suite: Path, address: str, tmp_path: Path) -> None:
    (suite / "topics.tsv").write_text("t-xang\tgiá xăng dầu\n", encoding="utf-8")
    (suite / "qrels.txt").write_text("t-xang 0 xang-a 3\n", encoding="utf-8")
    for name in ("assertions.yaml", "golden_restoration.tsv", "related_qrels.txt"):
        (suite / name).unlink()
    counts = []
    for share in (0, 1):
        out = tmp_path / f"{share}.jsonl"
        given = ("--out", out, "--distractors", share, "--depth", 2)
        _eval("freeze", "--suite", suite, "--index", address, *given)
        counts.append(len(out.read_text(encoding="utf-8").splitlines()))
    assert counts[1] == 2 * counts[0]
    assert counts[0] < 3 * len(SUBJECTS)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_output_is_in_one_language(
    suite: Path, address: str, runs: dict[str, Path], tmp_path: Path, lang: str
) -> None:
    def said(message: str) -> str:
        return translated(lang, message)

    (suite / "topics.tsv").write_text(
        (suite / "topics.tsv").read_text(encoding="utf-8").replace("lũ quét", "lu quet"), "utf-8"
    )
    junit, report = tmp_path / "junit.xml", tmp_path / "report.html"
    options = ("--suite", suite, "--index", address, "--lang", lang)
    texts = [
        _eval("baseline", *options, "--accept", "--reason", "x").stdout,
        _eval("check", *options, "--junit", junit, "--report", report).stdout,
        _eval("baseline", *options).stdout,
        _eval("score", "--qrels", suite / "qrels.txt", "--lang", lang, *runs.values()).stdout,
        _eval(
            "run", "--topics", suite / "topics.tsv", "--out", tmp_path / "x", *options[2:]
        ).stdout,
        junit.read_text(encoding="utf-8"),
        report.read_text(encoding="utf-8"),
    ]
    assert f'<html lang="{lang}">' in texts[-1]
    other = "en" if lang == "vi" else "vi"
    for message in (
        "chủ đề tìm được bài đúng", "Không đổi so với baseline.", "Khẳng định: %(held)s/%(all)s",
        "Đã ghi baseline vào %(path)s", "Điều kiện", "khôi phục dấu", "tin liên quan", "điều kiện",
        "so với có dấu", "Lịch sử", "Mọi chủ đề", "Làm lại:", "bộ chấm còn đủ như baseline",
    ):  # fmt: skip
        mine, theirs = said(message).split("%")[0], translated(other, message).split("%")[0]
        assert any(mine in text for text in texts), message
        assert not any(theirs in text for text in texts), message


def test_the_index_is_left_as_it_was(address: str) -> None:
    assert open_engine(address).stats().generation == 1
